// Limits, budgets, the switch that stops a rule, and the levels that rules give.

#include "kit.hpp"

namespace laurel {
namespace {

using kit::awards;
using kit::Basket;
using kit::Parts;
using kit::reasons;

constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

Programme with_rules(const std::string& more, Parts parts = {}) {
  parts.rules = kit::rules(more);
  return kit::programme(parts);
}

std::string uses(const Programme& programme, Basket& basket) {
  std::string text;
  for (const auto& use : programme.compiled().evaluate(basket()).uses) {
    text += (text.empty() ? "" : ", ") + std::string(use.counter) + " " +
            std::to_string(use.units) + " " + std::to_string(use.times);
  }
  return text;
}

TEST(Limits, are_read_as_they_are_written) {
  const auto programme = with_rules(
      "- id: a\n  bonus: 5 points\n  budget: 2,000,000 points\n"
      "  limit: [ { points: 50, every: week }, { times: 3, per: all, every: 2 weeks } ]");
  const auto& limits = programme.compiled().limits;
  ASSERT_EQ(limits.size(), 3u);
  EXPECT_EQ(text_of(limits[0], 0), "limit: 3 times for all, 14 days");
  EXPECT_EQ(text_of(limits[1], 0), "limit: 50 points per member, week");
  EXPECT_EQ(text_of(limits[2], 0), "budget: 2000000 points, ever");
  for (const auto& limit : limits) EXPECT_EQ(limit.counter, "rule:a");
}

struct Written {
  const char* budget;
  std::int64_t units;
};

class Budget : public testing::TestWithParam<Written> {};

TEST_P(Budget, is_never_misread) {
  Parts parts;
  parts.wallets +=
      "    scale: 1\n    liability: { unit_cost: 0.03 GBP, expected_redemption: 97% }\n";
  const auto programme =
      with_rules("- id: a\n  bonus: 5 points\n  budget: " + std::string(GetParam().budget), parts);
  ASSERT_EQ(programme.compiled().limits.size(), 1u);
  EXPECT_EQ(programme.compiled().limits[0].units, GetParam().units);
  EXPECT_FALSE(programme.compiled().limits[0].per_member);
}

INSTANTIATE_TEST_SUITE_P(Limits, Budget,
                         testing::Values(Written{"2000000 points", 20'000'000},
                                         Written{"2,000,000 points", 20'000'000},
                                         Written{"1,500.5 points", 15'005},
                                         Written{"0.30 GBP", 100}, Written{"1.00 GBP", 333},
                                         Written{"10,000.00 GBP", 3'333'333},
                                         Written{"{ total: 999 points, every: month }", 9'990}));

TEST(Limits, rule_without_room_does_not_apply_and_says_why) {
  const auto programme = with_rules(
      "- { id: a, bonus: 5 points, limit: { times: 1 } }\n"
      "- { id: b, bonus: 7 points, budget: 100 points }");
  Basket basket;
  basket.line(1'000).room(0, kNoEnd, 0).room(1, 0, kNoEnd);
  EXPECT_EQ(awards(programme, basket), "0 base 10");
  EXPECT_EQ(reasons(programme, basket),
            "a limit_reached limit: 1 times per member, ever (nothing left); "
            "b budget_exhausted budget: 100 points, ever (nothing left); base applied 10");
  EXPECT_EQ(uses(programme, basket), "");
}

TEST(Limits, what_is_too_much_is_cut_by_largest_remainder_and_says_so) {
  const auto programme = with_rules("- { id: a, multiply: 2, limit: { points: 100, every: day } }");
  Basket basket;
  basket.line(1'000).line(2'000).line(4'000).room(0, 10, kNoEnd);
  EXPECT_EQ(awards(programme, basket), "0 a 1, 0 base 10, 1 a 3, 1 base 20, 2 a 6, 2 base 40");
  EXPECT_EQ(uses(programme, basket), "rule:a 10 1");
  const auto decision = programme.compiled().evaluate(basket());
  EXPECT_EQ(decision.awards[0].cut, Points(9));
  EXPECT_EQ(reasons(programme, basket).substr(0, 72),
            "a partly 1 limit: 100 points per member, day (9 more than it leaves); a ");
}

TEST(Limits, G12_what_is_left_is_told_of_a_rule_that_applied) {
  const auto programme = with_rules(
      "- { id: a, bonus: 5 points, limit: { times: 3, every: day }, budget: 100 points }");
  Basket basket;
  basket.line(1'000).room(0, kNoEnd, 2).room(1, 70, kNoEnd);
  EXPECT_EQ(reasons(programme, basket),
            "a applied 5 limit: 3 times per member, day; budget: 100 points, ever "
            "(2 times left; 70 points left); base applied 10");
}

TEST(Limits, room_that_nobody_told_is_without_end) {
  const auto programme = with_rules("- { id: a, bonus: 5 points, limit: { points: 1 } }");
  Basket basket;
  EXPECT_EQ(awards(programme, basket.line(1'000)), "- a 5, 0 base 10");
  EXPECT_EQ(uses(programme, basket), "rule:a 5 1");
}

TEST(Limits, rate_without_room_leaves_the_line_to_the_next_rate) {
  const auto programme =
      with_rules("- { id: a, rate: 5 points per 1.00, rank: 1, limit: { points: 20 } }");
  Basket full, partly, spent;
  EXPECT_EQ(awards(programme, full.line(300).room(0, 20, kNoEnd)), "0 a 15");
  EXPECT_EQ(awards(programme, partly.line(1'000).room(0, 20, kNoEnd)), "0 a 20");
  EXPECT_EQ(awards(programme, spent.line(1'000).room(0, 0, kNoEnd)), "0 base 10");
}

TEST(Limits, wallet_caps_all_that_is_earned_in_it) {
  Parts parts;
  parts.wallets += "    limit: { points: 100, every: day }\n";
  const auto programme = with_rules("- { id: a, bonus: 50 points, limit: { points: 500 } }", parts);
  EXPECT_EQ(programme.compiled().limits[1].counter, "wallet:points");
  Basket basket, spent;
  basket.line(10'000).room(0, 500, kNoEnd).room(1, 30, kNoEnd);
  EXPECT_EQ(awards(programme, basket), "- a 10, 0 base 20");
  EXPECT_EQ(uses(programme, basket), "rule:a 10 1, wallet:points 30 1");
  spent.line(10'000).room(0, 500, kNoEnd).room(1, 0, kNoEnd);
  EXPECT_EQ(awards(programme, spent), "- a 0, 0 base 0");
  EXPECT_EQ(reasons(programme, spent).substr(0, 52),
            "a limit_reached limit: 100 points per member, day (5");
  EXPECT_EQ(uses(programme, spent), "");
}

TEST(Limits, best_of_a_lane_is_what_can_really_be_given) {
  Parts parts;
  parts.rules =
      "lanes: { l: best }\nrules:\n"
      "- { id: large, bonus: 500 points, lane: l, limit: { points: 1000 } }\n"
      "- { id: small, bonus: 200 points, lane: l }\n";
  const auto programme = kit::programme(parts);
  Basket plenty, little, none;
  EXPECT_EQ(awards(programme, plenty.line(1'000).room(0, 300, kNoEnd)), "- large 300");
  EXPECT_EQ(awards(programme, little.line(1'000).room(0, 100, kNoEnd)), "- small 200");
  EXPECT_EQ(awards(programme, none.line(1'000).room(0, 0, kNoEnd)), "- small 200");
}

TEST(Limits, best_of_a_lane_is_told_line_by_line) {
  Parts parts;
  parts.rules =
      "lanes: { l: best }\nrules:\n"
      "- { id: large, bonus: 4 points per line, lane: l, limit: { points: 5 } }\n"
      "- { id: small, bonus: 3 points per line, lane: l }\n";
  Basket basket;
  basket.line(1'000).line(1'000).line(1'000).room(0, 5, kNoEnd);
  EXPECT_EQ(awards(kit::programme(parts), basket), "0 large 4, 1 small 3, 2 small 3");
}

TEST(Limits, only_rules_that_may_apply_ask_for_room) {
  const auto programme = with_rules(
      "- { id: a, bonus: 5 points, when: { department: beauty }, limit: { times: 1 } }\n"
      "- { id: b, bonus: 5 points, when: { department: food }, limit: { times: 1 } }");
  Basket basket;
  const auto needs = programme.compiled().needs(basket.line(1'000, "food")());
  EXPECT_EQ(needs.limits, std::vector<std::uint32_t>{1});
  EXPECT_TRUE(needs.questions.empty());
}

TEST(Limits, programme_without_any_asks_for_nothing) {
  const auto programme = with_rules("- { id: a, bonus: 5 points, when: { segment: vip } }");
  Basket basket;
  const auto needs = programme.compiled().needs(basket.line(1'000)());
  EXPECT_TRUE(needs.limits.empty() && needs.questions.empty());
  EXPECT_TRUE(programme.compiled().asks_member);
}

TEST(Stopped, rule_does_not_apply_and_says_so) {
  const auto programme = with_rules(
      "- { id: a, bonus: 5 points }\n- { id: b, bonus: 7 points, when: { department: food } }");
  Basket basket;
  basket.line(1'000, "food").stop("a").stop("b").stop("unknown");
  EXPECT_EQ(awards(programme, basket), "0 base 10");
  EXPECT_EQ(reasons(programme, basket), "a stopped; b stopped; base applied 10");
}

Parts with_tiers() {
  Parts parts;
  parts.tiers = kit::two_tiers("next_day");
  return parts;
}

std::string grants(const Programme& programme, Basket& basket) {
  std::string text;
  for (const auto& grant : programme.compiled().evaluate(basket()).grants) {
    text += std::string(grant.rule) + " " + std::string(grant.level) + " " + to_text(grant.until);
  }
  return text;
}

struct Until {
  const char* written;
  const char* end;  // as seen from 21 October 2026, London
};

class GrantEnds : public testing::TestWithParam<Until> {};

TEST_P(GrantEnds, with_its_last_local_day) {
  const auto programme = with_rules(
      "- { id: a, grant: { tier: gold, " + std::string(GetParam().written) + " } }", with_tiers());
  Basket basket;
  EXPECT_EQ(grants(programme, basket.line(1'000)), "a gold " + std::string(GetParam().end));
}

INSTANTIATE_TEST_SUITE_P(Grants, GrantEnds,
                         testing::Values(Until{"for: 12 months", "2027-10-21T23:00:00Z"},
                                         Until{"for: 1 day", "2026-10-22T23:00:00Z"},
                                         Until{"until: 2026-12-31, reason: by hand",
                                               "2027-01-01T00:00:00Z"},
                                         Until{"until: end_of_month", "2026-11-01T00:00:00Z"},
                                         Until{"until: end_of_quarter", "2027-01-01T00:00:00Z"},
                                         Until{"until: end_of_year", "2027-01-01T00:00:00Z"},
                                         Until{"until: end_of_next_year", "2028-01-01T00:00:00Z"},
                                         Until{"until: never", "never"}));

TEST(Grants, count_as_once_against_a_limit_and_end_with_it) {
  const auto programme = with_rules(
      "- { id: a, grant: { tier: gold, until: never }, limit: { times: 1 } }", with_tiers());
  Basket first, second;
  EXPECT_EQ(grants(programme, first.line(1'000)), "a gold never");
  EXPECT_EQ(uses(programme, first), "rule:a 0 1");
  EXPECT_EQ(grants(programme, second.line(1'000).room(0, kNoEnd, 0)), "");
}

TEST(Grants, are_explained_with_their_reason) {
  const auto programme = with_rules(
      "- { id: a, grant: { tier: gold, until: never, reason: a good year } }", with_tiers());
  Basket basket;
  const auto explained = programme.compiled().explain(basket.line(1'000)());
  const auto& reason = explained.reasons.at(0);
  EXPECT_TRUE(reason.applied);
  EXPECT_EQ(reason.rule + ": " + reason.seen, "a: gives the level gold: a good year");
}

TEST(Grants, day_that_has_passed_gives_nothing) {
  const auto programme =
      with_rules("- { id: a, grant: { tier: gold, until: 2026-10-20 } }", with_tiers());
  Basket late, early("2026-10-20 23:00");
  EXPECT_EQ(grants(programme, late.line(1'000)), "");
  EXPECT_EQ(grants(programme, early.line(1'000)), "a gold 2026-10-20T23:00:00Z");
}

// Conditions see the member as she is before the transaction, so no effect can feed one.
TEST(Grants, G7_level_given_is_no_condition_of_the_same_transaction) {
  const auto programme = with_rules(
      "- { id: a, grant: { tier: gold, until: never }, when: { tier: silver } }\n"
      "- { id: b, bonus: 5 points, when: { tier: gold } }",
      with_tiers());
  Basket basket;
  basket.line(1'000).tier("silver");
  EXPECT_EQ(grants(programme, basket), "a gold never");
  EXPECT_EQ(awards(programme, basket), "0 base 10");
}

}  // namespace
}  // namespace laurel
