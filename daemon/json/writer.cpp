#include "json/writer.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "json/utf8.hpp"

namespace laurel::daemon::json {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Bytes that may stand in a string as they are: ASCII but controls, quote and backslash.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) plain[byte] = true;
  plain['"'] = false;
  plain['\\'] = false;
  return plain;
}();

// How many of the first eight bytes of `text` are plain. Eight at a time: bit 7 of a byte says what
// holds for it, and a carry out of a byte only ever spoils those after it.
std::size_t plain_of_eight(const char* text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U, kHigh = kOnes << 7U;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  const auto is_zero = [](std::uint64_t each) { return (each - kOnes) & ~each; };
  const std::uint64_t special = (bytes | (bytes - kOnes * 0x20) | is_zero(bytes ^ (kOnes * '"')) |
                                 is_zero(bytes ^ (kOnes * '\\')) | (bytes + kOnes)) &
                                kHigh;
  return special == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(special)) / 8;
}

bool is_plain(char character) { return kPlain[static_cast<unsigned char>(character)]; }

// Where the first byte that is not plain stands at or after `at`; the size where there is none.
std::size_t end_of_plain(std::string_view text, std::size_t at) {
  while (text.size() - at >= 8) {
    const std::size_t plain = plain_of_eight(text.data() + at);
    at += plain;
    if (plain < 8) return at;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

void append_escape(std::string& out, char character) {
  switch (character) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(character);
  out += "\\u00";
  out.push_back(kDigits[byte >> 4U]);
  out.push_back(kDigits[byte & 0xFU]);
}

// Appends what stands at `at` and is not plain; gives the number of bytes it took.
std::size_t append_special(std::string& out, std::string_view text, std::size_t at) {
  if (static_cast<unsigned char>(text[at]) < 0x80) {
    append_escape(out, text[at]);
    return 1;
  }
  const std::size_t length = utf8_length(text, at);
  out += length == 0 ? kReplacement : text.substr(at, length);
  return length == 0 ? 1 : length;
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = end_of_plain(text, at);
    out.append(text, at, end - at);
    at = end;
    if (at < text.size()) at += append_special(out, text, at);
  }
  out.push_back('"');
}

Writer& Writer::key(std::string_view name) {
  comma();
  append_string(out_, name);
  out_.push_back(':');
  comma_due_ = false;
  return *this;
}

Writer& Writer::value(std::string_view text) {
  comma();
  append_string(out_, text);
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  comma();
  out_ += json;
  return *this;
}

Writer& Writer::open(char bracket) {
  comma();
  out_.push_back(bracket);
  comma_due_ = false;
  return *this;
}

Writer& Writer::close(char bracket) {
  out_.push_back(bracket);
  comma_due_ = true;
  return *this;
}

}  // namespace laurel::daemon::json
