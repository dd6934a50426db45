// Section H: who a transaction belongs to.

#include <thread>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Identity : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Identity, each_store(), store_name);

Transaction sale_with(const std::string& id, std::vector<Identifier> identifiers) {
  auto made = sale(id, {"10.00"}, "");
  made.identifiers = std::move(identifiers);
  return made;
}

MemberId enrols(Shop& shop, std::vector<Identifier> identifiers, bool verified = true) {
  Enrolment enrolment;
  if (!verified) {
    for (std::size_t i = 0; i < identifiers.size(); ++i) enrolment.unverified.push_back(i);
  }
  enrolment.identifiers = std::move(identifiers);
  const auto enrolled = shop.engine().enrol(enrolment);
  EXPECT_TRUE(enrolled.ok()) << Shop::describe(enrolled.error());
  return enrolled ? enrolled->member.id : MemberId{};
}

MemberId found_by(Shop& shop, const Identifier& identifier) {
  const auto found = shop.engine().lookup(std::vector{identifier});
  return found ? found->member.id : MemberId{};
}

std::int64_t points_of(Shop& shop, MemberId id) {
  const auto member = shop.engine().member(id);
  EXPECT_TRUE(member.ok());
  return member ? member->wallets.at(0).balance.available.units() : -1;
}

TEST_P(Identity, H1_an_email_address_is_one_in_any_case) {
  Shop shop(kReference, uri());
  const auto id = enrols(shop, {{"email", "MyName@Company.com"}});
  EXPECT_EQ(found_by(shop, {"email", "myname@company.com"}), id);
  shop.posts(sale_with("R-1", {{"email", "MYNAME@company.COM"}}));
  EXPECT_EQ(points_of(shop, id), 10);
}

TEST_P(Identity, H1_a_phone_number_is_one_in_any_form) {
  Shop shop(kReference, uri());
  const auto id = enrols(shop, {{"phone", "0039 333 1234567"}});
  for (const auto* form : {"+39 333 1234567", "333-1234567", "(333) 123.45.67"}) {
    EXPECT_EQ(found_by(shop, {"phone", form}), id) << form;
  }
}

TEST_P(Identity, H1_the_same_last_digits_in_another_country_are_somebody_else) {
  Shop shop(kReference, uri());
  const auto italian = enrols(shop, {{"phone", "+39 333 1234567"}});
  const auto french = enrols(shop, {{"phone", "+33 3 31 23 45 67"}});
  EXPECT_NE(italian, french);
  EXPECT_EQ(found_by(shop, {"phone", "+33331234567"}), french);
}

TEST_P(Identity, H3_an_unverified_address_gives_nothing_of_its_owners) {
  Shop shop(kReference, uri());
  const auto thief = enrols(shop, {{"email", "victim@example.test"}}, false);
  const auto receipt = shop.posts(sale_with("R-1", {{"email", "victim@example.test"}}));
  EXPECT_FALSE(receipt.attribution.member);
  EXPECT_EQ(receipt.attribution.evidence.at(0).verdict, "unverified");
  EXPECT_EQ(points_of(shop, thief), 0);
  const Identifier email{"email", "victim@example.test"};
  ASSERT_TRUE(shop.engine().link(thief, email, true, "code").ok());
  EXPECT_EQ(earned(shop.posts(sale_with("R-2", {email}))), 10);
  ASSERT_TRUE(shop.engine().claim({"till-1", "R-1"}, thief, "code").ok());
  EXPECT_TRUE(shop.engine().claim({"till-1", "R-1"}, thief, "code")->replayed);
  EXPECT_EQ(points_of(shop, thief), 20);
  shop.adds_up();
}

TEST_P(Identity, H3_of_several_identifiers_only_those_take_over_that_were_verified) {
  Shop shop(replaced(kReference, "unknown: enrol", "unknown: keep"), uri());
  const Identifier email{"email", "victim@example.test"};
  shop.posts(sale_with("R-1", {email}));
  const auto enrolled =
      shop.engine().enrol({.identifiers = {{"card", "6001"}, email}, .unverified = {1}});
  ASSERT_TRUE(enrolled.ok()) << Shop::describe(enrolled.error());
  EXPECT_EQ(points_of(shop, enrolled->member.id), 0);
  EXPECT_EQ(earned(shop.posts(sale_with("R-2", {{"card", "6001"}}))), 10);
  ASSERT_TRUE(shop.engine().link(enrolled->member.id, email, true, "code").ok());
  EXPECT_EQ(points_of(shop, enrolled->member.id), 20);
  shop.adds_up();
}

