// What waits for a person, and what she decides.

#include "laurel/review.hpp"
#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class ReviewQueue : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, ReviewQueue, each_store(), store_name);

const auto kThirtyDays =
    replaced(kReference, "departments:", "max_lateness: 30 days\ndepartments:");

std::vector<ReviewItem> open_items(Shop& shop) {
  const auto page = shop.engine().review().list({});
  EXPECT_TRUE(page.ok());
  return page ? page->items : std::vector<ReviewItem>{};
}

ReviewDecision by_ann(const ReviewItem& item, std::optional<MemberId> member = {}) {
  return {item.number, "ann", "looked at the paper receipt", member};
}

ReviewItem accepts(Shop& shop, const ReviewItem& item, std::optional<MemberId> member = {}) {
  const auto decided = shop.engine().review().accept(by_ann(item, member));
  EXPECT_TRUE(decided.ok()) << Shop::describe(decided.error());
  return decided ? *decided : ReviewItem{};
}

ErrorCode refusal(const Result<ReviewItem>& decided) {
  EXPECT_FALSE(decided.ok());
  return decided ? ErrorCode::kBroken : decided.error().code;
}

TEST_P(ReviewQueue, A15_a_sale_that_came_too_late_is_valued_as_of_its_own_day) {
  Shop shop(kThirtyDays, uri());
  shop.posts(sale("R-0", {"5.00"}));
  shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-01-20T10:00:00Z")));
  const auto items = open_items(shop);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, ReviewKind::kTransaction);
  EXPECT_EQ(items[0].subject, "till-1/R-1");
  EXPECT_EQ(items[0].members, std::vector{shop.member().id});
  const auto accepted = accepts(shop, items[0]);
  EXPECT_EQ(accepted.state, ReviewState::kAccepted);
  EXPECT_EQ(accepted.decided_by, "ann");
  EXPECT_EQ(shop.available(), 15);
  EXPECT_EQ(to_text(shop.member().wallets[0].lots[0].expires_at), "2026-01-20T23:00:00Z");
  const auto answer = shop.engine().transaction({"till-1", "R-1"});
  EXPECT_EQ(answer->state, TransactionState::kAccepted);
  EXPECT_EQ(answer->attribution.by, "review");
  EXPECT_TRUE(open_items(shop).empty());
  shop.adds_up();
}

TEST_P(ReviewQueue, A14_a_sale_from_the_future_counts_from_when_it_was_received) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-0", {"5.00"}));
  shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-03-04T10:00:00Z")));
  accepts(shop, open_items(shop).at(0));
  EXPECT_EQ(shop.available(), 15);
  EXPECT_EQ(to_text(shop.member().wallets[0].lots[1].expires_at), "2026-03-01T23:00:00Z");
  shop.adds_up();
}

TEST_P(ReviewQueue, deciding_again_is_harmless_and_deciding_otherwise_is_refused) {
  Shop shop(kThirtyDays, uri());
  shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-01-20T10:00:00Z")));
  const auto item = open_items(shop).at(0);
  const auto first = accepts(shop, item);
  EXPECT_EQ(accepts(shop, item), first);
  EXPECT_EQ(shop.available(), 10);
  EXPECT_EQ(refusal(shop.engine().review().reject(by_ann(item))), ErrorCode::kAlreadyDecided);
  EXPECT_EQ(refusal(shop.engine().review().accept(by_ann(item, MemberId(99)))),
            ErrorCode::kAlreadyDecided);
  shop.adds_up();
}

TEST_P(ReviewQueue, what_was_rejected_stays_without_value) {
  Shop shop(kThirtyDays, uri());
  shop.posts(sale("R-0", {"5.00"}));
  const auto late = sale("R-1", {"10.00"}, "anna", at("2025-01-20T10:00:00Z"));
  shop.posts(late);
  const auto claim = [&] {
    return shop.engine().claim({"till-1", "R-1"}, shop.member().id, "clerk").error().code;
  };
  EXPECT_EQ(claim(), ErrorCode::kInReview);
  ASSERT_TRUE(shop.engine().review().reject(by_ann(open_items(shop).at(0))).ok());
  EXPECT_EQ(claim(), ErrorCode::kInReview);
  EXPECT_EQ(shop.engine().transaction({"till-1", "R-1"})->state, TransactionState::kRejected);
  EXPECT_EQ(shop.posts(late).state, TransactionState::kReview);  // the first answer, for ever
  EXPECT_EQ(shop.available(), 5);
  shop.adds_up();
}

TEST_P(ReviewQueue, H10_identifiers_that_disagree_need_a_member) {
  Shop shop(replaced(kReference, "  unknown: enrol", "  on_conflict: review\n  unknown: enrol"),
            uri());
  shop.posts(sale("R-1", {"1.00"}, "anna"));
  shop.posts(sale("R-2", {"1.00"}, "berta"));
  auto both = sale("R-3", {"10.00"}, "anna");
  both.identifiers.push_back({"card", "berta"});
  EXPECT_EQ(shop.posts(both).state, TransactionState::kReview);
  const auto item = open_items(shop).at(0);
  EXPECT_EQ(item.members, (std::vector{shop.member("anna").id, shop.member("berta").id}));
  EXPECT_EQ(refusal(shop.engine().review().accept(by_ann(item))), ErrorCode::kAmbiguousMember);
  EXPECT_EQ(refusal(shop.engine().review().accept(by_ann(item, MemberId(99)))),
            ErrorCode::kUnknownMember);
  accepts(shop, item, shop.member("berta").id);
  EXPECT_EQ(shop.available("anna"), 1);
  EXPECT_EQ(shop.available("berta"), 11);
  shop.adds_up();
}

