#include "money/wide.hpp"

#include "base/check.hpp"

namespace laurel {
namespace {

// What to add to the quotient that was cut towards zero.
Int128 adjustment(Int128 quotient, Int128 remainder, Int128 denominator, Rounding mode) {
  const bool negative = remainder < 0;
  const Int128 outwards = negative ? -1 : 1;
  const Int128 distance = negative ? -remainder : remainder;
  const Int128 to_next = denominator - distance;
  switch (mode) {
    case Rounding::kFloor: return negative ? -1 : 0;
    case Rounding::kCeil: return negative ? 0 : 1;
    case Rounding::kHalfUp: return distance >= to_next ? outwards : 0;
    case Rounding::kHalfEven:
      if (distance == to_next) return quotient % 2 == 0 ? 0 : outwards;
      return distance > to_next ? outwards : 0;
  }
  LAUREL_ASSERT(false, "a rounding that is not listed");
  return 0;
}

}  // namespace

Int128 round(Int128 numerator, Int128 denominator, Rounding mode) {
  LAUREL_ASSERT(denominator > 0, "a denominator is above zero");
  // Dividing 64 bits is many times faster, and nearly always enough.
  if (fits_int64(numerator) && fits_int64(denominator)) {
    const auto small = static_cast<std::int64_t>(denominator);
    const std::int64_t quotient = static_cast<std::int64_t>(numerator) / small;
    const std::int64_t remainder = static_cast<std::int64_t>(numerator) % small;
    return remainder == 0 ? quotient : quotient + adjustment(quotient, remainder, small, mode);
  }
  const Int128 quotient = numerator / denominator;
  const Int128 remainder = numerator % denominator;
  return remainder == 0 ? quotient : quotient + adjustment(quotient, remainder, denominator, mode);
}

bool fits_int64(Int128 value) { return value == static_cast<std::int64_t>(value); }

Result<std::int64_t> to_int64(Int128 value) {
  if (fits_int64(value)) return static_cast<std::int64_t>(value);
  return Error{ErrorCode::kOutOfRange, "the result is larger than can be counted"};
}

}  // namespace laurel
