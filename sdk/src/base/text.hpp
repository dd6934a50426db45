#pragma once
// Small questions about text, asked without a locale. Case and space are those of ASCII.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace laurel {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The number of bytes of the first character of `text`, 1 to 4; 0 where there is none or it is not
// well-formed (overlong, surrogate, above U+10FFFF, cut off).
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);
// Well-formed, and without control characters (C0, DEL, C1) and line or paragraph separators.
bool is_printable_utf8(std::string_view text);

std::string_view trimmed(std::string_view text);
std::string lower(std::string_view text);

// The name of `names` that `text` was probably meant to be: the nearest by insertions, deletions,
// replacements and swaps of neighbours, at most a third of its length away; the first of equals.
// Empty where none is near.
std::string_view nearest_name(std::string_view text, std::span<const std::string_view> names);

}  // namespace laurel
