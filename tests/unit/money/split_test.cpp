#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "laurel/money.hpp"
#include "money/wide.hpp"

namespace laurel {
namespace {

using Parts = std::vector<std::int64_t>;

Parts split_over(std::int64_t total, const Parts& weights) { return split(total, weights); }

TEST(D11_parts_sum_to_the_whole, ten_over_three_equal_lines) {
  EXPECT_EQ(split_over(1000, {1, 1, 1}), (Parts{334, 333, 333}));
  EXPECT_EQ(split_over(1000, {777, 777, 777}), (Parts{334, 333, 333}));
}

TEST(D11_parts_sum_to_the_whole, a_full_reward_leaves_nothing_on_any_line) {
  const Parts prices{560, 892, 4491, 21'726, 240'000};
  const std::int64_t sum = std::accumulate(prices.begin(), prices.end(), std::int64_t{0});
  EXPECT_EQ(split(sum, prices), prices);
  // With 15 % tax on top, each line rounded once.
  Parts with_tax;
  for (const std::int64_t price : prices) {
    with_tax.push_back(
        static_cast<std::int64_t>(round(Int128{price} * 115, 100, Rounding::kHalfEven)));
  }
  const std::int64_t taxed = std::accumulate(with_tax.begin(), with_tax.end(), std::int64_t{0});
  EXPECT_EQ(split(taxed, with_tax), with_tax);
}

TEST(Splits, give_units_left_over_to_the_largest_remainders_and_then_to_the_first) {
  EXPECT_EQ(split_over(100, {3333, 3333, 3334}), (Parts{33, 33, 34}));
  EXPECT_EQ(split_over(10, {333, 333, 334}), (Parts{3, 3, 4}));
  EXPECT_EQ(split_over(2, {1, 1, 1, 1}), (Parts{1, 1, 0, 0}));
  EXPECT_EQ(split_over(1, {1, 2, 2}), (Parts{0, 1, 0}));
  EXPECT_EQ(split_over(7, {5}), (Parts{7}));
}

TEST(Splits, of_a_negative_total_are_the_mirror) {
  EXPECT_EQ(split_over(-1000, {1, 1, 1}), (Parts{-334, -333, -333}));
  EXPECT_EQ(split_over(INT64_MIN, {1}), (Parts{INT64_MIN}));
  EXPECT_EQ(split_over(INT64_MIN, {0, 1, 1}), (Parts{0, INT64_MIN / 2, INT64_MIN / 2}));
}

TEST(Splits, give_nothing_to_a_weight_of_nothing) {
  EXPECT_EQ(split_over(5, {0, 1, 0, 1}), (Parts{0, 3, 0, 2}));
  EXPECT_EQ(split_over(0, {0, 0}), (Parts{0, 0}));
  EXPECT_EQ(split_over(0, {}), Parts{});
}

TEST(SplitsDeathTest, over_nothing_are_a_bug) {
  EXPECT_DEATH(split_over(1, {}), "something to split over");
  EXPECT_DEATH(split_over(1, {0, 0}), "something to split over");
  EXPECT_DEATH(split_over(1, {2, -1}), "not negative");
}

TEST(Splits, take_the_largest_numbers) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  EXPECT_EQ(split_over(INT64_MAX, {kHuge, kHuge}), (Parts{kHuge, kHuge - 1}));
  EXPECT_EQ(split_over(kMaxPoints, Parts(100'000, kHuge)), Parts(100'000, kMaxPoints / 100'000));
  EXPECT_EQ(split_over(3, Parts{INT64_MAX, INT64_MAX, INT64_MAX}), (Parts{1, 1, 1}));
}

struct Case {
  std::int64_t total;
  Parts weights;
};

Case random_case(std::mt19937_64& random) {
  Case made{static_cast<std::int64_t>(random() >> (1 + random() % 63)), {}};
  const auto shift = random() % 63;
  const std::size_t size = 1 + random() % 60;
  for (std::size_t i = 0; i < size; ++i) {
    const bool zero = random() % 5 == 0;
    made.weights.push_back(zero ? 0 : static_cast<std::int64_t>(random() >> (2 + shift % 62)));
  }
  made.weights[random() % size] += 1;
  return made;
}

TEST(Splits, always_sum_to_the_whole_and_stay_within_one_of_the_exact_share) {
  std::mt19937_64 random(20'261'121);
  for (int i = 0; i < 20'000; ++i) {
    const auto [total, weights] = random_case(random);
    const Parts parts = split(total, weights);
    Int128 sum = 0;
    Int128 weight_sum = 0;
    for (const std::int64_t part : parts) sum += part;
    for (const std::int64_t weight : weights) weight_sum += weight;
    ASSERT_TRUE(sum == total);
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const auto floor = static_cast<std::int64_t>(
          round(Int128{total} * weights[k], weight_sum, Rounding::kFloor));
      ASSERT_GE(parts[k], floor);
      ASSERT_LE(parts[k], floor + 1);
    }
  }
}

TEST(Splits, never_give_less_to_a_larger_weight) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 20'000; ++i) {
    auto [total, weights] = random_case(random);
    std::ranges::sort(weights, std::greater{});
    const Parts parts = split(total, weights);
    ASSERT_TRUE(std::ranges::is_sorted(parts, std::greater{}));
  }
}

}  // namespace
}  // namespace laurel
