#include "people/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace laurel::people {

namespace {

constexpr bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// U+00C0 to U+017F without their accents; "-" is no letter.
constexpr std::array<std::string_view, 192> kPlain = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c",  "e",  "e", "e", "e", "i",  "i",  "i", "i", "d", "n",
    "o", "o", "o",  "o",  "o", "-", "o",  "u",  "u",  "u", "u", "y", "th", "ss", "a", "a", "a", "a",
    "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i",  "i", "i", "i", "d",  "n",  "o", "o", "o", "o",
    "o", "-", "o",  "u",  "u", "u", "u",  "y",  "th", "y", "a", "a", "a",  "a",  "a", "a", "c", "c",
    "c", "c", "c",  "c",  "c", "c", "d",  "d",  "d",  "d", "e", "e", "e",  "e",  "e", "e", "e", "e",
    "e", "e", "g",  "g",  "g", "g", "g",  "g",  "g",  "g", "h", "h", "h",  "h",  "i", "i", "i", "i",
    "i", "i", "i",  "i",  "i", "i", "ij", "ij", "j",  "j", "k", "k", "k",  "l",  "l", "l", "l", "l",
    "l", "l", "l",  "l",  "l", "n", "n",  "n",  "n",  "n", "n", "n", "n",  "n",  "o", "o", "o", "o",
    "o", "o", "oe", "oe", "r", "r", "r",  "r",  "r",  "r", "s", "s", "s",  "s",  "s", "s", "s", "s",
    "t", "t", "t",  "t",  "t", "t", "u",  "u",  "u",  "u", "u", "u", "u",  "u",  "u", "u", "u", "u",
    "w", "w", "y",  "y",  "y", "z", "z",  "z",  "z",  "z", "z", "s"};

void append_wide(std::string& out, std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 2 && first >= 0xC3 && first <= 0xC5) {
    const auto second = static_cast<unsigned char>(character[1]);
    const auto code = static_cast<std::size_t>((first & 0x1F) << 6 | (second & 0x3F));
    const std::string_view plain = kPlain[code - 0xC0];
    if (plain != "-") out += plain;
    return;
  }
  // U+0080 to U+00BF and U+2000 to U+206F: signs and spaces, no letters.
  if (first == 0xC2) return;
  if (first == 0xE2 && (character[1] == '\x80' || character[1] == '\x81')) return;
  out += character;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  return digits;
}

std::vector<std::string_view> words_of(std::string_view text, std::string_view between) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(between), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string padded(std::string_view digits) {
  return digits.size() == 1 ? "0" + std::string(digits) : std::string(digits);
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    const char c = to_lower(text[0]);
    if (length > 1) {
      append_wide(out, text.substr(0, length));
    } else if (is_letter(c) || is_digit(c)) {
      out.push_back(c);
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string folded_date(std::string_view text) {
  const auto parts = words_of(trimmed(text).substr(0, trimmed(text).find('T')), "-/. ");
  if (parts.size() == 3) {
    const bool year_last = parts[2].size() == 4;
    const std::string day = padded(digits_of(parts[year_last ? 0 : 2]));
    const std::string month = padded(digits_of(parts[1]));
    const std::string year = digits_of(parts[year_last ? 2 : 0]);
    // 06/24/1971 can only be June.
    return year_last && month > "12" ? year + day + month : year + month + day;
  }
  std::string digits = digits_of(text);
  return digits.size() < 6 ? "" : digits;
}

std::string folded_email(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space(c)) out.push_back(to_lower(c));
  }
  return out;
}

std::string folded_phone(std::string_view text) {
  std::string digits = digits_of(text);
  const std::size_t begin = std::min(digits.find_first_not_of('0'), digits.size());
  return digits.substr(begin);
}

Street folded_street(std::string_view text) {
  const auto words = words_of(text, " ,");
  if (words.size() > 1 && is_digit(words.front()[0])) {
    return {folded(words.front()),
            folded(text.substr(text.find(words.front()) + words.front().size()))};
  }
  if (words.size() > 1 && is_digit(words.back()[0])) {
    return {folded(words.back()), folded(text.substr(0, text.rfind(words.back())))};
  }
  if (words.size() == 1 && is_digit(words.front()[0])) return {folded(text), ""};
  return {"", folded(text)};
}

std::string sound(std::string_view folded) {
  if (folded.empty()) return "";
  std::string out(folded.substr(0, std::max<std::size_t>(utf8_length(folded), 1)));
  if (out.size() > 1) {
    const std::string_view rest = folded.substr(out.size());
    return out.append(rest.substr(0, utf8_length(rest)));
  }
  // Letters that are confused share a sign.
  constexpr std::string_view kSigns = "01230120022455012623010202";
  char last = is_letter(folded[0]) ? kSigns[static_cast<std::size_t>(folded[0] - 'a')] : '0';
  for (const char c : folded.substr(1)) {
    if (out.size() == 4) break;
    const char sign = is_letter(c) ? kSigns[static_cast<std::size_t>(c - 'a')] : '0';
    if (sign != '0' && sign != last) out.push_back(sign);
    last = sign;
  }
  return out;
}

}  // namespace laurel::people
