#include "identity/normalise.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "identity/phone.hpp"

namespace laurel::identity {
namespace {

constexpr std::size_t kLongest = 128;
constexpr std::size_t kLongestEmail = 254;
constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestLabel = 63;

bool is_letter(char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

std::string with_single_spaces(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ' ' && result.ends_with(' ')) continue;
    result += c;
  }
  return result;
}

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (std::size_t i = digits.size(); i-- > 0; doubled = !doubled) {
    const int value = (digits[i] - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

Result<std::string> normalise_digits(std::string_view text, IdentifierCheck check) {
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!is_digit(c))
      return invalid("not_digits", "only digits, spaces and hyphens may stand here");
    digits += c;
  }
  if (digits.empty()) return invalid("not_digits", "there is no digit");
  if (check == IdentifierCheck::kLuhn && (digits.size() < 2 || !passes_luhn(digits))) {
    return invalid("wrong_check_digit", "the check digit does not fit: a digit was mistyped");
  }
  return digits;
}

// Parts between dots, none of them empty.
template <class Part>
bool all_parts(std::string_view text, Part is_good) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_good(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_atom(std::string_view text) {
  static constexpr std::string_view kOthers = "!#$%&'*+/=?^_`{|}~-";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || is_beyond_ascii(c) || kOthers.find(c) != kOthers.npos;
  });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLongestLabel && text.front() != '-' &&
         text.back() != '-' && std::ranges::all_of(text, [](char c) {
           return is_letter(c) || is_digit(c) || is_beyond_ascii(c) || c == '-';
         });
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at > kLongestLocalPart) return false;
  const std::string_view host = text.substr(at + 1);
  return all_parts(text.substr(0, at), is_atom) && host.find('.') != std::string_view::npos &&
         all_parts(host, is_label);
}

Result<std::string> normalise_email(std::string_view text) {
  if (is_email(text)) return lower(text);
  return invalid("not_an_email", "it is not of the shape name@host.domain");
}

Result<std::string> normalise_phone(std::string_view text, const std::string& region) {
  if (auto number = to_e164(text, region)) return *std::move(number);
  return invalid("not_a_phone_number",
                 region.empty()
                     ? "it is not a phone number with its country code"
                     : "it is not a phone number of " + region + " or with a country code");
}

Result<std::string> in_form(const IdentifierType& type, std::string_view text) {
  switch (type.form) {
    case IdentifierForm::kText:
      if (type.check != IdentifierCheck::kNone) return normalise_digits(text, type.check);
      return with_single_spaces(text);
    case IdentifierForm::kDigits: return normalise_digits(text, type.check);
    case IdentifierForm::kEmail: return normalise_email(text);
    case IdentifierForm::kPhone: return normalise_phone(text, type.region);
  }
  LAUREL_ASSERT(false, "a form of identifier that is not listed");
  return std::string();
}

}  // namespace

Result<std::string> normalise(const IdentifierType& type, std::string_view raw) {
  const std::string_view text = trimmed(raw);
  const std::size_t longest = type.form == IdentifierForm::kEmail ? kLongestEmail : kLongest;
  if (text.empty()) return invalid("empty", "there is no value");
  if (text.size() > longest) {
    return invalid("too_long", "it is longer than " + std::to_string(longest) + " bytes");
  }
  if (!is_printable_utf8(text)) {
    return invalid("not_printable", "it holds control characters or is not UTF-8");
  }
  return in_form(type, text);
}

}  // namespace laurel::identity
