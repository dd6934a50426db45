// Limits and budgets hold exactly, whoever asks at once, and returns give back what they took.

#include <algorithm>
#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Limits : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Limits, each_store(), store_name);

std::string with_rules(const std::string& rules, const std::string& base = kReference) {
  return replaced(base, "identity:", "rules:\n" + rules + "identity:");
}

std::string capped(const std::string& limit) {
  return replaced(kReference, "    pending: none\n",
                  "    pending: none\n    limit: " + limit + "\n");
}

std::string reason_of(Shop& shop, const std::string& id, const std::string& rule) {
  const auto explained = shop.engine().explain(TransactionKey{"till-1", id});
  EXPECT_TRUE(explained.ok());
  for (const auto& reason : explained->reasons) {
    if (reason.rule == rule) return reason.code;
  }
  return {};
}

// Posts `count` sales from so many threads; what each of them earned.
template <class Make>
std::vector<std::int64_t> at_once(Shop& shop, int count, int threads, Make make) {
  std::vector<std::int64_t> points(static_cast<std::size_t>(count));
  std::atomic<int> next = 0;
  std::vector<std::thread> tills;
  for (int i = 0; i < threads; ++i) {
    tills.emplace_back([&] {
      for (int n = next++; n < count; n = next++) {
        const auto receipt = shop.engine().post(make(n));
        points[static_cast<std::size_t>(n)] = receipt ? earned(*receipt) : -1;
      }
    });
  }
  for (auto& till : tills) till.join();
  std::ranges::sort(points, std::greater<>());
  return points;
}

TEST_P(Limits, D16_cap_of_a_day_holds_exactly_and_opens_again_at_midnight) {
  Shop shop(capped("{ points: 100, per: member, every: day }"), uri());
  const auto points =
      at_once(shop, 10, 10, [](int n) { return sale("R-" + std::to_string(n), {"30.00"}); });
  EXPECT_EQ(points, (std::vector<std::int64_t>{30, 30, 30, 10, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(shop.available(), 100);
  shop.is("2025-03-01T22:59:59Z");
  EXPECT_EQ(earned(shop.posts(sale("late", {"30.00"}))), 0);
  shop.is("2025-03-01T23:00:00Z");  // midnight in Rome
  EXPECT_EQ(earned(shop.posts(sale("next", {"30.00"}))), 30);
  shop.adds_up();
}

TEST_P(Limits, D16_return_of_thirty_frees_thirty) {
  Shop shop(capped("{ points: 100, every: day }"), uri());
  for (const char* id : {"R-1", "R-2", "R-3", "R-4"}) shop.posts(sale(id, {"30.00"}));
  EXPECT_EQ(shop.available(), 100);
  EXPECT_EQ(reversed(shop.posts(return_of("X-1", "R-1"))), 30);
  EXPECT_EQ(earned(shop.posts(sale("R-5", {"50.00"}))), 30);
  EXPECT_EQ(reversed(shop.posts(return_of("X-4", "R-4"))), 10);
  EXPECT_EQ(earned(shop.posts(sale("R-6", {"50.00"}))), 10);
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

TEST_P(Limits, sixty_four_tills_cannot_pass_a_cap_of_one_member) {
  Shop shop(with_rules("  - { id: gift, bonus: 7 points, limit: { points: 100, every: year } }\n"),
            uri());
  const auto points =
      at_once(shop, 64, 64, [](int n) { return sale("R-" + std::to_string(n), {"0.10"}); });
  EXPECT_EQ(std::ranges::count(points, 7), 14);
  EXPECT_EQ(points.at(14), 2);  // given in part
  EXPECT_EQ(points.at(15), 0);
  EXPECT_EQ(shop.available(), 100);
  shop.adds_up();
}

TEST_P(Limits, times_of_a_rule_are_counted_by_transaction) {
  Shop shop(with_rules("  - { id: gift, bonus: 5 points per line, limit: { times: 2, every: 30 "
                       "days } }\n"),
            uri());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"0.10", "0.10", "0.10"}))), 15);
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"0.10"}))), 5);
  EXPECT_EQ(earned(shop.posts(sale("R-3", {"0.10"}))), 0);
  EXPECT_EQ(reason_of(shop, "R-3", "gift"), "limit_reached");
  EXPECT_EQ(earned(shop.posts(sale("B-1", {"0.10"}, "berta"))), 5);
  shop.is("2025-03-30T21:59:59Z");  // the thirtieth day
  EXPECT_EQ(earned(shop.posts(sale("R-4", {"0.10"}))), 0);
  shop.is("2025-03-30T22:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-5", {"0.10"}))), 5);
  shop.adds_up();
}

TEST_P(Limits, of_all_members_is_used_up_by_the_first) {
  Shop shop(with_rules("  - { id: gift, bonus: 5 points, limit: { times: 1, per: all } }\n"),
            uri());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"0.10"}))), 5);
  EXPECT_EQ(earned(shop.posts(sale("B-1", {"0.10"}, "berta"))), 0);
  shop.adds_up();
}

