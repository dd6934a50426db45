// The beginning of a redemption: what is asked for, and what it comes to.

#include <algorithm>

#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/check.hpp"
#include "engine/guards.hpp"
#include "engine/pool_hold.hpp"
#include "engine/redemptions.hpp"
#include "engine/request.hpp"
#include "engine/reward_hold.hpp"
#include "engine/spending.hpp"
#include "engine/worth.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

constexpr std::string_view kRedemption = "redemption";

// The request as a document, so that a later one can be compared with it.
Transaction document_of(const RedemptionRequest& request, Instant at) {
  Transaction document;
  document.key = request_key(kRedemption, request.key);
  document.kind = TransactionKind::kEvent;
  document.event = kRedemption;
  if (request.offline) document.at = request.at.value_or(at);
  document.identifiers = request.identifiers;
  document.associate = request.associate;
  document.department = request.department;
  document.channel = request.channel;
  if (!request.basket) return document;
  document.currency = request.basket->currency;
  document.amount = request.basket->amount;
  document.lines = request.basket->lines;
  return document;
}

std::string pointer_in_request(std::string pointer) {
  const bool of_basket =
      pointer == "/amount" || pointer == "/currency" || pointer.starts_with("/lines");
  return of_basket ? "/basket" + pointer : pointer;
}

// What was asked for must be the same; what it came to follows from it.
Result<void> compare(const Entry& stored, const RedemptionRequest& request, Transaction document) {
  auto before = *stored.document;
  if (!request.at) document.at = before.at;
  if (document.currency.empty()) document.currency = before.currency;
  if (const auto pointer = first_difference(before, document)) {
    return used_for_other_content(pointer_in_request(*pointer));
  }
  const auto& terms = *stored.redemption;
  if (terms.asked != request.points) return used_for_other_content("/points");
  if (terms.asked_hold_ms != request.hold.value_or(Duration{}).count())
    return used_for_other_content("/hold");
  if (terms.offline != request.offline) return used_for_other_content("/offline");
  if (terms.reward != request.reward) return used_for_other_content("/reward");
  if (bool(terms.pool) != request.pool) return used_for_other_content("/pool");
  if (!request.wallet.empty() && request.wallet != terms.wallet)
    return used_for_other_content("/wallet");
  return {};
}

// The catalogue says what a reward costs.
void check_with_reward(const RedemptionRequest& request, std::vector<FieldFault>& faults) {
  const char* what = "a reward has its own price, and is taken online";
  check_text(request.reward, 128, "/reward", faults);
  if (request.points) faults.push_back({"/points", "not_with_reward", what});
  if (request.basket) faults.push_back({"/basket", "not_with_reward", what});
  if (request.offline) faults.push_back({"/offline", "not_with_reward", what});
  if (request.pool) faults.push_back({"/pool", "not_with_reward", "a reward is had for her own"});
}

