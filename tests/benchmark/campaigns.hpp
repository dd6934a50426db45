#pragma once
// Campaigns of a department store by the dozen or the thousand, and a basket for them: what the
// benchmarks of evaluation measure.

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "laurel/programme.hpp"
#include "programme/compiled.hpp"

namespace laurel::campaigns {

inline constexpr const char* kDepartments[] = {"fashion", "handbags", "jewellery", "beauty",
                                               "food-hall"};

inline std::string head() {
  return R"(programme: benchmark
effective_from: 2020-01-01
time_zone: Europe/London
currency: GBP
wallets: { points: { rounding: { mode: floor, at: transaction }, expires: never } }
eligible: { exclude: { tags: [gift-card, delivery] }, tenders_that_do_not_earn: [points] }
identity: { types: { card: { strength: strong, may: [earn] } }, precedence: [card] }
tiers:
  metric: spend
  window: calendar_year
  valid_until: end_of_year
  crossing: next_day
  on_return: immediate
  downgrade: to_qualified
  levels:
    - { id: green, from: 0.00, rate: 1 point per 1.00 }
    - { id: gold, from: 5000.00, rate: 2 points per 1.00 }
rules:
)";
}

// Campaigns on a brand in a department, in some channel and for some level; four conditions each.
inline std::string text_of(std::int64_t rules) {
  std::string text = head();
  for (std::int64_t i = 0; i < rules; ++i) {
    const std::string brand = "brand-" + std::to_string(i / 2);
    text += "  - { id: rule-" + std::to_string(i) + ", " +
            (i % 4 == 3 ? "bonus: 5 points per line" : "multiply: 1." + std::to_string(i % 9 + 1)) +
            ", active: { from: 2026-01-01, until: 2026-12-31 }, when: { department: " +
            kDepartments[i % 5] + ", brand: [" + brand + ", " + brand + "-plus], channel: [" +
            "store, phone], tier: { not: green } } }\n";
  }
  return text;
}

inline Programme programme_of(std::int64_t rules) {
  const SourceFile file{"benchmark.yaml", text_of(rules)};
  const auto loaded = load_programme({&file, 1});
  if (loaded.programme) return *loaded.programme;
  std::cerr << render(loaded.faults);
  std::abort();
}

struct Basket {
  std::vector<std::string> brands;
  std::vector<programme::LineFacts> lines;
  programme::Facts facts;

  Basket(std::int64_t count, std::int64_t rules, Quantity quantity = Quantity::of(2)) {
    for (std::int64_t i = 0; i < count; ++i) {
      brands.push_back("brand-" + std::to_string(i * 7 % (rules / 2 + 3)));
    }
    for (std::int64_t i = 0; i < count; ++i) {
      programme::LineFacts line;
      line.id = "1";
      line.department = kDepartments[i * 14 % 5];
      line.brand = brands[static_cast<std::size_t>(i)];
      line.quantity = quantity;
      line.amount_minor = 1999 + 731 * i;
      lines.push_back(line);
    }
    facts.at = parse_instant("2026-11-21T11:00:00Z").value();
    facts.currency = Currency::of("GBP").value();
    facts.channel = "store";
    facts.store = "knightsbridge";
    facts.tier = "gold";
    facts.lines = lines;
  }
};

}  // namespace laurel::campaigns
