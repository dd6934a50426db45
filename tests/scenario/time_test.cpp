// Section F: points that wait and points that die, at the instant, whether or not a job has run.

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>
#include <thread>

#include "each_store.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

class Expiry : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, Expiry, each_store(), store_name);

// 100 points that die at the end of 31 January 2025 and 50 at the end of 30 June.
void earns_two_lots(Shop& shop) {
  shop.is("2025-01-10T10:00:00Z");
  shop.posts(sale("R-1", {"100.00"}, "anna", at("2024-01-31T10:00:00Z")));
  shop.posts(sale("R-2", {"50.00"}, "anna", at("2024-06-30T10:00:00Z")));
}

TEST_P(Expiry, F1_spending_takes_what_dies_first_and_the_rest_dies_once) {
  Shop shop(kReference, uri());
  earns_two_lots(shop);
  shop.spends(80);
  EXPECT_EQ(shop.available(), 70);
  shop.is("2025-01-31T22:59:59Z");
  EXPECT_EQ(shop.available(), 70);
  shop.is("2025-02-01T10:00:00Z");
  EXPECT_EQ(shop.available(), 50);
  const auto work = shop.engine().settle_due(100);
  ASSERT_TRUE(work.ok());
  EXPECT_EQ(work->expired_lots, 1);
  EXPECT_EQ(shop.available(), 50);
  shop.adds_up();
}

TEST_P(Expiry, F9_balance_and_spending_are_right_though_no_job_ever_runs) {
  Shop shop(kReference, uri());
  earns_two_lots(shop);
  shop.is("2025-01-31T23:00:01Z");
  EXPECT_EQ(shop.available(), 50);
  const Adjustment all{{"desk", "A"}, shop.member().id, "", Points(-150), "clerk", "spends", {}};
  const auto refused = shop.engine().adjust(all);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInsufficientPoints);
  shop.spends(50);
  EXPECT_EQ(shop.available(), 0);
  shop.is("2026-01-01T00:00:00Z");
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

TEST_P(Expiry, F9_pending_points_become_available_at_the_start_of_their_day) {
  Shop shop(replaced(kReference, "pending: none", "pending: 14 days"), uri());
  shop.is("2025-11-21T10:00:00Z");
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2025-12-04T22:59:59Z");
  EXPECT_EQ(shop.pending(), 100);
  EXPECT_EQ(shop.available(), 0);
  shop.is("2025-12-04T23:00:00Z");
  EXPECT_EQ(shop.pending(), 0);
  EXPECT_EQ(shop.available(), 100);
  shop.spends(100);
  shop.adds_up();
}

// Every member has one lot that is due.
constexpr int kMembers = 200;
void sells_to_many(Shop& shop) {
  std::vector<Transaction> sales;
  for (int i = 0; i < kMembers; ++i) {
    const auto number = std::to_string(i);
    sales.push_back(sale("R-" + number, {"10.00"}, "m" + number, at("2024-01-31T10:00:00Z")));
  }
  shop.is("2025-01-10T10:00:00Z");
  for (const auto& receipt : shop.engine().post_all(sales)) ASSERT_TRUE(receipt.ok());
  shop.is("2025-02-01T10:00:00Z");
}

std::int64_t expiries(Shop& shop) {
  std::int64_t count = 0;
  EntryId after;
  for (;;) {
    const auto page = shop.engine().entries(after, 500);
    EXPECT_TRUE(page.ok());
    if (!page || page->entries.empty()) return count;
    for (const auto& entry : page->entries) count += entry.kind == "expiry" ? 1 : 0;
    after = page->next;
  }
}

