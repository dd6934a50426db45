// What looks like misuse at a till: too many sales on one card, too many redemptions, an own card.

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "laurel/redemption.hpp"
#include "laurel/review.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

std::string guards(const std::string& body) { return kReference + ("guards:\n" + body); }

std::string five_a_day(const std::string& then) {
  return guards(
      "  - id: one-card-one-till\n"
      "    sales: { at_most: 5, same: [identifier, source], within: day }\n"
      "    then: " +
      then + "\n");
}

Transaction at_till(const std::string& till, const std::string& id,
                    std::optional<Instant> when = {}) {
  auto made = sale(id, {"10.00"}, "anna", when);
  made.key.source = till;
  return made;
}

ReviewPage open_items(Shop& shop, ReviewKind kind) {
  const auto page = shop.engine().review().list({.kind = kind});
  EXPECT_TRUE(page.ok());
  return page ? *page : ReviewPage{};
}

class Guards : public EachStore {};

TEST_P(Guards, I3_the_sixth_sale_on_one_card_at_one_till_in_one_day_is_flagged) {
  Shop shop(five_a_day("flag"), uri());
  for (int i = 1; i <= 5; ++i) {
    EXPECT_TRUE(shop.posts(at_till("till-1", "R-" + std::to_string(i))).flags.empty());
  }
  EXPECT_TRUE(shop.posts(at_till("till-2", "R-1")).flags.empty());
  const auto quoted = shop.engine().quote(at_till("till-1", "R-6"));
  EXPECT_EQ(quoted->flags, std::vector<std::string>{"guard:one-card-one-till"});
  const auto sixth = shop.posts(at_till("till-1", "R-6"));
  EXPECT_EQ(sixth.flags, std::vector<std::string>{"guard:one-card-one-till"});
  EXPECT_EQ(earned(sixth), 10);
  EXPECT_EQ(shop.posts(at_till("till-1", "R-6")).flags, sixth.flags);
  const auto items = open_items(shop, ReviewKind::kAnomaly).items;
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].subject, "till-1/R-6");
  EXPECT_EQ(items[0].text, "guard one-card-one-till: 6 sales, at most 5");
  shop.is("2025-03-01T23:00:00Z");  // the next day in Rome
  EXPECT_TRUE(shop.posts(at_till("till-1", "R-7")).flags.empty());
  shop.adds_up();
}

TEST_P(Guards, the_day_is_that_of_the_sales_whatever_order_they_come_in) {
  Shop shop(five_a_day("flag"), uri());
  for (int i = 1; i <= 6; ++i) {
    const auto when = at("2025-03-01T09:00:00Z") - std::chrono::minutes(i);
    const auto receipt = shop.posts(at_till("till-1", "R-" + std::to_string(i), when));
    EXPECT_EQ(receipt.flags.size(), i == 6 ? 1u : 0u) << i;
  }
  EXPECT_TRUE(shop.posts(at_till("till-1", "R-7", at("2025-02-28T09:00:00Z"))).flags.empty());
}

TEST_P(Guards, a_stretch_is_any_stretch_that_the_sale_lies_in) {
  Shop shop(guards("  - { id: quick, sales: { at_most: 2, within: 60 minutes }, then: flag }\n"),
            uri());
  const auto flags = [&](const char* id, const char* when) {
    return shop.posts(at_till("till-1", id, at(when))).flags.size();
  };
  EXPECT_EQ(flags("R-1", "2025-03-01T08:00:00Z"), 0u);
  EXPECT_EQ(flags("R-2", "2025-03-01T08:59:00Z"), 0u);
  EXPECT_EQ(flags("R-3", "2025-03-01T09:00:00Z"), 0u);  // R-1 is an hour ago
  EXPECT_EQ(flags("R-4", "2025-03-01T09:58:00Z"), 1u);  // with
  EXPECT_EQ(flags("R-5", "2025-03-01T08:30:00Z"), 1u);  // between
}

