#include "people/compare.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace laurel::people {
namespace {

using enum ProfileField;

std::string level(ProfileField field, const Profile& one, const Profile& other) {
  const Profile both[] = {one, other};
  const auto table = table_of(both);
  const Pattern pattern = compare(*table, 0, 1);
  const Slot slot = slot_of(field, pattern);
  return std::string(levels_of(slot)[level_of(pattern, slot)].name);
}

Profile named(const std::string& id, const std::string& given, const std::string& family) {
  return {.id = id, .given_name = given, .family_name = family};
}

TEST(Comparing, Names_agree_fully_nearly_somewhat_or_not) {
  const Profile anna = named("a", "Catherine", "Smith");
  EXPECT_EQ(level(kGivenName, anna, named("b", "CATHERINE", "")), "same");
  EXPECT_EQ(level(kGivenName, anna, named("b", "Catheirne", "")), "one slip");
  EXPECT_EQ(level(kGivenName, anna, named("b", "Cat", "")), "similar");
  EXPECT_EQ(level(kGivenName, anna, named("b", "Robert", "")), "different");
  EXPECT_EQ(level(kGivenName, anna, named("b", "", "Smith")), "missing");
}

TEST(Comparing, Swapped_names_are_seen_as_such) {
  const Profile one = named("a", "Isla", "Hall");
  const Profile other = named("b", "Hall", "Isla");
  EXPECT_EQ(level(kNameOrder, one, other), "swapped");
  EXPECT_EQ(level(kGivenName, one, other), "same");
  EXPECT_EQ(level(kFamilyName, one, other), "same");
  EXPECT_EQ(level(kNameOrder, one, named("b", "Isla", "Holl")), "straight");
}

TEST(Comparing, Birth_dates_agree_by_slip_by_turn_and_by_part) {
  const auto of = [](const char* other) {
    return level(kBirthDate, {.id = "a", .birth_date = "1971-06-04"},
                 {.id = "b", .birth_date = other});
  };
  EXPECT_EQ(of("1971-06-04"), "same");
  EXPECT_EQ(of("1971-06-05"), "one slip");
  EXPECT_EQ(of("1917-06-04"), "one slip");
  EXPECT_EQ(of("1971-04-06"), "one slip");  // day and month turned
  EXPECT_EQ(of("1971-06-29"), "two parts same");
  EXPECT_EQ(of("1970-06-05"), "near");
  EXPECT_EQ(of("1985-11-23"), "different");
}

TEST(Comparing, Mails_agree_by_slip_and_by_what_stands_before_the_at) {
  const auto of = [](const char* other) {
    return level(kEmail, {.id = "a", .email = "anna.b25@example.com"}, {.id = "b", .email = other});
  };
  EXPECT_EQ(of("Anna.B25@Example.com"), "same");
  EXPECT_EQ(of("anna.b25@exmaple.com"), "one slip");
  EXPECT_EQ(of("anna.b25@post.example.net"), "same name");
  EXPECT_EQ(of("anna.b26@example.com"), "similar name");  // another number, another person
  EXPECT_EQ(of("zoe@example.com"), "different");
}

TEST(Comparing, Phones_agree_without_the_code_of_the_country) {
  const auto of = [](const char* other) {
    return level(kPhone, {.id = "a", .phone = "+39 333 1234567"}, {.id = "b", .phone = other});
  };
  EXPECT_EQ(of("0039 333 1234567"), "same");
  EXPECT_EQ(of("333 1234567"), "same ending");
  EXPECT_EQ(of("+39 333 1234576"), "one slip");
  EXPECT_EQ(of("+39 02 7654321"), "different");
}

TEST(Comparing, The_same_postcode_leaves_the_city_less_to_say) {
  const Profile one{.id = "a", .city = "Leeds", .postcode = "LS1 4AP"};
  Profile other{.id = "b", .city = "Leeds", .postcode = "LS1 4AP"};
  const Profile both[] = {one, other};
  const Pattern pattern = compare(*table_of(both), 0, 1);
  EXPECT_EQ(level_of(pattern, at(kCity)), 0);
  EXPECT_EQ(level_of(pattern, kCityOfSamePostcode), same_level(kCityOfSamePostcode));
}

TEST(Comparing, Every_level_is_expected_to_add_up_to_one) {
  for (Slot slot = 0; slot < kSlots; ++slot) {
    double m = 0, u = 0;
    for (const LevelShape& shape : levels_of(slot)) {
      m += shape.m;
      u += shape.u;
    }
    EXPECT_NEAR(m, 1, 1e-9) << slot;
    EXPECT_NEAR(u, 1, 1e-9) << slot;
    EXPECT_LE(levels_of(slot).size(), kLevelsMax);
  }
}

}  // namespace
}  // namespace laurel::people
