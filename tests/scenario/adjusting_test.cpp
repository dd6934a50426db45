// Points by hand: who, why, how many, and taking them back.

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "laurel/adjusting.hpp"
#include "laurel/merging.hpp"
#include "laurel/review.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Desk : public Shop {
 public:
  explicit Desk(const std::string& store, const std::string& words = {})
      : Shop(kReference + words, store) {
    posts(sale("R-1", {"1.00"}));
    anna_ = member().id;
  }

  Adjustment asks(const std::string& id, std::int64_t points, const std::string& who = "clerk") {
    return {{"desk", id}, anna_, "", Points(points), who, "late delivery", {}};
  }
  Result<AdjustmentReceipt> gives(const std::string& id, std::int64_t points,
                                  const std::string& who = "clerk") {
    return engine().adjust(asks(id, points, who));
  }
  std::string verdict(const std::string& id, std::int64_t points,
                      const std::string& who = "clerk") {
    const auto given = gives(id, points, who);
    if (!given) return std::string(given.error().name());
    if (given->state == AdjustmentState::kWaiting) return "waiting";
    return given->state == AdjustmentState::kBooked ? "booked" : "rejected";
  }
  Result<ReviewItem> accepts(std::int64_t item, const std::string& who) {
    return engine().review().accept({.item = item, .by = who, .reason = "agreed"});
  }
  Result<AdjustmentUndone> undoes(const std::string& id, const std::string& why = "a mistake") {
    return engine().adjustments().undo({{"desk", id}, {}, "ben", why});
  }
  MemberId anna() const { return anna_; }

 private:
  MemberId anna_;
};

class Adjusting : public EachStore {};

TEST_P(Adjusting, I5_without_a_person_or_a_reason_is_refused) {
  Desk desk(uri());
  auto nobody = desk.asks("A-1", 10);
  nobody.actor.clear();
  nobody.reason.clear();
  const auto refused = desk.engine().adjust(nobody);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().faults.size(), 2u);
}

TEST_P(Adjusting, I5_blanks_are_no_person_and_no_reason) {
  Desk desk(uri());
  auto nobody = desk.asks("A-1", 10, "  ");
  nobody.reason = " ";
  const auto refused = desk.engine().adjust(nobody);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().faults.size(), 2u);
  EXPECT_EQ(desk.verdict("A-2", 6000), "waiting");
  const auto decided = desk.engine().review().accept({.item = 1, .by = " ", .reason = "  "});
  ASSERT_FALSE(decided.ok());
  EXPECT_EQ(decided.error().faults.size(), 2u);
}

TEST_P(Adjusting, I5_above_five_thousand_needs_a_second_person) {
  Desk desk(uri());
  EXPECT_EQ(desk.verdict("A-1", 5000), "booked");
  const auto asked = desk.gives("A-2", 5001);
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(asked->state, AdjustmentState::kWaiting);
  EXPECT_EQ(desk.available(), 5001);
  EXPECT_EQ(desk.accepts(asked->review, "Clerk ").error().code, ErrorCode::kNotApproved);
  ASSERT_TRUE(desk.accepts(asked->review, "ann").ok());
  EXPECT_EQ(desk.available(), 10002);
  const auto again = desk.gives("A-2", 5001);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->state, AdjustmentState::kBooked);
  EXPECT_EQ(desk.available(), 10002);
  desk.adds_up();
}

TEST_P(Adjusting, rejected_gives_nothing_and_says_so_ever_after) {
  Desk desk(uri());
  const auto asked = desk.gives("A-1", 6000);
  const ReviewDecision no{.item = asked->review, .by = "ann", .reason = "too much"};
  ASSERT_TRUE(desk.engine().review().reject(no).ok());
  EXPECT_EQ(desk.verdict("A-1", 6000), "rejected");
  EXPECT_EQ(desk.undoes("A-1").error().code, ErrorCode::kInReview);
  EXPECT_EQ(desk.available(), 1);
  desk.adds_up();
}

TEST_P(Adjusting, taking_much_waits_too_and_needs_the_points_when_it_is_accepted) {
  Desk desk(uri());
  const auto asked = desk.gives("A-1", -6000);
  EXPECT_EQ(asked->state, AdjustmentState::kWaiting);
  EXPECT_EQ(desk.accepts(asked->review, "ann").error().code, ErrorCode::kInsufficientPoints);
  EXPECT_EQ(desk.gives("A-1", -5999).error().code, ErrorCode::kConflict);
}

