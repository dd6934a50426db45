#include "engine/opening.hpp"

#include <algorithm>
#include <map>

#include "base/calendar.hpp"
#include "base/decimal.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/check.hpp"
#include "engine/lots.hpp"
#include "engine/person.hpp"
#include "engine/request.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using programme::Compiled;

struct Amounts {
  std::vector<std::size_t> wallets;  // as many as lots
  std::int64_t spend = 0;            // in units of what the tiers count
};

Instant after(const Compiled& compiled, Date last_day) {
  return compiled.zone.start_of_day(add_days(last_day, 1));
}

void check_lot(const Compiled& compiled, const Opening::Lot& lot, Instant now,
               const std::string& pointer, std::vector<FieldFault>& faults) {
  if (lot.points <= Points{} || lot.points.units() > kMaxPoints) {
    faults.push_back({pointer + "/points", "out_of_range", "points above zero"});
  }
  if (!lot.until) return;
  const bool over = after(compiled, *lot.until) <= now;
  if (over || (lot.available_from && *lot.until < *lot.available_from)) {
    faults.push_back({pointer + "/until", "out_of_range",
                      over ? "a day that is not over" : "a day on which they are available"});
  }
}

int scale_of_tiers(const Compiled& compiled) {
  switch (compiled.tiers.metric) {
    case TierMetric::kSpend: return compiled.currency.exponent();
    case TierMetric::kPoints:
      return compiled.wallets[compiled.wallet_index(compiled.tiers.metric_of).value_or(0)].scale;
    case TierMetric::kEvents: return 0;
  }
  return 0;
}

Result<Amounts> checked(const Compiled& compiled, const Opening& opening, Instant now) {
  std::vector<FieldFault> faults;
  check_key(opening.key, "", faults);
  Amounts amounts;
  for (std::size_t i = 0; i < opening.lots.size(); ++i) {
    const std::string pointer = "/lots/" + std::to_string(i);
    const auto& lot = opening.lots[i];
    const auto wallet =
        lot.wallet.empty() ? std::optional<std::size_t>(0) : compiled.wallet_index(lot.wallet);
    if (!wallet) {
      faults.push_back({pointer + "/wallet", "unknown_wallet", "the programme has no such wallet"});
    }
    amounts.wallets.push_back(wallet.value_or(0));
    check_lot(compiled, lot, now, pointer, faults);
  }
  if (!opening.tier.empty() && ledger::level_index(compiled.tiers, opening.tier) < 0) {
    faults.push_back({"/tier", "unknown_tier", "the programme has no such level"});
  }
  if (opening.tier_until && after(compiled, *opening.tier_until) <= now) {
    faults.push_back({"/tier_until", "out_of_range", "a day that is not over"});
  }
  if (!opening.spend.empty()) {
    const auto spend = parse_scaled(opening.spend, scale_of_tiers(compiled));
    if (!spend || *spend < 0 || *spend > kMaxMinorUnits) {
      faults.push_back({"/spend", "out_of_range", "what counts for the tiers, not below zero"});
    } else {
      amounts.spend = *spend;
    }
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  return amounts;
}

Result<MemberId> known(const Unit& unit, const Identifier& identifier) {
  const auto& recogniser = *unit.versions->in_force(unit.now).recogniser;
  const auto read = recognise({recogniser, unit.view}, identifier);
  if (!read) return read.error();
  if (!read->placeholder) {
    LAUREL_TRY(const auto owner, unit.view.identify(read->type, read->value));
    if (owner) return owner->link.member;
  }
  return Error{ErrorCode::kUnknownMember, "no member is known by this identifier"};
}

// What was booked says the same, lot by lot.
Result<void> compare(const Entry& stored, const Entry& given) {
  if (stored.spend_delta_minor != given.spend_delta_minor) return used_for_other_content("/spend");
  if (stored.tier_granted != given.tier_granted) return used_for_other_content("/tier");
  if (stored.tier_granted_until != given.tier_granted_until) {
    return used_for_other_content("/tier_until");
  }
  if (stored.reason != given.reason) return used_for_other_content("/lots");
  return {};
}

// The lots as they were given, so that another list under the same key is told from this one.
std::string reason_of(const Compiled& compiled, const Opening& opening, const Amounts& amounts) {
  std::string reason = "opening balance";
  for (std::size_t i = 0; i < opening.lots.size(); ++i) {
    const auto& lot = opening.lots[i];
    const auto& wallet = compiled.wallets[amounts.wallets[i]];
    reason += (i == 0 ? ": " : ", ") + lot.points.text(wallet.scale) + " " + wallet.id;
    if (lot.available_from) reason += " from " + to_text(*lot.available_from);
    if (lot.until) reason += " until " + to_text(*lot.until);
  }
  return reason;
}

Result<void> open_lots(MemberSession& session, Entry& entry, const Compiled& compiled,
                       const Opening& opening, const Amounts& amounts) {
  ledger::EntryWriter writer(session.books(), entry);
  for (std::size_t i = 0; i < opening.lots.size(); ++i) {
    const auto& lot = opening.lots[i];
    const std::size_t index = amounts.wallets[i];
    auto terms = terms_at_once(compiled, index, entry.event_time);
    if (lot.until) terms.expires_at = after(compiled, *lot.until);
    if (lot.available_from) {
      terms.available_from =
          std::max(compiled.zone.start_of_day(*lot.available_from), entry.event_time);
    }
    note_use(compiled, index, session.books(), writer, entry.event_time, programme::kEarns, true);
    LAUREL_TRY_VOID(writer.earn(compiled.wallets[index].id, lot.points, terms, entry.id,
                                ledger::Account::kAdjusted));
  }
  return {};
}

}  // namespace

Result<Opened> open_balance(Unit& unit, const Opening& opening) {
  const auto& compiled = unit.in_force(unit.now);
  const auto key = request_key("opening", opening.key);
  LAUREL_TRY(const auto stored, first_answer(unit.view, key));
  LAUREL_TRY(const auto amounts,
             checked(compiled, opening, stored ? stored->event_time : unit.now));
  Entry said;
  said.spend_delta_minor = amounts.spend;
  said.tier_granted = opening.tier;
  if (!opening.tier.empty()) {
    said.tier_granted_until = opening.tier_until ? after(compiled, *opening.tier_until) : kNever;
  }
  said.reason = reason_of(compiled, opening, amounts);
  if (stored) {
    LAUREL_TRY_VOID(compare(*stored, said));
    return Opened{stored->id, true, stored->member};
  }
  LAUREL_TRY(const auto member, known(unit, opening.identifier));
  LAUREL_TRY(auto record, existing(unit.view, member));
  if (record.status == MemberStatus::kClosed) {
    return Error{ErrorCode::kMemberNotActive, "a closed member is given nothing"};
  }
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry entry = session.begin(ledger::EntryKind::kAdjustment, unit.now);
  entry.key = key;
  came_by(entry, member, session.record().id);
  entry.actor = opening.key.source;
  entry.reason = said.reason;
  entry.flags = {kOpeningFlag};
  entry.programme = compiled.digest;
  entry.spend_delta_minor = said.spend_delta_minor;
  entry.spend_at = unit.now;
  entry.tier_granted = said.tier_granted;
  entry.tier_granted_until = said.tier_granted_until;
  LAUREL_TRY_VOID(open_lots(session, entry, compiled, opening, amounts));
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  unit.change.transactions.push_back({key, id, {}});
  const MemberId whose = session.record().id;
  LAUREL_TRY_VOID(session.close());
  return Opened{id, false, whose};
}

}  // namespace laurel::engine
