#include "app/transaction_json.hpp"

#include <array>

namespace laurel::daemon {

namespace {

constexpr std::size_t kSourceBytesMax = 64;
constexpr std::size_t kIdBytesMax = 128;
constexpr std::size_t kValueBytesMax = 256;
constexpr std::size_t kTagsMax = 100;
constexpr std::size_t kAttributesMax = 50;
constexpr std::size_t kTendersMax = 100;
constexpr std::size_t kPartsMax = 100;

constexpr std::array<std::string_view, 4> kKinds = {"sale", "return", "void", "event"};
constexpr std::array<TransactionKind, 4> kKindValues = {
    TransactionKind::kSale, TransactionKind::kReturn, TransactionKind::kVoid,
    TransactionKind::kEvent};

// Passes the SDK's own fault on to the field it is about.
void pass_on(json::ObjectReader& object, std::string_view name, const Error& error) {
  if (error.faults.empty()) return object.fault(name, error.name(), error.detail);
  for (const FieldFault& fault : error.faults) object.fault(name, fault.code, fault.detail);
}

// Decimal text that is an amount of `currency`; without one, any decimal that is not negative.
std::string read_amount(json::ObjectReader& object, std::string_view name,
                        const std::optional<Currency>& currency,
                        json::Presence presence = json::kOptional) {
  const auto text = object.decimal_text(name, presence);
  if (!text) return {};
  if (text->front() == '-') {
    object.fault(name, "negative", "must not be negative");
    return {};
  }
  if (currency) {
    if (const auto money = Money::parse(*text, *currency); !money) {
      pass_on(object, name, money.error());
      return {};
    }
  }
  return std::string(*text);
}

std::optional<Quantity> read_quantity(json::ObjectReader& object) {
  const auto text = object.decimal_text("quantity", json::kOptional);
  if (!text) return std::nullopt;
  const auto quantity = Quantity::parse(*text);
  if (!quantity) {
    pass_on(object, "quantity", quantity.error());
    return std::nullopt;
  }
  if (quantity->thousandths() <= 0) {
    object.fault("quantity", "not_positive", "must be above zero");
    return std::nullopt;
  }
  return *quantity;
}

std::vector<std::string> read_tags(json::ObjectReader& object) {
  std::vector<std::string> tags;
  auto array = object.array("tags", json::kOptional, {.size_max = kTagsMax});
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (const auto tag = array.string(i)) tags.emplace_back(*tag);
  }
  return tags;
}

std::vector<std::pair<std::string, std::string>> read_attributes(json::ObjectReader& object) {
  std::vector<std::pair<std::string, std::string>> attributes;
  const json::Value* value = object.any("attributes");
  auto fields = object.object("attributes", json::kOptional);
  if (!fields) return attributes;
  if (value->members().size() > kAttributesMax) {
    fields.fault_here("too_many", "at most " + std::to_string(kAttributesMax) + " attributes");
    return attributes;
  }
  for (const json::Member& member : value->members()) {
    const auto text = fields.string(member.name, json::kOptional, {.bytes_min = 0});
    if (text) attributes.emplace_back(member.name, *text);
  }
  return attributes;
}

std::optional<TransactionKey> read_reference(json::ObjectReader& object, std::string_view name,
                                             json::Presence presence) {
  auto reference = object.object(name, presence);
  if (!reference) return std::nullopt;
  TransactionKey key = read_key(reference);
  reference.reject_misspelt();
  return key;
}

std::vector<Tender> read_tenders(json::ObjectReader& sale,
                                 const std::optional<Currency>& currency) {
  std::vector<Tender> tenders;
  auto array = sale.array("tenders", json::kOptional, {.size_max = kTendersMax});
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = array.object(i);
    Tender& tender = tenders.emplace_back();
    tender.type = read_text(object, "type", json::kRequired);
    tender.amount = read_amount(object, "amount", currency, json::kRequired);
    tender.redemption = read_text(object, "redemption");
    tender.voucher = read_text(object, "voucher");
    object.reject_misspelt();
  }
  return tenders;
}

