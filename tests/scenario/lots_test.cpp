// Points that live longer or again by hand, and what is told before they die.

#include "laurel/lots.hpp"

#include <atomic>
#include <thread>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class LotsByHand : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, LotsByHand, each_store(), store_name);

const auto kTwoYears = replaced(kReference, "after: 12 months", "after: 24 months");

LotOrder order(const std::string& id) {
  LotOrder made;
  made.key = {"desk", id};
  made.actor = "ann";
  made.reason = "24 months now";
  return made;
}

LotsChanged done(const Result<LotsChanged>& changed) {
  EXPECT_TRUE(changed.ok()) << Shop::describe(changed.error());
  return changed ? *changed : LotsChanged{};
}

std::string end_of(Shop& shop, std::size_t lot = 0) {
  return to_text(shop.member().wallets.at(0).lots.at(lot).expires_at);
}

// ---- F11

TEST_P(LotsByHand, F11_a_new_policy_leaves_lots_as_they_are_until_they_are_extended) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.publish(kTwoYears, at("2025-03-02T00:00:00Z"));
  shop.is("2025-03-02T10:00:00Z");
  EXPECT_EQ(end_of(shop), "2026-03-01T23:00:00Z");
  auto preview = order("E-1");
  preview.dry_run = true;
  const auto shown = done(shop.engine().lots().extend(preview));
  EXPECT_EQ(shown.lots, 1);
  EXPECT_EQ(shown.points.units(), 100);
  EXPECT_EQ(to_text(shown.first.at(0).becomes), "2027-03-01T23:00:00Z");
  EXPECT_EQ(end_of(shop), "2026-03-01T23:00:00Z");
  const auto changed = done(shop.engine().lots().extend(order("E-1")));
  EXPECT_EQ(changed.lots, 1);
  EXPECT_EQ(end_of(shop), "2027-03-01T23:00:00Z");
  const auto entry = shop.engine().ledger(shop.member().id, {}, 1)->entries.at(0);
  EXPECT_EQ(entry.kind, "extension");
  EXPECT_EQ(entry.actor, "ann");
  EXPECT_EQ(entry.reason, "24 months now");
  shop.adds_up();
}

TEST_P(LotsByHand, F11_an_extension_is_done_once_and_can_be_undone) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.publish(kTwoYears, at("2025-03-02T00:00:00Z"));
  shop.is("2025-03-02T10:00:00Z");
  done(shop.engine().lots().extend(order("E-1")));
  EXPECT_EQ(done(shop.engine().lots().extend(order("E-1"))).lots, 0);
  EXPECT_EQ(done(shop.engine().lots().undo(order("E-2"), {"desk", "E-1"})).lots, 1);
  EXPECT_EQ(end_of(shop), "2026-03-01T23:00:00Z");
  shop.is("2026-03-02T10:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST_P(LotsByHand, F11_unexpiry_restores_the_exact_lots) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2025-04-01T10:00:00Z");
  shop.posts(sale("R-2", {"50.00"}));
  shop.spends(30);
  shop.is("2026-04-02T10:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  auto again = order("U-1");
  again.since = at("2026-02-01T00:00:00Z");
  again.until = *parse_date("2026-05-31");
  const auto changed = done(shop.engine().lots().unexpire(again));
  EXPECT_EQ(changed.lots, 2);
  EXPECT_EQ(changed.points.units(), 120);
  EXPECT_EQ(shop.available(), 120);
  const auto lots = shop.member().wallets.at(0).lots;
  ASSERT_EQ(lots.size(), 2u);
  EXPECT_EQ(lots[0].points.units(), 70);
  EXPECT_EQ(lots[1].points.units(), 50);
  EXPECT_EQ(to_text(lots[0].expires_at), "2026-05-31T22:00:00Z");
  shop.adds_up();
  shop.spends(20);
  EXPECT_EQ(done(shop.engine().lots().undo(order("U-2"), {"desk", "U-1"})).points.units(), 100);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST_P(LotsByHand, F11_unexpired_points_pay_what_is_owed) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2026-04-02T10:00:00Z");
  shop.posts(sale("R-2", {"30.00"}));
  shop.spends(30);
  shop.posts(return_of("X-1", "R-2"));
  EXPECT_EQ(shop.debt(), 30);
  auto again = order("U-1");
  again.since = at("2026-02-01T00:00:00Z");
  again.until = *parse_date("2026-05-31");
  done(shop.engine().lots().unexpire(again));
  EXPECT_EQ(shop.debt(), 0);
  EXPECT_EQ(shop.available(), 70);
  EXPECT_EQ(done(shop.engine().lots().undo(order("U-2"), {"desk", "U-1"})).points.units(), 70);
  shop.adds_up();
}

TEST_P(LotsByHand, one_member_can_be_meant) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}, "anna"));
  shop.posts(sale("R-2", {"100.00"}, "berta"));
  auto hers = order("E-1");
  hers.member = shop.member("berta").id;
  hers.until = *parse_date("2026-12-31");
  EXPECT_EQ(done(shop.engine().lots().extend(hers)).members, 1);
  EXPECT_EQ(end_of(shop), "2026-03-01T23:00:00Z");
  hers.key.id = "E-2";
  hers.member = MemberId(99);
  EXPECT_EQ(shop.engine().lots().extend(hers).error().code, ErrorCode::kUnknownMember);
}

