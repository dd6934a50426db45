// privacy: retain. What is kept no longer goes by itself, once, and the books stay as they are.

#include "each_store.hpp"
#include "laurel/privacy.hpp"
#include "laurel/review.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Retained : public EachStore {
 protected:
  static std::string programme(const std::string& retain, const std::string& unknown = "keep") {
    return replaced(kReference, "unknown: enrol", "unknown: " + unknown) +
           "\nprivacy:\n  retain: { " + retain + " }\n";
  }
  MemberId enrols(Shop& shop, const std::string& card) {
    Enrolment enrolment{TransactionKey{"web", card},
                        {{"card", card}, {"email", card + "@example.test"}}};
    enrolment.profile = {.given_name = card, .family_name = "Rossi"};
    return shop.engine().enrol(enrolment)->member.id;
  }
  // All that is due, in portions.
  RetentionWork retains(Shop& shop, std::size_t limit = 100) {
    RetentionWork all;
    for (;;) {
      const auto portion = shop.engine().privacy().retain(limit);
      EXPECT_TRUE(portion.ok()) << Shop::describe(portion.error());
      if (!portion) return all;
      all.members += portion->members;
      all.forgotten += portion->forgotten;
      all.transactions += portion->transactions;
      if (!portion->more) return all;
    }
  }
  static bool known(Shop& shop, MemberId id) { return !shop.engine().member(id)->profile.empty(); }
};
INSTANTIATE_TEST_SUITE_P(Stores, Retained, each_store(), store_name);

TEST_P(Retained, nothing_goes_where_the_programme_says_nothing) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna");
  shop.is("2095-03-01T10:00:00Z");
  EXPECT_EQ(retains(shop).members, 0);
  EXPECT_TRUE(known(shop, anna));
}

TEST_P(Retained, identifiers_of_what_stayed_nobodys_go_after_the_period) {
  Shop shop(programme("unattributed: 13 months"), uri());
  auto sold = sale("R-1", {"10.00"}, "");
  sold.identifiers = {{"email", "nobody@example.test"}, {"phone", "+39 333 1234567"}};
  shop.posts(sold);
  shop.is("2026-04-01T10:00:00Z");  // its day has been kept for 13 months, and not a day longer
  EXPECT_EQ(retains(shop).transactions, 0);
  shop.is("2026-04-02T10:00:00Z");
  EXPECT_EQ(retains(shop).transactions, 1);
  const auto receipt = *shop.engine().transaction({"till-1", "R-1"});
  for (const auto& each : receipt.attribution.evidence) {
    EXPECT_EQ(each.value, "");
  }
  EXPECT_EQ(retains(shop).transactions, 0);
  EXPECT_TRUE(shop.posts(sold).replayed);
  shop.adds_up();
}

TEST_P(Retained, identifiers_of_what_waits_for_a_person_go_after_the_period) {
  Shop shop(programme("unattributed: 13 months"), uri());
  const auto anna = enrols(shop, "anna");
  auto early = sale("R-1", {"10.00"}, "anna", at("2025-03-09T10:00:00Z"));  // from the future
  early.identifiers.push_back({"phone", "+39 333 1234567"});
  EXPECT_EQ(shop.posts(early).state, TransactionState::kReview);
  auto refused = sale("R-2", {"10.00"}, "", at("2025-03-09T10:00:00Z"));
  refused.identifiers = {{"email", "nobody@example.test"}};
  shop.posts(refused);
  auto accepted = sale("R-3", {"10.00"}, "anna", at("2025-03-09T10:00:00Z"));
  shop.posts(accepted);
  const auto items = shop.engine().review().list({.kind = ReviewKind::kTransaction})->items;
  ASSERT_EQ(items.size(), 3u);
  ASSERT_TRUE(
      shop.engine().review().reject({.item = items[1].number, .by = "ann", .reason = "no"}).ok());
  ASSERT_TRUE(
      shop.engine().review().accept({.item = items[2].number, .by = "ann", .reason = "yes"}).ok());
  EXPECT_EQ(shop.available(), 10);
  shop.is("2026-04-02T10:00:00Z");
  EXPECT_EQ(retains(shop).transactions, 2);
  for (const char* id : {"R-1", "R-2"}) {
    const auto receipt = *shop.engine().transaction({"till-1", id});
    for (const auto& each : receipt.attribution.evidence) EXPECT_EQ(each.value, "") << id;
  }
  EXPECT_EQ(shop.engine().transaction({"till-1", "R-3"})->attribution.evidence.at(0).value, "anna");
  EXPECT_TRUE(shop.engine()
                  .review()
                  .accept({.item = items[0].number, .by = "ann", .reason = "yes", .member = anna})
                  .ok());
  EXPECT_EQ(retains(shop).transactions, 0);
  shop.adds_up();
}

