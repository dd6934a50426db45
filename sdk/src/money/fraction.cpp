#include <optional>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "base/try.hpp"
#include "money/rate.hpp"

namespace laurel {
namespace {

// The smallest power of ten that `denominator` divides, as its exponent; none for 1/17.
std::optional<int> decimal_digits(std::int64_t denominator) {
  for (int digits = 0; digits <= Decimal::kMaxScale; ++digits) {
    if (power_of_ten(digits) % denominator == 0) return digits;
  }
  return std::nullopt;
}

std::string text_of(std::int64_t numerator, std::int64_t denominator) {
  if (const auto digits = decimal_digits(denominator)) {
    std::int64_t units = 0;
    const std::int64_t factor = power_of_ten(*digits) / denominator;
    if (!__builtin_mul_overflow(numerator, factor, &units)) return scaled_text(units, *digits);
  }
  return std::to_string(numerator) + '/' + std::to_string(denominator);
}

Error not_a_fraction(std::string_view text) {
  return invalid("not_a_fraction", in_quotes(text) + " is not a number such as 1.5, 2.5% or 1/17");
}

Result<Fraction> parse_quotient(std::string_view text, std::size_t slash) {
  const auto numerator = parse_scaled(text.substr(0, slash), 0);
  const auto denominator = parse_scaled(text.substr(slash + 1), 0);
  const bool has_point = text.find('.') != std::string_view::npos;
  if (!numerator || !denominator || has_point || *denominator <= 0 || *numerator == INT64_MIN) {
    return not_a_fraction(text);
  }
  return Fraction(*numerator, *denominator);
}

}  // namespace

Result<Fraction> Fraction::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) return parse_quotient(text, slash);
  const bool percent = text.ends_with('%');
  auto decimal = parse_decimal(text.substr(0, text.size() - (percent ? 1 : 0)));
  if (!decimal && decimal.error().faults[0].code == "not_a_decimal") return not_a_fraction(text);
  if (!decimal) return std::move(decimal).error();
  if (decimal->mantissa == INT64_MIN)
    return invalid("out_of_range", in_quotes(text) + " is too large");
  return Fraction(decimal->mantissa, power_of_ten(decimal->scale))
      .times(Fraction(1, percent ? 100 : 1));
}

std::string Fraction::text() const { return text_of(numerator_, denominator_); }

std::string Fraction::percent_text() const {
  const auto percent = times(Fraction(100));
  return percent ? percent->text() + '%' : text();
}

Result<Fraction> Fraction::plus(const Fraction& other) const {
  return (Exact(*this) + Exact(other)).fraction();
}
Result<Fraction> Fraction::minus(const Fraction& other) const {
  return (Exact(*this) - Exact(other)).fraction();
}
Result<Fraction> Fraction::times(const Fraction& other) const {
  return (Exact(*this) * other).fraction();
}

}  // namespace laurel
