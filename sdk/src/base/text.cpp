#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace laurel {
namespace {

struct Decoded {
  std::uint32_t code_point;
  std::size_t length;  // 0: not well-formed
};

constexpr std::uint32_t byte_of(char c) { return static_cast<unsigned char>(c); }

std::size_t length_by_first_byte(std::uint32_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

Decoded decode(std::string_view text) {
  if (text.empty()) return {0, 0};
  const std::uint32_t first = byte_of(text[0]);
  const std::size_t length = length_by_first_byte(first);
  if (length < 2 || length > text.size()) return {first, length == 1 ? std::size_t{1} : 0};
  std::uint32_t code_point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_of(text[i]) & 0xC0U) != 0x80U) return {0, 0};
    code_point = code_point << 6U | (byte_of(text[i]) & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < kSmallest[length] || surrogate || code_point > 0x10FFFF) return {0, 0};
  return {code_point, length};
}

bool is_control(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
         code_point == 0x2029;
}

// Optimal string alignment distance, over bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::size_t utf8_length(std::string_view text) { return decode(text).length; }

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_printable_utf8(std::string_view text) {
  while (!text.empty()) {
    if (text.front() >= ' ' && text.front() <= '~') {
      text.remove_prefix(1);
      continue;
    }
    const Decoded next = decode(text);
    if (next.length == 0 || is_control(next.code_point)) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), to_lower);
  return result;
}

std::string_view nearest_name(std::string_view text, std::span<const std::string_view> names) {
  constexpr std::size_t kLongest = 64;  // a longer one is no misspelt name, and would cost time
  if (text.empty() || text.size() > kLongest) return {};
  std::string_view nearest;
  std::size_t best = std::max<std::size_t>(text.size() / 3, 1) + 1;
  for (const std::string_view name : names) {
    if (name.size() > kLongest) continue;
    const std::size_t away = distance(lower(text), lower(name));
    if (away >= best || away >= name.size()) continue;
    best = away;
    nearest = name;
  }
  return nearest;
}

}  // namespace laurel
