// What the house owes, as of any moment.

#include "laurel/report.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Reporting : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Reporting, each_store(), store_name);

const auto kCosts = replaced(
    kReference, "    on_shortfall: debt\n",
    "    on_shortfall: debt\n    liability: { unit_cost: 0.01 EUR, expected_redemption: 90% }\n");

WalletLiability owed(Shop& shop, std::string_view as_of, TimeBasis basis = TimeBasis::kBooking) {
  const auto report = shop.engine().reports().liability({.as_of = at(as_of), .basis = basis});
  EXPECT_TRUE(report.ok()) << Shop::describe(report.error());
  return report ? report->wallets.at(0) : WalletLiability{};
}

// In and out are the same.
void expect_balanced(const WalletLiability& wallet) {
  EXPECT_EQ(
      wallet.issued + wallet.adjusted + wallet.transferred + wallet.written_off + wallet.withheld,
      wallet.outstanding - wallet.debt + wallet.redeemed + wallet.expired);
}

TEST_P(Reporting, J3_a_sale_of_june_booked_in_july_counts_by_basis) {
  Shop shop(kCosts, uri());
  shop.is("2025-07-01T08:00:00Z");
  shop.posts(sale("R-1", {"100.00"}, "anna", at("2025-06-20T10:00:00Z")));
  const auto printed = owed(shop, "2025-06-30T21:59:59.999Z");
  shop.is("2025-07-05T08:00:00Z");
  shop.posts(sale("R-2", {"40.00"}, "anna", at("2025-06-30T10:00:00Z")));
  EXPECT_EQ(printed.outstanding.units(), 0);
  EXPECT_EQ(owed(shop, "2025-06-30T21:59:59.999Z").outstanding.units(), 0);
  EXPECT_EQ(owed(shop, "2025-06-30T21:59:59.999Z", TimeBasis::kEvent).outstanding.units(), 140);
  EXPECT_EQ(owed(shop, "2025-07-02T00:00:00Z").outstanding.units(), 100);
  EXPECT_EQ(owed(shop, "2025-07-05T08:00:00Z").outstanding.units(), 140);
}

TEST_P(Reporting, J3_the_june_report_printed_twice_is_the_same) {
  Shop shop(kCosts, uri());
  shop.is("2025-06-20T10:00:00Z");
  shop.posts(sale("R-1", {"600.00"}));
  shop.posts(sale("R-2", {"500.00"}, "berta"));
  const auto june = ReportAt{.as_of = at("2025-06-30T21:59:59.999Z")};
  const auto text = [&] {
    const auto reports = shop.engine().reports();
    std::string out = std::to_string(reports.liability(june)->wallets[0].outstanding.units());
    const auto tiers = reports.tiers(june);
    const auto departments = reports.departments(june);
    for (const auto& tier : tiers->tiers) out += " " + std::to_string(tier.members);
    for (const auto& each : departments->departments) {
      out += " " + each.department + " " + each.kept.text() + " " + std::to_string(each.sales);
    }
    return out;
  };
  shop.is("2025-07-01T08:00:00Z");
  const auto first = text();
  EXPECT_EQ(first, "1100 0 2 0 retail 1100.00 2");
  shop.is("2025-07-05T08:00:00Z");
  shop.posts(return_of("X-1", "R-1"));
  shop.posts(sale("R-3", {"900.00"}, "berta", at("2025-06-21T10:00:00Z")));
  EXPECT_EQ(text(), first);
}

