#include "programme/values.hpp"

#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

namespace laurel::programme {
namespace {

constexpr std::size_t kMaxTextBytes = 200;
constexpr std::size_t kMaxIdBytes = 64;

Wrong not_what_is_meant(std::string_view text, Scalar scalar) {
  return {"wrong_value", in_quotes(text) + " is not " + std::string(description_of(scalar))};
}

// "2026-02-30": well-formed, but no day.
bool is_shaped_like_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  return text.size() == kShape.size() && std::ranges::equal(text, kShape, [](char c, char shape) {
           return shape == 'd' ? is_digit(c) : c == shape;
         });
}

// The part before the first space, which is taken off with it.
std::string_view next_word(std::string_view& text) {
  const std::size_t space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  return word;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::optional<int> small_number(std::string_view text) {
  constexpr std::size_t kDigits = 6;
  if (!all_digits(text) || text.size() > kDigits || text.front() == '0') return std::nullopt;
  int number = 0;
  for (const char c : text) number = number * 10 + (c - '0');
  return number;
}

// Whether `text` has the form of `pattern`, in which an N stands for a number; "1 day" is "N days".
std::optional<int> phrase_number(std::string_view text, std::string_view pattern) {
  int number = 0;
  while (!pattern.empty() && !text.empty()) {
    std::string_view meant = next_word(pattern);
    std::string_view given = next_word(text);
    if (meant == "N%" && given.ends_with('%')) {
      meant.remove_suffix(1);
      given.remove_suffix(1);
    }
    const bool one =
        number == 1 && meant.ends_with('s') && meant.substr(0, meant.size() - 1) == given;
    if (meant == "N") {
      const auto value = small_number(given);
      if (!value) return std::nullopt;
      number = *value;
    } else if (meant != given && !one) {
      return std::nullopt;
    }
  }
  return pattern.empty() && text.empty() ? std::optional(number) : std::nullopt;
}

bool is_id(std::string_view text) {
  const auto allowed = [](char c) {
    return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '-' || c == '_' ||
           c == '.';
  };
  return !text.empty() && text.size() <= kMaxIdBytes && text.front() != '.' &&
         text.front() != '-' && std::ranges::all_of(text, allowed);
}

// BCP 47, as far as names of wallets and rules need it: en, pt-BR, zh-Hant.
bool is_language(std::string_view text) {
  constexpr std::size_t kLongest = 16;
  const auto letter = [](char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; };
  const std::size_t dash = text.find('-');
  const std::string_view primary = text.substr(0, dash);
  if (text.size() > kLongest || primary.size() < 2 || primary.size() > 3) return false;
  if (!std::ranges::all_of(primary, letter)) return false;
  if (dash == std::string_view::npos) return true;
  return text.size() > dash + 1 && std::ranges::all_of(text.substr(dash + 1), [&](char c) {
           return letter(c) || is_digit(c) || c == '-';
         });
}

std::optional<Wrong> text_fault(std::string_view text) {
  if (text.empty() || trimmed(text).empty()) return Wrong{"wrong_value", "the text is empty"};
  if (text.size() > kMaxTextBytes) {
    return Wrong{"out_of_range", "the text is longer than 200 bytes"};
  }
  if (!is_printable_utf8(text)) {
    return Wrong{"wrong_value", "the text has line breaks or control characters"};
  }
  return std::nullopt;
}

std::optional<Wrong> from_result(const Error& error) { return Wrong{"wrong_value", error.detail}; }

template <class T>
std::optional<Wrong> fault_of(const Result<T>& result) {
  return result ? std::nullopt : from_result(result.error());
}

template <class T>
std::optional<Wrong> fault_of(const Parsed<T>& parsed) {
  return parsed ? std::nullopt : std::optional(parsed.wrong());
}

std::optional<Wrong> decimal_fault(std::string_view text) {
  if (auto wrong = number_fault(text)) return wrong;
  if (text.front() == '-') return Wrong{"out_of_range", "it must not be below zero"};
  const auto number = parse_decimal(text);
  return number ? std::nullopt : std::optional(Wrong{"out_of_range", number.error().detail});
}

std::optional<Wrong> whole_fault(std::string_view text) {
  if (auto wrong = number_fault(text)) return wrong;
  constexpr std::size_t kMaxDigits = 9;
  if (all_digits(text) && text.size() <= kMaxDigits) return std::nullopt;
  return Wrong{"out_of_range", "it must be a whole number from 0 to 999999999"};
}

std::optional<Wrong> percent_fault(std::string_view text) {
  if (!text.ends_with('%')) return not_what_is_meant(text, Scalar::kPercent);
  text.remove_suffix(1);
  if (auto wrong = decimal_fault(text)) return wrong;
  const auto value = Fraction::parse(text);
  if (!value) return from_result(value.error());
  if (*value > Fraction(100)) return Wrong{"out_of_range", "a share cannot be above 100%"};
  return std::nullopt;
}

std::optional<Wrong> exchange_rate_fault(std::string_view text) {
  const std::size_t slash = text.find('/');
  for (const std::string_view part :
       {text.substr(0, slash), slash == std::string_view::npos ? "1" : text.substr(slash + 1)}) {
    if (auto wrong = decimal_fault(part)) return wrong;
  }
  const auto rate = Fraction::parse(text);
  if (!rate) return from_result(rate.error());
  if (*rate <= Fraction{}) return Wrong{"out_of_range", "an exchange rate is above zero"};
  return std::nullopt;
}

std::optional<Wrong> true_false_fault(std::string_view text) {
  if (text == "true" || text == "false") return std::nullopt;
  const std::string small = lower(text);
  if (small == "yes" || small == "on" || small == "true" || small == "y") {
    return Wrong{"ambiguous", in_quotes(text) + " means yes only to some YAML readers",
                 "write `true`"};
  }
  if (small == "no" || small == "off" || small == "false" || small == "n") {
    return Wrong{"ambiguous", in_quotes(text) + " means no only to some YAML readers",
                 "write `false`"};
  }
  return not_what_is_meant(text, Scalar::kTrueFalse);
}

}  // namespace

std::optional<Wrong> number_fault(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const auto ambiguous = [text](std::string why, std::string hint) {
    return Wrong{"ambiguous", in_quotes(text) + " " + std::move(why), std::move(hint)};
  };
  if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') {
    const std::size_t zeros = digits.find_first_not_of('0');
    if (all_digits(digits)) {
      return ambiguous("is an octal number to some YAML readers",
                       zeros == std::string_view::npos
                           ? "write `0`"
                           : "write `" + std::string(digits.substr(zeros)) + "`");
    }
    return ambiguous("is read in different ways", "write it as a decimal number");
  }
  if (digits.empty() || !is_digit(digits.front())) {
    return Wrong{
        "wrong_value", in_quotes(text) + " is not a number",
        text.starts_with('+') || text.starts_with('.') ? "write it as in `0.5` or `5`" : ""};
  }
  const std::size_t odd = digits.find_first_not_of("0123456789.");
  if (odd == std::string_view::npos) return fault_of(parse_decimal(text));
  const char c = digits[odd];
  if (c == ':') return ambiguous("is 60 times something to some YAML readers", "write the number");
  if (c == 'e' || c == 'E') return ambiguous("has an exponent", "write all its digits");
  if (c == ',' || c == '_' || c == '\'') {
    return ambiguous("has a separator", "write its digits without `" + std::string(1, c) + "`");
  }
  return Wrong{"wrong_value", in_quotes(text) + " is not a number"};
}

