#pragma once
// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.

#include <cstddef>
#include <string_view>

namespace laurel::daemon::json {

// Length of the well-formed sequence at `text[at]`, 1 to 4; 0 if there is none. `at` is in the
// text.
std::size_t utf8_length(std::string_view text, std::size_t at);
// How many bytes from the start are well-formed.
std::size_t utf8_prefix(std::string_view text);
inline bool is_utf8(std::string_view text) { return utf8_prefix(text) == text.size(); }
// Whether well-formed text has a control character: U+0000–U+001F or U+007F–U+009F.
bool has_control(std::string_view text);

}  // namespace laurel::daemon::json
