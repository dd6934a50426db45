// What an entry does to lots and balances. The invariants are checked after every step.

#include "ledger/book.hpp"

#include <algorithm>
#include <random>

#include "kit.hpp"

namespace laurel::ledger {
namespace {

using kit::Ledger;
using kit::until;
using Left = std::vector<std::int64_t>;

constexpr const char* kJanuary = "2026-01-31T23:00:00Z";
constexpr const char* kJune = "2026-06-30T22:00:00Z";

TEST(Book, earning_opens_a_lot_that_is_available) {
  Ledger ledger;
  const auto& entry = ledger.earns(100, until(kJune));
  EXPECT_EQ(ledger.available(), 100);
  EXPECT_EQ(Ledger::moved(entry, Account::kIssued), -100);
  EXPECT_EQ(ledger.books.record.next_due, kit::at(kJune));
}

TEST(Book, earning_for_later_opens_a_pending_lot) {
  Ledger ledger;
  ledger.earns(100, kit::from_until("2025-03-15T00:00:00Z", kJune));
  EXPECT_EQ(ledger.pending(), 100);
  EXPECT_EQ(ledger.available(), 0);
  EXPECT_EQ(ledger.books.record.next_due, kit::at("2025-03-15T00:00:00Z"));
}

TEST(Book, earning_nothing_opens_nothing) {
  Ledger ledger;
  EXPECT_TRUE(ledger.earns(0, until(kJune)).lots_opened.empty());
}

TEST(Book, spending_takes_what_dies_first) {
  Ledger ledger;
  ledger.earns(50, until(kJune));
  ledger.earns(100, until(kJanuary));
  ledger.earns(70, until(kJune));
  ledger.spends(120);
  EXPECT_EQ(ledger.remaining(), (Left{30, 0, 70}));
  EXPECT_EQ(ledger.available(), 100);
}

TEST(Book, spending_leaves_pending_points_alone) {
  Ledger ledger;
  ledger.earns(100, kit::from_until("2025-03-15T00:00:00Z", kJanuary));
  ledger.earns(50, until(kJune));
  const auto refused = ledger.attempt([](EntryWriter& writer, const Entry&) {
    return writer.spend("points", Points(51), Account::kRedeemed);
  });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInsufficientPoints);
  ledger.spends(50);
  EXPECT_EQ(ledger.remaining(), (Left{100, 0}));
}

TEST(Book, taking_back_takes_the_sales_own_points_first) {
  Ledger ledger;
  ledger.earns(30, until(kJanuary));
  const EntryId sale = ledger.earns(100, until(kJune)).id;
  ledger.takes_back(40, sale);
  EXPECT_EQ(ledger.remaining(), (Left{30, 60}));
  ledger.takes_back(60, sale);
  EXPECT_EQ(ledger.remaining(), (Left{30, 0}));
}

TEST(Book, taking_back_takes_pending_before_available) {
  Ledger ledger;
  ledger.earns(30, until(kJanuary));
  ledger.earns(20, kit::from_until("2025-03-15T00:00:00Z", kJune));
  const auto& entry = ledger.takes_back(35, EntryId(99));
  EXPECT_EQ(Ledger::moved(entry, Account::kPending), -20);
  EXPECT_EQ(Ledger::moved(entry, Account::kAvailable), -15);
  EXPECT_EQ(ledger.remaining(), (Left{15, 0}));
}

TEST(Book, taking_back_what_died_unused_costs_her_nothing) {
  Ledger ledger;
  const EntryId sale = ledger.earns(100, until(kJanuary)).id;
  ledger.spends(30);
  ledger.settles(kJanuary);
  ledger.earns(10, until(kJune));
  const auto& entry = ledger.takes_back(100, sale);
  EXPECT_EQ(Ledger::moved(entry, Account::kExpired), -70);
  EXPECT_EQ(Ledger::moved(entry, Account::kAvailable), -10);
  EXPECT_EQ(ledger.debt(), 20);
}

struct ShortfallRow {
  Shortfall policy;
  std::int64_t debt, written_off;
};

class TakingBackSpentPoints : public testing::TestWithParam<ShortfallRow> {};

TEST_P(TakingBackSpentPoints, does_as_the_wallet_says) {
  const auto& row = GetParam();
  Ledger ledger(row.policy);
  const EntryId sale = ledger.earns(500, until(kJune)).id;
  ledger.spends(450);
  const auto& entry = ledger.takes_back(500, sale);
  EXPECT_EQ(ledger.available(), 0);
  EXPECT_EQ(ledger.debt(), row.debt);
  EXPECT_EQ(-Ledger::moved(entry, Account::kWrittenOff), row.written_off);
}

INSTANTIATE_TEST_SUITE_P(Book, TakingBackSpentPoints,
                         testing::Values(ShortfallRow{Shortfall::kDebt, 450, 0},
                                         ShortfallRow{Shortfall::kWithholdMoney, 450, 0},
                                         ShortfallRow{Shortfall::kWriteOff, 0, 450}));

TEST(Book, money_kept_back_pays_for_points_and_the_rest_is_owed) {
  Ledger ledger(Shortfall::kWithholdMoney);
  const EntryId sale = ledger.earns(500, until(kJune)).id;
  ledger.spends(450);
  const auto& entry = ledger.takes_back(500, sale, 400);
  EXPECT_EQ(-Ledger::moved(entry, Account::kWithheld), 400);
  EXPECT_EQ(ledger.debt(), 50);
}

TEST(Book, earning_pays_debt_first) {
  Ledger ledger;
  const EntryId sale = ledger.earns(500, until(kJune)).id;
  ledger.spends(450);
  ledger.takes_back(500, sale);
  ledger.earns(400, until(kJune));
  EXPECT_EQ(ledger.debt(), 50);
  EXPECT_EQ(ledger.available(), 0);
  ledger.earns(200, until(kJune));
  EXPECT_EQ(ledger.debt(), 0);
  EXPECT_EQ(ledger.available(), 150);
}

TEST(Book, pending_points_pay_debt_too) {
  Ledger ledger;
  const EntryId sale = ledger.earns(500, until(kJune)).id;
  ledger.spends(500);
  ledger.takes_back(500, sale);
  ledger.earns(600, kit::from_until("2025-03-15T00:00:00Z", kJune));
  EXPECT_EQ(ledger.debt(), 0);
  EXPECT_EQ(ledger.pending(), 100);
}

TEST(Book, expiry_never_pays_a_debt) {
  Ledger ledger;
  const EntryId sale = ledger.earns(500, until(kJanuary)).id;
  ledger.spends(450);
  ledger.takes_back(500, sale);
  ledger.settles("2030-01-01T00:00:00Z");
  EXPECT_EQ(ledger.debt(), 450);
}

TEST(Book, giving_again_fills_the_lots_it_took_from) {
  Ledger ledger;
  ledger.earns(30, until(kJanuary));
  const EntryId sale = ledger.earns(100, until(kJune)).id;
  const Entry taken = ledger.takes_back(120, sale);
  EXPECT_EQ(ledger.remaining(), (Left{10, 0}));
  ledger.gives_again(120, sale, std::span(&taken, 1));
  EXPECT_EQ(ledger.remaining(), (Left{30, 100}));
}

TEST(Book, giving_again_gives_what_was_taken_last_first) {
  Ledger ledger;
  ledger.earns(30, until(kJanuary));
  const EntryId sale = ledger.earns(100, until(kJune)).id;
  const Entry taken[] = {ledger.takes_back(100, sale), ledger.takes_back(20, sale)};
  ledger.gives_again(50, sale, taken);
  EXPECT_EQ(ledger.remaining(), (Left{30, 30}));
}

TEST(Book, giving_again_forgives_debt_before_it_opens_a_lot) {
  Ledger ledger;
  const EntryId sale = ledger.earns(500, until(kJune)).id;
  ledger.spends(450);
  const Entry taken = ledger.takes_back(500, sale);
  ledger.gives_again(500, sale, std::span(&taken, 1));
  EXPECT_EQ(ledger.debt(), 0);
  EXPECT_EQ(ledger.remaining(), (Left{50}));
}

TEST(Book, giving_again_opens_a_lot_for_debt_that_was_paid_since) {
  Ledger ledger;
  const EntryId sale = ledger.earns(500, until(kJune)).id;
  ledger.spends(450);
  const Entry taken = ledger.takes_back(500, sale);
  ledger.earns(450, until(kJune));
  ledger.gives_again(500, sale, std::span(&taken, 1));
  EXPECT_EQ(ledger.remaining(), (Left{50, 0, 450}));
  EXPECT_EQ(ledger.available(), 500);
}

TEST(Book, giving_again_undoes_what_was_written_off) {
  Ledger ledger(Shortfall::kWriteOff);
  const EntryId sale = ledger.earns(500, until(kJune)).id;
  ledger.spends(450);
  const Entry taken = ledger.takes_back(500, sale);
  const auto& given = ledger.gives_again(500, sale, std::span(&taken, 1));
  EXPECT_EQ(Ledger::moved(given, Account::kWrittenOff), 450);
  EXPECT_EQ(ledger.available(), 50);
}

TEST(Book, F8_settling_books_each_lot_once) {
  Ledger ledger;
  ledger.earns(10, kit::from_until("2025-03-15T00:00:00Z", kJanuary));
  ledger.earns(20, until(kJanuary));
  ledger.earns(30, until(kJune));
  const auto booked = ledger.settles(kJanuary);
  ASSERT_EQ(booked.size(), 3u);
  EXPECT_EQ(booked[0].kind, EntryKind::kActivation);
  EXPECT_EQ(booked[0].event_time, kit::at("2025-03-15T00:00:00Z"));
  EXPECT_EQ(booked[1].kind, EntryKind::kExpiry);
  EXPECT_EQ(booked[1].event_time, kit::at(kJanuary));
  EXPECT_EQ(booked[2].kind, EntryKind::kExpiry);
  EXPECT_TRUE(ledger.settles(kJanuary).empty());
  EXPECT_EQ(ledger.available(), 30);
  EXPECT_EQ(ledger.books.record.next_due, kit::at(kJune));
}

std::vector<WalletBalance> balances(const Ledger& ledger, Instant when) {
  return *balances_at(ledger.books, when, ledger.wallets(), TimeZone::utc());
}

TEST(Book, a_lot_lives_up_to_its_last_millisecond) {
  Ledger ledger;
  ledger.earns(10, until(kJanuary));
  const auto last = kit::at(kJanuary) - Duration{1};
  EXPECT_EQ(balances(ledger, last)[0].available, Points(10));
  EXPECT_EQ(balances(ledger, kit::at(kJanuary))[0].available, Points{});
}

TEST(Book, balances_at_a_moment_are_those_after_settling_it) {
  Ledger ledger;
  ledger.earns(10, kit::from_until("2025-03-15T00:00:00Z", kJanuary));
  ledger.earns(20, until(kJanuary));
  ledger.earns(40, kit::from_until("2026-06-01T00:00:00Z", kJune));
  for (const auto* when :
       {"2025-03-14T23:59:59Z", "2025-03-15T00:00:00Z", kJanuary, "2026-06-01T00:00:00Z", kJune}) {
    const auto foretold = balances(ledger, kit::at(when));
    ledger.settles(when);
    EXPECT_EQ(foretold, booked_balances(ledger.books.record, ledger.wallets())) << when;
  }
}

TEST(Book, an_entry_carried_out_again_gives_the_same_books) {
  Ledger ledger;
  Books replayed = ledger.books;
  ledger.earns(10, kit::from_until("2025-03-15T00:00:00Z", kJanuary));
  const EntryId sale = ledger.earns(20, until(kJanuary)).id;
  ledger.spends(15);
  ledger.takes_back(20, sale);
  ledger.settles(kJanuary);
  for (const auto& entry : ledger.entries) ASSERT_TRUE(apply_entry(replayed, entry).ok());
  EXPECT_EQ(replayed.lots, ledger.books.lots);
  EXPECT_EQ(replayed.record.wallets, ledger.books.record.wallets);
}

TEST(Book, a_balance_beyond_what_can_be_counted_is_refused) {
  Ledger ledger;
  ledger.earns(kMaxPoints, until(kJune));
  const auto refused = ledger.attempt([](EntryWriter& writer, const Entry& entry) {
    return writer.earn("points", Points(1), until(kJune), entry.id);
  });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kOutOfRange);
}

