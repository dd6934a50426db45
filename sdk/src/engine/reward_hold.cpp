#include "engine/reward_hold.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/request.hpp"
#include "engine/reward_stock.hpp"
#include "engine/voucher_desk.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using programme::Compiled;
using programme::Gives;

const Compiled& as_held(const Unit& unit, const RedemptionFile& file) {
  const Version* version = unit.versions->with_digest(file.opened.programme);
  LAUREL_ASSERT(version != nullptr, "an entry names a version that is stored");
  return version->compiled();
}

// The voucher that the capture gave, wherever it came from.
std::string code_given(const Entry& capture) {
  for (const auto& issue : capture.vouchers_issued) return issue.codes.front();
  for (const auto& move : capture.voucher_moves) return move.code;
  return {};
}

}  // namespace

Result<RewardToHold> reward_to_hold(const Unit& unit, const Compiled& compiled,
                                    const RedemptionRequest& request,
                                    const ledger::MemberRecord& member) {
  const auto* reward = compiled.catalogue.find(request.reward);
  if (reward == nullptr) {
    return Error{ErrorCode::kUnknownReward, "the catalogue has no reward of this id"};
  }
  if (!request.wallet.empty() && request.wallet != compiled.wallets[reward->wallet].id) {
    return faulty_field("/wallet", "another_wallet",
                        "it costs points of " + compiled.wallets[reward->wallet].id);
  }
  LAUREL_TRY(const auto seeker,
             seeker_of(unit, &member, compiled, request.department, request.channel));
  LAUREL_TRY(const auto offer, offer_to_have(unit, compiled, *reward, seeker));
  if (*offer.cost <= Points{}) {
    return Error{ErrorCode::kNotRedeemable, "it costs nothing that could be held: take it"};
  }
  RewardToHold held{reward->wallet, *offer.cost};
  Entry counted;
  count_reward(compiled, *reward, unit.now, 1, counted);
  held.reserved = std::move(counted.uses);
  if (reward->gives == Gives::kCodes) {
    held.reserved.push_back(reserved_code(reward->item, compiled.zone.local_date(unit.now), 1));
  }
  return held;
}

Result<void> give_held_reward(Unit& unit, Entry& entry, const RedemptionFile& file) {
  const auto& compiled = as_held(unit, file);
  const auto* reward = compiled.catalogue.find(file.opened.redemption->reward);
  LAUREL_CHECK(reward != nullptr, "a reward that is held was in the catalogue");
  const programme::Reward& what = *reward;
  Gift gift{what, entry.member, unit.now};
  gift.reserved = true;
  LAUREL_TRY(const auto given, give_reward(unit, entry, compiled, gift));
  if (!given) return Error{ErrorCode::kLimitReached, "there is none left"};
  if (what.gives == Gives::kCodes) {
    const Date day = compiled.zone.local_date(file.opened.event_time);
    entry.uses.push_back(reserved_code(what.item, day, -1));
  }
  return {};
}

Result<void> take_reward_back(Unit& unit, Entry& entry, const RedemptionFile& file) {
  const auto& compiled = as_held(unit, file);
  const auto* reward = compiled.catalogue.find(file.opened.redemption->reward);
  LAUREL_CHECK(reward != nullptr, "a reward that is held was in the catalogue");
  if (reward->gives == Gives::kCodes) {
    return Error{ErrorCode::kInvalidState, "a partner's code cannot be taken back"};
  }
  const std::string code = code_given(*file.capture);
  LAUREL_TRY(const auto* voucher, voucher_in_change(unit, code));
  LAUREL_CHECK(voucher != nullptr, "a capture names a voucher that is stored");
  const bool whole =
      voucher->uses_left == voucher->terms.uses && voucher->left_minor == voucher->terms.minor;
  const bool held =
      std::ranges::any_of(voucher->holds, [&](const auto& one) { return one.until > unit.now; });
  if (!whole || held) {
    return Error{ErrorCode::kInvalidState, "its voucher has been used, or is being used"};
  }
  if (!voucher->cancelled) {
    ledger::VoucherMove move{.code = code, .kind = ledger::VoucherMoveKind::kCancel};
    LAUREL_TRY_VOID(move_voucher(unit, entry, std::move(move)));
  }
  count_reward(compiled, *reward, file.opened.event_time, -1, entry);
  return {};
}

}  // namespace laurel::engine