TEST_P(Limits, award_that_fits_in_part_says_so_and_its_return_keeps_the_same_room) {
  Shop shop(with_rules("  - { id: triple, multiply: 3, limit: { points: 100, every: month } }\n"),
            uri());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"40.00"}))), 40 + 80);
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"40.00", "40.00"}))), 80 + 20);
  EXPECT_EQ(reason_of(shop, "R-2", "triple"), "partly");
  // The line that is kept would still be given all that was left.
  EXPECT_EQ(reversed(shop.posts(return_of_line("X-1", "R-2", "1"))), 40);
  EXPECT_EQ(reversed(shop.posts(return_of_line("X-2", "R-2", "2"))), 60);
  EXPECT_EQ(earned(shop.posts(sale("R-3", {"40.00"}))), 40 + 20);
  shop.adds_up();
}

TEST_P(Limits, C1_ten_rounds_of_buying_and_returning_leave_the_counters_empty) {
  Shop shop(
      with_rules("  - { id: gift, bonus: 7 points, limit: { times: 1 }, budget: 7 points }\n"),
      uri());
  for (int i = 0; i < 10; ++i) {
    const std::string id = std::to_string(i);
    EXPECT_EQ(earned(shop.posts(sale("R-" + id, {"500.00"}))), 507);
    EXPECT_EQ(reversed(shop.posts(return_of("X-" + id, "R-" + id))), 507);
  }
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

// 5.00 each, at 0.01 a point.
std::string with_budget(const std::string& budget) {
  const auto costs = replaced(kReference, "    pending: none\n",
                              "    pending: none\n    liability: { unit_cost: 0.01 EUR, "
                              "expected_redemption: 97% }\n");
  return with_rules("  - id: gift\n    bonus: 500 points\n    budget: " + budget + "\n", costs);
}

TEST(Budgets, G6_budget_is_spent_to_the_penny_by_five_thousand_at_once) {
  Shop shop(with_budget("10,000.00 EUR"));
  const auto points = at_once(shop, 5'000, 16, [](int n) {
    return sale("R-" + std::to_string(n), {"0.10"}, "card-" + std::to_string(n % 500));
  });
  EXPECT_EQ(std::ranges::count(points, 500), 2'000);
  EXPECT_EQ(std::ranges::count(points, 0), 3'000);
  EXPECT_EQ(earned(shop.posts(sale("last", {"0.10"}, "zoe"))), 0);
  EXPECT_EQ(reason_of(shop, "last", "gift"), "budget_exhausted");
}

TEST_P(Limits, G6_budget_holds_on_every_store_and_a_return_gives_it_back) {
  Shop shop(with_budget("{ total: 100.00 EUR, every: year }"), uri());
  const auto points = at_once(shop, 60, 16, [](int n) {
    return sale("R-" + std::to_string(n), {"0.10"}, "card-" + std::to_string(n));
  });
  EXPECT_EQ(std::ranges::count(points, 500), 20);
  EXPECT_EQ(std::ranges::count(points, 0), 40);
  for (int n = 0; n < 60; ++n)
    shop.posts(return_of("X-" + std::to_string(n), "R-" + std::to_string(n)));
  EXPECT_EQ(earned(shop.posts(sale("again", {"0.10"}, "zoe"))), 500);
  shop.adds_up();
}

TEST_P(Limits, quote_tells_what_the_sale_then_gets) {
  Shop shop(capped("{ points: 100, every: day }"), uri());
  for (int n = 0; n < 6; ++n) {
    const auto sold = sale("R-" + std::to_string(n), {"30.00"});
    const auto quoted = shop.engine().quote(sold);
    ASSERT_TRUE(quoted.ok());
    EXPECT_EQ(earned(*quoted), earned(shop.posts(sold)));
  }
}

TEST_P(Limits, sale_that_comes_late_takes_from_its_own_day) {
  Shop shop(capped("{ points: 100, every: day }"), uri());
  shop.is("2025-03-02T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"90.00"}))), 90);
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"90.00"}, "anna", at("2025-03-01T10:00:00Z")))), 90);
  EXPECT_EQ(earned(shop.posts(sale("R-3", {"90.00"}, "anna", at("2025-03-01T11:00:00Z")))), 10);
  EXPECT_EQ(earned(shop.posts(sale("R-4", {"90.00"}))), 10);
  shop.adds_up();
}

TEST_P(Limits, level_given_by_a_rule_holds_from_the_next_sale_until_its_end) {
  Shop shop(replaced(with_rules("  - { id: welcome, grant: { tier: gold, for: 1 month }, when: { "
                                "first_purchase: true } }\n"),
                     "from: 1000.00, rate: 1 point", "from: 1000.00, rate: 2 points"),
            uri());
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}))), 10);
  EXPECT_EQ(shop.tier(), "gold");
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}))), 20);
  shop.is("2025-04-01T21:59:59Z");
  EXPECT_EQ(shop.tier(), "gold");
  shop.is("2025-04-01T22:00:00Z");
  EXPECT_EQ(shop.tier(), "silver");
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
