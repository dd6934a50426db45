#include "engine/check.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "base/decimal.hpp"
#include "base/payment_card.hpp"
#include "base/text.hpp"
#include "ledger/voucher_code.hpp"

namespace laurel::engine {
namespace {

constexpr std::size_t kNameMax = 128;
constexpr std::size_t kValueMax = 256;
constexpr std::size_t kPartsMax = 100;

using Faults = std::vector<FieldFault>;

std::string at(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

void fault(Faults& faults, std::string pointer, std::string code, std::string detail) {
  faults.push_back({std::move(pointer), std::move(code), std::move(detail)});
}

void require(bool given, const char* what, Faults& faults, const char* pointer) {
  if (!given) fault(faults, pointer, "required", std::string(what) + " needs it");
}

void forbid(bool given, const char* what, Faults& faults, const char* pointer) {
  if (given) fault(faults, pointer, "not_allowed", std::string(what) + " takes none");
}

bool is_text(std::string_view value, std::size_t bytes_max) {
  return value.size() <= bytes_max && is_printable_utf8(value);
}

// The pointer is put together only where there is something to say: most texts of a sale are fine.
void check_field(std::string_view value, std::size_t bytes_max, const std::string& parent,
                 const char* field, Faults& faults) {
  if (!is_text(value, bytes_max)) check_text(value, bytes_max, parent + field, faults);
}

void check_tags(const std::vector<std::string>& tags, const std::string& pointer, Faults& faults) {
  if (tags.size() > kTagsMax) fault(faults, pointer, "too_many", "at most 64 tags");
  for (std::size_t i = 0; i < tags.size() && i < kTagsMax; ++i) {
    if (tags[i].empty()) fault(faults, at(pointer, i), "empty", "a tag has at least one character");
    check_text(tags[i], kNameMax, at(pointer, i), faults);
  }
}

// A decimal amount of the currency, not negative; writes it back in its canonical form.
std::int64_t check_amount(std::string& amount, Currency currency, const std::string& parent,
                          const char* field, Faults& faults) {
  const auto money = Money::parse(amount, currency);
  if (!money) {
    const auto& error = money.error();
    fault(
        faults, parent + field, error.faults.empty() ? "not_an_amount" : error.faults.front().code,
        error.detail.empty() && !error.faults.empty() ? error.faults.front().detail : error.detail);
    return 0;
  }
  if (money->minor() < 0) {
    fault(faults, parent + field, "negative",
          "an amount is not below zero; post a return to take back");
    return 0;
  }
  if (money->minor() > kMaxMinorUnits) {
    fault(faults, parent + field, "out_of_range", "larger than any one amount may be");
    return 0;
  }
  amount = money->text();
  return money->minor();
}

void check_quantity(Quantity quantity, const std::string& pointer, const char* field,
                    Faults& faults) {
  if (quantity <= Quantity{}) {
    fault(faults, pointer + field, "not_positive",
          "a quantity is above zero; post a return to take back");
  } else if (quantity > Quantity::of(1'000'000'000)) {
    fault(faults, pointer + field, "out_of_range", "larger than any one quantity may be");
  }
}

void check_identifiers(const Transaction& document, Faults& faults) {
  if (document.identifiers.size() > kIdentifiersMax) {
    fault(faults, "/identifiers", "too_many", "at most 32 identifiers");
    return;
  }
  for (std::size_t i = 0; i < document.identifiers.size(); ++i) {
    const auto& identifier = document.identifiers[i];
    const std::string pointer = at("/identifiers", i);
    if (identifier.type.empty()) fault(faults, pointer + "/type", "required", "card, email, …");
    check_field(identifier.type, kNameMax, pointer, "/type", faults);
    if (identifier.value.empty()) fault(faults, pointer + "/value", "required", "its value");
    check_field(identifier.value, kValueMax, pointer, "/value", faults);
  }
}

void check_line_texts(const Line& line, const std::string& pointer, Faults& faults) {
  check_field(line.sku, kNameMax, pointer, "/sku", faults);
  check_field(line.department, kNameMax, pointer, "/department", faults);
  check_field(line.category, kNameMax, pointer, "/category", faults);
  check_field(line.brand, kNameMax, pointer, "/brand", faults);
  check_field(line.associate, kNameMax, pointer, "/associate", faults);
  if (!line.tags.empty()) check_tags(line.tags, pointer + "/tags", faults);
  if (line.attributes.size() > kTagsMax) {
    fault(faults, pointer + "/attributes", "too_many", "at most 64 attributes");
    return;
  }
  for (const auto& [name, value] : line.attributes) {
    check_field(name, kNameMax, pointer, "/attributes", faults);
    check_text(value, kValueMax, pointer + "/attributes/" + name, faults);
  }
  if (line.origin) check_key(*line.origin, pointer + "/origin", faults);
}

void check_common(const Transaction& document, Faults& faults) {
  check_key(document.key, "", faults);
  check_text(document.store, kNameMax, "/store", faults);
  check_text(document.channel, kNameMax, "/channel", faults);
  check_text(document.associate, kNameMax, "/associate", faults);
  check_text(document.event, kNameMax, "/event", faults);
  check_text(document.department, kNameMax, "/department", faults);
  check_tags(document.tags, "/tags", faults);
  check_identifiers(document, faults);
  const bool takes_parts = document.kind == TransactionKind::kSale;
  forbid(!takes_parts && !document.returns.empty(), "this kind", faults, "/returns");
}

std::optional<Currency> check_currency(const Transaction& document,
                                       std::optional<Currency> default_currency, Faults& faults) {
  if (document.currency.empty()) {
    if (!default_currency) fault(faults, "/currency", "required", "a sale names its currency");
    return default_currency;
  }
  const auto currency = Currency::of(document.currency);
  if (currency) return *currency;
  fault(faults, "/currency", "unknown_currency", "not an active ISO 4217 code, such as GBP");
  return std::nullopt;
}

void check_return_lines(const std::vector<ReturnLine>& lines, const std::string& where,
                        Faults& faults) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    const std::string pointer = at(where, i);
    if (line.original_line.empty()) {
      fault(faults, pointer + "/original_line", "required", "the id of the sale's line");
    } else if (!seen.insert(line.original_line).second) {
      fault(faults, pointer + "/original_line", "repeated", "a line is named once in a return");
    }
    if (line.quantity) check_quantity(*line.quantity, pointer, "/quantity", faults);
    if (!line.amount.empty() && !parse_decimal(line.amount)) {
      fault(faults, pointer + "/amount", "not_a_decimal", "plain decimal text such as \"12.50\"");
    } else if (line.amount.starts_with('-')) {
      fault(faults, pointer + "/amount", "negative",
            "what is returned is given as a positive amount");
    }
  }
}

void check_original(const Transaction& document, Faults& faults) {
  if (!document.original) return;
  check_key(*document.original, "/original", faults);
  if (*document.original == document.key) {
    fault(faults, "/original", "itself", "a transaction cannot take itself back");
  }
}

void check_return_amount(const std::string& text, const std::vector<ReturnLine>& lines,
                         const std::string& pointer, Faults& faults) {
  if (text.empty()) return;
  if (!lines.empty()) {
    fault(faults, pointer, "not_allowed", "a return names lines or one amount, not both");
  }
  const auto amount = parse_decimal(text);
  if (!amount) {
    fault(faults, pointer, "not_a_decimal", "plain decimal text such as \"12.50\"");
  } else if (amount->mantissa <= 0) {
    fault(faults, pointer, "not_positive", "must be above zero");
  }
}

// Vouchers are used in sales.
void check_no_vouchers(const Transaction& document, const char* kind, Faults& faults) {
  forbid(!document.discounts.empty(), kind, faults, "/discounts");
  forbid(!document.basket.empty(), kind, faults, "/basket");
}

void check_return(Transaction& document, Faults& faults) {
  check_no_vouchers(document, "a return", faults);
  check_original(document, faults);
  check_return_lines(document.return_lines, "/lines", faults);
  forbid(!document.event.empty(), "a return", faults, "/event");
  check_return_amount(document.amount, document.return_lines, "/amount", faults);
}

// What an exchange brings back.
void check_parts(const Transaction& sale, Faults& faults) {
  if (sale.returns.size() > kPartsMax) {
    fault(faults, "/returns", "too_many", "at most 100 returns in one exchange");
    return;
  }
  for (std::size_t i = 0; i < sale.returns.size(); ++i) {
    const auto& part = sale.returns[i];
    const std::string pointer = at("/returns", i);
    check_key(part.original, pointer + "/original", faults);
    if (part.original == sale.key) {
      fault(faults, pointer + "/original", "itself", "a transaction cannot take itself back");
    }
    check_return_lines(part.lines, pointer + "/lines", faults);
    check_return_amount(part.amount, part.lines, pointer + "/amount", faults);
  }
}

void check_void(const Transaction& document, Faults& faults) {
  check_no_vouchers(document, "a void", faults);
  require(document.original.has_value(), "a void", faults, "/original");
  check_original(document, faults);
  forbid(!document.return_lines.empty() || !document.lines.empty(), "a void", faults, "/lines");
  forbid(!document.amount.empty(), "a void", faults, "/amount");
}

void check_event(const Transaction& document, Faults& faults) {
  check_no_vouchers(document, "an event", faults);
  require(!document.event.empty(), "an event", faults, "/event");
  forbid(!document.lines.empty() || !document.return_lines.empty(), "an event", faults, "/lines");
  forbid(!document.tenders.empty(), "an event", faults, "/tenders");
  check_original(document, faults);
  forbid(!document.amount.empty(), "an event", faults, "/amount");
}

// Reads a sale's lines and tenders into minor units, canonical text written back.
class SaleCheck {
 public:
  SaleCheck(Transaction& document, Currency currency, Faults& faults)
      : document_(document), currency_(currency), faults_(faults) {}

