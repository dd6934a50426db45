#include "base/decimal.hpp"

#include <gtest/gtest.h>

#include <random>

namespace laurel {
namespace {

constexpr std::int64_t kLargest = INT64_MAX;

template <class T>
std::string fault_of(const Result<T>& result) {
  return result ? "none" : result.error().faults.at(0).code;
}

TEST(Decimals, are_read_as_a_count_of_their_smallest_unit) {
  const std::tuple<const char*, int, std::int64_t> kRows[] = {
      {"0", 2, 0},
      {"-0", 2, 0},
      {"1", 0, 1},
      {"1", 3, 1000},
      {"1950.00", 2, 195'000},
      {"-3.5", 2, -350},
      {"0.05", 2, 5},
      {"12.345", 3, 12'345},
      {"275.00", 0, 275},
      {"1.500000000000000000000000", 1, 15},
      {"9223372036854775807", 0, kLargest},
      {"-9223372036854775808", 0, INT64_MIN},
      {"92233720368547758.07", 2, kLargest}};
  for (const auto& [text, scale, units] : kRows) {
    EXPECT_EQ(parse_scaled(text, scale).value(), units) << text;
  }
}

TEST(Decimals, refuse_every_other_way_to_write_a_number) {
  const char* const kRows[] = {
      "",     "-",     "+1",    "1.",    ".5",       ".",   "-.5", "1..2", "1.2.3",  "5e2",
      "1E5",  "1e400", "1,000", "1_000", "1 000",    " 1",  "1 ",  "\t1",  "1\n",    "--1",
      "0x10", "0b1",   "NaN",   "nan",   "Infinity", "inf", "٥",   "１",   "007.00", "00",
      "010",  "-01",   "1/2",   "1%",    "£1",       "1f",  "½",   "−1",   "0.5-"};
  for (const char* text : kRows) {
    EXPECT_EQ(fault_of(parse_scaled(text, 2)), "not_a_decimal") << text;
    EXPECT_EQ(fault_of(parse_decimal(text)), "not_a_decimal") << text;
  }
  EXPECT_EQ(fault_of(parse_scaled(std::string_view("1\0", 2), 2)), "not_a_decimal");
}

TEST(Decimals, tell_too_many_digits_from_too_large) {
  EXPECT_EQ(fault_of(parse_scaled("12.345", 2)), "too_many_digits");
  EXPECT_EQ(fault_of(parse_scaled("0.0000000000000000000000001", 2)), "too_many_digits");
  EXPECT_EQ(fault_of(parse_scaled("9223372036854775808", 0)), "out_of_range");
  EXPECT_EQ(fault_of(parse_scaled("-9223372036854775809", 0)), "out_of_range");
  EXPECT_EQ(fault_of(parse_scaled("92233720368547758.08", 2)), "out_of_range");
  EXPECT_EQ(fault_of(parse_scaled("92233720368547759", 2)), "out_of_range");
  EXPECT_EQ(fault_of(parse_scaled(std::string(100'000, '9'), 2)), "out_of_range");
}

TEST(Decimals, keep_the_scale_in_which_they_were_written) {
  EXPECT_EQ(*parse_decimal("2.50"), (Decimal{250, 2}));
  EXPECT_EQ(*parse_decimal("-0.0052"), (Decimal{-52, 4}));
  EXPECT_EQ(*parse_decimal("0.000000000000000001"), (Decimal{1, 18}));
  EXPECT_EQ(fault_of(parse_decimal("0.0000000000000000001")), "too_many_digits");
  EXPECT_EQ(fault_of(parse_decimal("10.000000000000000000")), "out_of_range");
}

TEST(Decimals, are_written_with_all_their_digits_or_as_few_as_will_do) {
  const std::tuple<std::int64_t, int, const char*, const char*> kRows[] = {
      {0, 0, "0", "0"},
      {0, 2, "0.00", "0"},
      {5, 2, "0.05", "0.05"},
      {-5, 2, "-0.05", "-0.05"},
      {350, 2, "3.50", "3.5"},
      {-350, 2, "-3.50", "-3.5"},
      {100, 0, "100", "100"},
      {100, 2, "1.00", "1"},
      {100, 3, "0.100", "0.1"},
      {12'345, 3, "12.345", "12.345"},
      {INT64_MIN, 2, "-92233720368547758.08", "-92233720368547758.08"},
      {1, 18, "0.000000000000000001", "0.000000000000000001"}};
  for (const auto& [units, scale, full, shortest] : kRows) {
    EXPECT_EQ(scaled_text(units, scale), full);
    EXPECT_EQ(shortest_scaled_text(units, scale), shortest);
  }
}

TEST(Decimals, read_back_what_they_write) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    const auto units = static_cast<std::int64_t>(random()) >> (random() % 63);
    const int scale = static_cast<int>(random() % 19);
    ASSERT_EQ(parse_scaled(scaled_text(units, scale), scale).value(), units);
    ASSERT_EQ(parse_scaled(shortest_scaled_text(units, scale), scale).value(), units);
  }
}

}  // namespace
}  // namespace laurel