Wrong no_such_date(std::string_view text) {
  constexpr std::size_t kDateLength = 10;
  const std::string_view date = text.substr(0, kDateLength);
  if (!is_shaped_like_date(date) || parse_date(date)) {
    return not_what_is_meant(text, Scalar::kDate);
  }
  const auto number = [date](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : date.substr(from, count)) value = value * 10 + (c - '0');
    return value;
  };
  const std::chrono::year_month month{std::chrono::year(number(0, 4)),
                                      std::chrono::month(static_cast<unsigned>(number(5, 2)))};
  std::string hint = "from the years 1900 to 9999";
  if (!month.month().ok()) {
    hint = "a year has 12 months";
  } else if (number(0, 4) >= 1900) {
    const std::chrono::year_month_day_last last{month.year(),
                                                std::chrono::month_day_last(month.month())};
    hint = std::string(date.substr(0, 7)) + " has " +
           std::to_string(static_cast<unsigned>(last.day())) + " days";
  }
  return {"wrong_value", in_quotes(date) + " is no day of the calendar", std::move(hint)};
}

namespace {

// What to write instead of a number that no phrase takes: 0 where none is meant, a number alone.
std::string number_hint(std::string_view text, std::span<const std::string_view> offered) {
  std::string_view rest = text;
  std::string_view number = next_word(rest);
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  if (!all_digits(number)) return {};
  if (negative || number.find_first_not_of('0') == std::string_view::npos) {
    const bool none = std::ranges::find(offered, "none") != offered.end();
    return none ? "for none write `none`" : "the number is 1 or more";
  }
  for (const std::string_view phrase : offered) {
    if (rest.empty() && phrase.starts_with("N ")) {
      return "did you mean `" + std::string(text) + std::string(phrase.substr(1)) + "`?";
    }
  }
  return {};
}

}  // namespace