TEST_P(Guards, reviewed_it_is_kept_without_value_until_somebody_accepts_it) {
  Shop shop(five_a_day("review"), uri());
  for (int i = 1; i <= 5; ++i) shop.posts(at_till("till-1", "R-" + std::to_string(i)));
  const auto sixth = shop.posts(at_till("till-1", "R-6"));
  EXPECT_EQ(sixth.state, TransactionState::kReview);
  EXPECT_EQ(shop.available(), 50);
  const auto items = open_items(shop, ReviewKind::kTransaction).items;
  ASSERT_EQ(items.size(), 1u);
  const ReviewDecision yes{.item = items[0].number, .by = "ann", .reason = "a large party"};
  ASSERT_TRUE(shop.engine().review().accept(yes).ok());
  EXPECT_EQ(shop.available(), 60);
  shop.adds_up();
}

TEST_P(Guards, refused_it_is_not_stored_and_holds_against_ten_at_once) {
  Shop shop(five_a_day("refuse"), uri());
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&, i] {
      const auto posted = shop.engine().post(at_till("till-1", "R-" + std::to_string(i)));
      if (posted) {
        ++taken;
      } else {
        EXPECT_EQ(posted.error().code, ErrorCode::kRefusedByGuard);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 5);
  EXPECT_EQ(shop.available(), 50);
}

TEST_P(Guards, I3_an_associates_own_card_at_her_own_sale_is_held) {
  Shop shop(guards("  - { id: own-card, own_sale: true, then: review }\n"), uri());
  shop.posts(at_till("till-1", "R-1"));
  const auto changed = shop.engine().change(
      shop.member().id, {.associate = "A-17", .actor = "hr", .reason = "joined the house"});
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(changed->associate, "A-17");
  auto own = at_till("till-1", "R-2");
  own.associate = "A-17";
  EXPECT_EQ(shop.posts(own).state, TransactionState::kReview);
  auto by_line = at_till("till-1", "R-3");
  by_line.lines[0].associate = "A-17";
  EXPECT_EQ(shop.posts(by_line).state, TransactionState::kReview);
  auto served = at_till("till-1", "R-4");
  served.associate = "A-3";
  EXPECT_EQ(shop.posts(served).state, TransactionState::kAccepted);
}

TEST_P(Guards, a_member_spends_so_often_a_day) {
  Shop shop(guards("  - { id: thrice, redemptions: { at_most: 3 }, then: refuse }\n") +
                "rewards:\n  pay_with_points: { points: 1, worth: 0.01 }\n",
            uri());
  shop.posts(at_till("till-1", "R-1"));
  const auto spends = [&](const std::string& id) {
    const auto held = shop.engine().redemptions().hold(
        {.key = {"shop", id}, .identifiers = {{"card", "anna"}}, .points = Points(1)});
    return held ? std::string("held") : std::string(held.error().name());
  };
  for (const char* id : {"1", "2", "3"}) EXPECT_EQ(spends(id), "held");
  EXPECT_EQ(spends("4"), "refused_by_guard");
  EXPECT_EQ(spends("1"), "held");
  auto paid = at_till("till-1", "R-2");
  paid.tenders = {{"points", "0.01", "", ""}};
  EXPECT_EQ(shop.refuses(paid).code, ErrorCode::kRefusedByGuard);
  shop.is("2025-03-02T10:00:00Z");
  EXPECT_EQ(spends("5"), "held");
  EXPECT_EQ(shop.posts(paid).state, TransactionState::kAccepted);
  shop.adds_up();
}

std::string kept(const std::string& yaml) {
  return replaced(yaml, "unknown: enrol", "unknown: keep");
}

TEST_P(Guards, I3_a_card_that_nobody_has_enrolled_yet_is_a_card) {
  Shop shop(kept(five_a_day("flag")), uri());
  for (int i = 1; i <= 5; ++i) {
    EXPECT_TRUE(shop.posts(at_till("till-1", "R-" + std::to_string(i))).flags.empty()) << i;
  }
  EXPECT_TRUE(shop.posts(at_till("till-2", "R-0")).flags.empty());
  auto another = at_till("till-1", "R-9");
  another.identifiers = {{"card", "berta"}};
  EXPECT_TRUE(shop.posts(another).flags.empty());
  const auto sixth = shop.posts(at_till("till-1", "R-6"));
  EXPECT_FALSE(sixth.attribution.member);
  EXPECT_EQ(sixth.flags, std::vector<std::string>{"guard:one-card-one-till"});
  EXPECT_EQ(open_items(shop, ReviewKind::kAnomaly).items.size(), 1u);
  shop.adds_up();
}

