// A member in one answer: what a till or an associate is told of her.

#include "laurel/view.hpp"
#include <algorithm>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class View : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, View, each_store(), store_name);

Transaction served(const std::string& id, const std::string& department, const std::string& brand,
                   const std::string& associate, const std::string& card = "anna") {
  auto made = sale(id, {"100.00"}, card);
  made.lines[0].department = department;
  made.lines[0].brand = brand;
  made.associate = associate;
  return made;
}

Transaction meeting(const std::string& id, const std::string& event) {
  Transaction made;
  made.key = {"desk", id};
  made.kind = TransactionKind::kEvent;
  made.event = event;
  made.department = "spa";
  made.associate = "A-3";
  made.identifiers = {{"card", "anna"}};
  return made;
}

MemberView seen(Shop& shop, const ViewQuestion& question = {}, const std::string& card = "anna") {
  const auto view = shop.engine().views().of(shop.member(card).id, question);
  EXPECT_TRUE(view.ok()) << Shop::describe(view.error());
  return view ? *view : MemberView{};
}

std::vector<std::string> keys(const std::vector<Purchase>& purchases) {
  std::vector<std::string> ids;
  for (const auto& purchase : purchases) ids.push_back(purchase.key.id);
  return ids;
}

using Ids = std::vector<std::string>;

TEST_P(View, shows_purchases_newest_first_whatever_the_order_of_their_arrival) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-02-01T10:00:00Z")));
  shop.posts(sale("R-3", {"10.00"}, "anna", at("2025-02-28T10:00:00Z")));
  shop.posts(sale("R-2", {"10.00"}, "anna", at("2025-02-10T10:00:00Z")));
  EXPECT_EQ(keys(seen(shop).purchases), (Ids{"R-3", "R-2", "R-1"}));
  EXPECT_EQ(keys(seen(shop, {.purchases = 2}).purchases), (Ids{"R-3", "R-2"}));
}

TEST_P(View, shows_of_a_purchase_what_is_left_of_it) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00", "20.00"}));
  shop.posts(sale("R-2", {"30.00"}));
  shop.posts(return_of_line("X-1", "R-1", "2"));
  shop.posts(return_of("X-2", "R-2"));
  const auto view = seen(shop);
  ASSERT_EQ(keys(view.purchases), Ids{"R-1"});
  EXPECT_EQ(view.purchases[0].amount, "10.00");
  EXPECT_TRUE(view.purchases[0].returned_in_part);
  ASSERT_EQ(view.purchases[0].lines.size(), 1u);
  EXPECT_EQ(view.purchases[0].lines[0].id, "1");
  shop.posts(void_of("X-3", "X-2"));
  EXPECT_EQ(keys(seen(shop).purchases).size(), 2u);
}

TEST_P(View, says_who_served_her_and_what_she_comes_for) {
  Shop shop(kReference, uri());
  shop.posts(served("R-1", "hotel", "Ritz", "A-1"));
  shop.posts(served("R-2", "spa", "Guerlain", "A-2"));
  shop.posts(served("R-3", "spa", "Guerlain", "A-2"));
  shop.posts(served("R-4", "restaurant", "", "A-1"));
  shop.posts(return_of("X-4", "R-4"));
  const auto favourites = seen(shop).favourites;
  ASSERT_EQ(favourites.departments.size(), 2u);
  EXPECT_EQ(favourites.departments[0].id, "spa");
  EXPECT_EQ(favourites.departments[0].purchases, 2);
  ASSERT_EQ(favourites.brands.size(), 2u);
  EXPECT_EQ(favourites.brands[0].id, "Guerlain");
  ASSERT_TRUE(favourites.associate);
  EXPECT_EQ(favourites.associate->id, "A-2");
  EXPECT_EQ(favourites.purchases, 3);
  EXPECT_TRUE(favourites.all);
}

TEST_P(View, counts_favourites_over_twelve_months) {
  Shop shop(kReference, uri());
  shop.posts(served("R-1", "hotel", "", "A-1"));
  shop.is("2026-03-01T10:00:00.001Z");
  shop.posts(served("R-2", "spa", "", "A-2"));
  const auto view = seen(shop);
  EXPECT_EQ(view.favourites.purchases, 1);
  EXPECT_EQ(view.favourites.since, at("2025-03-01T10:00:00.001Z"));
  EXPECT_EQ(keys(view.purchases), (Ids{"R-2", "R-1"}));
}

TEST_P(View, reads_no_more_than_a_hundred_purchases_and_says_so) {
  Shop shop(kReference, uri());
  for (int i = 0; i < 101; ++i) shop.posts(served("R-" + std::to_string(i), "spa", "", ""));
  const auto view = seen(shop, {.purchases = 50});
  EXPECT_EQ(view.purchases.size(), 50u);
  EXPECT_EQ(view.favourites.purchases, 100);
  EXPECT_FALSE(view.favourites.all);
}

TEST_P(View, tells_of_meetings_and_not_of_what_is_reported_about_a_sale) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  shop.posts(meeting("E-1", "visit"));
  auto shipped = meeting("E-2", "shipped");
  shipped.department.clear();
  shipped.original = TransactionKey{"till-1", "R-1"};
  shop.posts(shipped);
  const auto view = seen(shop);
  ASSERT_EQ(view.touchpoints.size(), 1u);
  EXPECT_EQ(view.touchpoints[0].event, "visit");
  EXPECT_EQ(view.touchpoints[0].department, "spa");
  EXPECT_EQ(view.touchpoints[0].associate, "A-3");
}

