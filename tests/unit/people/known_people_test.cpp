// What is found among people of whom the truth is known, with nothing but the defaults: no labels,
// nothing set for one file and not for another.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "people/similarity.hpp"
#include "people_data.hpp"

namespace laurel {
namespace {

using test::KnownPeople;

struct Quality {
  double precision = 0, recall = 0;
  double f1() const { return 2 * precision * recall / (precision + recall); }
};

Quality quality(std::int64_t right, std::size_t said, std::int64_t all) {
  return {static_cast<double>(right) / static_cast<double>(said),
          static_cast<double>(right) / static_cast<double>(all)};
}

struct Found {
  Quality suggested, clustered;
  double best_f1 = 0;  // over all thresholds
};

Quality of_clusters(const KnownPeople& known, const Matcher& matcher) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> clusters;
  for (std::uint32_t i = 0; i < known.profiles.size(); ++i) {
    clusters[matcher.clusters()[i]].push_back(i);
  }
  std::int64_t right = 0;
  std::size_t said = 0;
  for (const auto& [number, members] : clusters) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t j = i + 1; j < members.size(); ++j, ++said) {
        right += known.same(members[i], members[j]) ? 1 : 0;
      }
    }
  }
  return quality(right, said, known.pairs());
}

Found find(const KnownPeople& known) {
  const auto matcher = Matcher::over(known.profiles, {});
  EXPECT_TRUE(matcher.ok());
  Found found;
  std::int64_t right = 0;
  std::size_t said = 0;
  for (const ProfilePair& pair : matcher->pairs()) {
    right += known.same(pair.left, pair.right) ? 1 : 0;
    const Quality so_far = quality(right, ++said, known.pairs());
    found.best_f1 = std::max(found.best_f1, so_far.f1());
    if (said == matcher->suggestions().size()) found.suggested = so_far;
  }
  found.clustered = of_clusters(known, *matcher);
  return found;
}

// Published: Splink's best F1 over thresholds is 0.9954 on FEBRL 3 and 0.8617 on fake_1000.

TEST(KnownPeople, FEBRL_1_is_found_without_a_fault) {
  const Found found = find(test::febrl(1));
  EXPECT_EQ(found.best_f1, 1);
  EXPECT_EQ(found.suggested.precision, 1);
  EXPECT_EQ(found.suggested.recall, 1);
  EXPECT_EQ(found.clustered.f1(), 1);
}

TEST(KnownPeople, FEBRL_2_is_found_but_for_three_pairs) {
  const Found found = find(test::febrl(2));
  EXPECT_GE(found.best_f1, 0.9992);
  EXPECT_EQ(found.suggested.precision, 1);
  EXPECT_GE(found.suggested.recall, 0.997);
  EXPECT_EQ(found.clustered.f1(), 1);  // those three are found by way of others
}

TEST(KnownPeople, FEBRL_3_is_found_better_than_was_ever_published) {
  const Found found = find(test::febrl(3));
  EXPECT_GE(found.best_f1, 0.9995);
  EXPECT_EQ(found.suggested.precision, 1);
  EXPECT_GE(found.suggested.recall, 0.997);
  EXPECT_EQ(found.clustered.precision, 1);
  EXPECT_GE(found.clustered.recall, 0.9975);
}

TEST(KnownPeople, fake_1000_is_found_better_than_was_ever_published) {
  const Found found = find(test::fake_1000());
  EXPECT_GE(found.best_f1, 0.948);
  EXPECT_EQ(found.suggested.precision, 1);
  EXPECT_GE(found.suggested.recall, 0.556);
  EXPECT_EQ(found.clustered.precision, 1);
  EXPECT_GE(found.clustered.recall, 0.672);
}

// "Link two datasets" and "Deduplicate" of recordlinkage's guide, step by step.
class Guide {
 public:
  explicit Guide(const KnownPeople& known) : known_(known) {
    std::map<std::string, std::vector<std::uint32_t>> blocks;
    for (std::uint32_t i = 0; i < known.profiles.size(); ++i) {
      if (!known.profiles[i].given_name.empty()) {
        blocks[known.profiles[i].given_name].push_back(i);
      }
    }
    for (const auto& [name, rows] : blocks) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = i + 1; j < rows.size(); ++j) judge(rows[i], rows[j]);
      }
    }
  }

  std::size_t candidates = 0, matches = 0;
  std::int64_t right = 0;

 private:
  static bool same(const std::string& one, const std::string& other) {
    return !one.empty() && one == other;
  }

  static double levenshtein(const std::string& one, const std::string& other) {
    if (one.empty() || other.empty()) return 0;
    const auto longer = static_cast<double>(std::max(one.size(), other.size()));
    return 1 - static_cast<double>(people::edit_distance(one, other)) / longer;
  }

  // The guide's file keeps the number of the house in a column of its own.
  static std::string without_number(const std::string& street) {
    const std::size_t end = street.find_first_not_of("0123456789");
    return end == 0 || end == std::string::npos ? street : street.substr(end + 1);
  }

  void judge(std::uint32_t left, std::uint32_t right_row) {
    const Profile& one = known_.profiles[left];
    const Profile& other = known_.profiles[right_row];
    const int agree =
        1 +  // the given name
        (people::jaro_winkler(one.family_name, other.family_name) >= 0.85) +
        same(one.birth_date, other.birth_date) + same(one.city, other.city) +
        same(one.region, other.region) +
        (levenshtein(without_number(one.street), without_number(other.street)) >= 0.85);
    ++candidates;
    if (agree <= 3) return;
    ++matches;
    right += known_.same(left, right_row) ? 1 : 0;
  }

  const KnownPeople& known_;
};

TEST(KnownPeople, The_guide_of_recordlinkage_gives_its_own_numbers) {
  const KnownPeople known = test::febrl(1);
  const Guide guide(known);
  EXPECT_EQ(guide.candidates, 2'082U);
  EXPECT_EQ(guide.matches, 317U);
  EXPECT_EQ(guide.right, 317);  // precision 1
  EXPECT_EQ(known.pairs(), 500);
  EXPECT_EQ(std::lround(1000.0 * static_cast<double>(guide.right) / 500), 634);
}

}  // namespace
}  // namespace laurel