struct BadMove {
  const char* what;
  LotMove move;
};

TEST(Book, a_move_the_lot_does_not_allow_is_refused) {
  const LotId lot(EntryId(1), 0);
  const BadMove moves[] = {
      {"more than it holds", {lot, LotMoveKind::kSpend, Points(11)}},
      {"more given back than was spent", {lot, LotMoveKind::kSpend, Points(-1)}},
      {"more given back than was reversed", {lot, LotMoveKind::kReverse, Points(-1)}},
      {"more un-expired than had expired", {lot, LotMoveKind::kExpire, Points(-1)}},
      {"activated though it is", {lot, LotMoveKind::kActivate, Points(10)}},
      {"another lot", {LotId(EntryId(2), 0), LotMoveKind::kSpend, Points(1)}},
  };
  for (const auto& [what, move] : moves) {
    Ledger ledger;
    ledger.earns(10, until(kJune));
    const auto moved = apply_move(ledger.books, move);
    ASSERT_FALSE(moved.ok()) << what;
    EXPECT_EQ(moved.error().code, ErrorCode::kInvariantBroken) << what;
  }
}

// Whatever is done, the lots and the balances agree (the kit checks the invariants each time), and
// nothing is lost: what came in is what is there, was spent, reversed or died.
TEST(Book, any_course_of_events_adds_up) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random(seed);
    Ledger ledger;
    std::vector<EntryId> sales;
    for (int step = 0; step < 60; ++step) {
      const auto points = static_cast<std::int64_t>(random() % 90 + 10);
      const auto days = std::chrono::hours(24 * (random() % 300 + 1));
      switch (random() % 3) {
        case 0: sales.push_back(ledger.earns(points, {kit::now(), kit::now() + days}).id); break;
        case 1:
          if (ledger.available() >= points) ledger.spends(points);
          break;
        default:
          if (!sales.empty()) ledger.takes_back(points, sales[random() % sales.size()]);
      }
    }
    Points sum;
    for (const auto& lot : ledger.books.lots) sum += lot.remaining;
    EXPECT_EQ(sum.units(), ledger.available()) << "seed " << seed;
    EXPECT_TRUE(ledger.available() == 0 || ledger.debt() == 0) << "seed " << seed;
  }
}

