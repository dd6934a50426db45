#include "laurel/person_ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace laurel {
namespace {

using testing::ElementsAre;
using testing::Pair;

// Profiles "a", "b", … with the cluster of each.
PersonIds after(const PersonIds& before, const std::string& ids,
                const std::vector<std::uint32_t>& clusters) {
  std::vector<Profile> profiles;
  for (const char id : ids) profiles.push_back({.id = std::string(1, id)});
  return continue_ids(before, profiles, clusters);
}

TEST(PersonIds, H9_a_second_run_changes_no_id) {
  const PersonIds first = after({}, "abcd", {0, 0, 1, 2});
  const PersonIds second = after(first, "dcba", {0, 1, 2, 2});
  EXPECT_EQ(second.person_of, first.person_of);
  EXPECT_TRUE(second.became.empty());
}

TEST(PersonIds, H9_a_new_record_takes_the_id_of_those_it_joins) {
  const PersonIds first = after({}, "bc", {0, 0});
  const PersonIds second = after(first, "abc", {0, 0, 0});
  EXPECT_EQ(second.person_of.at("a"), "person:b");
  EXPECT_EQ(second.person_of.at("b"), "person:b");
}

TEST(PersonIds, H9_old_ids_resolve_for_ever) {
  PersonIds ids = after({}, "abc", {0, 1, 2});
  ids = after(ids, "abc", {0, 0, 1});
  EXPECT_EQ(ids.resolve("person:b"), "person:a");
  ids = after(ids, "abcde", {1, 1, 0, 0, 0});
  EXPECT_EQ(ids.resolve("person:b"), "person:a");
  ids = after(ids, "abcde", {0, 0, 0, 0, 0});
  EXPECT_THAT(ids.became, ElementsAre(Pair("person:a", "person:c"), Pair("person:b", "person:a")));
  EXPECT_EQ(ids.resolve("person:b"), "person:c");
  EXPECT_EQ(ids.resolve("person:c"), "person:c");
}

TEST(PersonIds, Of_a_person_who_falls_apart_the_larger_part_keeps_the_id) {
  const PersonIds first = after({}, "abc", {0, 0, 0});
  const PersonIds second = after(first, "abc", {0, 1, 1});
  EXPECT_EQ(second.person_of.at("b"), "person:a");
  EXPECT_EQ(second.person_of.at("c"), "person:a");
  EXPECT_EQ(second.person_of.at("a"), "person:a/2");  // never an id that stands for somebody else
}

TEST(PersonIds, Who_is_not_matched_this_time_keeps_the_id) {
  const PersonIds first = after({}, "ab", {0, 1});
  const PersonIds second = after(first, "b", {0});
  EXPECT_EQ(second.person_of, first.person_of);
}

}  // namespace
}  // namespace laurel
