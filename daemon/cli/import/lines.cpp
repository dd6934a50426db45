#include "cli/import/lines.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "app/profile_json.hpp"
#include "app/transaction_json.hpp"
#include "cli/csv.hpp"
#include "json/document.hpp"
#include "json/reader.hpp"

namespace laurel::daemon::cli {

namespace {

constexpr std::size_t kRefusalsShown = 10;
constexpr std::size_t kLineBytesMax = std::size_t{8} << 20;

// ---- NDJSON ------------------------------------------------------------------------------------

Result<Enrolment> enrolment_from_json(std::string_view text) {
  const auto document = json::Document::parse(text);
  if (!document) return document.error();
  json::Reader reader;
  auto object = reader.object(document->root());
  Enrolment enrolment;
  enrolment.key = read_key(object);
  read_identifiers(object, json::kRequired, enrolment);
  enrolment.language = read_text(object, "language");
  enrolment.at = read_instant(object, "at");
  auto input = read_profile(object);
  enrolment.born = input.born;
  enrolment.profile = std::move(input.profile);
  object.reject_unknown();
  if (!reader.ok()) return reader.take_error();
  return enrolment;
}

// The next line without its end; false after the last. A line that is too long is cut, and so is
// not JSON.
bool next_line(std::istream& input, std::string& line) {
  line.clear();
  for (int c = input.get(); c != std::istream::traits_type::eof(); c = input.get()) {
    if (c == '\n') return true;
    if (line.size() <= kLineBytesMax) line.push_back(static_cast<char>(c));
  }
  return !line.empty();
}

template <class T>
Result<LinesRead> read_ndjson(std::istream& input, Result<T> (*from_json)(std::string_view),
                              const Take<T>& take) {
  LinesRead read;
  std::string line;
  std::int64_t bytes = 0;
  for (std::int64_t number = 1; next_line(input, line); ++number) {
    bytes += static_cast<std::int64_t>(line.size()) + 1;
    if (line.empty() || line == "\r") continue;
    ++read.lines;
    auto value = from_json(line);
    if (!value) {
      read.refuse("line " + std::to_string(number), value.error());
    } else if (auto taken = take(*std::move(value), bytes); !taken) {
      return std::move(taken).error();
    }
  }
  return read;
}

// ---- CSV ---------------------------------------------------------------------------------------

enum SaleColumn : std::size_t {
  kSource,
  kId,
  kAt,
  kStore,
  kChannel,
  kCurrency,
  kIdentifierType,
  kIdentifierValue,
  kLine,
  kSku,
  kDepartment,
  kCategory,
  kBrand,
  kQuantity,
  kAmount
};
constexpr std::array<std::string_view, 15> kSaleColumns = {"source",
                                                           "id",
                                                           "at",
                                                           "store",
                                                           "channel",
                                                           "currency",
                                                           "identifier_type",
                                                           "identifier_value",
                                                           "line",
                                                           "sku",
                                                           "department",
                                                           "category",
                                                           "brand",
                                                           "quantity",
                                                           "amount"};
enum BalanceColumn : std::size_t {
  kBalanceType = 2,
  kBalanceValue,
  kTier,
  kTierUntil,
  kSpend,
  kWallet,
  kPoints,
  kAvailableFrom,
  kUntil
};
constexpr std::array<std::string_view, 11> kBalanceColumns = {
    "source", "id",     "identifier_type", "identifier_value", "tier", "tier_until",
    "spend",  "wallet", "points",          "available_from",   "until"};
enum MemberColumn : std::size_t { kMemberLanguage = 3, kMemberType, kMemberValue };
constexpr std::array<std::string_view, 6> kMemberColumns = {
    "source", "id", "at", "language", "identifier_type", "identifier_value"};

Error wrong(std::string_view column, std::string_view value) {
  return Error{ErrorCode::kInvalid,
               std::string(column) + " cannot be \"" + std::string(value.substr(0, 40)) + "\""};
}

Result<std::optional<Instant>> instant_of(std::string_view text) {
  if (text.empty()) return std::optional<Instant>();
  const auto at = parse_instant(text);
  if (!at) return wrong("at", text);
  return std::optional<Instant>(*at);
}

Result<void> add_line(const CsvReader& reader, Transaction& sale) {
  Line line{.id = std::string(reader.field(kLine)),
            .sku = std::string(reader.field(kSku)),
            .department = std::string(reader.field(kDepartment)),
            .category = std::string(reader.field(kCategory)),
            .brand = std::string(reader.field(kBrand)),
            .amount = std::string(reader.field(kAmount))};
  if (const std::string_view text = reader.field(kQuantity); !text.empty()) {
    const auto quantity = Quantity::parse(text);
    if (!quantity) return wrong("quantity", text);
    line.quantity = *quantity;
  }
  sale.lines.push_back(std::move(line));
  return {};
}

Result<Transaction> begin_sale(const CsvReader& reader, TransactionKey key) {
  auto at = instant_of(reader.field(kAt));
  if (!at) return std::move(at).error();
  Transaction sale;
  sale.key = std::move(key);
  sale.at = *at;
  sale.store = reader.field(kStore);
  sale.channel = reader.field(kChannel);
  sale.currency = reader.field(kCurrency);
  if (!reader.field(kIdentifierValue).empty()) {
    sale.identifiers = {
        {std::string(reader.field(kIdentifierType)), std::string(reader.field(kIdentifierValue))}};
  }
  return sale;
}

Result<Enrolment> begin_member(const CsvReader& reader, TransactionKey key) {
  auto at = instant_of(reader.field(kAt));
  if (!at) return std::move(at).error();
  Enrolment enrolment;
  enrolment.key = std::move(key);
  enrolment.at = *at;
  enrolment.language = reader.field(kMemberLanguage);
  return enrolment;
}

Result<void> add_identifier(const CsvReader& reader, Enrolment& enrolment) {
  enrolment.identifiers.push_back(
      {std::string(reader.field(kMemberType)), std::string(reader.field(kMemberValue))});
  return {};
}

Result<std::optional<Date>> day_of(const CsvReader& reader, BalanceColumn column) {
  const std::string_view text = reader.field(column);
  if (text.empty()) return std::optional<Date>();
  const auto day = parse_date(text);
  if (!day) return wrong(kBalanceColumns[column], text);
  return std::optional<Date>(*day);
}

Result<Opening> begin_opening(const CsvReader& reader, TransactionKey key) {
  auto tier_until = day_of(reader, kTierUntil);
  if (!tier_until) return std::move(tier_until).error();
  Opening opening;
  opening.key = std::move(key);
  opening.identifier = {std::string(reader.field(kBalanceType)),
                        std::string(reader.field(kBalanceValue))};
  opening.tier = reader.field(kTier);
  opening.tier_until = *tier_until;
  opening.spend = reader.field(kSpend);
  return opening;
}

Result<int> scale_of(const Programme& programme, std::string_view wallet) {
  const auto& wallets = programme.wallets();
  if (wallet.empty() && !wallets.empty()) return wallets.front().scale;
  const auto found = std::ranges::find(wallets, wallet, &WalletPolicy::id);
  if (found == wallets.end()) return wrong("wallet", wallet);
  return found->scale;
}

// A line without points has none, and says only what her level is.
Result<void> add_lot(const CsvReader& reader, const Programme& programme, Opening& opening) {
  if (reader.field(kPoints).empty()) return {};
  Opening::Lot lot;
  lot.wallet = reader.field(kWallet);
  const auto scale = scale_of(programme, lot.wallet);
  if (!scale) return scale.error();
  const auto points = Points::parse(reader.field(kPoints), *scale);
  if (!points) return wrong("points", reader.field(kPoints));
  lot.points = *points;
  const auto from = day_of(reader, kAvailableFrom);
  if (!from) return from.error();
  lot.available_from = *from;
  const auto until = day_of(reader, kUntil);
  if (!until) return until.error();
  lot.until = *until;
  opening.lots.push_back(std::move(lot));
  return {};
}

// Lines that follow each other with the same key are one T. One faulty line refuses all of them.
template <class T>
class Gatherer {
 public:
  using Begin = Result<T> (*)(const CsvReader&, TransactionKey);
  using Add = std::function<Result<void>(const CsvReader&, T&)>;
  Gatherer(Begin begin, Add add, const Take<T>& take) : begin_(begin), add_(add), take_(take) {}

