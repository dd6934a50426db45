#include "base/decimal.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace laurel {
namespace {

// The parts of a well-formed decimal.
struct Parts {
  bool negative;
  std::string_view whole;
  std::string_view fraction;
};

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

Result<Parts> take_apart(std::string_view text) {
  Parts parts{.negative = text.starts_with('-'), .whole = text, .fraction = {}};
  if (parts.negative) parts.whole.remove_prefix(1);
  const std::size_t point = parts.whole.find('.');
  bool well_formed = true;
  if (point != std::string_view::npos) {
    parts.fraction = parts.whole.substr(point + 1);
    parts.whole = parts.whole.substr(0, point);
    well_formed = all_digits(parts.fraction);
  }
  well_formed = well_formed && all_digits(parts.whole) &&
                (parts.whole.size() == 1 || parts.whole.front() != '0');
  if (well_formed) return parts;
  return invalid("not_a_decimal", in_quotes(text) + " is not a plain decimal such as 19.50");
}

// The digits of `whole` and then of `fraction` as one number.
Result<std::int64_t> number_of(const Parts& parts, std::string_view text) {
  std::int64_t number = 0;
  for (const std::string_view digits : {parts.whole, parts.fraction}) {
    for (const char digit : digits) {
      // Counting downwards reaches the one value more that the negative side has.
      const std::int64_t value = digit - '0';
      if (__builtin_mul_overflow(number, std::int64_t{10}, &number) ||
          __builtin_sub_overflow(number, value, &number)) {
        return invalid("out_of_range", in_quotes(text) + " is too large");
      }
    }
  }
  if (parts.negative) return number;
  if (number == INT64_MIN) return invalid("out_of_range", in_quotes(text) + " is too large");
  return -number;
}

Result<std::int64_t> times_power_of_ten(std::int64_t number, int exponent, std::string_view text) {
  if (__builtin_mul_overflow(number, power_of_ten(exponent), &number)) {
    return invalid("out_of_range", in_quotes(text) + " is too large");
  }
  return number;
}

}  // namespace

Result<Decimal> parse_decimal(std::string_view text) {
  LAUREL_TRY(const Parts parts, take_apart(text));
  if (parts.fraction.size() > Decimal::kMaxScale) {
    return invalid("too_many_digits", in_quotes(text) + " has more than 18 digits after the point");
  }
  LAUREL_TRY(const std::int64_t mantissa, number_of(parts, text));
  return Decimal{mantissa, static_cast<int>(parts.fraction.size())};
}

Result<std::int64_t> parse_scaled(std::string_view text, int scale) {
  LAUREL_ASSERT(scale >= 0 && scale <= Decimal::kMaxScale, "a scale has 0 to 18 digits");
  LAUREL_TRY(Parts parts, take_apart(text));
  const auto limit = static_cast<std::size_t>(scale);
  while (parts.fraction.size() > limit && parts.fraction.back() == '0') {
    parts.fraction.remove_suffix(1);
  }
  if (parts.fraction.size() > limit) {
    return invalid("too_many_digits", in_quotes(text) + " has more than " + std::to_string(scale) +
                                          " digits after the point");
  }
  LAUREL_TRY(const std::int64_t number, number_of(parts, text));
  return times_power_of_ten(number, scale - static_cast<int>(parts.fraction.size()), text);
}

std::string scaled_text(std::int64_t units, int scale) {
  LAUREL_ASSERT(scale >= 0 && scale <= Decimal::kMaxScale, "a scale has 0 to 18 digits");
  std::string digits = std::to_string(units);
  const std::size_t sign = units < 0 ? 1 : 0;
  const auto places = static_cast<std::size_t>(scale);
  if (places == 0) return digits;
  if (digits.size() - sign <= places) digits.insert(sign, places + 1 + sign - digits.size(), '0');
  return digits.insert(digits.size() - places, 1, '.');
}

std::string shortest_scaled_text(std::int64_t units, int scale) {
  std::string text = scaled_text(units, scale);
  if (scale == 0) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace laurel