TEST_P(LotsByHand, an_order_needs_a_key_a_person_and_a_reason) {
  Shop shop(kReference, uri());
  EXPECT_EQ(shop.engine().lots().extend({}).error().faults.size(), 4u);
  EXPECT_EQ(shop.engine().lots().unexpire(order("U-1")).error().faults.at(0).pointer, "/until");
}

// ---- Notices

const auto kTells = replaced(
    kReference, "departments:", "notices: { expiry: 30 days, tier_loss: 30 days }\ndepartments:");

std::vector<Notice> told(Shop& shop) {
  std::vector<Notice> notices;
  const auto page = *shop.engine().entries({}, 1'000);
  for (const auto& entry : page.entries) {
    notices.insert(notices.end(), entry.notices.begin(), entry.notices.end());
  }
  return notices;
}

TEST_P(LotsByHand, coming_expiry_is_told_once) {
  Shop shop(kTells, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.posts(sale("R-2", {"20.00"}));
  shop.is("2026-01-30T22:59:59Z");
  EXPECT_EQ(shop.engine().settle_due(10)->notices, 0);
  shop.is("2026-01-30T23:00:00Z");
  EXPECT_EQ(shop.engine().settle_due(10)->notices, 1);
  EXPECT_EQ(shop.engine().settle_due(10)->notices, 0);
  shop.is("2026-02-15T10:00:00Z");
  EXPECT_EQ(shop.engine().settle_due(10)->notices, 0);
  const auto notices = told(shop);
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].points.units(), 120);
  EXPECT_EQ(to_text(notices[0].at), "2026-03-01T23:00:00Z");
  shop.is("2026-03-02T10:00:00Z");
  EXPECT_EQ(shop.engine().settle_due(10)->expired_lots, 2);
  shop.adds_up();
}

TEST_P(LotsByHand, who_has_spent_her_points_hears_nothing) {
  Shop shop(kTells, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2026-01-15T10:00:00Z");
  shop.spends(100);
  shop.is("2026-02-15T10:00:00Z");
  EXPECT_EQ(shop.engine().settle_due(10)->notices, 0);
  shop.posts(sale("R-2", {"1.00"}));
  EXPECT_TRUE(told(shop).empty());
  shop.adds_up();
}

TEST_P(LotsByHand, the_loss_of_a_level_is_told_to_those_who_would_lose_it) {
  Shop shop(kTells, uri());
  shop.posts(sale("R-1", {"1000.00"}, "anna"));
  shop.posts(sale("R-2", {"10.00"}, "berta"));
  ASSERT_EQ(shop.tier("anna"), "gold");
  shop.is("2025-12-10T10:00:00Z");
  shop.engine().settle_due(10).value();
  const auto notices = told(shop);
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].of, Notice::Of::kTierLoss);
  EXPECT_EQ(notices[0].tier, "gold");
  EXPECT_EQ(to_text(notices[0].at), "2025-12-31T23:00:00Z");
}

// ---- F8

TEST_P(LotsByHand, F8_ten_thousand_lots_of_one_member_die_once_each) {
  Shop shop(kReference, uri());
  std::vector<Transaction> sales;
  for (int i = 0; i < 10'000; ++i) sales.push_back(sale("R-" + std::to_string(i), {"1.00"}));
  for (const auto& receipt : shop.engine().post_all(sales)) ASSERT_TRUE(receipt.ok());
  shop.is("2026-03-02T10:00:00Z");
  std::atomic<std::int64_t> expired{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&] { expired += shop.engine().settle_due(10)->expired_lots; });
  }
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(expired, 10'000);
  EXPECT_EQ(shop.engine().settle_due(10)->members, 0);
  EXPECT_EQ(shop.available(), 0);
}

TEST_P(LotsByHand, F8_a_job_that_stops_half_way_goes_on_where_it_ended) {
  Shop shop(kReference, uri());
  std::vector<Transaction> sales;
  for (int i = 0; i < 2'000; ++i) {
    sales.push_back(sale("R-" + std::to_string(i), {"1.00"}, "m" + std::to_string(i)));
  }
  for (const auto& receipt : shop.engine().post_all(sales)) ASSERT_TRUE(receipt.ok());
  shop.is("2026-03-02T10:00:00Z");
  EXPECT_EQ(shop.engine().settle_due(1'000)->expired_lots, 1'000);
  shop.reopen();
  std::atomic<std::int64_t> expired{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&] {
      for (;;) {
        const auto work = shop.engine().settle_due(100);
        expired += work->expired_lots;
        if (!work->more) break;
      }
    });
  }
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(expired, 1'000);
  std::int64_t entries = 0;
  for (EntryId after;;) {
    const auto page = *shop.engine().entries(after, 1'000);
    for (const auto& entry : page.entries) entries += entry.kind == "expiry" ? 1 : 0;
    if (!page.next) break;
    after = page.next;
  }
  EXPECT_EQ(entries, 2'000);
  shop.adds_up();
}

}  // namespace
}  // namespace laurel::test
