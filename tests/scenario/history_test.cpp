// Section J: what stood when, and that nothing stored can drift unseen.

#include <sqlite3.h>

#include <atomic>
#include <set>
#include <thread>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "reward_kit.hpp"

namespace laurel::test {
namespace {

class History : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, History, each_store(), store_name);

TEST_P(History, J1_fifty_back_and_forth_are_fifty) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"50.00"}));
  shop.posts(void_of("V-1", "R-1"));
  shop.posts(sale("R-2", {"21.00"}));
  shop.posts(return_of("X-2", "R-2"));
  shop.posts(sale("R-3", {"50.00"}));
  EXPECT_EQ(shop.available(), 50);
  shop.adds_up();
}

std::int64_t stood(Shop& shop, std::string_view as_of, TimeBasis basis) {
  const auto statement = shop.engine().statement(shop.member().id, at(as_of), basis);
  EXPECT_TRUE(statement.ok());
  return statement ? statement->wallets.at(0).available.units() : -1;
}

TEST_P(History, J3_a_late_sale_stands_by_event_and_not_by_booking) {
  Shop shop(kReference, uri());
  shop.is("2025-06-01T10:00:00Z");
  shop.posts(sale("R-0", {"5.00"}));
  shop.is("2025-07-03T10:00:00Z");
  shop.posts(sale("R-1", {"80.00"}, "anna", at("2025-06-30T10:00:00Z")));
  EXPECT_EQ(stood(shop, "2025-06-30T12:00:00Z", TimeBasis::kEvent), 85);
  EXPECT_EQ(stood(shop, "2025-06-30T12:00:00Z", TimeBasis::kBooking), 5);
  EXPECT_EQ(stood(shop, "2025-07-03T10:00:00Z", TimeBasis::kBooking), 85);
  EXPECT_EQ(stood(shop, "2025-05-31T10:00:00Z", TimeBasis::kEvent), 0);
}

TEST_P(History, J3_a_report_by_booking_prints_the_same_on_any_later_day) {
  Shop shop(kReference, uri());
  shop.is("2025-06-20T10:00:00Z");
  shop.posts(sale("R-1", {"600.00"}));
  const auto end_of_june = at("2025-06-30T22:00:00Z");
  const auto print = [&] {
    return *shop.engine().statement(shop.member().id, end_of_june, TimeBasis::kBooking);
  };
  shop.is("2025-07-01T10:00:00Z");
  const auto first = print();
  shop.posts(sale("R-2", {"500.00"}, "anna", at("2025-06-30T10:00:00Z")));
  shop.posts(return_of("X-1", "R-1"));
  shop.spends(100);
  shop.is("2026-09-01T10:00:00Z");
  ASSERT_TRUE(shop.engine().settle_due(100).ok());
  const auto again = print();
  EXPECT_EQ(again.wallets, first.wallets);
  EXPECT_EQ(again.tier, first.tier);
}

TEST_P(History, J3_what_has_died_by_then_is_not_shown_though_no_job_ran) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2026-06-01T10:00:00Z");
  EXPECT_EQ(stood(shop, "2026-03-01T22:59:59Z", TimeBasis::kEvent), 100);
  EXPECT_EQ(stood(shop, "2026-03-01T23:00:00Z", TimeBasis::kEvent), 0);
  EXPECT_EQ(stood(shop, "2026-03-01T23:00:00Z", TimeBasis::kBooking), 0);
  shop.adds_up();
}

TEST_P(History, what_moves_no_tier_does_not_date_it) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"5.00"}));
  Transaction visit;
  visit.key = {"salon", "V-1"};
  visit.kind = TransactionKind::kEvent;
  visit.event = "visit";
  visit.at = at("2025-02-10T10:00:00Z");
  visit.identifiers = {{"card", "anna"}};
  shop.posts(visit);
  for (const auto basis : {TimeBasis::kEvent, TimeBasis::kBooking}) {
    const auto statement = shop.engine().statement(shop.member().id, shop.clock().now(), basis);
    EXPECT_EQ(statement->tier, shop.member().tier);
  }
}

