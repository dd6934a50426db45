#include <gtest/gtest.h>

#include "laurel/programme.hpp"
#include "programme/compiled.hpp"

namespace laurel::programme {
namespace {

LoadedProgramme with(const std::string& publishing, const std::string& liability = "") {
  const std::vector<SourceFile> files{
      {"programme.yaml",
       "programme: shop\neffective_from: 2020-01-01\ntime_zone: UTC\ncurrency: GBP\n"
       "wallets: { points: { rounding: { mode: floor, at: transaction }, on_shortfall: debt, "
       "expires: never" +
           liability + " } }\nidentity: { types: { card: { strength: strong, may: [earn] } } }\n" +
           "publishing: " + publishing + "\n"}};
  return load_programme(files);
}

std::string errors(const LoadedProgramme& loaded) {
  std::string text;
  for (const auto& fault : loaded.faults) {
    if (fault.severity == Severity::kError) text += fault.code + " ";
  }
  return text;
}

TEST(PublishingPolicy, is_what_the_programme_says) {
  const auto loaded = with(
      "{ approvals: 2, simulate: 30 days, at_most: { cost: 20000.00, more_points: 15%, "
      "largest_receipt: 5000 points, members_down: 100 } }",
      ", liability: { unit_cost: 0.01 GBP, expected_redemption: 97% }");
  ASSERT_TRUE(loaded.programme) << render(loaded.faults);
  const auto& policy = loaded.programme->compiled().publishing;
  EXPECT_EQ(policy.approvals, 2);
  EXPECT_EQ(policy.simulate_days, 30);
  EXPECT_EQ(policy.at_most.cost_minor, 2'000'000);
  EXPECT_EQ(policy.at_most.more_points, Fraction(3, 20));
  EXPECT_EQ(policy.at_most.largest_receipt, 5000);
  EXPECT_EQ(policy.at_most.members_down, 100);
}

TEST(PublishingPolicy, asks_one_person_and_nothing_else_where_nothing_is_said) {
  const auto loaded = with("{ simulate: none }");
  ASSERT_TRUE(loaded.programme) << render(loaded.faults);
  EXPECT_EQ(loaded.programme->compiled().publishing.approvals, 1);
  EXPECT_FALSE(loaded.programme->compiled().publishing.at_most.any());
}

TEST(PublishingPolicy, has_faults_where_its_words_do_not_fit_together) {
  EXPECT_EQ(errors(with("{ at_most: { members_down: 1 } }")), "contradiction ");
  EXPECT_EQ(errors(with("{ simulate: 30 days, at_most: { cost: 1.00 } }")), "contradiction ");
  EXPECT_EQ(errors(with("{ approvals: 0 }")), "out_of_range ");
  EXPECT_EQ(errors(with("{ simulate: 9999 days }")), "out_of_range ");
  EXPECT_EQ(errors(with("{ aprovals: 2 }")), "unknown_key ");
}

}  // namespace
}  // namespace laurel::programme
