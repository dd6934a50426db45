#include "cli/import/online_retail.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "cli/csv.hpp"
#include "cli/import/thousandths.hpp"

namespace laurel::daemon::cli {

namespace {

enum Column : std::size_t {
  kInvoice,
  kStockCode,
  kDescription,
  kQuantity,
  kTime,
  kPrice,
  kCustomer,
  kCountry
};
constexpr std::array<std::string_view, 8> kColumns = {"InvoiceNo",  "StockCode",   "Description",
                                                      "Quantity",   "InvoiceDate", "UnitPrice",
                                                      "CustomerID", "Country"};
constexpr std::int64_t kSizeMax = 1'000'000'000;
constexpr std::size_t kReferenceMax = 64;  // bytes of invoice numbers and customers
constexpr std::array<std::string_view, 3> kPostage = {"POST", "DOT", "C2"};  // its stock codes

Error fault(std::int64_t line, std::string_view column, std::string_view seen) {
  return Error{ErrorCode::kInvalid, "line " + std::to_string(line) + ": " + std::string(column) +
                                        " cannot be \"" + std::string(seen.substr(0, 40)) + "\""};
}

RowKind kind_of(std::string_view invoice, std::int64_t quantity, std::int64_t price) {
  if (invoice.starts_with('C')) return RowKind::kReturned;
  if (invoice.starts_with('A')) return RowKind::kBadDebt;
  if (quantity <= 0) return RowKind::kStockCorrection;
  return price > 0 ? RowKind::kSold : RowKind::kNoPrice;
}

std::string department_of(std::string_view stock_code) {
  const bool is_postage = std::find(kPostage.begin(), kPostage.end(), stock_code) != kPostage.end();
  return is_postage ? "postage" : "gifts";
}

std::string money_text(std::int64_t hundredths) {
  static const Currency gbp = *Currency::of("GBP");
  return Money(hundredths, gbp).text();
}

}  // namespace

std::uint32_t Names::number(std::string_view text) {
  const auto [found, added] =
      numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
  if (added) texts_.emplace_back(text);
  return found->second;
}

// ---- Reading -----------------------------------------------------------------------------------

Result<OnlineRetail> OnlineRetail::read(std::istream& input) {
  OnlineRetail retail;
  if (auto rows = retail.read_rows(input); !rows) return std::move(rows).error();
  retail.count_invoices();
  retail.match_returns();
  return retail;
}

Result<void> OnlineRetail::read_rows(std::istream& input) {
  auto reader = CsvReader::open(input, kColumns);
  if (!reader) return std::move(reader).error();
  const auto local_time = local_time_reader(kOnlineRetailZone);
  if (!local_time) return local_time.error();
  while (true) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) return {};
    std::array<std::string_view, 8> fields;
    for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = reader->field(i);
    if (auto added = add_row(fields, reader->line(), *local_time); !added) return added;
  }
}

Result<void> OnlineRetail::add_row(std::array<std::string_view, 8> fields, std::int64_t line,
                                   const LocalTimeReader& local_time) {
  const std::string_view number = fields[kInvoice];
  if (number.empty() || number.size() > kReferenceMax) return fault(line, "InvoiceNo", number);
  if (fields[kCustomer].size() > kReferenceMax) return fault(line, "CustomerID", fields[kCustomer]);
  std::int32_t quantity = 0;
  const std::string_view digits = fields[kQuantity];
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), quantity);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
    return fault(line, "Quantity", digits);
  }
  const auto price = parse_thousandths(fields[kPrice]);
  if (!price || *price > kSizeMax || *price < -kSizeMax)
    return fault(line, "UnitPrice", fields[kPrice]);
  const auto at = local_time(fields[kTime]);
  if (!at) return fault(line, "InvoiceDate", fields[kTime]);
  const Row row{names_.number(fields[kStockCode]),
                names_.number(fields[kDescription]),
                names_.number(fields[kCountry]),
                names_.number(fields[kTime]),
                quantity,
                kind_of(number, quantity, *price),
                *price,
                line};
  if (row.kind == RowKind::kReturned && (quantity >= 0 || *price <= 0)) {
    return fault(line, "Quantity and UnitPrice of a cancellation",
                 std::string(digits) + " x " + std::string(fields[kPrice]));
  }
  Invoice& invoice = invoice_of(number, fields[kCustomer], *at);
  if (invoice.customer != fields[kCustomer]) return fault(line, "CustomerID", fields[kCustomer]);
  invoice.rows.push_back(row);
  count_row(invoice, row);
  return {};
}