Result<void> check_request(const RedemptionRequest& request) {
  std::vector<FieldFault> faults;
  check_key(request.key, "", faults);
  check_text(request.associate, 128, "/associate", faults);
  if (request.identifiers.size() > kIdentifiersMax) {
    faults.push_back({"/identifiers", "too_many", "at most 32 identifiers"});
  }
  if (request.points && (*request.points <= Points{} || request.points->units() > kMaxPoints)) {
    faults.push_back({"/points", "out_of_range", "a number of points above zero"});
  }
  if (request.hold && *request.hold <= Duration{}) {
    faults.push_back({"/hold", "out_of_range", "a length of time above zero"});
  }
  check_text(request.department, 128, "/department", faults);
  check_text(request.channel, 128, "/channel", faults);
  if (request.pool && request.offline) {
    faults.push_back({"/offline", "not_with_pool", "a pool is asked online"});
  }
  if (!request.reward.empty()) {
    check_with_reward(request, faults);
  } else if (!request.points && !request.basket) {
    faults.push_back({"/points", "required", "how many points, or the basket they are for"});
  }
  if (request.basket && request.basket->lines.size() > kLinesMax) {
    faults.push_back({"/basket/lines", "too_many", "at most 10,000 lines"});
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  return {};
}

// A basket with its amounts read.
struct ReadBasket {
  Currency currency;
  std::vector<std::int64_t> lines = {};
  std::optional<std::int64_t> total = {};  // absent: no basket
};

Result<std::int64_t> read_amount(const std::string& text, Currency currency, std::string pointer) {
  const auto money = Money::parse(text, currency);
  if (money && money->minor() >= 0 && money->minor() <= kMaxMinorUnits) return money->minor();
  return faulty_field(std::move(pointer), "not_an_amount", "an amount of the basket's currency");
}

Result<ReadBasket> read_basket(const RedemptionRequest& request,
                               const programme::Compiled& compiled) {
  ReadBasket read{compiled.currency};
  if (!request.basket) return read;
  const PointsBasket& basket = *request.basket;
  if (!basket.currency.empty()) {
    const auto currency = Currency::of(basket.currency);
    if (!currency) return faulty_field("/basket/currency", "unknown_currency", "an ISO 4217 code");
    read.currency = *currency;
  }
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < basket.lines.size(); ++i) {
    LAUREL_TRY(const auto minor, read_amount(basket.lines[i].amount, read.currency,
                                             "/basket/lines/" + std::to_string(i) + "/amount"));
    read.lines.push_back(minor);
    sum = std::min(sum + minor, kMaxMinorUnits);
  }
  read.total = sum;
  if (!basket.amount.empty() || basket.lines.empty()) {
    LAUREL_TRY(read.total, read_amount(basket.amount, read.currency, "/basket/amount"));
  }
  return read;
}

Result<void> check_payable_with(const programme::Compiled& compiled,
                                const RedemptionRequest& request) {
  if (!compiled.paying) {
    return Error{ErrorCode::kNotRedeemable, "the programme takes no points as money"};
  }
  if (request.offline && compiled.paying->offline == programme::PayingPolicy::Offline::kDeny) {
    return Error{ErrorCode::kNotRedeemable, "no points are spent where nobody can be asked"};
  }
  const auto& wallet = compiled.wallets[compiled.paying->wallet].id;
  if (request.wallet.empty() || request.wallet == wallet) return {};
  if (!compiled.wallet_index(request.wallet)) {
    return faulty_field("/wallet", "unknown_wallet", "the programme has no such wallet");
  }
  return Error{ErrorCode::kNotRedeemable, "sales are paid with points of " + wallet};
}

// What a request comes to.
struct Wanted {
  Points points;
  ledger::RedemptionTerms terms;
  std::size_t wallet = 0;
  std::vector<ledger::CounterUse> reserved = {};
};

Result<Wanted> wanted_reward(const Unit& unit, const RedemptionRequest& request,
                             const programme::Compiled& compiled,
                             const ledger::MemberRecord& member) {
  LAUREL_TRY(auto held, reward_to_hold(unit, compiled, request, member));
  Wanted take{held.cost, {}, held.wallet, std::move(held.reserved)};
  take.terms.wallet = compiled.wallets[held.wallet].id;
  take.terms.points = held.cost;
  take.terms.asked_hold_ms = request.hold.value_or(Duration{}).count();
  take.terms.reward = request.reward;
  return take;
}

Result<Wanted> wanted(const RedemptionRequest& request, const programme::Compiled& compiled,
                      Points available, Instant at) {
  const auto& policy = *compiled.paying;
  const std::string& wallet = compiled.wallets[policy.wallet].id;
  LAUREL_TRY(const auto basket, read_basket(request, compiled));
  LAUREL_TRY(const auto worth, PointWorth::of(compiled, basket.currency, at, "/basket/currency"));
  std::optional<std::int64_t> most;
  if (basket.total) {
    const auto& lines = request.basket->lines;
    LAUREL_TRY(const auto may, payable(policy, worth, lines, basket.lines, *basket.total));
    most = may.at_most;
  }
  std::optional<Points> there = available;
  auto asked = request.points;
  if (request.offline && asked) there.reset();
  if (request.offline && policy.offline == programme::PayingPolicy::Offline::kFloorLimit) {
    asked = std::min(asked.value_or(policy.floor_limit), policy.floor_limit);
  }
  LAUREL_TRY(const auto points, points_to_take(policy, worth, asked, most, there));
  LAUREL_TRY(const auto minor, worth.minor(points));
  Wanted take{
      points,
      {wallet, points, Money(minor, basket.currency).text(), std::string(basket.currency.code()),
       request.points, request.hold.value_or(Duration{}).count(), request.offline}};
  take.wallet = policy.wallet;
  return take;
}

