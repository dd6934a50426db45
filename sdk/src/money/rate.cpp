#include "money/rate.hpp"

#include <optional>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace laurel {
namespace {

struct RateWords {
  std::string_view points;
  Rate::Kind kind;
  std::string_view amount;
};

// "N point(s) per [full] AMOUNT", with single spaces.
std::optional<RateWords> words_of(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  RateWords words{text.substr(0, space), Rate::Kind::kLinear, text.substr(space)};
  const auto skip = [&words](std::string_view word) {
    if (!words.amount.starts_with(word)) return false;
    words.amount.remove_prefix(word.size());
    return true;
  };
  if (!skip(" points per ") && !skip(" point per ")) return std::nullopt;
  if (skip("full ")) words.kind = Rate::Kind::kStep;
  return words;
}

}  // namespace

Result<Rate> Rate::parse(std::string_view text, Currency currency, int scale) {
  const auto words = words_of(text);
  if (!words) {
    return invalid("not_a_rate", in_quotes(text) + " is not a rate such as 1 point per 1.00");
  }
  LAUREL_TRY(const Decimal points, parse_decimal(words->points));
  LAUREL_TRY(const Money amount, Money::parse(words->amount, currency));
  if (points.mantissa < 0 || amount.minor() <= 0) {
    return invalid("not_a_rate",
                   in_quotes(text) + " needs points of at least 0 per more than 0.00");
  }
  const Exact units =
      Exact(Fraction(points.mantissa, power_of_ten(points.scale))) * Fraction(power_of_ten(scale));
  LAUREL_TRY(const Fraction whole_units, units.fraction());
  return Rate(words->kind, whole_units, amount.minor());
}

Exact Rate::earned(const Exact& minor) const {
  switch (kind_) {
    case Kind::kLinear: return minor * units_ * share_;
    case Kind::kStep: {
      const Exact steps = minor * share_;
      if (steps.overflowed()) return steps;
      return Exact::over(steps.numerator() / steps.denominator(), 1) * units_;
    }
  }
  LAUREL_ASSERT(false, "a kind of rate that is not listed");
  return {};
}

std::string Rate::text(Currency currency, int scale) const {
  const auto points = (Exact(units_) * Fraction(1, power_of_ten(scale))).fraction();
  const bool one = points && *points == Fraction(1);
  return (points ? points->text() : units_.text()) + (one ? " point per " : " points per ") +
         (kind_ == Kind::kStep ? "full " : "") + Money(per_minor(), currency).text();
}

Result<Fraction> minor_unit_rate(const Fraction& rate, Currency from, Currency to) {
  const Fraction shift(power_of_ten(to.exponent()), power_of_ten(from.exponent()));
  return rate.times(shift);
}

Result<Money> convert(Money amount, const Fraction& rate, Currency to, Rounding mode) {
  LAUREL_TRY(const Fraction factor, minor_unit_rate(rate, amount.currency(), to));
  LAUREL_TRY(const std::int64_t minor, (Exact(amount.minor()) * factor).rounded(mode));
  return Money(minor, to);
}

}  // namespace laurel