TEST_P(View, shows_a_sale_that_was_claimed) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"80.00"}, ""));
  shop.posts(sale("R-2", {"10.00"}));
  ASSERT_TRUE(shop.engine().claim({"till-1", "R-1"}, shop.member().id, "clerk").ok());
  EXPECT_EQ(keys(seen(shop).purchases).size(), 2u);
}

TEST_P(View, knows_what_was_bought_before_a_merge_and_forgets_it_after_an_unmerge) {
  Shop shop(kReference, uri());
  shop.posts(served("R-1", "spa", "", "", "anna"));
  shop.posts(served("R-2", "hotel", "", "", "berta"));
  const auto anna = shop.member("anna").id, berta = shop.member("berta").id;
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M-1"}, anna, berta, "ann", "one"}).ok());
  shop.posts(served("R-3", "hotel", "", "", "berta"));
  EXPECT_EQ(keys(seen(shop).purchases).size(), 3u);
  const Unmerge parted{{"desk", "U-1"}, {"desk", "M-1"}, anna, "ann", "two"};
  ASSERT_TRUE(shop.engine().merging().unmerge(parted).ok());
  EXPECT_EQ(keys(seen(shop).purchases), Ids{"R-1"});
  auto hers = keys(seen(shop, {}, "berta").purchases);
  std::ranges::sort(hers);
  EXPECT_EQ(hers, (Ids{"R-2", "R-3"}));
}

TEST_P(View, says_what_ends_next_by_moment) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  shop.posts(sale("R-2", {"5.00"}));
  shop.is("2025-04-01T10:00:00Z");
  shop.posts(sale("R-3", {"7.00"}));
  const auto view = seen(shop);
  ASSERT_EQ(view.expiring.size(), 2u);
  EXPECT_EQ(view.expiring[0].points, Points(15));
  EXPECT_EQ(to_text(view.expiring[0].at), "2026-03-01T23:00:00Z");
  EXPECT_EQ(view.expiring[1].points, Points(7));
  EXPECT_TRUE(view.all_expiring);
}

TEST_P(View, of_very_many_lots_tells_the_balance_and_what_ends_first) {
  Shop shop(kReference, uri());
  for (int i = 0; i < 502; ++i) shop.posts(sale("R-" + std::to_string(i), {"1.00"}));
  const auto view = seen(shop);
  EXPECT_EQ(view.member.wallets.at(0).balance.available, Points(502));
  EXPECT_FALSE(view.all_expiring);
  ASSERT_EQ(view.expiring.size(), 1u);
  EXPECT_EQ(view.expiring[0].points, Points(501));  // of the lots read, and the oldest
}

TEST_P(View, warns_of_what_stands_in_the_way) {
  const auto guarded =
      replaced(kReference, "  unknown: enrol", "  redeem_after_change: 24 hours\n  unknown: enrol");
  Shop shop(guarded, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.spends(100);
  shop.posts(return_of("X-1", "R-1"));
  const auto anna = shop.member().id;
  ASSERT_TRUE(shop.engine().link(anna, {"phone", "+39 333 1234567"}, false, "ann").ok());
  ASSERT_TRUE(shop.engine()
                  .change(anna, {.status = MemberStatus::kFrozen, .actor = "ann", .reason = "why"})
                  .ok());
  const auto view = seen(shop);
  Ids codes;
  for (const auto& caution : view.cautions) codes.push_back(caution.code);
  EXPECT_EQ(codes, (Ids{"frozen", "debt", "wait", "unverified"}));
  EXPECT_EQ(view.cautions[2].until, at("2025-03-02T10:00:00Z"));
  shop.is("2025-03-02T10:00:00Z");
  EXPECT_EQ(seen(shop).cautions.size(), 3u);
}

TEST_P(View, warns_of_what_she_has_refused) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  MemberChange change{.actor = "ann", .reason = "at the desk"};
  change.profile.consents = {{.purpose = "email_marketing", .granted = false},
                             {.purpose = "sms", .granted = true},
                             {.purpose = "phone", .granted = false}};
  ASSERT_TRUE(shop.engine().change(shop.member().id, change).ok());
  Ids told;
  for (const auto& caution : seen(shop).cautions) told.push_back(caution.code + caution.detail);
  EXPECT_EQ(told,
            (Ids{"no_consentshe has refused email_marketing", "no_consentshe has refused phone"}));
}

TEST_P(View, looks_back_and_ahead) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  shop.is("2025-04-01T10:00:00Z");
  shop.posts(sale("R-2", {"1500.00"}));
  const auto then = seen(shop, {.at = at("2025-03-31T10:00:00Z")});
  EXPECT_TRUE(then.past);
  EXPECT_EQ(then.member.wallets.at(0).balance.available, Points(10));
  EXPECT_EQ(then.member.tier.id, "silver");
  EXPECT_EQ(keys(then.purchases), Ids{"R-1"});
  const auto next = seen(shop, {.at = at("2026-03-02T10:00:00Z")});
  EXPECT_FALSE(next.past);
  EXPECT_EQ(next.member.wallets.at(0).balance.available, Points(1500));
}

TEST_P(View, is_found_by_any_identifier_and_says_by_which) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"10.00"}));
  const auto found = shop.engine().views().lookup({.identifiers = {{"card", "anna"}}});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->by, "card");
  EXPECT_EQ(keys(found->view.purchases), Ids{"R-1"});
  EXPECT_EQ(shop.engine().views().lookup({.identifiers = {{"card", "none"}}}).error().code,
            ErrorCode::kUnknownMember);
  EXPECT_EQ(shop.engine().views().of(MemberId(77), {}).error().code, ErrorCode::kUnknownMember);
}

}  // namespace
}  // namespace laurel::test