TEST_P(ReviewQueue, a_sale_of_nobody_can_be_claimed_once_it_was_accepted) {
  Shop shop(kThirtyDays, uri());
  shop.posts(sale("R-0", {"5.00"}));
  shop.posts(sale("R-1", {"10.00"}, "", at("2025-03-04T10:00:00Z")));
  accepts(shop, open_items(shop).at(0));
  EXPECT_EQ(shop.engine().transaction({"till-1", "R-1"})->state, TransactionState::kAccepted);
  EXPECT_TRUE(shop.engine().claim({"till-1", "R-1"}, shop.member().id, "clerk").ok());
  EXPECT_EQ(shop.available(), 15);
  shop.adds_up();
}

TEST_P(ReviewQueue, a_return_before_the_decision_is_taken_from_what_is_given) {
  Shop shop(kThirtyDays, uri());
  shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-01-20T10:00:00Z")));
  shop.posts(return_of_amount("X-1", "R-1", "4.00"));
  accepts(shop, open_items(shop).at(0));
  EXPECT_EQ(shop.available(), 6);
  shop.adds_up();
}

TEST_P(ReviewQueue, a_decision_needs_a_person_and_a_reason) {
  Shop shop(kThirtyDays, uri());
  const auto refused = shop.engine().review().accept({1, "", ""});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().faults.size(), 2u);
  EXPECT_EQ(refusal(shop.engine().review().accept({1, "ann", "why"})),
            ErrorCode::kUnknownReviewItem);
}

// ---- C9: returns whose sale does not come -------------------------------------------------------

TEST_P(ReviewQueue, C9_an_orphan_is_listed_after_thirty_days) {
  Shop shop(kReference, uri());
  shop.posts(return_of("X-1", "R-1"));
  shop.is("2025-03-31T09:59:59Z");
  EXPECT_TRUE(open_items(shop).empty());
  shop.is("2025-03-31T10:00:00Z");
  ASSERT_EQ(open_items(shop).size(), 1u);
  EXPECT_EQ(open_items(shop)[0].kind, ReviewKind::kOrphan);
  EXPECT_EQ(open_items(shop)[0].text, "it waits for till-1/R-1");
}

TEST_P(ReviewQueue, C9_an_orphan_whose_sale_came_is_listed_no_more) {
  Shop shop(kReference, uri());
  shop.posts(return_of_amount("X-1", "R-1", "40.00"));
  shop.is("2025-04-05T10:00:00Z");
  shop.posts(sale("R-1", {"100.00"}, "anna", at("2025-03-01T09:00:00Z")));
  EXPECT_TRUE(open_items(shop).empty());
  EXPECT_EQ(shop.available(), 60);
  shop.adds_up();
}

TEST_P(ReviewQueue, C9_an_orphan_that_was_rejected_never_takes_effect) {
  Shop shop(kReference, uri());
  shop.posts(return_of_amount("X-1", "R-1", "40.00"));
  shop.is("2025-04-05T10:00:00Z");
  ASSERT_TRUE(shop.engine().review().reject(by_ann(open_items(shop).at(0))).ok());
  shop.posts(sale("R-1", {"100.00"}, "anna", at("2025-03-01T09:00:00Z")));
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

void nobody_hears_of_a_voided_return(Shop& shop) {
  shop.is("2025-04-05T10:00:00Z");
  EXPECT_TRUE(open_items(shop).empty());
  shop.posts(sale("R-1", {"100.00"}));
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

TEST_P(ReviewQueue, C9_an_orphan_that_was_voided_is_listed_no_more) {
  Shop shop(kReference, uri());
  shop.posts(return_of_amount("X-1", "R-1", "40.00"));
  shop.posts(void_of("V-1", "X-1"));
  nobody_hears_of_a_voided_return(shop);
}

TEST_P(ReviewQueue, C9_an_orphan_whose_void_came_first_is_never_listed) {
  Shop shop(kReference, uri());
  shop.posts(void_of("V-1", "X-1"));
  shop.posts(return_of_amount("X-1", "R-1", "40.00"));
  nobody_hears_of_a_voided_return(shop);
}

TEST_P(ReviewQueue, pages_go_on_where_they_ended) {
  Shop shop(kThirtyDays, uri());
  for (int i = 0; i < 5; ++i) {
    shop.posts(sale("R-" + std::to_string(i), {"1.00"}, "anna", at("2025-01-20T10:00:00Z")));
  }
  ReviewFilter filter{.limit = 3};
  const auto first = shop.engine().review().list(filter);
  ASSERT_EQ(first->items.size(), 3u);
  filter.after = first->next;
  const auto second = shop.engine().review().list(filter);
  EXPECT_EQ(second->items.size(), 2u);
  EXPECT_EQ(second->next, 0);
}

}  // namespace
}  // namespace laurel::test
