// What a basket earns, by the figures of the domain.

#include "kit.hpp"

namespace laurel {
namespace {

using kit::awards;
using kit::Basket;
using kit::Parts;
using kit::points;

const std::string kByLine =
    "wallets:\n  points:\n    rounding: { mode: floor, at: line }\n    expires: never\n";

TEST(Evaluate, D10_rounds_per_line_or_per_transaction) {
  Basket basket;
  basket.line(60).line(60).line(60);
  EXPECT_EQ(points(kit::programme(Parts{}), basket), 1);
  EXPECT_EQ(points(kit::programme(Parts{.wallets = kByLine}), basket), 0);
}

TEST(Evaluate, D10_line_points_sum_to_the_total_by_largest_remainder) {
  Basket basket;
  basket.line(160).line(170).line(170);
  EXPECT_EQ(awards(kit::programme(Parts{}), basket), "0 base 1, 1 base 2, 2 base 2");
}

TEST(Evaluate, D5_step_rate_is_not_a_linear_one) {
  const auto programme =
      kit::programme(Parts{.rules = "rules: [ { id: step, rate: 5 points per full 2.50 } ]\n"});
  const std::pair<std::int64_t, std::int64_t> rows[] = {
      {249, 0}, {250, 5}, {300, 5}, {499, 5}, {500, 10}};
  for (const auto& [minor, expected] : rows) {
    Basket basket;
    EXPECT_EQ(points(programme, basket.line(minor)), expected) << minor;
  }
}

TEST(Evaluate, D5_steps_are_counted_where_the_wallet_rounds) {
  const std::string step = "rules: [ { id: step, rate: 5 points per full 2.50 } ]\n";
  Basket basket;
  basket.line(200).line(100).line(200);
  EXPECT_EQ(awards(kit::programme(Parts{.rules = step}), basket), "0 step 4, 1 step 2, 2 step 4");
  EXPECT_EQ(points(kit::programme(Parts{.wallets = kByLine, .rules = step}), basket), 0);
}

TEST(Evaluate, D8_converts_once_and_keeps_the_rate_of_the_sale) {
  Parts parts;
  parts.head =
      "programme: test\neffective_from: 2020-01-01\ntime_zone: Europe/Rome\ncurrency: EUR\n"
      "exchange: { ZAR: 1/17 }\n";
  Basket sale("2026-10-21 11:00", "ZAR");
  sale.line(170'000);
  const auto programme = kit::programme(parts);
  const auto decision = programme.compiled().evaluate(sale());
  EXPECT_EQ(points(decision), 100);
  EXPECT_EQ(decision.spend_minor, 10'000);
  EXPECT_EQ(decision.exchange_rate, Fraction(1, 17));
  parts.head.replace(parts.head.find("1/17"), 4, "1/20");
  sale.facts.exchange_rate = decision.exchange_rate;
  EXPECT_EQ(points(kit::programme(parts), sale), 100);
}

struct MinorUnits {
  const char* currency;
  std::int64_t minor, expected;
};

TEST(Evaluate, D9_minor_units_are_those_of_the_currency) {
  for (const auto& [currency, minor, expected] :
       {MinorUnits{"JPY", 275, 275}, MinorUnits{"KWD", 12'345, 12}, MinorUnits{"GBP", 275, 2}}) {
    Parts parts;
    parts.head = "programme: t\neffective_from: 2020-01-01\ntime_zone: UTC\ncurrency: " +
                 std::string(currency) + "\n";
    parts.rules = "rules: [ { id: base, rate: 1 point per 1 } ]\n";
    Basket basket("2026-10-21 11:00", currency);
    EXPECT_EQ(points(kit::programme(parts), basket.line(minor)), expected) << currency;
  }
}

TEST(Evaluate, D9_currency_that_the_programme_does_not_take_earns_nothing) {
  Basket basket("2026-10-21 11:00", "USD");
  EXPECT_EQ(points(kit::programme(Parts{}), basket.line(10'000)), 0);
}

std::string thousands(std::string_view crossing) {
  return "tiers:\n  metric: spend\n  window: calendar_year\n  valid_until: end_of_year\n"
         "  crossing: " +
         std::string(crossing) +
         "\n  on_return: immediate\n"
         "  downgrade: to_qualified\n  levels:\n    - { id: none, from: 0 }\n"
         "    - { id: one, from: 100000, rate: 1 point per 1000 }\n"
         "    - { id: two, from: 300000, rate: 1 point per 900 }\n";
}

TEST(Evaluate, D13_crossing_purchase_is_valued_as_declared) {
  const std::pair<const char*, std::int64_t> rows[] = {
      {"next_purchase", 150}, {"next_day", 150}, {"split", 155}, {"whole_purchase", 166}};
  for (const auto& [crossing, expected] : rows) {
    const auto programme = kit::programme(Parts{.tiers = thousands(crossing), .rules = ""});
    Basket basket;
    basket.line(15'000'000).tier("one", 19'600'000);
    EXPECT_EQ(points(programme, basket), expected) << crossing;
  }
}

TEST(Evaluate, D13_below_the_first_rate_nothing_is_earned) {
  const auto programme = kit::programme(Parts{.tiers = thousands("whole_purchase"), .rules = ""});
  Basket small, large, exact;
  EXPECT_EQ(points(programme, small.line(2'000'000).tier("none")), 0);
  EXPECT_EQ(points(programme, large.line(19'600'000).tier("none")), 196);
  exact.line(30'000'000).tier("none");
  EXPECT_EQ(awards(programme, exact), "0 tier:two 333");
}

TEST(Evaluate, D13_split_purchase_shares_each_level_over_the_lines) {
  const auto programme = kit::programme(Parts{.tiers = kit::two_tiers("split"), .rules = ""});
  Basket basket;
  basket.line(10'000).line(10'000).tier("silver", 90'000);
  EXPECT_EQ(awards(programme, basket),
            "0 tier:silver 50, 0 tier:gold 100, 1 tier:silver 50, 1 tier:gold 100");
}

const std::string kTenders = "eligible:\n  tenders_that_do_not_earn: [points]\n";

TEST(Evaluate, D2_part_paid_with_points_earns_as_declared) {
  const std::pair<std::string, std::int64_t> rows[] = {{"", 50},
                                                       {"  earn_on: cash_part\n", 50},
                                                       {"  earn_on: gross\n", 100},
                                                       {"  earn_on: none_if_redeemed\n", 0}};
  for (const auto& [earn_on, expected] : rows) {
    Basket basket;
    basket.line(10'000).tender("card", 5'000).tender("points", 5'000);
    EXPECT_EQ(points(kit::programme(Parts{.eligible = kTenders + earn_on}), basket), expected)
        << earn_on;
  }
}

TEST(Evaluate, D3_tax_and_shipping_stay_out_of_the_base_and_are_shown) {
  const auto programme = kit::programme(
      Parts{.eligible = "eligible:\n  amount: before_tax\n  exclude: { tags: delivery }\n"});
  Basket basket;
  basket.line(12'200).tax(2'200).line(700).tag("delivery");
  EXPECT_EQ(points(programme, basket), 100);
  const auto lines = programme.compiled().explain(basket()).lines;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].charged, "122.00");
  EXPECT_EQ(lines[0].eligible, "100.00");
  EXPECT_EQ(lines[0].excluded, std::vector<std::string>{"-22.00 tax"});
  EXPECT_EQ(lines[1].excluded, std::vector<std::string>{"-7.00 excluded tag: delivery"});
}

TEST(Evaluate, C15_threshold_bonus_is_rechecked_or_kept) {
  for (const auto& [on_return, kept] : {std::pair("recheck", 50), std::pair("keep_bonus", 150)}) {
    const auto programme = kit::programme(
        Parts{.rules = kit::rules("- { id: spend, when: { basket: { at_least: 300.00 } }, "
                                  "bonus: 100 points, on_return: " +
                                  std::string(on_return) + " }")});
    Basket sale, rest;
    for (int i = 0; i < 6; ++i) sale.line(5'000);
    EXPECT_EQ(points(programme, sale), 400);
    EXPECT_EQ(points(programme, rest.line(5'000).keep("spend")), kept) << on_return;
  }
}

TEST(Evaluate, C1_nothing_kept_keeps_no_bonus) {
  const auto programme = kit::programme(
      Parts{.rules = kit::rules("- { id: gift, bonus: 100 points, on_return: keep_bonus }")});
  Basket nothing;
  EXPECT_EQ(points(programme, nothing.line(0).quantity(Quantity{}).keep("gift")), 0);
}

}  // namespace
}  // namespace laurel
