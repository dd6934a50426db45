#include <algorithm>
#include <array>

#include "base/fault.hpp"
#include "base/text.hpp"
#include "laurel/money.hpp"

namespace laurel {
namespace {

// The active codes of ISO 4217 as of its amendment 180 (January 2026), its fund codes (CLF, UYI …)
// included, by number of minor digits. Left out are those that name no amount of money in minor
// units: the metals (XAG XAU XPD XPT), the bond market units (XBA XBB XBC XBD), the drawing and
// clearing units (XDR XSU XUA), the code for tests (XTS) and the one for no currency (XXX).
constexpr std::string_view kWithTwoDigits =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD "
    "CDF "
    "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
    "GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR "
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TOP "
    "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";
constexpr std::string_view kWithoutDigits =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr std::string_view kWithThreeDigits = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view kWithFourDigits = "CLF UYW";

constexpr std::size_t kLetters = 3;

constexpr bool lists(std::string_view codes, std::string_view code) {
  for (std::size_t at = 0; at < codes.size(); at += kLetters + 1) {
    if (codes.substr(at, kLetters) == code) return true;
  }
  return false;
}

constexpr int exponent_of(std::string_view code) {
  if (lists(kWithTwoDigits, code)) return 2;
  if (lists(kWithoutDigits, code)) return 0;
  if (lists(kWithThreeDigits, code)) return 3;
  if (lists(kWithFourDigits, code)) return 4;
  return -1;
}

constexpr std::size_t place_of(std::string_view code) {
  std::size_t place = 0;
  for (const char letter : code) place = place * 26 + static_cast<std::size_t>(letter - 'A');
  return place;
}

// By the three letters as a number of base 26; -1: no such currency.
constexpr auto kExponents = [] {
  std::array<std::int8_t, 26 * 26 * 26> exponents{};
  exponents.fill(-1);
  for (const std::string_view codes :
       {kWithTwoDigits, kWithoutDigits, kWithThreeDigits, kWithFourDigits}) {
    for (std::size_t at = 0; at < codes.size(); at += kLetters + 1) {
      const std::string_view code = codes.substr(at, kLetters);
      exponents[place_of(code)] = static_cast<std::int8_t>(exponent_of(code));
    }
  }
  return exponents;
}();

bool is_code(std::string_view code) {
  return code.size() == kLetters &&
         std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

Result<Currency> Currency::of(std::string_view code) {
  const std::int8_t exponent = is_code(code) ? kExponents[place_of(code)] : std::int8_t{-1};
  if (exponent < 0) {
    return invalid("unknown_currency",
                   in_quotes(code) + " is not an active ISO 4217 currency such as GBP");
  }
  Currency currency;
  std::ranges::copy(code, currency.code_);
  currency.exponent_ = exponent;
  return currency;
}

}  // namespace laurel
