#pragma once
// The words of the rule language, as one table. The loader checks files against it, the reference
// page and the JSON Schema are written from it, so the three cannot disagree.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace laurel::programme {

// What a single value may say.
enum class Scalar : std::uint8_t {
  kNone,          // no single value may stand here
  kId,            // letters, digits, "-", "_" and "."
  kText,          // any printable text; never taken for a number, a date or yes and no
  kWhole,         // 0, 1, 2 …
  kDecimal,       // 2, 1.5; not negative
  kAmount,        // money in the programme's currency, 300.00
  kMoney,         // with its currency, 0.01 GBP
  kPercent,       // 97%
  kPoints,        // 200, or 12.5 in a wallet with a scale
  kDate,          // 2026-11-27
  kMoment,        // 2026-11-27 or 2026-11-27 09:00, local
  kLocalTime,     // 2026-11-27 09:00
  kHours,         // 10:00-21:00
  kPeriod,        // 14 days, 24 months, 2 years
  kPhrase,        // one of `phrases`
  kRate,          // 1 point per 1.00, 5 points per full 2.50
  kBonus,         // 500 points, 10 points per line, 5 points per unit
  kTrueFalse,     // true, false
  kCurrency,      // GBP
  kZone,          // Europe/London
  kLanguage,      // en, zh-Hant
  kExchangeRate,  // 0.86, 1/17
  kBudget,        // 2,000,000 points, 10000.00 GBP
};

// What may stand after the colon; several may be allowed.
enum Shape : std::uint8_t {
  kOne = 1,         // a single value
  kList = 2,        // a list of single values
  kMap = 4,         // a mapping, whose words are those of `mapping`
  kListOfMaps = 8,  // a list of them
};

// kAdvised: `initial` holds where it is left out, and a warning says so, because the choice changes
// what members get.
enum class Presence : std::uint8_t { kOptional, kAdvised, kRequired, kReserved };

struct Word {
  std::string_view section;  // where it may stand: "programme" is the file itself
  std::string_view key;      // "*": any key of the kind `key_kind`
  std::uint8_t shapes = 0;   // 0 for reserved words
  Scalar scalar = Scalar::kNone;
  std::string_view text = {};  // for people, a sentence or two
  // kPhrase: "split|after N days"; those with "~" are reserved. kDate: what else may stand there.
  std::string_view phrases = {};
  std::string_view mapping = {};
  std::string_view initial = {};  // what holds where it is left out; empty: nothing does
  Presence presence = Presence::kOptional;
  Scalar key_kind = Scalar::kNone;
};

struct Section {
  std::string_view name;
  std::string_view title;
  std::string_view text;
};

std::span<const Section> all_sections();
// By section, in the order of the reference page.
std::span<const Word> all_words();
std::span<const Word> words_of(std::string_view section);
// The word, or the "*" of the section; null: the key may not stand there.
const Word* word_at(std::string_view section, std::string_view key);

// "a|b|after N days" as its parts.
std::vector<std::string_view> phrases_of(const Word& word);

// What a scalar looks like, for messages and the reference: "a date such as 2026-11-27".
std::string_view description_of(Scalar scalar);

}  // namespace laurel::programme
