// Many members at once: a dry run, a second person, going on after an end, and one step back.

#include <cstdlib>

#include "each_store.hpp"
#include "laurel/adjusting.hpp"
#include "laurel/review.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Office : public Shop {
 public:
  explicit Office(const std::string& store, int members = 3, const std::string& words = {})
      : Shop(kReference + words, store) {
    for (int i = 0; i < members; ++i) {
      posts(sale("R-" + std::to_string(i), {"10.00"}, name(i)));
      lines_.push_back({.member = member(name(i)).id, .points = Points(100)});
    }
  }
  static std::string name(int i) { return "card-" + std::to_string(i); }

  Batch list(const std::string& id = "B-1") {
    return {.key = {"desk", id}, .lines = lines_, .actor = "clerk", .reason = "late deliveries"};
  }
  Batch list_of(std::vector<BatchLine> lines) {
    auto batch = list();
    batch.lines = std::move(lines);
    return batch;
  }
  Result<BatchStanding> posts_batch(const Batch& batch, const BatchProgress& progress = {}) {
    return engine().adjustments().post(batch, progress);
  }
  Result<BatchStanding> reverses(const std::string& why = "the wrong list") {
    return engine().adjustments().reverse({{"desk", "B-1"}, "ben", why});
  }
  std::vector<BatchLine>& lines() { return lines_; }

 private:
  std::vector<BatchLine> lines_;
};

class Batches : public EachStore {};

TEST_P(Batches, I6_a_dry_run_tells_total_most_and_who_is_unknown_and_writes_nothing) {
  Office office(uri());
  auto batch = office.list();
  batch.dry_run = true;
  batch.lines.push_back({.identifier = {"card", "nobody"}, .points = Points(5)});
  batch.lines.push_back({.identifier = {"card", "card-1"}, .points = Points(50)});
  const auto plan = office.posts_batch(batch);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->state, BatchState::kPlanned);
  EXPECT_EQ(plan->count, 3);
  EXPECT_EQ(plan->wallets[0].given.units(), 350);
  EXPECT_EQ(plan->wallets[0].most.units(), 150);
  EXPECT_EQ(plan->wallets[0].most_of, office.member("card-1").id);
  EXPECT_EQ(plan->unknown, 1);
  EXPECT_EQ(plan->faults.at(0).line, 4);
  EXPECT_EQ(office.available("card-1"), 10);
  EXPECT_EQ(office.engine().adjustments().batch({"desk", "B-1"}).error().code,
            ErrorCode::kUnknownAdjustment);
}

TEST_P(Batches, lines_that_name_nobody_refuse_it_unless_they_may_be_skipped) {
  Office office(uri());
  auto batch = office.list();
  batch.lines.push_back({.identifier = {"card", "nobody"}, .points = Points(5)});
  const auto refused = office.posts_batch(batch);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().faults.at(0).pointer, "/lines/3");
  batch.skip_unknown = true;
  EXPECT_EQ(office.posts_batch(batch)->posted, 3);
}

TEST_P(Batches, I6_posted_again_gives_each_member_once) {
  Office office(uri());
  EXPECT_EQ(office.posts_batch(office.list())->state, BatchState::kPosted);
  EXPECT_TRUE(office.posts_batch(office.list())->replayed);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(office.available(Office::name(i)), 110);
  auto other = office.list();
  other.lines[0].points = Points(101);
  EXPECT_EQ(office.posts_batch(other).error().code, ErrorCode::kConflict);
  office.adds_up();
}

TEST_P(Batches, I6_interrupted_it_goes_on_where_it_ended) {
  Office office(uri(), 300);
  struct Killed {};
  const auto dies = [](std::int64_t, std::int64_t) { throw Killed(); };
  EXPECT_THROW(static_cast<void>(office.posts_batch(office.list(), dies)), Killed);
  office.reopen();
  const auto half = office.engine().adjustments().batch({"desk", "B-1"});
  EXPECT_EQ(half->state, BatchState::kPosting);
  EXPECT_EQ(half->posted, 256);
  EXPECT_EQ(office.engine().adjustments().resume({"desk", "B-1"})->posted, 300);
  for (const int i : {0, 255, 256, 299}) EXPECT_EQ(office.available(Office::name(i)), 110);
  office.adds_up();
}

