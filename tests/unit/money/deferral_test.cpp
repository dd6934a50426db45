// The figures of IFRS 15's customer loyalty example (J4).

#include "laurel/deferral.hpp"

#include <gtest/gtest.h>

namespace laurel {
namespace {

Money dollars(std::int64_t whole) { return {whole * 100, *Currency::of("USD")}; }
std::string whole_text(const Money& money) {
  return std::to_string((money.minor() + (money.minor() < 0 ? -50 : 50)) / 100);
}

// 10,000 points at 1.00, of which 97 % are expected to be redeemed.
Allocation allocation(AllocationShares shares) {
  const auto made = allocate_price(dollars(100'000), dollars(100'000), dollars(9'700), shares);
  EXPECT_TRUE(made.ok());
  return *made;
}

TEST(Deferral, J4_the_price_is_allocated_by_what_each_part_costs_alone) {
  const auto exact = allocation(AllocationShares::kExact);
  EXPECT_EQ(whole_text(exact.goods), "91158");
  EXPECT_EQ(whole_text(exact.points), "8842");
  EXPECT_EQ(*exact.goods.plus(exact.points), dollars(100'000));
}

TEST(Deferral, J4_or_by_whole_percents) {
  const auto rounded = allocation(AllocationShares::kWholePercent);
  EXPECT_EQ(rounded.goods, dollars(91'000));
  EXPECT_EQ(rounded.points, dollars(9'000));
}

TEST(Deferral, J4_revenue_follows_redemption_and_estimates_are_caught_up) {
  const Money deferred = dollars(9'000);
  const auto second = recognised_now(deferred, Points(4'500), Points(9'700), dollars(0));
  EXPECT_EQ(whole_text(*second), "4175");
  const auto third = recognised_now(deferred, Points(8'500), Points(9'900), *second);
  EXPECT_EQ(whole_text(*third), "3552");
  const auto fewer = recognised_now(deferred, Points(8'500), Points(9'200), *second);
  EXPECT_EQ(whole_text(*fewer), "4140");
}

TEST(Deferral, J4_a_higher_estimate_alone_takes_revenue_back) {
  const Money deferred = dollars(9'000);
  const auto before = recognised(deferred, Points(4'500), Points(9'000));
  EXPECT_EQ(*before, dollars(4'500));
  const auto now = recognised_now(deferred, Points(4'500), Points(10'000), *before);
  EXPECT_EQ(*now, dollars(-450));
}

TEST(Deferral, never_more_than_was_deferred_becomes_revenue) {
  EXPECT_EQ(*recognised(dollars(9'000), Points(10'000), Points(9'700)), dollars(9'000));
  EXPECT_EQ(*recognised(dollars(9'000), Points(0), Points(9'700)), dollars(0));
}

TEST(Deferral, what_makes_no_sense_is_refused) {
  const Money yen(1, *Currency::of("JPY"));
  EXPECT_FALSE(recognised(dollars(1), Points(1), Points(0)).ok());
  EXPECT_FALSE(recognised(dollars(1), Points(-1), Points(1)).ok());
  EXPECT_FALSE(allocate_price(dollars(1), dollars(0), dollars(0), AllocationShares::kExact).ok());
  EXPECT_FALSE(allocate_price(dollars(1), yen, dollars(1), AllocationShares::kExact).ok());
  EXPECT_FALSE(
      allocate_price(dollars(-1), dollars(1), dollars(1), AllocationShares::kWholePercent).ok());
}

}  // namespace
}  // namespace laurel
