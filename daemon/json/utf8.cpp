#include "json/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace laurel::daemon::json {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

// The eight bytes at `at` are all ASCII; most text is, so this is the path that counts.
bool eight_are_ascii(std::string_view text, std::size_t at) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, text.data() + at, sizeof eight);
  return (eight & 0x8080808080808080U) == 0;
}

// What the second byte of a sequence may be, so that overlong forms, surrogates and code points
// above U+10FFFF have no encoding (RFC 3629, section 4).
struct SecondByte {
  std::uint8_t low;
  std::uint8_t high;
};

SecondByte second_byte_after(std::uint8_t first) {
  switch (first) {
    case 0xE0: return {0xA0, 0xBF};
    case 0xED: return {0x80, 0x9F};
    case 0xF0: return {0x90, 0xBF};
    case 0xF4: return {0x80, 0x8F};
    default: return {0x80, 0xBF};
  }
}

std::size_t length_from(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const std::size_t length = length_from(byte_at(text, at));
  if (length <= 1) return length;
  if (text.size() - at < length) return 0;
  const SecondByte allowed = second_byte_after(byte_at(text, at));
  const std::uint8_t second = byte_at(text, at + 1);
  if (second < allowed.low || second > allowed.high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, at + i) & 0xC0U) != 0x80) return 0;
  }
  return length;
}

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && eight_are_ascii(text, at)) {
      at += 8;
      continue;
    }
    const std::size_t length = utf8_length(text, at);
    if (length == 0) break;
    at += length;
  }
  return at;
}

bool has_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::uint8_t byte = byte_at(text, at);
    if (byte < 0x20 || byte == 0x7F) return true;
    // U+0080–U+009F: C2 80 to C2 9F.
    if (byte == 0xC2 && at + 1 < text.size() && byte_at(text, at + 1) < 0xA0) return true;
  }
  return false;
}

}  // namespace laurel::daemon::json
