#include "engine/automatic.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/history.hpp"
#include "engine/lots.hpp"
#include "engine/reward_offer.hpp"
#include "engine/voucher_desk.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using programme::Automatic;
using programme::Compiled;
using programme::Reward;

const std::string kCounter = "@automatic";
constexpr std::int64_t kOver = INT64_MAX;
constexpr int kBirthdayLate = 31;  // days after it, at most

Date slot_of(Instant now) {
  const auto hours = std::chrono::floor<std::chrono::hours>(now.time_since_epoch());
  return Date{std::chrono::days(hours.count())};
}

// Something that is due: for which occasion, and when that was.
struct Occasion {
  std::string name = {};  // unique for the member and what it gives
  Instant at = {};
  std::string unless = {};  // it was given on that occasion
};

int year_of(Date date) { return static_cast<int>(std::chrono::year_month_day(date).year()); }

std::optional<Occasion> birthday(const Compiled& compiled, const ledger::MemberRecord& member,
                                 Date today) {
  if (!member.born) return std::nullopt;
  for (int year = year_of(today); year >= year_of(today) - 1; --year) {
    const Date day = add_months(*member.born, 12L * (year - year_of(*member.born)));
    if (day > today) continue;
    const bool late = today > add_days(day, kBirthdayLate);
    if (late || day < compiled.zone.local_date(member.enrolled_at) || day <= *member.born) break;
    return Occasion{std::to_string(year), compiled.zone.start_of_day(day)};
  }
  return std::nullopt;
}

// When she rose to the level, if she did: enrolment is no rise.
std::optional<Occasion> rise(const Compiled& compiled, const Automatic& automatic,
                             const ledger::MemberRecord& member, Instant now) {
  const auto rules = tier_rules(compiled);
  const auto tier = ledger::advance_tier(rules, member.tier, now);
  const auto held = ledger::level_index(compiled.tiers, ledger::held_level(rules, tier, now));
  const auto wanted = ledger::level_index(compiled.tiers, automatic.tier);
  const bool fell = tier.reason == "downgrade" || tier.reason == "return";
  if (held < wanted || fell) return std::nullopt;
  Instant since = tier.since;
  for (const auto& grant : tier.grants) {
    const bool counts = grant.from <= now && grant.until > now &&
                        ledger::level_index(compiled.tiers, grant.level) >= wanted;
    const auto own = ledger::level_index(compiled.tiers, tier.level);
    if (counts && own < wanted) since = grant.from;
  }
  Occasion found{std::to_string(year_of(compiled.zone.local_date(since))), since};
  // From there she rose on: it is not reached again.
  if (ledger::level_index(compiled.tiers, tier.fallback) >= wanted) {
    found.unless = std::to_string(year_of(compiled.zone.local_date(since)) - 1);
  }
  return found;
}

std::optional<Occasion> occasion(const Compiled& compiled, const Automatic& automatic,
                                 const ledger::MemberRecord& member, Instant now) {
  const Date today = compiled.zone.local_date(now);
  std::optional<Occasion> found;
  switch (automatic.on) {
    case Automatic::On::kPeriod: {
      const Date first = start_of(automatic.every, today);
      found = {laurel::to_text(add_days(first, -1)), compiled.zone.start_of_day(first)};
      break;
    }
    case Automatic::On::kBirthday: found = birthday(compiled, member, today); break;
    case Automatic::On::kTier: found = rise(compiled, automatic, member, now); break;
  }
  // What was before she came, or before there was a programme, is no occasion.
  if (found && (found->at < member.enrolled_at || found->at < compiled.effective_from)) {
    return std::nullopt;
  }
  return found;
}

TransactionKey key_of(const Automatic& automatic, MemberId member, const std::string& occasion) {
  return {kCounter + "/" + automatic.id, member.text() + " " + occasion};
}

Points of_wallet(const std::vector<WalletBalance>& balances, const std::string& wallet) {
  for (const auto& balance : balances) {
    if (balance.wallet == wallet) return balance.available;
  }
  return {};
}

// What of the balance can be turned into vouchers: what was there at the end of the period, and is
// there still.
Result<std::int64_t> units_for(const Unit& unit, const Compiled& compiled,
                               const Automatic& automatic, const ledger::MemberRecord& member,
                               Instant at) {
  const auto& wallet = compiled.wallets[automatic.wallet].id;
  LAUREL_TRY(const auto seeker, seeker_of(unit, &member, compiled, "", ""));
  const Points now = of_wallet(seeker.balances, wallet);
  if (now.units() < automatic.step) return std::int64_t{0};
  LAUREL_TRY(const auto then,
             statement(unit.view, *unit.versions, member.id, at - Duration{1}, TimeBasis::kEvent));
  return std::min(now, of_wallet(then.wallets, wallet)).units();
}

struct Due {
  const Automatic& automatic;
  const Reward& reward;
  Occasion occasion = {};
  std::int64_t times = 1;  // of its worth
  std::int64_t units = 0;  // of the balance that she had
};

