#include "engine/reward_offer.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/decimal.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/lots.hpp"
#include "engine/request.hpp"
#include "engine/reward_stock.hpp"
#include "engine/voucher_desk.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using programme::Compiled;
using programme::Gives;
using programme::Reward;

constexpr int kPercentDigits = 4;

bool contains(const std::vector<std::string>& sorted, std::string_view text) {
  return std::ranges::binary_search(sorted, text);
}

bool shares_any(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(a, [&](const std::string& one) { return contains(b, one); });
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

std::string kind_text(Gives gives) {
  switch (gives) {
    case Gives::kMoney: return "money";
    case Gives::kPercent: return "percent";
    case Gives::kProduct: return "product";
    case Gives::kExperience: return "experience";
    case Gives::kCodes: return "partner";
  }
  return {};
}

std::string worth_text(const Reward& reward, Currency currency) {
  switch (reward.gives) {
    case Gives::kMoney: return Money(reward.minor, currency).text();
    case Gives::kPercent: return shortest_scaled_text(reward.millionths, kPercentDigits) + "%";
    case Gives::kProduct:
    case Gives::kExperience:
    case Gives::kCodes: break;
  }
  return reward.item;
}

Points available(const Seeker& seeker, const std::string& wallet) {
  for (const auto& balance : seeker.balances) {
    if (balance.wallet == wallet) return balance.available;
  }
  return {};
}

// What says no whatever she does with her points: conditions first, in the order of the language.
void add_conditions(const Unit& unit, const Compiled& compiled, const Reward& reward,
                    const Seeker& seeker, std::vector<MissingForReward>& missing) {
  const auto* member = seeker.member;
  if (member != nullptr && member->status != MemberStatus::kActive) {
    missing.push_back({"member", "the member is frozen, closed or merged"});
  }
  if (!reward.tiers.empty() && !contains(reward.tiers, seeker.level)) {
    missing.push_back({"tier", "for " + joined(reward.tiers)});
  }
  if (!reward.segments.empty() &&
      (member == nullptr || !shares_any(member->segments, reward.segments))) {
    missing.push_back({"segment", "for members of certain groups"});
  }
  if (!reward.departments.empty() && !contains(reward.departments, seeker.department)) {
    missing.push_back({"department", "in " + joined(reward.departments)});
  }
  if (!reward.channels.empty() && !contains(reward.channels, seeker.channel)) {
    missing.push_back({"channel", "by " + joined(reward.channels)});
  }
  if (!reward.active.contains(compiled.zone.local_time(unit.now))) {
    missing.push_back({"not_now", "it cannot be had at this time"});
  }
}

void keep_least(std::optional<std::int64_t>& least, std::int64_t number) {
  least = least ? std::min(*least, number) : number;
}

Result<void> add_limits(const Unit& unit, const Compiled& compiled, const Reward& reward,
                        const Seeker& seeker, RewardOffer& offer) {
  const Date day = compiled.zone.local_date(unit.now);
  for (const auto& limit : reward.limits) {
    if (limit.per_member && seeker.member == nullptr) continue;
    const MemberId who = limit.per_member ? seeker.member->id : MemberId{};
    LAUREL_TRY(const auto room, room_now(unit, limit, who, day));
    keep_least(limit.per_member ? offer.left_for_member : offer.stock_left, room.times);
  }
  if (reward.gives == Gives::kCodes) {
    LAUREL_TRY(const auto waiting, next_code(unit, reward.item, false));
    if (!waiting) offer.stock_left = 0;
  }
  if (offer.stock_left == 0) offer.missing.push_back({"stock", "there is none left"});
  if (offer.left_for_member == 0) offer.missing.push_back({"limit", "she has had it"});
  return {};
}

void add_points(const Compiled& compiled, const Reward& reward, const Seeker& seeker,
                RewardOffer& offer) {
  const auto& wallet = compiled.wallets[reward.wallet];
  offer.wallet = wallet.id;
  offer.scale = wallet.scale;
  const auto cost = reward.cost_at(seeker.level);
  if (!cost) {
    offer.missing.push_back({"not_for_points", "it is given, and not had for points"});
    return;
  }
  offer.cost = Points(*cost);
  const Points has = available(seeker, wallet.id);
  if (has >= *offer.cost) return;
  offer.points_missing = *offer.cost - has;
  offer.missing.push_back(
      {"points", offer.points_missing.text(wallet.scale) + " points are missing"});
}

Error no_for(const RewardOffer& offer) {
  const auto& first = offer.missing.front();
  const bool gone = first.code == "stock" || first.code == "limit";
  Error error{gone ? ErrorCode::kLimitReached : ErrorCode::kNotAvailable, first.detail};
  if (first.code == "points") error.code = ErrorCode::kInsufficientPoints;
  for (const auto& missing : offer.missing) {
    error.faults.push_back({"/reward", missing.code, missing.detail});
  }
  return error;
}

// By the order of the errors' list: points last.
void sort_missing(RewardOffer& offer) {
  std::ranges::stable_partition(offer.missing,
                                [](const auto& missing) { return missing.code != "points"; });
}

Result<Posted> taken_before(Entry stored, const RewardRequest& request, MemberId member) {
  if (stored.reason != request.reward) return used_for_other_content("/reward");
  if (stored.member != member) return used_for_other_content("/member");
  return Posted{stored.id, std::move(stored), true};
}

}  // namespace

