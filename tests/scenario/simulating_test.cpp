// What a stored period would have been under another programme.

#include <thread>

#include "shop.hpp"

namespace laurel::test {
namespace {

const Instant kFrom = at("2025-03-01T00:00:00Z");
const Instant kTo = at("2025-04-01T00:00:00Z");
const std::string kPriced =
    replaced(kReference, "    pending: none\n",
             "    pending: none\n"
             "    liability: { unit_cost: 0.01 EUR, expected_redemption: 50% }\n");
const std::string kDouble =
    replaced(kPriced, "silver, from: 0.00, rate: 1 point", "silver, from: 0.00, rate: 2 points");

// Sales of two members, with a return, an exchange of tiers and a late arrival.
struct Month : Shop {
  Month() : Shop(kPriced) {
    posts(sale("R-1", {"10.00", "30.00"}));
    posts(sale("R-2", {"600.00"}));
    posts(sale("R-3", {"450.00"}));
    posts(sale("R-4", {"20.00"}, "bea"));
    is("2025-03-10T10:00:00Z");
    posts(return_of_line("X-1", "R-1", "1"));
    posts(sale("R-5", {"100.00"}));
    posts(sale("R-6", {"7.00"}, "anna", at("2025-03-02T10:00:00Z")));
    posts(sale("R-7", {"5.00"}, ""));
  }
};

Simulation simulated(Shop& shop, const std::string& yaml, Simulate how = {kFrom, kTo}) {
  auto made = shop.engine().simulate(programme_of(yaml), how);
  EXPECT_TRUE(made.ok()) << Shop::describe(made.error());
  return made ? *made : Simulation{};
}

TEST(Simulating, the_programme_of_record_differs_by_nothing) {
  Month shop;
  const auto same = simulated(shop, kPriced);
  EXPECT_TRUE(same.is_same());
  EXPECT_EQ(same.wallets.front().points.was, Points(30 + 600 + 450 + 20 + 100 + 7));
  EXPECT_EQ(same.sales, 6);
  EXPECT_EQ(same.returns, 1);
  EXPECT_EQ(same.members, 2);
  EXPECT_EQ(same.unattributed, 1);
}

TEST(Simulating, shows_points_money_receipts_and_members) {
  Month shop;
  const auto made = simulated(shop, kDouble);
  const auto& points = made.wallets.front();
  // Anna is gold, at the old rate, from the sale after the one that takes her there; the late one
  // is booked when she is.
  EXPECT_EQ(points.points.was, Points(1207));
  EXPECT_EQ(points.points.becomes, Points(60 + 1200 + 900 + 40 + 100 + 7));
  EXPECT_EQ(points.cost_was, "12.07");
  EXPECT_EQ(points.cost_becomes, "23.07");
  EXPECT_EQ(points.liability_becomes, "11.54");
  EXPECT_EQ(made.largest.front().id, "R-2");
  EXPECT_EQ(made.largest.front().points.becomes, Points(1200));
  ASSERT_EQ(made.gain_most.size(), 2u);
  EXPECT_EQ(made.gain_most.back().points.difference(), Points(20));
  EXPECT_EQ(made.rules.front().name, "tier:silver");
  EXPECT_EQ(made.departments.front().name, "retail");
  EXPECT_EQ(made.departments.front().points.becomes, points.points.becomes);
  EXPECT_TRUE(made.tier_moves.empty());
}

TEST(Simulating, follows_tiers_to_the_end_of_the_period) {
  Month shop;
  const auto made = simulated(shop, replaced(kPriced, "gold, from: 1000.00", "gold, from: 10.00"));
  EXPECT_EQ(made.members_up, 1);
  EXPECT_EQ(made.members_down, 0);
  ASSERT_EQ(made.tier_moves.size(), 1u);
  EXPECT_EQ(made.tier_moves.front().was, "silver");
  EXPECT_EQ(made.tier_moves.front().becomes, "gold");
  const auto harder =
      simulated(shop, replaced(kPriced, "gold, from: 1000.00", "gold, from: 9000.00"));
  EXPECT_EQ(harder.members_down, 1);
}

TEST(Simulating, takes_members_as_they_stood_when_the_period_began) {
  Shop shop(kPriced);
  shop.posts(sale("R-1", {"990.00"}));
  shop.is("2025-03-20T10:00:00Z");
  shop.posts(sale("R-2", {"20.00"}));
  shop.posts(return_of("X-1", "R-1"));
  const Simulate how{at("2025-03-15T00:00:00Z"), kTo};
  const auto made = simulated(shop, kDouble, how);
  EXPECT_EQ(made.sales, 1);
  EXPECT_EQ(made.wallets.front().points.becomes, Points(40));
  EXPECT_TRUE(simulated(shop, kPriced, how).is_same());
}

TEST(Simulating, in_parts_and_on_threads_says_the_same) {
  Month shop;
  const auto alone = simulated(shop, kDouble);
  Simulate how{kFrom, kTo};
  how.parts = 3;
  how.executor = [](std::span<const std::function<void()>> tasks) {
    std::vector<std::jthread> threads;
    for (const auto& task : tasks) threads.emplace_back(task);
  };
  const auto together = simulated(shop, kDouble, how);
  EXPECT_EQ(together.wallets.front().points.becomes, alone.wallets.front().points.becomes);
  ASSERT_EQ(together.largest.size(), alone.largest.size());
  for (std::size_t i = 0; i < alone.largest.size(); ++i) {
    EXPECT_EQ(together.largest[i].id, alone.largest[i].id);
  }
  EXPECT_EQ(together.members, alone.members);
}

TEST(Simulating, writes_nothing) {
  Month shop;
  const auto before = shop.engine().entries(EntryId(), 1000)->entries.size();
  simulated(shop, kDouble);
  EXPECT_EQ(shop.engine().entries(EntryId(), 1000)->entries.size(), before);
  EXPECT_EQ(shop.engine().versions()->size(), 1u);
  shop.adds_up();
}

TEST(Simulating, values_the_claims_of_the_period) {
  Shop shop(kPriced);
  shop.posts(sale("R-0", {"1.00"}));
  shop.posts(sale("R-1", {"10.00", "30.00"}, ""));
  ASSERT_TRUE(shop.engine().claim({"till-1", "R-1"}, shop.member().id, "desk").ok());
  shop.posts(return_of_line("X-1", "R-1", "2"));
  EXPECT_TRUE(simulated(shop, kPriced).is_same());
  EXPECT_EQ(simulated(shop, kDouble).wallets.front().points.becomes, Points(22));
}

TEST(Simulating, rates_later_sales_again_as_the_ledger_does) {
  const auto steeper = replaced(kPriced, "gold, from: 1000.00, rate: 1 point",
                                "gold, from: 1000.00, rate: 2 points");
  Shop shop(steeper);
  shop.is("2025-03-10T10:00:00Z");
  shop.posts(sale("R-1", {"100.00", "50.00"}));
  shop.posts(return_of_line("X-1", "R-1", "2"));
  shop.posts(sale("R-2", {"1000.00"}, "anna", at("2025-03-02T10:00:00Z")));
  const auto same = simulated(shop, steeper);
  EXPECT_TRUE(same.is_same());
  EXPECT_EQ(same.wallets.front().points.was, Points(1000 + 200));
  const auto flat = simulated(shop, kPriced);
  EXPECT_EQ(flat.wallets.front().points.becomes, Points(1000 + 100));
}

TEST(Simulating, points_that_die_within_the_period_are_no_liability_at_its_end) {
  Shop shop(kPriced);
  shop.posts(sale("R-1", {"10.00"}));
  const auto made = simulated(shop, replaced(kPriced, "after: 12 months", "after: 10 days"));
  EXPECT_EQ(made.wallets.front().alive.was, Points(10));
  EXPECT_EQ(made.wallets.front().alive.becomes, Points(0));
  EXPECT_EQ(made.wallets.front().points.becomes, Points(10));
}

TEST(Simulating, refuses_what_it_cannot_know) {
  Month shop;
  const auto refused = [&](const std::string& yaml, Instant from, Instant to) {
    const auto made = shop.engine().simulate(programme_of(yaml), {from, to});
    EXPECT_FALSE(made.ok());
    return made || made.error().faults.empty() ? "" : made.error().faults.front().code;
  };
  EXPECT_EQ(refused(kDouble, kTo, kFrom), "empty_window");
  EXPECT_EQ(refused(kDouble, at("2024-03-01T00:00:00Z"), at("2024-04-01T00:00:00Z")),
            "empty_period");
  EXPECT_EQ(refused(kDouble, at("2019-03-01T00:00:00Z"), kTo), "unknown_version");
  EXPECT_EQ(
      refused(replaced(replaced(kReference, "EUR", "GBP"), "region: IT", "region: GB"), kFrom, kTo),
      "other_currency");
}

}  // namespace
}  // namespace laurel::test