TEST_P(Identity, an_enrolment_names_no_place_beyond_its_identifiers) {
  Shop shop(kReference, uri());
  const auto refused = shop.engine().enrol({.identifiers = {{"card", "6001"}}, .unverified = {1}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().faults.at(0).pointer, "/unverified");
}

TEST_P(Identity, H10_identifiers_that_disagree_decide_by_precedence_and_say_so) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}});
  const auto berta = enrols(shop, {{"phone", "+39 333 1234567"}});
  const auto sold = sale_with("R-1", {{"phone", "333 1234567"}, {"card", "anna"}});
  const auto receipt = shop.posts(sold);
  EXPECT_EQ(receipt.attribution.member, anna);
  EXPECT_EQ(receipt.attribution.by, "card");
  EXPECT_EQ(receipt.attribution.strength, Strength::kStrong);
  ASSERT_EQ(receipt.attribution.evidence.size(), 2u);
  EXPECT_EQ(receipt.attribution.evidence[0].verdict, "decided");
  EXPECT_EQ(receipt.attribution.evidence[1].verdict, "disagreed");
  EXPECT_EQ(receipt.attribution.evidence[1].member, berta);
  EXPECT_EQ(shop.posts(sold).attribution, receipt.attribution);
  EXPECT_EQ(points_of(shop, anna), 10);
  EXPECT_EQ(points_of(shop, berta), 0);
  shop.adds_up();
}

TEST_P(Identity, H10_may_wait_for_a_person_instead) {
  Shop shop(replaced(kReference, "  unknown: enrol", "  on_conflict: review\n  unknown: enrol"),
            uri());
  enrols(shop, {{"card", "anna"}});
  enrols(shop, {{"phone", "+39 333 1234567"}});
  const auto receipt =
      shop.posts(sale_with("R-1", {{"phone", "+39 333 1234567"}, {"card", "anna"}}));
  EXPECT_EQ(receipt.state, TransactionState::kReview);
  EXPECT_FALSE(receipt.attribution.member);
  shop.adds_up();
}

// ---- Claims -------------------------------------------------------------------------------------

TEST_P(Identity, H13_a_late_claim_is_valued_at_the_time_of_the_sale) {
  const auto doubled = replaced(kReference, "identity:", R"(rules:
  - { id: double, active: { from: 2025-03-01, until: 2025-03-01 }, multiply: 2 }
identity:)");
  Shop shop(doubled, uri());
  shop.posts(sale("R-1", {"80.00"}, ""));
  shop.is("2025-03-31T21:59:59Z");  // the last second of day 30
  const auto anna = enrols(shop, {{"card", "anna"}});
  const auto claimed = shop.engine().claim({"till-1", "R-1"}, anna, "clerk");
  ASSERT_TRUE(claimed.ok()) << Shop::describe(claimed.error());
  EXPECT_EQ(earned(*claimed), 160);
  EXPECT_EQ(claimed->at, at("2025-03-01T10:00:00Z"));
  EXPECT_EQ(to_text(claimed->points.at(0).expires_at), "2026-03-01T23:00:00Z");
  EXPECT_EQ(claimed->attribution.by, "claim");
  EXPECT_EQ(shop.member().tier.spend_minor, 80'00);
  shop.adds_up();
}

TEST_P(Identity, H13_a_second_claimant_comes_too_late) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"80.00"}, ""));
  const auto anna = enrols(shop, {{"card", "anna"}});
  const auto berta = enrols(shop, {{"card", "berta"}});
  const auto first = shop.engine().claim({"till-1", "R-1"}, anna, "clerk");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(shop.engine().claim({"till-1", "R-1"}, berta, "clerk").error().code,
            ErrorCode::kAlreadyAttributed);
  const auto again = shop.engine().claim({"till-1", "R-1"}, anna, "clerk");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->entry, first->entry);
  EXPECT_EQ(points_of(shop, anna), 80);
  EXPECT_EQ(points_of(shop, berta), 0);
  shop.adds_up();
}

