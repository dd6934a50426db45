#pragma once
// What single values say. One reading for the checker, which reports what is wrong with them, and
// for the loader, which takes those that are right.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/calendar.hpp"
#include "laurel/money.hpp"
#include "money/rate.hpp"
#include "programme/language.hpp"

namespace laurel::programme {

struct Wrong {
  std::string_view code;  // of the faults of a programme
  std::string message;
  std::string hint = {};
};

template <class T>
class Parsed {
 public:
  Parsed(T value) : value_(std::move(value)) {}
  Parsed(Wrong wrong) : wrong_(std::move(wrong)) {}
  explicit operator bool() const { return value_.has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  const Wrong& wrong() const { return wrong_; }

 private:
  std::optional<T> value_;
  Wrong wrong_;
};

// "after 30 days" among "split|after N days": the second, with the number 30.
struct Phrase {
  std::size_t which = 0;
  int number = 0;
};
Parsed<Phrase> parse_phrase(std::string_view text, const Word& word);

// 500 points, once or for each line or unit.
struct Bonus {
  enum class Per : std::uint8_t { kTransaction, kLine, kUnit };
  std::string points;  // decimal text, as a wallet's scale is not known here
  Per per = Per::kTransaction;
};
Parsed<Bonus> parse_bonus(std::string_view text);

// From `from` up to, not including, `until`; past midnight where `until` is not later.
struct Hours {
  TimeOfDay from{}, until{};
};
Parsed<Hours> parse_hours(std::string_view text);

// Local; a date alone is the start of its day.
Parsed<LocalTime> parse_moment(std::string_view text);

struct MoneyText {
  std::string amount, currency;
};
Parsed<MoneyText> parse_money_text(std::string_view text);

// 2,000,000 points, 10000.00 GBP; commas stand between thousands or not at all.
struct BudgetText {
  std::string number;    // decimal text, without commas
  std::string currency;  // empty: points
};
Parsed<BudgetText> parse_budget(std::string_view text);

// A number as the language writes it: refuses 010, 1e3, 0x10, 1_000, +5, .5 with a reason.
std::optional<Wrong> number_fault(std::string_view text);

// Everything that can be said of `text` without the rest of the programme; nullopt: it is right.
// What is wrong with a text that is no date.
Wrong no_such_date(std::string_view text);
std::optional<Wrong> value_fault(std::string_view text, bool quoted, const Word& word);
std::optional<Wrong> key_fault(std::string_view key, Scalar kind);

// "`a`, `b` or `c`".
std::string listed(std::span<const std::string_view> names);
// "did you mean `gold`?", or empty.
std::string did_you_mean(std::string_view text, std::span<const std::string_view> names);

}  // namespace laurel::programme
