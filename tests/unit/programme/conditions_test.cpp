// When a rule holds, and what is said where it does not.

#include "kit.hpp"

namespace laurel {
namespace {

using kit::Basket;
using kit::Parts;
using kit::points;
using kit::reasons;

// Ten points for the transaction when the condition holds, and nothing else.
Programme bonus_when(const std::string& when, const std::string& head = "") {
  Parts parts;
  parts.head += head;
  parts.rules = "rules: [ { id: r, bonus: 10 points, when: " + when + " } ]\n";
  return kit::programme(parts);
}

Programme bonus_active(const std::string& active, const std::string& zone = "Europe/London") {
  Parts parts;
  parts.head = "programme: t\neffective_from: 2020-01-01\ntime_zone: " + zone + "\ncurrency: GBP\n";
  parts.rules = "rules: [ { id: r, bonus: 10 points, active: " + active + " } ]\n";
  return kit::programme(parts);
}

Basket full() {
  Basket basket;
  basket.line(2'000, "beauty").brand("acme").sku("0123").tag("refill").attribute("size", "12");
  basket.quantity(Quantity::of(3));
  basket.facts.channel = "store";
  basket.facts.store = "0123";
  basket.facts.source = "till-7";
  basket.facts.associate = "ann";
  basket.tier("silver");
  return basket;
}

struct Row {
  const char* when;
  bool holds_full;
  bool holds_bare;  // a line of 20.00 of which nothing else is known
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.when; }

class Condition : public testing::TestWithParam<Row> {};

TEST_P(Condition, holds_where_it_should) {
  Parts parts;
  parts.tiers = kit::two_tiers("next_day");
  parts.rules =
      "rules: [ { id: r, bonus: 10 points per line, when: " + std::string(GetParam().when) +
      " }, { id: none, rate: 1 point per 100.00 } ]\n";
  const auto programme = kit::programme(parts);
  Basket basket = full();
  Basket bare;
  bare.line(2'000);
  EXPECT_EQ(points(programme, basket), GetParam().holds_full ? 10 : 0);
  EXPECT_EQ(points(programme, bare), GetParam().holds_bare ? 10 : 0);
}

INSTANTIATE_TEST_SUITE_P(
    Facts, Condition,
    testing::Values(
        Row{"{ department: beauty }", true, false}, Row{"{ department: food }", false, false},
        Row{"{ department: [food, beauty] }", true, false},
        Row{"{ department: { not: food } }", true, false},
        Row{"{ department: { not: [food, beauty] } }", false, false},
        Row{"{ brand: { exists: true } }", true, false},
        Row{"{ brand: { exists: false } }", false, true}, Row{"{ sku: 0123 }", true, false},
        Row{"{ store: \"0123\" }", true, false}, Row{"{ channel: store }", true, false},
        Row{"{ source: till-7 }", true, false}, Row{"{ associate: ann }", true, false},
        Row{"{ category: x }", false, false}, Row{"{ currency: GBP }", true, true},
        Row{"{ tier: silver }", true, false}, Row{"{ tier: { not: gold } }", true, false},
        Row{"{ tier: { at_least: silver } }", true, false},
        Row{"{ tier: { at_least: gold } }", false, false},
        Row{"{ tier: { at_most: silver } }", true, false},
        Row{"{ tier: { exists: false } }", false, true}, Row{"{ tag: refill }", true, false},
        Row{"{ tag: { not: refill } }", false, true},
        Row{"{ tag: { exists: false } }", false, true},
        Row{"{ attributes: { size: 12 } }", true, false},
        Row{"{ attributes: { size: { at_least: 12 } } }", true, false},
        Row{"{ attributes: { size: { above: 12 } } }", false, false},
        Row{"{ attributes: { size: { not: 13 } } }", true, false},
        Row{"{ quantity: 3 }", true, false}, Row{"{ quantity: { at_least: 3 } }", true, false},
        Row{"{ quantity: { below: 3 } }", false, true}, Row{"{ amount: 20.00 }", true, true},
        Row{"{ amount: { at_least: 20.00 } }", true, true},
        Row{"{ amount: { above: 20.00 } }", false, false},
        Row{"{ amount: { at_least: 10.00, at_most: 20.00 } }", true, true},
        Row{"{ basket: { above: 19.99 } }", true, true},
        Row{"{ basket: { above: 20.00 } }", false, false}));

INSTANTIATE_TEST_SUITE_P(
    Groups, Condition,
    testing::Values(Row{"{ any: [ { department: food }, { channel: store } ] }", true, false},
                    Row{"{ any: [ { department: food }, { amount: 20.00 } ] }", true, true},
                    Row{"{ all: [ { department: beauty }, { channel: store } ] }", true, false},
                    Row{"{ none: [ { department: food }, { brand: bolt } ] }", true, false},
                    Row{"{ none: [ { department: beauty } ] }", false, false},
                    Row{"{ none: [ { any: [ { brand: acme }, { amount: { above: 50 } } ] } ] }",
                        false, false},
                    Row{"{ amount: 20.00, any: [ { all: [ { tag: refill }, { quantity: 3 } ] } ] }",
                        true, false}));

TEST(Conditions, G1_missing_fact_is_neither_less_nor_unequal_and_says_so) {
  for (const char* when : {"{ age: { below: 18 } }", "{ age: { at_most: 18 } }",
                           "{ age: { not: 18 } }", "{ age: { not: [18, 19] } }"}) {
    const auto programme = bonus_when("{ attributes: " + std::string(when) + " }");
    Basket basket;
    basket.line(1'000);
    EXPECT_EQ(points(programme, basket), 0) << when;
    EXPECT_EQ(reasons(programme, basket).substr(0, 19), "r missing_fact age:") << when;
  }
}

TEST(Conditions, what_is_no_number_is_missing_where_a_number_is_asked_for) {
  const auto programme = bonus_when("{ attributes: { age: { below: 18 } } }");
  Basket basket;
  basket.line(1'000).attribute("age", "1e1");
  EXPECT_EQ(reasons(programme, basket), "r missing_fact age: below 18 (1e1)");
}

TEST(Conditions, F4_end_date_includes_its_last_day_in_the_programmes_zone) {
  const auto programme = bonus_active("{ from: 2025-06-01, until: 2025-06-30 }", "Europe/Rome");
  const auto at = [&](const char* moment) {
    Basket basket;
    basket.facts.at = *parse_instant(moment);
    return points(programme, basket.line(1'000));
  };
  EXPECT_EQ(at("2025-05-31T21:59:59Z"), 0);
  EXPECT_EQ(at("2025-05-31T22:00:00Z"), 10);
  EXPECT_EQ(at("2025-06-30T21:59:59.999Z"), 10);
  EXPECT_EQ(at("2025-06-30T22:00:00Z"), 0);
}

TEST(Conditions, days_and_hours_are_local) {
  const auto programme = bonus_active("{ days: [sat, sun], hours: [10:00-12:00, 22:00-02:00] }");
  const std::pair<const char*, int> rows[] = {{"2026-07-04 10:00", 10}, {"2026-07-04 11:59", 10},
                                              {"2026-07-04 12:00", 0},  {"2026-07-05 23:00", 10},
                                              {"2026-07-05 01:59", 10}, {"2026-07-06 01:00", 0},
                                              {"2026-07-03 23:30", 0}};
  for (const auto& [at, expected] : rows) {
    Basket basket(at);
    EXPECT_EQ(points(programme, basket.line(1'000)), expected) << at;
  }
}

TEST(Conditions, hours_hold_on_the_days_the_clock_changes) {
  const auto programme = bonus_active("{ hours: 01:30-03:00 }");
  Basket spring, autumn;
  spring.facts.at = *parse_instant("2026-03-29T01:15:00Z");  // 02:15 summer time
  autumn.facts.at = *parse_instant("2026-10-25T00:45:00Z");  // 01:45, the first time
  EXPECT_EQ(points(programme, spring.line(1'000)), 10);
  EXPECT_EQ(points(programme, autumn.line(1'000)), 10);
}

TEST(Conditions, threshold_is_before_or_after_rewards_as_declared) {
  for (const auto& [base, expected] : {std::pair("before_rewards", 10), {"after_rewards", 0}}) {
    Parts parts;
    parts.eligible = "eligible: { tenders_that_do_not_earn: [points] }\n";
    parts.rules =
        "rules: [ { id: r, bonus: 10 points, when: { basket: { at_least: 100.00, "
        "threshold_base: " +
        std::string(base) + " } } } ]\n";
    Basket basket;
    basket.line(10'000).tender("points", 100);
    EXPECT_EQ(points(kit::programme(parts), basket), expected) << base;
  }
}

TEST(Conditions, amounts_in_another_currency_are_compared_exactly) {
  const auto programme =
      bonus_when("{ basket: { at_least: 100.00 } }", "exchange: { ZAR: 1/17 }\n");
  Basket below("2026-10-21 11:00", "ZAR"), exact("2026-10-21 11:00", "ZAR");
  EXPECT_EQ(points(programme, below.line(169'999)), 0);
  EXPECT_EQ(points(programme, exact.line(170'000)), 10);
}

TEST(Conditions, events_have_a_department_and_no_lines) {
  const auto programme = bonus_when("{ event: visit, department: hair-salon }");
  Basket visit, elsewhere, sale;
  for (Basket* event : {&visit, &elsewhere}) {
    event->facts.currency.reset();
    event->facts.event = "visit";
  }
  visit.facts.department = "hair-salon";
  elsewhere.facts.department = "beauty";
  EXPECT_EQ(points(programme, visit), 10);
  EXPECT_EQ(points(programme, elsewhere), 0);
  EXPECT_EQ(points(programme, sale.line(1'000, "hair-salon")), 0);
}

TEST(Conditions, excluded_lines_meet_no_condition) {
  Parts parts;
  parts.eligible = "eligible: { exclude: { departments: [food], skus: [card] } }\n";
  parts.rules = "rules: [ { id: r, bonus: 10 points } ]\n";
  const auto programme = kit::programme(parts);
  Basket food, mixed;
  EXPECT_EQ(points(programme, food.line(1'000, "food").line(500).sku("card")), 0);
  EXPECT_EQ(points(programme, mixed.line(1'000, "food").line(500)), 10);
}

TEST(Explain, G12_tells_of_every_rule_why_it_did_or_did_not_apply) {
  Parts parts;
  parts.tiers = kit::two_tiers("next_day");
  parts.rules =
      "lanes: { l: best }\nrules:\n"
      "- { id: a, multiply: 3, lane: l, when: { department: beauty } }\n"
      "- { id: b, multiply: 2, lane: l }\n"
      "- { id: c, rate: 1 point per 2.00, rank: 1, when: { brand: acme } }\n"
      "- { id: d, bonus: 5 points, active: { from: 2027-01-01 } }\n"
      "- { id: e, bonus: 5 points, when: { department: food } }\n"
      "- { id: f, rate: 1 point per 4.00, when: { brand: acme } }\n";
  Basket basket;
  basket.line(1'000, "beauty").brand("acme").tier("silver");
  EXPECT_EQ(reasons(kit::programme(parts), basket),
            "a applied 10; b not_best; c applied 5; "
            "d outside_dates active (2026-10-21 11:00); "
            "e condition_failed department: food (beauty); f lower_precedence");
}

}  // namespace
}  // namespace laurel
