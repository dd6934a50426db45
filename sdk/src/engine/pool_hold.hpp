#pragma once
// A hold on the points of a pool: on those lots of its members that die first, each member's part
// in her own chain and record.

#include <deque>

#include "engine/pools.hpp"
#include "engine/spending.hpp"

namespace laurel::engine {

class PoolPurse {
 public:
  // `spender`: settled. kNotRedeemable.
  static Result<PoolPurse> of(Unit& unit, MemberSession& spender,
                              const programme::Compiled& compiled);

  EntryId pool() const { return pool_; }
  Points available(const std::string& wallet) const;
  // Into the entry that opens the redemption, and entries of the others. kInsufficientPoints.
  Result<void> hold(ledger::Entry& opens, const programme::Compiled& compiled,
                    const Holding& holding);
  Result<void> close();

 private:
  explicit PoolPurse(MemberSession& spender) : spender_(&spender) {}
  Result<std::vector<Points>> shares(const std::string& wallet, Points points);

  MemberSession* spender_;
  EntryId pool_ = {};
  bool gives_ = false;  // the spender's own points are the pool's too
  std::deque<MemberSession> others_ = {};
};

}  // namespace laurel::engine
