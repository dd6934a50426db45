#include "base/check.hpp"
#include "money/rate.hpp"

namespace laurel {
namespace {

Int128 greatest_common_divisor(Int128 a, Int128 b) {
  if (a < 0) a = -a;
  while (b != 0) {
    if (fits_int64(a) && fits_int64(b)) {
      return std::gcd(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
    }
    const Int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

constexpr Int128 kSmallest = Int128{1} << 126 << 1;

}  // namespace

Exact Exact::over(Int128 numerator, Int128 denominator) {
  LAUREL_ASSERT(denominator > 0, "a denominator is above zero");
  Exact value;
  value.numerator_ = numerator;
  value.denominator_ = denominator;
  return numerator == kSmallest ? broken() : value;
}

Exact Exact::broken() {
  Exact value;
  value.denominator_ = 0;
  return value;
}

void Exact::reduce() {
  const Int128 common = greatest_common_divisor(numerator_, denominator_);
  numerator_ /= common;
  denominator_ /= common;
}

Exact& Exact::operator+=(const Exact& other) {
  if (overflowed() || other.overflowed()) return *this = broken();
  add(other);
  return *this;
}

Exact& Exact::operator-=(const Exact& other) {
  if (overflowed() || other.overflowed()) return *this = broken();
  add(over(-other.numerator_, other.denominator_));
  return *this;
}

void Exact::add(Exact other) {
  if (other.denominator_ != denominator_) {
    const Exact same = *this;
    put_over_one_denominator(*this, other);
    if (overflowed()) {
      *this = same;
      reduce();
      other.reduce();
      put_over_one_denominator(*this, other);
    }
    if (overflowed()) return;
  }
  const bool overflow = __builtin_add_overflow(numerator_, other.numerator_, &numerator_);
  if (overflow || numerator_ == kSmallest) *this = broken();
}

// Both become broken where there is no room.
void Exact::put_over_one_denominator(Exact& a, Exact& b) {
  const Int128 common = greatest_common_divisor(a.denominator_, b.denominator_);
  const Int128 factor_of_a = b.denominator_ / common;
  const Int128 factor_of_b = a.denominator_ / common;
  const bool overflow = __builtin_mul_overflow(a.numerator_, factor_of_a, &a.numerator_) ||
                        __builtin_mul_overflow(b.numerator_, factor_of_b, &b.numerator_) ||
                        __builtin_mul_overflow(a.denominator_, factor_of_a, &a.denominator_);
  b.denominator_ = a.denominator_;
  if (overflow) a = b = broken();
}

Exact& Exact::operator*=(const Fraction& factor) {
  if (overflowed()) return *this;
  const auto multiply = [this, &factor] {
    Int128 numerator = 0;
    Int128 denominator = 0;
    if (__builtin_mul_overflow(numerator_, Int128{factor.numerator()}, &numerator) ||
        __builtin_mul_overflow(denominator_, Int128{factor.denominator()}, &denominator)) {
      return broken();
    }
    return over(numerator, denominator);
  };
  Exact product = multiply();
  if (product.overflowed()) {
    reduce();
    product = multiply();
  }
  return *this = product;
}

Result<std::int64_t> Exact::rounded(Rounding mode) const {
  if (overflowed()) return Error{ErrorCode::kOutOfRange, "an exact sum outgrew 128 bits"};
  return to_int64(round(numerator_, denominator_, mode));
}

Result<Fraction> Exact::fraction() const {
  if (overflowed()) return Error{ErrorCode::kOutOfRange, "an exact sum outgrew 128 bits"};
  Exact lowest = *this;
  lowest.reduce();
  const bool fits = fits_int64(lowest.numerator_) && fits_int64(lowest.denominator_) &&
                    lowest.numerator_ != INT64_MIN;
  if (!fits) return Error{ErrorCode::kOutOfRange, "the fraction needs more than 64 bits"};
  return Fraction(static_cast<std::int64_t>(lowest.numerator_),
                  static_cast<std::int64_t>(lowest.denominator_));
}

}  // namespace laurel
