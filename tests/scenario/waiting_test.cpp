// Points that wait for a time, a day or an event, and points that live as long as they are used.

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Waiting : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Waiting, each_store(), store_name);

std::string pending(const std::string& how) {
  return replaced(kReference, "pending: none", "pending: " + how);
}

Transaction event(const std::string& id, const std::string& name,
                  std::optional<std::string> about = {}, const std::string& card = "") {
  Transaction made;
  made.key = {"till-1", id};
  made.kind = TransactionKind::kEvent;
  made.event = name;
  if (about) made.original = TransactionKey{"till-1", *about};
  if (!card.empty()) made.identifiers = {{"card", card}};
  return made;
}

TEST_P(Waiting, F14_a_return_while_points_wait_cancels_them) {
  Shop shop(pending("14 days"), uri());
  shop.posts(sale("R-1", {"500.00"}));
  shop.is("2025-03-11T10:00:00Z");
  const auto back = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(back.reversed.at(0).from_pending, Points(500));
  EXPECT_EQ(shop.pending(), 0);
  shop.is("2025-04-01T10:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST_P(Waiting, F14_a_return_after_it_takes_available_points) {
  Shop shop(pending("14 days"), uri());
  shop.posts(sale("R-1", {"500.00"}));
  shop.is("2025-03-21T10:00:00Z");
  EXPECT_EQ(shop.available(), 500);
  const auto back = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(back.reversed.at(0).from_available, Points(500));
  shop.adds_up();
}

TEST_P(Waiting, until_a_day_all_points_wait_for_its_start) {
  Shop shop(pending("{ until: 2025-12-24 }"), uri());
  shop.posts(sale("R-1", {"10.00"}));
  shop.is("2025-12-23T22:59:59Z");
  EXPECT_EQ(shop.available(), 0);
  shop.is("2025-12-23T23:00:00Z");
  EXPECT_EQ(shop.available(), 10);
  EXPECT_EQ(to_text(shop.member().wallets[0].lots.at(0).expires_at), "2026-12-24T23:00:00Z");
  shop.posts(sale("R-2", {"5.00"}));
  EXPECT_EQ(shop.available(), 15);
  shop.adds_up();
}

TEST_P(Waiting, until_it_is_shipped_points_wait_and_live_from_then_on) {
  Shop shop(pending("{ until: shipped }"), uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.posts(sale("R-2", {"10.00"}));
  shop.is("2025-06-01T10:00:00Z");
  EXPECT_EQ(shop.pending(), 110);
  EXPECT_EQ(shop.available(), 0);
  shop.posts(event("E-1", "packed", "R-1"));
  EXPECT_EQ(shop.available(), 0);
  shop.posts(event("E-2", "shipped", "R-1"));
  EXPECT_EQ(shop.pending(), 10);
  EXPECT_EQ(shop.available(), 100);
  shop.is("2026-06-01T21:59:59Z");
  EXPECT_EQ(shop.available(), 100);
  shop.is("2026-06-01T22:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  EXPECT_EQ(shop.pending(), 10);
  shop.adds_up();
}

TEST_P(Waiting, a_return_before_it_is_shipped_cancels_what_was_returned) {
  Shop shop(pending("{ until: shipped }"), uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.posts(return_of_amount("X-1", "R-1", "40.00"));
  shop.posts(event("E-1", "shipped", "R-1"));
  EXPECT_EQ(shop.available(), 60);
  EXPECT_EQ(shop.pending(), 0);
  EXPECT_TRUE(shop.posts(event("E-1", "shipped", "R-1")).replayed);
  shop.adds_up();
}

TEST_P(Waiting, shipped_may_be_reported_before_its_sale) {
  Shop shop(pending("{ until: shipped }"), uri());
  auto shipped = event("E-1", "shipped", "R-1");
  shipped.at = at("2025-02-20T10:00:00Z");
  shop.posts(shipped);
  shop.posts(sale("R-1", {"100.00"}, "anna", at("2025-02-10T10:00:00Z")));
  EXPECT_EQ(shop.available(), 100);
  EXPECT_EQ(to_text(shop.member().wallets[0].lots.at(0).available_from), "2025-02-20T10:00:00Z");
  shop.adds_up();
}

// ---- Use ----------------------------------------------------------------------------------------

std::string inactive(const std::string& kept_by) {
  return replaced(kReference, "expires: { after: 12 months }",
                  "expires: { inactive: 18 months, kept_by: " + kept_by + " }");
}

TEST_P(Waiting, points_that_are_not_used_die_together) {
  Shop shop(inactive("[earn, redeem]"), uri());
  shop.is("2025-01-31T10:00:00Z");
  const auto receipt = shop.posts(sale("R-1", {"100.00"}));
  EXPECT_EQ(to_text(receipt.points.at(0).expires_at), "2026-07-31T22:00:00Z");
  shop.is("2026-07-31T21:59:59Z");
  EXPECT_EQ(shop.available(), 100);
  shop.is("2026-07-31T22:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  EXPECT_EQ(shop.engine().settle_due(10)->expired_lots, 1);
  shop.adds_up();
}

TEST_P(Waiting, each_use_puts_the_end_off_for_all_of_them) {
  Shop shop(inactive("[earn, redeem]"), uri());
  shop.is("2025-01-31T10:00:00Z");
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2026-07-01T10:00:00Z");
  shop.spends(10);
  EXPECT_EQ(to_text(shop.member().wallets[0].lots.at(0).expires_at), "2028-01-01T23:00:00Z");
  shop.is("2027-12-31T10:00:00Z");
  shop.posts(sale("R-2", {"5.00"}));
  shop.is("2029-06-30T21:59:59Z");
  EXPECT_EQ(shop.available(), 95);
  shop.is("2029-06-30T22:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST_P(Waiting, only_what_is_listed_is_use) {
  Shop shop(inactive("[event]"), uri());
  shop.is("2025-01-31T10:00:00Z");
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2025-03-31T10:00:00Z");
  shop.posts(sale("R-2", {"100.00"}));
  EXPECT_EQ(to_text(shop.member().wallets[0].lots.at(1).expires_at), "2026-07-31T22:00:00Z");
  shop.posts(event("V-1", "visit", {}, "anna"));
  EXPECT_EQ(to_text(shop.member().wallets[0].lots.at(1).expires_at), "2026-09-30T22:00:00Z");
  shop.adds_up();
}

TEST_P(Waiting, use_that_is_learnt_of_after_points_died_does_not_bring_them_back) {
  Shop shop(inactive("[earn]"), uri());
  shop.is("2025-01-31T10:00:00Z");
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2026-08-05T10:00:00Z");
  shop.posts(sale("R-2", {"7.00"}, "anna", at("2026-07-30T10:00:00Z")));
  EXPECT_EQ(shop.available(), 7);
  EXPECT_EQ(to_text(shop.member().wallets[0].lots.at(0).expires_at), "2028-01-30T23:00:00Z");
  shop.adds_up();
}

// ---- Midnight -----------------------------------------------------------------------------------

// At one midnight points die, others become available, a level ends and another begins; a sale of
// that very moment comes after all of it.
TEST_P(Waiting, what_happens_at_one_midnight_happens_in_the_documented_order) {
  auto text = replaced(pending("14 days"), "after: 12 months", "after: 30 days");
  text = replaced(text, "crossing: next_purchase", "crossing: next_day");
  text = replaced(text, "{ id: gold, from: 1000.00, rate: 1 point per 1.00 }",
                  "{ id: gold, from: 1000.00, rate: 2 points per 1.00 }");
  Shop shop(text, uri());
  shop.is("2025-12-01T10:00:00Z");
  shop.posts(sale("R-1", {"100.00"}));  // dies at the end of 31 December
  shop.is("2025-12-18T10:00:00Z");
  shop.posts(sale("R-2", {"20.00"}));  // available from 1 January
  shop.is("2025-12-20T10:00:00Z");
  shop.posts(sale("R-3", {"900.00"}));  // gold from 21 December, until the year's end
  EXPECT_EQ(shop.member().tier.upcoming_id, "gold");
  shop.is("2025-12-31T22:59:59Z");
  EXPECT_EQ(shop.tier(), "gold");
  EXPECT_EQ(shop.available(), 100);
  shop.is("2025-12-31T23:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-4", {"10.00"}, "anna", at("2025-12-31T23:00:00Z")))), 10);
  EXPECT_EQ(shop.tier(), "silver");
  EXPECT_EQ(shop.available(), 20);
  const auto page = shop.engine().ledger(shop.member().id, {}, 3);
  ASSERT_EQ(page->entries.size(), 3U);
  EXPECT_EQ(page->entries[0].kind, "sale");
  EXPECT_EQ(page->entries[1].kind, "activation");
  EXPECT_EQ(page->entries[2].kind, "expiry");
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
