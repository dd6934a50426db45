#pragma once
// Numbers of data files, exactly: counts of thousandths, and their product rounded once.

#include <cstdint>
#include <string>
#include <string_view>

#include "laurel/money.hpp"

namespace laurel::daemon::cli {

// "2.55" is 2550, "-0.001" is -1. kInvalid: not a plain decimal with at most three digits behind
// the point.
Result<std::int64_t> parse_thousandths(std::string_view text);

// `quantity` times `price_thousandths`, rounded once, half to even, to hundredths: the amount of a
// line. 3 at 0.335 (1.005) is 100, 5 at 0.203 (1.015) is 102. Each below 2 x 10^9 in size.
std::int64_t line_hundredths(std::int64_t quantity, std::int64_t price_thousandths);

// 9747747934 as "9,747,747.934".
std::string thousandths_text(std::int64_t thousandths);

}  // namespace laurel::daemon::cli