std::vector<Discount> read_discounts(json::ObjectReader& sale,
                                     const std::optional<Currency>& currency) {
  std::vector<Discount> discounts;
  auto array = sale.array("discounts", json::kOptional, {.size_max = kTendersMax});
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = array.object(i);
    Discount& discount = discounts.emplace_back();
    discount.voucher = read_text(object, "voucher", json::kRequired);
    discount.amount = read_amount(object, "amount", currency);
    object.reject_misspelt();
  }
  return discounts;
}

std::optional<Currency> read_currency(json::ObjectReader& object, std::string& text) {
  text = read_text(object, "currency");
  if (text.empty()) return std::nullopt;
  const auto currency = Currency::of(text);
  if (currency) return *currency;
  pass_on(object, "currency", currency.error());
  return std::nullopt;
}

// A field that belongs to another kind is never ignored: it may change what was meant.
void forbid(json::ObjectReader& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (object.has(name)) object.fault(name, "not_allowed", "this kind of transaction has none");
  }
}

std::vector<ReturnLine> read_return_lines(json::ObjectReader& object,
                                          const std::optional<Currency>& currency) {
  std::vector<ReturnLine> read;
  auto lines = object.array("lines", json::kOptional, {.size_max = kLinesMax});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines.object(i);
    ReturnLine& back = read.emplace_back();
    back.original_line = read_text(line, "original_line", json::kRequired);
    back.quantity = read_quantity(line);
    back.amount = read_amount(line, "amount", currency);
    line.reject_misspelt();
  }
  return read;
}

// What an exchange brings back; amounts are in the currency of the sale they come from.
std::vector<ReturnPart> read_parts(json::ObjectReader& sale) {
  std::vector<ReturnPart> parts;
  auto array = sale.array("returns", json::kOptional, {.size_max = kPartsMax});
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = array.object(i);
    ReturnPart& part = parts.emplace_back();
    part.original = read_reference(object, "original", json::kRequired).value_or(TransactionKey{});
    part.amount = read_amount(object, "amount", {});
    part.lines = read_return_lines(object, {});
    object.reject_misspelt();
  }
  return parts;
}

void read_sale(json::ObjectReader& object, Transaction& sale) {
  forbid(object, {"original", "amount", "event"});
  const auto currency = read_currency(object, sale.currency);
  auto lines = object.array("lines", json::kRequired, {.size_max = kLinesMax, .size_min = 1});
  sale.lines.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines.object(i);
    sale.lines.push_back(read_line(line, i, currency));
  }
  sale.tenders = read_tenders(object, currency);
  sale.discounts = read_discounts(object, currency);
  sale.basket = read_text(object, "basket");
  sale.returns = read_parts(object);
}

void read_return(json::ObjectReader& object, Transaction& taken_back) {
  forbid(object, {"event", "tenders", "returns"});
  const auto currency = read_currency(object, taken_back.currency);
  taken_back.original = read_reference(object, "original", json::kOptional);
  taken_back.amount = read_amount(object, "amount", currency);
  taken_back.return_lines = read_return_lines(object, currency);
}

void read_by_kind(json::ObjectReader& object, Transaction& transaction) {
  switch (transaction.kind) {
    case TransactionKind::kSale: return read_sale(object, transaction);
    case TransactionKind::kReturn: return read_return(object, transaction);
    case TransactionKind::kVoid:
      forbid(object, {"lines", "amount", "tenders", "event", "returns"});
      transaction.original = read_reference(object, "original", json::kRequired);
      return;
    case TransactionKind::kEvent:
      forbid(object, {"lines", "amount", "tenders", "returns"});
      transaction.original = read_reference(object, "original", json::kOptional);
      transaction.event = read_text(object, "event", json::kRequired);
      transaction.department = read_text(object, "department");
      return;
  }
}

}  // namespace

