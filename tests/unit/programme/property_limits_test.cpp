// Random programmes with limits, and random room for them.

#include <map>
#include <numeric>

#include "worlds.hpp"

namespace laurel {
namespace {

using kit::Basket;
using kit::fill;
using kit::Random;
using kit::random_world;
using kit::text_of;
using kit::World;
using kit::written;

class LimitProperty : public testing::TestWithParam<unsigned> {};

constexpr int kBaskets = 25;

// What each rule is left, in the order of the programme's limits: its only ones.
std::vector<std::int64_t> give_rooms(Random& random, const Programme& programme, Basket& basket) {
  std::vector<std::int64_t> units;
  for (std::uint32_t i = 0; i < programme.compiled().limits.size(); ++i) {
    units.push_back(random.one_in(4) ? 0 : random.upto(40));
    basket.room(i, units.back());
  }
  return units;
}

// Without limits, but with the spent rules stopped; then cut rule by rule.
std::map<std::string, std::vector<std::int64_t>> cut_plainly(
    const Programme& programme, const programme::Facts& facts,
    const std::vector<std::int64_t>& units) {
  std::vector<std::string> stopped;
  std::map<std::string, std::int64_t> left;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::string rule = programme.compiled().limits[i].counter.substr(5);
    left[rule] = units[i];
    if (units[i] == 0) stopped.push_back(rule);
  }
  auto free = facts;
  free.rooms = {};
  free.stopped = stopped;
  std::map<std::string, std::vector<std::int64_t>> given;
  for (const auto& award : programme.compiled().evaluate(free).awards) {
    given[std::string(award.rule)].push_back(award.points.units());
  }
  for (auto& [rule, points] : given) {
    const auto sum = std::accumulate(points.begin(), points.end(), std::int64_t{0});
    if (left.contains(rule) && sum > left[rule]) points = split(left[rule], points);
    std::erase(points, 0);
  }
  return given;
}

TEST_P(LimitProperty, limits_cut_what_would_be_given_without_them) {
  Random random(GetParam());
  const World world = random_world(random);
  const auto programme = kit::programme(text_of(world));
  for (int i = 0; i < kBaskets; ++i) {
    Basket basket;
    fill(random, basket);
    const auto units = give_rooms(random, programme, basket);
    const auto decision = programme.compiled().evaluate(basket());
    std::map<std::string, std::vector<std::int64_t>> given;
    std::map<std::string, std::int64_t> used;
    for (const auto& award : decision.awards) {
      // What was cut off whole is told too.
      if (award.points == Points{}) continue;
      given[std::string(award.rule)].push_back(award.points.units());
    }
    EXPECT_EQ(given, cut_plainly(programme, basket.facts, units)) << text_of(world);
    for (const auto& use : decision.uses) {
      const auto& points = given[std::string(use.counter.substr(5))];
      EXPECT_EQ(use.units, std::accumulate(points.begin(), points.end(), std::int64_t{0}));
      EXPECT_EQ(use.times, 1);
    }
  }
}

TEST_P(LimitProperty, what_is_needed_is_all_that_matters) {
  Random random(GetParam());
  const World world = random_world(random);
  const auto programme = kit::programme(text_of(world));
  for (int i = 0; i < kBaskets; ++i) {
    Basket basket;
    fill(random, basket);
    give_rooms(random, programme, basket);
    const auto& facts = basket();
    const auto needs = programme.compiled().needs(facts);
    auto told = facts;
    std::vector<programme::Answer> answers;
    std::vector<programme::Room> rooms;
    for (const auto& answer : facts.answers) {
      if (std::ranges::binary_search(needs.questions, answer.question)) answers.push_back(answer);
    }
    for (const auto limit : needs.limits) rooms.push_back(facts.rooms[limit]);
    told.answers = answers;
    told.rooms = rooms;
    EXPECT_EQ(written(programme.compiled().evaluate(facts)),
              written(programme.compiled().evaluate(told)))
        << text_of(world);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LimitProperty, testing::Range(1U, 21U));

}  // namespace
}  // namespace laurel