TEST_P(Retained, what_was_claimed_is_hers) {
  Shop shop(programme("unattributed: 13 months"), uri());
  auto sold = sale("R-1", {"10.00"}, "");
  sold.identifiers = {{"phone", "+39 333 1234567"}};
  shop.posts(sold);
  const auto anna = enrols(shop, "anna");
  ASSERT_TRUE(shop.engine().claim({"till-1", "R-1"}, anna, "clerk").ok());
  shop.is("2026-05-01T10:00:00Z");
  EXPECT_EQ(retains(shop).transactions, 0);
  const auto kept = shop.engine().privacy().everything(anna);
  EXPECT_EQ(kept->entries.back().document->identifiers.at(0).value, "+393331234567");
}

TEST_P(Retained, who_closed_her_account_is_forgotten_after_the_period) {
  Shop shop(programme("closed_members: 24 months"), uri());
  const auto anna = enrols(shop, "anna"), berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"100.00"}, "anna"));
  const MemberChange closes{
      .status = MemberStatus::kClosed, .actor = "ana", .reason = "asked for it"};
  ASSERT_TRUE(shop.engine().change(anna, closes).ok());
  shop.is("2027-03-01T10:00:00Z");
  EXPECT_EQ(retains(shop).forgotten, 0);
  shop.is("2027-03-02T10:00:00Z");
  EXPECT_EQ(retains(shop).forgotten, 1);
  EXPECT_FALSE(known(shop, anna));
  EXPECT_TRUE(shop.engine().member(anna)->identifiers.empty());
  EXPECT_TRUE(known(shop, berta));
  shop.is("2027-03-03T10:00:00Z");
  EXPECT_EQ(retains(shop).forgotten, 0);
  shop.is("2031-03-03T10:00:00Z");
  EXPECT_EQ(retains(shop).forgotten, 0);
  shop.adds_up();
}

TEST_P(Retained, who_was_long_inactive_is_forgotten_with_her_points) {
  Shop shop(programme("inactive_members: 5 years"), uri());
  const auto anna = enrols(shop, "anna"), berta = enrols(shop, "berta");
  shop.posts(sale("R-1", {"100.00"}, "anna"));
  shop.is("2026-06-01T10:00:00Z");
  while (shop.engine().settle_due(100)->more) continue;  // what jobs book is no activity
  shop.is("2028-03-01T10:00:00Z");
  shop.posts(sale("R-2", {"50.00"}, "berta"));
  shop.is("2030-03-02T10:00:00Z");
  EXPECT_EQ(retains(shop).forgotten, 1);
  EXPECT_EQ(shop.engine().member(anna)->status, MemberStatus::kClosed);
  EXPECT_FALSE(known(shop, anna));
  EXPECT_TRUE(known(shop, berta));
  const auto last = shop.engine().ledger(anna, {}, 1)->entries.at(0);
  EXPECT_EQ(last.kind, "erasure");
  EXPECT_EQ(last.actor, "laurel");
  EXPECT_EQ(last.reason, "inactive for 5 years");
  EXPECT_EQ(retains(shop).members, 0);  // today's round is over
  shop.adds_up();
}

TEST_P(Retained, it_goes_on_where_it_stopped) {
  Shop shop(programme("inactive_members: 1 year"), uri());
  for (int i = 0; i < 7; ++i) enrols(shop, "card-" + std::to_string(i));
  shop.is("2026-04-01T10:00:00Z");
  EXPECT_EQ(shop.engine().privacy().retain(3)->forgotten, 3);
  shop.reopen();
  const auto rest = retains(shop, 3);
  EXPECT_EQ(rest.forgotten, 4);
  EXPECT_EQ(rest.members, 4);
  shop.adds_up();
}

// A birthday rule: what it was told of her stands with the sale, and goes with her.
TEST_P(Retained, H14_what_a_rule_was_told_of_her_is_forgotten_and_the_books_still_add_up) {
  const std::string rules = std::string(kReference) +
                            "\nrules:\n  - id: regulars\n    when: { segment: regulars }\n"
                            "    bonus: 50 points\n";
  Shop shop(rules, uri());
  Enrolment enrolment{TransactionKey{"web", "anna"}, {{"card", "anna"}}};
  enrolment.segments = {"regulars", "nightingales"};
  enrolment.born = *parse_date("1971-06-24");
  const auto anna = shop.engine().enrol(enrolment)->member.id;
  EXPECT_EQ(shop.posts(sale("R-1", {"100.00"}, "anna")).points.at(0).earned.units(), 150);
  shop.posts(return_of("X-1", "R-1"));
  shop.posts(sale("R-2", {"30.00"}, "anna"));
  shop.adds_up();
  ASSERT_TRUE(shop.engine().privacy().erase({{"desk", "D"}, anna, "ana", "by letter"}).ok());
  shop.adds_up();
  int forgotten = 0;
  const auto held = shop.store()->read([&](const store::View& view) -> Result<void> {
    const auto entries = view.entries({}, 100);
    for (const auto& entry : *entries) {
      if (!entry.valuation || !entry.valuation->person) continue;
      ++forgotten;
      EXPECT_TRUE(entry.valuation->person->forgotten);
      EXPECT_FALSE(entry.valuation->person->tells());
    }
    return {};
  });
  EXPECT_TRUE(held.ok());
  EXPECT_EQ(forgotten, 2);
  shop.posts(return_of("X-2", "R-2"));
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
