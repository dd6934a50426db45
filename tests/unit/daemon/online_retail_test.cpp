#include "cli/import/online_retail.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/import/thousandths.hpp"

namespace laurel::daemon::cli {
namespace {

constexpr const char* kHeader =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

OnlineRetail read(const std::string& rows) {
  std::istringstream input(kHeader + rows);
  auto retail = OnlineRetail::read(input);
  if (!retail) ADD_FAILURE() << retail.error().detail;
  return *std::move(retail);
}

std::string fault_of(const std::string& rows) {
  std::istringstream input(kHeader + rows);
  const auto retail = OnlineRetail::read(input);
  return retail ? "none" : retail.error().detail;
}

// "C9/1: 1x2 3x1" for a return of the lines 1 (two of it) and 3, "C9: 4.50" for one without a sale.
std::vector<std::string> returns_of(const OnlineRetail& retail, std::size_t invoice) {
  std::vector<std::string> all;
  for (const Transaction& transaction : retail.transactions(invoice)) {
    std::string text = transaction.key.id + ":";
    if (transaction.original) text += " of " + transaction.original->id;
    for (const ReturnLine& line : transaction.return_lines) {
      text += " " + line.original_line + "x" + line.quantity->text();
    }
    all.push_back(transaction.amount.empty() ? text : text + " " + transaction.amount);
  }
  return all;
}

using Texts = std::vector<std::string>;

TEST(OnlineRetail, makes_an_invoice_a_sale_with_all_its_rows) {
  const auto retail = read(
      "1,A,,3,2011-07-01 10:00:00,2.55,17850,UK\n"
      "1,A,,3,2011-07-01 10:00:00,2.55,17850,UK\n"
      "1,POST,,5,2011-07-01 10:00:00,0.203,17850,UK\n");
  const auto all = retail.transactions(0);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, (TransactionKey{"online-retail", "1"}));
  EXPECT_EQ(to_text(*all[0].at), "2011-07-01T09:00:00Z");  // summer time
  EXPECT_EQ(all[0].identifiers, (std::vector<Identifier>{{"customer", "17850"}}));
  ASSERT_EQ(all[0].lines.size(), 3U);
  EXPECT_EQ(all[0].lines[1].id, "2");
  EXPECT_EQ(all[0].lines[1].amount, "7.65");
  EXPECT_EQ(all[0].lines[1].department, "gifts");
  EXPECT_EQ(all[0].lines[2].amount, "1.02");
  EXPECT_EQ(all[0].lines[2].department, "postage");
  EXPECT_EQ(retail.facts().repeated_lines, 1);
}

TEST(OnlineRetail, leaves_out_what_is_no_sale_and_counts_it) {
  const auto retail = read(
      "1,A,,-3,2011-01-01 10:00:00,0,,UK\n"
      "2,A,free,1,2011-01-01 10:00:00,0,7,UK\n"
      "2,B,,1,2011-01-01 10:00:00,4.5,7,UK\n"
      "A3,B,Adjust bad debt,1,2011-01-01 10:00:00,-11062.06,,UK\n");
  EXPECT_TRUE(retail.transactions(0).empty());
  ASSERT_EQ(retail.transactions(1).size(), 1U);
  EXPECT_EQ(retail.transactions(1)[0].lines[0].id, "2");
  EXPECT_TRUE(retail.transactions(2).empty());
  EXPECT_EQ(retail.refused(RowKind::kStockCorrection), 1);
  EXPECT_EQ(retail.refused(RowKind::kNoPrice), 1);
  EXPECT_EQ(retail.refused(RowKind::kBadDebt), 1);
  EXPECT_EQ(thousandths_text(retail.facts().value_thousandths), "-11,057.560");
}

TEST(OnlineRetail, gives_a_cancellation_to_the_newest_sale_that_has_enough_left) {
  const auto retail = read(
      "1,A,,5,2011-01-01 10:00:00,2,7,UK\n"
      "2,A,,5,2011-01-02 10:00:00,2,7,UK\n"
      "3,A,,1,2011-01-03 10:00:00,2,7,UK\n"
      "C4,A,,-4,2011-01-04 10:00:00,2,7,UK\n"
      "C5,A,,-4,2011-01-05 10:00:00,2,7,UK\n");
  EXPECT_EQ(returns_of(retail, 3), (Texts{"C4: of 2 1x4"}));
  EXPECT_EQ(returns_of(retail, 4), (Texts{"C5: of 1 1x4"}));
  EXPECT_EQ(retail.facts().cancelled_lines_matched, 2);
}

TEST(OnlineRetail, makes_one_return_for_each_sale_and_one_for_the_rest) {
  const auto retail = read(
      "1,A,,2,2011-01-01 10:00:00,2,7,UK\n"
      "2,A,,2,2011-01-02 10:00:00,2,7,UK\n"
      "2,B,,2,2011-01-02 10:00:00,1.115,7,UK\n"
      "C3,A,,-3,2011-01-03 10:00:00,2,7,UK\n"
      "C3,B,,-1,2011-01-03 10:00:00,1.115,7,UK\n"
      "C3,Z,,-1,2011-01-03 10:00:00,9.995,7,UK\n");
  EXPECT_EQ(returns_of(retail, 2),
            (Texts{"C3/1: of 1 1x1", "C3/2: of 2 1x2 2x1", "C3/unmatched: 10.00"}));
}

TEST(OnlineRetail, matches_neither_another_customer_nor_price_nor_a_later_sale) {
  const auto retail = read(
      "1,A,,2,2011-01-01 10:00:00,2,7,UK\n"
      "C2,A,,-1,2011-01-02 10:00:00,2,8,UK\n"
      "C3,A,,-1,2011-01-02 10:00:00,3,7,UK\n"
      "C4,B,,-1,2011-01-02 10:00:00,2,7,UK\n"
      "C5,A,,-1,2011-01-02 10:00:00,2,,UK\n"
      "6,B,,2,2011-01-03 10:00:00,2,7,UK\n");
  EXPECT_EQ(returns_of(retail, 1), (Texts{"C2: 2.00"}));
  EXPECT_EQ(returns_of(retail, 2), (Texts{"C3: 3.00"}));
  EXPECT_EQ(returns_of(retail, 3), (Texts{"C4: 2.00"}));
  EXPECT_EQ(returns_of(retail, 4), (Texts{"C5: 2.00"}));
}

TEST(OnlineRetail, joins_rows_of_an_invoice_that_stand_apart) {
  const auto retail = read(
      "1,A,,1,2011-01-01 10:00:00,2,7,UK\n"
      "2,A,,1,2011-01-01 10:00:00,2,8,UK\n"
      "1,B,,1,2011-01-01 10:01:00,2,7,UK\n");
  EXPECT_EQ(retail.invoices(), 2U);
  EXPECT_EQ(retail.transactions(0)[0].lines.size(), 2U);
}

TEST(OnlineRetail, names_the_line_of_every_fault) {
  EXPECT_EQ(fault_of("1,A,,x,2011-01-01 10:00:00,2,7,UK\n"), "line 2: Quantity cannot be \"x\"");
  EXPECT_EQ(fault_of("1,A,,1,2011-01-01 10:00:00,2e3,7,UK\n"),
            "line 2: UnitPrice cannot be \"2e3\"");
  EXPECT_EQ(fault_of("1,A,,1,2011-13-01 10:00:00,2,7,UK\n"),
            "line 2: InvoiceDate cannot be \"2011-13-01 10:00:00\"");
  EXPECT_EQ(fault_of("1,A,,1,2011-01-01 10:00:00,2,7,UK\n1,A,,1,2011-01-01 10:00:00,2,8,UK\n"),
            "line 3: CustomerID cannot be \"8\"");
  EXPECT_EQ(fault_of("1,A\n"), "line 2: 2 fields where the header has 8");
}

struct Product {
  std::int64_t quantity, price_thousandths, hundredths;
};

TEST(LineAmount, is_rounded_once_half_to_even) {
  for (const Product& row :
       {Product{3, 335, 100}, Product{5, 203, 102}, Product{1, 5, 0}, Product{1, 15, 2},
        Product{1, 14, 1}, Product{1, 16, 2}, Product{-3, 335, -100}, Product{-5, 203, -102},
        Product{-1, 16, -2}, Product{74'215, 1'040, 7'718'360}, Product{0, 5, 0}}) {
    EXPECT_EQ(line_hundredths(row.quantity, row.price_thousandths), row.hundredths)
        << row.quantity << " x " << row.price_thousandths;
  }
}

TEST(Thousandths, are_read_exactly_or_not_at_all) {
  EXPECT_EQ(*parse_thousandths("2.55"), 2'550);
  EXPECT_EQ(*parse_thousandths("-11062.06"), -11'062'060);
  EXPECT_EQ(*parse_thousandths("0.001"), 1);
  for (const char* text : {"", "-", "1.", ".5", "1.2345", "1e3", "+1", "--1", "1,5", "NaN"}) {
    EXPECT_FALSE(parse_thousandths(text)) << text;
  }
}

}  // namespace
}  // namespace laurel::daemon::cli