TEST_P(Expiry, F8_running_the_job_twice_books_each_lot_once) {
  Shop shop(kReference, uri());
  sells_to_many(shop);
  EXPECT_EQ(shop.engine().settle_due(1'000)->expired_lots, kMembers);
  EXPECT_EQ(shop.engine().settle_due(1'000)->expired_lots, 0);
  EXPECT_EQ(expiries(shop), kMembers);
  shop.adds_up();
}

TEST_P(Expiry, F8_stopping_half_way_and_going_on_books_each_lot_once) {
  Shop shop(kReference, uri());
  sells_to_many(shop);
  const auto half = shop.engine().settle_due(kMembers / 2);
  ASSERT_TRUE(half.ok());
  EXPECT_TRUE(half->more);
  EXPECT_EQ(expiries(shop), kMembers / 2);
  shop.reopen();
  EXPECT_EQ(shop.engine().settle_due(1'000)->expired_lots, kMembers / 2);
  EXPECT_EQ(expiries(shop), kMembers);
  shop.adds_up();
}

TEST_P(Expiry, F8_two_workers_book_each_lot_once) {
  Shop shop(kReference, uri());
  sells_to_many(shop);
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&shop] {
      for (;;) {
        const auto work = shop.engine().settle_due(10);
        EXPECT_TRUE(work.ok());
        if (!work || work->members == 0) return;
      }
    });
  }
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(expiries(shop), kMembers);
  shop.adds_up();
}

// ---- Days, months and zones ---------------------------------------------------------------------

const char* const kServerZones[] = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"};

class ServerZone : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    setenv("TZ", GetParam(), 1);
    tzset();
  }
  void TearDown() override {
    unsetenv("TZ");
    tzset();
  }
};

TEST_P(ServerZone, F4_an_end_date_includes_its_last_local_day) {
  Shop shop(replaced(kReference, "identity:", R"(rules:
  - { id: june, active: { from: 2025-06-01, until: 2025-06-30 }, multiply: 2 }
identity:)"));
  shop.is("2025-07-02T10:00:00Z");
  const std::pair<const char*, std::int64_t> rows[] = {{"2025-05-31T21:59:59Z", 10},
                                                       {"2025-05-31T22:00:00Z", 20},
                                                       {"2025-06-30T21:59:59Z", 20},
                                                       {"2025-06-30T22:00:00Z", 10}};
  for (const auto& [when, points] : rows) {
    EXPECT_EQ(earned(shop.posts(sale(when, {"10.00"}, "anna", at(when)))), points) << when;
  }
}

INSTANTIATE_TEST_SUITE_P(Time, ServerZone, testing::ValuesIn(kServerZones),
                         [](const auto& row) { return std::to_string(row.index); });

struct PeriodRow {
  const char* period;
  const char* earned_at;
  const char* expires_at;  // exclusive
};

constexpr PeriodRow kPeriods[] = {
    {"1 month", "2025-01-31T10:00:00Z", "2025-02-28T23:00:00Z"},
    {"2 months", "2025-01-31T10:00:00Z", "2025-03-31T22:00:00Z"},
    {"12 months", "2024-02-29T10:00:00Z", "2025-02-28T23:00:00Z"},
    {"48 months", "2024-02-29T10:00:00Z", "2028-02-29T23:00:00Z"},
    {"1 month", "2025-03-29T23:30:00Z", "2025-04-30T22:00:00Z"},  // the 30th in Rome
    {"5 days", "2025-03-28T10:00:00Z", "2025-04-02T22:00:00Z"},   // over the change of the clocks
    {"5 days", "2025-10-24T10:00:00Z", "2025-10-29T23:00:00Z"},
};

TEST(Time, F6_months_end_where_they_end) {
  for (const auto& [period, earned_at, expires_at] : kPeriods) {
    Shop shop(replaced(kReference, "after: 12 months", std::string("after: ") + period));
    shop.is(earned_at);
    const auto receipt = shop.posts(sale("R-1", {"10.00"}));
    EXPECT_EQ(to_text(receipt.points.at(0).expires_at), expires_at) << period << earned_at;
    shop.clock().set(at(expires_at) - Duration{1});
    EXPECT_EQ(shop.available(), 10) << period << earned_at;
    shop.is(expires_at);
    EXPECT_EQ(shop.available(), 0) << period << earned_at;
  }
}

TEST(Time, a_late_sale_whose_points_have_died_earns_nothing_that_can_be_spent) {
  Shop shop;
  const auto receipt = shop.posts(sale("R-1", {"10.00"}, "anna", at("2023-03-01T10:00:00Z")));
  EXPECT_EQ(earned(receipt), 10);
  EXPECT_EQ(shop.available(), 0);
  shop.adds_up();
}

// ---- Late events --------------------------------------------------------------------------------

// Sales and returns of one member over a year, each at its own time.
std::vector<Transaction> year_of_shopping(std::mt19937_64& random) {
  std::vector<Transaction> documents;
  Instant when = at("2024-04-01T09:00:00Z");
  for (int i = 0; i < 7; ++i) {
    when += std::chrono::hours(random() % 900 + 1);
    const auto id = "R-" + std::to_string(i);
    const auto minor = static_cast<std::int64_t>(random() % 70'000 + 100);
    documents.push_back(sale(id, {Money(minor, *Currency::of("EUR")).text()}, "anna", when));
    if (random() % 2 == 0) continue;
    auto back =
        return_of("X-" + std::to_string(i), id, when + std::chrono::hours(random() % 900 + 1));
    if (random() % 2 == 0) back.amount = "1.00";
    documents.push_back(std::move(back));
  }
  std::stable_sort(documents.begin(), documents.end(),
                   [](const Transaction& a, const Transaction& b) { return *a.at < *b.at; });
  return documents;
}

std::string ending(const std::string& yaml, const std::vector<Transaction>& documents) {
  Shop shop(yaml);
  for (const auto& document : documents) shop.posts(document);
  shop.adds_up();
  const auto member = shop.member();
  return member.tier.id + " until " + (member.tier.until ? to_text(*member.tier.until) : "never") +
         ", spend " + std::to_string(member.tier.spend_minor) + ", points " +
         std::to_string(member.wallets.at(0).balance.available.units());
}

class LateEvents : public testing::TestWithParam<const char*> {};

TEST_P(LateEvents, every_order_of_arrival_ends_alike) {
  const auto yaml = replaced(replaced(kReference, "window: calendar_year", GetParam()),
                             "valid_until: end_of_year", "valid_until: end_of_next_year");
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::mt19937_64 random(seed);
    auto documents = year_of_shopping(random);
    const auto in_order = ending(yaml, documents);
    for (int shuffled = 0; shuffled < 3; ++shuffled) {
      std::shuffle(documents.begin(), documents.end(), random);
      EXPECT_EQ(ending(yaml, documents), in_order) << "seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Time, LateEvents,
                         testing::Values("window: calendar_year", "window: rolling 6 months",
                                         "window: rolling 90 days", "window: lifetime"),
                         [](const auto& row) { return std::to_string(row.index); });

// So many that the chain is not read again for each; a few come very late all the same.
TEST_P(LateEvents, a_member_with_a_long_chain_ends_as_if_all_had_come_in_order) {
  const auto yaml = replaced(kReference, "window: calendar_year", GetParam());
  std::mt19937_64 random(5);
  std::vector<Transaction> documents;
  for (int i = 0; i < 400; ++i) {
    const Instant when = at("2024-05-01T09:00:00Z") + std::chrono::hours(18 * i);
    const auto id = "R-" + std::to_string(i);
    documents.push_back(sale(id, {std::to_string(random() % 90 + 1) + ".00"}, "anna", when));
    if (i % 5 == 0) documents.push_back(return_of("X-" + std::to_string(i), id, when));
  }
  const auto in_order = ending(yaml, documents);
  for (std::size_t i = 0; i + 8 < documents.size(); i += 8) {
    std::shuffle(documents.begin() + static_cast<std::ptrdiff_t>(i),
                 documents.begin() + static_cast<std::ptrdiff_t>(i) + 8, random);
  }
  std::rotate(documents.begin() + 60, documents.begin() + 63, documents.end());
  EXPECT_EQ(ending(yaml, documents), in_order);
}

}  // namespace
}  // namespace laurel::test
