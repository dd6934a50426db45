#pragma once
// 128-bit integers for the steps between two 64-bit amounts, with overflow always looked at.

#include <cstdint>
#include <string>

#include "laurel/money.hpp"
#include "laurel/result.hpp"

namespace laurel {

__extension__ typedef __int128 Int128;

// numerator / denominator as a whole number; the denominator is above zero. kFloor and kCeil go
// towards minus and plus infinity; halves go away from zero (kHalfUp) or to the even neighbour.
Int128 round(Int128 numerator, Int128 denominator, Rounding mode);

bool fits_int64(Int128 value);
Result<std::int64_t> to_int64(Int128 value);  // kOutOfRange

}  // namespace laurel
