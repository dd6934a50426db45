// Holds of members who become one, and are parted again while they are open.

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "redeeming.hpp"

namespace laurel::test {
namespace {

// Anna's 300 points die before berta's 200.
class MergedHold : public EachStore {
 protected:
  void SetUp() override {
    shop_ = std::make_unique<Counter>(kPaying, uri());
    shop_->is("2025-01-10T10:00:00Z");
    shop_->gives(300, "anna");
    shop_->is("2025-03-01T10:00:00Z");
    shop_->gives(200, "berta");
    anna_ = shop_->member("anna").id;
    berta_ = shop_->member("berta").id;
  }
  void TearDown() override { shop_->adds_up(); }

  void merges(MemberId into, MemberId from) {
    const auto merged =
        shop_->engine().merging().merge({{"desk", "M-1"}, into, from, "ana", "one person"});
    ASSERT_TRUE(merged.ok()) << Shop::describe(merged.error());
  }
  void parts() {
    const auto parted = shop_->engine().merging().unmerge(
        {{"desk", "U-1"}, {"desk", "M-1"}, {}, "ana", "two persons"});
    ASSERT_TRUE(parted.ok()) << Shop::describe(parted.error());
  }
  void captures(const std::string& id) {
    const auto captured = shop_->redemptions().capture({{"web", id}});
    ASSERT_TRUE(captured.ok()) << Shop::describe(captured.error());
  }
  void releases(const std::string& id) {
    const auto released = shop_->redemptions().release({{"web", id}});
    ASSERT_TRUE(released.ok()) << Shop::describe(released.error());
  }
  using Two = std::pair<std::int64_t, std::int64_t>;
  Two available() { return {shop_->available("anna"), shop_->available("berta")}; }
  Two held() { return {shop_->held("anna"), shop_->held("berta")}; }

  std::unique_ptr<Counter> shop_;
  MemberId anna_, berta_;
};

INSTANTIATE_TEST_SUITE_P(Stores, MergedHold, each_store(), store_name);

TEST_P(MergedHold, goes_to_who_stays_and_is_captured_under_its_own_key) {
  shop_->holds("RD-1", 250, "anna");
  merges(berta_, anna_);
  EXPECT_EQ(shop_->available(), 250);
  EXPECT_EQ(shop_->held(), 250);
  captures("RD-1");
  EXPECT_EQ(shop_->held(), 0);
  EXPECT_EQ(shop_->available(), 250);
}

TEST_P(MergedHold, of_a_whole_lot_is_released_to_who_stays) {
  shop_->holds("RD-1", 300, "anna");
  merges(berta_, anna_);
  EXPECT_EQ(shop_->available(), 200);
  releases("RD-1");
  EXPECT_EQ(shop_->available(), 500);
}

TEST_P(MergedHold, pays_a_sale_of_who_stays) {
  shop_->holds("RD-1", 300, "anna");
  merges(berta_, anna_);
  auto sold = paid_with("R-1", "3.00", "3.00", "RD-1");
  sold.key.source = "web";
  shop_->posts(sold);
  EXPECT_EQ(shop_->held(), 0);
}

TEST_P(MergedHold, runs_out_of_time_with_who_stays) {
  shop_->holds("RD-1", 300, "anna");
  merges(berta_, anna_);
  shop_->is("2025-03-01T10:15:00Z");
  EXPECT_EQ(shop_->available(), 500);
  EXPECT_EQ(shop_->redemptions().capture({{"web", "RD-1"}}).error().code, ErrorCode::kHoldExpired);
}

TEST_P(MergedHold, goes_back_to_its_origin_when_they_are_parted) {
  shop_->holds("RD-1", 250, "anna");
  merges(berta_, anna_);
  parts();
  EXPECT_EQ(available(), Two(50, 200));
  EXPECT_EQ(held(), Two(250, 0));
  releases("RD-1");
  EXPECT_EQ(available(), Two(300, 200));
}

TEST_P(MergedHold, of_the_lots_of_both_is_parted_by_its_lots) {
  merges(berta_, anna_);
  shop_->holds("RD-1", 400, "berta");
  parts();
  EXPECT_EQ(available(), Two(0, 100));
  EXPECT_EQ(held(), Two(300, 100));
  EXPECT_EQ(shop_->redemptions().get({"web", "RD-1"})->points, Points(400));
  releases("RD-1");
  EXPECT_EQ(available(), Two(300, 200));
  EXPECT_EQ(held(), Two(0, 0));
}

TEST_P(MergedHold, of_the_lots_of_both_is_captured_once_after_they_are_parted) {
  merges(anna_, berta_);
  shop_->holds("RD-1", 400, "berta");
  parts();
  const auto captured = shop_->redemptions().capture({{"web", "RD-1"}, "", Points(350)});
  ASSERT_TRUE(captured.ok()) << Shop::describe(captured.error());
  EXPECT_EQ(available(), Two(0, 150));
  EXPECT_EQ(held(), Two(0, 0));
  EXPECT_EQ(shop_->redemptions().release({{"web", "RD-1"}}).error().code, ErrorCode::kInvalidState);
}

TEST_P(MergedHold, of_the_lots_of_both_runs_out_of_time_with_each) {
  merges(berta_, anna_);
  shop_->holds("RD-1", 400, "berta");
  parts();
  shop_->is("2025-03-01T10:15:00Z");
  EXPECT_EQ(available(), Two(300, 200));
}

TEST_P(MergedHold, survives_merging_and_parting_ten_times) {
  shop_->holds("RD-1", 250, "anna");
  for (int i = 0; i < 10; ++i) {
    const auto round = std::to_string(i);
    auto merging = shop_->engine().merging();
    ASSERT_TRUE(merging.merge({{"desk", "M" + round}, berta_, anna_, "ana", "one"}).ok());
    ASSERT_TRUE(
        merging.unmerge({{"desk", "U" + round}, {"desk", "M" + round}, {}, "ana", "two"}).ok());
  }
  captures("RD-1");
  EXPECT_EQ(available(), Two(50, 200));
}

}  // namespace
}  // namespace laurel::test
