#pragma once
// One member's books, and entries written into them, in few words.

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/book.hpp"
#include "ledger/invariants.hpp"

namespace laurel::ledger::kit {

inline Instant at(std::string_view text) { return *parse_instant(text); }
inline Instant now() { return at("2025-03-01T10:00:00Z"); }

// Available at once, until the day given.
inline LotTerms until(std::string_view text) { return {now(), at(text)}; }
inline LotTerms from_until(std::string_view from, std::string_view end) {
  return {at(from), at(end)};
}

inline WalletPolicy wallet(Shortfall on_shortfall = Shortfall::kDebt) {
  WalletPolicy policy;
  policy.id = "points";
  policy.on_shortfall = on_shortfall;
  return policy;
}

// Everything is loaded; every entry goes through the invariants.
class Ledger {
 public:
  explicit Ledger(Shortfall on_shortfall = Shortfall::kDebt) : wallets_{kit::wallet(on_shortfall)} {
    books.record.id = MemberId(7);
    books.all_open_lots_loaded = true;
  }

  using Step = std::function<Result<void>(EntryWriter&, const Entry&)>;

  // Writes the next entry; its id is its place, from 1.
  const Entry& write(const Step& step) {
    const auto written = attempt(step);
    EXPECT_TRUE(written.ok()) << written.error().detail;
    return entries.back();
  }
  Result<void> attempt(const Step& step) {
    const Books before = books;
    Entry entry;
    entry.id = EntryId(static_cast<std::int64_t>(entries.size()) + 1);
    entry.key = {"till", std::to_string(entry.id.number())};
    entry.actor = "till";
    entry.event_time = entry.booked_at = now();
    EntryWriter writer(books, entry);
    if (auto done = step(writer, entry); !done) {
      books = before;
      return done;
    }
    writer.finish(wallets_);
    entries.push_back(entry);
    return check_invariants({before, books, std::span(&entries.back(), 1)});
  }

  const Entry& earns(std::int64_t points, LotTerms terms) {
    return write([&](EntryWriter& writer, const Entry& entry) {
      return writer.earn("points", Points(points), terms, entry.id);
    });
  }
  const Entry& spends(std::int64_t points) {
    return write([&](EntryWriter& writer, const Entry&) {
      return writer.spend("points", Points(points), Account::kRedeemed);
    });
  }
  const Entry& takes_back(std::int64_t points, EntryId cause, std::int64_t payable = 0) {
    return write([&](EntryWriter& writer, const Entry&) -> Result<void> {
      const auto paid = writer.take_back(wallets_.front(), Points(points), cause, Points(payable));
      if (!paid) return paid.error();
      return {};
    });
  }
  const Entry& gives_again(std::int64_t points, EntryId cause, std::span<const Entry> reversals) {
    return write([&](EntryWriter& writer, const Entry&) {
      return writer.give_again(wallets_.front(), Points(points), cause, reversals,
                               until("2026-01-01T00:00:00Z"));
    });
  }
  std::vector<Entry> settles(std::string_view when) {
    const Books before = books;
    const EntryId next(static_cast<std::int64_t>(entries.size()) + 1);
    auto booked = settle(books, at(when), next, wallets_, TimeZone::utc());
    EXPECT_TRUE(booked.ok());
    EXPECT_TRUE(check_invariants({before, books, *booked}).ok());
    entries.insert(entries.end(), booked->begin(), booked->end());
    return *booked;
  }

  WalletState state() { return wallet_state(books.record, "points"); }
  std::int64_t available() { return state().available.units(); }
  std::int64_t pending() { return state().pending.units(); }
  std::int64_t debt() { return state().debt.units(); }
  // What is left in each lot, in order of opening.
  std::vector<std::int64_t> remaining() const {
    std::vector<std::int64_t> left;
    for (const auto& lot : books.lots) left.push_back(lot.remaining.units());
    return left;
  }
  // What an entry moved into an account.
  static std::int64_t moved(const Entry& entry, Account account) {
    std::int64_t sum = 0;
    for (const auto& posting : entry.postings) {
      if (posting.account == account) sum += posting.amount.units();
    }
    return sum;
  }
  std::span<const WalletPolicy> wallets() const { return wallets_; }

  Books books;
  std::vector<Entry> entries;

 private:
  std::vector<WalletPolicy> wallets_;
};

}  // namespace laurel::ledger::kit