TEST_P(Adjusting, I5_one_person_makes_two_hundred_a_day_in_the_programmes_zone) {
  Desk desk(uri());
  desk.is("2025-03-01T22:30:00Z");  // 23:30 in Rome
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(desk.verdict("A-" + std::to_string(i), 1, i % 2 == 0 ? "clerk" : "Clerk"), "booked");
  }
  EXPECT_EQ(desk.verdict("B-1", 1), "adjustment_limit");
  EXPECT_EQ(desk.verdict("B-2", 1, "ben"), "booked");
  desk.is("2025-03-01T23:00:00Z");
  EXPECT_EQ(desk.verdict("B-3", 1), "booked");
  desk.adds_up();
}

TEST_P(Adjusting, words_of_the_programme_set_the_limits) {
  Desk desk(uri(),
            "adjustments: { at_most: 100 points, then: refuse, per_agent: 3 a day, "
            "points_per_agent: 150 points }\n");
  EXPECT_EQ(desk.verdict("A-1", 101), "adjustment_limit");
  EXPECT_EQ(desk.verdict("A-2", 100), "booked");
  EXPECT_EQ(desk.verdict("A-3", -51), "adjustment_limit");
  EXPECT_EQ(desk.verdict("A-4", -50), "booked");
  EXPECT_EQ(desk.verdict("A-5", 1, "ben"), "booked");
}

TEST_P(Adjusting, I5_a_limit_holds_against_fifty_at_once) {
  Desk desk(uri(), "adjustments: { per_agent: 20 a day }\n");
  std::atomic<int> booked{0}, refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&, i] {
      const auto verdict = desk.verdict("A-" + std::to_string(i), 1);
      ++(verdict == "booked" ? booked : refused);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(booked, 20);
  EXPECT_EQ(refused, 30);
  EXPECT_EQ(desk.available(), 21);
  desk.adds_up();
}

TEST_P(Adjusting, I5_undone_once_what_is_spent_becomes_debt) {
  Desk desk(uri());
  ASSERT_EQ(desk.verdict("G-1", 500), "booked");
  desk.spends(450);
  const auto undone = desk.undoes("G-1");
  ASSERT_TRUE(undone.ok());
  EXPECT_EQ(undone->taken.points.units(), 500);
  EXPECT_EQ(undone->taken.from_available.units(), 51);
  EXPECT_EQ(undone->taken.debt.units(), 449);
  EXPECT_TRUE(desk.undoes("G-1")->replayed);
  EXPECT_EQ(desk.undoes("G-1", "again").error().code, ErrorCode::kAlreadyReversed);
  EXPECT_EQ(desk.undoes("A-9").error().code, ErrorCode::kUnknownAdjustment);
  EXPECT_EQ(desk.debt(), 449);
  desk.adds_up();
}

TEST_P(Adjusting, points_taken_come_back_to_their_lots) {
  Desk desk(uri());
  desk.posts(sale("R-2", {"100.00"}));
  const auto before = desk.member().wallets[0].lots;
  ASSERT_EQ(desk.verdict("A-1", -80), "booked");
  const auto undone = desk.undoes("A-1");
  ASSERT_TRUE(undone.ok());
  EXPECT_EQ(undone->taken.points.units(), -80);
  const auto after = desk.member().wallets[0].lots;
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].points, before[i].points);
  desk.adds_up();
}

TEST_P(Adjusting, what_was_given_to_a_member_is_taken_from_whom_she_was_merged_into) {
  Desk desk(uri());
  ASSERT_EQ(desk.verdict("A-1", 300), "booked");
  desk.posts(sale("R-3", {"10.00"}, "bea"));
  const auto merged = desk.engine().merging().merge({.key = {"desk", "M-1"},
                                                     .into = desk.member("bea").id,
                                                     .from = desk.anna(),
                                                     .actor = "ann",
                                                     .reason = "one person"});
  ASSERT_TRUE(merged.ok()) << Shop::describe(merged.error());
  ASSERT_TRUE(desk.undoes("A-1").ok());
  EXPECT_EQ(desk.available("bea"), 11);
  desk.adds_up();
}

INSTANTIATE_TEST_SUITE_P(Stores, Adjusting, each_store(), store_name);

}  // namespace
}  // namespace laurel::test