// Its rows need not stand together. Its moment is that of its first row.
OnlineRetail::Invoice& OnlineRetail::invoice_of(std::string_view number, std::string_view customer,
                                                Instant at) {
  const auto [place, added] = places_.try_emplace(std::string(number), invoices_.size());
  if (added) invoices_.push_back({std::string(number), std::string(customer), at, {}, {}});
  return invoices_[place->second];
}

void OnlineRetail::count_row(const Invoice& invoice, const Row& row) {
  const std::int64_t value = row.quantity * row.price_thousandths;
  const bool cancelled = row.kind == RowKind::kReturned;
  ++facts_.lines;
  facts_.value_thousandths += value;
  if (cancelled) facts_.cancelled_thousandths += value;
  if (row.quantity < 0) ++facts_.quantity_below_zero;
  if (row.quantity < 0 && !cancelled) ++facts_.stock_corrections;
  if (row.price_thousandths <= 0) ++facts_.price_not_above_zero;
  if (cancelled && !invoice.customer.empty()) ++facts_.cancelled_lines_of_customers;
  if (!cancelled && invoice.customer.empty()) {
    ++facts_.anonymous_lines;
    facts_.anonymous_thousandths += value;
  }
  ++refused_[static_cast<std::size_t>(row.kind)];
}

void OnlineRetail::count_invoices() {
  std::set<std::string_view> customers;
  facts_.invoices = static_cast<std::int64_t>(invoices_.size());
  for (const Invoice& invoice : invoices_) {
    if (!invoice.customer.empty()) {
      customers.insert(invoice.customer);
    } else if (invoice.rows.front().kind != RowKind::kReturned) {
      ++facts_.anonymous_invoices;
    }
    std::set<std::array<std::int64_t, 6>> seen;
    for (const Row& row : invoice.rows) {
      const bool first = seen.insert({row.item, row.description, row.country, row.time,
                                      row.quantity, row.price_thousandths})
                             .second;
      if (!first) ++facts_.repeated_lines;
    }
  }
  facts_.customers = static_cast<std::int64_t>(customers.size());
}

// ---- Matching ----------------------------------------------------------------------------------

std::string OnlineRetail::sale_key(const Invoice& invoice, const Row& row) const {
  return invoice.customer + "\n" + std::to_string(row.item) + "\n" +
         std::to_string(row.price_thousandths);
}

// In the order of the file, which is that of time.
void OnlineRetail::match_returns() {
  Sales sales;
  for (std::uint32_t i = 0; i < invoices_.size(); ++i) {
    Invoice& invoice = invoices_[i];
    for (std::uint32_t r = 0; r < invoice.rows.size(); ++r) {
      const Row& row = invoice.rows[r];
      if (row.kind != RowKind::kSold && row.kind != RowKind::kReturned) continue;
      if (row.kind == RowKind::kSold && invoice.customer.empty()) continue;
      std::vector<Sold>& sold = sales[sale_key(invoice, row)];
      if (row.kind == RowKind::kSold) {
        sold.push_back({i, r, row.quantity, row.quantity});
      } else {
        match_row(invoice, r, sold);
      }
    }
  }
}

