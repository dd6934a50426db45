// Points that are held, captured, released, timed out: each once, whoever is first.

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "child.hpp"
#include "each_store.hpp"
#include "redeeming.hpp"

namespace laurel::test {
namespace {

class Redeem : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Redeem, each_store(), store_name);

TEST_P(Redeem, A7_the_same_key_holds_once) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  const auto first = shop.holds("RD-1", 400);
  const auto again = shop.redemptions().hold(asking("RD-1", 400));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->entry, first.entry);
  EXPECT_EQ(shop.available(), 100);
  EXPECT_EQ(shop.held(), 400);
  const auto other = shop.redemptions().hold(asking("RD-1", 300));
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  EXPECT_EQ(other.error().faults.front().pointer, "/points");
  shop.adds_up();
}

TEST_P(Redeem, B1_of_a_hundred_at_once_one_gets_the_balance) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  std::atomic<int> held = 0, refused = 0;
  {
    std::vector<std::jthread> tills;
    for (int till = 0; till < 4; ++till) {
      tills.emplace_back([&, till] {
        for (int i = 0; i < 25; ++i) {
          const auto result = shop.redemptions().hold(
              asking("RD-" + std::to_string(till) + "-" + std::to_string(i), 500));
          if (result) ++held;
          if (!result && result.error().code == ErrorCode::kInsufficientPoints) ++refused;
        }
      });
    }
  }
  EXPECT_EQ(held, 1);
  EXPECT_EQ(refused, 99);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST(Redemptions, B1_of_a_hundred_from_four_processes_one_gets_the_balance) {
  const store::Folder folder;
  {
    Counter shop(kPaying, folder.uri());
    shop.gives(500);
  }
  const auto till = [&](int number) {
    return [&folder, number](const store::Child::Tell& tell) {
      ManualClock clock(at("2025-03-01T10:00:00Z"));
      const auto engine = *Engine::open({.store = *open_store(folder.uri()), .clock = &clock});
      for (int i = 0; i < 25; ++i) {
        const auto id = "RD-" + std::to_string(number) + "-" + std::to_string(i);
        const auto result = engine->redemptions().hold(asking(id, 500));
        tell(result ? 0 : static_cast<std::int32_t>(result.error().code));
      }
    };
  };
  store::Child first(till(1)), second(till(2)), third(till(3)), fourth(till(4));
  std::vector<std::int32_t> told;
  for (auto* child : {&first, &second, &third, &fourth}) {
    EXPECT_TRUE(child->wait());
    told.insert(told.end(), child->told().begin(), child->told().end());
  }
  EXPECT_EQ(std::ranges::count(told, 0), 1);
  EXPECT_EQ(std::ranges::count(told, static_cast<int>(ErrorCode::kInsufficientPoints)), 99);
  Counter shop(kPaying, folder.uri());
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST_P(Redeem, B7_what_was_released_cannot_be_captured) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  shop.holds("RD-1", 400);
  ASSERT_TRUE(shop.redemptions().release({{"web", "RD-1"}}).ok());
  for (const auto* id : {"", "RD-1", "C-2"}) {
    const auto captured = shop.redemptions().capture({{"web", "RD-1"}, id});
    EXPECT_EQ(captured.error().code, ErrorCode::kInvalidState) << id;
  }
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

TEST_P(Redeem, B8_a_hold_of_fifteen_minutes_is_captured_up_to_its_end) {
  for (const auto& [when, works] :
       {std::pair("2025-03-01T10:14:59Z", true), std::pair("2025-03-01T10:15:00Z", false),
        std::pair("2025-03-01T10:15:01Z", false)}) {
    Counter shop(kPaying, "memory:");
    shop.gives(500);
    shop.holds("RD-1", 400);
    shop.is(when);
    const auto captured = shop.redemptions().capture({{"web", "RD-1"}});
    EXPECT_EQ(captured.ok(), works) << when;
    if (!works) {
      EXPECT_EQ(captured.error().code, ErrorCode::kHoldExpired);
    }
    EXPECT_EQ(shop.available(), works ? 100 : 500);
    shop.adds_up();
  }
}

TEST_P(Redeem, B8_capture_and_release_raced_end_it_once) {
  Counter shop(kPaying, uri());
  shop.gives(100'000);
  constexpr int kRaces = 1'000;
  int captured = 0;
  for (int i = 0; i < kRaces; ++i) {
    const TransactionKey key{"web", "RD-" + std::to_string(i)};
    shop.holds(key.id, 100);
    std::atomic<int> won = 0;
    std::atomic<bool> by_capture = false;
    {
      std::jthread one([&] {
        if (shop.redemptions().capture({key})) ++won, by_capture = true;
      });
      std::jthread other([&] { won += shop.redemptions().release({key}).ok() ? 1 : 0; });
    }
    ASSERT_EQ(won, 1) << i;
    captured += by_capture ? 1 : 0;
  }
  EXPECT_EQ(shop.available(), 100'000 - 100 * captured);
  EXPECT_EQ(shop.held(), 0);
  shop.adds_up();
}

TEST_P(Redeem, B8_a_part_is_captured_and_the_rest_given_back) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  shop.holds("RD-1", 400);
  for (const std::int64_t none : {0, -5}) {
    const auto refused = shop.redemptions().capture({{"web", "RD-1"}, "", Points(none)});
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  }
  const auto captured = shop.redemptions().capture({{"web", "RD-1"}, "", Points(250)});
  ASSERT_TRUE(captured.ok());
  EXPECT_EQ(captured->points, Points(250));
  EXPECT_EQ(captured->worth, "2.50");
  EXPECT_EQ(shop.available(), 250);
  EXPECT_EQ(shop.held(), 0);
  EXPECT_TRUE(shop.redemptions().capture({{"web", "RD-1"}, "", Points(250)})->replayed);
  const auto other = shop.redemptions().capture({{"web", "RD-1"}, "", Points(150)});
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidState);
  EXPECT_EQ(shop.redemptions().release({{"web", "RD-1"}}).error().code, ErrorCode::kInvalidState);
  shop.adds_up();
}

TEST_P(Redeem, lets_go_of_a_part_and_captures_the_rest) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  shop.holds("RD-1", 400);
  const auto loosened = shop.redemptions().release({{"web", "RD-1"}, "L-1", Points(150)});
  ASSERT_TRUE(loosened.ok());
  EXPECT_EQ(loosened->state, RedemptionState::kHeld);
  EXPECT_EQ(loosened->points, Points(250));
  EXPECT_TRUE(shop.redemptions().release({{"web", "RD-1"}, "L-1", Points(150)})->replayed);
  EXPECT_EQ(shop.available(), 250);
  EXPECT_EQ(shop.redemptions().capture({{"web", "RD-1"}})->points, Points(250));
  EXPECT_EQ(shop.available(), 250);
  shop.adds_up();
}