// 1,000 points issued, of which 600 are spent, 100 taken back and 300 die.
TEST_P(Reporting, J5_expiry_redemption_and_reversal_each_release_the_liability_once) {
  std::vector<int> order{0, 1, 2};
  do {
    Shop shop(kCosts, "memory:");
    shop.posts(sale("R-1", {"300.00"}, "anna"));
    shop.is("2025-06-01T10:00:00Z");
    shop.posts(sale("R-2", {"600.00", "100.00"}, "anna"));
    for (const int step : order) {
      if (step == 0) shop.spends(step == order[0] ? 300 : 600);
      if (step == 1) shop.posts(return_of_line("X-1", "R-2", "2"));
      if (step == 2) shop.is("2026-03-02T10:00:00Z");
      const auto now = shop.engine().reports().liability({})->wallets.at(0);
      EXPECT_GE(now.outstanding.units(), 0);
      EXPECT_GE(now.expected.units(), 0);
      expect_balanced(now);
    }
    if (order[0] == 0) shop.spends(shop.available());
    shop.is("2027-01-01T00:00:00Z");
    const auto end = shop.engine().reports().liability({})->wallets.at(0);
    EXPECT_EQ(end.outstanding.units(), 0);
    EXPECT_EQ(end.cost->text(), "0.00");
    EXPECT_EQ(end.expected_cost->text(), "0.00");
    expect_balanced(end);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_P(Reporting, breakage_is_the_declared_share_of_all_that_was_given) {
  Shop shop(kCosts, uri());
  shop.posts(sale("R-1", {"1000.00"}));
  auto wallet = owed(shop, "2025-03-01T10:00:00Z");
  EXPECT_EQ(wallet.expected.units(), 900);
  EXPECT_EQ(wallet.cost->text(), "10.00");
  EXPECT_EQ(wallet.expected_cost->text(), "9.00");
}

TEST_P(Reporting, F9_what_died_is_owed_no_more_with_no_job_run) {
  Shop shop(kCosts, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2026-03-02T10:00:00Z");
  const auto dead = owed(shop, "2026-03-02T00:00:00Z");
  EXPECT_EQ(dead.outstanding.units(), 0);
  EXPECT_EQ(dead.expired.units(), 100);
  expect_balanced(dead);
  EXPECT_EQ(owed(shop, "2026-03-01T22:59:59Z").outstanding.units(), 100);
  shop.engine().settle_due(10).value();
  EXPECT_EQ(owed(shop, "2026-03-01T22:59:59Z").outstanding.units(), 100);
}

TEST_P(Reporting, departments_show_what_was_kept) {
  Shop shop(kCosts, uri());
  auto sold = sale("R-1", {"100.00", "50.00"});
  sold.lines[1].department = "spa";
  shop.posts(sold);
  shop.posts(return_of_line("X-1", "R-1", "1"));
  const auto report = shop.engine().reports().departments({});
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->departments.size(), 1u);
  EXPECT_EQ(report->departments[0].department, "spa");
  EXPECT_EQ(report->departments[0].kept.text(), "50.00");
  EXPECT_EQ(report->departments[0].points.at(0).points.units(), 50);
}

TEST_P(Reporting, tiers_count_every_member_once) {
  Shop shop(kCosts, uri());
  shop.posts(sale("R-1", {"1000.00"}, "anna"));
  shop.posts(sale("R-2", {"10.00"}, "berta"));
  const auto report = shop.engine().reports().tiers({});
  EXPECT_EQ(report->members, 2);
  EXPECT_EQ(report->tiers.at(1).tier, "silver");
  EXPECT_EQ(report->tiers.at(1).members, 1);
  EXPECT_EQ(report->tiers.at(2).members, 1);
}

TEST_P(Reporting, a_moment_that_has_not_come_is_refused) {
  Shop shop(kCosts, uri());
  const auto report = shop.engine().reports().liability({.as_of = at("2025-03-02T00:00:00Z")});
  EXPECT_EQ(report.error().faults.at(0).pointer, "/as_of");
}

TEST_P(Reporting, B18_three_reports_under_load_are_alike) {
  Shop shop(kCosts, uri());
  SystemClock clock;
  auto engine = *Engine::open({shop.store(), &clock, nullptr});
  std::atomic<bool> stop{false};
  std::vector<std::thread> tills;
  for (int till = 0; till < 3; ++till) {
    tills.emplace_back([&, till] {
      for (int i = 0; !stop; ++i) {
        const auto id = std::to_string(till) + "-" + std::to_string(i);
        EXPECT_TRUE(engine->post(sale(id, {"10.00"}, "m" + id)).ok());
      }
    });
  }
  for (int round = 0; round < 5; ++round) {
    const Instant now = clock.now();
    while (clock.now() == now) {
    }
    const auto first = engine->reports().liability({.as_of = now});
    for (int again = 0; again < 2; ++again) {
      const auto report = engine->reports().liability({.as_of = now});
      EXPECT_EQ(report->wallets.at(0).outstanding, first->wallets.at(0).outstanding);
      EXPECT_EQ(report->head.entries, first->head.entries);
    }
  }
  stop = true;
  for (auto& till : tills) till.join();
}

}  // namespace
}  // namespace laurel::test
