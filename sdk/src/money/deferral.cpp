#include "laurel/deferral.hpp"

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "money/rate.hpp"

namespace laurel {
namespace {

Error invalid(std::string detail) { return {ErrorCode::kInvalid, std::move(detail)}; }

Result<Money> of_whole_percents(Money price, std::int64_t goods, std::int64_t all) {
  const Int128 percents = round(Int128{goods} * 100, all, Rounding::kHalfUp);
  LAUREL_TRY(const auto minor,
             to_int64(round(Int128{price.minor()} * percents, 100, Rounding::kHalfUp)));
  return Money(minor, price.currency());
}

}  // namespace

Result<Allocation> allocate_price(Money price, Money goods_alone, Money points_alone,
                                  AllocationShares shares) {
  if (price.currency() != goods_alone.currency() || price.currency() != points_alone.currency()) {
    return invalid("a price and its parts are of one currency");
  }
  const std::int64_t goods = goods_alone.minor(), points = points_alone.minor();
  if (price.minor() < 0 || goods < 0 || points < 0) return invalid("amounts are not below zero");
  LAUREL_TRY(const auto all, goods_alone.plus(points_alone));
  if (all.minor() == 0) return invalid("nothing to allocate the price to");
  if (shares == AllocationShares::kWholePercent) {
    LAUREL_TRY(const auto part, of_whole_percents(price, goods, all.minor()));
    LAUREL_TRY(const auto rest, price.minus(part));
    return Allocation{part, rest};
  }
  const auto parts = split(price.minor(), std::array{goods, points});
  return Allocation{Money(parts[0], price.currency()), Money(parts[1], price.currency())};
}

Result<Money> recognised(Money deferred, Points redeemed, Points expected) {
  if (expected <= Points{}) return invalid("some points are expected to be redeemed");
  if (redeemed < Points{}) return invalid("redeemed points are not below zero");
  const Int128 part = std::min(redeemed, expected).units();
  LAUREL_TRY(const auto minor,
             to_int64(round(Int128{deferred.minor()} * part, expected.units(), Rounding::kHalfUp)));
  return Money(minor, deferred.currency());
}

Result<Money> recognised_now(Money deferred, Points redeemed, Points expected, Money before) {
  LAUREL_TRY(const auto all, recognised(deferred, redeemed, expected));
  return all.minus(before);
}

}  // namespace laurel