Parsed<Phrase> parse_phrase(std::string_view text, const Word& word) {
  const auto phrases = phrases_of(word);
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const bool reserved = phrases[i].starts_with('~');
    const auto number = phrase_number(text, phrases[i].substr(reserved ? 1 : 0));
    if (!number) continue;
    if (reserved) {
      return Wrong{"not_supported", "`" + std::string(text) +
                                        "` is a word of the language that this version "
                                        "cannot carry out"};
    }
    return Phrase{i, *number};
  }
  std::vector<std::string_view> offered;
  std::ranges::copy_if(phrases, std::back_inserter(offered),
                       [](std::string_view phrase) { return !phrase.starts_with('~'); });
  std::string hint = number_hint(text, offered);
  if (hint.empty()) hint = did_you_mean(text, offered);
  if (hint.empty()) hint = listed(offered);
  return Wrong{"wrong_value", in_quotes(text) + " may not stand at `" + std::string(word.key) + "`",
               std::move(hint)};
}

Parsed<Bonus> parse_bonus(std::string_view text) {
  const auto wrong = [text] { return not_what_is_meant(text, Scalar::kBonus); };
  std::string_view rest = text;
  const std::string_view number = next_word(rest);
  if (auto fault = decimal_fault(number)) return *std::move(fault);
  const std::string_view noun = next_word(rest);
  if (noun != "points" && noun != "point") return wrong();
  if (std::ranges::all_of(number, [](char c) { return c == '0' || c == '.'; })) {
    return Wrong{"no_effect", "a bonus of no points"};
  }
  Bonus bonus{std::string(number)};
  if (rest == "per line") {
    bonus.per = Bonus::Per::kLine;
  } else if (rest == "per unit") {
    bonus.per = Bonus::Per::kUnit;
  } else if (!rest.empty()) {
    return wrong();
  }
  return bonus;
}

Parsed<Hours> parse_hours(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return not_what_is_meant(text, Scalar::kHours);
  const auto from = parse_time_of_day(text.substr(0, dash));
  const bool to_midnight = text.substr(dash + 1) == "24:00";
  const auto until = parse_time_of_day(to_midnight ? "00:00" : text.substr(dash + 1));
  if (!from || !until) return not_what_is_meant(text, Scalar::kHours);
  if (*from == *until && !to_midnight) {
    return Wrong{"empty_window", "no time lies between " + std::string(text),
                 "leave `hours` out for the whole day"};
  }
  return Hours{*from, *until};
}

Parsed<LocalTime> parse_moment(std::string_view text) {
  if (const auto date = parse_date(text)) return LocalTime{*date, TimeOfDay{0}};
  if (const auto time = parse_local_time(text)) return *time;
  auto wrong = no_such_date(text);
  return wrong.hint.empty() ? not_what_is_meant(text, Scalar::kMoment) : wrong;
}

Parsed<MoneyText> parse_money_text(std::string_view text) {
  std::string_view rest = text;
  const std::string_view amount = next_word(rest);
  if (auto fault = decimal_fault(amount)) return *std::move(fault);
  const auto currency = Currency::of(rest);
  if (!currency) return not_what_is_meant(text, Scalar::kMoney);
  return MoneyText{std::string(amount), std::string(rest)};
}