  std::vector<std::int64_t> line_minor, tax_minor, tender_minor;

  void run() {
    for (std::size_t i = 0; i < document_.lines.size(); ++i) {
      read_line(document_.lines[i], at("/lines", i));
    }
    if (total_ > kMaxMinorUnits) {
      fault(faults_, "/lines", "out_of_range", "together more than any one amount may be");
    }
    for (std::size_t i = 0; i < document_.tenders.size(); ++i) {
      read_tender(document_.tenders[i], at("/tenders", i));
    }
    for (std::size_t i = 0; i < document_.discounts.size(); ++i) {
      read_discount(document_.discounts[i], at("/discounts", i));
    }
    check_text(document_.basket, kNameMax, "/basket", faults_);
  }

 private:
  void read_line(Line& line, const std::string& pointer) {
    if (line.amount.empty()) {
      fault(faults_, pointer + "/amount", "required", "what was charged");
      return;
    }
    const std::int64_t minor = check_amount(line.amount, currency_, pointer, "/amount", faults_);
    std::int64_t tax = 0;
    if (!line.tax.empty()) tax = check_amount(line.tax, currency_, pointer, "/tax", faults_);
    if (tax > minor) {
      fault(faults_, pointer + "/tax", "out_of_range", "more than the amount");
    }
    line_minor.push_back(minor);
    tax_minor.push_back(tax);
    total_ += minor;
  }

