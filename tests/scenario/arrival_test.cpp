// Section A: the same thing reported twice, late, out of order, from elsewhere.

#include <atomic>
#include <thread>

#include "shop.hpp"

namespace laurel::test {
namespace {

TEST(Arrival, A1_same_sale_five_times_is_one_sale) {
  Shop shop;
  const auto sold = sale("R-1001", {"500.00"}, "anna", at("2025-03-01T09:00:00Z"));
  std::vector<std::thread> tills;
  std::atomic<int> first{0};
  for (int i = 0; i < 2; ++i) {
    tills.emplace_back([&] { first += shop.engine().post(sold)->replayed ? 0 : 1; });
  }
  for (auto& till : tills) till.join();
  EXPECT_EQ(first, 1);
  const auto entry = shop.posts(sold).entry;
  shop.reopen();
  EXPECT_TRUE(shop.posts(sold).replayed);
  shop.is("2025-04-10T10:00:00Z");
  EXPECT_TRUE(shop.posts(sold).replayed);
  EXPECT_EQ(shop.engine().post_all(std::vector{sold, sold})[1]->entry, entry);
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

TEST(Arrival, A2_same_key_with_other_content_is_a_conflict_that_names_the_field) {
  Shop shop;
  shop.posts(sale("K", {"500.00"}));
  const auto error = shop.refuses(sale("K", {"900.00"}));
  EXPECT_EQ(error.code, ErrorCode::kConflict);
  ASSERT_EQ(error.faults.size(), 1u);
  EXPECT_EQ(error.faults[0].pointer, "/lines/0/amount");
  EXPECT_EQ(shop.available(), 500);
  shop.adds_up();
}

TEST(Arrival, A2_time_stamped_by_the_engine_is_no_part_of_the_content) {
  Shop shop;
  const auto sold = sale("K", {"500.00"});
  const auto first = shop.posts(sold);
  shop.clock().advance(std::chrono::hours(1));
  const auto again = shop.posts(sold);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.at, first.at);
}

TEST(Arrival, A2_content_is_compared_as_typed_values) {
  Shop shop;
  auto sold = sale("K", {"1.00", "2.00"}, "anna", at("2025-03-01T09:00:00Z"));
  sold.lines[0].tags = {"a", "b"};
  sold.lines[0].attributes = {{"size", "M"}, {"colour", "red"}};
  sold.identifiers = {{"card", "anna"}, {"email", "Anna@Example.test"}};
  shop.posts(sold);
  auto again = sold;
  again.at = parse_instant("2025-03-01T10:00:00+01:00").value();
  again.lines[0].amount = "1.0";
  again.lines[1].amount = "2";
  std::swap(again.lines[0], again.lines[1]);
  std::swap(again.lines[1].tags[0], again.lines[1].tags[1]);
  std::swap(again.lines[1].attributes[0], again.lines[1].attributes[1]);
  again.identifiers = {{"email", "anna@example.test"}, {"card", "anna"}};
  EXPECT_TRUE(shop.posts(again).replayed);
}

TEST(Arrival, A2_every_field_is_part_of_the_content) {
  const auto base = [] {
    auto sold = sale("K", {"5.00"}, "anna", at("2025-03-01T09:00:00Z"));
    sold.tenders = {{"card", "5.00"}};
    return sold;
  };
  struct Row {
    const char* pointer;
    void (*change)(Transaction&);
  };
  const Row rows[] = {
      {"/at", [](Transaction& t) { *t.at += Duration(1); }},
      {"/store", [](Transaction& t) { t.store = "other"; }},
      {"/channel", [](Transaction& t) { t.channel = "online"; }},
      {"/currency", [](Transaction& t) { t.currency = "GBP"; }},
      {"/associate", [](Transaction& t) { t.associate = "A-1"; }},
      {"/identifiers", [](Transaction& t) { t.identifiers[0].value = "berta"; }},
      {"/tags", [](Transaction& t) { t.tags = {"x"}; }},
      {"/lines/0/sku", [](Transaction& t) { t.lines[0].sku = "S"; }},
      {"/lines/0/department", [](Transaction& t) { t.lines[0].department = "spa"; }},
      {"/lines/0/category", [](Transaction& t) { t.lines[0].category = "c"; }},
      {"/lines/0/brand", [](Transaction& t) { t.lines[0].brand = "b"; }},
      {"/lines/0/quantity", [](Transaction& t) { t.lines[0].quantity = Quantity::of(2); }},
      {"/lines/0/amount", [](Transaction& t) { t.lines[0].amount = "5.01"; }},
      {"/lines/0/tax", [](Transaction& t) { t.lines[0].tax = "0.50"; }},
      {"/lines/0/associate", [](Transaction& t) { t.lines[0].associate = "A-1"; }},
      {"/lines/0/tags", [](Transaction& t) { t.lines[0].tags = {"x"}; }},
      {"/lines/0/attributes",
       [](Transaction& t) {
         t.lines[0].attributes = {{"a", "b"}};
       }},
      {"/lines/0/origin",
       [](Transaction& t) {
         t.lines[0].origin = TransactionKey{"a", "b"};
       }},
      {"/lines/0/id", [](Transaction& t) { t.lines[0].id = "9"; }},
      {"/tenders", [](Transaction& t) { t.tenders[0].type = "cash"; }},
  };
  Shop shop;
  shop.posts(base());
  for (const auto& row : rows) {
    auto other = base();
    row.change(other);
    const auto error = shop.refuses(other);
    EXPECT_EQ(error.code, ErrorCode::kConflict) << row.pointer;
    EXPECT_EQ(error.faults.at(0).pointer, row.pointer);
  }
  EXPECT_EQ(shop.available(), 5);
}

TEST(Arrival, A3_same_number_from_two_departments_is_two_sales) {
  Shop shop;
  auto hotel = sale("1001", {"80.00"});
  hotel.key.source = "HOTEL";
  auto spa = sale("1001", {"120.00"});
  spa.key.source = "SPA";
  shop.posts(hotel);
  shop.posts(spa);
  EXPECT_EQ(shop.available(), 200);
  shop.adds_up();
}

TEST(Arrival, A5_key_is_known_on_day_400_as_on_day_1) {
  Shop shop;
  const auto sold = sale("R-1", {"10.00"}, "anna", at("2025-03-01T09:00:00Z"));
  const auto first = shop.posts(sold);
  for (const int day : {1, 2, 31, 400}) {
    shop.clock().set(at("2025-03-01T10:00:00Z") + std::chrono::hours(24 * day));
    const auto again = shop.posts(sold);
    EXPECT_TRUE(again.replayed) << day;
    EXPECT_EQ(again.entry, first.entry) << day;
    EXPECT_EQ(again.wallets, first.wallets) << day;
    EXPECT_EQ(again.tier, first.tier) << day;
  }
  shop.adds_up();
}

TEST(Arrival, A7_enrolling_twice_with_one_key_is_one_member) {
  Shop shop;
  const Enrolment enrolment{TransactionKey{"web", "E-1"}, {{"card", "carla"}}};
  const auto first = shop.engine().enrol(enrolment);
  const auto again = shop.engine().enrol(enrolment);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->member.id, again->member.id);
  EXPECT_TRUE(again->replayed);
  auto other = enrolment;
  other.identifiers[0].value = "clara";
  EXPECT_EQ(shop.engine().enrol(other).error().code, ErrorCode::kConflict);
}

TEST(Arrival, A10_first_sales_of_a_new_member_in_parallel_make_one_member) {
  Shop shop;
  std::vector<std::thread> tills;
  for (int i = 0; i < 50; ++i) {
    tills.emplace_back([&shop, i] {
      EXPECT_TRUE(shop.engine().post(sale("R-" + std::to_string(i), {"10.00"}, "new")).ok());
    });
  }
  for (auto& till : tills) till.join();
  EXPECT_EQ(shop.available("new"), 500);
  EXPECT_EQ(shop.engine().ledger(shop.member("new").id, {}, 100)->entries.size(), 50u);
  shop.adds_up();
}

TEST(Arrival, A12_offline_sale_delivered_three_days_later_counts_once) {
  Shop shop;
  const auto sold = sale("R-1", {"42.00"}, "anna", at("2025-02-26T09:00:00Z"));
  shop.posts(sold);
  EXPECT_TRUE(shop.posts(sold).replayed);
  EXPECT_EQ(shop.available(), 42);
  shop.adds_up();
}

TEST(Arrival, A14_sale_from_the_future_waits_for_review) {
  Shop shop;
  const auto receipt = shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-03-04T10:00:00Z")));
  EXPECT_EQ(receipt.state, TransactionState::kReview);
  EXPECT_EQ(earned(receipt), 0);
  EXPECT_EQ(receipt.at, at("2025-03-04T10:00:00Z"));
  EXPECT_EQ(receipt.booked_at, at("2025-03-01T10:00:00Z"));
  shop.adds_up();
}

TEST(Arrival, A14_sale_from_the_future_is_valued_as_of_its_arrival_and_says_so) {
  Shop shop(replaced(kReference, "departments:", R"(arrivals: { from_future: value }
departments:)"));
  const auto late = sale("R-1", {"10.00"}, "anna", at("2025-03-04T10:00:00Z"));
  EXPECT_EQ(shop.engine().quote(late)->flags, std::vector<std::string>{"from_future"});
  const auto receipt = shop.posts(late);
  EXPECT_EQ(receipt.flags, std::vector<std::string>{"from_future"});
  EXPECT_EQ(receipt.at, at("2025-03-01T10:00:00Z"));
  EXPECT_EQ(receipt.points.at(0).expires_at, at("2026-03-01T23:00:00Z"));
  EXPECT_TRUE(shop.posts(sale("R-2", {"10.00"})).flags.empty());
  shop.adds_up();
}

TEST(Arrival, A15_late_sale_is_valued_by_the_rules_of_its_own_day) {
  const auto campaign = replaced(kReference, "identity:", R"(rules:
  - id: double-may
    active: { from: 2025-05-01, until: 2025-05-31 }
    multiply: 2
identity:)");
  Shop shop(campaign);
  shop.is("2025-06-03T10:00:00Z");
  EXPECT_EQ(earned(shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-05-31T20:10:00Z")))), 20);
  EXPECT_EQ(earned(shop.posts(sale("R-2", {"10.00"}, "anna", at("2025-05-31T22:05:00Z")))), 10);
  shop.adds_up();
}

TEST(Arrival, A15_sale_later_than_the_limit_waits_for_review) {
  Shop shop(replaced(kReference, "departments:", "max_lateness: 30 days\ndepartments:"));
  const auto on_time = shop.posts(sale("R-1", {"10.00"}, "anna", at("2025-01-30T10:00:00Z")));
  EXPECT_EQ(on_time.state, TransactionState::kAccepted);
  const auto late = shop.posts(sale("R-2", {"10.00"}, "anna", at("2025-01-29T10:00:00Z")));
  EXPECT_EQ(late.state, TransactionState::kReview);
  EXPECT_EQ(shop.available(), 10);
  shop.adds_up();
}

TEST(Arrival, B3_two_hundred_parallel_sales_of_one_lose_nothing) {
  Shop shop;
  shop.posts(sale("R-first", {"1.00"}));
  std::vector<std::thread> tills;
  for (int i = 0; i < 100; ++i) {
    tills.emplace_back([&shop, i] {
      for (int j = 0; j < 2; ++j) {
        const auto id = "R-" + std::to_string(i) + "-" + std::to_string(j);
        EXPECT_TRUE(shop.engine().post(sale(id, {"1.00"})).ok());
      }
    });
  }
  for (auto& till : tills) till.join();
  EXPECT_EQ(shop.available(), 201);
  shop.adds_up();
}

TEST(Arrival, B4_balances_after_follow_one_from_the_other) {
  Shop shop;
  std::vector<std::thread> tills;
  for (int i = 0; i < 20; ++i) {
    tills.emplace_back([&shop, i] {
      EXPECT_TRUE(shop.engine().post(sale("R-" + std::to_string(i), {"3.00"})).ok());
    });
  }
  for (auto& till : tills) till.join();
  const auto page = shop.engine().ledger(shop.member().id, {}, 100);
  ASSERT_TRUE(page.ok());
  std::int64_t expected = 60;
  for (const auto& entry : page->entries) {
    EXPECT_EQ(entry.balances_after.at(0).available.units(), expected);
    expected -= 3;
  }
}

}  // namespace
}  // namespace laurel::test