Result<EntryId> take_offline(MemberSession& session, Entry entry,
                             const programme::Compiled& compiled, Points points) {
  LAUREL_TRY(const auto missing,
             overdraw_points(session, entry, compiled, compiled.paying->wallet, points));
  if (missing > Points{}) entry.flags.push_back("overdrawn");
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  return session.last().id;
}

Points available_of(const programme::Compiled& compiled, const MemberSession& session,
                    const std::optional<PoolPurse>& purse) {
  const std::string& wallet = compiled.wallets[compiled.paying->wallet].id;
  if (purse) return purse->available(wallet);
  const auto* state = ledger::find_wallet(session.record(), wallet);
  return state == nullptr ? Points{} : state->available;
}

Instant end_of(const Unit& unit, const programme::Compiled& compiled,
               const RedemptionRequest& request) {
  const auto policy = compiled.paying.value_or(programme::PayingPolicy{});
  return unit.now + std::min(request.hold.value_or(policy.hold), policy.longest_hold);
}

}  // namespace

Result<Posted> hold(Unit& unit, const RedemptionRequest& request) {
  LAUREL_TRY_VOID(check_request(request));
  const Instant at = request.offline ? std::min(request.at.value_or(unit.now), unit.now) : unit.now;
  const Version& version = unit.versions->in_force(at);
  const auto& compiled = version.compiled();
  const auto key = request_key(kRedemption, request.key);
  Transaction document = document_of(request, at);
  LAUREL_TRY(const auto given,
             recognise({*version.recogniser, unit.view, {request.key.source}, &unit},
                       request.identifiers));
  for (std::size_t i = 0; i < given.size(); ++i) document.identifiers[i] = given[i].identifier;
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  if (stored) {
    LAUREL_TRY_VOID(compare(*stored, request, std::move(document)));
    const EntryId id = stored->id;
    return Posted{id, std::move(stored), true};
  }
  const bool for_reward = !request.reward.empty();
  if (!for_reward) LAUREL_TRY_VOID(check_payable_with(compiled, request));
  LAUREL_TRY(auto who, spender(unit, version, request.identifiers, request.key.source));
  LAUREL_TRY_VOID(check_may_spend(unit, compiled, who.member, request.step_up));
  Wanted take;
  if (for_reward) {
    LAUREL_TRY(take, wanted_reward(unit, request, compiled, who.member));
  }
  LAUREL_TRY(const auto guarded,
             guard_redemption(unit, compiled, who.member, who.attribution, document, at));
  MemberSession session(unit, std::move(who.member));
  LAUREL_TRY_VOID(session.settle(compiled));
  std::optional<PoolPurse> purse;
  if (request.pool) {
    LAUREL_TRY(auto opened, PoolPurse::of(unit, session, compiled));
    purse.emplace(std::move(opened));
  }
  if (!for_reward) {
    LAUREL_TRY(take, wanted(request, compiled, available_of(compiled, session, purse), at));
  }
  if (purse) take.terms.pool = purse->pool();
  Entry entry = session.begin(request.offline ? EntryKind::kCapture : EntryKind::kHold, at);
  entry.key = key;
  entry.actor = request.key.source;
  entry.programme = compiled.digest;
  document.currency = take.terms.currency;
  entry.document = std::move(document);
  who.attribution.member = session.record().id;
  entry.attribution = std::move(who.attribution);
  entry.redemption = std::move(take.terms);
  entry.flags = guarded.flags;
  report_flags(unit, entry, guarded);
  EntryId id = entry.id;
  if (request.offline) {
    LAUREL_TRY(id, take_offline(session, std::move(entry), compiled, take.points));
  } else {
    Holding holding{id, take.wallet, take.points, end_of(unit, compiled, request),
                    std::move(take.reserved)};
    LAUREL_TRY_VOID(purse ? purse->hold(entry, compiled, holding)
                          : hold_points(session, entry, compiled, std::move(holding)));
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
    if (purse) LAUREL_TRY_VOID(purse->close());
  }
  unit.change.transactions.push_back({key, id, {}});
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

}  // namespace laurel::engine
