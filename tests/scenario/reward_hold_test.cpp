// Rewards that are held before they are given: price, stock and limit reserved meanwhile.

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "reward_kit.hpp"

namespace laurel::test {
namespace {

constexpr const char* kLast = R"(    - id: last-one
      cost: 100 points
      gives: { product: scarf }
      stock: 1
    - id: three-each
      cost: 1 point
      gives: { product: pin }
      limit: { times: 3, per: member, every: year }
)";

RedemptionRequest wanting(const std::string& id, const std::string& reward,
                          const std::string& card = "anna") {
  RedemptionRequest request;
  request.key = {"web", id};
  request.identifiers = {{"card", card}};
  request.reward = reward;
  return request;
}

class HeldReward : public EachStore {
 protected:
  void SetUp() override { shop_ = std::make_unique<RewardShop>(kLast, uri()); }
  void TearDown() override { shop_->adds_up(); }

  Redemptions redemptions() { return shop_->engine().redemptions(); }
  Result<Redemption> holds(const std::string& id, const std::string& reward,
                           const std::string& card = "anna") {
    return redemptions().hold(wanting(id, reward, card));
  }
  Result<Redemption> captures(const std::string& id) {
    return redemptions().capture({{"web", id}});
  }
  Result<Redemption> releases(const std::string& id) {
    return redemptions().release({{"web", id}});
  }

  std::unique_ptr<RewardShop> shop_;
};

INSTANTIATE_TEST_SUITE_P(Stores, HeldReward, each_store(), store_name);

TEST_P(HeldReward, costs_its_price_and_is_given_by_the_capture) {
  shop_->has("anna", 150);
  const auto held = holds("1", "ten-off");
  ASSERT_TRUE(held.ok()) << Shop::describe(held.error());
  EXPECT_EQ(held->points, Points(100));
  EXPECT_EQ(held->reward, "ten-off");
  EXPECT_TRUE(held->voucher.empty());
  EXPECT_EQ(shop_->available(), 50);
  const auto captured = captures("1");
  ASSERT_TRUE(captured.ok()) << Shop::describe(captured.error());
  EXPECT_EQ(shop_->engine().vouchers().show(captured->voucher)->state, "valid");
  EXPECT_EQ(captures("1")->voucher, captured->voucher);
  EXPECT_EQ(redemptions().get({"web", "1"})->voucher, captured->voucher);
  EXPECT_EQ(shop_->available(), 50);
}

TEST_P(HeldReward, A7_under_one_key_is_held_once) {
  shop_->has("anna", 250);
  const auto first = holds("1", "ten-off");
  const auto again = holds("1", "ten-off");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->entry, first->entry);
  EXPECT_EQ(shop_->available(), 150);
  EXPECT_EQ(holds("1", "tea").error().faults.front().pointer, "/reward");
}

TEST_P(HeldReward, is_never_held_or_captured_in_part) {
  shop_->has("anna", 150);
  auto request = wanting("1", "ten-off");
  request.points = Points(10);
  EXPECT_EQ(redemptions().hold(request).error().faults.front().code, "not_with_reward");
  ASSERT_TRUE(holds("1", "ten-off").ok());
  const auto part = redemptions().capture({{"web", "1"}, "", Points(50)});
  EXPECT_EQ(part.error().faults.front().code, "not_all");
  const auto loosened = redemptions().release({{"web", "1"}, "", Points(50)});
  EXPECT_EQ(loosened.error().faults.front().code, "not_all");
}