  Result<void> line(const CsvReader& reader) {
    TransactionKey key{std::string(reader.field(kSource)), std::string(reader.field(kId))};
    if (!key_ || *key_ != key) {
      if (auto given = give(reader.bytes_read()); !given) return given;
      key_ = key;
      line_ = reader.line();
      value_ = begin_(reader, std::move(key));
    }
    if (value_ && *value_) {
      if (auto added = add_(reader, **value_); !added) value_ = std::move(added).error();
    }
    return {};
  }

  Result<void> give(std::int64_t bytes) {
    auto value = std::exchange(value_, std::nullopt);
    if (!value) return {};
    if (*value) return take_(**std::move(value), bytes);
    read.refuse("line " + std::to_string(line_), value->error());
    return {};
  }

  LinesRead read = {};

 private:
  Begin begin_;
  Add add_;
  const Take<T>& take_;
  std::optional<TransactionKey> key_ = {};
  std::int64_t line_ = 0;
  std::optional<Result<T>> value_ = {};
};

template <class T>
Result<LinesRead> read_csv(std::istream& input, std::span<const std::string_view> columns,
                           Gatherer<T> gatherer) {
  auto reader = CsvReader::open(input, columns);
  if (!reader) return std::move(reader).error();
  while (true) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) break;
    ++gatherer.read.lines;
    if (auto taken = gatherer.line(*reader); !taken) return std::move(taken).error();
  }
  if (auto taken = gatherer.give(reader->bytes_read()); !taken) return std::move(taken).error();
  return gatherer.read;
}

}  // namespace

void LinesRead::refuse(const std::string& what, const Error& error) {
  ++refused_why[std::string(error.name())];
  if (refused_first.size() >= kRefusalsShown) return;
  std::string text = what + ": " + error.detail;
  for (const FieldFault& fault : error.faults) text += "; " + fault.pointer + ": " + fault.detail;
  refused_first.push_back(std::move(text));
}

std::int64_t LinesRead::refused() const {
  std::int64_t count = 0;
  for (const auto& [why, times] : refused_why) count += times;
  return count;
}

Result<LinesRead> read_sales(std::istream& input, const Take<Transaction>& take) {
  if (input.peek() == '{') return read_ndjson(input, &transaction_from_json, take);
  return read_csv(input, kSaleColumns, Gatherer<Transaction>(&begin_sale, &add_line, take));
}

Result<LinesRead> read_members(std::istream& input, const Take<Enrolment>& take) {
  if (input.peek() == '{') return read_ndjson(input, &enrolment_from_json, take);
  return read_csv(input, kMemberColumns, Gatherer<Enrolment>(&begin_member, &add_identifier, take));
}

Result<LinesRead> read_balances(std::istream& input, const Programme& programme,
                                const Take<Opening>& take) {
  const auto add = [&](const CsvReader& reader, Opening& opening) {
    return add_lot(reader, programme, opening);
  };
  return read_csv(input, kBalanceColumns, Gatherer<Opening>(&begin_opening, add, take));
}

}  // namespace laurel::daemon::cli
