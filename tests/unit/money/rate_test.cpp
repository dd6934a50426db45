#include "money/rate.hpp"

#include <gtest/gtest.h>

#include <random>

namespace laurel {
namespace {

Currency currency(std::string_view code) { return Currency::of(code).value(); }
Money money(std::string_view text, std::string_view code) {
  return Money::parse(text, currency(code)).value();
}
Rate rate(std::string_view text, std::string_view code = "EUR", int scale = 0) {
  return Rate::parse(text, currency(code), scale).value();
}
Fraction fraction(std::string_view text) { return Fraction::parse(text).value(); }
template <class T>
std::string fault_of(const Result<T>& result) {
  if (result) return "none";
  return result.error().faults.empty() ? std::string(result.error().name())
                                       : result.error().faults[0].code;
}

// What `amount` earns once rounded, in units.
std::int64_t earned(const Rate& at, std::string_view amount, Rounding mode = Rounding::kFloor,
                    std::string_view code = "EUR") {
  return at.earned(money(amount, code).minor()).rounded(mode).value();
}

TEST(D5_a_step_rate, is_not_a_linear_rate) {
  const Rate step = rate("5 points per full 2.50");
  EXPECT_EQ(earned(step, "2.49"), 0);
  EXPECT_EQ(earned(step, "2.50"), 5);
  EXPECT_EQ(earned(step, "3.00"), 5);
  EXPECT_EQ(earned(step, "4.99"), 5);
  EXPECT_EQ(earned(step, "5.00"), 10);
  EXPECT_EQ(earned(rate("5 points per 2.50"), "3.00"), 6);
}

TEST(D5_a_step_rate, takes_back_the_mirror_of_what_it_gives) {
  const Rate step = rate("5 points per full 2.50");
  EXPECT_EQ(earned(step, "-2.49"), 0);
  EXPECT_EQ(earned(step, "-4.99"), -5);
}

TEST(D6_floating_point, is_nowhere_in_a_million_earnings_of_a_tenth) {
  const Rate tenth = rate("0.1 points per 1.00");
  Exact sum;
  for (int i = 0; i < 1'000'000; ++i) sum += tenth.earned(100);
  EXPECT_EQ(sum.rounded(Rounding::kFloor).value(), 100'000);
  EXPECT_EQ(sum.rounded(Rounding::kCeil).value(), 100'000);
}

TEST(D9_minor_units, earn_by_the_currency_they_belong_to) {
  EXPECT_EQ(earned(rate("1 point per 1", "JPY"), "275", Rounding::kFloor, "JPY"), 275);
  EXPECT_EQ(earned(rate("1 point per 1.000", "KWD"), "12.345", Rounding::kFloor, "KWD"), 12);
}

TEST(D10_rounding, a_line_at_a_time_is_not_rounding_the_sum) {
  const Rate one = rate("1 point per 1.00");
  Exact sum;
  for (int line = 0; line < 3; ++line) {
    EXPECT_EQ(earned(one, "0.60"), 0);
    sum += one.earned(60);
  }
  EXPECT_EQ(sum.rounded(Rounding::kFloor).value(), 1);
}

TEST(D13_tier_rates, value_the_two_parts_of_a_crossing_sale) {
  const Rate below = rate("1 point per 1000.00");
  const Rate above = rate("1 point per 900.00");
  EXPECT_EQ(earned(below, "150000.00"), 150);
  EXPECT_EQ(earned(above, "150000.00"), 166);
  const Exact both = below.earned(10'400'000) + above.earned(4'600'000);
  EXPECT_EQ(both.rounded(Rounding::kFloor).value(), 155);
}

TEST(D8_exchange, of_1700_rand_at_17_earns_100) {
  const Money euros =
      convert(money("1700.00", "ZAR"), fraction("1/17"), currency("EUR"), Rounding::kHalfEven)
          .value();
  EXPECT_EQ(euros, money("100.00", "EUR"));
  EXPECT_EQ(earned(rate("1 point per 1.00"), euros.text()), 100);
}

TEST(D8_exchange, counts_the_minor_digits_of_both_currencies) {
  const auto converted = [](std::string_view text, const char* from, const char* at,
                            const char* to) {
    return convert(money(text, from), fraction(at), currency(to), Rounding::kHalfEven)
        .value()
        .text();
  };
  EXPECT_EQ(converted("10000", "JPY", "0.0052", "GBP"), "52.00");
  EXPECT_EQ(converted("52.00", "GBP", "192.30769", "JPY"), "10000");
  EXPECT_EQ(converted("12.345", "KWD", "2.5", "GBP"), "30.86");
  EXPECT_EQ(converted("12.345", "KWD", "1", "KWD"), "12.345");
  EXPECT_EQ(converted("-10.00", "EUR", "0.86", "GBP"), "-8.60");
}

TEST(D8_exchange, that_leaves_the_range_is_refused) {
  const Money most(INT64_MAX, currency("EUR"));
  EXPECT_EQ(convert(most, fraction("2"), currency("GBP"), Rounding::kFloor).error().code,
            ErrorCode::kOutOfRange);
  EXPECT_EQ(minor_unit_rate(Fraction(INT64_MAX), currency("JPY"), currency("CLF")).error().code,
            ErrorCode::kOutOfRange);
}

TEST(D18_percentages, stay_what_they_were_written_as) {
  EXPECT_EQ(fraction("2.5%"), Fraction(1, 40));
  EXPECT_EQ(fraction("2.5%").percent_text(), "2.5%");
  EXPECT_EQ(fraction(fraction("2.5%").text()), fraction("2.5%"));
  EXPECT_EQ(fraction("100%"), Fraction(1));
  EXPECT_EQ(fraction("1/17").percent_text(), "100/17%");
}

TEST(D18_percentages, of_10_50_at_15_off_leave_8_93) {
  const Exact left = Exact(1050) * fraction("85%");
  EXPECT_EQ(left.rounded(Rounding::kHalfUp).value(), 893);
  EXPECT_EQ(left.rounded(Rounding::kHalfEven).value(), 892);
}

TEST(Fractions, are_read_exactly_and_kept_in_lowest_terms) {
  const std::tuple<const char*, Fraction, const char*> kRows[] = {
      {"1.5", {3, 2}, "1.5"},
      {"0.86", {43, 50}, "0.86"},
      {"0.0052", {13, 2500}, "0.0052"},
      {"1/17", {1, 17}, "1/17"},
      {"34/17", {2, 1}, "2"},
      {"-1/4", {-1, 4}, "-0.25"},
      {"0", {0, 1}, "0"},
      {"0%", {0, 1}, "0"},
      {"0.000000000000000001", {1, 1'000'000'000'000'000'000}, "0.000000000000000001"},
      {"2/3", {2, 3}, "2/3"}};
  for (const auto& [text, value, written] : kRows) {
    EXPECT_EQ(fraction(text), value) << text;
    EXPECT_EQ(fraction(text).text(), written);
  }
}

TEST(Fractions, of_another_form_are_refused) {
  for (const char* text :
       {"",     "%",   "/",  "1/",  "/2",  "1/0", "1/-2", "1.5/2", "1/2.0", "1//2", "1/2/3",
        "1/2%", "1 %", "%1", "1%%", "1e2", "0x1", "+1",   ".5",    "NaN",   "٥%"}) {
    EXPECT_EQ(fault_of(Fraction::parse(text)), "not_a_fraction") << text;
  }
  EXPECT_EQ(fault_of(Fraction::parse("99999999999999999999")), "out_of_range");
  EXPECT_EQ(fault_of(Fraction::parse("0.0000000000000000001")), "too_many_digits");
  EXPECT_EQ(fault_of(Fraction::parse("0.000000000000000001%")), "out_of_range");
}

TEST(Fractions, compare_by_value) {
  EXPECT_LT(Fraction(1, 3), Fraction(1, 2));
  EXPECT_LT(Fraction(-1, 2), Fraction(-1, 3));
  EXPECT_GT(Fraction(INT64_MAX, INT64_MAX - 1), Fraction(INT64_MAX - 1, INT64_MAX));
  EXPECT_EQ(Fraction(2, 4), Fraction(1, 2));
}

TEST(Fractions, calculate_exactly_or_not_at_all) {
  EXPECT_EQ(*fraction("1/3").plus(fraction("1/6")), Fraction(1, 2));
  EXPECT_EQ(*fraction("1/3").minus(fraction("1/2")), Fraction(-1, 6));
  EXPECT_EQ(*fraction("2/3").times(fraction("3/2")), Fraction(1));
  const Fraction huge(INT64_MAX);
  EXPECT_EQ(huge.plus(Fraction(1)).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(Fraction(-INT64_MAX).minus(Fraction(2)).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(huge.times(huge).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(Fraction(1, INT64_MAX).times(Fraction(1, 2)).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(*Fraction(1, INT64_MAX).times(huge), Fraction(1));
}

TEST(Rates, are_read_as_the_rule_language_writes_them) {
  EXPECT_EQ(rate("1 point per 1.00"), Rate(Rate::Kind::kLinear, 1, 100));
  EXPECT_EQ(rate("2 points per 1.50"), Rate(Rate::Kind::kLinear, 2, 150));
  EXPECT_EQ(rate("5 points per full 2.50"), Rate(Rate::Kind::kStep, 5, 250));
  EXPECT_EQ(rate("0.5 points per 1.00"), Rate(Rate::Kind::kLinear, {1, 2}, 100));
  EXPECT_EQ(rate("0.5 points per 1.00", "EUR", 2), Rate(Rate::Kind::kLinear, 50, 100));
  EXPECT_EQ(rate("0 points per 1.00"), Rate(Rate::Kind::kLinear, 0, 100));
  EXPECT_EQ(rate("1 point per 100", "JPY"), Rate(Rate::Kind::kLinear, 1, 100));
}

TEST(Rates, are_written_as_they_are_read) {
  for (const char* text : {"1 point per 1.00", "2 points per 1.50", "5 points per full 2.50",
                           "0.5 points per 1.00", "1 point per full 10.00", "0 points per 1.00"}) {
    EXPECT_EQ(rate(text).text(currency("EUR"), 0), text);
    EXPECT_EQ(rate(text, "EUR", 3).text(currency("EUR"), 3), text);
  }
}

TEST(Rates, of_another_form_are_refused) {
  for (const char* text :
       {"", "1", "1 point", "1 point per", "point per 1.00", "1 points each 1.00",
        "1 point per 0.00", "1 point per -1.00", "-1 points per 1.00"}) {
    EXPECT_NE(fault_of(Rate::parse(text, currency("EUR"), 0)), "none") << text;
  }
  EXPECT_EQ(fault_of(Rate::parse("1 point for 1.00", currency("EUR"), 0)), "not_a_rate");
  EXPECT_EQ(fault_of(Rate::parse("1e3 points per 1.00", currency("EUR"), 0)), "not_a_decimal");
  EXPECT_EQ(fault_of(Rate::parse("1 point  per 1.00", currency("EUR"), 0)), "not_a_rate");
  EXPECT_EQ(fault_of(Rate::parse("1 point per  1.00", currency("EUR"), 0)), "not_a_decimal");
  EXPECT_EQ(fault_of(Rate::parse("1 point per 1.005", currency("EUR"), 0)), "too_many_digits");
  EXPECT_EQ(fault_of(Rate::parse("1 point per 1.5", currency("JPY"), 0)), "too_many_digits");
}

TEST(Rates, of_the_largest_amount_fit_and_beyond_it_are_refused) {
  const Rate thousand = rate("1000 points per 0.01");
  EXPECT_EQ(thousand.earned(kMaxMinorUnits).rounded(Rounding::kFloor).value(),
            kMaxMinorUnits * 1000);
  const Rate absurd(Rate::Kind::kLinear, INT64_MAX, 1);
  EXPECT_EQ(absurd.earned(kMaxMinorUnits).rounded(Rounding::kFloor).error().code,
            ErrorCode::kOutOfRange);
}

}  // namespace
}  // namespace laurel
