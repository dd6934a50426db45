#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>

#include "people_data.hpp"

namespace laurel {
namespace {

Matcher match(const std::vector<Profile>& profiles, const MatchSettings& settings = {}) {
  auto matcher = Matcher::over(profiles, settings);
  EXPECT_TRUE(matcher.ok());
  return std::move(*matcher);
}

// The first of a file: enough to learn something from.
std::vector<Profile> some_of(std::vector<Profile> profiles, std::size_t count) {
  profiles.resize(count);
  return profiles;
}

Profile anna() {
  return {.id = "anna",
          .given_name = "Anna",
          .family_name = "Featherstone",
          .birth_date = "1971-06-24",
          .street = "6 Tullaroop Street",
          .city = "Leeds",
          .postcode = "LS1 4AP",
          .email = "anna.f@example.com",
          .phone = "+44 7700 900123"};
}

Profile stranger() {
  return {.id = "boris",
          .given_name = "Boris",
          .family_name = "Underhill",
          .birth_date = "1958-01-02",
          .street = "81 High Road",
          .city = "York",
          .postcode = "YO1 7HH",
          .email = "b.underhill@example.net",
          .phone = "+44 7700 900777"};
}

TEST(Matcher, Suggests_the_same_person_even_among_a_handful) {
  Profile again = anna();
  again.id = "anna at the other counter";
  again.given_name = "Ana";
  again.email.clear();
  const Matcher matcher = match({anna(), stranger(), again});
  ASSERT_EQ(matcher.suggestions().size(), 1U);
  EXPECT_EQ(matcher.suggestions()[0].left, 0U);
  EXPECT_EQ(matcher.suggestions()[0].right, 2U);
  EXPECT_THAT(matcher.clusters(), testing::ElementsAre(0, 1, 0));
}

TEST(Matcher, Has_nothing_to_say_about_nobody_and_about_one) {
  EXPECT_EQ(match({}).pairs().size(), 0U);
  EXPECT_THAT(match({anna()}).clusters(), testing::ElementsAre(0));
}

TEST(Matcher, Profiles_without_any_content_are_no_pair) {
  EXPECT_EQ(match({{.id = "a"}, {.id = "b"}, {.id = "c"}}).suggestions().size(), 0U);
}

TEST(Matcher, Refuses_an_id_that_is_missing_or_given_twice) {
  const std::vector<Profile> nameless(1);
  EXPECT_EQ(Matcher::over(nameless, {}).error().code, ErrorCode::kInvalid);
  const std::vector<Profile> twice = {anna(), anna()};
  EXPECT_EQ(Matcher::over(twice, {}).error().code, ErrorCode::kInvalid);
}

TEST(Matcher, A_waterfall_adds_up_to_the_weight_of_the_pair) {
  const Matcher matcher = match(some_of(test::fake_1000().profiles, 300));
  ASSERT_GT(matcher.pairs().size(), 300U);
  for (const ProfilePair& pair : matcher.pairs()) {
    const PairExplanation explained = matcher.explain(pair.left, pair.right);
    double sum = explained.prior;
    for (const FieldWeight& step : explained.fields) sum += step.weight;
    EXPECT_NEAR(sum, pair.weight, 1e-9);
    EXPECT_NEAR(explained.probability, pair.probability, 1e-9);
  }
}

TEST(Matcher, A_waterfall_shows_the_two_as_they_were_asked_for) {
  Profile again = anna();
  again.id = "a second";
  again.given_name = "Ana";
  const Matcher matcher = match({anna(), stranger(), again});
  EXPECT_EQ(matcher.explain(0, 2).fields[0].left, "anna");
  EXPECT_EQ(matcher.explain(2, 0).fields[0].left, "ana");
  EXPECT_EQ(matcher.explain(0, 2).weight, matcher.explain(2, 0).weight);
}

TEST(Matcher, A_rare_name_weighs_more_than_a_frequent_one) {
  const std::vector<Profile> profiles = some_of(test::fake_1000().profiles, 400);
  std::map<std::string, int> counts;
  for (const Profile& profile : profiles) ++counts[profile.family_name];
  std::map<int, double> weights;  // by how often the name occurs
  const Matcher matcher = match(profiles);
  for (const ProfilePair& pair : matcher.pairs()) {
    const PairExplanation explained = matcher.explain(pair.left, pair.right);
    const std::string& name = profiles[pair.left].family_name;
    if (name == profiles[pair.right].family_name && explained.fields[1].level == "same") {
      weights[counts[name]] = explained.fields[1].weight;
    }
  }
  ASSERT_GE(weights.size(), 5U);
  double lighter = weights.begin()->second + 1;
  for (const auto& [count, weight] : weights) {
    EXPECT_LT(weight, lighter) << count;
    lighter = weight;
  }
}

using Named = std::tuple<std::string, std::string, double>;

std::vector<Named> by_id(const Matcher& matcher, const std::vector<Profile>& profiles) {
  std::vector<Named> pairs;
  for (const ProfilePair& pair : matcher.pairs()) {
    const auto [one, other] = std::minmax(profiles[pair.left].id, profiles[pair.right].id);
    pairs.emplace_back(one, other, pair.weight);
  }
  return pairs;
}

TEST(Matcher, Does_not_care_in_which_order_profiles_come) {
  std::vector<Profile> profiles = some_of(test::febrl(1).profiles, 400);
  const auto pairs = by_id(match(profiles), profiles);
  std::reverse(profiles.begin(), profiles.end());
  std::rotate(profiles.begin(), profiles.begin() + 123, profiles.end());
  EXPECT_EQ(by_id(match(profiles), profiles), pairs);
}

TEST(Matcher, Does_not_care_how_many_threads_there_are) {
  const std::vector<Profile> profiles = test::febrl(2).profiles;
  MatchSettings settings;
  const auto pairs = by_id(match(profiles, settings), profiles);
  settings.parts = 4;
  settings.executor = [](std::span<const std::function<void()>> tasks) {
    std::vector<std::jthread> threads;
    for (const auto& task : tasks) threads.emplace_back(task);
  };
  EXPECT_EQ(by_id(match(profiles, settings), profiles), pairs);
}

TEST(Matcher, Tells_how_far_it_is) {
  std::vector<std::string_view> steps;
  MatchSettings settings;
  MatchProgress last;
  settings.progress = [&](MatchProgress progress) {
    if (steps.empty() || steps.back() != progress.step) steps.push_back(progress.step);
    if (progress.step == "comparing") last = progress;
  };
  match(some_of(test::febrl(1).profiles, 100), settings);
  EXPECT_THAT(steps, testing::ElementsAre("reading", "learning", "comparing", "grouping"));
  EXPECT_EQ(last.done, last.all);
  EXPECT_EQ(last.all, 4'950);
}

// Three more among a thousand, from whom something can be learned.
std::vector<Profile> with_three(const Profile& a, const Profile& b, const Profile& c) {
  std::vector<Profile> profiles = test::fake_1000().profiles;
  for (Profile& profile : profiles)
    profile.phone = "+44 20" + std::to_string(7'000'000) + profile.id;
  profiles.insert(profiles.end(), {a, b, c});
  return profiles;
}

TEST(Matcher, H6_a_shared_phone_and_a_shared_mail_make_no_chain_of_strangers) {
  const Profile a{.id = "A",
                  .given_name = "Anna",
                  .birth_date = "1971-06-24",
                  .street = "6 Tullaroop Street",
                  .phone = "+44 7700 900123"};
  const Profile b{.id = "B",
                  .given_name = "Anna",
                  .family_name = "Featherstone",
                  .birth_date = "1971-06-24",
                  .street = "6 Tullaroop Street",
                  .city = "Ripon",
                  .email = "house@featherstone.example",
                  .phone = "+44 7700 900123"};
  const Profile c{.id = "C",
                  .family_name = "Featherstone",
                  .city = "Ripon",
                  .email = "house@featherstone.example"};
  const Matcher matcher = match(with_three(a, b, c));
  const auto of = matcher.clusters().last(3);
  EXPECT_NE(of[0], of[2]);
  const PairExplanation ab = matcher.explain(1000, 1001), bc = matcher.explain(1001, 1002);
  ASSERT_GT(ab.probability, 0.999);
  ASSERT_GT(bc.probability, 0.999);
  EXPECT_LT(matcher.explain(1000, 1002).probability, 0.5);
  ASSERT_EQ(std::count_if(matcher.held().begin(), matcher.held().end(),
                          [](const HeldPair& held) { return held.pair.left >= 1000; }),
            1);
  const auto held = *std::find_if(matcher.held().begin(), matcher.held().end(),
                                  [](const HeldPair& each) { return each.pair.left >= 1000; });
  EXPECT_EQ(std::pair(held.one, held.other), std::pair(1000U, 1002U));
}

TEST(Matcher, A_crowd_with_one_record_is_no_person) {
  std::vector<Profile> profiles;
  for (int i = 0; i < 200; ++i) {
    profiles.push_back(anna());
    profiles.back().id = std::to_string(i);
  }
  const Matcher matcher = match(profiles);
  std::map<std::uint32_t, int> sizes;
  for (const std::uint32_t cluster : matcher.clusters()) ++sizes[cluster];
  for (const auto& [cluster, size] : sizes) EXPECT_LE(size, 50);
}

}  // namespace
}  // namespace laurel
