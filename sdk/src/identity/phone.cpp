// The only file that knows libphonenumber. Its tables are read on first use (about 5 ms), once for
// the process.
#include "identity/phone.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "identity/normalise.hpp"

namespace laurel::identity {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// Letters would be read as keys ("FLOWERS") or as the start of an extension.
bool has_letter(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; });
}

}  // namespace

std::optional<std::string> to_e164(std::string_view raw, std::string_view region) {
  if (has_letter(raw)) return std::nullopt;
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  const auto outcome = util.Parse(std::string(raw), std::string(region), &number);
  const bool read = outcome == PhoneNumberUtil::NO_PARSING_ERROR;
  if (!read || number.has_extension() || !util.IsPossibleNumber(number)) return std::nullopt;
  std::string text;
  util.Format(number, PhoneNumberUtil::E164, &text);
  return text;
}

bool is_phone_region(std::string_view region) {
  std::set<std::string> regions;
  PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
  return regions.contains(std::string(region));
}

}  // namespace laurel::identity
