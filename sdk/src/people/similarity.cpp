#include "people/similarity.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace laurel::people {

namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
}

std::u32string characters(std::string_view text) {
  std::u32string out;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    char32_t packed = 0;  // the bytes of the character: as good as its number for comparing
    for (const char c : text.substr(0, length)) {
      packed = packed << 8 | static_cast<unsigned char>(c);
    }
    out.push_back(packed);
    text.remove_prefix(length);
  }
  return out;
}

// Calls `f` with both texts as sequences of characters.
template <class F>
auto over_characters(std::string_view one, std::string_view other, F f) {
  if (is_ascii(one) && is_ascii(other)) return f(one, other);
  const std::u32string left = characters(one);
  const std::u32string right = characters(other);
  return f(std::u32string_view(left), std::u32string_view(right));
}

constexpr std::size_t kLengthMax = 64;  // what stands further behind is not compared

// The characters of each that have a partner in the other no further off than half the longer.
template <class Text>
struct Common {
  std::array<bool, kLengthMax> left{};
  std::array<bool, kLengthMax> right{};
  std::size_t count = 0;

  Common(Text one, Text other) {
    const std::size_t longer = std::max(one.size(), other.size());
    const std::size_t reach = longer < 4 ? 0 : longer / 2 - 1;
    for (std::size_t i = 0; i < one.size(); ++i) {
      const std::size_t end = std::min(i + reach + 1, other.size());
      for (std::size_t j = i > reach ? i - reach : 0; j < end; ++j) {
        if (right[j] || one[i] != other[j]) continue;
        left[i] = right[j] = true;
        ++count;
        break;
      }
    }
  }
};

template <class Text>
double jaro(Text one, Text other) {
  const Common<Text> common(one, other);
  if (common.count == 0) return 0;
  std::size_t out_of_order = 0;
  for (std::size_t i = 0, j = 0; i < one.size(); ++i) {
    if (!common.left[i]) continue;
    while (!common.right[j]) ++j;
    out_of_order += one[i] != other[j] ? 1 : 0;
    ++j;
  }
  const auto matches = static_cast<double>(common.count);
  return (matches / static_cast<double>(one.size()) + matches / static_cast<double>(other.size()) +
          (matches - static_cast<double>(out_of_order / 2)) / matches) /
         3;
}

template <class Text>
double winkler(Text one, Text other) {
  one = one.substr(0, kLengthMax);
  other = other.substr(0, kLengthMax);
  if (one.empty() || other.empty()) return 0;
  const double plain = jaro(one, other);
  if (plain <= 0.7) return plain;
  const std::size_t most = std::min({one.size(), other.size(), std::size_t{4}});
  std::size_t prefix = 0;
  while (prefix < most && one[prefix] == other[prefix]) ++prefix;
  return plain + 0.1 * static_cast<double>(prefix) * (1 - plain);
}

// Row by row, three rows kept: the one two above is where a swap comes from.
template <class Text>
std::size_t distance(Text one, Text other, bool swaps, std::size_t most) {
  one = one.substr(0, kLengthMax);
  other = other.substr(0, kLengthMax);
  using Row = std::array<std::uint8_t, kLengthMax + 1>;
  Row above{}, row{}, two_above{};
  for (std::size_t j = 0; j <= other.size(); ++j) above[j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    row[0] = static_cast<std::uint8_t>(i);
    std::size_t least = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const int replaced = above[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      int best = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      if (swaps && i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
        best = std::min(best, two_above[j - 2] + 1);
      }
      row[j] = static_cast<std::uint8_t>(best);
      least = std::min<std::size_t>(least, row[j]);
    }
    if (least > most) return most + 1;
    two_above = above;
    above = row;
  }
  return std::min<std::size_t>(above[other.size()], most + 1);
}

}  // namespace

double jaro_winkler(std::string_view one, std::string_view other) {
  return over_characters(one, other, [](auto a, auto b) { return winkler(a, b); });
}

std::size_t edit_distance(std::string_view one, std::string_view other) {
  return over_characters(one, other,
                         [](auto a, auto b) { return distance(a, b, false, kLengthMax); });
}

std::size_t slips(std::string_view one, std::string_view other, std::size_t most) {
  return over_characters(one, other, [most](auto a, auto b) {
    const std::size_t apart = std::max(a.size(), b.size()) - std::min(a.size(), b.size());
    return apart > most ? most + 1 : distance(a, b, true, most);
  });
}

}  // namespace laurel::people
