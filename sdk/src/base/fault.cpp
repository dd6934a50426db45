#include "base/fault.hpp"

#include <utility>

#include "base/text.hpp"

namespace laurel {

Error invalid(std::string_view fault_code, std::string detail) {
  Error error{ErrorCode::kInvalid, detail};
  error.faults.push_back({"", std::string(fault_code), std::move(detail)});
  return error;
}

std::string in_quotes(std::string_view value) {
  constexpr std::size_t kLongest = 40;
  std::string text = "\"";
  std::size_t characters = 0;
  while (!value.empty()) {
    if (characters++ == kLongest) return text + "…\"";
    const std::size_t length = utf8_length(value);
    const bool printable = length > 1 || (length == 1 && value[0] >= ' ' && value[0] != '\x7f');
    text += printable ? value.substr(0, length) : "?";
    value.remove_prefix(length == 0 ? 1 : length);
  }
  return text + '"';
}

}  // namespace laurel