TEST_P(Redeem, is_extended_up_to_the_longest_hold) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  shop.holds("RD-1", 400);
  shop.is("2025-03-01T10:10:00Z");
  const auto extended =
      shop.redemptions().extend({{"web", "RD-1"}, "E-1", std::chrono::minutes(30)});
  ASSERT_TRUE(extended.ok());
  EXPECT_EQ(extended->expires_at, at("2025-03-01T10:40:00Z"));
  shop.is("2025-03-01T10:39:59Z");
  EXPECT_EQ(shop.held(), 400);
  const auto longest = shop.redemptions().extend({{"web", "RD-1"}, "", std::chrono::hours(100)});
  EXPECT_EQ(longest->expires_at, at("2025-03-02T10:00:00Z"));
  shop.adds_up();
}

TEST_P(Redeem, K3_a_till_that_dies_leaves_nothing_behind) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  shop.holds("RD-1", 400);
  shop.reopen();
  EXPECT_EQ(shop.held(), 400);
  shop.is("2025-03-01T10:15:00Z");
  EXPECT_EQ(shop.available(), 500) << "no job has run";
  EXPECT_EQ(shop.held(), 0);
  EXPECT_EQ(shop.redemptions().get({"web", "RD-1"})->state, RedemptionState::kExpired);
  EXPECT_EQ(shop.engine().settle_due(10)->ended_holds, 1);
  EXPECT_EQ(shop.engine().settle_due(10)->members, 0);
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

