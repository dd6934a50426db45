#pragma once
// What a till keeps back of a refund, for points that are gone.

#include <string>

#include "laurel/money.hpp"
#include "laurel/policy.hpp"
#include "laurel/result.hpp"
#include "money/rate.hpp"

namespace laurel::engine {

// Wallet after wallet, until nothing is left of the refund.
class Withholding {
 public:
  Withholding() = default;  // of nothing
  // `rate`: programme currency for one unit of the refund's.
  static Result<Withholding> of(Money refund, const Fraction& rate, Currency programme);

  // How many points the rest of the refund pays for; none where the wallet keeps nothing back.
  Result<Points> payable(const WalletPolicy& wallet) const;
  Result<void> keep_back(const WalletPolicy& wallet, Points points);
  // For vouchers that were used, as far as the rest of the refund goes.
  Result<void> charge(std::int64_t programme_minor);
  // Decimal text in the refund's currency; empty: nothing.
  std::string text() const;

 private:
  Result<Fraction> worth_of_unit(const WalletPolicy& wallet) const;

  Currency currency_, programme_;
  Fraction factor_{1};  // programme minor units for one of the refund's
  std::int64_t left_minor_ = 0, kept_minor_ = 0;
};

}  // namespace laurel::engine
