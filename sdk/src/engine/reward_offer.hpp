#pragma once
// What stands between a member and a reward of the catalogue, and taking it.

#include <optional>
#include <vector>

#include "engine/posting.hpp"
#include "engine/session.hpp"
#include "laurel/reward.hpp"
#include "programme/catalogue.hpp"

namespace laurel::engine {

// Who asks, and where.
struct Seeker {
  const ledger::MemberRecord* member = nullptr;  // null: nobody, at the lowest level
  std::string_view level = {};
  std::vector<WalletBalance> balances = {};
  std::string department = {}, channel = {};
};
Result<Seeker> seeker_of(const Unit& unit, const ledger::MemberRecord* member,
                         const programme::Compiled& compiled, std::string department,
                         std::string channel);

// Whether she is of the levels and segments it is for.
bool is_for(const programme::Reward& reward, const ledger::MemberRecord& member,
            std::string_view level);

Result<RewardOffer> offer_of(const Unit& unit, const programme::Compiled& compiled,
                             const programme::Reward& reward, const Seeker& seeker,
                             const std::string& language);

// The offer, where nothing is missing. kLimitReached, kNotAvailable, kInsufficientPoints.
Result<RewardOffer> offer_to_have(const Unit& unit, const programme::Compiled& compiled,
                                  const programme::Reward& reward, const Seeker& seeker);

// Takes the points, the stock and the limit, and issues the voucher.
Result<Posted> take_reward(Unit& unit, const RewardRequest& request);
RewardTaken taken_of(const ledger::Entry& entry, const programme::Compiled& compiled,
                     bool replayed);

}  // namespace laurel::engine
