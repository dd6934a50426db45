#include "identity/recogniser.hpp"

#include <gtest/gtest.h>

namespace laurel::identity {
namespace {

Recogniser recogniser() {
  IdentityPolicy policy;
  policy.types = {
      {.name = "card", .check = IdentifierCheck::kLuhn, .form = IdentifierForm::kDigits},
      {.name = "email", .form = IdentifierForm::kEmail},
      {.name = "phone", .form = IdentifierForm::kPhone, .region = "GB"},
  };
  policy.placeholders = {"0000000000", "noemail@shop.test", "020 7730 1234"};
  return Recogniser(std::move(policy));
}

std::string fault_of(const Identifier& given) {
  return recogniser().normalise(given).error().faults.at(0).code;
}

TEST(Recogniser, normalises_by_the_type) {
  EXPECT_EQ(recogniser().normalise({"email", "A@B.co"}).value(),
            (NormalisedIdentifier{"email", "a@b.co", false}));
  EXPECT_EQ(recogniser().normalise({"phone", "020 7946 0123"})->value, "+442079460123");
}

TEST(Recogniser, knows_a_placeholder_however_it_is_written) {
  for (const Identifier& given : {Identifier{"email", "NoEmail@Shop.test"},
                                  {"phone", "0000000000"},
                                  {"phone", "+44 20 7730 1234"},
                                  {"phone", "(020) 77301234"},
                                  {"card", "0000 0000 00"},
                                  {"card", " 0000000000 "}}) {
    EXPECT_TRUE(recogniser().normalise(given)->placeholder) << given.value;
  }
  EXPECT_FALSE(recogniser().normalise({"phone", "020 7730 1235"})->placeholder);
}

TEST(Recogniser, takes_a_placeholder_that_its_type_would_refuse) {
  const auto normalised = recogniser().normalise({"email", "0000000000"});
  ASSERT_TRUE(normalised.ok());
  EXPECT_TRUE(normalised->placeholder);
}

TEST(Recogniser, refuses_a_type_the_programme_does_not_have) {
  EXPECT_EQ(fault_of({"passport", "x"}), "unknown_identifier_type");
  const auto misspelt = recogniser().normalise({"emial", "a@b.co"});
  EXPECT_NE(misspelt.error().detail.find("did you mean email?"), std::string::npos);
}

TEST(Recogniser, refuses_a_value_its_type_refuses) {
  EXPECT_EQ(fault_of({"card", "4711"}), "wrong_check_digit");
  EXPECT_EQ(fault_of({"email", "nobody"}), "not_an_email");
}

}  // namespace
}  // namespace laurel::identity