  void read_tender(Tender& tender, const std::string& pointer) {
    if (tender.type.empty()) fault(faults_, pointer + "/type", "required", "card, cash, …");
    check_field(tender.type, kNameMax, pointer, "/type", faults_);
    check_field(tender.redemption, kNameMax, pointer, "/redemption", faults_);
    if (!tender.redemption.empty() && tender.type != "points") {
      fault(faults_, pointer + "/redemption", "not_allowed", "only points are a redemption");
    }
    if (tender.amount.empty()) {
      fault(faults_, pointer + "/amount", "required", "what was paid");
      return;
    }
    tender_minor.push_back(check_amount(tender.amount, currency_, pointer, "/amount", faults_));
    if (!tender.voucher.empty()) read_code(tender.voucher, pointer);
  }

  void read_discount(Discount& discount, const std::string& pointer) {
    read_code(discount.voucher, pointer);
    if (discount.amount.empty()) return;
    total_ += check_amount(discount.amount, currency_, pointer, "/amount", faults_);
    if (total_ > kMaxMinorUnits) {
      fault(faults_, pointer + "/amount", "out_of_range", "more than any one amount may be");
    }
  }

  // What is no code at all is kept: it will be a voucher that cannot be used.
  void read_code(std::string& code, const std::string& pointer) {
    if (!seen_.insert(code).second) {
      fault(faults_, pointer + "/voucher", "repeated", "a voucher is named once in a sale");
    }
    check_text(code, kNameMax, pointer + "/voucher", faults_);
    if (const auto normal = ledger::normal_code(code)) code = *normal;
  }

