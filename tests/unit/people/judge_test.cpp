#include "people/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace laurel::people {
namespace {

KnownProfile anna() {
  KnownProfile known{{.id = "a",
                      .given_name = "Anna",
                      .family_name = "Rossi",
                      .birth_date = "1971-06-24",
                      .postcode = "00186"}};
  known.emails = {"anna@shop.test"};
  known.phones = {"+393331234567"};
  return known;
}

bool share_a_key(const KnownProfile& one, const KnownProfile& other) {
  const auto ones = matching_keys(one), others = matching_keys(other);
  return std::ranges::any_of(ones,
                             [&](auto key) { return std::ranges::binary_search(others, key); });
}

TEST(MatchingKeys, Are_shared_by_what_is_alike) {
  auto other = anna();
  EXPECT_EQ(matching_keys(other), matching_keys(anna()));
  other = {{.id = "b", .given_name = "Ana", .family_name = "Rosi", .birth_date = "24/06/1971"}};
  EXPECT_TRUE(share_a_key(anna(), other));
  other = {{.id = "b", .given_name = "Rossi", .family_name = "Anna", .postcode = "00186"}};
  EXPECT_TRUE(share_a_key(anna(), other));  // the names swapped
  other = {{.id = "b"}};
  EXPECT_TRUE(matching_keys(other).empty());
  other.phones = {"0039 333 1234567"};
  EXPECT_TRUE(share_a_key(anna(), other));
  other.phones = {"+393331234568"};
  EXPECT_FALSE(share_a_key(anna(), other));
}

TEST(Judge, Takes_two_who_agree_for_one_and_strangers_for_two) {
  EXPECT_TRUE(is_likely(judge(anna(), anna())));
  const KnownProfile other{{.id = "b", .given_name = "Berta", .family_name = "Bianchi"}};
  EXPECT_FALSE(is_possible(judge(anna(), other)));
}

TEST(Judge, Does_not_take_a_household_for_one_person) {
  auto mother = anna();
  mother.profile.given_name = "Federica";
  mother.profile.birth_date = "1944-01-02";
  mother.emails = {"federica@shop.test"};
  EXPECT_FALSE(is_likely(judge(anna(), mother)));
}

TEST(Judge, Compares_the_address_that_both_have) {
  auto other = anna();
  other.emails = {"old@shop.test", "anna@shop.test"};
  const auto explained = judge(anna(), other);
  const auto email = std::ranges::find(explained.fields, ProfileField::kEmail, &FieldWeight::field);
  ASSERT_NE(email, explained.fields.end());
  EXPECT_EQ(email->level, "same");
}

TEST(Judge, Says_which_fields_agree_and_never_what_they_hold) {
  const auto explained = judge(anna(), anna());
  for (const auto& step : explained.fields) EXPECT_EQ(step.left + step.right, "");
  const std::string words = in_words(explained);
  EXPECT_NE(words.find("family_name same +"), std::string::npos) << words;
  EXPECT_NE(words.find("before any evidence -13.3"), std::string::npos) << words;
  EXPECT_EQ(words.find("ossi"), std::string::npos);
}

}  // namespace
}  // namespace laurel::people