TEST_P(Identity, H13_day_31_is_too_late) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"80.00"}, ""));
  const auto anna = enrols(shop, {{"card", "anna"}});
  shop.is("2025-03-31T22:00:00Z");
  EXPECT_EQ(shop.engine().claim({"till-1", "R-1"}, anna, "clerk").error().code,
            ErrorCode::kClaimWindowClosed);
  EXPECT_EQ(points_of(shop, anna), 0);
  shop.adds_up();
}

TEST_P(Identity, H13_fifty_claimants_at_once_are_one) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"80.00"}, ""));
  std::vector<MemberId> members;
  for (int i = 0; i < 50; ++i) members.push_back(enrols(shop, {{"card", std::to_string(i)}}));
  std::vector<std::thread> claimants;
  std::atomic<int> claimed = 0;
  for (const auto member : members) {
    claimants.emplace_back([&shop, &claimed, member] {
      claimed += shop.engine().claim({"till-1", "R-1"}, member, "app").ok() ? 1 : 0;
    });
  }
  for (auto& claimant : claimants) claimant.join();
  EXPECT_EQ(claimed, 1);
  std::int64_t sum = 0;
  for (const auto member : members) sum += points_of(shop, member);
  EXPECT_EQ(sum, 80);
  shop.adds_up();
}

TEST_P(Identity, what_was_returned_before_the_claim_is_not_earned) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"80.00"}, ""));
  shop.posts(return_of_amount("X-1", "R-1", "30.00"));
  const auto anna = enrols(shop, {{"card", "anna"}});
  ASSERT_TRUE(shop.engine().claim({"till-1", "R-1"}, anna, "clerk").ok());
  EXPECT_EQ(points_of(shop, anna), 50);
  shop.posts(return_of("X-2", "R-1"));
  EXPECT_EQ(points_of(shop, anna), 0);
  EXPECT_EQ(shop.member().tier.spend_minor, 0);
  shop.adds_up();
}

TEST_P(Identity, a_claim_takes_back_what_stood_and_not_what_found_nothing_left) {
  Shop shop(kReference, uri());
  shop.posts(return_of_amount("X-1", "R-1", "60.00"));
  shop.posts(return_of_amount("X-2", "R-1", "50.00"));  // more than is left: it waits on
  shop.posts(sale("R-1", {"80.00"}, ""));
  const auto anna = enrols(shop, {{"card", "anna"}});
  ASSERT_TRUE(shop.engine().claim({"till-1", "R-1"}, anna, "clerk").ok());
  EXPECT_EQ(points_of(shop, anna), 20);
  shop.posts(void_of("V-2", "X-2"));
  EXPECT_EQ(points_of(shop, anna), 20);
  shop.posts(void_of("V-1", "X-1"));
  EXPECT_EQ(points_of(shop, anna), 80);
  shop.adds_up();
}

TEST_P(Identity, a_claim_of_nothing_is_refused) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}});
  shop.posts(sale("R-1", {"80.00"}, ""));
  shop.posts(return_of("X-1", "R-1"));
  const auto code = [&](const char* key, MemberId member) {
    return shop.engine().claim({"till-1", key}, member, "clerk").error().code;
  };
  EXPECT_EQ(code("R-9", anna), ErrorCode::kUnknownTransaction);
  EXPECT_EQ(code("X-1", anna), ErrorCode::kNotReversible);
  EXPECT_EQ(code("R-1", MemberId(999)), ErrorCode::kUnknownMember);
}

// ---- Placeholders, statuses, look-ups -----------------------------------------------------------

TEST_P(Identity, placeholders_name_nobody) {
  Shop shop(replaced(kReference, "  unknown: enrol",
                     "  placeholders: [\"0000000000\", noemail@shop.test]\n  unknown: enrol"),
            uri());
  const auto sold = sale_with("R-1", {{"phone", "0000000000"}, {"email", "NoEmail@shop.test"}});
  const auto receipt = shop.posts(sold);
  EXPECT_FALSE(receipt.attribution.member);
  for (const auto& evidence : receipt.attribution.evidence) {
    EXPECT_EQ(evidence.verdict, "placeholder") << evidence.type;
  }
  EXPECT_FALSE(found_by(shop, {"email", "noemail@shop.test"}));
  Enrolment enrolment;
  enrolment.identifiers = {{"email", "noemail@shop.test"}};
  EXPECT_EQ(shop.engine().enrol(enrolment).error().faults.at(0).code, "placeholder");
}

