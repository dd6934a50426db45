// Households: members who may spend each other's points, each keeping her own.

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "laurel/privacy.hpp"
#include "redeeming.hpp"

namespace laurel::test {
namespace {

RedemptionRequest with_pool(const std::string& id, std::int64_t points,
                            const std::string& card = "anna") {
  auto request = asking(id, points, card);
  request.pool = true;
  return request;
}

// Anna is the head, berta and carla contribute; berta may spend.
class Household : public EachStore {
 protected:
  void SetUp() override {
    shop_ = std::make_unique<Counter>(kPaying, uri());
    shop_->is("2025-01-10T10:00:00Z");
    shop_->gives(300, "berta");
    shop_->is("2025-02-10T10:00:00Z");
    shop_->gives(200, "anna");
    shop_->is("2025-03-01T10:00:00Z");
    shop_->gives(100, "carla");
    const auto opened = pools().open({{"desk", "P-1"}, id("anna"), "clerk", "asked for it"});
    ASSERT_TRUE(opened.ok()) << Shop::describe(opened.error());
    home_ = opened->id;
    joins("berta", true);
    joins("carla", false);
  }
  void TearDown() override { shop_->adds_up(); }

  Pools pools() { return shop_->engine().pools(); }
  MemberId id(const std::string& card) { return shop_->member(card).id; }
  void joins(const std::string& card, bool spends) {
    const auto joined = pools().join(
        {{"desk", "J-" + card}, home_, id(card), spends, true, "clerk", "asked for it"});
    ASSERT_TRUE(joined.ok()) << Shop::describe(joined.error());
  }
  Result<Redemption> holds(const std::string& key, std::int64_t points,
                           const std::string& card = "anna") {
    return shop_->redemptions().hold(with_pool(key, points, card));
  }
  void freezes(const std::string& card) {
    MemberChange freeze;
    freeze.status = MemberStatus::kFrozen;
    freeze.actor = "desk";
    freeze.reason = "a stolen card";
    ASSERT_TRUE(shop_->engine().change(id(card), freeze).ok());
  }
  std::vector<std::int64_t> balances() {
    return {shop_->available("anna"), shop_->available("berta"), shop_->available("carla")};
  }
  using Three = std::vector<std::int64_t>;

