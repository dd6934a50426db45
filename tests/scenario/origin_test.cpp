// H11: one sale that two departments report.

#include "each_store.hpp"
#include "laurel/review.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Origin : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Origin, each_store(), store_name);

Transaction bill(const std::string& card = "anna") {
  auto made = sale("77", {"120.00"}, card);
  made.key.source = "restaurant";
  made.lines[0].department = "restaurant";
  return made;
}

// The bill, and a night of 80.00.
Transaction folio(const std::string& card = "anna", bool says_so = true) {
  auto made = sale("9", {"120.00", "80.00"}, card);
  made.key.source = "hotel";
  made.lines[0].department = "restaurant";
  made.lines[1].department = "hotel";
  if (says_so) made.lines[0].origin = TransactionKey{"restaurant", "77"};
  return made;
}

TEST_P(Origin, H11_the_bill_first) {
  Shop shop(kReference, uri());
  EXPECT_EQ(earned(shop.posts(bill())), 120);
  const auto receipt = shop.posts(folio());
  EXPECT_EQ(earned(receipt), 80);
  EXPECT_EQ(receipt.lines.at(0).points.units(), 0);
  EXPECT_EQ(shop.available(), 200);
  EXPECT_EQ(shop.member().tier.spend_minor, 200'00);
  EXPECT_TRUE(shop.posts(folio()).replayed);
  shop.adds_up();
}

TEST_P(Origin, H11_the_folio_first) {
  Shop shop(kReference, uri());
  EXPECT_EQ(earned(shop.posts(folio())), 200);
  const auto receipt = shop.posts(bill());
  EXPECT_EQ(receipt.state, TransactionState::kLinked);
  EXPECT_EQ(earned(receipt), 0);
  EXPECT_EQ(shop.available(), 200);
  EXPECT_EQ(shop.member().tier.spend_minor, 200'00);
  EXPECT_EQ(shop.posts(bill()).state, TransactionState::kLinked);
  shop.adds_up();
}

TEST_P(Origin, H11_a_bill_of_nobody_earns_with_the_folio_and_is_not_claimed) {
  Shop shop(replaced(kReference, "unknown: enrol", "unknown: keep"), uri());
  const auto anna = shop.engine().enrol({TransactionKey{"web", "anna"}, {{"card", "anna"}}});
  shop.posts(bill(""));
  EXPECT_EQ(earned(shop.posts(folio())), 200);
  EXPECT_EQ(shop.engine().claim({"restaurant", "77"}, anna->member.id, "desk").error().code,
            ErrorCode::kAlreadyAttributed);
  EXPECT_EQ(shop.available(), 200);
  shop.adds_up();
}

TEST_P(Origin, H11_a_folio_of_nobody_leaves_the_bill_what_it_earns) {
  Shop shop(replaced(kReference, "unknown: enrol", "unknown: keep"), uri());
  const auto anna = shop.engine().enrol({TransactionKey{"web", "anna"}, {{"card", "anna"}}});
  shop.posts(folio(""));
  EXPECT_EQ(earned(shop.posts(bill())), 120);
  const auto claimed = shop.engine().claim({"hotel", "9"}, anna->member.id, "desk");
  ASSERT_TRUE(claimed.ok());
  EXPECT_EQ(earned(*claimed), 80);
  EXPECT_EQ(shop.available(), 200);
  shop.adds_up();
}

TEST_P(Origin, what_is_returned_of_the_folio_leaves_the_bill_alone) {
  Shop shop(kReference, uri());
  shop.posts(bill());
  shop.posts(folio());
  auto back = return_of("X-1", "9");
  back.original->source = "hotel";
  shop.posts(back);
  EXPECT_EQ(shop.available(), 120);
  shop.adds_up();
}

TEST_P(Origin, H11_without_an_origin_a_person_is_asked) {
  Shop shop(kReference, uri());
  shop.posts(bill());
  auto again = folio("anna", false);
  again.lines.pop_back();
  EXPECT_EQ(earned(shop.posts(again)), 120);
  const auto page = shop.engine().review().list({.kind = ReviewKind::kDuplicate});
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].subject, "hotel/9 restaurant/77");
  shop.adds_up();
}

