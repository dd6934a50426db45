#include "cli/import/complete_journey.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace laurel::daemon::cli {
namespace {

constexpr const char* kProducts =
    "\"product_id\",\"manufacturer_id\",\"department\",\"brand\",\"product_category\"\n"
    "\"11\",\"2\",\"DRUG GM\",\"National\",\"HAIR CARE PRODUCTS\"\n"
    "\"12\",\"2\",\"MEAT-PCKGD\",\"Private\",NA\n";
constexpr const char* kHeader =
    "household_id,store_id,basket_id,product_id,quantity,sales_value,transaction_timestamp\n";

CompleteJourney read(const std::string& lines) {
  std::istringstream products(kProducts), transactions(kHeader + lines);
  auto journey = CompleteJourney::read(transactions, products, "America/New_York");
  if (!journey) ADD_FAILURE() << journey.error().detail;
  return *std::move(journey);
}

TEST(CompleteJourney, joins_the_lines_of_a_basket_and_puts_baskets_in_order_of_time) {
  const auto journey = read(
      "7,309,B2,11,1,3.86,2017-01-28 14:06:53\n"
      "8,309,B1,11,1,1,2017-01-02 22:31:57\n"
      "7,309,B2,12,2,1.5,2017-01-28 14:06:53\n");
  const auto& all = journey.transactions();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].key, (TransactionKey{"complete-journey", "B1"}));
  EXPECT_EQ(to_text(*all[0].at), "2017-01-03T03:31:57Z");
  EXPECT_EQ(all[1].identifiers, (std::vector<Identifier>{{"household", "7"}}));
  ASSERT_EQ(all[1].lines.size(), 2U);
  EXPECT_EQ(all[1].lines[0].department, "DRUG GM");
  EXPECT_EQ(all[1].lines[0].category, "HAIR CARE PRODUCTS");
  EXPECT_EQ(all[1].lines[1].brand, "Private");
  EXPECT_EQ(all[1].lines[1].category, "");
  EXPECT_EQ(all[1].lines[1].amount, "1.50");
  EXPECT_EQ(journey.facts().value_cents, 636);
}

TEST(CompleteJourney, leaves_out_lines_without_a_charge_and_amounts_that_are_none) {
  const auto journey = read(
      "7,309,B1,11,1,0,2017-01-28 14:06:53\n"
      "7,309,B1,11,0,4.440892e-16,2017-01-28 14:06:53\n"
      "7,309,B2,99,0,2,2017-01-28 14:06:53\n");
  ASSERT_EQ(journey.transactions().size(), 1U);
  EXPECT_EQ(journey.transactions()[0].lines[0].quantity, Quantity::of(1));
  EXPECT_EQ(journey.transactions()[0].lines[0].department, "");
  EXPECT_EQ(journey.facts().nothing_charged, 1);
  EXPECT_EQ(journey.facts().not_money, 1);
  EXPECT_EQ(journey.facts().unknown_products, 1);
}

}  // namespace
}  // namespace laurel::daemon::cli
