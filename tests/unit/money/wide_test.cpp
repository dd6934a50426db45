#include "money/wide.hpp"

#include <gtest/gtest.h>

#include <random>

#include "money/rate.hpp"

namespace laurel {
namespace {

constexpr Int128 kMost = ~(Int128{1} << 126 << 1);

std::int64_t rounded(std::int64_t numerator, std::int64_t denominator, Rounding mode) {
  return static_cast<std::int64_t>(round(numerator, denominator, mode));
}

struct RoundingRow {
  std::int64_t numerator, denominator, floor, half_up, half_even, ceil;
};

TEST(Roundings, do_what_their_names_say_on_both_sides_of_zero) {
  const RoundingRow kRows[] = {{0, 2, 0, 0, 0, 0},      {4, 2, 2, 2, 2, 2},
                               {1, 2, 0, 1, 0, 1},      {3, 2, 1, 2, 2, 2},
                               {5, 2, 2, 3, 2, 3},      {7, 3, 2, 2, 2, 3},
                               {8, 3, 2, 3, 3, 3},      {-1, 2, -1, -1, 0, 0},
                               {-3, 2, -2, -2, -2, -1}, {-5, 2, -3, -3, -2, -2},
                               {-7, 3, -3, -2, -2, -2}, {-8, 3, -3, -3, -3, -2},
                               {-4, 2, -2, -2, -2, -2}, {89'250, 100, 892, 893, 892, 893}};
  for (const auto& [numerator, denominator, floor, half_up, half_even, ceil] : kRows) {
    EXPECT_EQ(rounded(numerator, denominator, Rounding::kFloor), floor) << numerator;
    EXPECT_EQ(rounded(numerator, denominator, Rounding::kHalfUp), half_up) << numerator;
    EXPECT_EQ(rounded(numerator, denominator, Rounding::kHalfEven), half_even) << numerator;
    EXPECT_EQ(rounded(numerator, denominator, Rounding::kCeil), ceil) << numerator;
  }
}

TEST(Roundings, give_the_same_over_64_and_over_128_bits) {
  std::mt19937_64 random(3);
  constexpr Int128 kFactor = Int128{1} << 50;
  for (int i = 0; i < 50'000; ++i) {
    const auto numerator = static_cast<std::int64_t>(random()) >> (random() % 60);
    const auto denominator = static_cast<std::int64_t>(random() >> (1 + random() % 62)) + 1;
    for (const Rounding mode :
         {Rounding::kFloor, Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kCeil}) {
      ASSERT_TRUE(round(numerator, denominator, mode) ==
                  round(numerator * kFactor, denominator * kFactor, mode))
          << numerator << "/" << denominator;
    }
  }
}

TEST(Roundings, reach_the_ends_of_128_bits) {
  EXPECT_TRUE(round(kMost, 1, Rounding::kHalfEven) == kMost);
  EXPECT_TRUE(round(-kMost, kMost, Rounding::kHalfUp) == -1);
  EXPECT_TRUE(round(kMost - 1, kMost, Rounding::kHalfUp) == 1);
  EXPECT_TRUE(round(INT64_MIN, 1, Rounding::kFloor) == INT64_MIN);
}

TEST(RoundingsDeathTest, by_nothing_are_a_bug) {
  EXPECT_DEATH(static_cast<void>(round(1, 0, Rounding::kFloor)), "above zero");
  EXPECT_DEATH(static_cast<void>(round(1, -1, Rounding::kFloor)), "above zero");
}

TEST(WideNumbers, become_64_bits_or_are_refused) {
  EXPECT_EQ(to_int64(Int128{INT64_MAX}).value(), INT64_MAX);
  EXPECT_EQ(to_int64(Int128{INT64_MIN}).value(), INT64_MIN);
  EXPECT_EQ(to_int64(Int128{INT64_MAX} + 1).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(to_int64(Int128{INT64_MIN} - 1).error().code, ErrorCode::kOutOfRange);
}

TEST(ExactValues, sum_over_different_denominators) {
  Exact sum;
  for (std::int64_t n = 1; n <= 20; ++n) sum += Fraction(1, n);
  EXPECT_EQ(sum.fraction().value(), Fraction(55'835'135, 15'519'504));
  EXPECT_EQ((sum - sum).rounded(Rounding::kFloor).value(), 0);
}

TEST(ExactValues, use_the_room_that_lowest_terms_leave) {
  Exact value(Fraction(1, 3));
  for (int i = 0; i < 1000; ++i) {
    value *= Fraction(1'000'003, 999'983);
    value *= Fraction(999'983, 1'000'003);
  }
  EXPECT_EQ(value.fraction().value(), Fraction(1, 3));
  Exact sum;
  for (int i = 0; i < 1000; ++i) {
    sum += Exact(Fraction(1, 999'983)) * Fraction(1, 1'000'003);
    sum += Exact(Fraction(1, 999'979)) * Fraction(0);
  }
  EXPECT_EQ(sum.fraction().value(), *Fraction(1000, 999'983).times(Fraction(1, 1'000'003)));
}

TEST(ExactValues, stay_broken_once_they_overflowed) {
  const Exact most = Exact::over(kMost, 1);
  const Exact broken[] = {most + Exact(1), Exact::over(-kMost, 1) - Exact(1), most * Fraction(2),
                          Exact::over(1, kMost) * Fraction(1, 2), Exact::over(-kMost - 1, 1)};
  for (const Exact& value : broken) {
    EXPECT_TRUE(value.overflowed());
    EXPECT_EQ((value - value).rounded(Rounding::kFloor).error().code, ErrorCode::kOutOfRange);
    EXPECT_EQ((Exact(1) + value).fraction().error().code, ErrorCode::kOutOfRange);
    EXPECT_TRUE((value * Fraction(0)).overflowed());
  }
  EXPECT_FALSE((most - Exact(1)).overflowed());
}

TEST(ExactValues, of_random_sums_equal_what_fractions_say) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 20'000; ++i) {
    const auto small = [&random] { return static_cast<std::int64_t>(random() % 100'000) + 1; };
    const std::int64_t a = small(), b = small(), c = small(), d = small();
    const Exact sum = Exact(Fraction(a, b)) + Exact(Fraction(-c, d));
    ASSERT_TRUE(sum.numerator() * b * d == (Int128{a} * d - Int128{c} * b) * sum.denominator());
  }
}

}  // namespace
}  // namespace laurel