TEST_P(Origin, H11_a_double_is_found_behind_other_sales_of_its_source) {
  Shop shop(kReference, uri());
  shop.posts(bill());
  for (const char* id : {"10", "11"}) {
    auto other = folio("anna", false);
    other.key.id = id;
    shop.posts(other);
  }
  auto again = folio("anna", false);
  again.lines.pop_back();
  shop.posts(again);
  const auto page = shop.engine().review().list({.kind = ReviewKind::kDuplicate});
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].subject, "hotel/9 restaurant/77");
}

TEST_P(Origin, sales_that_differ_are_no_duplicates) {
  Shop shop(kReference, uri());
  shop.posts(bill());
  shop.posts(folio());
  auto same_till = bill();
  same_till.key.id = "78";
  shop.posts(same_till);
  shop.is("2025-03-03T10:00:00Z");
  auto later = folio("anna", false);
  later.key.id = "10";
  later.lines.pop_back();
  shop.posts(later);
  EXPECT_TRUE(shop.engine().review().list({.kind = ReviewKind::kDuplicate})->items.empty());
}

// ---- Attributed by themselves -------------------------------------------------------------------

class Unclaimed : public EachStore {
 protected:
  std::string keeps() { return replaced(kReference, "unknown: enrol", "unknown: keep"); }
};
INSTANTIATE_TEST_SUITE_P(Stores, Unclaimed, each_store(), store_name);

TEST_P(Unclaimed, H3_past_sales_are_given_to_who_proves_the_address) {
  Shop shop(keeps(), uri());
  const Identifier email{"email", "victim@example.test"};
  auto sold = sale("R-1", {"80.00"}, "");
  sold.identifiers = {email};
  shop.posts(sold);
  Enrolment enrolment{TransactionKey{"web", "E"}, {{"card", "anna"}}};
  const auto anna = shop.engine().enrol(enrolment)->member.id;
  ASSERT_TRUE(shop.engine().link(anna, email, false, "web").ok());
  EXPECT_EQ(shop.available(), 0);
  shop.is("2025-03-05T10:00:00Z");
  ASSERT_TRUE(shop.engine().link(anna, email, true, "code").ok());
  EXPECT_EQ(shop.available(), 80);
  ASSERT_TRUE(shop.engine().link(anna, email, true, "code").ok());
  EXPECT_EQ(shop.available(), 80);
  const auto receipt = shop.engine().transaction({"till-1", "R-1"});
  EXPECT_EQ(receipt->attribution.member, anna);
  EXPECT_EQ(receipt->attribution.by, "email");
  EXPECT_EQ(to_text(receipt->points.at(0).expires_at), "2026-03-01T23:00:00Z");
  shop.adds_up();
}

TEST_P(Unclaimed, after_the_window_they_stay_nobodys) {
  Shop shop(keeps(), uri());
  shop.posts(sale("R-1", {"80.00"}, "anna"));
  shop.is("2025-03-31T22:00:00Z");
  shop.posts(sale("R-2", {"20.00"}, "anna"));
  ASSERT_TRUE(shop.engine().enrol({TransactionKey{"web", "E"}, {{"card", "anna"}}}).ok());
  EXPECT_EQ(shop.available(), 20);
  shop.adds_up();
}

TEST_P(Unclaimed, one_that_was_claimed_by_receipt_stays_where_it_is) {
  Shop shop(keeps(), uri());
  shop.posts(sale("R-1", {"80.00"}, "anna"));
  const auto berta = shop.engine().enrol({TransactionKey{"web", "B"}, {{"card", "berta"}}});
  ASSERT_TRUE(shop.engine().claim({"till-1", "R-1"}, berta->member.id, "desk").ok());
  ASSERT_TRUE(shop.engine().enrol({TransactionKey{"web", "A"}, {{"card", "anna"}}}).ok());
  EXPECT_EQ(shop.available("anna"), 0);
  EXPECT_EQ(shop.available("berta"), 80);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