Result<Seeker> seeker_of(const Unit& unit, const ledger::MemberRecord* member,
                         const Compiled& compiled, std::string department, std::string channel) {
  Seeker seeker{
      .member = member, .department = std::move(department), .channel = std::move(channel)};
  if (member == nullptr) {
    if (!compiled.tiers.levels.empty()) seeker.level = compiled.tiers.levels.front().id;
    return seeker;
  }
  const auto rules = tier_rules(compiled);
  const auto tier = ledger::advance_tier(rules, member->tier, unit.now);
  const auto index = ledger::level_index(compiled.tiers, ledger::held_level(rules, tier, unit.now));
  if (index >= 0) seeker.level = compiled.tiers.levels[static_cast<std::size_t>(index)].id;
  LAUREL_TRY(const auto books, books_now(unit.view, *member, unit.now, compiled));
  seeker.balances = ledger::booked_balances(books.record, compiled.wallets);
  return seeker;
}

bool is_for(const Reward& reward, const ledger::MemberRecord& member, std::string_view level) {
  return (reward.tiers.empty() || contains(reward.tiers, level)) &&
         (reward.segments.empty() || shares_any(member.segments, reward.segments));
}

Result<RewardOffer> offer_of(const Unit& unit, const Compiled& compiled, const Reward& reward,
                             const Seeker& seeker, const std::string& language) {
  RewardOffer offer;
  offer.id = reward.id;
  offer.name = programme::text_in(reward.names, language, compiled.languages);
  if (offer.name.empty()) offer.name = reward.id;
  offer.terms = programme::text_in(reward.terms, language, compiled.languages);
  offer.kind = kind_text(reward.gives);
  offer.worth = worth_text(reward, compiled.currency);
  add_conditions(unit, compiled, reward, seeker, offer.missing);
  LAUREL_TRY_VOID(add_limits(unit, compiled, reward, seeker, offer));
  add_points(compiled, reward, seeker, offer);
  offer.available = offer.missing.empty() && seeker.member != nullptr;
  return offer;
}

Result<RewardOffer> offer_to_have(const Unit& unit, const Compiled& compiled, const Reward& reward,
                                  const Seeker& seeker) {
  LAUREL_TRY(auto offer, offer_of(unit, compiled, reward, seeker, {}));
  sort_missing(offer);
  if (!offer.available) return no_for(offer);
  return offer;
}

Result<Posted> take_reward(Unit& unit, const RewardRequest& request) {
  const auto& compiled = unit.in_force(unit.now);
  std::vector<FieldFault> faults;
  check_key(request.key, "", faults);
  if (!faults.empty()) return faulty_fields(std::move(faults));
  LAUREL_TRY(auto record,
             who_asks(unit, {request.member, request.identifiers, request.key.source}));
  const auto key = request_key("reward", request.key);
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  if (stored) return taken_before(*std::move(stored), request, record->id);
  const auto* reward = compiled.catalogue.find(request.reward);
  if (reward == nullptr) {
    return Error{ErrorCode::kUnknownReward, "the catalogue has no reward of this id"};
  }
  LAUREL_TRY(const auto seeker,
             seeker_of(unit, &*record, compiled, request.department, request.channel));
  LAUREL_TRY(const auto offer, offer_to_have(unit, compiled, *reward, seeker));
  MemberSession session(unit, *record);
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry entry = session.begin(EntryKind::kIssue, unit.now);
  entry.member = record->id;
  entry.key = key;
  entry.actor = request.key.source;
  entry.reason = reward->id;
  entry.programme = compiled.digest;
  ledger::EntryWriter writer(session.books(), entry);
  if (*offer.cost > Points{}) {
    note_use(compiled, reward->wallet, session.books(), writer, unit.now, programme::kRedeems,
             false);
    LAUREL_TRY_VOID(session.load_open_lots());
    LAUREL_TRY_VOID(writer.spend(offer.wallet, *offer.cost, ledger::Account::kRedeemed));
  }
  LAUREL_TRY(const auto given, give_reward(unit, entry, compiled, {*reward, record->id, unit.now}));
  if (!given) return Error{ErrorCode::kLimitReached, "there is none left"};
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  unit.change.transactions.push_back({key, id, {}});
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

RewardTaken taken_of(const Entry& entry, const Compiled& compiled, bool replayed) {
  RewardTaken taken;
  taken.entry = entry.id;
  taken.replayed = replayed;
  taken.member = entry.member;
  taken.reward = entry.reason;
  for (const auto& posting : entry.postings) {
    if (posting.account == ledger::Account::kRedeemed) {
      taken.wallet = posting.wallet;
      taken.cost += posting.amount;
    }
  }
  if (taken.wallet.empty()) {
    const auto* reward = compiled.catalogue.find(taken.reward);
    taken.wallet = compiled.wallets[reward == nullptr ? 0 : reward->wallet].id;
  }
  if (const auto index = compiled.wallet_index(taken.wallet)) {
    taken.scale = compiled.wallets[*index].scale;
  }
  for (const auto& issue : entry.vouchers_issued) {
    taken.voucher = issue.codes.front();
    taken.valid_until = issue.terms.valid_until;
  }
  for (const auto& move : entry.voucher_moves) {
    taken.voucher = move.code;
    taken.valid_until = move.until;
  }
  taken.wallets = entry.balances_after;
  return taken;
}

}  // namespace laurel::engine
