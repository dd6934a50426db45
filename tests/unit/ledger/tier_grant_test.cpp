// Levels that are granted, wait, or follow the years of membership, and what keeps them.

#include <gtest/gtest.h>

#include "tier_kit.hpp"

namespace laurel::ledger {
namespace {

using tier_kit::at;
using tier_kit::Fold;
using tier_kit::standard;

// ---- Grants -------------------------------------------------------------------------------------

TEST(Tier, a_granted_level_has_its_own_reason_and_end) {
  Fold fold;
  fold.is_granted("2025-02-01", "black", "2025-06-30T22:00:00Z");
  EXPECT_EQ(fold.standing("2025-02-01").reason, "granted");
  EXPECT_EQ(fold.until("2025-02-01"), "2025-06-30");
  EXPECT_EQ(fold.level("2025-06-30T21:59:59Z"), "black");
  EXPECT_EQ(fold.level("2025-06-30T22:00:00Z"), "silver");
}

TEST(Tier, a_return_does_not_take_a_granted_level) {
  Fold fold;
  fold.spends("2025-01-10", 500).is_granted("2025-02-01", "gold", "2025-06-30T22:00:00Z");
  fold.returns("2025-03-01", 500, "2025-01-10");
  EXPECT_EQ(fold.level("2025-03-01"), "gold");
}

TEST(Tier, a_grant_is_forgotten_where_its_sale_is_returned) {
  Fold fold;
  TierEvent given{at("2025-02-01"), 0, at("2025-02-01")};
  given.granted = "gold";
  given.granted_until = at("2026-06-30");
  fold.folds(given);
  EXPECT_EQ(fold.level("2025-02-01"), "gold");
  TierEvent taken{at("2025-03-01"), 0, at("2025-02-01")};
  taken.taken_back = "gold";
  fold.folds(taken);
  EXPECT_EQ(fold.level("2025-03-01"), "silver");
}

TEST(Tier, a_grant_without_an_end_is_taken_back_to_what_was_bought) {
  auto policy = standard();
  policy.valid_until = TierValidity::kEndOfNextYear;
  Fold fold(policy);
  fold.spends("2025-01-15", 1'000);
  TierEvent given{at("2025-02-01"), 0, at("2025-02-01")};
  given.granted = "black";
  fold.folds(given);
  EXPECT_EQ(fold.level("2025-02-01"), "black");
  EXPECT_EQ(fold.until("2025-02-01"), "2026-12-31");
  TierEvent taken{at("2025-03-01"), 0, at("2025-02-01")};
  taken.taken_back = "black";
  fold.folds(taken);
  EXPECT_EQ(fold.level("2025-03-01"), "gold");
  EXPECT_EQ(fold.until("2025-03-01"), "2026-12-31");
}

TEST(Tier, after_a_grant_the_level_that_was_reached_meanwhile_holds) {
  Fold fold;
  fold.is_granted("2025-02-01", "black", "2025-06-30T22:00:00Z").spends("2025-03-01", 1'000);
  EXPECT_EQ(fold.level("2025-06-30"), "black");
  EXPECT_EQ(fold.level("2025-07-01"), "gold");
  EXPECT_EQ(fold.until("2025-07-01"), "2025-12-31");
}

TEST(Tier, returns_of_two_years_end_alike_in_either_order) {
  auto policy = standard();
  policy.valid_until = TierValidity::kEndOfNextYear;
  for (const bool newest_first : {true, false}) {
    Fold fold(policy);
    fold.spends("2025-03-15", 1'000).spends("2026-03-15", 5'000);
    fold.returns("2026-04-01", newest_first ? 5'000 : 1'000,
                 newest_first ? "2026-03-15" : "2025-03-15");
    EXPECT_EQ(fold.level("2026-04-01"), newest_first ? "gold" : "black");
    fold.returns("2026-04-02", newest_first ? 1'000 : 5'000,
                 newest_first ? "2025-03-15" : "2026-03-15");
    EXPECT_EQ(fold.level("2026-04-02"), "silver");
  }
}

TEST(Tier, each_upgrade_waits_its_own_days) {
  auto policy = standard();
  policy.crossing = TierCrossing::kAfterDays;
  policy.crossing_days = 30;
  Fold fold(policy);
  fold.spends("2025-03-01", 1'000).spends("2025-03-20", 4'000);
  EXPECT_EQ(fold.level("2025-03-31"), "gold");
  EXPECT_EQ(fold.level("2025-04-18"), "gold");
  EXPECT_EQ(fold.level("2025-04-19"), "black");
}

// ---- Years of membership ------------------------------------------------------------------------

TEST(Tier, a_year_of_membership_ends_before_the_anniversary) {
  auto policy = standard();
  policy.window = TierWindow::kMembershipYear;
  policy.valid_until = TierValidity::kEndOfNextMembershipYear;
  Fold fold(policy, "2024-02-29");
  fold.spends("2024-03-01", 1'000);
  EXPECT_EQ(fold.until("2024-03-01"), "2026-02-27");
  EXPECT_EQ(fold.spend("2025-02-27"), 1'000);
  EXPECT_EQ(fold.spend("2025-02-28"), 0);
  fold.spends("2028-02-28", 700);
  EXPECT_EQ(fold.spend("2028-02-28"), 700);
  EXPECT_EQ(fold.spend("2028-02-29"), 0);
}

// ---- What keeps a level -------------------------------------------------------------------------

struct KeepRow {
  const char* name;
  TierValidity validity;
  int grace;
  const char* kept_until;
  std::int64_t needs;  // -1: nothing done before then counts
  const char* by;
};

class Keep : public testing::TestWithParam<KeepRow> {};

TEST_P(Keep, says_what_is_needed_and_by_when) {
  auto policy = standard();
  policy.valid_until = GetParam().validity;
  policy.grace_days = GetParam().grace;
  policy.valid_months = 6;
  Fold fold(policy);
  fold.spends("2025-03-15", 1'000);
  const auto standing = fold.standing("2025-03-15");
  EXPECT_EQ(standing.kept_until, *parse_date(GetParam().kept_until));
  EXPECT_EQ(standing.keep_by.has_value(), GetParam().needs >= 0);
  if (GetParam().needs < 0) return;
  EXPECT_EQ(standing.keep_needs_minor, GetParam().needs * 100);
  EXPECT_EQ(standing.keep_by, *parse_date(GetParam().by));
}

INSTANTIATE_TEST_SUITE_P(
    Tier, Keep,
    testing::Values(KeepRow{"its_year", TierValidity::kEndOfYear, 0, "2025-12-31", -1, ""},
                    KeepRow{"its_year_and_grace", TierValidity::kEndOfYear, 30, "2026-01-30", 1'000,
                            "2026-01-30"},
                    KeepRow{"the_next_year", TierValidity::kEndOfNextYear, 0, "2026-12-31", 1'000,
                            "2026-12-31"},
                    KeepRow{"six_months", TierValidity::kMonths, 0, "2025-09-14", 0, "2025-09-14"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace laurel::ledger
