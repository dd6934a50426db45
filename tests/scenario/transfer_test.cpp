// Points between members.

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "redeeming.hpp"

namespace laurel::test {
namespace {

class Transferring : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Transferring, each_store(), store_name);

class Two : public Counter {
 public:
  explicit Two(const std::string& store = "memory:") : Counter(kPaying, store) {
    gives(500);
    posts(sale("R-berta", {"0.10"}, "berta"));
  }
  Transfer moving(const std::string& id, std::int64_t points, bool back = false) {
    const auto anna = member("anna").id, berta = member("berta").id;
    return {.key = {"desk", id},
            .from = back ? berta : anna,
            .to = back ? anna : berta,
            .points = Points(points),
            .actor = "clerk",
            .reason = "asked for"};
  }
  Result<TransferReceipt> moves(const Transfer& transfer) {
    return engine().transfers().move(transfer);
  }
};

TEST_P(Transferring, B2_two_at_once_move_what_is_there_once) {
  Two shop(uri());
  const auto one = shop.moving("T-1", 500), other = shop.moving("T-2", 500);
  int moved = 0;
  {
    std::atomic<int> done = 0;
    std::jthread first([&] { done += shop.moves(one).ok() ? 1 : 0; });
    std::jthread second([&] { done += shop.moves(other).ok() ? 1 : 0; });
    first.join();
    second.join();
    moved = done;
  }
  EXPECT_EQ(moved, 1);
  EXPECT_EQ(shop.available("anna"), 0);
  EXPECT_EQ(shop.available("berta"), 500);
  shop.adds_up();
}

TEST_P(Transferring, B2_to_and_fro_leaves_the_total) {
  Two shop(uri());
  const auto there = shop.moving("", 7), back = shop.moving("", 5, true);
  std::atomic<int> strange = 0;
  {
    std::vector<std::jthread> desks;
    for (int desk = 0; desk < 4; ++desk) {
      desks.emplace_back([&, desk] {
        for (int i = 0; i < 50; ++i) {
          auto transfer = desk % 2 == 0 ? there : back;
          transfer.key.id = std::to_string(desk) + "-" + std::to_string(i);
          const auto moved = shop.moves(transfer);
          if (!moved && moved.error().code != ErrorCode::kInsufficientPoints) ++strange;
        }
      });
    }
  }
  EXPECT_EQ(strange, 0);
  EXPECT_EQ(shop.available("anna") + shop.available("berta"), 500);
  shop.adds_up();
}

TEST_P(Transferring, the_points_die_when_they_would_have) {
  Two shop(uri());
  ASSERT_TRUE(shop.moves(shop.moving("T-1", 200)).ok());
  EXPECT_TRUE(shop.moves(shop.moving("T-1", 200))->replayed);
  EXPECT_EQ(shop.moves(shop.moving("T-1", 100)).error().code, ErrorCode::kConflict);
  const auto hers = shop.member("anna"), others = shop.member("berta");
  ASSERT_EQ(others.wallets[0].lots.size(), 1u);
  EXPECT_EQ(others.wallets[0].lots[0].expires_at, hers.wallets[0].lots[0].expires_at);
  EXPECT_EQ(shop.available("anna"), 300);
  EXPECT_EQ(shop.available("berta"), 200);
  shop.adds_up();
}

TEST_P(Transferring, a_hundred_days_of_points_keep_their_days) {
  Two shop(uri());
  Instant day = at("2025-03-02T10:00:00Z");
  for (int i = 0; i < 100; ++i, day += std::chrono::hours(24)) {
    shop.clock().set(day);
    shop.posts(sale("R-" + std::to_string(i), {"1.00"}));
  }
  ASSERT_TRUE(shop.moves(shop.moving("T-1", 600)).ok());
  EXPECT_EQ(shop.member("berta").wallets[0].lots.size(), 101u);
  EXPECT_EQ(shop.available("berta"), 600);
  shop.adds_up();
}

TEST(Transfers, are_refused_for_no_reason_nobody_nothing_and_the_frozen) {
  Two shop;
  auto transfer = shop.moving("T-1", 100);
  transfer.reason.clear();
  EXPECT_EQ(shop.moves(transfer).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(shop.moves(shop.moving("T-1", 0)).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(shop.moves(shop.moving("T-1", -5)).error().code, ErrorCode::kInvalid);
  transfer = shop.moving("T-1", 100);
  transfer.to = transfer.from;
  EXPECT_EQ(shop.moves(transfer).error().code, ErrorCode::kInvalid);
  transfer = shop.moving("T-1", 100);
  transfer.to = MemberId(99);
  EXPECT_EQ(shop.moves(transfer).error().code, ErrorCode::kUnknownMember);
  ASSERT_TRUE(shop.engine()
                  .change(shop.member("berta").id,
                          {.status = MemberStatus::kFrozen, .actor = "desk", .reason = "x"})
                  .ok());
  EXPECT_EQ(shop.moves(shop.moving("T-1", 100)).error().code, ErrorCode::kMemberNotActive);
  EXPECT_EQ(shop.moves(shop.moving("T-1", 501, true)).error().code, ErrorCode::kMemberNotActive);
  EXPECT_EQ(shop.available(), 500);
}

}  // namespace
}  // namespace laurel::test