void OnlineRetail::match_row(Invoice& invoice, std::uint32_t row, std::vector<Sold>& sold) {
  std::int64_t wanted = -std::int64_t{invoice.rows[row].quantity};
  const auto sold_enough = [&](const Sold& sale) { return sale.quantity >= wanted; };
  if (std::any_of(sold.begin(), sold.end(), sold_enough)) ++facts_.cancelled_lines_with_a_sale;
  const auto has_enough = [&](const Sold& sale) { return sale.left >= wanted; };
  const auto take = [&](Sold& sale) {
    const std::int64_t quantity = std::min(sale.left, wanted);
    if (quantity > 0) invoice.taken.push_back({row, sale.invoice, sale.row, quantity});
    sale.left -= quantity;
    wanted -= quantity;
  };
  std::int64_t left = 0;
  for (const Sold& sale : sold) left += sale.left;
  if (left < wanted) {
    invoice.taken.push_back({row, 0, 0, 0});
    return;
  }
  ++facts_.cancelled_lines_matched;
  const auto newest = std::find_if(sold.rbegin(), sold.rend(), has_enough);
  if (newest != sold.rend()) return take(*newest);
  for (auto sale = sold.rbegin(); sale != sold.rend(); ++sale) take(*sale);
}

// ---- Transactions ------------------------------------------------------------------------------

std::vector<Transaction> OnlineRetail::transactions(std::size_t place) const {
  const Invoice& invoice = invoices_[place];
  if (!invoice.taken.empty()) return returns(invoice);
  Transaction transaction = sale(invoice);
  if (transaction.lines.empty()) return {};
  return {std::move(transaction)};
}

Transaction OnlineRetail::head(const Invoice& invoice, TransactionKind kind) const {
  Transaction transaction;
  transaction.key = {std::string(kOnlineRetailSource), invoice.number};
  transaction.kind = kind;
  transaction.at = invoice.at;
  transaction.channel = "online";
  if (!invoice.customer.empty()) transaction.identifiers = {{"customer", invoice.customer}};
  return transaction;
}

Transaction OnlineRetail::sale(const Invoice& invoice) const {
  Transaction transaction = head(invoice, TransactionKind::kSale);
  transaction.currency = "GBP";
  for (std::size_t i = 0; i < invoice.rows.size(); ++i) {
    const Row& row = invoice.rows[i];
    if (row.kind != RowKind::kSold) continue;
    transaction.lines.push_back(
        {.id = std::to_string(i + 1),
         .sku = names_.text(row.item),
         .department = department_of(names_.text(row.item)),
         .quantity = Quantity::of(row.quantity),
         .amount = money_text(line_hundredths(row.quantity, row.price_thousandths))});
  }
  return transaction;
}

std::vector<Transaction> OnlineRetail::returns(const Invoice& invoice) const {
  // By sale, in the order of the file; what has no sale comes last.
  std::map<std::pair<bool, std::uint32_t>, std::vector<Taken>> groups;
  for (const Taken& taken : invoice.taken) {
    groups[{taken.quantity == 0, taken.sale}].push_back(taken);
  }
  std::vector<Transaction> all;
  for (const auto& [sale, taken] : groups) {
    all.push_back(return_of(invoice, taken));
    if (groups.size() == 1) continue;
    all.back().key.id += "/" + (sale.first ? "unmatched" : invoices_[sale.second].number);
  }
  return all;
}

Transaction OnlineRetail::return_of(const Invoice& invoice, const std::vector<Taken>& taken) const {
  Transaction transaction = head(invoice, TransactionKind::kReturn);
  if (taken.front().quantity == 0) {
    std::int64_t hundredths = 0;
    for (const Taken& part : taken) {
      const Row& row = invoice.rows[part.row];
      hundredths += line_hundredths(-std::int64_t{row.quantity}, row.price_thousandths);
    }
    transaction.amount = money_text(hundredths);
    return transaction;
  }
  transaction.original = {std::string(kOnlineRetailSource), invoices_[taken.front().sale].number};
  std::map<std::uint32_t, std::int64_t> quantities;  // by row of the sale
  for (const Taken& part : taken) quantities[part.sale_row] += part.quantity;
  for (const auto& [row, quantity] : quantities) {
    transaction.return_lines.push_back(
        {.original_line = std::to_string(row + 1), .quantity = Quantity::of(quantity)});
  }
  return transaction;
}

}  // namespace laurel::daemon::cli
