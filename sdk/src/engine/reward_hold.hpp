#pragma once
// A reward that is held before it is given: its price as held points, its stock and the member's
// share of it counted from the start, a partner's code kept back for it.

#include <string>
#include <vector>

#include "engine/redemptions.hpp"
#include "engine/reward_offer.hpp"

namespace laurel::engine {

struct RewardToHold {
  std::size_t wallet = 0;
  Points cost = {};
  std::vector<ledger::CounterUse> reserved = {};
};
// kUnknownReward, kLimitReached, kNotAvailable, kInsufficientPoints, kNotRedeemable: it is free.
Result<RewardToHold> reward_to_hold(const Unit& unit, const programme::Compiled& compiled,
                                    const RedemptionRequest& request,
                                    const ledger::MemberRecord& member);
// Gives it by the entry that captures it, as it was when it was held.
Result<void> give_held_reward(Unit& unit, ledger::Entry& entry, const RedemptionFile& file);
// Cancels what a captured one gave. kInvalidState: it was used already, or cannot be taken back.
Result<void> take_reward_back(Unit& unit, ledger::Entry& entry, const RedemptionFile& file);

}  // namespace laurel::engine
