#pragma once
// Plain decimal text, read exactly: an optional "-", ASCII digits without needless leading zeros,
// and, after a point, at least one more digit. No "+", exponent, group separator, space or other
// script's digits. The length of the text does not matter; the value must fit.

#include <cstdint>
#include <string>
#include <string_view>

#include "laurel/result.hpp"

namespace laurel {

// mantissa / 10^scale, just as written: "2.50" is {250, 2}.
struct Decimal {
  static constexpr int kMaxScale = 18;

  std::int64_t mantissa = 0;
  int scale = 0;  // 0 to kMaxScale
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

// Fault codes: "not_a_decimal", "too_many_digits" (after the point), "out_of_range".
Result<Decimal> parse_decimal(std::string_view text);

// `text` as a count of units of 10^-scale. Digits beyond `scale` are accepted where they are zero.
Result<std::int64_t> parse_scaled(std::string_view text, int scale);

// All `scale` digits: (350, 2) is "3.50".
std::string scaled_text(std::int64_t units, int scale);
// Without zeros at the end: (350, 2) is "3.5".
std::string shortest_scaled_text(std::int64_t units, int scale);

constexpr std::int64_t power_of_ten(int exponent) {  // 0 to 18
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

}  // namespace laurel
