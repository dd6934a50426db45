// What rules ask of time, of the member and of what she did before.

#include "kit.hpp"

namespace laurel {
namespace {

using kit::Basket;
using kit::points;
using kit::reasons;

Programme bonus_when(const std::string& when) {
  kit::Parts parts;
  parts.rules = "rules: [ { id: r, bonus: 10 points, when: " + when + " } ]\n";
  return kit::programme(parts);
}

bool holds(const std::string& when, Basket& basket) {
  return points(bonus_when(when), basket) == 10;
}

struct OnDay {
  const char* when;
  const char* at;
  bool holds;
};

class Time : public testing::TestWithParam<OnDay> {};

TEST_P(Time, is_local) {
  Basket basket(GetParam().at);
  EXPECT_EQ(holds(GetParam().when, basket.line(1'000)), GetParam().holds)
      << GetParam().when << " at " << GetParam().at;
}

INSTANTIATE_TEST_SUITE_P(
    Past, Time,
    testing::Values(OnDay{"{ day: sat }", "2026-07-04 00:30", true},
                    OnDay{"{ day: [sun, mon] }", "2026-07-04 12:00", false},
                    OnDay{"{ day: { not: sat } }", "2026-07-04 12:00", false},
                    OnDay{"{ day: { not: sun } }", "2026-07-04 12:00", true},
                    OnDay{"{ hours: 22:00-02:00 }", "2026-07-04 01:59", true},
                    OnDay{"{ hours: [10:00-11:00, 14:00-15:00] }", "2026-07-04 12:00", false},
                    OnDay{"{ date: 2026-07-04 }", "2026-07-04 23:59", true},
                    OnDay{"{ date: 2026-07-04 }", "2026-07-05 00:00", false},
                    OnDay{"{ date: { from: 2026-07-04 } }", "2026-07-03 23:59", false},
                    OnDay{"{ date: { until: 2026-07-04 } }", "2026-07-04 23:59", true},
                    OnDay{"{ any: [ { day: sun }, { hours: 08:00-09:00 } ] }", "2026-07-04 08:30",
                          true}));

struct OfMember {
  const char* when;
  const char* at;
  bool holds;
};

class Person : public testing::TestWithParam<OfMember> {};

// Born on a leap day, enrolled on 1 March 2026, in one segment.
TEST_P(Person, is_as_she_is_then) {
  Basket basket(GetParam().at);
  basket.line(1'000).born("2004-02-29").enrolled("2026-03-01").language("it").segment("vip");
  EXPECT_EQ(holds(GetParam().when, basket), GetParam().holds)
      << GetParam().when << " at " << GetParam().at;
}

INSTANTIATE_TEST_SUITE_P(
    Past, Person,
    testing::Values(
        OfMember{"{ segment: vip }", "2026-03-01 12:00", true},
        OfMember{"{ segment: [staff, vip] }", "2026-03-01 12:00", true},
        OfMember{"{ segment: staff }", "2026-03-01 12:00", false},
        OfMember{"{ segment: { not: vip } }", "2026-03-01 12:00", false},
        OfMember{"{ segment: { not: staff } }", "2026-03-01 12:00", true},
        OfMember{"{ segment: { exists: true } }", "2026-03-01 12:00", true},
        OfMember{"{ member: { language: it } }", "2026-03-01 12:00", true},
        OfMember{"{ member: { language: { not: [it, en] } } }", "2026-03-01 12:00", false},
        OfMember{"{ member: { age: { at_least: 22 } } }", "2026-02-27 12:00", false},
        OfMember{"{ member: { age: { at_least: 22 } } }", "2026-02-28 00:00", true},
        OfMember{"{ member: { age: 24 } }", "2028-02-28 12:00", false},
        OfMember{"{ member: { age: 24 } }", "2028-02-29 12:00", true},
        OfMember{"{ member: { enrolled: { below: 1 day } } }", "2026-03-01 23:00", true},
        OfMember{"{ member: { enrolled: { at_least: 30 days } } }", "2026-03-30 12:00", false},
        OfMember{"{ member: { enrolled: { at_least: 30 days } } }", "2026-03-31 00:00", true},
        OfMember{"{ member: { enrolled: { above: 1 year, at_most: 2 years } } }",
                 "2027-03-01 12:00", false},
        OfMember{"{ member: { enrolled: { above: 1 year, at_most: 2 years } } }",
                 "2027-03-02 12:00", true}));

INSTANTIATE_TEST_SUITE_P(
    F6_born_on_a_leap_day, Person,
    testing::Values(OfMember{"{ birthday: today }", "2026-02-28 12:00", true},
                    OfMember{"{ birthday: today }", "2026-03-01 12:00", false},
                    OfMember{"{ birthday: today }", "2028-02-28 12:00", false},
                    OfMember{"{ birthday: today }", "2028-02-29 12:00", true},
                    OfMember{"{ birthday: month }", "2027-02-01 12:00", true},
                    OfMember{"{ birthday: month }", "2027-03-01 12:00", false},
                    OfMember{"{ birthday: { within: 7 days } }", "2027-02-21 12:00", true},
                    OfMember{"{ birthday: { within: 7 days } }", "2027-03-07 12:00", true},
                    OfMember{"{ birthday: { within: 7 days } }", "2027-03-08 12:00", false}));

TEST(Past, birthday_at_the_turn_of_the_year_is_near_from_both_sides) {
  for (const char* at : {"2026-12-30 12:00", "2027-01-03 12:00"}) {
    Basket basket(at);
    EXPECT_TRUE(holds("{ birthday: { within: 3 days } }", basket.line(1'000).born("1990-01-01")))
        << at;
  }
}

TEST(Past, F6_birthday_on_a_leap_day_comes_once_every_year) {
  const auto programme = bonus_when("{ birthday: today }");
  for (int year = 2025; year <= 2032; ++year) {
    int days = 0;
    for (Date day = std::chrono::year(year) / 1 / 1; day <= Date(std::chrono::year(year) / 12 / 31);
         day = day + std::chrono::days(1)) {
      Basket basket(to_text(day) + " 12:00");
      days += points(programme, basket.line(1'000).born("2000-02-29")) == 10 ? 1 : 0;
    }
    EXPECT_EQ(days, 1) << year;
  }
}

TEST(Past, G1_what_is_not_known_of_a_member_is_missing_and_named) {
  for (const char* when :
       {"{ member: { age: { below: 18 } } }", "{ none: [ { member: { age: { at_least: 18 } } } ] }",
        "{ birthday: today }", "{ member: { language: { not: en } } }",
        "{ none: [ { birthday: month } ] }"}) {
    Basket basket;
    basket.line(1'000).segment("vip");
    EXPECT_EQ(points(bonus_when(when), basket), 0) << when;
    EXPECT_EQ(reasons(bonus_when(when), basket).substr(0, 14), "r missing_fact") << when;
  }
  Basket basket;
  EXPECT_EQ(reasons(bonus_when("{ member: { age: { below: 18 } } }"), basket.line(1'000)),
            "r missing_fact age: below 18 ()");
}

TEST(Past, G1_nobody_known_meets_no_condition_on_members_or_their_past) {
  for (const char* when :
       {"{ segment: { not: vip } }", "{ member: { enrolled: { at_least: 1 day } } }", "{ nth: 1 }",
        "{ first_purchase: true }", "{ history: { purchases: { below: 5 } } }",
        "{ none: [ { history: { visits: { at_least: 9 } } } ] }"}) {
    Basket basket;
    EXPECT_EQ(points(bonus_when(when), basket.line(1'000)), 0) << when;
    EXPECT_EQ(reasons(bonus_when(when), basket).substr(0, 14), "r missing_fact") << when;
  }
}

TEST(Past, departments_of_this_sale_count_too_each_once) {
  const std::string when = "{ history: { departments: { at_least: 3, within: 30 days } } }";
  Basket third, again, excluded;
  third.line(1'000, "beauty").past(std::vector<std::string>{"fashion", "food"});
  again.line(1'000, "food").line(1, "fashion").past(std::vector<std::string>{"fashion", "food"});
  excluded.line(0, "beauty").past(std::vector<std::string>{"fashion", "food"});
  EXPECT_TRUE(holds(when, third));
  EXPECT_FALSE(holds(when, again));
  EXPECT_FALSE(holds(when, excluded));  // nothing was spent there
  EXPECT_EQ(reasons(bonus_when(when), again),
            "r condition_failed departments: at_least 3 within 30 days (2)");
}

TEST(Past, this_purchase_this_day_and_what_is_spent_now_are_counted) {
  const auto with = [](const char* kind, const char* bounds) {
    return "{ history: { " + std::string(kind) + ": { " + bounds + " } } }";
  };
  Basket two, same_day, new_day, spent;
  EXPECT_TRUE(holds(with("purchases", "at_least: 3"), two.line(1'000).past(2)));
  EXPECT_FALSE(holds(with("visits", "at_least: 3"), same_day.line(1'000).past(2, true)));
  EXPECT_TRUE(holds(with("visits", "at_least: 3"), new_day.line(1'000).past(2)));
  EXPECT_TRUE(holds(with("spend", "at_least: 100.00"), spent.line(1'000).past(9'000)));
  EXPECT_FALSE(holds(with("spend", "above: 100.00"), spent));
}

TEST(Past, only_what_is_of_the_place_is_counted) {
  const std::string when =
      "{ history: { spend: { at_least: 10.00, in: { department: [food, cafe], channel: store } } } "
      "}";
  Basket there, elsewhere;
  there.facts.channel = "store";
  elsewhere.facts.channel = "online";
  EXPECT_TRUE(holds(when, there.line(600, "food").line(9'000, "beauty").past(400)));
  EXPECT_FALSE(holds(when, elsewhere.line(600, "food").past(400)));
}

TEST(Past, several_entries_must_all_hold) {
  const std::string when =
      "{ history: [ { purchases: { at_least: 2 } }, { events: { at_least: 1, in: { event: review "
      "} } } ] }";
  Basket both, one;
  EXPECT_TRUE(holds(when, both.line(1'000).past(1).past(1)));
  EXPECT_FALSE(holds(when, one.line(1'000).past(1).past(0)));
}

TEST(Past, nth_counts_this_one_by_the_conditions_beside_it) {
  const auto programme = bonus_when("{ event: visit, department: hair-salon, nth: 1 }");
  const auto& question = programme.compiled().questions.at(0);
  EXPECT_EQ(question.of, programme::Question::Of::kEvents);
  EXPECT_EQ(question.events, std::vector<std::string>{"visit"});
  EXPECT_EQ(question.departments, std::vector<std::string>{"hair-salon"});
  Basket first, second, sale;
  EXPECT_EQ(points(programme, first.event("visit", "hair-salon").past(0)), 10);
  EXPECT_EQ(points(programme, second.event("visit", "hair-salon").past(1)), 0);
  EXPECT_EQ(points(programme, sale.line(1'000, "hair-salon").past(0)), 0);
}

TEST(Past, every_tenth_is_full) {
  const auto programme = bonus_when("{ department: cafe, nth: { every: 10 } }");
  EXPECT_EQ(programme.compiled().questions.at(0).departments, std::vector<std::string>{"cafe"});
  for (int before = 0; before < 25; ++before) {
    Basket coffee, cake;
    EXPECT_EQ(points(programme, coffee.line(300, "cafe").past(before)), before % 10 == 9 ? 10 : 0);
    EXPECT_EQ(points(programme, cake.line(300, "bakery").past(before)), 0);
  }
}

TEST(Past, first_purchase_is_a_sale_with_none_before_it) {
  const std::string first = "{ first_purchase: true }";
  const std::string later = "{ first_purchase: false }";
  Basket none, one, event;
  EXPECT_TRUE(holds(first, none.line(1'000).past(0)));
  EXPECT_FALSE(holds(later, none));
  EXPECT_FALSE(holds(first, one.line(1'000).past(1)));
  EXPECT_TRUE(holds(later, one));
  EXPECT_FALSE(holds(first, event.event("visit").past(1)));
}

TEST(Past, only_rules_that_may_apply_ask) {
  kit::Parts parts;
  parts.rules =
      "rules:\n- { id: a, bonus: 1 points, when: { department: food, history: { visits: { "
      "at_least: "
      "2 } } } }\n"
      "- { id: b, bonus: 1 points, when: { department: cafe, first_purchase: true } }\n"
      "- { id: c, bonus: 1 points, when: { any: [ { department: cafe }, { nth: 5 } ] } }\n";
  const auto programme = kit::programme(parts);
  ASSERT_EQ(programme.compiled().questions.size(), 2u);  // b and c ask the same
  Basket food, none;
  EXPECT_EQ(programme.compiled().needs(food.line(1'000, "food")()).questions,
            (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(programme.compiled().needs(none.line(1'000, "toys")()).questions,
            std::vector<std::uint32_t>{1});
}

}  // namespace
}  // namespace laurel
