// The catalogue: what a member can have, what is missing for the rest, and taking it.

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "reward_kit.hpp"

namespace laurel::test {
namespace {

class Rewards : public EachStore {
 protected:
  void SetUp() override { shop_ = std::make_unique<RewardShop>("", uri()); }
  void TearDown() override { shop_->adds_up(); }

  RewardOffer offer(const std::string& id, const std::string& language = "",
                    const std::string& card = "anna") {
    RewardQuestion question;
    question.identifiers = {{"card", card}};
    question.language = language;
    const auto offers = shop_->engine().rewards().list(question);
    EXPECT_TRUE(offers.ok());
    for (const auto& one : *offers) {
      if (one.id == id) return one;
    }
    ADD_FAILURE() << "no offer " << id;
    return {};
  }

  std::unique_ptr<RewardShop> shop_;
};

INSTANTIATE_TEST_SUITE_P(Stores, Rewards, each_store(), store_name);

TEST_P(Rewards, say_what_is_missing) {
  shop_->has("anna", 150);
  EXPECT_TRUE(offer("ten-off").available);
  const auto tea = offer("tea");
  EXPECT_FALSE(tea.available);
  EXPECT_EQ(tea.points_missing, Points(250));
  EXPECT_EQ(tea.stock_left, 1000);
  EXPECT_EQ(tea.left_for_member, 1);
  EXPECT_EQ(offer("gold-tea").missing.front().code, "tier");
  EXPECT_EQ(offer("coffee").missing.front().code, "not_for_points");
  EXPECT_EQ(offer("partner").missing.front().code, "stock");
}

TEST_P(Rewards, are_named_in_the_members_language_with_fallback) {
  shop_->has("anna", 0);
  EXPECT_EQ(offer("ten-off", "fr").name, "Dix de moins");
  EXPECT_EQ(offer("ten-off", "fr-CA").name, "Dix de moins");
  EXPECT_EQ(offer("ten-off", "ja").name, "Ten off");
  EXPECT_EQ(offer("tea", "fr").name, "Afternoon tea for two");
  EXPECT_EQ(offer("tea", "fr").terms, "Not on Sundays");
  EXPECT_EQ(offer("coffee").name, "coffee");
}

TEST_P(Rewards, cost_their_points_once) {
  shop_->has("anna", 150);
  const auto taken = shop_->takes("1", "ten-off");
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(taken->cost, Points(100));
  const auto again = shop_->takes("1", "ten-off");
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->voucher, taken->voucher);
  EXPECT_EQ(shop_->available(), 50);
  EXPECT_EQ(shop_->takes("2", "ten-off").error().code, ErrorCode::kInsufficientPoints);
  EXPECT_EQ(shop_->takes("1", "tea").error().code, ErrorCode::kConflict);
  EXPECT_EQ(shop_->takes("3", "gold-tea").error().code, ErrorCode::kNotAvailable);
  EXPECT_EQ(shop_->takes("4", "nothing").error().code, ErrorCode::kUnknownReward);
}

TEST_P(Rewards, have_a_price_of_their_own_at_a_level) {
  shop_->has("anna", 0);
  shop_->posts(sale("R-1", {"1200.00"}));
  EXPECT_EQ(shop_->tier(), "gold");
  EXPECT_EQ(shop_->takes("1", "gold-tea")->cost, Points(10));
}

TEST_P(Rewards, are_voided_of_their_time) {
  const auto anna = shop_->has("anna", 100);
  const auto taken = shop_->takes("1", "ten-off");
  const auto vouchers = shop_->engine().vouchers().of_member(anna, "", 10);
  ASSERT_EQ(vouchers->size(), 1u);
  EXPECT_EQ(vouchers->front().code, taken->voucher);
  EXPECT_EQ(vouchers->front().state, "valid");
  shop_->is("2025-05-30T21:59:59Z");  // the end of the ninetieth local day
  EXPECT_EQ(shop_->engine().vouchers().show(taken->voucher)->state, "valid");
  shop_->is("2025-05-30T22:00:00Z");
  EXPECT_EQ(shop_->engine().vouchers().show(taken->voucher)->state, "expired");
}

TEST_P(Rewards, E11_take_no_callers_word_for_price_or_level) {
  shop_->has("anna", 150);
  shop_->has("berta", 0);
  const auto taken = shop_->takes("1", "ten-off");
  const std::vector<VoucherBasketLine> lines{{"1", "60.00"}};
  const auto stolen =
      shop_->engine().vouchers().redeem(RewardShop::request(taken->voucher, "1", lines, "berta"));
  EXPECT_EQ(stolen.error().code, ErrorCode::kVoucherNotValid);
  EXPECT_EQ(shop_->takes("2", "tea", "berta").error().code, ErrorCode::kInsufficientPoints);
}

TEST_P(Rewards, of_a_frozen_member_are_not_had) {
  const auto anna = shop_->has("anna", 150);
  MemberChange freeze;
  freeze.status = MemberStatus::kFrozen;
  freeze.actor = "desk";
  freeze.reason = "a stolen card";
  ASSERT_TRUE(shop_->engine().change(anna, freeze).ok());
  EXPECT_EQ(shop_->takes("1", "ten-off").error().code, ErrorCode::kMemberNotActive);
}

TEST_P(Rewards, B9_of_a_member_are_taken_as_often_as_the_limit_says) {
  shop_->has("anna", 400 * 50);
  std::atomic<int> taken = 0, refused = 0;
  std::vector<std::thread> carts;
  for (int i = 0; i < 50; ++i) {
    carts.emplace_back([&, i] {
      const auto answer = shop_->takes("cart-" + std::to_string(i), "tea");
      if (answer) {
        ++taken;
      } else if (answer.error().code == ErrorCode::kLimitReached) {
        ++refused;
      }
    });
  }
  for (auto& cart : carts) cart.join();
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(refused, 49);
  EXPECT_EQ(shop_->available(), 400 * 49);
}

// 0: all were answered as they should be. The rest of the checkouts of one process.
int check_out(const std::string& store, int process, int checkouts, int& taken) {
  ManualClock clock(at("2025-03-01T10:00:00Z"));
  const auto opened = open_store(store);
  if (!opened) return 1;
  const auto engine = Engine::open({*opened, &clock, nullptr});
  if (!engine) return 2;
  std::atomic<int> got = 0, wrong = 0;
  std::vector<std::thread> tills;
  for (int till = 0; till < 4; ++till) {
    tills.emplace_back([&, till] {
      for (int i = till; i < checkouts; i += 4) {
        const std::string name = std::to_string(process) + "-" + std::to_string(i);
        RewardRequest request{{"till", name}, "last-ones"};
        request.identifiers = {{"card", "m-" + std::to_string(i % 100)}};
        const auto answer = (*engine)->rewards().take(request);
        if (answer) {
          ++got;
        } else if (answer.error().code != ErrorCode::kLimitReached) {
          ++wrong;
        }
      }
    });
  }
  for (auto& till : tills) till.join();
  taken = got;
  return wrong;
}

TEST(RewardStock, B9_is_given_exactly_as_often_as_there_is_by_four_processes) {
  store::Folder folder;
  const std::string rules =
      "    - id: last-ones\n      cost: 1 point\n      gives: { product: scarf }\n"
      "      stock: 1000\n";
  {
    // Closed again before the first child is made: no connection may be carried over.
    RewardShop shop(rules, folder.uri());
    for (int i = 0; i < 100; ++i) shop.has("m-" + std::to_string(i), 100);
  }
  std::vector<std::pair<pid_t, int>> children;
  for (int process = 0; process < 4; ++process) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      int taken = 0;
      const int wrong = check_out(folder.uri(), process, 1'250, taken);
      const bool told = write(ends[1], &taken, sizeof taken) == sizeof taken;
      _exit(wrong == 0 && told ? 0 : 1);
    }
    close(ends[1]);
    children.emplace_back(child, ends[0]);
  }
  int all = 0;
  for (const auto& [child, end] : children) {
    int taken = 0, status = 0;
    EXPECT_EQ(read(end, &taken, sizeof taken), static_cast<ssize_t>(sizeof taken));
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    all += taken;
  }
  EXPECT_EQ(all, 1'000);
  RewardShop(rules, folder.uri()).adds_up();
}

}  // namespace
}  // namespace laurel::test