// ---- New dates, and points that live by use ----------------------------------------------------

TEST(Book, a_lot_that_waits_for_an_event_is_dated_by_it) {
  kit::Ledger ledger;
  ledger.earns(100, {kNever, kNever});
  EXPECT_EQ(ledger.books.record.next_due, kNever);
  EXPECT_EQ(ledger.pending(), 100);
  ledger.write([&](EntryWriter& writer, const Entry&) {
    return writer.date(ledger.books.lots.front().id, {kit::now(), kit::at("2026-01-01T00:00:00Z")});
  });
  EXPECT_EQ(ledger.settles("2025-03-01T10:00:00Z").size(), 1U);
  EXPECT_EQ(ledger.available(), 100);
}

TEST(Book, lots_that_live_by_use_die_with_their_wallet) {
  kit::Ledger ledger;
  ledger.write([&](EntryWriter& writer, const Entry& entry) {
    writer.keep("points", kit::at("2025-04-01T00:00:00Z"));
    return writer.earn("points", Points(100), {kit::now(), kWhileUsed}, entry.id);
  });
  ledger.write([&](EntryWriter& writer, const Entry&) -> Result<void> {
    writer.keep("points", kit::at("2025-05-01T00:00:00Z"));
    return {};
  });
  EXPECT_TRUE(ledger.settles("2025-04-30T23:59:59Z").empty());
  const auto booked = ledger.settles("2025-05-01T00:00:00Z");
  ASSERT_EQ(booked.size(), 1U);
  EXPECT_EQ(booked.front().event_time, kit::at("2025-05-01T00:00:00Z"));
  EXPECT_EQ(ledger.available(), 0);
}

TEST(Book, at_one_moment_points_die_before_others_become_available) {
  kit::Ledger ledger;
  ledger.earns(10, kit::from_until("2025-04-01T00:00:00Z", "2026-01-01T00:00:00Z"));
  ledger.earns(20, kit::until("2025-04-01T00:00:00Z"));
  const auto booked = ledger.settles("2025-04-01T00:00:00Z");
  ASSERT_EQ(booked.size(), 2U);
  EXPECT_EQ(booked[0].kind, EntryKind::kExpiry);
  EXPECT_EQ(booked[1].kind, EntryKind::kActivation);
}

}  // namespace
}  // namespace laurel::ledger