TEST_P(Guards, I3_what_was_sold_on_a_card_before_it_was_enrolled_counts) {
  Shop shop(kept(five_a_day("flag")), uri());
  for (int i = 1; i <= 3; ++i) shop.posts(at_till("till-1", "R-" + std::to_string(i)));
  ASSERT_TRUE(shop.engine().enrol({TransactionKey{"web", "1"}, {{"card", "anna"}}}).ok());
  EXPECT_EQ(shop.available(), 30);  // they are hers by now
  EXPECT_TRUE(shop.posts(at_till("till-1", "R-4")).flags.empty());
  EXPECT_TRUE(shop.posts(at_till("till-1", "R-5")).flags.empty());
  EXPECT_EQ(shop.posts(at_till("till-1", "R-6")).flags.size(), 1u);
}

TEST_P(Guards, nobodys_sales_are_held_and_refused_like_anybodys) {
  Shop held(kept(five_a_day("review")), uri());
  for (int i = 1; i <= 5; ++i) held.posts(at_till("till-1", "R-" + std::to_string(i)));
  EXPECT_EQ(held.posts(at_till("till-1", "R-6")).state, TransactionState::kReview);
  Shop strict(kept(five_a_day("refuse")));
  for (int i = 1; i <= 5; ++i) strict.posts(at_till("till-1", "R-" + std::to_string(i)));
  EXPECT_EQ(strict.refuses(at_till("till-1", "R-6")).code, ErrorCode::kRefusedByGuard);
  auto nameless = at_till("till-1", "R-7");
  nameless.identifiers.clear();
  for (int i = 10; i < 20; ++i) {
    nameless.key.id = "R-" + std::to_string(i);
    EXPECT_EQ(strict.posts(nameless).state, TransactionState::kAccepted);
  }
}

TEST_P(Guards, I3_what_waits_for_a_person_counts) {
  Shop shop(guards("  - { id: quick, sales: { at_most: 2 }, then: review }\n"
                   "  - { id: many, sales: { at_most: 3, same: identifier }, then: flag }\n"),
            uri());
  shop.posts(at_till("till-1", "R-1"));
  shop.posts(at_till("till-2", "R-2"));
  const std::vector<std::string> quick{"guard:quick"}, both{"guard:many", "guard:quick"};
  EXPECT_EQ(shop.posts(at_till("till-3", "R-3")).flags, quick);
  EXPECT_EQ(shop.posts(at_till("till-4", "R-4")).flags, both);
  const auto items = open_items(shop, ReviewKind::kTransaction).items;
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[1].text, "guard many: 4 sales, at most 3; guard quick: 4 sales, at most 2");
  shop.adds_up();
}

TEST_P(Guards, the_strictest_holds) {
  Shop shop(guards("  - { id: a, sales: { at_most: 1 }, then: flag }\n"
                   "  - { id: b, sales: { at_most: 2, same: store }, then: review }\n"
                   "  - { id: c, sales: { at_most: 4, same: associate }, then: refuse }\n"),
            uri());
  EXPECT_EQ(shop.posts(at_till("t", "1")).flags.size(), 0u);
  EXPECT_EQ(shop.posts(at_till("t", "2")).flags.size(), 1u);
  EXPECT_EQ(shop.posts(at_till("t", "3")).state, TransactionState::kReview);
  auto other = at_till("t", "4");
  other.store = "harbour";
  EXPECT_EQ(shop.posts(other).state, TransactionState::kAccepted);
  EXPECT_EQ(shop.refuses(at_till("t", "5")).code, ErrorCode::kRefusedByGuard);
}

INSTANTIATE_TEST_SUITE_P(Stores, Guards, each_store(), store_name);

}  // namespace
}  // namespace laurel::test
