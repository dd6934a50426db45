#include "shop.hpp"

namespace laurel::test {
namespace {

TEST(Sale, earns_at_once_and_shows_it) {
  Shop shop;
  const auto receipt = shop.posts(sale("R-1", {"100.00"}));
  EXPECT_EQ(earned(receipt), 100);
  EXPECT_TRUE(receipt.attribution.enrolled);
  EXPECT_EQ(receipt.tier.id, "silver");
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

TEST(Sale, C7_partial_returns_add_up) {
  Shop shop;
  shop.posts(sale("R-1", {"10.00"}));
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-1", "R-1", "3.33"))), 4);
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-2", "R-1", "3.33"))), 3);
  EXPECT_EQ(reversed(shop.posts(return_of_amount("X-3", "R-1", "3.34"))), 3);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