TEST_P(History, the_tier_stands_as_it_was_then) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"1000.00"}));
  shop.is("2025-04-01T10:00:00Z");
  shop.posts(return_of_amount("X-1", "R-1", "0.01"));
  const auto tier = [&](std::string_view when) {
    return shop.engine().statement(shop.member().id, at(when), TimeBasis::kEvent)->tier.id;
  };
  EXPECT_EQ(tier("2025-02-28T10:00:00Z"), "silver");
  EXPECT_EQ(tier("2025-03-15T10:00:00Z"), "gold");
  EXPECT_EQ(tier("2025-04-01T10:00:00Z"), "silver");
}

TEST_P(History, a_ledger_is_read_page_by_page_newest_first) {
  Shop shop(kReference, uri());
  for (int i = 0; i < 7; ++i) {
    shop.posts(sale("R-" + std::to_string(i), {"1.00"}));
    shop.posts(sale("B-" + std::to_string(i), {"1.00"}, "berta"));
  }
  const auto id = shop.member().id;
  std::vector<std::string> seen;
  EntryId before;
  int pages = 0;
  do {
    const auto page = shop.engine().ledger(id, before, 3);
    ASSERT_TRUE(page.ok());
    EXPECT_LE(page->entries.size(), 3u);
    for (const auto& entry : page->entries) {
      EXPECT_EQ(entry.member, id);
      seen.push_back(entry.key.id);
    }
    before = page->next;
    ++pages;
  } while (before);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, (std::vector<std::string>{"R-6", "R-5", "R-4", "R-3", "R-2", "R-1", "R-0"}));
}

TEST_P(History, a_cursor_of_somebody_else_is_refused) {
  Shop shop(kReference, uri());
  shop.posts(sale("R-1", {"1.00"}));
  const auto other = shop.posts(sale("R-2", {"1.00"}, "berta"));
  const auto page = shop.engine().ledger(shop.member().id, other.entry, 3);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().faults.at(0).pointer, "/before");
  EXPECT_EQ(shop.engine().ledger(MemberId(999), {}, 3).error().code, ErrorCode::kUnknownMember);
}

TEST_P(History, every_entry_says_what_caused_it) {
  Shop shop(replaced(kReference, "pending: none", "pending: 14 days"), uri());
  shop.posts(sale("R-1", {"100.00"}));
  shop.is("2025-04-01T10:00:00Z");
  shop.posts(return_of_amount("X-1", "R-1", "40.00"));
  shop.spends(10);
  shop.is("2026-04-01T10:00:00Z");
  ASSERT_TRUE(shop.engine().settle_due(10).ok());
  const auto page = shop.engine().entries({}, 100);
  ASSERT_TRUE(page.ok());
  std::set<std::string> kinds;
  for (const auto& entry : page->entries) {
    kinds.insert(entry.kind);
    EXPECT_TRUE(!entry.key.id.empty() || entry.about) << entry.kind;
    EXPECT_FALSE(entry.actor.empty()) << entry.kind;
    EXPECT_LE(entry.event_time, entry.booked_at) << entry.kind;
    Points sum;
    for (const auto& posting : entry.postings) sum += posting.amount;
    EXPECT_EQ(sum, Points{}) << entry.kind;
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"sale", "activation", "return", "adjustment", "expiry"}));
}

void on_threads(std::span<const std::function<void()>> tasks) {
  std::vector<std::thread> threads;
  for (const auto& task : tasks) threads.emplace_back(task);
  for (auto& thread : threads) thread.join();
}

