// Where a member stands, as a fold over what she spent. Figures in whole euros.

#include <gtest/gtest.h>

#include "tier_kit.hpp"

namespace laurel::ledger {
namespace {

using tier_kit::at;
using tier_kit::Fold;
using tier_kit::standard;

TEST(Tier, thresholds_are_reached_at_their_exact_amount) {
  const auto policy = standard();
  EXPECT_EQ(qualified_level(policy, 999'99), 0);
  EXPECT_EQ(qualified_level(policy, 1'000'00), 1);
  EXPECT_EQ(qualified_level(policy, 5'000'00), 2);
  EXPECT_EQ(qualified_level(policy, -1), -1);
  EXPECT_EQ(level_index(policy, "gold"), 1);
  EXPECT_EQ(level_index(policy, "platinum"), -1);
}

TEST(Tier, a_programme_without_levels_has_no_standing) {
  Fold fold{TierPolicy{}};
  fold.spends("2025-03-01", 1'000);
  EXPECT_EQ(fold.standing("2025-03-01"), TierStanding{});
}

TEST(Tier, somebody_new_stands_at_the_first_level) {
  const Fold fold;
  const auto standing = fold.standing("2025-01-01");
  EXPECT_EQ(standing.id, "silver");
  EXPECT_EQ(standing.next_id, "gold");
  EXPECT_EQ(standing.next_needs_minor, 1'000'00);
}

// ---- Windows ------------------------------------------------------------------------------------

struct WindowRow {
  const char* name;
  TierWindow window;
  int length;
  const char* last_counted;  // the last day on which a sale of 15 March 2025 counts
  const char* gone;          // the first on which it does not; empty: for ever
};

class Window : public testing::TestWithParam<WindowRow> {};

TEST_P(Window, counts_a_sale_up_to_its_last_day) {
  auto policy = standard();
  policy.window = GetParam().window;
  policy.window_length = GetParam().length;
  Fold fold(policy);
  fold.spends("2025-03-15", 700);
  EXPECT_EQ(fold.spend(GetParam().last_counted), 700);
  if (*GetParam().gone != '\0') {
    EXPECT_EQ(fold.spend(GetParam().gone), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Tier, Window,
    testing::Values(
        WindowRow{"calendar_year", TierWindow::kCalendarYear, 0, "2025-12-31T22:59:59Z",
                  "2025-12-31T23:00:00Z"},
        WindowRow{"rolling_12_months", TierWindow::kRollingMonths, 12, "2026-03-14", "2026-03-15"},
        WindowRow{"rolling_1_month", TierWindow::kRollingMonths, 1, "2025-04-14", "2025-04-15"},
        WindowRow{"rolling_365_days", TierWindow::kRollingDays, 365, "2026-03-14", "2026-03-15"},
        WindowRow{"rolling_30_days", TierWindow::kRollingDays, 30, "2025-04-13", "2025-04-14"},
        WindowRow{"lifetime", TierWindow::kLifetime, 0, "2099-12-31", ""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Tier, a_sale_of_new_years_eve_counts_in_the_local_year) {
  Fold fold;
  fold.spends("2025-12-31T23:30:00Z", 700);
  EXPECT_EQ(fold.spend("2025-12-31T22:30:00Z"), 0);
  EXPECT_EQ(fold.spend("2026-01-01"), 700);
}

// ---- Crossing -----------------------------------------------------------------------------------

struct CrossingRow {
  const char* name;
  TierCrossing crossing;
  int days;
  const char* still_silver;  // empty: gold at once
  const char* first_gold;
};

class Crossing : public testing::TestWithParam<CrossingRow> {};

TEST_P(Crossing, holds_from_its_day) {
  const auto& row = GetParam();
  auto policy = standard();
  policy.crossing = row.crossing;
  policy.crossing_days = row.days;
  Fold fold(policy);
  fold.spends("2025-03-10", 600).spends("2025-03-15", 450);
  if (*row.still_silver != '\0') {
    EXPECT_EQ(fold.level("2025-03-15"), "silver");
    EXPECT_EQ(fold.standing("2025-03-15").upcoming_id, "gold");
    EXPECT_EQ(fold.level(row.still_silver), "silver");
  }
  EXPECT_EQ(fold.level(row.first_gold), "gold");
  EXPECT_EQ(fold.standing(row.first_gold).upcoming_id, "");
  EXPECT_EQ(fold.until(row.first_gold), "2025-12-31");
}

INSTANTIATE_TEST_SUITE_P(
    Tier, Crossing,
    testing::Values(CrossingRow{"split", TierCrossing::kSplit, 0, "", "2025-03-15"},
                    CrossingRow{"whole", TierCrossing::kWholePurchase, 0, "", "2025-03-15"},
                    CrossingRow{"next_purchase", TierCrossing::kNextPurchase, 0, "", "2025-03-15"},
                    CrossingRow{"next_day", TierCrossing::kNextDay, 0, "2025-03-15T22:59:59Z",
                                "2025-03-15T23:00:00Z"},
                    CrossingRow{"next_month", TierCrossing::kNextMonth, 0, "2025-03-31T21:59:59Z",
                                "2025-03-31T22:00:00Z"},
                    CrossingRow{"after_30_days", TierCrossing::kAfterDays, 30,
                                "2025-04-13T21:59:59Z", "2025-04-13T22:00:00Z"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Tier, an_upgrade_that_is_returned_before_it_holds_never_comes) {
  auto policy = standard();
  policy.crossing = TierCrossing::kNextMonth;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'050).returns("2025-03-20", 100, "2025-03-15");
  EXPECT_EQ(fold.standing("2025-03-20").upcoming_id, "");
  EXPECT_EQ(fold.level("2025-04-02"), "silver");
}

TEST(Tier, a_higher_level_on_its_way_replaces_the_lower) {
  auto policy = standard();
  policy.crossing = TierCrossing::kNextMonth;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000).spends("2025-03-20", 4'000);
  EXPECT_EQ(fold.standing("2025-03-20").upcoming_id, "black");
  EXPECT_EQ(fold.level("2025-04-01"), "black");
}

TEST(Tier, two_levels_may_be_crossed_at_once) {
  Fold fold;
  fold.spends("2025-03-15", 5'000);
  EXPECT_EQ(fold.level("2025-03-15"), "black");
  EXPECT_EQ(fold.standing("2025-03-15").next_id, "");
}

// ---- Validity -----------------------------------------------------------------------------------

struct ValidityRow {
  const char* name;
  TierValidity validity;
  int months;
  const char* last_day;
};

class Validity : public testing::TestWithParam<ValidityRow> {};

TEST_P(Validity, ends_with_its_last_local_day) {
  auto policy = standard();
  policy.window = TierWindow::kRollingMonths;
  policy.window_length = 12;
  policy.valid_until = GetParam().validity;
  policy.valid_months = GetParam().months;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000);
  EXPECT_EQ(fold.until("2025-03-15"), GetParam().last_day);
  const auto last = *parse_date(GetParam().last_day);
  const auto end = TimeZone::load("Europe/Rome")->start_of_day(add_days(last, 1));
  EXPECT_EQ(fold.level(to_text(end - Duration{1000})), "gold");
  EXPECT_EQ(fold.level(to_text(end)), fold.spend(to_text(end)) >= 1'000 ? "gold" : "silver");
}

INSTANTIATE_TEST_SUITE_P(
    Tier, Validity,
    testing::Values(ValidityRow{"end_of_year", TierValidity::kEndOfYear, 0, "2025-12-31"},
                    ValidityRow{"end_of_next_year", TierValidity::kEndOfNextYear, 0, "2026-12-31"},
                    ValidityRow{"six_months", TierValidity::kMonths, 6, "2025-09-14"},
                    ValidityRow{"eighteen_months", TierValidity::kMonths, 18, "2026-09-14"},
                    ValidityRow{"while_qualified", TierValidity::kWhileQualified, 0, "2026-03-14"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Tier, while_qualified_for_a_lifetime_has_no_end) {
  auto policy = standard();
  policy.window = TierWindow::kLifetime;
  policy.valid_until = TierValidity::kWhileQualified;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000);
  EXPECT_EQ(fold.until("2025-03-15"), "never");
  EXPECT_EQ(fold.level("2099-01-01"), "gold");
}

TEST(Tier, while_qualified_follows_the_sale_that_leaves_the_window) {
  auto policy = standard();
  policy.window = TierWindow::kRollingDays;
  policy.window_length = 100;
  policy.valid_until = TierValidity::kWhileQualified;
  Fold fold(policy);
  fold.spends("2025-03-01", 600).spends("2025-03-11", 600).spends("2025-03-21", 400);
  // 2 + 3 reach the threshold without 1, 3 alone does not: until the day before 2 leaves.
  EXPECT_EQ(fold.until("2025-03-21"), "2025-06-18");
  EXPECT_EQ(fold.level("2025-06-18"), "gold");
  EXPECT_EQ(fold.level("2025-06-19"), "silver");
}

TEST(Tier, qualifying_again_prolongs) {
  auto policy = standard();
  policy.valid_until = TierValidity::kMonths;
  policy.valid_months = 6;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000).spends("2025-05-20", 1);
  EXPECT_EQ(fold.until("2025-05-20"), "2025-11-19");
}

// ---- Downgrades ---------------------------------------------------------------------------------

struct DowngradeRow {
  const char* name;
  TierDowngrade downgrade;
  const char* in_2026;
  const char* in_2027;
  const char* in_2028;
};

class Downgrade : public testing::TestWithParam<DowngradeRow> {};

TEST_P(Downgrade, is_decided_at_the_end_of_each_year) {
  auto policy = standard();
  policy.downgrade = GetParam().downgrade;
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-03-15", 5'000);
  EXPECT_EQ(fold.level("2026-12-31"), "black");
  EXPECT_EQ(fold.level("2027-01-01"), GetParam().in_2026);
  EXPECT_EQ(fold.level("2028-01-01"), GetParam().in_2027);
  EXPECT_EQ(fold.level("2029-01-01"), GetParam().in_2028);
}

INSTANTIATE_TEST_SUITE_P(
    Tier, Downgrade,
    testing::Values(DowngradeRow{"to_qualified", TierDowngrade::kToQualified, "silver", "silver",
                                 "silver"},
                    DowngradeRow{"one_level", TierDowngrade::kOneLevel, "gold", "silver", "silver"},
                    DowngradeRow{"never", TierDowngrade::kNotAtAll, "black", "black", "black"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Tier, spend_of_the_last_year_of_validity_keeps_the_level) {
  auto policy = standard();
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000).spends("2026-05-01", 1'000);
  EXPECT_EQ(fold.level("2027-06-01"), "gold");
  EXPECT_EQ(fold.level("2028-01-01"), "silver");
}

TEST(Tier, grace_puts_the_decision_off) {
  auto policy = standard();
  policy.grace_days = 30;
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000);
  EXPECT_EQ(fold.until("2025-03-15"), "2026-12-31");
  EXPECT_EQ(fold.level("2027-01-30T22:59:59Z"), "gold");
  EXPECT_EQ(fold.level("2027-01-30T23:00:00Z"), "silver");
}

TEST(Tier, spend_in_the_days_of_grace_keeps_the_level) {
  auto policy = standard();
  policy.grace_days = 30;
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000).spends("2027-01-20", 1'000);
  EXPECT_EQ(fold.level("2027-02-15"), "gold");
  EXPECT_EQ(fold.level("2029-02-15"), "silver");
}

// ---- Returns ------------------------------------------------------------------------------------

TEST(Tier, C11_a_return_below_the_threshold_takes_the_level_at_once) {
  Fold fold;
  fold.spends("2025-03-10", 600).spends("2025-03-15", 450).returns("2025-04-01", 100, "2025-03-15");
  EXPECT_EQ(fold.spend("2025-04-01"), 950);
  EXPECT_EQ(fold.level("2025-04-01"), "silver");
}

TEST(Tier, C11_or_at_the_end_of_the_period) {
  auto policy = standard();
  policy.on_return = TierOnReturn::kPeriodEnd;
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'050).returns("2025-04-01", 100, "2025-03-15");
  EXPECT_EQ(fold.until("2025-04-01"), "2025-12-31");
  EXPECT_EQ(fold.level("2025-12-31"), "gold");
  EXPECT_EQ(fold.level("2026-01-01"), "silver");
}

TEST(Tier, a_return_that_leaves_enough_changes_nothing) {
  Fold fold;
  fold.spends("2025-03-15", 1'050).returns("2025-04-01", 50, "2025-03-15");
  EXPECT_EQ(fold.level("2025-04-01"), "gold");
}

TEST(Tier, a_return_counts_in_the_window_of_its_sale) {
  auto policy = standard();
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-12-15", 1'050)
      .spends("2026-01-10", 300)
      .returns("2026-01-20", 100, "2025-12-15");
  EXPECT_EQ(fold.spend("2026-01-20"), 300);
  EXPECT_EQ(fold.level("2026-01-20"), "silver");
}

TEST(Tier, a_fall_goes_back_to_the_level_that_still_held) {
  auto policy = standard();
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000).spends("2026-03-15", 5'000);
  EXPECT_EQ(fold.level("2026-03-15"), "black");
  fold.returns("2026-04-01", 5'000, "2026-03-15");
  EXPECT_EQ(fold.level("2026-04-01"), "gold");
  EXPECT_EQ(fold.until("2026-04-01"), "2026-12-31");
  EXPECT_EQ(fold.level("2027-01-01"), "silver");
}

TEST(Tier, returning_status_five_times_gains_nothing) {
  Fold fold;
  const TierState before = fold.state();
  for (const auto* day : {"2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01", "2025-06-01"}) {
    fold.spends(day, 1'000).returns(day, 1'000, day);
    EXPECT_EQ(fold.level(day), "silver");
  }
  EXPECT_TRUE(fold.state().buckets.empty());
  EXPECT_EQ(fold.state().level, before.level);
}

TEST(Tier, a_level_that_ends_with_its_year_must_be_earned_again_in_the_next) {
  auto policy = standard();
  policy.valid_until = TierValidity::kEndOfYear;
  policy.grace_days = 30;
  Fold member(policy);
  member.spends("2025-06-01", 1'000);
  EXPECT_EQ(member.until("2025-12-31"), "2025-12-31");
  EXPECT_EQ(member.level("2026-01-30T22:59:59Z"), "gold");
  EXPECT_EQ(member.level("2026-01-30T23:00:00Z"), "silver");
  member.spends("2026-01-15", 1'000);
  EXPECT_EQ(member.level("2026-02-15"), "gold");
}

}  // namespace
}  // namespace laurel::ledger