MemberChange to(MemberStatus status) {
  return {.status = status, .actor = "clerk", .reason = "asked for"};
}

TEST_P(Identity, a_frozen_member_earns) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}});
  ASSERT_TRUE(shop.engine().change(anna, to(MemberStatus::kFrozen)).ok());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}))), 10);
  EXPECT_EQ(points_of(shop, anna), 10);
  EXPECT_EQ(shop.member().status, MemberStatus::kFrozen);
  shop.adds_up();
}

TEST_P(Identity, a_closed_member_does_not_earn) {
  Shop shop(replaced(kReference, "unknown: enrol", "unknown: keep"), uri());
  const auto anna = enrols(shop, {{"card", "anna"}});
  shop.posts(sale("R-1", {"10.00"}));
  ASSERT_TRUE(shop.engine().change(anna, to(MemberStatus::kClosed)).ok());
  const auto receipt = shop.posts(sale("R-2", {"10.00"}));
  EXPECT_FALSE(receipt.attribution.member);
  EXPECT_EQ(shop.engine().claim({"till-1", "R-2"}, anna, "clerk").error().code,
            ErrorCode::kMemberNotActive);
  EXPECT_EQ(points_of(shop, anna), 10);
  shop.posts(return_of("X-1", "R-1"));  // what she bought before can still come back
  EXPECT_EQ(points_of(shop, anna), 0);
  shop.adds_up();
}

TEST_P(Identity, a_sale_with_the_card_of_a_closed_member_enrols_nobody) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}});
  ASSERT_TRUE(shop.engine().change(anna, to(MemberStatus::kClosed)).ok());
  const auto receipt = shop.engine().post(sale("R-2", {"10.00"}));
  ASSERT_TRUE(receipt.ok()) << Shop::describe(receipt.error());
  EXPECT_FALSE(receipt->attribution.member);
  shop.adds_up();
}

TEST_P(Identity, an_identifier_is_one_members) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}});
  const auto berta = enrols(shop, {{"card", "berta"}});
  const Identifier email{"email", "anna@example.test"};
  ASSERT_TRUE(shop.engine().link(anna, email, true, "clerk").ok());
  EXPECT_EQ(shop.engine().link(berta, email, true, "clerk").error().code,
            ErrorCode::kIdentifierTaken);
  Enrolment enrolment;
  enrolment.identifiers = {{"card", "new"}, email};
  const auto refused = shop.engine().enrol(enrolment);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kIdentifierTaken);
  EXPECT_EQ(refused.error().faults.at(0).pointer, "/identifiers/1");
  EXPECT_FALSE(found_by(shop, {"card", "new"}));
}

TEST_P(Identity, an_identifier_that_is_unlinked_names_nobody_and_can_be_given_again) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}, {"card", "lost"}});
  ASSERT_TRUE(shop.engine().unlink(anna, {"card", "lost"}, "clerk").ok());
  EXPECT_FALSE(found_by(shop, {"card", "lost"}));
  const auto berta = enrols(shop, {{"card", "lost"}});
  EXPECT_EQ(found_by(shop, {"card", "lost"}), berta);
  EXPECT_EQ(found_by(shop, {"card", "anna"}), anna);
  shop.adds_up();
}

TEST_P(Identity, a_look_up_shows_the_member_and_what_decided) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, {{"card", "anna"}, {"email", "anna@example.test"}});
  shop.posts(sale("R-1", {"1050.00"}));
  const std::vector<Identifier> given{{"email", "anna@example.test"}, {"card", "anna"}};
  const auto found = shop.engine().lookup(given);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->member.id, anna);
  EXPECT_EQ(found->by, "card");
  EXPECT_EQ(found->member.identifiers.size(), 2u);
  EXPECT_EQ(found->member.tier.id, "gold");
  EXPECT_EQ(found->member.wallets.at(0).lots.size(), 1u);
  EXPECT_EQ(shop.engine().lookup(std::vector<Identifier>{{"card", "nobody"}}).error().code,
            ErrorCode::kUnknownMember);
  EXPECT_EQ(shop.engine().lookup(std::vector<Identifier>{}).error().faults.at(0).pointer,
            "/identifiers");
}

}  // namespace
}  // namespace laurel::test