TEST_P(History, what_is_booked_while_it_is_verified_is_no_drift) {
  Shop shop(replaced(kReference, "identity:",
                     "rules:\n  - { id: gift, bonus: 2 points, budget: 90 points }\nidentity:"),
            uri());
  std::atomic<bool> done = false;
  std::thread till([&] {
    for (int i = 0; i < 60; ++i) {
      const std::string n = std::to_string(i);
      shop.posts(sale("R-" + n, {"5.00"}, "card-" + std::to_string(i % 9)));
      if (i % 3 == 0) shop.posts(return_of("X-" + n, "R-" + n));
      if (i != 20) continue;
      const Merge two{
          {"desk", "M-1"}, shop.member("card-1").id, shop.member("card-2").id, "ann", "one person"};
      EXPECT_TRUE(shop.engine().merging().merge(two).ok());
    }
    done = true;
  });
  do {
    std::int64_t seen = 0;
    const auto report = shop.engine().verify(
        {.parts = 3, .executor = on_threads, .progress = [&](VerifyProgress progress) {
           EXPECT_GT(progress.entries_done, seen);
           seen = progress.entries_done;
         }});
    ASSERT_TRUE(report.ok());
    for (const auto& drift : report->drift) {
      ADD_FAILURE() << drift.what << ": stored " << drift.stored << ", rebuilt " << drift.rebuilt;
    }
  } while (!done);
  till.join();
  shop.adds_up();
}

// ---- Damage -------------------------------------------------------------------------------------

void execute(const std::string& file, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  EXPECT_EQ(sqlite3_changes(database), 1) << sql;
  sqlite3_free(message);
  sqlite3_close(database);
}

TEST(History, a_stored_voucher_that_no_entry_issued_is_found) {
  const store::Folder folder;
  RewardShop shop("", folder.uri());
  shop.has("anna", 150);
  ASSERT_TRUE(shop.takes("1", "ten-off").ok());
  shop.adds_up();
  execute(folder.file(),
          "INSERT INTO voucher SELECT 'FORGED0000000000', owner, waits_in, uses_left, left_minor,"
          " issued_by, body FROM voucher");
  shop.reopen();
  const auto report = shop.engine().verify({});
  ASSERT_TRUE(report.ok()) << Shop::describe(report.error());
  ASSERT_EQ(report->drift.size(), 1U);
  EXPECT_EQ(report->drift.front().rebuilt, "never issued");
}

struct Damage {
  const char* name;
  const char* sql;
  const char* reported;
};

class Damaged : public testing::TestWithParam<Damage> {};

TEST_P(Damaged, J1_stored_state_is_found_and_not_repaired_silently) {
  const store::Folder folder;
  Shop shop(kReference, folder.uri());
  shop.posts(sale("R-0", {"7.00"}, "berta"));
  shop.posts(sale("R-1", {"50.00"}));
  shop.adds_up();
  execute(folder.file(), GetParam().sql);
  shop.reopen();
  std::set<std::string> reports;
  for (const std::size_t parts : {1, 1, 2, 7}) {
    const auto report = shop.engine().verify({.parts = parts});
    ASSERT_TRUE(report.ok()) << Shop::describe(report.error());
    std::string found;
    for (const auto& drift : report->drift) found += drift.what + "; ";
    EXPECT_NE(found.find(GetParam().reported), std::string::npos) << found;
    reports.insert(found);
  }
  EXPECT_EQ(reports.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    History, Damaged,
    testing::Values(
        Damage{"a_balance",
               "UPDATE member SET balances = replace(balances, '50', '51')"
               " WHERE balances GLOB '*50*'",
               "points available"},
        Damage{"a_lot", "UPDATE lot SET earned = 51, remaining = 51 WHERE remaining = 50", "lot "},
        Damage{"an_expiry", "UPDATE lot SET expires_at = expires_at + 1 WHERE remaining = 50",
               "lot "},
        Damage{"a_member_of_whom_no_entry_knows",
               "INSERT INTO member SELECT 99, next_due, programme, balances, record FROM member"
               " WHERE balances GLOB '*50*'",
               "points available"},
        Damage{"a_lot_that_is_gone", "DELETE FROM lot WHERE remaining = 50", "lot "}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace laurel::test
