#include "people/similarity.hpp"

#include <gtest/gtest.h>

namespace laurel::people {
namespace {

// The examples of Winkler's own papers.
TEST(JaroWinkler, Gives_the_published_values) {
  EXPECT_NEAR(jaro_winkler("martha", "marhta"), 0.9611, 0.0001);
  EXPECT_NEAR(jaro_winkler("dwayne", "duane"), 0.8400, 0.0001);
  EXPECT_NEAR(jaro_winkler("dixon", "dicksonx"), 0.8133, 0.0001);
  EXPECT_NEAR(jaro_winkler("jones", "johnson"), 0.8324, 0.0001);
}

TEST(JaroWinkler, Is_one_for_the_same_and_nothing_for_the_missing) {
  EXPECT_EQ(jaro_winkler("smith", "smith"), 1);
  EXPECT_EQ(jaro_winkler("", "smith"), 0);
  EXPECT_EQ(jaro_winkler("abc", "xyz"), 0);
}

TEST(JaroWinkler, Compares_characters_and_not_bytes) {
  EXPECT_EQ(jaro_winkler("山田", "山本"), jaro_winkler("ab", "ac"));
}

TEST(EditDistance, Counts_insertions_deletions_and_replacements) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("ab", "ba"), 2U);
}

TEST(Slips, Counts_swapped_neighbours_as_one) {
  EXPECT_EQ(slips("ab", "ba", 2), 1U);
  EXPECT_EQ(slips("19710624", "19710264", 2), 1U);
  EXPECT_EQ(slips("山田太", "山太田", 2), 1U);
}

TEST(Slips, Stop_where_there_are_more_than_asked_for) {
  EXPECT_EQ(slips("kitten", "sitting", 2), 3U);
  EXPECT_EQ(slips("a", "abcdef", 2), 3U);
}

}  // namespace
}  // namespace laurel::people
