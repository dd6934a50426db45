// Sales paid with points, and what comes back with their returns.

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "laurel/review.hpp"
#include "redeeming.hpp"

namespace laurel::test {
namespace {

class Paying : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Paying, each_store(), store_name);

const std::string kEarnOnTheRest =
    replaced(kPaying, "  amount: after_discounts\n",
             "  amount: after_discounts\n  tenders_that_do_not_earn: [points]\n");
const std::string kPointIsOne = replaced(kEarnOnTheRest, "points: 100, worth", "points: 1, worth");

// 200 points are worth 1.00.
const std::string kHalfCents = replaced(kEarnOnTheRest, "points: 100, worth", "points: 200, worth");

TEST_P(Paying, E4_points_spent_on_another_channel_are_deducted) {
  Counter shop(kPointIsOne, uri());
  shop.posts(sale("A", {"106.00"}));
  auto spent = paid_with("B", "106.00", "50.00");
  spent.channel = "online";
  const auto quoted = shop.engine().quote(spent);
  const auto receipt = shop.posts(spent);
  EXPECT_EQ(earned(receipt), 56);
  EXPECT_EQ(earned(*quoted), 56);
  ASSERT_EQ(receipt.paid.size(), 1u);
  EXPECT_EQ(receipt.paid[0].points, Points(50));
  EXPECT_EQ(quoted->wallets, receipt.wallets);
  std::vector<std::int64_t> moved;
  const auto page = *shop.engine().entries({}, 100);
  for (const auto& entry : page.entries) {
    for (const auto& posting : entry.postings) {
      if (posting.account == "available") moved.push_back(posting.amount.units());
    }
  }
  EXPECT_EQ(moved, (std::vector<std::int64_t>{106, -50, 56}));
  EXPECT_EQ(shop.available(), 112);
  EXPECT_TRUE(shop.posts(spent).replayed);
  EXPECT_EQ(shop.available(), 112);
  shop.adds_up();
}

struct Base {
  const char* earn_on;
  std::int64_t earned;
};
class D2 : public testing::TestWithParam<Base> {};

TEST_P(D2, the_part_paid_with_points_earns_as_declared) {
  Counter shop(replaced(
      kPointIsOne, "tenders_that_do_not_earn: [points]",
      std::string("tenders_that_do_not_earn: [points]\n  earn_on: ") + GetParam().earn_on));
  shop.gives(500);
  EXPECT_EQ(earned(shop.posts(paid_with("R-1", "100.00", "50.00"))), GetParam().earned);
  shop.adds_up();
}
constexpr Base kBases[] = {{"cash_part", 50}, {"gross", 100}, {"none_if_redeemed", 0}};
INSTANTIATE_TEST_SUITE_P(EarnOn, D2, testing::ValuesIn(kBases),
                         [](const auto& row) { return std::string(row.param.earn_on); });

TEST_P(Paying, C3_what_was_paid_with_points_comes_back_as_points) {
  Counter shop(kHalfCents, uri());
  shop.gives(500);
  const auto sold = shop.posts(paid_with("R-1", "36.09", "0.88"));
  EXPECT_EQ(sold.paid[0].points, Points(176));
  EXPECT_EQ(earned(sold), 35);
  const auto back = shop.posts(return_of("X-1", "R-1"));
  EXPECT_EQ(back.refund->money, "35.21");
  EXPECT_EQ(back.refund->points, Points(176));
  EXPECT_EQ(reversed(back), 35);
  EXPECT_EQ(back.reversed[0].from_available, Points(35));
  EXPECT_EQ(shop.available(), 500);
  EXPECT_EQ(shop.posts(return_of("X-1", "R-1")).refund->points, Points(176));
  shop.adds_up();
}

TEST_P(Paying, C3_parts_that_come_back_add_up) {
  Counter shop(kHalfCents, uri());
  shop.gives(500);
  auto sold = sale("R-1", {"10.00", "20.00", "6.09"});
  sold.tenders = {{"points", "0.88"}, {"cash", "35.21"}};
  shop.posts(sold);
  Points points;
  std::int64_t cents = 0;
  for (const auto* line : {"1", "3", "2"}) {
    const auto back = shop.posts(return_of_line(std::string("X-") + line, "R-1", line));
    points += back.refund->points;
    cents += Money::parse(back.refund->money, *Currency::of("EUR"))->minor();
  }
  EXPECT_EQ(points, Points(176));
  EXPECT_EQ(cents, 3521);
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

// What the return waited for is booked together with what pays it.
TEST_P(Paying, C9_what_points_paid_comes_back_with_a_return_that_came_before_its_sale) {
  for (const auto* redemption : {"", "held", "captured"}) {
    Counter shop(kPointIsOne, std::string(redemption).empty() ? uri() : "memory:");
    shop.gives(500);
    auto sold = paid_with("R-1", "100.00", "50.00", redemption);
    sold.key.source = "web";
    if (*redemption != 0) shop.holds(redemption, 50);
    if (redemption == std::string("captured")) {
      ASSERT_TRUE(shop.redemptions().capture({{"web", redemption}}).ok());
    }
    auto early = return_of_amount("X-1", "R-1", "40.00");
    early.original->source = "web";
    EXPECT_EQ(shop.posts(early).state, TransactionState::kWaiting);
    const auto receipt = shop.posts(sold);
    EXPECT_EQ(earned(receipt), 50);
    EXPECT_EQ(receipt.wallets.at(0).available, Points(500 - 50 + 50 + 20 - 20));
    EXPECT_EQ(shop.engine().transaction({"till-1", "X-1"})->refund->money, "20.00");
    EXPECT_EQ(shop.engine().transaction({"till-1", "X-1"})->refund->points, Points(20));
    EXPECT_EQ(shop.available(), 500);
    EXPECT_TRUE(shop.posts(sold).replayed);
    shop.adds_up();
  }
}

TEST_P(Paying, C9_a_void_that_came_before_its_sale_gives_back_what_points_paid) {
  Counter shop(kPointIsOne, uri());
  shop.gives(500);
  shop.posts(void_of("V-1", "R-1"));
  shop.posts(paid_with("R-1", "100.00", "50.00"));
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

// ---- What waits for a person is paid when she accepts it

const std::string kThirtyDays =
    replaced(kPointIsOne, "departments:", "max_lateness: 30 days\ndepartments:");

// Came too late; 50.00 of it paid with points.
Transaction late_and_paid(const std::string& redemption = "") {
  auto sold = paid_with("R-1", "100.00", "50.00", redemption);
  sold.key.source = "web";
  sold.at = at("2025-01-20T10:00:00Z");
  return sold;
}

Result<ReviewItem> accepts(Shop& shop) {
  const auto page = shop.engine().review().list({});
  return shop.engine().review().accept({page->items.at(0).number, "ann", "saw the receipt", {}});
}

TEST_P(Paying, E4_what_points_paid_of_a_late_sale_is_taken_when_it_is_accepted) {
  for (const std::string redemption : {"", "held", "captured", "ended"}) {
    Counter shop(kThirtyDays, redemption.empty() ? uri() : "memory:");
    shop.gives(500);
    if (!redemption.empty()) shop.holds(redemption, 50);
    if (redemption == "captured") {
      ASSERT_TRUE(shop.redemptions().capture({{"web", redemption}}).ok());
    }
    if (redemption == "ended") shop.is("2025-03-01T12:00:00Z");
    EXPECT_EQ(shop.posts(late_and_paid(redemption)).state, TransactionState::kReview);
    ASSERT_TRUE(accepts(shop).ok()) << redemption;
    EXPECT_EQ(shop.available(), 500 - 50 + 50);
    EXPECT_EQ(shop.held(), 0);
    auto back = return_of("X-1", "R-1");
    back.original->source = "web";
    const auto receipt = shop.posts(back);
    EXPECT_EQ(receipt.refund->money, "50.00");
    EXPECT_EQ(receipt.refund->points, Points(50));
    EXPECT_EQ(shop.available(), 500);
    shop.adds_up();
  }
}

TEST_P(Paying, E4_what_came_back_of_a_late_sale_before_it_was_accepted_comes_back_as_points) {
  Counter shop(kThirtyDays, uri());
  shop.gives(500);
  shop.posts(late_and_paid());
  auto back = return_of_amount("X-1", "R-1", "40.00");
  back.original->source = "web";
  shop.posts(back);
  ASSERT_TRUE(accepts(shop).ok());
  EXPECT_EQ(shop.available(), 500 - 50 + 20 + 50 - 20);
  back = return_of("X-2", "R-1");
  back.original->source = "web";
  EXPECT_EQ(shop.posts(back).refund->points, Points(30));
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

TEST_P(Paying, E4_a_late_sale_is_not_accepted_where_the_points_that_paid_it_are_gone) {
  Counter shop(kThirtyDays, uri());
  shop.gives(500);
  shop.posts(late_and_paid());
  shop.spends(480);
  EXPECT_EQ(accepts(shop).error().code, ErrorCode::kInsufficientPoints);
  EXPECT_EQ(shop.available(), 20);
  shop.adds_up();
}

TEST_P(Paying, a_return_that_is_undone_takes_its_points_again) {
  Counter shop(kHalfCents, uri());
  shop.gives(500);
  shop.posts(paid_with("R-1", "36.09", "0.88"));
  const auto before = shop.available();
  shop.posts(return_of_amount("X-1", "R-1", "18.00"));
  shop.posts(void_of("V-1", "X-1"));
  EXPECT_EQ(shop.available(), before);
  shop.posts(return_of("X-2", "R-1"));
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

TEST_P(Paying, C5_points_are_restored_once_whatever_cancels_the_sale) {
  Counter shop(kHalfCents, uri());
  shop.gives(500);
  shop.holds("RD-1", 176);
  ASSERT_TRUE(shop.redemptions().capture({{"web", "RD-1"}}).ok());
  auto sold = paid_with("R-1", "36.09", "0.88", "RD-1");
  sold.key.source = "web";
  shop.posts(sold);
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> triggers;
    for (const auto* id : {"cancelled", "expired", "failed", "admin"}) {
      triggers.emplace_back([&, id] {
        auto voided = void_of(id, "R-1");
        voided.original->source = "web";
        done += shop.engine().post(voided).ok() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(done, 1);
  EXPECT_EQ(shop.available(), 500);
  EXPECT_EQ(shop.redemptions().reverse({{"web", "RD-1"}}).error().code, ErrorCode::kInvalidState);
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

struct Restored {
  const char* restore;
  std::int64_t on_5_february, on_19_february, on_20_february;
};
class C14 : public testing::TestWithParam<Restored> {};

TEST_P(C14, restored_points_live_as_declared) {
  const auto& row = GetParam();
  Counter shop(replaced(kEarnOnTheRest, "on_shortfall: debt",
                        std::string("on_shortfall: debt\n    restore: ") + row.restore));
  shop.is("2024-01-31T10:00:00Z");
  shop.gives(500);
  shop.is("2025-01-20T10:00:00Z");
  auto sold = paid_with("R-1", "5.00", "5.00");
  shop.posts(sold);
  shop.is("2025-02-05T10:00:00Z");
  shop.posts(void_of("V-1", "R-1"));
  EXPECT_EQ(shop.available(), row.on_5_february);
  shop.is("2025-02-19T22:59:59Z");
  EXPECT_EQ(shop.available(), row.on_19_february);
  shop.is("2025-02-19T23:00:00Z");
  EXPECT_EQ(shop.available(), row.on_20_february);
  shop.adds_up();
}
constexpr Restored kRestored[] = {{"original_expiry", 0, 0, 0}, {"grace 14 days", 500, 500, 0}};
INSTANTIATE_TEST_SUITE_P(Policies, C14, testing::ValuesIn(kRestored));

// ---- The redemption behind a tender

TEST_P(Paying, a_sale_captures_what_is_held_for_it) {
  Counter shop(kEarnOnTheRest, uri());
  shop.gives(1'000);
  shop.holds("RD-1", 500);
  auto sold = paid_with("R-1", "36.09", "3.00", "RD-1");
  sold.key.source = "web";
  shop.posts(sold);
  EXPECT_EQ(shop.held(), 0);
  EXPECT_EQ(shop.available(), 1'000 - 300 + 33);
  const auto found = shop.redemptions().get({"web", "RD-1"});
  EXPECT_EQ(found->state, RedemptionState::kCaptured);
  EXPECT_EQ(found->sale, sold.key);
  EXPECT_TRUE(shop.redemptions().capture({{"web", "RD-1"}})->replayed) << "the till says so too";
  EXPECT_EQ(shop.available(), 1'000 - 300 + 33);
  auto other = sold;
  other.key.id = "R-2";
  EXPECT_EQ(shop.refuses(other).code, ErrorCode::kInvalidState);
  shop.adds_up();
}

TEST_P(Paying, a_tender_that_names_none_is_the_redemption_that_fits) {
  Counter shop(kEarnOnTheRest, uri());
  shop.gives(1'000);
  shop.holds("RD-1", 300);
  shop.holds("RD-2", 500);
  ASSERT_TRUE(shop.redemptions().capture({{"web", "RD-2"}}).ok());
  auto sold = paid_with("R-1", "36.09", "5.00");
  sold.key.source = "web";
  shop.posts(sold);
  EXPECT_EQ(shop.redemptions().get({"web", "RD-2"})->sale, sold.key);
  EXPECT_EQ(shop.available(), 1'000 - 800 + 31);
  EXPECT_EQ(shop.held(), 300);
  auto second = paid_with("R-2", "36.09", "3.00");
  second.key.source = "web";
  shop.posts(second);
  EXPECT_EQ(shop.held(), 0) << "an open hold of that worth is captured, not paid twice";
  shop.adds_up();
}

TEST(PayingWithPoints, a_tender_names_a_redemption_of_that_member_and_source) {
  Counter shop(kEarnOnTheRest);
  shop.gives(1'000);
  shop.gives(1'000, "berta");
  shop.holds("RD-1", 500, "berta");
  EXPECT_EQ(shop.refuses(paid_with("R-1", "36.09", "5.00", "RD-1")).faults.front().pointer,
            "/tenders/0/redemption")
      << "of another source";
  auto sold = paid_with("R-1", "36.09", "5.00", "RD-1");
  sold.key.source = "web";
  EXPECT_EQ(shop.refuses(sold).faults.front().code, "another_member");
  shop.adds_up();
}

TEST(PayingWithPoints, a_sale_obeys_what_the_programme_lets_points_pay) {
  Counter shop(with_paying("points: 100, worth: 1.00, minimum: 200, at_most: 50% of basket"));
  shop.gives(5'000);
  EXPECT_EQ(shop.refuses(paid_with("R-1", "10.00", "5.01")).code, ErrorCode::kNotRedeemable);
  EXPECT_EQ(shop.refuses(paid_with("R-1", "10.00", "1.00")).code, ErrorCode::kBelowMinimum);
  EXPECT_EQ(shop.refuses(paid_with("R-1", "10.00", "11.00")).code, ErrorCode::kInvalid);
  EXPECT_EQ(shop.available(), 5'000);
  shop.posts(paid_with("R-1", "10.00", "5.00"));
  EXPECT_EQ(shop.available(), 5'000 - 500 + 10);
  shop.adds_up();
}

TEST(PayingWithPoints, a_sale_that_lacks_points_is_refused_or_owes_them) {
  for (const auto& [policy, debt] :
       {std::pair("deny", 0), std::pair("allow_overdraw", 400),
        std::pair("{ floor_limit: 500 }", 400), std::pair("{ floor_limit: 499 }", 0)}) {
    Counter shop(
        replaced(kEarnOnTheRest, "worth: 1.00", std::string("worth: 1.00, offline: ") + policy));
    shop.gives(100);
    const auto sold = shop.engine().post(paid_with("R-1", "36.09", "5.00"));
    EXPECT_EQ(sold.ok(), debt > 0) << policy;
    if (!sold) {
      EXPECT_EQ(sold.error().code, ErrorCode::kInsufficientPoints);
      continue;
    }
    EXPECT_EQ(shop.debt(), debt - 31);
    shop.posts(return_of("X-1", "R-1"));
    EXPECT_EQ(shop.available(), 100) << policy;
    EXPECT_EQ(shop.debt(), 0);
    shop.adds_up();
  }
}

TEST(PayingWithPoints, without_a_word_in_the_programme_a_points_tender_is_information) {
  Counter shop(kReference);
  shop.gives(500);
  EXPECT_EQ(earned(shop.posts(paid_with("R-1", "10.00", "5.00"))), 10);
  EXPECT_EQ(shop.available(), 510);
  EXPECT_EQ(shop.posts(return_of("X-1", "R-1")).refund->money, "10.00");
  shop.adds_up();
}

// Buying and returning with points leaves what there was, ten times over.
TEST_P(Paying, C1_ten_rounds_of_paying_and_returning_leave_nothing_behind) {
  Counter shop(kHalfCents, uri());
  shop.gives(500);
  for (int i = 0; i < 10; ++i) {
    const auto id = std::to_string(i);
    shop.posts(paid_with("R-" + id, "36.09", "0.88"));
    shop.posts(return_of("X-" + id, "R-" + id));
    ASSERT_EQ(shop.available(), 500) << i;
  }
  EXPECT_EQ(shop.debt(), 0);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