  std::unique_ptr<Counter> shop_;
  PoolId home_;
};

INSTANTIATE_TEST_SUITE_P(Stores, Household, each_store(), store_name);

TEST_P(Household, shows_who_is_in_it_and_what_they_have) {
  const auto pool = pools().get(home_);
  ASSERT_TRUE(pool.ok());
  ASSERT_EQ(pool->members.size(), 3U);
  EXPECT_TRUE(pool->members[0].head && pool->members[0].spends);
  EXPECT_TRUE(pool->members[1].spends);
  EXPECT_FALSE(pool->members[2].spends);
  EXPECT_EQ(pool->wallets.front().available, Points(600));
  EXPECT_EQ(pools().of_member(id("carla"))->id, home_);
  EXPECT_EQ(*PoolId::parse(home_.text()), home_);
  EXPECT_EQ(pools().get(PoolId(1'000'000)).error().code, ErrorCode::kNotFound);
}

TEST_P(Household, A7_the_same_request_changes_it_once) {
  const auto again = pools().open({{"desk", "P-1"}, id("anna"), "clerk", "asked for it"});
  ASSERT_TRUE(again.ok()) << Shop::describe(again.error());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->id, home_);
  const auto other =
      pools().join({{"desk", "J-berta"}, home_, id("berta"), false, true, "clerk", "asked for it"});
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  EXPECT_EQ(pools().open({{"desk", "P-2"}, id("carla"), "clerk", "x"}).error().code,
            ErrorCode::kInvalidState);
}

TEST_P(Household, spends_first_what_dies_first_whose_ever_it_is) {
  const auto held = holds("RD-1", 450);
  ASSERT_TRUE(held.ok()) << Shop::describe(held.error());
  EXPECT_EQ(held->points, Points(450));
  EXPECT_EQ(balances(), (Three{50, 0, 100}));
  ASSERT_EQ(held->shares.size(), 2U);
  EXPECT_EQ(held->shares[0].points, Points(150));
  EXPECT_EQ(held->shares[1].points, Points(300));
  const auto captured = shop_->redemptions().capture({{"web", "RD-1"}});
  ASSERT_TRUE(captured.ok()) << Shop::describe(captured.error());
  EXPECT_EQ(captured->worth, "4.50");
  EXPECT_EQ(shop_->held("berta") + shop_->held("anna"), 0);
  EXPECT_EQ(holds("RD-1", 450)->entry, held->entry);
}

TEST_P(Household, is_spent_from_by_those_who_may) {
  EXPECT_EQ(holds("RD-1", 100, "carla").error().code, ErrorCode::kNotRedeemable);
  EXPECT_TRUE(holds("RD-2", 350, "berta").ok());
  EXPECT_EQ(balances(), (Three{150, 0, 100}));
  shop_->gives(100, "dora");
  EXPECT_EQ(holds("RD-3", 100, "dora").error().code, ErrorCode::kNotRedeemable);
}

TEST_P(Household, gets_back_to_each_hers_when_it_is_released) {
  ASSERT_TRUE(holds("RD-1", 450).ok());
  const auto released = shop_->redemptions().release({{"web", "RD-1"}});
  ASSERT_TRUE(released.ok()) << Shop::describe(released.error());
  EXPECT_EQ(released->state, RedemptionState::kReleased);
  EXPECT_EQ(balances(), (Three{200, 300, 100}));
  EXPECT_EQ(shop_->redemptions().get({"web", "RD-1"})->state, RedemptionState::kReleased);
}

TEST_P(Household, K3_gets_back_to_each_hers_when_time_runs_out) {
  ASSERT_TRUE(holds("RD-1", 450).ok());
  const auto extended = shop_->redemptions().extend({{"web", "RD-1"}, "", std::chrono::hours(1)});
  ASSERT_TRUE(extended.ok()) << Shop::describe(extended.error());
  shop_->is("2025-03-01T10:59:59Z");
  EXPECT_EQ(balances(), (Three{50, 0, 100}));
  shop_->is("2025-03-01T11:00:00Z");
  EXPECT_EQ(balances(), (Three{200, 300, 100}));
  const auto late = shop_->redemptions().capture({{"web", "RD-1"}});
  EXPECT_EQ(late.error().code, ErrorCode::kHoldExpired);
}

TEST_P(Household, captures_a_part_of_what_dies_first) {
  ASSERT_TRUE(holds("RD-1", 550).ok());
  const auto loosened = shop_->redemptions().release({{"web", "RD-1"}, "L", Points(50)});
  ASSERT_TRUE(loosened.ok()) << Shop::describe(loosened.error());
  EXPECT_EQ(loosened->points, Points(500));
  EXPECT_EQ(balances(), (Three{0, 0, 100}));
  const auto captured = shop_->redemptions().capture({{"web", "RD-1"}, "", Points(250)});
  ASSERT_TRUE(captured.ok()) << Shop::describe(captured.error());
  EXPECT_EQ(balances(), (Three{200, 50, 100}));
}

TEST_P(Household, gets_back_to_each_hers_when_it_is_reversed) {
  ASSERT_TRUE(holds("RD-1", 450).ok());
  ASSERT_TRUE(shop_->redemptions().capture({{"web", "RD-1"}}).ok());
  const auto reversed = shop_->redemptions().reverse({{"web", "RD-1"}});
  ASSERT_TRUE(reversed.ok()) << Shop::describe(reversed.error());
  EXPECT_EQ(reversed->state, RedemptionState::kReversed);
  EXPECT_EQ(balances(), (Three{200, 300, 100}));
}

TEST_P(Household, pays_a_sale_and_gets_returns_back_to_whose_they_were) {
  ASSERT_TRUE(holds("RD-1", 450).ok());
  auto paid = sale("R-1", {"2.00", "2.50"});
  paid.key.source = "web";
  paid.tenders = {{"points", "4.50", {}, "RD-1"}};
  shop_->posts(paid);
  const auto earned_by_it = shop_->available("anna") - 50;
  EXPECT_EQ(balances(), (Three{50 + earned_by_it, 0, 100}));
  auto back = return_of_line("X-1", "R-1", "1");
  back.key.source = "web";
  back.original->source = "web";
  shop_->posts(back);
  EXPECT_EQ(shop_->available("berta"), 200);
  back = return_of_line("X-2", "R-1", "2");
  back.key.source = "web";
  back.original->source = "web";
  shop_->posts(back);
  EXPECT_EQ(balances(), (Three{200, 300, 100}));
  auto undone = void_of("V-1", "X-2");
  undone.key.source = "web";
  undone.original->source = "web";
  shop_->posts(undone);
  EXPECT_EQ(shop_->available("berta"), 200);
}

TEST_P(Household, gets_back_what_paid_a_sale_whose_return_came_first) {
  ASSERT_TRUE(holds("RD-1", 450).ok());
  auto early = return_of("X-1", "R-1");
  early.original->source = "web";
  shop_->posts(early);
  auto paid = sale("R-1", {"2.00", "2.50"});
  paid.key.source = "web";
  paid.tenders = {{"points", "4.50", {}, "RD-1"}};
  shop_->posts(paid);
  EXPECT_EQ(balances(), (Three{200, 300, 100}));
}

TEST_P(Household, B1_two_of_its_members_never_overspend_it) {
  std::atomic<int> held = 0, refused = 0;
  {
    std::vector<std::jthread> tills;
    for (int till = 0; till < 4; ++till) {
      tills.emplace_back([&, till] {
        for (int i = 0; i < 10; ++i) {
          const auto key = "RD-" + std::to_string(till) + "-" + std::to_string(i);
          const auto answer = holds(key, 100, till % 2 == 0 ? "anna" : "berta");
          if (answer) ++held;
          if (!answer && answer.error().code == ErrorCode::kInsufficientPoints) ++refused;
        }
      });
    }
  }
  EXPECT_EQ(held, 6);
  EXPECT_EQ(refused, 34);
  EXPECT_EQ(balances(), (Three{0, 0, 0}));
}

TEST_P(Household, leaves_the_points_of_a_frozen_member_alone) {
  freezes("berta");
  EXPECT_EQ(pools().get(home_)->wallets.front().available, Points(300));
  EXPECT_FALSE(pools().get(home_)->members[1].active);
  EXPECT_EQ(holds("RD-1", 301).error().code, ErrorCode::kInsufficientPoints);
  EXPECT_TRUE(holds("RD-2", 300).ok());
  EXPECT_EQ(holds("RD-3", 100, "berta").error().code, ErrorCode::kMemberNotActive);
}

TEST_P(Household, captures_nothing_of_who_was_frozen_since) {
  ASSERT_TRUE(holds("RD-1", 450).ok());
  freezes("berta");
  EXPECT_EQ(shop_->redemptions().capture({{"web", "RD-1"}}).error().code,
            ErrorCode::kMemberNotActive);
  EXPECT_TRUE(shop_->redemptions().release({{"web", "RD-1"}}).ok());
  EXPECT_EQ(shop_->available("berta"), 300);
}

TEST_P(Household, is_left_with_ones_own_points) {
  const auto left = pools().leave({{"desk", "L-1"}, home_, id("anna"), "clerk", "moved out"});
  ASSERT_TRUE(left.ok()) << Shop::describe(left.error());
  ASSERT_EQ(left->members.size(), 2U);
  EXPECT_TRUE(left->members[0].head);
  EXPECT_EQ(left->members[0].member, id("berta"));
  EXPECT_EQ(left->wallets.front().available, Points(400));
  EXPECT_EQ(balances(), (Three{200, 300, 100}));
  EXPECT_EQ(holds("RD-1", 100, "anna").error().code, ErrorCode::kNotRedeemable);
  const auto again = pools().leave({{"desk", "L-2"}, home_, id("anna"), "clerk", "moved out"});
  EXPECT_EQ(again.error().code, ErrorCode::kInvalidState);
  EXPECT_TRUE(pools().open({{"desk", "P-2"}, id("anna"), "clerk", "alone"}).ok());
}

TEST_P(Household, keeps_the_place_of_who_is_merged_and_gives_it_back) {
  shop_->gives(50, "dora");
  const auto dora = id("dora"), carla = id("carla");
  ASSERT_TRUE(shop_->engine().merging().merge({{"desk", "M-1"}, dora, carla, "ana", "same"}).ok());
  EXPECT_EQ(pools().get(home_)->members[2].member, dora);
  EXPECT_EQ(pools().get(home_)->wallets.front().available, Points(650));
  ASSERT_TRUE(holds("RD-1", 650).ok());
  ASSERT_TRUE(shop_->redemptions().release({{"web", "RD-1"}}).ok());
  const auto parted =
      shop_->engine().merging().unmerge({{"desk", "U-1"}, {"desk", "M-1"}, dora, "ana", "sisters"});
  ASSERT_TRUE(parted.ok()) << Shop::describe(parted.error());
  EXPECT_EQ(pools().get(home_)->members[2].member, carla);
  EXPECT_EQ(pools().get(home_)->wallets.front().available, Points(600));
}

TEST_P(Household, is_one_place_for_two_of_it_who_are_one) {
  const auto anna = id("anna"), carla = id("carla");
  ASSERT_TRUE(holds("RD-1", 550).ok());
  const auto merged =
      shop_->engine().merging().merge({{"desk", "M-1"}, anna, carla, "ana", "same"});
  ASSERT_TRUE(merged.ok()) << Shop::describe(merged.error());
  const auto together = pools().get(home_);
  ASSERT_EQ(together->members.size(), 2U);
  EXPECT_EQ(together->members[0].member, anna);
  EXPECT_TRUE(together->members[0].spends);
  EXPECT_EQ(together->wallets.front().available, Points(50));
  ASSERT_TRUE(shop_->redemptions().capture({{"web", "RD-1"}}).ok());
  EXPECT_FALSE(holds("RD-2", 51).ok());
  ASSERT_TRUE(holds("RD-3", 50).ok());
  ASSERT_TRUE(shop_->redemptions().release({{"web", "RD-3"}}).ok());
  const auto parted =
      shop_->engine().merging().unmerge({{"desk", "U-1"}, {"desk", "M-1"}, anna, "ana", "sisters"});
  ASSERT_TRUE(parted.ok()) << Shop::describe(parted.error());
  EXPECT_EQ(pools().get(home_)->members.size(), 3U);
}

TEST_P(Household, is_left_with_both_places_of_who_was_merged) {
  const auto berta = id("berta"), carla = id("carla");
  ASSERT_TRUE(shop_->engine().merging().merge({{"desk", "M-1"}, carla, berta, "ana", "same"}).ok());
  const auto less =
      pools().join({{"desk", "J-2"}, home_, carla, false, true, "clerk", "she may no more"});
  ASSERT_TRUE(less.ok()) << Shop::describe(less.error());
  EXPECT_FALSE(pools().get(home_)->members[1].spends);
  const PoolLeaving leaving{{"desk", "L-1"}, home_, carla, "clerk", "moved out"};
  const auto left = pools().leave(leaving);
  ASSERT_TRUE(left.ok()) << Shop::describe(left.error());
  EXPECT_EQ(left->members.size(), 1U);
  EXPECT_TRUE(pools().leave(leaving)->replayed);
  EXPECT_FALSE(pools().of_member(carla).ok());
  EXPECT_FALSE(pools().of_member(berta).ok());
}

TEST_P(Household, of_another_one_must_be_left_before_two_are_one) {
  shop_->gives(50, "dora");
  ASSERT_TRUE(pools().open({{"desk", "P-2"}, id("dora"), "clerk", "asked for it"}).ok());
  const auto dora = id("dora"), carla = id("carla");
  const Merge merge{{"desk", "M-1"}, dora, carla, "ana", "same"};
  const auto refused = shop_->engine().merging().merge(merge);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidState);
  EXPECT_EQ(refused.error().detail, "they are in two pools, " + pools().of_member(dora)->id.text() +
                                        " and " + home_.text() +
                                        ": let one of them leave hers, and merge them then");
  ASSERT_TRUE(pools().leave({{"desk", "L-1"}, home_, carla, "clerk", "as it says"}).ok());
  EXPECT_TRUE(shop_->engine().merging().merge(merge).ok());
}

TEST_P(Household, is_left_by_who_is_erased) {
  const auto berta = id("berta");
  ASSERT_TRUE(shop_->engine().privacy().erase({{"desk", "E-1"}, berta, "ana", "asked"}).ok());
  const auto pool = pools().get(home_);
  ASSERT_EQ(pool->members.size(), 2U);
  EXPECT_EQ(pool->wallets.front().available, Points(300));
}

TEST_P(Household, shows_its_holds_in_the_statements_of_its_members) {
  ASSERT_TRUE(holds("RD-1", 450).ok());
  shop_->is("2025-03-01T10:05:00Z");
  const auto statement =
      shop_->engine().statement(id("berta"), shop_->clock().now(), TimeBasis::kBooking);
  ASSERT_TRUE(statement.ok());
  EXPECT_EQ(statement->wallets.front().held, Points(300));
  const auto page = shop_->engine().ledger(id("berta"), {}, 10);
  EXPECT_EQ(page->entries[0].kind, "hold");
  EXPECT_EQ(page->entries[1].kind, "pool");
}

}  // namespace
}  // namespace laurel::test
