#include "base/payment_card.hpp"

#include <cstddef>
#include <optional>

namespace laurel {
namespace {

constexpr std::size_t kDigitsMin = 13, kDigitsMax = 19;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_gap(char c) { return c == ' ' || c == '-'; }

// Of digits and gaps.
bool passes_luhn(std::string_view text) {
  int sum = 0;
  bool doubled = false;
  for (auto at = text.rbegin(); at != text.rend(); ++at) {
    if (!is_digit(*at)) continue;
    const int digit = *at - '0';
    sum += doubled ? (digit < 5 ? 2 * digit : 2 * digit - 9) : digit;
    doubled = !doubled;
  }
  return sum % 10 == 0 && sum > 0;
}

struct Run {
  std::size_t begin, end, digits;
};

// Digits with single gaps between them, from `from` on.
std::optional<Run> next_run(std::string_view text, std::size_t from) {
  while (from < text.size() && !is_digit(text[from])) ++from;
  if (from == text.size()) return std::nullopt;
  Run run{from, from, 0};
  for (std::size_t at = from; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      ++run.digits;
      run.end = at + 1;
    } else if (!is_gap(text[at]) || !is_digit(text[at - 1])) {
      break;
    }
  }
  return run;
}

std::optional<Run> next_card(std::string_view text, std::size_t from) {
  for (auto run = next_run(text, from); run; run = next_run(text, run->end)) {
    const bool long_enough = run->digits >= kDigitsMin && run->digits <= kDigitsMax;
    if (long_enough && passes_luhn(text.substr(run->begin, run->end - run->begin))) return run;
  }
  return std::nullopt;
}

}  // namespace

bool holds_payment_card(std::string_view text) {
  return text.size() >= kDigitsMin && next_card(text, 0).has_value();
}

std::string without_payment_cards(std::string text) {
  for (auto card = next_card(text, 0); card; card = next_card(text, card->end)) {
    std::size_t left = card->digits;
    for (std::size_t at = card->begin; at < card->end && left > 4; ++at) {
      if (!is_digit(text[at])) continue;
      text[at] = '*';
      --left;
    }
  }
  return text;
}

}  // namespace laurel