TEST_P(Redeem, points_under_a_hold_do_not_expire) {
  Counter shop(kPaying, uri());
  shop.sells_at("2024-04-01T10:00:00Z", "500.00");
  shop.is("2025-04-01T21:55:00Z");  // they die at 22:00
  shop.holds("RD-1", 400);
  shop.is("2025-04-01T22:05:00Z");
  EXPECT_EQ(shop.available(), 0);
  EXPECT_EQ(shop.held(), 400);
  ASSERT_TRUE(shop.redemptions().capture({{"web", "RD-1"}, "", Points(300)}).ok());
  EXPECT_EQ(shop.available(), 0) << "what came back had died";
  EXPECT_EQ(shop.held(), 0);
  shop.adds_up();
}

TEST_P(Redeem, points_that_come_back_dead_live_for_the_days_of_grace) {
  Counter shop(
      replaced(kPaying, "on_shortfall: debt", "on_shortfall: debt\n    restore: grace 14 days"),
      uri());
  shop.sells_at("2024-04-01T10:00:00Z", "500.00");
  shop.is("2025-04-01T21:55:00Z");
  shop.holds("RD-1", 400);
  shop.is("2025-04-02T10:00:00Z");
  EXPECT_EQ(shop.available(), 400);
  shop.is("2025-04-16T21:59:59Z");
  EXPECT_EQ(shop.available(), 400);
  shop.is("2025-04-16T22:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  EXPECT_TRUE(shop.engine().settle_due(10).ok());
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

struct Take {
  const char* what;
  const char* worth;
  std::optional<std::int64_t> asked;
  const char* basket;
  std::int64_t taken;
};

class E1 : public testing::TestWithParam<Take> {};

TEST_P(E1, takes_no_more_than_the_basket_needs) {
  const auto& row = GetParam();
  Counter shop(with_paying(row.worth));
  shop.gives(1'000);
  auto request = asking("RD-1", 1);
  request.points.reset();
  if (row.asked) request.points = Points(*row.asked);
  request.basket = PointsBasket{row.basket};
  const auto held = shop.redemptions().hold(request);
  ASSERT_TRUE(held.ok()) << Shop::describe(held.error());
  EXPECT_EQ(held->points, Points(row.taken));
  shop.adds_up();
}

constexpr Take kTakes[] = {
    {"order_400_less_a_coupon_of_300", "points: 1, worth: 1.00", 200, "100.00", 100},
    {"thirty_at_10_on_20", "points: 1, worth: 10.00", 30, "20.00", 2},
    {"never_a_part_of_a_point", "points: 1, worth: 10.00", 30, "29.99", 2},
    {"steps", "points: 100, worth: 1.00, step: 500", 1'000, "9.00", 500},
    {"a_share", "points: 100, worth: 1.00, at_most: 50% of basket", 1'000, "9.00", 450},
    {"a_sum", "points: 100, worth: 1.00, at_most: { amount: 3.00 }", 1'000, "9.00", 300},
    {"as_many_as_there_are", "points: 100, worth: 1.00", {}, "90.00", 1'000},
    {"as_many_as_needed", "points: 100, worth: 1.00", {}, "4.00", 400},
    {"none_for_nothing", "points: 1000, worth: 5.00", 3, "90.00", 2},
};
INSTANTIATE_TEST_SUITE_P(Baskets, E1, testing::ValuesIn(kTakes),
                         [](const auto& row) { return std::string(row.param.what); });

TEST(Redemptions, E1_lines_that_are_excluded_are_not_paid_with_points) {
  Counter shop(with_paying("points: 100, worth: 1.00, exclude: { departments: hotel }"));
  shop.gives(5'000);
  auto request = asking("RD-1", 5'000);
  request.basket = PointsBasket{};
  for (const auto* department : {"retail", "hotel"}) {
    Line line;
    line.id = department;
    line.department = department;
    line.amount = "20.00";
    request.basket->lines.push_back(line);
  }
  EXPECT_EQ(shop.redemptions().hold(request)->points, Points(2'000));
}

TEST(Redemptions, a_basket_in_another_currency_is_converted) {
  Counter shop(replaced(with_paying("points: 100, worth: 1.00"), "currency: EUR",
                        "currency: EUR\nexchange: { ZAR: 1/17, JPY: 0.0052 }"));
  shop.gives(5'000);
  auto request = asking("RD-1", 5'000);
  request.basket = PointsBasket{"170.00", "ZAR"};
  const auto held = shop.redemptions().hold(request);
  EXPECT_EQ(held->points, Points(1'000));
  EXPECT_EQ(held->worth, "170.00");
  request = asking("RD-2", 5'000);
  request.basket = PointsBasket{"10.00", "USD"};
  EXPECT_EQ(shop.redemptions().hold(request).error().code, ErrorCode::kInvalid);
}

TEST(Redemptions, E3_no_number_of_points_that_is_none_gets_in) {
  Counter shop;
  shop.gives(500);
  for (const std::int64_t points : {std::int64_t{-500}, std::int64_t{0}, INT64_MIN, INT64_MAX}) {
    const auto held = shop.redemptions().hold(asking("RD-1", points));
    EXPECT_EQ(held.error().code, ErrorCode::kInvalid) << points;
  }
  auto request = asking("RD-1", 100);
  for (const auto* amount : {"", "-1.00", "1e30", "5e2", "NaN", "٥"}) {
    request.basket = PointsBasket{amount};
    EXPECT_EQ(shop.redemptions().hold(request).error().code, ErrorCode::kInvalid) << amount;
  }
  EXPECT_EQ(shop.available(), 500);
}

TEST(Redemptions, is_refused_below_the_minimum) {
  Counter shop(with_paying("points: 100, worth: 1.00, minimum: 300"));
  shop.gives(1'000);
  EXPECT_EQ(shop.redemptions().hold(asking("RD-1", 200)).error().code, ErrorCode::kBelowMinimum);
  EXPECT_TRUE(shop.redemptions().hold(asking("RD-2", 300)).ok());
}

TEST(Redemptions, is_refused_without_a_word_about_it_in_the_programme) {
  Counter shop(kReference);
  shop.gives(500);
  EXPECT_EQ(shop.redemptions().hold(asking("RD-1", 200)).error().code, ErrorCode::kNotRedeemable);
  EXPECT_EQ(shop.redemptions().capture({{"web", "RD-1"}}).error().code,
            ErrorCode::kUnknownRedemption);
}

// ---- Offline

struct Offline {
  const char* policy;
  int accepted;
  std::int64_t available, debt, after_earning_350;
};

class A13 : public testing::TestWithParam<Offline> {};

TEST_P(A13, two_tills_that_could_not_ask) {
  const auto& row = GetParam();
  Counter shop(with_paying(std::string("points: 100, worth: 1.00, offline: ") + row.policy));
  shop.gives(500);
  int accepted = 0;
  std::size_t flagged = 0;
  for (const auto* id : {"RD-1", "RD-2"}) {
    auto request = asking(id, 400);
    request.offline = true;
    request.at = at("2025-03-01T09:00:00Z");
    const auto given = shop.redemptions().hold(request);
    accepted += given.ok() ? 1 : 0;
    if (!given) continue;
    flagged += given->flags.size();
    EXPECT_TRUE(shop.redemptions().hold(request)->replayed);
  }
  EXPECT_EQ(accepted, row.accepted);
  EXPECT_EQ(shop.available(), row.available);
  EXPECT_EQ(shop.debt(), row.debt);
  EXPECT_EQ(flagged, row.debt > 0 ? 1u : 0u);
  shop.posts(sale("R-350", {"350.00"}));
  EXPECT_EQ(shop.available(), row.after_earning_350);
  shop.adds_up();
}

constexpr Offline kOffline[] = {{"deny", 0, 500, 0, 850},
                                {"{ floor_limit: 100 }", 2, 300, 0, 650},
                                {"allow_overdraw", 2, 0, 300, 50}};
INSTANTIATE_TEST_SUITE_P(Policies, A13, testing::ValuesIn(kOffline));

// ---- Who may

TEST(Redemptions, I2_a_phone_number_alone_spends_nothing) {
  Counter shop;
  shop.gives(500);
  ASSERT_TRUE(
      shop.engine().link(shop.member().id, {"phone", "+39 333 1234567"}, true, "desk").ok());
  auto request = asking("RD-1", 100);
  request.identifiers = {{"phone", "+39 333 1234567"}};
  EXPECT_EQ(shop.redemptions().hold(request).error().code, ErrorCode::kIdentifierTooWeak);
  request.identifiers = {{"phone", "+39 333 7654321"}};
  EXPECT_EQ(shop.redemptions().hold(request).error().code, ErrorCode::kUnknownMember);
  auto bought = sale("R-phone", {"10.00"}, "");
  bought.identifiers = {{"phone", "+39 333 1234567"}};
  EXPECT_EQ(earned(shop.posts(bought)), 10);
}

TEST_P(Redeem, I2_a_frozen_member_earns_and_spends_nothing) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  shop.holds("RD-0", 100);
  ASSERT_TRUE(shop.engine()
                  .change(shop.member().id,
                          {.status = MemberStatus::kFrozen, .actor = "desk", .reason = "stolen"})
                  .ok());
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}))), 10);
  EXPECT_EQ(shop.redemptions().hold(asking("RD-1", 100)).error().code, ErrorCode::kMemberNotActive);
  EXPECT_EQ(shop.redemptions().capture({{"web", "RD-0"}}).error().code,
            ErrorCode::kMemberNotActive);
  EXPECT_EQ(shop.refuses(paid_with("R-3", "10.00", "1.00")).code, ErrorCode::kMemberNotActive);
  ASSERT_TRUE(shop.redemptions().release({{"web", "RD-0"}}).ok());
  EXPECT_EQ(shop.available(), 510);
  shop.adds_up();
}

TEST(Redemptions, I2_a_changed_phone_number_delays_the_next_redemption) {
  Counter shop(replaced(kPaying, "claim_within: 30 days",
                        "claim_within: 30 days\n  redeem_after_change: 24 hours"));
  shop.gives(500);
  shop.holds("RD-0", 100);
  ASSERT_TRUE(shop.engine().link(shop.member().id, {"email", "new@shop.test"}, true, "desk").ok());
  EXPECT_EQ(shop.redemptions().hold(asking("RD-1", 100)).error().code, ErrorCode::kStepUpRequired);
  auto request = asking("RD-2", 100);
  request.step_up = true;
  EXPECT_TRUE(shop.redemptions().hold(request).ok());
  shop.is("2025-03-02T09:59:59Z");
  EXPECT_FALSE(shop.redemptions().hold(asking("RD-1", 100)).ok());
  shop.is("2025-03-02T10:00:00Z");
  EXPECT_TRUE(shop.redemptions().hold(asking("RD-1", 100)).ok());
}

TEST_P(Redeem, a_captured_redemption_is_reversed_once) {
  Counter shop(kPaying, uri());
  shop.gives(500);
  shop.holds("RD-1", 400);
  ASSERT_TRUE(shop.redemptions().capture({{"web", "RD-1"}, "", Points(300)}).ok());
  ASSERT_TRUE(shop.redemptions().reverse({{"web", "RD-1"}}).ok());
  EXPECT_TRUE(shop.redemptions().reverse({{"web", "RD-1"}})->replayed);
  EXPECT_EQ(shop.redemptions().reverse({{"web", "RD-1"}, "again"}).error().code,
            ErrorCode::kAlreadyReversed);
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

TEST(Redemptions, J5_what_is_issued_leaves_once) {
  Counter shop;
  shop.sells_at("2025-03-01T10:00:00Z", "900.00");
  shop.posts(sale("R-2", {"100.00"}));
  shop.holds("RD-1", 600);
  ASSERT_TRUE(shop.redemptions().capture({{"web", "RD-1"}}).ok());
  shop.posts(return_of("X-1", "R-2"));
  shop.is("2026-04-01T10:00:00Z");
  EXPECT_TRUE(shop.engine().settle_due(10).ok());
  const auto report = shop.engine().verify({});
  ASSERT_TRUE(report.ok());
  std::map<std::string, std::int64_t> totals;
  for (const auto& total : report->totals) totals[total.account] = total.amount.units();
  EXPECT_EQ(totals["issued"], -900);
  EXPECT_EQ(totals["redeemed"], 600);
  EXPECT_EQ(totals["expired"], 300);
  EXPECT_EQ(totals["available"] + totals["held"] + totals["pending"], 0);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
