// Long random lives of a house, held against a naive model at every stop.
//
// LAUREL_SEED=n runs that seed alone; LAUREL_LONG=1 runs more of them, and longer.

#include <cstdlib>

#include "house.hpp"

namespace laurel::simulation {
namespace {

void lives(std::uint64_t seed, int steps, int stop_every) {
  SCOPED_TRACE("LAUREL_SEED=" + std::to_string(seed));
  House house(seed);
  for (int step = 1; step <= steps && !testing::Test::HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    house.step();
    if (step % stop_every == 0) house.audit();
  }
  house.verify();
  EXPECT_GT(house.accepted(), steps / 2);
  EXPECT_GT(house.refused(), steps / 50);
  EXPECT_GT(house.crashes(), steps / 500);
  EXPECT_GT(house.redeemed(), steps / 200);
}

std::uint64_t number_from(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

TEST(Simulation, a_house_and_its_naive_books_agree_at_every_stop) {
  if (const auto seed = number_from("LAUREL_SEED")) return lives(seed, 10'000, 100);
  if (number_from("LAUREL_LONG") == 0) return lives(2'025, 10'000, 1'000);
  for (std::uint64_t seed = 1; seed <= 50; ++seed) lives(seed, 20'000, 500);
  lives(51, 1'000'000, 50'000);
}

}  // namespace
}  // namespace laurel::simulation
