#pragma once
// Points as a promise that is part of what was sold (IFRS 15): which part of a price is deferred,
// and when it becomes revenue. Exact, and independent of any store.
//
// The price is allocated in proportion to what each part would cost by itself. The deferred part is
// recognised in proportion to redemption: allocated x redeemed / expected to be redeemed in all. A
// change of what is expected is caught up in the period in which it is made; what was recognised
// before is never restated.

#include <cstdint>

#include "laurel/money.hpp"
#include "laurel/result.hpp"

namespace laurel {

struct Allocation {
  Money goods, points;  // they sum to the price
};

enum class AllocationShares : std::uint8_t {
  kExact,
  kWholePercent,  // shares are rounded to whole percents first
};

// `goods_alone`, `points_alone`: what each would cost by itself; points at what those are worth
// that are expected to be redeemed. All in one currency; not negative, not both zero. kInvalid.
Result<Allocation> allocate_price(Money price, Money goods_alone, Money points_alone,
                                  AllocationShares shares);

// What of `deferred` has become revenue once `redeemed` points are redeemed of those `expected` to
// be in all; never more than `deferred`. kInvalid: expected below one, or redeemed below zero.
Result<Money> recognised(Money deferred, Points redeemed, Points expected);

// What becomes revenue in a period at whose end that is so, after `before` was recognised in
// earlier periods; negative where estimates rose more than redemptions.
Result<Money> recognised_now(Money deferred, Points redeemed, Points expected, Money before);

}  // namespace laurel