  Transaction& document_;
  Currency currency_;
  Faults& faults_;
  std::int64_t total_ = 0;
  std::set<std::string> seen_;  // codes
};

void check_sale_shape(const Transaction& document, Faults& faults) {
  forbid(document.original.has_value(), "a sale", faults, "/original");
  forbid(!document.amount.empty(), "a sale", faults, "/amount");
  forbid(!document.event.empty(), "a sale", faults, "/event");
  require(!document.lines.empty(), "a sale", faults, "/lines");
  std::set<std::string_view> ids;
  const auto is_repeated = [&](std::size_t index) {
    constexpr std::size_t kFew = 8;
    const auto& id = document.lines[index].id;
    if (document.lines.size() > kFew) return !ids.insert(id).second;
    const auto before = std::span(document.lines).first(index);
    return std::ranges::find(before, id, &Line::id) != before.end();
  };
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    const Line& line = document.lines[i];
    const std::string pointer = at("/lines", i);
    if (line.id.empty()) fault(faults, pointer + "/id", "required", "unique in the sale");
    check_field(line.id, 64, pointer, "/id", faults);
    if (is_repeated(i)) {
      fault(faults, pointer + "/id", "repeated", "another line has this id");
    }
    check_line_texts(line, pointer, faults);
    check_quantity(line.quantity, pointer, "/quantity", faults);
  }
}

// A number of an article has up to fourteen digits (GTIN), and every tenth looks like a card's.
bool is_longer_than_an_article(const std::string& sku) {
  constexpr std::ptrdiff_t kDigitsMax = 14;
  return std::ranges::count_if(sku, [](char c) { return c >= '0' && c <= '9'; }) > kDigitsMax;
}

// Free text, in which a till may put anything. A sale is not lost for it.
void leave_out_payment_cards(Transaction& document) {
  for (auto& tag : document.tags) tag = without_payment_cards(std::move(tag));
  for (auto& line : document.lines) {
    for (auto& tag : line.tags) tag = without_payment_cards(std::move(tag));
    if (is_longer_than_an_article(line.sku)) line.sku = without_payment_cards(std::move(line.sku));
    for (auto& [name, value] : line.attributes) value = without_payment_cards(std::move(value));
  }
}

}  // namespace

Result<CheckedTransaction> check(const Transaction& transaction,
                                 std::optional<Currency> default_currency) {
  if (transaction.lines.size() > kLinesMax || transaction.return_lines.size() > kLinesMax) {
    return Error{ErrorCode::kTooLarge,
                 "a transaction has at most 10,000 lines",
                 {{"/lines", "too_many", "at most 10,000 lines"}}};
  }
  CheckedTransaction checked;
  checked.document_ = transaction;
  Transaction& document = checked.document_;
  leave_out_payment_cards(document);
  Faults faults;
  check_common(document, faults);
  switch (document.kind) {
    case TransactionKind::kSale: {
      check_sale_shape(document, faults);
      check_parts(document, faults);
      const auto currency = check_currency(document, default_currency, faults);
      if (!currency) break;
      SaleCheck sale(document, *currency, faults);
      sale.run();
      checked.currency_ = *currency;
      document.currency = std::string(currency->code());
      checked.line_minor_ = std::move(sale.line_minor);
      checked.tax_minor_ = std::move(sale.tax_minor);
      checked.tender_minor_ = std::move(sale.tender_minor);
      break;
    }
    case TransactionKind::kReturn: check_return(document, faults); break;
    case TransactionKind::kVoid: check_void(document, faults); break;
    case TransactionKind::kEvent: check_event(document, faults); break;
  }
  if (faults.empty()) return checked;
  return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
}

void check_text(std::string_view value, std::size_t bytes_max, const std::string& pointer,
                Faults& faults) {
  if (value.size() > bytes_max) {
    fault(faults, pointer, "too_long", "at most " + std::to_string(bytes_max) + " bytes");
  } else if (!is_printable_utf8(value)) {
    fault(faults, pointer, "not_printable", "printable UTF-8 text");
  }
}

void check_key(const TransactionKey& key, const std::string& pointer, Faults& faults) {
  if (key.source.empty()) fault(faults, pointer + "/source", "required", "the system that posts");
  if (key.source.starts_with('@')) {
    fault(faults, pointer + "/source", "reserved", "sources that begin with @ are Laurel's own");
  }
  check_field(key.source, 64, pointer, "/source", faults);
  if (key.id.empty()) fault(faults, pointer + "/id", "required", "the source's own number for it");
  check_field(key.id, kNameMax, pointer, "/id", faults);
}

}  // namespace laurel::engine
