#pragma once
// Exact fractions and the rates at which money becomes points.

#include <compare>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "laurel/money.hpp"
#include "laurel/result.hpp"
#include "money/wide.hpp"

namespace laurel {

// An exact number, in lowest terms: 0.025 is 1/40. The denominator is above zero.
class Fraction {
 public:
  constexpr Fraction() = default;
  constexpr Fraction(std::int64_t numerator, std::int64_t denominator = 1) {
    LAUREL_ASSERT(denominator > 0 && numerator != INT64_MIN, "a fraction in its range");
    const std::int64_t common = std::gcd(numerator, denominator);
    numerator_ = numerator / common;
    denominator_ = denominator / common;
  }
  // "1.5", "2.5%", "1/17". Faults: "not_a_fraction", "too_many_digits", "out_of_range".
  static Result<Fraction> parse(std::string_view text);

  constexpr std::int64_t numerator() const { return numerator_; }
  constexpr std::int64_t denominator() const { return denominator_; }
  std::string text() const;          // "0.025" where that is exact, else "1/17"
  std::string percent_text() const;  // "2.5%", else "100/17%"

  // kOutOfRange where the outcome has no such form.
  Result<Fraction> plus(const Fraction& other) const;
  Result<Fraction> minus(const Fraction& other) const;
  Result<Fraction> times(const Fraction& other) const;

  friend constexpr bool operator==(const Fraction&, const Fraction&) = default;
  friend constexpr std::strong_ordering operator<=>(const Fraction& a, const Fraction& b) {
    const Int128 left = Int128{a.numerator_} * b.denominator_;
    const Int128 right = Int128{b.numerator_} * a.denominator_;
    if (left == right) return std::strong_ordering::equal;
    return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
  }

 private:
  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

// An exact value under way: summed, multiplied and compared over 128 bits, rounded once at the end.
// Where a step would overflow the value becomes broken, stays so, and every way out says
// kOutOfRange; so a chain needs one test. Cheap while denominators are equal: put values over the
// same one where speed matters.
class Exact {
 public:
  constexpr Exact() = default;
  constexpr Exact(std::int64_t value) : numerator_(value) {}
  constexpr Exact(const Fraction& value)
      : numerator_(value.numerator()), denominator_(value.denominator()) {}
  static Exact over(Int128 numerator, Int128 denominator);  // denominator above zero

  Int128 numerator() const { return numerator_; }
  Int128 denominator() const { return denominator_; }
  bool overflowed() const { return denominator_ == 0; }

  friend Exact operator+(Exact a, const Exact& b) { return a += b; }
  friend Exact operator-(Exact a, const Exact& b) { return a -= b; }
  friend Exact operator*(Exact a, const Fraction& b) { return a *= b; }
  Exact& operator+=(const Exact& other);
  Exact& operator-=(const Exact& other);
  Exact& operator*=(const Fraction& factor);

  Result<std::int64_t> rounded(Rounding mode) const;  // kOutOfRange
  Result<Fraction> fraction() const;                  // kOutOfRange

 private:
  static Exact broken();
  void add(Exact other);
  static void put_over_one_denominator(Exact& a, Exact& b);
  void reduce();

  Int128 numerator_ = 0;
  Int128 denominator_ = 1;  // 0: overflowed
};

// How many points an amount earns: so many units of a wallet for each, or for each full, so many
// minor units of a currency.
class Rate {
 public:
  enum class Kind : std::uint8_t { kLinear, kStep };

  // `units`: of the wallet, not negative. `per_minor`: above zero.
  constexpr Rate(Kind kind, Fraction units, std::int64_t per_minor)
      : kind_(kind), units_(units), share_(1, per_minor) {
    LAUREL_ASSERT(per_minor > 0 && units >= Fraction{}, "a rate of points per amount");
  }
  // "1 point per 1.00", "0.5 points per 1.00", "5 points per full 2.50": an amount of `currency`,
  // and points of a wallet of that scale. Faults: "not_a_rate" and those of decimals.
  static Result<Rate> parse(std::string_view text, Currency currency, int scale);

  constexpr Kind kind() const { return kind_; }
  constexpr Fraction units() const { return units_; }
  constexpr std::int64_t per_minor() const { return share_.denominator(); }
  // What an amount earns, exactly: 3.00 at "5 points per full 2.50" earns 5, at "1 point per 2.00"
  // one and a half. A negative amount earns the mirror of its opposite.
  Exact earned(const Exact& minor) const;
  std::string text(Currency currency, int scale) const;

  friend constexpr bool operator==(const Rate&, const Rate&) = default;

 private:
  Kind kind_;
  Fraction units_;
  Fraction share_;  // 1 / per_minor
};

// The factor between minor units when one unit of `from` is `rate` units of `to`: EUR to JPY at 160
// is 8/5, as a cent is 1.6 yen. kOutOfRange.
Result<Fraction> minor_unit_rate(const Fraction& rate, Currency from, Currency to);
// kOutOfRange.
Result<Money> convert(Money amount, const Fraction& rate, Currency to, Rounding mode);

}  // namespace laurel
