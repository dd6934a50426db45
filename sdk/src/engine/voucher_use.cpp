#include "engine/voucher_use.hpp"

#include <algorithm>
#include <array>

#include "base/decimal.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/valuation.hpp"
#include "engine/voucher_desk.hpp"
#include "ledger/voucher_code.hpp"
#include "money/wide.hpp"

namespace laurel::engine {
namespace {

using ledger::Voucher;
using ledger::VoucherKind;
using ledger::VoucherMove;
using ledger::VoucherMoveKind;

constexpr std::int64_t kMillion = 1'000'000;
constexpr int kPercentDigits = 4;

Error not_valid(Unit& unit, std::string_view why, EntryId issued_by = {}) {
  unit.whisper = "a voucher was refused: " + std::string(why);
  if (issued_by) unit.whisper += " (issued by entry " + std::to_string(issued_by.number()) + ")";
  return {ErrorCode::kVoucherNotValid, "the voucher cannot be used here"};
}

bool reserved_by_others(const Voucher& voucher, const std::string& basket, Instant now) {
  if (voucher.terms.keeps_remainder) return false;
  std::int64_t others = 0;
  for (const auto& hold : voucher.holds) {
    if (hold.until > now && hold.basket != basket) ++others;
  }
  return others >= voucher.uses_left;
}

// Why it cannot be used; empty: it can. `owner`: whose it is now.
std::string_view why_not(const Voucher& voucher, MemberId owner, const Shown& shown, Instant now) {
  const auto& terms = voucher.terms;
  const bool again = !shown.basket.empty() && voucher.last_basket == shown.basket;
  if (terms.kind == VoucherKind::kForeign) return "it is a partner's code";
  if (!voucher.given) return "it waits in its pool";
  if (voucher.cancelled) return "cancelled";
  if (shown.at < terms.valid_from) return "not yet valid";
  if (shown.at >= terms.valid_until) return "expired";
  const bool spent = terms.kind == VoucherKind::kMoney && voucher.left_minor == 0;
  if (spent || (voucher.uses_left == 0 && !terms.keeps_remainder && !again)) return "used";
  if (voucher.owner && owner != shown.by) return "not_owner";
  if (!again && reserved_by_others(voucher, shown.basket, now)) return "reserved";
  return {};
}

bool is_covered(const Voucher& voucher, const PricedLine& line) {
  return voucher.terms.covers_shipping || !line.shipping;
}

std::int64_t gross(const PricedBasket& basket, const PricedLine& line) {
  return line.minor + (basket.tax_on_top ? line.tax_minor : 0);
}

std::int64_t covered_minor(const Voucher& voucher, const PricedBasket& basket) {
  std::int64_t sum = 0;
  for (const auto& line : basket.lines) {
    if (is_covered(voucher, line)) sum += gross(basket, line);
  }
  return sum;
}

// What is left to pay is rounded half up, so that a percentage off never shows as a cent more.
std::int64_t percent_of(const Voucher& voucher, std::int64_t covered) {
  const auto kept = static_cast<std::int64_t>(
      round(Int128{covered} * (kMillion - voucher.terms.millionths), kMillion, Rounding::kHalfUp));
  const std::int64_t off = covered - kept;
  return voucher.terms.at_most_minor > 0 ? std::min(off, voucher.terms.at_most_minor) : off;
}

Result<void> check_minimum(const Voucher& voucher, std::int64_t covered, std::int64_t off) {
  const std::int64_t counted = voucher.terms.minimum_after ? covered - off : covered;
  if (counted >= voucher.terms.minimum_minor) return {};
  return Error{ErrorCode::kBasketTooSmall, "the voucher asks for a larger basket"};
}

// The basket of a sale before what vouchers took off it.
PricedBasket basket_of(const Transaction& document, const programme::Compiled& compiled) {
  PricedBasket basket{.id = document.basket, .currency = *Currency::of(document.currency)};
  const auto& shipping = compiled.catalogue.shipping_tags;
  for (const auto& line : document.lines) {
    PricedLine priced{.id = line.id, .minor = Money::parse(line.amount, *basket.currency)->minor()};
    priced.shipping = std::any_of(line.tags.begin(), line.tags.end(), [&](const auto& tag) {
      return std::find(shipping.begin(), shipping.end(), tag) != shipping.end();
    });
    basket.lines.push_back(std::move(priced));
  }
  std::int64_t off = 0;
  for (const auto& discount : document.discounts) {
    if (!discount.amount.empty()) off += Money::parse(discount.amount, *basket.currency)->minor();
  }
  if (off > 0) basket.lines.push_back({.id = "", .minor = off});
  return basket;
}

struct NamedVoucher {
  const std::string& code;
  const std::string& amount;
  std::string pointer = {};
  bool paid = {};
};

std::vector<NamedVoucher> vouchers_in(const Transaction& document) {
  std::vector<NamedVoucher> named;
  for (std::size_t i = 0; i < document.tenders.size(); ++i) {
    const auto& tender = document.tenders[i];
    if (tender.voucher.empty()) continue;
    named.push_back({tender.voucher, tender.amount, "/tenders/" + std::to_string(i), true});
  }
  for (std::size_t i = 0; i < document.discounts.size(); ++i) {
    const auto& discount = document.discounts[i];
    named.push_back({discount.voucher, discount.amount, "/discounts/" + std::to_string(i), false});
  }
  return named;
}

Error more_than_worth(const std::string& pointer, std::int64_t worth, Currency currency) {
  return {ErrorCode::kInvalid,
          "one or more fields are wrong",
          {{pointer + "/amount", "more_than_worth",
            "it is worth " + Money(worth, currency).text() + " here"}}};
}

Result<void> use_voucher(Unit& unit, ledger::Entry& entry, const NamedVoucher& named,
                         const PricedBasket& basket) {
  LAUREL_TRY(const auto voucher,
             usable(unit, {named.code, entry.member, entry.event_time, basket.id}));
  LAUREL_TRY(const auto worth, worth_on(unit, voucher, basket));
  const std::int64_t minor =
      named.amount.empty() ? 0 : Money::parse(named.amount, *basket.currency)->minor();
  if (minor > worth.off) return more_than_worth(named.pointer, worth.off, *basket.currency);
  VoucherMove move{.code = named.code, .kind = VoucherMoveKind::kUse, .basket = basket.id};
  move.minor = voucher.terms.kind == VoucherKind::kMoney ? minor : 0;
  move.uses = uses_for(voucher, basket.id);
  move.paid = named.paid;
  return move_voucher(unit, entry, std::move(move));
}

std::string state_of(const Voucher& voucher, Instant now) {
  if (voucher.cancelled) return "cancelled";
  if (!voucher.given) return "waiting";
  if (now < voucher.terms.valid_from) return "not_yet";
  const bool spent = voucher.terms.kind == VoucherKind::kMoney && voucher.left_minor == 0;
  if (spent || (voucher.uses_left == 0 && !voucher.terms.keeps_remainder)) return "used";
  return now >= voucher.terms.valid_until ? "expired" : "valid";
}

std::string kind_text(VoucherKind kind) {
  switch (kind) {
    case VoucherKind::kMoney: return "money";
    case VoucherKind::kPercent: return "percent";
    case VoucherKind::kProduct: return "product";
    case VoucherKind::kExperience: return "experience";
    case VoucherKind::kForeign: return "partner";
  }
  return {};
}

}  // namespace

Result<PricedBasket> price(const VoucherBasket& basket, Currency programme) {
  std::vector<FieldFault> faults;
  PricedBasket priced{.id = basket.id, .currency = programme, .tax_on_top = basket.tax_on_top};
  if (basket.id.empty()) faults.push_back({"/basket/id", "required", "which basket it is for"});
  if (!basket.currency.empty()) {
    const auto currency = Currency::of(basket.currency);
    if (!currency) {
      faults.push_back({"/basket/currency", "unknown_currency", "an ISO 4217 currency"});
    } else {
      priced.currency = *currency;
    }
  }
  for (std::size_t i = 0; i < basket.lines.size(); ++i) {
    const auto& line = basket.lines[i];
    PricedLine out{.id = line.id, .shipping = line.shipping};
    const auto read = [&](const std::string& text, const char* field, std::int64_t& minor) {
      if (text.empty()) return;
      const auto money = Money::parse(text, *priced.currency);
      if (money && money->minor() >= 0 && money->minor() <= kMaxMinorUnits / 1'000'000) {
        minor = money->minor();
        return;
      }
      faults.push_back({"/basket/lines/" + std::to_string(i) + field, "not_an_amount",
                        "an amount of the basket's currency"});
    };
    read(line.amount, "/amount", out.minor);
    read(line.tax, "/tax", out.tax_minor);
    priced.lines.push_back(std::move(out));
  }
  if (!faults.empty()) {
    return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
  }
  return priced;
}

// A code that is known takes one step more than one that is not: looking at what was read.
Result<Voucher> usable(Unit& unit, const Shown& shown) {
  LAUREL_TRY(const Voucher* const stored, voucher_in_change(unit, shown.code));
  if (stored == nullptr) return not_valid(unit, "unknown");
  LAUREL_TRY(const auto owner, member_now(unit.view, stored->owner));
  const auto why = why_not(*stored, owner ? owner->id : stored->owner, shown, unit.now);
  if (!why.empty()) return not_valid(unit, why, stored->issued_by);
  return *stored;
}

std::int64_t free_minor(const Voucher& voucher, const std::string& basket, Instant now) {
  std::int64_t minor = voucher.left_minor;
  for (const auto& hold : voucher.holds) {
    if (hold.until > now && hold.basket != basket) minor -= hold.minor;
  }
  return std::max<std::int64_t>(0, minor);
}

std::int64_t uses_for(const Voucher& voucher, const std::string& basket) {
  const bool again = !basket.empty() && voucher.last_basket == basket;
  return voucher.terms.keeps_remainder || again ? 0 : 1;
}

Result<Worth> worth_on(Unit& unit, const Voucher& voucher, const PricedBasket& basket) {
  const auto& terms = voucher.terms;
  const bool of_money = terms.kind == VoucherKind::kMoney || terms.kind == VoucherKind::kPercent;
  if (of_money && basket.currency->code() != terms.currency) {
    return not_valid(unit, "another currency", voucher.issued_by);
  }
  const std::int64_t covered = covered_minor(voucher, basket);
  Worth worth;
  if (terms.kind == VoucherKind::kMoney) {
    worth.off = std::min(covered, free_minor(voucher, basket.id, unit.now));
  } else if (terms.kind == VoucherKind::kPercent) {
    worth.off = percent_of(voucher, covered);
  }
  LAUREL_TRY_VOID(check_minimum(voucher, covered, worth.off));
  std::vector<std::int64_t> weights;
  for (const auto& line : basket.lines) {
    weights.push_back(is_covered(voucher, line) ? gross(basket, line) : 0);
    worth.to_pay += gross(basket, line);
  }
  worth.to_pay -= worth.off;
  const auto offs =
      covered > 0 ? split(worth.off, weights) : std::vector<std::int64_t>(weights.size(), 0);
  for (std::size_t i = 0; i < offs.size(); ++i) {
    const auto& line = basket.lines[i];
    std::pair<std::int64_t, std::int64_t> part{offs[i], 0};
    if (basket.tax_on_top && line.tax_minor > 0 && offs[i] > 0) {
      const auto both = split(offs[i], std::array{line.minor, line.tax_minor});
      part = {both[0], both[1]};
    }
    worth.parts.push_back(part);
  }
  return worth;
}

Result<void> use_vouchers(Unit& unit, ledger::Entry& entry, const Transaction& document,
                          const programme::Compiled& compiled) {
  if (document.kind != TransactionKind::kSale) return {};
  const auto named = vouchers_in(document);
  if (named.empty()) return {};
  const auto basket = basket_of(document, compiled);
  for (const auto& one : named) LAUREL_TRY_VOID(use_voucher(unit, entry, one, basket));
  return {};
}

VoucherView view_of(const Voucher& voucher, Instant now) {
  const auto& terms = voucher.terms;
  VoucherView view;
  view.code = voucher.code;
  view.readable = ledger::readable_code(voucher.code);
  view.kind = kind_text(terms.kind);
  view.state = state_of(voucher, now);
  view.reward = terms.reward;
  view.pool = terms.pool;
  view.item = terms.item;
  const auto currency = Currency::of(terms.currency);
  const auto text = [&](std::int64_t minor) {
    return currency ? Money(minor, *currency).text() : std::string();
  };
  if (terms.kind == VoucherKind::kMoney) {
    view.amount = text(terms.minor);
    view.left = text(voucher.left_minor);
    view.currency = terms.currency;
  }
  if (terms.kind == VoucherKind::kPercent) {
    view.percent = shortest_scaled_text(terms.millionths, kPercentDigits);
    if (terms.at_most_minor > 0) view.at_most = text(terms.at_most_minor);
    view.currency = terms.currency;
  }
  if (terms.minimum_minor > 0) view.minimum = text(terms.minimum_minor);
  view.owner = voucher.owner;
  view.uses_left = terms.keeps_remainder && voucher.left_minor > 0 ? 1 : voucher.uses_left;
  view.valid_from = terms.valid_from;
  view.valid_until = terms.valid_until;
  view.issued_by = voucher.issued_by;
  return view;
}

VoucherWorth worth_text(const Voucher& voucher, const PricedBasket& basket, const Worth& worth,
                        std::int64_t left_minor) {
  const auto text = [&](std::int64_t minor) { return Money(minor, *basket.currency).text(); };
  VoucherWorth out;
  out.off = text(worth.off);
  out.to_pay = text(worth.to_pay);
  if (voucher.terms.kind == VoucherKind::kMoney) out.left = text(left_minor);
  out.item = voucher.terms.item;
  for (std::size_t i = 0; i < basket.lines.size(); ++i) {
    const auto& line = basket.lines[i];
    const auto& [off, off_tax] = worth.parts[i];
    const std::int64_t left = line.minor - off;
    std::int64_t tax = line.tax_minor - off_tax;
    // Tax within the amount shrinks with it.
    if (!basket.tax_on_top && line.minor > 0 && line.tax_minor > 0) {
      tax = left == 0 ? 0
            : left == line.minor
                ? line.tax_minor
                : split(line.tax_minor, std::array{left, line.minor - left}).front();
    }
    out.lines.push_back({line.id, text(off), text(off_tax), text(left), text(tax)});
  }
  return out;
}

}  // namespace laurel::engine
