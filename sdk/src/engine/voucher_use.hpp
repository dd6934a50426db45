#pragma once
// What a voucher takes off a basket, and whether it may. Every refusal is the same to whoever asks;
// the reason goes to the log alone (Unit::whisper).

#include <optional>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "laurel/voucher.hpp"
#include "ledger/voucher.hpp"

namespace laurel::engine {

// A basket in minor units. Of each line: what is charged, and the tax on top of it or within it.
struct PricedLine {
  std::string id = {};
  std::int64_t minor = 0, tax_minor = 0;
  bool shipping = false;
};
struct PricedBasket {
  std::string id = {};
  std::optional<Currency> currency = {};
  std::vector<PricedLine> lines = {};
  bool tax_on_top = false;
};

// Faults are put at "/basket/…".
Result<PricedBasket> price(const VoucherBasket& basket, Currency programme);

struct Shown {
  std::string code = {};  // normal
  MemberId by = {};       // none: nobody known
  Instant at = {};        // when it is used
  std::string basket = {};
};
// kVoucherNotValid. `unit.whisper` says why.
Result<ledger::Voucher> usable(Unit& unit, const Shown& shown);

// What of an amount other baskets have not reserved.
std::int64_t free_minor(const ledger::Voucher& voucher, const std::string& basket, Instant now);
// How many of its uses the basket takes.
std::int64_t uses_for(const ledger::Voucher& voucher, const std::string& basket);

struct Worth {
  std::int64_t off = 0;                                           // in all
  std::vector<std::pair<std::int64_t, std::int64_t>> parts = {};  // of amount, of tax on top
  std::int64_t to_pay = 0;
};
// kBasketTooSmall, or kVoucherNotValid where the currency is another.
Result<Worth> worth_on(Unit& unit, const ledger::Voucher& voucher, const PricedBasket& basket);

// Uses the vouchers that a sale names in its tenders and discounts. kVoucherNotValid,
// kBasketTooSmall; kInvalid: more than they are worth.
Result<void> use_vouchers(Unit& unit, ledger::Entry& entry, const Transaction& document,
                          const programme::Compiled& compiled);

// For people.
VoucherView view_of(const ledger::Voucher& voucher, Instant now);
VoucherWorth worth_text(const ledger::Voucher& voucher, const PricedBasket& basket,
                        const Worth& worth, std::int64_t left_minor);

}  // namespace laurel::engine
