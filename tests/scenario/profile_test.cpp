// What a member has told of herself: kept, changed, handed out, and gone with her.

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "laurel/privacy.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Told : public EachStore {
 protected:
  MemberId enrols(Shop& shop, const std::string& card, ProfileChange profile) {
    Enrolment enrolment{TransactionKey{"web", card}, {{"card", card}}};
    enrolment.profile = std::move(profile);
    const auto enrolled = shop.engine().enrol(enrolment);
    EXPECT_TRUE(enrolled.ok()) << Shop::describe(enrolled.error());
    return enrolled ? enrolled->member.id : MemberId{};
  }
  Result<Member> changes(Shop& shop, MemberId id, ProfileChange profile) {
    MemberChange change{.actor = "ana", .reason = "she said so"};
    change.profile = std::move(profile);
    return shop.engine().change(id, change);
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, Told, each_store(), store_name);

TEST_P(Told, what_she_told_at_enrolment_is_kept) {
  Shop shop(kReference, uri());
  const auto id = enrols(shop, "anna",
                         {.given_name = "Anna",
                          .family_name = "Rossi",
                          .postcode = "00186",
                          .consents = {{.purpose = "sms", .granted = true, .where = "till-7"}}});
  const auto profile = shop.engine().member(id)->profile;
  EXPECT_EQ(profile.given_name, "Anna");
  EXPECT_EQ(profile.postcode, "00186");
  ASSERT_EQ(profile.consents.size(), 1u);
  EXPECT_EQ(profile.consents[0], (Consent{"sms", true, shop.clock().now(), "web", "till-7"}));
}

TEST_P(Told, a_change_leaves_what_it_does_not_name) {
  Shop shop(kReference, uri());
  const auto id = enrols(shop, "anna", {.given_name = "Anna", .family_name = "Rossi"});
  ASSERT_TRUE(changes(shop, id, {.family_name = "", .city = "Roma"}).ok());
  const auto profile = shop.engine().member(id)->profile;
  EXPECT_EQ(profile, (MemberProfile{.given_name = "Anna", .city = "Roma"}));
  ASSERT_TRUE(changes(shop, id, {.given_name = "", .city = ""}).ok());
  EXPECT_TRUE(shop.engine().member(id)->profile.empty());
}

TEST_P(Told, a_consent_is_granted_refused_and_forgotten) {
  Shop shop(kReference, uri());
  const auto id = enrols(shop, "anna", {.consents = {{"sms", true}, {"post", true}}});
  ASSERT_TRUE(changes(shop, id, {.consents = {{"sms", false}}}).ok());
  auto consents = shop.engine().member(id)->profile.consents;
  ASSERT_EQ(consents.size(), 2u);
  EXPECT_TRUE(consents[0].granted);  // post
  EXPECT_FALSE(consents[1].granted);
  EXPECT_EQ(consents[1].by, "ana");
  ASSERT_TRUE(changes(shop, id, {.consents = {{"post"}}}).ok());
  EXPECT_EQ(shop.engine().member(id)->profile.consents.size(), 1u);
}

TEST_P(Told, what_it_cannot_be_is_refused_field_by_field) {
  Shop shop(kReference, uri());
  const auto id = enrols(shop, "anna", {});
  const auto refused = changes(shop, id,
                               {.given_name = std::string(129, 'a'),
                                .family_name = "\xff",
                                .street = "4111 1111 1111 1111",
                                .consents = {{"", true}}});
  ASSERT_FALSE(refused.ok());
  std::vector<std::string> codes;
  for (const auto& fault : refused.error().faults)
    codes.push_back(fault.pointer + " " + fault.code);
  EXPECT_EQ(codes, (std::vector<std::string>{
                       "/profile/given_name too_long", "/profile/family_name not_printable",
                       "/profile/street payment_card", "/consents/ required"}));
}

TEST_P(Told, who_is_merged_brings_what_the_other_lacks_and_takes_it_back) {
  Shop shop(kReference, uri());
  const auto anna =
      enrols(shop, "anna", {.given_name = "Anna", .consents = {{"sms", true}, {"post", false}}});
  shop.clock().advance(std::chrono::hours(1));
  const auto other = enrols(
      shop, "annie", {.given_name = "Annie", .family_name = "Rossi", .consents = {{"sms", false}}});
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M"}, anna, other, "ana", "one"}).ok());
  auto both = shop.engine().member(other)->profile;
  EXPECT_EQ(both.given_name + " " + both.family_name, "Anna Rossi");
  ASSERT_EQ(both.consents.size(), 2u);
  EXPECT_FALSE(both.consents[1].granted);  // the later word on sms
  ASSERT_TRUE(
      shop.engine().merging().unmerge({{"desk", "U"}, {"desk", "M"}, anna, "ana", "two"}).ok());
  EXPECT_EQ(shop.engine().member(anna)->profile.family_name, "");
  EXPECT_TRUE(shop.engine().member(anna)->profile.consents[1].granted);
  EXPECT_EQ(shop.engine().member(other)->profile.given_name, "Annie");
}

TEST_P(Told, what_is_removed_after_a_merge_is_removed_of_both) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna", {.given_name = "Anna"});
  const auto other = enrols(shop, "annie", {.family_name = "Rossi"});
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M"}, anna, other, "ana", "one"}).ok());
  ASSERT_TRUE(changes(shop, anna, {.family_name = ""}).ok());
  EXPECT_EQ(shop.engine().member(anna)->profile, (MemberProfile{.given_name = "Anna"}));
}

TEST_P(Told, H14_it_is_gone_with_her_and_with_who_was_merged_into_her) {
  Shop shop(kReference, uri());
  const auto anna = enrols(shop, "anna", {.given_name = "Anna"});
  const auto other = enrols(shop, "annie", {.family_name = "Rossi"});
  ASSERT_TRUE(shop.engine().merging().merge({{"desk", "M"}, anna, other, "ana", "one"}).ok());
  EXPECT_EQ(shop.engine().privacy().everything(anna)->member.profile.family_name, "Rossi");
  ASSERT_TRUE(shop.engine().privacy().erase({{"desk", "D"}, anna, "ana", "by letter"}).ok());
  EXPECT_TRUE(shop.engine().member(anna)->profile.empty());
  EXPECT_TRUE(shop.engine().member(other)->profile.empty());
  shop.adds_up();
}

TEST_P(Told, no_entry_says_any_of_it) {
  Shop shop(kReference, uri());
  const auto id = enrols(shop, "anna", {.given_name = "Annunziata", .city = "Roma"});
  ASSERT_TRUE(changes(shop, id, {.family_name = "Quattrocchi"}).ok());
  const auto page = *shop.engine().entries({}, 100);
  for (const auto& entry : page.entries) {
    EXPECT_EQ(entry.reason.find("Quattrocchi"), std::string::npos);
  }
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
