#pragma once
// The UCI data set 352 (every invoice line of a gift shop, December 2010 to December 2011) as
// transactions. Pure: the same file always gives the same transactions, so importing it again finds
// them all in place.
//
// Each invoice is a sale with the key "online-retail" / its number; its lines are all its rows,
// repeated ones included, each named by its place on the invoice, in the department "postage" or
// "gifts". A line's amount is its quantity
// times the three-decimal price, rounded once, half to even. Rows that are no sale (stock
// corrections, bad debt, nothing charged) are left out and counted.
//
// Each invoice that begins with C takes goods back. A row of it goes to the newest earlier row of
// the same customer, item and price that has enough left, else to as many of them as it takes, else
// it stays without a sale. One return is made for each sale, and one for what has no sale: the key
// is the C number where that makes one, else the C number, "/", and the sale's number or
// "unmatched".

#include <array>
#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "laurel/time.hpp"
#include "laurel/transaction.hpp"

namespace laurel::daemon::cli {

inline constexpr std::string_view kOnlineRetailSource = "online-retail";
inline constexpr std::string_view kOnlineRetailZone = "Europe/London";

// Numbers for texts that occur again and again.
class Names {
 public:
  std::uint32_t number(std::string_view text);
  const std::string& text(std::uint32_t number) const { return texts_[number]; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_ = {};
  std::vector<std::string> texts_ = {};
};

// What can be said about the file before a single transaction is made.
struct OnlineRetailFacts {
  std::int64_t lines = 0, invoices = 0, customers = 0;
  std::int64_t value_thousandths = 0;      // quantity x price, all lines
  std::int64_t cancelled_thousandths = 0;  // of the C invoices
  std::int64_t quantity_below_zero = 0;    // lines
  std::int64_t stock_corrections = 0;      // of them, not on C invoices
  std::int64_t price_not_above_zero = 0;   // lines
  std::int64_t anonymous_lines = 0;        // without a customer, not on C invoices
  std::int64_t anonymous_invoices = 0;
  std::int64_t anonymous_thousandths = 0;
  std::int64_t repeated_lines = 0;  // the same in every column as an earlier one
  std::int64_t cancelled_lines_of_customers = 0;
  std::int64_t cancelled_lines_with_a_sale = 0;  // one earlier sale line had sold enough
  std::int64_t cancelled_lines_matched = 0;      // found goods not yet returned
};

enum class RowKind : std::uint8_t { kSold, kReturned, kStockCorrection, kBadDebt, kNoPrice };

class OnlineRetail {
 public:
  // kMalformed and kInvalid name the line.
  static Result<OnlineRetail> read(std::istream& input);

  const OnlineRetailFacts& facts() const { return facts_; }
  std::int64_t refused(RowKind kind) const { return refused_[static_cast<std::size_t>(kind)]; }
  std::size_t invoices() const { return invoices_.size(); }
  // Of the invoice at that place, in the order of the file: one sale, or any number of returns.
  std::vector<Transaction> transactions(std::size_t invoice) const;

 private:
  struct Row {
    std::uint32_t item, description, country, time;
    std::int32_t quantity = 0;
    RowKind kind = RowKind::kSold;
    std::int64_t price_thousandths = 0;
    std::int64_t line = 0;
  };
  // So much of a returned row comes from that sold row.
  struct Taken {
    std::uint32_t row = 0;  // of the C invoice
    std::uint32_t sale = 0, sale_row = 0;
    std::int64_t quantity = 0;  // 0: without a sale
  };
  struct Invoice {
    std::string number;
    std::string customer;
    Instant at;
    std::vector<Row> rows;
    std::vector<Taken> taken;
  };
  struct Sold {
    std::uint32_t invoice = 0, row = 0;
    std::int64_t quantity = 0, left = 0;
  };
  using Sales = std::unordered_map<std::string, std::vector<Sold>>;

  Result<void> read_rows(std::istream& input);
  Result<void> add_row(std::array<std::string_view, 8> fields, std::int64_t line,
                       const LocalTimeReader& local_time);
  Invoice& invoice_of(std::string_view number, std::string_view customer, Instant at);
  void count_row(const Invoice& invoice, const Row& row);
  void count_invoices();
  void match_returns();
  void match_row(Invoice& invoice, std::uint32_t row, std::vector<Sold>& sold);
  std::string sale_key(const Invoice& invoice, const Row& row) const;
  Transaction head(const Invoice& invoice, TransactionKind kind) const;
  Transaction sale(const Invoice& invoice) const;
  std::vector<Transaction> returns(const Invoice& invoice) const;
  Transaction return_of(const Invoice& invoice, const std::vector<Taken>& taken) const;

  OnlineRetailFacts facts_ = {};
  std::array<std::int64_t, 5> refused_ = {};
  Names names_ = {};
  std::vector<Invoice> invoices_ = {};
  std::unordered_map<std::string, std::size_t> places_ = {};
};

}  // namespace laurel::daemon::cli