Line read_line(json::ObjectReader& object, std::size_t index,
               const std::optional<Currency>& currency) {
  Line line;
  line.id = read_text(object, "id");
  if (line.id.empty()) line.id = std::to_string(index + 1);
  line.sku = read_text(object, "sku");
  line.department = read_text(object, "department");
  line.category = read_text(object, "category");
  line.brand = read_text(object, "brand");
  line.quantity = read_quantity(object).value_or(Quantity::of(1));
  line.amount = read_amount(object, "amount", currency, json::kRequired);
  line.tax = read_amount(object, "tax", currency);
  line.associate = read_text(object, "associate");
  line.tags = read_tags(object);
  line.attributes = read_attributes(object);
  line.origin = read_reference(object, "origin", json::kOptional);
  object.reject_misspelt();
  return line;
}

std::string read_text(json::ObjectReader& object, std::string_view name, json::Presence presence,
                      std::size_t bytes_max) {
  return std::string(object.string(name, presence, {.bytes_max = bytes_max}).value_or(""));
}

MemberId read_member(json::ObjectReader& object, std::string_view name, json::Presence presence) {
  const std::string text = read_text(object, name, presence);
  if (text.empty()) return {};
  const auto member = MemberId::parse(text);
  if (member) return *member;
  object.fault(name, "not_a_member_id", "\"m_\" and thirteen letters and digits");
  return {};
}

TransactionKey read_key(json::ObjectReader& object) {
  TransactionKey key;
  key.id = read_text(object, "id", json::kRequired, kIdBytesMax);
  key.source = read_text(object, "source", json::kRequired, kSourceBytesMax);
  return key;
}

std::optional<Instant> read_instant(json::ObjectReader& object, std::string_view name,
                                    json::Presence presence) {
  const auto text = object.string(name, presence);
  if (!text) return std::nullopt;
  const auto instant = parse_instant(*text);
  if (instant) return *instant;
  pass_on(object, name, instant.error());
  return std::nullopt;
}

std::vector<Identifier> read_identifiers(
    json::ObjectReader& object, json::Presence presence, Roles roles,
    const std::function<void(json::ObjectReader&, std::size_t)>& read_more) {
  static constexpr std::array<std::string_view, 3> kRoles = {"buyer", "payer", "guest"};
  std::vector<Identifier> identifiers;
  auto array = object.array(
      "identifiers", presence,
      {.size_max = kIdentifiersMax, .size_min = presence == json::kRequired ? 1U : 0U});
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto identifier = array.object(i);
    identifiers.push_back({read_text(identifier, "type", json::kRequired),
                           read_text(identifier, "value", json::kRequired, kValueBytesMax)});
    if (roles == Roles::kGiven) {
      const auto role = identifier.choice("role", json::kOptional, kRoles);
      if (role) identifiers.back().role = static_cast<IdentifierRole>(*role);
    }
    if (read_more) read_more(identifier, i);
    identifier.reject_misspelt();
  }
  return identifiers;
}

Transaction read_transaction(json::ObjectReader& object) {
  Transaction transaction;
  transaction.key = read_key(object);
  const auto kind = object.choice("kind", json::kRequired, kKinds);
  transaction.at = read_instant(object, "at");
  transaction.store = read_text(object, "store");
  transaction.channel = read_text(object, "channel");
  transaction.associate = read_text(object, "associate");
  transaction.identifiers = read_identifiers(object, json::kOptional, Roles::kGiven);
  transaction.tags = read_tags(object);
  if (kind) {
    transaction.kind = kKindValues[*kind];
    read_by_kind(object, transaction);
  } else if (object.has("lines") && !object.has("original")) {
    read_sale(object, transaction);  // only to list what else is wrong with it
  }
  object.reject_misspelt();
  return transaction;
}

Result<Transaction> transaction_from_json(std::string_view text) {
  const auto document = json::Document::parse(text);
  if (!document) return document.error();
  json::Reader reader;
  auto object = reader.object(document->root());
  Transaction transaction = read_transaction(object);
  if (!reader.ok()) return reader.take_error();
  return transaction;
}

}  // namespace laurel::daemon
