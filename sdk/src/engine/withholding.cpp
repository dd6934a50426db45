#include "engine/withholding.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace laurel::engine {
namespace {

Fraction inverse(const Fraction& fraction) {
  return Fraction(fraction.denominator(), fraction.numerator());
}

std::int64_t ten_to_the(int power) {
  std::int64_t value = 1;
  for (int i = 0; i < power; ++i) value *= 10;
  return value;
}

}  // namespace

Result<Withholding> Withholding::of(Money refund, const Fraction& rate, Currency programme) {
  Withholding made;
  made.currency_ = refund.currency();
  made.programme_ = programme;
  made.left_minor_ = refund.minor();
  LAUREL_TRY(made.factor_, minor_unit_rate(rate, refund.currency(), programme));
  return made;
}

Result<Points> Withholding::payable(const WalletPolicy& wallet) const {
  if (wallet.on_shortfall != Shortfall::kWithholdMoney || left_minor_ <= 0) return Points{};
  LAUREL_TRY(const auto worth, worth_of_unit(wallet));
  LAUREL_TRY(const auto units,
             (Exact(left_minor_) * factor_ * inverse(worth)).rounded(Rounding::kFloor));
  return Points(units);
}

Result<void> Withholding::keep_back(const WalletPolicy& wallet, Points points) {
  if (points == Points{}) return {};
  LAUREL_TRY(const auto worth, worth_of_unit(wallet));
  LAUREL_TRY(const auto minor,
             (Exact(points.units()) * worth * inverse(factor_)).rounded(Rounding::kFloor));
  left_minor_ -= minor;
  kept_minor_ += minor;
  return {};
}

Result<void> Withholding::charge(std::int64_t programme_minor) {
  if (left_minor_ <= 0 || programme_minor <= 0) return {};
  LAUREL_TRY(const auto wanted,
             (Exact(programme_minor) * inverse(factor_)).rounded(Rounding::kFloor));
  const std::int64_t minor = std::min(left_minor_, wanted);
  left_minor_ -= minor;
  kept_minor_ += minor;
  return {};
}

std::string Withholding::text() const {
  return kept_minor_ == 0 ? std::string() : Money(kept_minor_, currency_).text();
}

// In minor units of the programme's currency.
Result<Fraction> Withholding::worth_of_unit(const WalletPolicy& wallet) const {
  LAUREL_TRY(const auto of_point, Fraction::parse(wallet.withhold_at));
  return of_point.times(Fraction(ten_to_the(programme_.exponent()), ten_to_the(wallet.scale)));
}

}  // namespace laurel::engine
