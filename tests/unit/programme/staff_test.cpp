// What people may do by hand alone, and guards, as a programme says them.

#include "kit.hpp"

namespace laurel::programme {
namespace {

std::string faults_of(const std::string& words) {
  std::string text;
  for (const auto& fault : kit::load(kit::Parts{}.text() + words).faults) {
    if (fault.severity == Severity::kError) text += (text.empty() ? "" : " ") + fault.code;
  }
  return text;
}

TEST(AdjustmentPolicy, has_limits_where_the_programme_says_nothing) {
  const auto policy = kit::programme(kit::Parts{}).compiled().adjustments;
  EXPECT_EQ(policy.at_most, 5000);
  EXPECT_EQ(policy.then, AdjustmentPolicy::Beyond::kSecondPerson);
  EXPECT_EQ(policy.per_agent, 200);
  EXPECT_EQ(policy.points_per_agent, std::nullopt);
  EXPECT_EQ(policy.batch.total, 100'000);
}

TEST(AdjustmentPolicy, is_what_the_programme_says) {
  const auto programme = kit::programme(
      kit::Parts{}.text() +
      "adjustments: { at_most: '1,000 points', then: refuse, per_agent: none, "
      "points_per_agent: 9 points, batch: { per_member: 7 points, total: 8 points, members: 3 } }");
  const auto policy = programme.compiled().adjustments;
  EXPECT_EQ(policy.at_most, 1000);
  EXPECT_EQ(policy.then, AdjustmentPolicy::Beyond::kRefuse);
  EXPECT_EQ(policy.per_agent, std::nullopt);
  EXPECT_EQ(policy.points_per_agent, 9);
  EXPECT_EQ(policy.batch.per_member, 7);
  EXPECT_EQ(policy.batch.total, 8);
  EXPECT_EQ(policy.batch.members, 3);
}

TEST(AdjustmentPolicy, faults_are_found) {
  EXPECT_EQ(faults_of("adjustments: { at_most: 0 points }"), "no_effect");
  EXPECT_EQ(faults_of("adjustments: { at_most: 10.00 GBP }"), "out_of_range");
  EXPECT_EQ(faults_of("adjustments: { batch: { members: 0 } }"), "no_effect");
  EXPECT_EQ(faults_of("adjustments: { per_agent: many }"), "wrong_value");
}

TEST(GuardWords, faults_are_found) {
  const auto guard = [](const std::string& body) {
    return faults_of("guards: [ { id: g, " + body + " } ]");
  };
  EXPECT_EQ(guard("own_sale: true"), "");
  EXPECT_EQ(guard("then: flag"), "missing_key");
  EXPECT_EQ(guard("own_sale: true, sales: { at_most: 1 }"), "contradiction");
  EXPECT_EQ(guard("redemptions: { at_most: 1 }, then: review"), "contradiction");
  EXPECT_EQ(guard("redemptions: { at_most: 1, same: store }"), "contradiction");
  EXPECT_EQ(guard("sales: { at_most: 1, within: 745 hours }"), "out_of_range");
  EXPECT_EQ(guard("sales: { within: day }"), "missing_key");
  EXPECT_EQ(faults_of("guards: [ { id: g, own_sale: true }, { id: g, own_sale: true } ]"),
            "repeated_name");
}

}  // namespace
}  // namespace laurel::programme
