// Who may put which programme in force, and what is kept of it.

#include "shop.hpp"

namespace laurel::test {
namespace {

const std::string kDouble =
    replaced(kReference, "silver, from: 0.00, rate: 1 point", "silver, from: 0.00, rate: 2 points");
constexpr const char* kFourEyes = "publishing: { approvals: 2 }\n";
constexpr const char* kWrongCase =
    "cases:\n  - name: too much\n    when:\n"
    "      - sale: { at: 2025-03-01 11:00, lines: [ { department: retail, amount: 10.00 } ] }\n"
    "        then: { points: 99 }\n";

std::string faults_of(const Error& error) {
  std::string text;
  for (const auto& fault : error.faults) text += fault.pointer + " ";
  return text;
}

TEST(Publishing, a_later_version_holds_from_now_on_and_never_before) {
  Shop shop;
  const auto published = shop.engine().publish(programme_of(kDouble), {.by = "ann"});
  ASSERT_TRUE(published.ok());
  EXPECT_EQ(published->version, 2);
  EXPECT_EQ(published->effective_from, at("2025-03-01T10:00:00Z"));
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-03-01T09:59:59Z")))), 10);
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}))), 20);
}

TEST(Publishing, the_same_content_again_is_no_new_version) {
  Shop shop;
  shop.is("2025-03-02T10:00:00Z");
  const auto again = shop.engine().publish(programme_of(kReference), {.by = "ann"});
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->unchanged);
  EXPECT_EQ(shop.engine().versions()->size(), 1u);
}

TEST(Publishing, going_back_is_a_new_version_with_the_old_content) {
  Shop shop;
  ASSERT_TRUE(shop.engine().publish(programme_of(kDouble), {.by = "ann"}).ok());
  shop.is("2025-03-01T12:00:00Z");
  const auto back = shop.engine().rollback({.to = 1, .by = "ben", .reason = "gave too much"});
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->version, 3);
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}))), 10);
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}, "anna", at("2025-03-01T11:00:00Z")))), 20);
  shop.reopen();
  const auto versions = shop.engine().versions();
  ASSERT_EQ(versions->size(), 3u);
  EXPECT_EQ(versions->back().digest, versions->front().digest);
  EXPECT_EQ(versions->back().restores, 1);
  EXPECT_EQ(versions->back().reason, "gave too much");
  EXPECT_EQ(shop.engine().rollback({.to = 9, .by = "ben"}).error().code,
            ErrorCode::kUnknownVersion);
  shop.adds_up();
}

TEST(Publishing, where_two_must_agree_the_second_is_another_person) {
  Shop shop;
  const auto proposed = shop.engine().publish(programme_of(kDouble + kFourEyes), {.by = "ann"});
  ASSERT_TRUE(proposed.ok());
  EXPECT_EQ(proposed->version, 0);
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}))), 10);
  shop.reopen();
  const Judgement own{.proposal = proposed->proposal, .by = " Ann"};
  EXPECT_EQ(shop.engine().approve(own).error().code, ErrorCode::kNotApproved);
  shop.is("2025-03-02T10:00:00Z");
  const auto agreed = shop.engine().approve({.proposal = proposed->proposal, .by = "ben"});
  ASSERT_TRUE(agreed.ok());
  EXPECT_EQ(agreed->version, 2);
  EXPECT_EQ(agreed->effective_from, at("2025-03-02T10:00:00Z"));
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}))), 20);
  EXPECT_EQ(shop.engine().versions()->back().approvals.front().by, "ben");
  EXPECT_EQ(shop.engine().approve({.proposal = proposed->proposal, .by = "cleo"}).error().code,
            ErrorCode::kNotApproved);
}

TEST(Publishing, nobody_drops_the_second_person_alone) {
  Shop shop(std::string(kReference) + kFourEyes);
  const auto proposed = shop.engine().publish(programme_of(kReference), {.by = "ann"});
  ASSERT_TRUE(proposed.ok());
  EXPECT_EQ(proposed->version, 0);
  const auto back = shop.engine().rollback({.to = 1, .by = "ann", .reason = "again"});
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->version, 0);
  EXPECT_EQ(shop.engine().versions()->size(), 1u);
}

TEST(Publishing, a_proposal_is_kept_once_and_can_be_withdrawn) {
  Shop shop(std::string(kReference) + kFourEyes);
  const auto proposed = shop.engine().publish(programme_of(kDouble), {.by = "ann"});
  const auto again = shop.engine().publish(programme_of(kDouble), {.by = "ann"});
  EXPECT_EQ(again->proposal, proposed->proposal);
  EXPECT_TRUE(again->unchanged);
  ASSERT_TRUE(shop.engine().withdraw({.proposal = proposed->proposal, .by = "ann"}).ok());
  EXPECT_EQ(shop.engine().approve({.proposal = proposed->proposal, .by = "ben"}).error().code,
            ErrorCode::kNotApproved);
  EXPECT_FALSE(shop.engine().proposals()->front().is_open());
  EXPECT_EQ(shop.engine().approve({.proposal = 77, .by = "ben"}).error().code,
            ErrorCode::kUnknownVersion);
}

constexpr const char* kLimited =
    "publishing:\n  simulate: 30 days\n  at_most:\n"
    "    { cost: 1.00, more_points: 15%, largest_receipt: 150 points, members_down: 0 }\n";

// G5
TEST(Publishing, G5_a_programme_that_gives_too_much_is_refused_with_every_gate_that_failed) {
  const auto priced =
      replaced(kReference, "    pending: none\n",
               "    pending: none\n"
               "    liability: { unit_cost: 0.01 EUR, expected_redemption: 97% }\n");
  Shop shop(priced + kLimited);
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2025-03-05T10:00:00Z");
  const auto generous =
      replaced(priced, "silver, from: 0.00, rate: 1 point", "silver, from: 0.00, rate: 2 points");
  const auto refused = shop.engine().publish(programme_of(generous + kWrongCase), {.by = "ann"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kCasesFailed);
  EXPECT_EQ(faults_of(refused.error()),
            "/cases/too much /publishing/at_most/cost /publishing/at_most/more_points "
            "/publishing/at_most/largest_receipt ");
  EXPECT_EQ(shop.engine().publish(programme_of(generous), {.by = "ann"}).error().code,
            ErrorCode::kLimitsExceeded);
  EXPECT_EQ(shop.engine().versions()->size(), 1u);
}

TEST(Publishing, G5_members_who_would_go_down_can_hold_a_version_back) {
  Shop shop(std::string(kReference) +
            "publishing: { simulate: 30 days, at_most: { members_down: 0 } }\n");
  shop.posts(sale("R-1", {"1500.00"}));
  shop.is("2025-03-05T10:00:00Z");
  const auto harder = replaced(kReference, "gold, from: 1000.00", "gold, from: 9000.00");
  const auto refused = shop.engine().publish(programme_of(harder), {.by = "ann"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(faults_of(refused.error()), "/publishing/at_most/members_down ");
  EXPECT_TRUE(shop.engine().publish(programme_of(std::string(kReference)), {.by = "ann"}).ok());
}

TEST(Publishing, limits_say_nothing_where_nothing_was_sold) {
  Shop shop(std::string(kReference) +
            "publishing: { simulate: 30 days, at_most: "
            "{ more_points: 0%, members_down: 0 } }\n");
  EXPECT_TRUE(shop.engine().publish(programme_of(kDouble), {.by = "ann"}).ok());
}

}  // namespace
}  // namespace laurel::test
