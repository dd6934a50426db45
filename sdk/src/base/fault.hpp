#pragma once
// The Error of one wrong value: kInvalid with a single fault, its pointer still empty. Whoever
// knows where the value stood fills the pointer in.

#include <string>
#include <string_view>

#include "laurel/error.hpp"

namespace laurel {

Error invalid(std::string_view fault_code, std::string detail);

// `value` in quotes, fit for a message: cut to 40 characters, control characters and broken UTF-8
// replaced by "?".
std::string in_quotes(std::string_view value);

}  // namespace laurel
