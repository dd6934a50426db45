#include "laurel/money.hpp"

#include <gtest/gtest.h>

#include <concepts>

namespace laurel {
namespace {

Currency currency(std::string_view code) { return Currency::of(code).value(); }
Money money(std::string_view text, std::string_view code = "EUR") {
  return Money::parse(text, currency(code)).value();
}
template <class T>
std::string fault_of(const Result<T>& result) {
  return result ? "none" : result.error().faults.at(0).code;
}

template <class A, class B>
concept CanBeAdded = requires(A a, B b) {
  a + b;
};
static_assert(CanBeAdded<Points, Points>);
static_assert(!CanBeAdded<Points, Money>);
static_assert(!CanBeAdded<Points, std::int64_t>);
static_assert(!CanBeAdded<Points, Quantity>);
static_assert(!std::convertible_to<double, Points>);
static_assert(!std::convertible_to<std::int64_t, Points>);
static_assert(!std::convertible_to<Points, std::int64_t>);

TEST(D9_minor_units, follow_the_currency) {
  EXPECT_EQ(money("275", "JPY").minor(), 275);
  EXPECT_EQ(money("275.00", "JPY").text(), "275");
  EXPECT_EQ(money("12.345", "KWD").minor(), 12'345);
  EXPECT_EQ(money("12.345", "KWD").text(), "12.345");
  EXPECT_EQ(money("1950", "GBP").text(), "1950.00");
  EXPECT_EQ(money("-3.5", "GBP").text(), "-3.50");
  EXPECT_EQ(money("0.0001", "CLF").minor(), 1);
}

TEST(D9_minor_units, more_than_the_currency_has_are_refused) {
  EXPECT_EQ(fault_of(Money::parse("12.345", currency("GBP"))), "too_many_digits");
  EXPECT_EQ(fault_of(Money::parse("275.5", currency("JPY"))), "too_many_digits");
  EXPECT_EQ(fault_of(Money::parse("0.0001", currency("KWD"))), "too_many_digits");
}

TEST(D9_minor_units, an_unknown_currency_is_refused_never_guessed) {
  for (const char* code : {"", "XYZ", "gbp", "GB", "GBPX", "£", "826", "G P"}) {
    EXPECT_EQ(fault_of(Currency::of(code)), "unknown_currency") << code;
  }
}

TEST(Currencies, number_what_iso_4217_numbers) {
  int with_digits[5] = {};
  std::string code = "AAA";
  for (code[0] = 'A'; code[0] <= 'Z'; ++code[0]) {
    for (code[1] = 'A'; code[1] <= 'Z'; ++code[1]) {
      for (code[2] = 'A'; code[2] <= 'Z'; ++code[2]) {
        const auto found = Currency::of(code);
        if (!found) continue;
        EXPECT_EQ(found->code(), code);
        ++with_digits[found->exponent()];
      }
    }
  }
  EXPECT_EQ(with_digits[0], 17);
  EXPECT_EQ(with_digits[1], 0);
  EXPECT_EQ(with_digits[3], 7);
  EXPECT_EQ(with_digits[4], 2);
}

TEST(Currencies, have_their_own_digits) {
  const std::pair<const char*, int> kRows[] = {{"GBP", 2}, {"EUR", 2}, {"JPY", 0}, {"KRW", 0},
                                               {"KWD", 3}, {"BHD", 3}, {"CLF", 4}, {"UYW", 4},
                                               {"ISK", 0}, {"ZWG", 2}, {"MRU", 2}};
  for (const auto& [code, digits] : kRows) EXPECT_EQ(currency(code).exponent(), digits) << code;
}

TEST(Currencies, leave_out_metals_units_of_account_tests_and_withdrawn_ones) {
  for (const char* code : {"XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XDR", "XSU",
                           "XUA", "XTS", "XXX", "DEM", "ZWL", "HRK"}) {
    EXPECT_FALSE(Currency::of(code)) << code;
  }
}

TEST(D6_floating_point, is_nowhere_in_267_39_plus_0_89) {
  EXPECT_EQ(*money("267.39").plus(money("0.89")), money("268.28"));
  EXPECT_EQ(*money("268.28").minus(money("267.39")), money("0.89"));
}

TEST(D6_floating_point, is_nowhere_in_a_million_tenths_of_a_point) {
  const Points tenth = Points::parse("0.1", 1).value();
  Points sum;
  for (int i = 0; i < 1'000'000; ++i) sum += tenth;
  EXPECT_EQ(sum, Points::parse("100000", 1).value());
  EXPECT_EQ(sum.text(1), "100000");
}

TEST(Amounts, of_two_currencies_are_not_added) {
  EXPECT_EQ(fault_of(money("1", "EUR").plus(money("1", "GBP"))), "different_currencies");
  EXPECT_EQ(fault_of(money("1", "EUR").minus(money("1", "GBP"))), "different_currencies");
  EXPECT_NE(money("1", "EUR"), money("1", "GBP"));
}

TEST(Amounts, that_would_overflow_are_refused) {
  const Money most(INT64_MAX, currency("EUR"));
  const Money least(INT64_MIN, currency("EUR"));
  const Money cent = money("0.01");
  EXPECT_EQ(most.plus(cent).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(least.minus(cent).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(cent.minus(least).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(most.plus(least)->minor(), -1);
  EXPECT_EQ(least.text(), "-92233720368547758.08");
}

TEST(Amounts, are_read_up_to_the_largest_one_allowed) {
  EXPECT_EQ(money("100000000000.00").minor(), kMaxMinorUnits);
  EXPECT_EQ(money("-100000000000.00").minor(), -kMaxMinorUnits);
  EXPECT_EQ(fault_of(Money::parse("100000000000.01", currency("EUR"))), "out_of_range");
  EXPECT_EQ(fault_of(Money::parse("-100000000000.01", currency("EUR"))), "out_of_range");
  EXPECT_EQ(fault_of(Money::parse("1e30", currency("EUR"))), "not_a_decimal");
}

TEST(PointsText, follows_the_scale_of_the_wallet) {
  EXPECT_EQ(Points::parse("12.5", 1)->units(), 125);
  EXPECT_EQ(Points::parse("-3", 0)->units(), -3);
  EXPECT_EQ(Points::parse("2", 6)->units(), 2'000'000);
  EXPECT_EQ(Points(125).text(1), "12.5");
  EXPECT_EQ(Points(120).text(1), "12");
  EXPECT_EQ(Points(-5).text(2), "-0.05");
  EXPECT_EQ(fault_of(Points::parse("12.55", 1)), "too_many_digits");
  EXPECT_EQ(fault_of(Points::parse("5e2", 0)), "not_a_decimal");
  EXPECT_EQ(fault_of(Points::parse("٥", 0)), "not_a_decimal");
  EXPECT_EQ(Points::parse("1000000000000000000", 0)->units(), kMaxPoints);
  EXPECT_EQ(fault_of(Points::parse("1000000000000000001", 0)), "out_of_range");
}

TEST(PointsArithmetic, adds_takes_away_and_compares) {
  EXPECT_EQ(Points(300) + Points(-80), Points(220));
  EXPECT_EQ(Points(300) - Points(500), Points(-200));
  EXPECT_EQ(-Points(5), Points(-5));
  EXPECT_LT(Points(-1), Points());
}

TEST(PointsArithmeticDeathTest, stops_before_it_overflows) {
  EXPECT_DEATH(Points(INT64_MAX) + Points(1), "bounded");
  EXPECT_DEATH(Points(INT64_MIN) - Points(1), "bounded");
  EXPECT_DEATH(-Points(INT64_MIN), "bounded");
}

TEST(Quantities, are_counted_in_thousandths) {
  EXPECT_EQ(Quantity::parse("0.350")->thousandths(), 350);
  EXPECT_EQ(*Quantity::parse("6000"), Quantity::of(6000));
  EXPECT_EQ(Quantity(350).text(), "0.35");
  EXPECT_EQ(Quantity::of(1).text(), "1");
  EXPECT_EQ(Quantity::parse("0")->thousandths(), 0);
  EXPECT_EQ(Quantity::parse("999999999999.999")->text(), "999999999999.999");
}

TEST(Quantities, refuse_a_gram_of_a_gram_the_negative_and_the_endless) {
  EXPECT_EQ(fault_of(Quantity::parse("0.0005")), "too_many_digits");
  EXPECT_EQ(fault_of(Quantity::parse("-1")), "negative");
  EXPECT_EQ(fault_of(Quantity::parse("1000000000000")), "out_of_range");
  EXPECT_EQ(fault_of(Quantity::parse("one")), "not_a_decimal");
}

}  // namespace
}  // namespace laurel
