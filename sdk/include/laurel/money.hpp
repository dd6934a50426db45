#pragma once
// Exact amounts. Money is a count of minor units of a currency, Points a count of a wallet's
// smallest unit. There is no way from or to a binary floating-point number, and Points + Money does
// not compile. Text is plain decimal: "1950.00"; never an exponent, a sign other than "-", or a
// group separator.

#include <compare>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/result.hpp"

namespace laurel {

// An active ISO 4217 currency; `exponent` is its number of minor digits (JPY 0, GBP 2, KWD 3, CLF
// 4).
class Currency {
 public:
  constexpr Currency() = default;                     // "XXX", ISO 4217's code for no currency
  static Result<Currency> of(std::string_view code);  // kInvalid: not an active code
  std::string_view code() const { return {code_, 3}; }
  int exponent() const { return exponent_; }
  friend bool operator==(const Currency&, const Currency&) = default;

 private:
  char code_[3] = {'X', 'X', 'X'};
  std::int8_t exponent_ = 0;
};

// No amount in a transaction may be larger than this (minor units): sums of 100,000 of them fit.
inline constexpr std::int64_t kMaxMinorUnits = 10'000'000'000'000;

class Money {
 public:
  constexpr Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
  Money(std::floating_point auto minor, Currency currency) = delete;
  // kInvalid: not a decimal, more digits than the currency has ("12.345" GBP), out of range.
  // Trailing zeros beyond the exponent are accepted ("275.00" JPY).
  static Result<Money> parse(std::string_view text, Currency currency);

  std::int64_t minor() const { return minor_; }
  Currency currency() const { return currency_; }
  std::string text() const;  // "1950.00", "-3.50", "275"

  // kOutOfRange on overflow, kInvalid where the currencies differ.
  Result<Money> plus(Money other) const;
  Result<Money> minus(Money other) const;
  friend bool operator==(const Money&, const Money&) = default;

 private:
  std::int64_t minor_;
  Currency currency_;
};

// No balance may be larger than this, in either direction.
inline constexpr std::int64_t kMaxPoints = 1'000'000'000'000'000'000;

class Points {
 public:
  constexpr Points() = default;
  constexpr explicit Points(std::int64_t units) : units_(units) {}
  explicit Points(std::floating_point auto units) = delete;
  // `scale`: the number of decimal digits of the wallet, 0 to 6. "12.5" at scale 1 is 125 units.
  static Result<Points> parse(std::string_view text, int scale);

  constexpr std::int64_t units() const { return units_; }
  std::string text(int scale) const;

  // Overflow is a bug here (every input is bounded by kMaxPoints) and stops the process.
  friend Points operator+(Points a, Points b) { return a += b; }
  friend Points operator-(Points a, Points b) { return a -= b; }
  Points operator-() const { return Points{} - *this; }
  Points& operator+=(Points other);
  Points& operator-=(Points other);
  friend constexpr auto operator<=>(const Points&, const Points&) = default;

 private:
  std::int64_t units_ = 0;
};

// Quantities are counted in thousandths, so that 0.350 kg from the food hall is exact.
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t thousandths) : thousandths_(thousandths) {}
  explicit Quantity(std::floating_point auto thousandths) = delete;
  static constexpr Quantity of(std::int64_t whole) { return Quantity(whole * 1000); }
  static Result<Quantity> parse(std::string_view text);  // up to three decimals, below 10^12
  constexpr std::int64_t thousandths() const { return thousandths_; }
  std::string text() const;  // "1", "0.35"
  friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;

 private:
  std::int64_t thousandths_ = 0;
};

enum class Rounding : std::uint8_t { kFloor, kHalfUp, kHalfEven, kCeil };

// Splits `total` in proportion to `weights` (none negative, not all zero) so that the parts sum to
// it: each gets its floor, and the units left over go to the largest remainders, the earlier part
// first among equals. 1000 over {1, 1, 1} is {334, 333, 333}. A negative total splits as its
// mirror.
std::vector<std::int64_t> split(std::int64_t total, std::span<const std::int64_t> weights);

}  // namespace laurel
