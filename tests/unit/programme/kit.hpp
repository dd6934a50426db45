#pragma once
// Programmes and baskets, written short.

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/programme.hpp"
#include "programme/compiled.hpp"

namespace laurel::kit {

// The parts of a small programme in GBP; a test replaces those it is about.
struct Parts {
  std::string head =
      "programme: test\neffective_from: 2020-01-01\ntime_zone: Europe/London\ncurrency: GBP\n";
  std::string wallets =
      "wallets:\n  points:\n    rounding: { mode: floor, at: transaction }\n    expires: never\n";
  std::string eligible = "";
  std::string tiers = "";
  std::string rules = "rules: [ { id: base, rate: 1 point per 1.00 } ]\n";
  std::string identity =
      "identity:\n  types: { card: { strength: strong, may: [earn] } }\n  precedence: [card]\n";
  std::string cases = "";

  std::string text() const { return head + wallets + eligible + tiers + rules + identity + cases; }
};

// "rules:" with one rule of the base rate and those of `more`, each "- id: …".
std::string rules(std::string_view more);
// Silver from 0.00 at 1 per 1.00, gold from 1000.00 at 2 per 1.00, by that crossing.
std::string two_tiers(std::string_view crossing);

LoadedProgramme load(std::string_view text);
// Fails the test where there is any error.
Programme programme(std::string_view text);
Programme programme(const Parts& parts);

// The codes of the faults, in their order: "unknown_key repeated_key".
std::string codes(const LoadedProgramme& loaded);
// "7:3 unknown_key" for each.
std::string places(const LoadedProgramme& loaded);

Instant local(std::string_view text, std::string_view zone = "Europe/London");

// Facts that own what they view.
class Basket {
 public:
  explicit Basket(std::string_view at = "2026-10-21 11:00", std::string_view currency = "GBP");

  Basket& line(std::int64_t minor, std::string_view department = "");
  // Of the line before.
  Basket& quantity(Quantity quantity);
  Basket& tax(std::int64_t minor);
  Basket& brand(std::string_view brand);
  Basket& sku(std::string_view sku);
  Basket& tag(std::string tag);
  Basket& attribute(std::string name, std::string value);
  Basket& tender(std::string_view type, std::int64_t minor);
  Basket& tier(std::string_view tier, std::int64_t spend_before_minor = 0);
  Basket& keep(std::string rule);
  Basket& event(std::string_view event, std::string_view department = "");
  // Of a known member.
  Basket& born(std::string_view date);
  Basket& enrolled(std::string_view date);
  Basket& language(std::string language);
  Basket& segment(std::string segment);
  // The past, question by question: the number, or for departments which.
  Basket& past(std::int64_t number, bool today = false);
  Basket& past(std::vector<std::string> departments);
  Basket& room(std::uint32_t limit, std::int64_t units, std::int64_t times = 1);
  Basket& stop(std::string rule);

  programme::Facts facts;

  const programme::Facts& operator()();

 private:
  struct Owned {
    std::vector<std::string> tags;
    std::vector<std::pair<std::string, std::string>> attributes;
  };
  std::vector<programme::LineFacts> lines_;
  std::vector<programme::TenderFacts> tenders_;
  std::deque<Owned> owned_;
  std::deque<std::string> texts_;
  std::vector<std::string> kept_, stopped_;
  programme::MemberFacts member_{};
  std::vector<programme::Answer> answers_;
  std::vector<programme::Room> rooms_;
};

std::int64_t points(const programme::Decision& decision, std::uint16_t wallet = 0);
std::int64_t points(const Programme& programme, Basket& basket);
// "0 base 3, 1 base 2, - bonus 100": line, rule and points of each award.
std::string awards(const Programme& programme, Basket& basket);
// "beauty applied 3" or "beauty condition_failed department: beauty (fashion)" for each reason.
std::string reasons(const Programme& programme, Basket& basket);

}  // namespace laurel::kit