namespace {

// "2,000,000": one to three digits, then groups of three.
bool is_grouped(std::string_view digits) {
  constexpr std::size_t kGroup = 3;
  const std::size_t first = digits.find(',');
  if (first == 0 || first > kGroup) return false;
  for (digits.remove_prefix(first); !digits.empty(); digits.remove_prefix(kGroup + 1)) {
    if (digits.size() < kGroup + 1 || digits.front() != ',') return false;
    if (!all_digits(digits.substr(1, kGroup))) return false;
  }
  return true;
}

}  // namespace

Parsed<BudgetText> parse_budget(std::string_view text) {
  std::string_view unit = text;
  const std::string_view written = next_word(unit);
  std::string number(written);
  if (written.find(',') != std::string_view::npos) {
    if (!is_grouped(written.substr(0, written.find('.')))) {
      return Wrong{"ambiguous", in_quotes(written) + " has commas that part no thousands",
                   "write it as in `2,000,000` or `2000000`"};
    }
    std::erase(number, ',');
  }
  if (auto fault = decimal_fault(number)) return *std::move(fault);
  if (number.find_first_not_of("0.") == std::string::npos) {
    return Wrong{"no_effect", "a budget of nothing", "for no budget, leave it out"};
  }
  if (unit == "points" || unit == "point") return BudgetText{std::move(number), {}};
  if (!Currency::of(unit)) return not_what_is_meant(text, Scalar::kBudget);
  return BudgetText{std::move(number), std::string(unit)};
}

std::optional<Wrong> value_fault(std::string_view text, bool is_quoted, const Word& word) {
  switch (word.scalar) {
    case Scalar::kNone: return std::nullopt;
    case Scalar::kId:
      return is_id(text) ? std::nullopt : std::optional(not_what_is_meant(text, word.scalar));
    case Scalar::kText: return text_fault(text);
    case Scalar::kWhole: return whole_fault(text);
    case Scalar::kDecimal:
    case Scalar::kAmount:
    case Scalar::kPoints: return decimal_fault(text);
    case Scalar::kMoney: return fault_of(parse_money_text(text));
    case Scalar::kPercent: return percent_fault(text);
    case Scalar::kDate:
      if (!word.phrases.empty() && parse_phrase(text, word)) return std::nullopt;
      return parse_date(text) ? std::nullopt : std::optional(no_such_date(text));
    case Scalar::kMoment: return fault_of(parse_moment(text));
    case Scalar::kLocalTime: {
      if (parse_local_time(text)) return std::nullopt;
      auto wrong = no_such_date(text);
      return wrong.hint.empty() ? not_what_is_meant(text, word.scalar) : wrong;
    }
    case Scalar::kHours: return fault_of(parse_hours(text));
    case Scalar::kPeriod: return fault_of(parse_period(text));
    case Scalar::kPhrase: return fault_of(parse_phrase(text, word));
    case Scalar::kRate: {
      const auto usd = Currency::of("CLF");  // the most digits that any currency has
      constexpr int kLargestScale = 6;
      return fault_of(Rate::parse(text, *usd, kLargestScale));
    }
    case Scalar::kBonus: return fault_of(parse_bonus(text));
    case Scalar::kTrueFalse:
      return is_quoted ? std::optional(not_what_is_meant(text, word.scalar))
                       : true_false_fault(text);
    case Scalar::kCurrency: return fault_of(Currency::of(text));
    case Scalar::kZone: return fault_of(TimeZone::load(text));
    case Scalar::kLanguage:
      return is_language(text) ? std::nullopt : std::optional(not_what_is_meant(text, word.scalar));
    case Scalar::kExchangeRate: return exchange_rate_fault(text);
    case Scalar::kBudget: return fault_of(parse_budget(text));
  }
  return std::nullopt;
}

std::optional<Wrong> key_fault(std::string_view key, Scalar kind) {
  const Word word{.section = {}, .key = "*", .scalar = kind};
  return value_fault(key, false, word);
}

std::string listed(std::span<const std::string_view> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += "`" + std::string(names[i]) + "`";
  }
  return text;
}

std::string did_you_mean(std::string_view text, std::span<const std::string_view> names) {
  const std::string_view near = nearest_name(text, names);
  return near.empty() ? std::string() : "did you mean `" + std::string(near) + "`?";
}

}  // namespace laurel::programme
