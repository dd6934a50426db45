#include "cli/people/profiles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace laurel::daemon::cli {
namespace {

Result<ProfileFile> read(const std::string& text) {
  std::istringstream input(text);
  return read_profiles(input);
}

TEST(ProfilesAsCsv, Columns_are_recognised_by_their_usual_names) {
  const auto file = read(
      "Rec_ID, Given Name, SURNAME,street_number, address_1,note\n"
      "rec-1, anna, berry, 69, giblin street,x\n");
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(file->profiles.size(), 1U);
  EXPECT_EQ(file->profiles[0].id, "rec-1");
  EXPECT_EQ(file->profiles[0].given_name, "anna");
  EXPECT_EQ(file->profiles[0].family_name, "berry");
  EXPECT_EQ(file->profiles[0].street, "69 giblin street");
}

TEST(ProfilesAsCsv, Without_ids_profiles_are_called_after_their_lines) {
  const auto file = read("email\na@shop.test\nb@shop.test\n");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->profiles[0].id, "line 2");
  EXPECT_EQ(file->profiles[1].id, "line 3");
}

TEST(ProfilesAsCsv, A_header_that_says_nothing_or_too_much_is_refused) {
  EXPECT_EQ(read("id,colour\n1,red\n").error().faults.at(0).code, "missing_column");
  EXPECT_EQ(read("id,surname,last_name\n1,a,b\n").error().faults.at(0).code, "repeated_column");
  EXPECT_EQ(read("").error().code, ErrorCode::kMalformed);
}

TEST(PersonIdsAsCsv, Are_read_as_they_were_written) {
  PersonIds ids;
  ids.person_of = {{"a, \"the first\"", "person:a"}, {"b", "person:b"}};
  ids.became = {{"person:c", "person:b"}};
  std::stringstream text;
  write_person_ids(text, ids);
  const auto again = read_person_ids(text);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->person_of, ids.person_of);
  EXPECT_EQ(again->became, ids.became);
}

TEST(PersonIdsAsCsv, Lines_of_an_unknown_kind_are_refused) {
  std::istringstream input("what,id,person\nsomething,a,b\n");
  EXPECT_EQ(read_person_ids(input).error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace laurel::daemon::cli
