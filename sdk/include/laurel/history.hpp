#pragma once
// What happened, and what stood at any moment.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "laurel/publishing.hpp"
#include "laurel/receipt.hpp"

namespace laurel {

struct PostingView {
  std::string wallet;
  std::string account;  // pending, available, held, debt, issued, redeemed, expired, written_off,
                        // adjusted, transferred
  Points amount;
};

// Something that is going to happen by itself.
struct Notice {
  enum class Of : std::uint8_t { kExpiry, kTierLoss };
  Of of = Of::kExpiry;
  std::string wallet = {};  // kExpiry
  int scale = 0;
  Points points = {};
  std::string tier = {};  // kTierLoss: the level that ends
  Instant at = {};        // the first moment of it
  friend bool operator==(const Notice&, const Notice&) = default;
};

struct EntryView {
  EntryId id;
  std::string kind;  // sale, return, void, event, claim, apply, adjustment, activation, expiry,
                     // enrolment, change, rating, hold, capture, release, transfer, merge,
                     // unmerge, erasure, extension, notice, issue, settlement
  MemberId member;
  TransactionKey key;  // empty for what jobs book
  EntryId about;       // the entry it reverses, claims or applies
  Instant event_time;
  Instant booked_at;
  std::string actor;
  std::string reason;
  std::string programme;  // digest
  TransactionState state = TransactionState::kAccepted;
  std::vector<PostingView> postings;
  std::vector<AwardedPoints> awards;
  std::vector<WalletBalance> balances_after;
  std::vector<std::string> flags = {};  // what a person may want to look at: overdrawn …
  std::vector<Notice> notices;
};

struct LedgerPage {
  std::vector<EntryView> entries;
  EntryId next;  // pass it on to go on; 0: that was all
};

enum class TimeBasis : std::uint8_t { kEvent, kBooking };

struct Statement {
  MemberId member;
  Instant as_of;
  TimeBasis basis = TimeBasis::kEvent;
  std::vector<WalletBalance> wallets;
  TierStanding tier;
};

struct Adjustment {
  TransactionKey key;
  MemberId member;
  std::string wallet;  // empty: the programme's first
  Points points;       // not zero; negative takes
  std::string actor;
  std::string reason;
  std::optional<Instant> at = {};
};

enum class AdjustmentState : std::uint8_t { kBooked, kWaiting, kRejected };

struct AdjustmentReceipt {
  EntryId entry;  // that booked it, or that keeps it
  bool replayed = false;
  AdjustmentState state = AdjustmentState::kBooked;  // kWaiting: for a second person
  std::int64_t review = 0;  // the item of the review queue in which it waits, or waited; 0: none
  std::string wallet;
  Points points;
  std::vector<WalletBalance> wallets;
};

struct DueWork {
  std::int64_t members = 0;
  std::int64_t activated_lots = 0;
  std::int64_t expired_lots = 0;
  std::int64_t ended_holds = 0;
  std::int64_t notices = 0;
  bool more = false;  // the limit was reached
};

struct Drift {
  MemberId member;
  EntryId entry;
  std::string what;  // "available points", "lot 704 remaining", "award of rule beauty-triple" …
  std::string stored, rebuilt;
};

struct VerifyProgress {
  std::int64_t entries_done = 0;
  std::int64_t entries_all = 0;
};

struct Verification {
  std::size_t parts = 1;  // how many tasks may run at once; the report is the same for any number
  Executor executor = {};
  // Never called twice at once; from the threads of the tasks.
  std::function<void(VerifyProgress)> progress = {};
};

struct VerifyReport {
  std::int64_t entries = 0, members = 0, transactions_revalued = 0;
  std::vector<Drift> drift;  // empty: everything follows from the entries
  // wallet -> account -> sum over all entries; each wallet's sums add to zero
  std::vector<PostingView> totals;
};

}  // namespace laurel
