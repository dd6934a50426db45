#include "laurel/money.hpp"

#include "base/check.hpp"
#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "base/try.hpp"

namespace laurel {
namespace {

Result<std::int64_t> parse_within(std::string_view text, int scale, std::int64_t most) {
  LAUREL_TRY(const std::int64_t units, parse_scaled(text, scale));
  if (units < -most || units > most) {
    return invalid("out_of_range",
                   in_quotes(text) + " is larger than " + shortest_scaled_text(most, scale));
  }
  return units;
}

Error different_currencies(Currency a, Currency b) {
  return invalid("different_currencies", std::string(a.code()) + " and " + std::string(b.code()) +
                                             " cannot be added without an exchange rate");
}

Error too_large() {
  return Error{ErrorCode::kOutOfRange, "an amount of money is larger than can be counted"};
}

}  // namespace

Result<Money> Money::parse(std::string_view text, Currency currency) {
  LAUREL_TRY(const std::int64_t minor, parse_within(text, currency.exponent(), kMaxMinorUnits));
  return Money(minor, currency);
}

std::string Money::text() const { return scaled_text(minor_, currency_.exponent()); }

Result<Money> Money::plus(Money other) const {
  if (currency_ != other.currency_) return different_currencies(currency_, other.currency_);
  std::int64_t sum = 0;
  if (__builtin_add_overflow(minor_, other.minor_, &sum)) return too_large();
  return Money(sum, currency_);
}

Result<Money> Money::minus(Money other) const {
  if (currency_ != other.currency_) return different_currencies(currency_, other.currency_);
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(minor_, other.minor_, &difference)) return too_large();
  return Money(difference, currency_);
}

Result<Points> Points::parse(std::string_view text, int scale) {
  LAUREL_ASSERT(scale >= 0 && scale <= 6, "a wallet has 0 to 6 digits");
  LAUREL_TRY(const std::int64_t units, parse_within(text, scale, kMaxPoints));
  return Points(units);
}

std::string Points::text(int scale) const { return shortest_scaled_text(units_, scale); }

Points& Points::operator+=(Points other) {
  const bool overflow = __builtin_add_overflow(units_, other.units_, &units_);
  LAUREL_ASSERT(!overflow, "points are bounded long before they overflow");
  return *this;
}

Points& Points::operator-=(Points other) {
  const bool overflow = __builtin_sub_overflow(units_, other.units_, &units_);
  LAUREL_ASSERT(!overflow, "points are bounded long before they overflow");
  return *this;
}

Result<Quantity> Quantity::parse(std::string_view text) {
  constexpr std::int64_t kMost = 1'000'000'000'000'000 - 1;  // thousandths, below 10^12
  LAUREL_TRY(const std::int64_t thousandths, parse_within(text, 3, kMost));
  if (thousandths < 0) return invalid("negative", in_quotes(text) + " is below zero");
  return Quantity(thousandths);
}

std::string Quantity::text() const { return shortest_scaled_text(thousandths_, 3); }

}  // namespace laurel