Result<std::optional<Due>> due_of(const Unit& unit, const Compiled& compiled,
                                  const Automatic& automatic, const ledger::MemberRecord& member) {
  std::optional<Due> due;
  auto when = occasion(compiled, automatic, member, unit.now);
  if (!when) return due;
  const auto* reward = compiled.catalogue.find(automatic.reward);
  LAUREL_CHECK(reward != nullptr, "what is given by itself is in the catalogue");
  const auto rules = tier_rules(compiled);
  const auto tier = ledger::advance_tier(rules, member.tier, unit.now);
  if (!is_for(*reward, member, ledger::held_level(rules, tier, unit.now))) return due;
  for (const auto& name : {when->name, when->unless}) {
    if (name.empty()) continue;
    LAUREL_TRY(const auto known, unit.view.transaction(key_of(automatic, member.id, name)));
    if (known && known->entry) return due;
  }
  LAUREL_TRY(const bool room, has_room(unit, compiled, *reward, member.id, unit.now));
  if (!room) return due;
  Due found{automatic, *reward, *std::move(when)};
  if (automatic.step > 0) {
    LAUREL_TRY(found.units, units_for(unit, compiled, automatic, member, found.occasion.at));
    found.times = found.units / automatic.step;
    if (found.times == 0) return due;
  }
  due.emplace(std::move(found));
  return due;
}

bool takes_part(const ledger::MemberRecord& member) {
  return member.status == MemberStatus::kActive;
}

Result<bool> is_due(const Unit& unit, const ledger::MemberRecord& member) {
  if (!takes_part(member)) return false;
  const auto& compiled = unit.in_force(unit.now);
  for (const auto& automatic : compiled.catalogue.automatic) {
    LAUREL_TRY(const auto due, due_of(unit, compiled, automatic, member));
    if (due) return true;
  }
  return false;
}

// An amount is one voucher of all; anything else is one each.
Result<std::int64_t> give(Unit& unit, Entry& entry, const Compiled& compiled, const Due& due) {
  const bool money = due.reward.gives == programme::Gives::kMoney;
  std::int64_t given = 0;
  for (; given < (money ? 1 : due.times); ++given) {
    LAUREL_TRY(const auto voucher,
               give_reward(unit, entry, compiled,
                           {due.reward, entry.member, unit.now, "", money ? due.times : 1}));
    if (!voucher) break;
  }
  return given;
}

Result<void> take_points(const Unit& unit, MemberSession& session, ledger::EntryWriter& writer,
                         const Compiled& compiled, const Due& due, std::int64_t given) {
  const auto& automatic = due.automatic;
  if (automatic.step == 0) return {};
  const auto& wallet = compiled.wallets[automatic.wallet].id;
  const bool money = due.reward.gives == programme::Gives::kMoney;
  const std::int64_t times = money ? due.times : given;
  note_use(compiled, automatic.wallet, session.books(), writer, unit.now, programme::kRedeems,
           false);
  LAUREL_TRY_VOID(session.load_open_lots());
  LAUREL_TRY_VOID(writer.spend(wallet, Points(times * automatic.step), ledger::Account::kRedeemed));
  const std::int64_t rest = due.units - times * automatic.step;
  if (!automatic.rest_lapses || rest == 0) return {};
  return writer.spend(wallet, Points(rest), ledger::Account::kExpired);
}

Result<void> book(Unit& unit, MemberSession& session, const Due& due, std::int64_t& issued) {
  const auto& compiled = unit.in_force(unit.now);
  Entry entry = session.begin(EntryKind::kIssue, unit.now);
  entry.member = session.record().id;
  entry.key = key_of(due.automatic, entry.member, due.occasion.name);
  entry.actor = "laurel";
  entry.reason = due.reward.id;
  entry.programme = compiled.digest;
  LAUREL_TRY(const auto given, give(unit, entry, compiled, due));
  if (given == 0) return {};  // its pool is empty: another time
  ledger::EntryWriter writer(session.books(), entry);
  LAUREL_TRY_VOID(take_points(unit, session, writer, compiled, due, given));
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  unit.change.transactions.push_back({entry.key, entry.id, {}});
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  issued += given;
  return {};
}

}  // namespace

Result<std::optional<Sweep>> look_for_due(const Unit& unit, std::size_t limit) {
  if (unit.in_force(unit.now).catalogue.automatic.empty()) return std::optional<Sweep>();
  const Date slot = slot_of(unit.now);
  LAUREL_TRY(const auto reached, unit.view.usage(kCounter, MemberId{}, slot, slot));
  const std::int64_t last = reached.empty() ? 0 : reached.front().units;
  if (last == kOver) return std::optional<Sweep>();
  Sweep sweep;
  sweep.slot = slot;
  sweep.last = MemberId(last);
  sweep.kinds = unit.in_force(unit.now).catalogue.automatic.size();
  LAUREL_TRY(const auto members, unit.view.members(sweep.last, limit));
  for (const auto& member : members) {
    LAUREL_TRY(const bool due, is_due(unit, member));
    if (due) sweep.due.push_back(member.id);
    sweep.last = member.id;
  }
  sweep.looked_at = static_cast<std::int64_t>(members.size());
  sweep.finished = members.size() < limit;
  return std::optional(std::move(sweep));
}

Result<void> give_due(Unit& unit, MemberId id, std::int64_t& issued) {
  LAUREL_TRY(auto member, unit.view.member(id));
  if (!member || !takes_part(*member)) return {};
  const auto& compiled = unit.in_force(unit.now);
  // One after the other, each seeing what the one before it left: the next round finds the rest.
  for (const auto& automatic : compiled.catalogue.automatic) {
    LAUREL_TRY(const auto due, due_of(unit, compiled, automatic, *member));
    if (!due) continue;
    MemberSession session(unit, *member);
    LAUREL_TRY_VOID(session.settle(compiled));
    LAUREL_TRY_VOID(book(unit, session, *due, issued));
    return session.close();
  }
  return {};
}

Result<void> go_on(Unit& unit, const Sweep& sweep) {
  unit.change.usage.push_back(
      {kCounter, MemberId{}, sweep.slot, sweep.finished ? kOver : sweep.last.number(), 0});
  return {};
}

}  // namespace laurel::engine