TEST_P(HeldReward, that_is_the_last_one_is_kept_from_others_until_it_is_let_go) {
  shop_->has("anna", 100);
  shop_->has("berta", 100);
  ASSERT_TRUE(holds("1", "last-one").ok());
  EXPECT_EQ(holds("2", "last-one", "berta").error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(shop_->takes("3", "last-one", "berta").error().code, ErrorCode::kLimitReached);
  ASSERT_TRUE(releases("1").ok());
  EXPECT_EQ(shop_->available(), 100);
  EXPECT_TRUE(shop_->takes("3", "last-one", "berta").ok());
  EXPECT_EQ(holds("4", "last-one").error().code, ErrorCode::kLimitReached);
}

TEST_P(HeldReward, K3_comes_back_when_its_time_runs_out_though_no_job_has_run) {
  shop_->has("anna", 100);
  shop_->has("berta", 100);
  ASSERT_TRUE(holds("1", "last-one").ok());
  shop_->is("2025-03-01T10:14:59Z");
  EXPECT_EQ(holds("2", "last-one", "berta").error().code, ErrorCode::kLimitReached);
  shop_->is("2025-03-01T10:15:00Z");
  EXPECT_TRUE(holds("3", "last-one", "berta").ok());
  EXPECT_EQ(captures("1").error().code, ErrorCode::kHoldExpired);
  EXPECT_EQ(holds("4", "last-one").error().code, ErrorCode::kLimitReached);
  ASSERT_TRUE(shop_->engine().settle_due(100).ok());
  EXPECT_EQ(holds("5", "last-one").error().code, ErrorCode::kLimitReached);
  EXPECT_TRUE(captures("3").ok());
  EXPECT_EQ(shop_->available(), 100);
}

TEST_P(HeldReward, reversed_gives_points_and_stock_back_and_cancels_its_voucher) {
  shop_->has("anna", 100);
  ASSERT_TRUE(holds("1", "last-one").ok());
  const auto captured = captures("1");
  ASSERT_TRUE(captured.ok());
  ASSERT_TRUE(redemptions().reverse({{"web", "1"}}).ok());
  EXPECT_EQ(shop_->available(), 100);
  EXPECT_EQ(shop_->engine().vouchers().show(captured->voucher)->state, "cancelled");
  EXPECT_TRUE(holds("2", "last-one").ok());
}

TEST_P(HeldReward, whose_voucher_was_used_is_not_reversed) {
  shop_->has("anna", 100);
  ASSERT_TRUE(holds("1", "ten-off").ok());
  const auto captured = captures("1");
  const std::vector<VoucherBasketLine> lines{{"1", "60.00"}};
  const auto used =
      shop_->engine().vouchers().redeem(RewardShop::request(captured->voucher, "1", lines, "anna"));
  ASSERT_TRUE(used.ok()) << Shop::describe(used.error());
  EXPECT_EQ(redemptions().reverse({{"web", "1"}}).error().code, ErrorCode::kInvalidState);
  EXPECT_EQ(shop_->available(), 0);
}

TEST_P(HeldReward, of_a_partner_keeps_a_code_back) {
  shop_->has("anna", 100);
  VoucherOrder order{{"desk", "V-1"}, "clerk", "from the opera"};
  order.pool = "opera";
  order.waits = order.partner = true;
  order.codes = {"OPERA-1", "OPERA-2"};
  const auto stocked = shop_->engine().vouchers().issue({&order, 1}).front();
  ASSERT_TRUE(stocked.ok()) << Shop::describe(stocked.error());
  ASSERT_TRUE(holds("1", "partner").ok());
  ASSERT_TRUE(shop_->takes("2", "partner").ok());
  shop_->has("berta", 100);
  EXPECT_EQ(shop_->takes("3", "partner", "berta").error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(holds("4", "partner", "berta").error().code, ErrorCode::kLimitReached);
  EXPECT_FALSE(captures("1")->voucher.empty());
}

TEST_P(HeldReward, and_vouchers_of_a_merged_member_are_had_by_who_stays) {
  const auto anna = shop_->has("anna", 300), berta = shop_->has("berta", 0);
  ASSERT_TRUE(holds("1", "ten-off").ok());
  ASSERT_TRUE(holds("2", "last-one").ok());
  const auto code = captures("1")->voucher;
  const std::vector<VoucherBasketLine> lines{{"1", "60.00"}};
  const auto reserved =
      shop_->engine().vouchers().reserve(RewardShop::request(code, "1", lines, "anna"));
  ASSERT_TRUE(reserved.ok()) << Shop::describe(reserved.error());
  ASSERT_TRUE(
      shop_->engine().merging().merge({{"desk", "M-1"}, berta, anna, "ana", "one person"}).ok());
  const auto given = captures("2");
  ASSERT_TRUE(given.ok()) << Shop::describe(given.error());
  EXPECT_EQ(shop_->engine().vouchers().of_member(berta, "", 10)->size(), 2U);
  const auto used =
      shop_->engine().vouchers().redeem(RewardShop::request(code, "1", lines, "berta"));
  EXPECT_TRUE(used.ok()) << Shop::describe(used.error());
  EXPECT_EQ(holds("3", "last-one").error().code, ErrorCode::kLimitReached);
}

TEST_P(HeldReward, B9_is_held_as_often_as_the_limit_says) {
  shop_->has("anna", 100);
  std::atomic<int> held = 0, refused = 0;
  {
    std::vector<std::jthread> carts;
    for (int i = 0; i < 15; ++i) {
      carts.emplace_back([&, i] {
        const auto answer = holds("cart-" + std::to_string(i), "three-each");
        if (answer) ++held;
        if (!answer && answer.error().code == ErrorCode::kLimitReached) ++refused;
      });
    }
  }
  EXPECT_EQ(held, 3);
  EXPECT_EQ(refused, 12);
}

TEST_P(HeldReward, that_is_the_last_one_is_given_once_however_holds_end) {
  constexpr int kCarts = 50;
  for (int i = 0; i < kCarts; ++i) shop_->has("m-" + std::to_string(i), 100);
  std::atomic<int> given = 0, wrong = 0;
  {
    std::vector<std::jthread> carts;
    for (int i = 0; i < kCarts; ++i) {
      carts.emplace_back([&, i] {
        const auto id = "cart-" + std::to_string(i);
        const auto held = holds(id, "last-one", "m-" + std::to_string(i));
        if (!held) {
          wrong += held.error().code == ErrorCode::kLimitReached ? 0 : 1;
          return;
        }
        const auto ended = i % 2 == 0 ? captures(id) : releases(id);
        if (!ended) ++wrong;
        if (i % 2 == 0) ++given;
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(given, 1);
  shop_->has("zoe", 100);
  EXPECT_EQ(holds("at last", "last-one", "zoe").ok(), given == 0);
}

}  // namespace
}  // namespace laurel::test
