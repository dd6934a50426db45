// Who makes up much of what an associate, or a till, sells.

#include "each_store.hpp"
#include "laurel/report.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class StaffReports : public EachStore {};

void sells(Shop& shop, const std::string& associate, const std::string& card, int times) {
  static int number = 0;
  for (int i = 0; i < times; ++i) {
    auto made = sale("S-" + std::to_string(++number), {"10.00"}, card);
    made.key.source = "till-" + associate;
    made.associate = associate;
    shop.posts(made);
  }
}

TEST_P(StaffReports, I3_lists_pairs_over_a_fifth_of_the_sales) {
  Shop shop(kReference, uri());
  sells(shop, "A-17", "own", 3);
  for (int i = 0; i < 7; ++i) sells(shop, "A-17", "guest-" + std::to_string(i), 1);
  for (int i = 0; i < 5; ++i) sells(shop, "A-3", "guest-" + std::to_string(i), 1);
  ASSERT_TRUE(
      shop.engine()
          .change(shop.member("own").id, {.associate = "A-17", .actor = "hr", .reason = "joined"})
          .ok());
  const auto report = shop.engine().reports().staff({});
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->pairs.size(), 2u);  // of the associate, and of her till
  const auto& pair = report->pairs[0];
  EXPECT_EQ(pair.name, "A-17");
  EXPECT_EQ(pair.member, shop.member("own").id);
  EXPECT_EQ(pair.member_is, "A-17");
  EXPECT_EQ(pair.sales, 3);
  EXPECT_EQ(pair.sales_all, 10);
  EXPECT_EQ(pair.points.units(), 30);
  EXPECT_EQ(pair.points_all.units(), 100);
  EXPECT_EQ(report->pairs[1].of, StaffPair::Of::kSource);
  EXPECT_EQ(shop.engine().reports().staff({.share_percent = 30})->pairs.size(), 0u);
  EXPECT_EQ(shop.engine().reports().staff({.share_percent = 19})->pairs.size(), 12u);
}

TEST_P(StaffReports, is_of_a_period_as_of_a_moment) {
  Shop shop(kReference, uri());
  sells(shop, "A-17", "own", 6);
  const Instant then = shop.engine().entries({}, 1)->entries[0].booked_at;
  shop.is("2025-04-01T10:00:00Z");
  sells(shop, "A-17", "guest", 6);
  EXPECT_EQ(shop.engine().reports().staff({.at = {.as_of = then}})->pairs[0].sales_all, 6);
  const auto april = shop.engine().reports().staff({.from = at("2025-04-01T00:00:00Z")});
  ASSERT_EQ(april->pairs.size(), 2u);
  EXPECT_EQ(april->pairs[0].member, shop.member("guest").id);
}

INSTANTIATE_TEST_SUITE_P(Stores, StaffReports, each_store(), store_name);

}  // namespace
}  // namespace laurel::test
