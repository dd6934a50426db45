#include "identity/attribute.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace laurel::identity {
namespace {

constexpr MemberId kAnna{1};
constexpr MemberId kBruno{2};
constexpr MemberId kChiara{3};

IdentityPolicy policy() {
  const auto type = [](std::string name, Strength strength, bool may_redeem) {
    return IdentifierType{
        .name = std::move(name), .strength = strength, .may_earn = true, .may_redeem = may_redeem};
  };
  IdentityPolicy made;
  made.types = {type("card", Strength::kStrong, true), type("app", Strength::kStrong, true),
                type("email", Strength::kMedium, false), type("phone", Strength::kWeak, false)};
  made.types.push_back({.name = "badge", .strength = Strength::kStrong});
  made.precedence = {"card", "app", "email", "phone", "badge"};
  return made;
}

Candidate given(std::string type, MemberId member = {}, std::string value = "x") {
  return {.type = std::move(type), .value = std::move(value), .member = member};
}

Finding earning(std::vector<Candidate> candidates) {
  return attribute(policy(), std::move(candidates), Purpose::kEarn);
}

// "card decided, phone disagreed"
std::string story(const Finding& finding) {
  std::string text;
  for (const Evidence& evidence : finding.attribution.evidence) {
    text += (text.empty() ? "" : ", ") + evidence.type + ' ' + evidence.verdict;
  }
  return text;
}

TEST(H10_identifiers_disagree, the_declared_precedence_decides_and_the_conflict_is_recorded) {
  const Finding finding = earning({given("phone", kBruno), given("card", kAnna)});
  EXPECT_EQ(finding.attribution.member, kAnna);
  EXPECT_EQ(finding.attribution.by, "card");
  EXPECT_EQ(finding.attribution.strength, Strength::kStrong);
  EXPECT_EQ(story(finding), "card decided, phone disagreed");
  EXPECT_EQ(finding.attribution.evidence[1].member, kBruno);
  EXPECT_TRUE(finding.conflict);
  EXPECT_TRUE(finding.suggests_merge);
  EXPECT_FALSE(finding.needs_review);
}

TEST(H10_identifiers_disagree, the_answer_is_the_same_in_every_order) {
  std::vector<Candidate> candidates = {given("card", kAnna, "a"),
                                       given("card", kBruno, "b"),
                                       given("phone", kBruno),
                                       given("email", kChiara),
                                       given("app"),
                                       given("badge", kChiara)};
  const Finding first = earning(candidates);
  std::ranges::sort(candidates, {}, &Candidate::type);
  do {
    const Finding again = earning(candidates);
    ASSERT_EQ(again.attribution, first.attribution);
    ASSERT_EQ(again.verdicts, first.verdicts);
    ASSERT_EQ(again.enrols_by, first.enrols_by);
  } while (std::next_permutation(candidates.begin(), candidates.end(),
                                 [](const Candidate& a, const Candidate& b) {
                                   return std::tie(a.type, a.value) < std::tie(b.type, b.value);
                                 }));
}

TEST(H10_identifiers_disagree, precedence_is_the_programmes_not_the_strengths) {
  IdentityPolicy by_phone = policy();
  by_phone.precedence = {"phone", "card"};
  const Finding finding =
      attribute(by_phone, {given("card", kAnna), given("phone", kBruno)}, Purpose::kEarn);
  EXPECT_EQ(finding.attribution.member, kBruno);
  EXPECT_EQ(story(finding), "phone decided, card disagreed");
}

TEST(H10_identifiers_disagree, types_without_a_place_come_last_the_stronger_first) {
  IdentityPolicy undeclared = policy();
  undeclared.precedence = {"phone"};
  const Finding finding = attribute(
      undeclared, {given("email", kAnna), given("card", kBruno), given("phone")}, Purpose::kEarn);
  EXPECT_EQ(story(finding), "phone unknown, card decided, email disagreed");
}

TEST(H10_identifiers_disagree, two_cards_of_two_members_choose_the_one_enrolled_earlier) {
  const Finding finding = earning({given("card", kBruno, "1"), given("card", kAnna, "2")});
  EXPECT_EQ(finding.attribution.member, kAnna);
  EXPECT_EQ(story(finding), "card disagreed, card decided");
  EXPECT_EQ(finding.deciding, 1U);
}

TEST(H10_identifiers_disagree, under_review_nobody_is_chosen) {
  IdentityPolicy reviewing = policy();
  reviewing.on_conflict = OnConflict::kReview;
  const Finding finding =
      attribute(reviewing, {given("card", kAnna), given("app", kAnna), given("phone", kBruno)},
                Purpose::kEarn);
  EXPECT_FALSE(finding.attribution.member);
  EXPECT_EQ(finding.attribution.by, "");
  EXPECT_EQ(finding.deciding, std::nullopt);
  EXPECT_EQ(story(finding), "card disagreed, app disagreed, phone disagreed");
  EXPECT_TRUE(finding.needs_review);
  EXPECT_TRUE(finding.suggests_merge);
}

TEST(Attribution, under_review_without_a_conflict_is_decided_as_ever) {
  IdentityPolicy reviewing = policy();
  reviewing.on_conflict = OnConflict::kReview;
  const Finding finding =
      attribute(reviewing, {given("card", kAnna), given("phone", kAnna)}, Purpose::kEarn);
  EXPECT_EQ(finding.attribution.member, kAnna);
  EXPECT_FALSE(finding.needs_review);
}

TEST(Attribution, of_identifiers_that_agree_has_no_conflict) {
  const Finding finding = earning({given("email", kAnna), given("card", kAnna), given("phone")});
  EXPECT_EQ(story(finding), "card decided, email agreed, phone unknown");
  EXPECT_FALSE(finding.conflict);
  EXPECT_FALSE(finding.suggests_merge);
}

TEST(Attribution, skips_a_stronger_identifier_that_names_nobody) {
  const Finding finding = earning({given("card"), given("phone", kBruno)});
  EXPECT_EQ(finding.attribution.member, kBruno);
  EXPECT_EQ(finding.attribution.strength, Strength::kWeak);
  EXPECT_EQ(story(finding), "card unknown, phone decided");
}

TEST(Attribution, of_nobody_known_says_by_what_a_member_would_be_enrolled) {
  const Finding finding = earning({given("phone"), given("email")});
  EXPECT_FALSE(finding.attribution.member);
  EXPECT_EQ(story(finding), "email unknown, phone unknown");
  EXPECT_EQ(finding.enrols_by, 0U);
}

TEST(Attribution, of_no_identifiers_is_nobody) {
  const Finding finding = earning({});
  EXPECT_EQ(finding.attribution, Attribution{});
  EXPECT_EQ(finding.enrols_by, std::nullopt);
}

struct IgnoredRow {
  const char* verdict;
  Purpose purpose;
  Candidate candidate;
};

TEST(Attribution, ignores_what_must_not_name_anyone) {
  const IgnoredRow kRows[] = {
      {"placeholder",
       Purpose::kEarn,
       {.type = "card", .value = "x", .member = kAnna, .placeholder = true}},
      {"shared", Purpose::kEarn, {.type = "card", .value = "x", .member = kAnna, .shared = true}},
      {"out_of_scope",
       Purpose::kEarn,
       {.type = "card", .value = "x", .member = kAnna, .in_scope = false}},
      {"unverified",
       Purpose::kEarn,
       {.type = "card", .value = "x", .member = kAnna, .verified = false}},
      {"unknown_type", Purpose::kEarn, {.type = "passport", .value = "x", .member = kAnna}},
      {"not_for_earning", Purpose::kEarn, {.type = "badge", .value = "x", .member = kAnna}},
      {"not_for_redeeming", Purpose::kRedeem, {.type = "phone", .value = "x", .member = kAnna}},
  };
  for (const IgnoredRow& row : kRows) {
    const Finding alone = attribute(policy(), {row.candidate}, row.purpose);
    EXPECT_EQ(alone.attribution.evidence[0].verdict, row.verdict);
    EXPECT_FALSE(alone.attribution.member) << row.verdict;
    EXPECT_FALSE(alone.enrols_by.has_value()) << row.verdict;

    const Finding beside = attribute(policy(), {row.candidate, given("app", kBruno)}, row.purpose);
    EXPECT_EQ(beside.attribution.member, kBruno) << row.verdict;
    EXPECT_FALSE(beside.conflict) << row.verdict;
  }
}

TEST(I2_a_phone_number_alone, may_earn_and_be_looked_up_but_not_spend) {
  const std::vector<Candidate> phone = {given("phone", kAnna)};
  EXPECT_EQ(attribute(policy(), phone, Purpose::kEarn).attribution.member, kAnna);
  EXPECT_EQ(attribute(policy(), phone, Purpose::kLookUp).attribution.member, kAnna);
  EXPECT_FALSE(attribute(policy(), phone, Purpose::kRedeem).attribution.member);
}

TEST(Attribution, looks_up_by_identifiers_that_may_neither_earn_nor_redeem) {
  EXPECT_EQ(attribute(policy(), {given("badge", kAnna)}, Purpose::kLookUp).attribution.member,
            kAnna);
}

TEST(Attribution, takes_an_unproved_identifier_that_names_nobody_as_unknown) {
  Candidate candidate = given("email");
  candidate.verified = false;
  EXPECT_EQ(story(earning({candidate})), "email unknown");
}

TEST(Attribution, of_the_same_identifier_given_twice_is_that_of_one) {
  EXPECT_EQ(story(earning({given("card", kAnna), given("card", kAnna)})),
            "card decided, card agreed");
}

TEST(Scopes, hold_where_the_source_or_a_department_is_the_one_named) {
  const IdentifierType salon{.name = "salon_client", .within = {"hair-salon"}};
  EXPECT_TRUE(in_scope(salon, {"salon-bookings", "hair-salon"}));
  EXPECT_FALSE(in_scope(salon, {"till-7", "fashion"}));
  EXPECT_FALSE(in_scope(salon, {}));
  EXPECT_TRUE(in_scope({.name = "card"}, {}));
}

TEST(Strengths, have_names) {
  EXPECT_EQ(to_text(Strength::kWeak), "weak");
  EXPECT_EQ(to_text(Strength::kMedium), "medium");
  EXPECT_EQ(to_text(Strength::kStrong), "strong");
}

}  // namespace
}  // namespace laurel::identity
