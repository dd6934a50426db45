// What a merge takes over of who somebody is, and what an unmerge gives back.

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class MergedMarks : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, MergedMarks, each_store(), store_name);

MemberId enrols(Shop& shop, const std::string& card) {
  const auto enrolled = shop.engine().enrol({TransactionKey{"web", card}, {{"card", card}}});
  EXPECT_TRUE(enrolled.ok());
  return enrolled ? enrolled->member.id : MemberId{};
}
void merges(Shop& shop, const std::string& id, MemberId into, MemberId from) {
  const auto merged =
      shop.engine().merging().merge({{"desk", id}, into, from, "clerk", "one person"});
  ASSERT_TRUE(merged.ok()) << Shop::describe(merged.error());
}
void parts(Shop& shop, const std::string& id, const std::string& merge) {
  const auto parted =
      shop.engine().merging().unmerge({{"desk", id}, {"desk", merge}, {}, "clerk", "two people"});
  ASSERT_TRUE(parted.ok()) << Shop::describe(parted.error());
}
Member member(Shop& shop, MemberId id) {
  const auto found = shop.engine().member(id);
  EXPECT_TRUE(found.ok());
  return found ? *found : Member{};
}
MemberChange to(MemberStatus status) {
  return {.status = status, .actor = "clerk", .reason = "asked for"};
}
void marks(Shop& shop, MemberId id, const std::string& associate) {
  const MemberChange change{.associate = associate, .actor = "hr", .reason = "she works here"};
  ASSERT_TRUE(shop.engine().change(id, change).ok());
}

TEST_P(MergedMarks, I3_an_associate_stays_one_and_her_mark_goes_back_when_they_part) {
  Shop shop(kReference + std::string("guards:\n  - { id: own, own_sale: true, then: review }\n"),
            uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  marks(shop, berta, "A-17");
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(member(shop, anna).associate, "A-17");
  const auto own = [&](const std::string& id, const std::string& card) {
    auto sold = sale(id, {"10.00"}, card);
    sold.associate = "A-17";
    return shop.posts(sold).state;
  };
  EXPECT_EQ(own("R-1", "anna"), TransactionState::kReview);
  EXPECT_EQ(own("R-2", "berta"), TransactionState::kReview);
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(member(shop, anna).associate, "");
  EXPECT_EQ(member(shop, berta).associate, "A-17");
  EXPECT_EQ(own("R-3", "anna"), TransactionState::kAccepted);
  EXPECT_EQ(own("R-4", "berta"), TransactionState::kReview);
  shop.adds_up();
}

TEST_P(MergedMarks, I3_two_associates_in_one_are_known_by_both_marks_until_they_are_taken_off) {
  Shop shop(kReference + std::string("guards:\n  - { id: own, own_sale: true, then: review }\n"),
            uri());
  const auto anna = enrols(shop, "anna");
  const auto berta = enrols(shop, "berta");
  marks(shop, anna, "A-3");
  marks(shop, berta, "A-17");
  merges(shop, "M-1", anna, berta);
  EXPECT_EQ(member(shop, anna).associate, "A-3");
  const auto served_by = [&](const std::string& id, const std::string& associate) {
    auto sold = sale(id, {"10.00"}, "anna");
    sold.associate = associate;
    return shop.posts(sold).state;
  };
  EXPECT_EQ(served_by("R-1", "A-3"), TransactionState::kReview);
  EXPECT_EQ(served_by("R-2", "A-17"), TransactionState::kReview);
  marks(shop, anna, "");
  EXPECT_EQ(served_by("R-3", "A-17"), TransactionState::kAccepted);
  parts(shop, "U-1", "M-1");
  EXPECT_EQ(member(shop, berta).associate, "A-17");
}

TEST_P(MergedMarks, what_went_through_two_hands_comes_back_from_both) {
  Shop shop(kReference, uri());
  const std::vector<MemberId> ids{enrols(shop, "anna"), enrols(shop, "berta")};
  Enrolment enrolment{TransactionKey{"web", "dora"}, {{"card", "dora"}}};
  enrolment.language = "it";
  enrolment.segments = {"vip"};
  enrolment.at = at("2024-05-01T10:00:00Z");
  const auto dora = shop.engine().enrol(enrolment)->member.id;
  marks(shop, dora, "A-17");
  ASSERT_TRUE(shop.engine().change(dora, to(MemberStatus::kFrozen)).ok());
  const auto before = member(shop, ids[0]);
  merges(shop, "M-1", ids[1], dora);
  merges(shop, "M-2", ids[0], ids[1]);
  EXPECT_EQ(member(shop, ids[0]).language, "it");
  EXPECT_EQ(member(shop, ids[0]).status, MemberStatus::kFrozen);
  parts(shop, "U-1", "M-1");
  const auto after = member(shop, ids[0]);
  EXPECT_EQ(after.language, "");
  EXPECT_EQ(after.associate, "");
  EXPECT_TRUE(after.segments.empty());
  EXPECT_EQ(after.status, MemberStatus::kActive);
  EXPECT_EQ(after.enrolled_at, before.enrolled_at);
  EXPECT_EQ(member(shop, dora).associate, "A-17");
  parts(shop, "U-2", "M-2");
  EXPECT_EQ(member(shop, ids[1]).language, "");
  EXPECT_EQ(member(shop, ids[1]).associate, "");
  EXPECT_TRUE(member(shop, ids[1]).segments.empty());
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