TEST_P(Batches, I6_over_the_limits_it_waits_for_another_person) {
  Office office(uri(), 3, "adjustments: { batch: { total: 299 points } }\n");
  const auto held = office.posts_batch(office.list());
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(held->state, BatchState::kWaiting);
  EXPECT_EQ(office.available("card-0"), 10);
  ReviewDecision yes{.item = held->review, .by = "clerk", .reason = "agreed"};
  EXPECT_EQ(office.engine().review().accept(yes).error().code, ErrorCode::kNotApproved);
  yes.by = "ann";
  ASSERT_TRUE(office.engine().review().accept(yes).ok());
  EXPECT_EQ(office.available("card-0"), 110);
  EXPECT_EQ(office.posts_batch(office.list())->state, BatchState::kPosted);
  office.adds_up();
}

TEST_P(Batches, each_limit_is_one_of_its_own) {
  const auto waits = [&](const std::string& limit) {
    Office office("memory:", 3, "adjustments: { batch: { " + limit + " } }\n");
    return office.posts_batch(office.list())->state == BatchState::kWaiting;
  };
  EXPECT_TRUE(waits("members: 2"));
  EXPECT_FALSE(waits("members: 3"));
  EXPECT_TRUE(waits("per_member: 99 points"));
  EXPECT_FALSE(waits("per_member: 100 points"));
}

TEST_P(Batches, rejected_gives_nothing) {
  Office office(uri(), 3, "adjustments: { batch: { members: 2 } }\n");
  const auto held = office.posts_batch(office.list());
  ASSERT_TRUE(
      office.engine().review().reject({.item = held->review, .by = "ann", .reason = "no"}).ok());
  EXPECT_EQ(office.posts_batch(office.list())->state, BatchState::kRejected);
  EXPECT_EQ(office.reverses().error().code, ErrorCode::kInReview);
  EXPECT_EQ(office.available("card-0"), 10);
}

TEST_P(Batches, I6_reversed_in_one_step_once_the_rest_is_owed) {
  Office office(uri());
  ASSERT_TRUE(office.posts_batch(office.list()).ok());
  office.spends(80, "card-1");
  const auto back = office.reverses();
  ASSERT_TRUE(back.ok()) << Shop::describe(back.error());
  EXPECT_EQ(back->state, BatchState::kReversed);
  EXPECT_EQ(back->taken_back.at(0).points.units(), 300);
  EXPECT_EQ(back->taken_back.at(0).debt.units(), 70);
  EXPECT_EQ(office.debt("card-1"), 70);
  EXPECT_EQ(office.available("card-0"), 10);
  EXPECT_TRUE(office.reverses()->replayed);
  EXPECT_EQ(office.reverses("once more").error().code, ErrorCode::kAlreadyReversed);
  EXPECT_EQ(office.posts_batch(office.list())->state, BatchState::kReversed);
  EXPECT_EQ(office.available("card-0"), 10);
  office.adds_up();
}

TEST_P(Batches, reversed_half_way_the_rest_is_never_booked) {
  Office office(uri(), 300);
  struct Killed {};
  const auto dies = [](std::int64_t, std::int64_t) { throw Killed(); };
  EXPECT_THROW(static_cast<void>(office.posts_batch(office.list(), dies)), Killed);
  EXPECT_EQ(office.reverses()->reversed, 256);
  EXPECT_EQ(office.posts_batch(office.list())->posted, 256);
  EXPECT_EQ(office.available("card-299"), 10);
  office.adds_up();
}

TEST_P(Batches, one_member_who_has_too_little_holds_up_nobody_else) {
  Office office(uri());
  auto batch = office.list();
  batch.lines[1].points = Points(-50);
  const auto posted = office.posts_batch(batch);
  EXPECT_EQ(posted->state, BatchState::kPosting);
  EXPECT_EQ(posted->posted, 2);
  EXPECT_EQ(posted->faults.at(0).code, "insufficient_points");
}

TEST_P(Batches, I6_many_awards_are_posted_and_taken_back) {
  const int members = std::getenv("LAUREL_LONG") != nullptr ? 100'000 : 300;
  Office office(uri(), members, "adjustments: { batch: { total: 100000000 points } }\n");
  EXPECT_EQ(office.posts_batch(office.list())->posted, members);
  EXPECT_EQ(office.reverses()->reversed, members);
  EXPECT_EQ(office.available("card-7"), 10);
}

INSTANTIATE_TEST_SUITE_P(Stores, Batches, each_store(), store_name);

}  // namespace
}  // namespace laurel::test
