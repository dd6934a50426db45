#pragma once
// The derived state of one member: one row, read and written by every unit of work that touches
// her.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/member.hpp"
#include "ledger/entry.hpp"

namespace laurel::ledger {

// Balances as booked. At any instant between bookings the truth is the lots' (ledger/lots.hpp).
struct WalletState {
  std::string wallet;
  Points pending, available, held;
  Points debt;  // what she owes, positive
  // When the lots die that live as long as the wallet is used; kNever: it never was.
  Instant dies_at = kNever;
  friend bool operator==(const WalletState&, const WalletState&) = default;
};

// Points reserved for a redemption that is not finished. Its points stand in kHeld; their lots
// count them as spent, so that they cannot expire.
struct Hold {
  EntryId entry;  // that opened it
  std::string wallet;
  Points points;                // the sum of its parts
  Instant until;                // exclusive; from then on the points are the member's again
  std::vector<HeldPart> parts;  // in the order in which they are captured
  std::vector<CounterUse> reserved = {};  // comes back when it ends uncaptured
  friend bool operator==(const Hold&, const Hold&) = default;
};

// Spend counted on one local day, or in one local year where only whole years matter.
struct SpendBucket {
  Date day;
  std::int64_t minor = 0;
  friend bool operator==(const SpendBucket&, const SpendBucket&) = default;
};

// A level given for a time; its end comes by itself.
struct TierGrant {
  std::string level;
  Instant from;
  Instant until;  // exclusive
  friend bool operator==(const TierGrant&, const TierGrant&) = default;
};

// A level that was reached on a day, and holds only later.
struct UpcomingLevel {
  std::string level;
  Instant from;
  Date reached_on;
  friend bool operator==(const UpcomingLevel&, const UpcomingLevel&) = default;
};

// Where the member stands by what counts; advanced by ledger/tier.hpp, which says what each field
// means. Levels are named, not numbered, so that a new version of the programme may add one.
struct TierState {
  std::string level;  // empty: below the first level
  Instant since;
  Instant until = kNever;  // exclusive end of the validity; then it is decided again
  std::string reason;      // "spend", "downgrade", "return", "granted", "enrolment"
  Date qualified_in;       // the local day whose window qualified her
  std::string upcoming;    // reached, but holding only from `upcoming_from`
  Instant upcoming_from;
  // The level she had when she rose to this one, and how long it would have held.
  std::string fallback;
  Instant fallback_until;
  Instant last_event;                // event time of the latest event folded in
  std::vector<SpendBucket> buckets;  // by day, ascending; zero buckets are dropped
  Instant enrolled_at;               // whose anniversaries begin the years of membership
  Date upcoming_reached;             // the local day on which `upcoming` was
  std::vector<UpcomingLevel> later;  // what follows `upcoming`; ascending by level and by time
  Date fallback_in;               // the day whose window the fallback depends on; Date{}: on none
  std::vector<TierGrant> grants;  // that have not ended; beside `level`, the higher one holds
  friend bool operator==(const TierState&, const TierState&) = default;
};

// An event that moved the tier, as ledger/tier.hpp folds it, under the version that valued it.
struct RecentTierEvent {
  Instant at;
  std::int64_t delta_minor = 0;
  Instant spend_at;
  std::string granted;
  Instant granted_until = kNever;
  std::int64_t version = 0;  // its number
  std::string taken_back = {};
  friend bool operator==(const RecentTierEvent&, const RecentTierEvent&) = default;
};

// The state before some events, and those events in the order of their time.
struct TierSegment {
  TierState before;
  std::vector<RecentTierEvent> events;
  friend bool operator==(const TierSegment&, const TierSegment&) = default;
};

// The latest events, segment after segment; see ledger/tier_recent.hpp. Most members have none.
using RecentTier = std::vector<TierSegment>;

struct MemberRecord {
  MemberId id;
  MemberStatus status = MemberStatus::kActive;
  MemberId merged_into;
  Instant enrolled_at;
  std::string language;
  EntryId last_entry;         // head of the chain Entry::previous
  LotId last_lot;             // head of the chain Lot::previous
  LotId oldest_open_lot;      // the chain need not be followed below it
  Instant next_due = kNever;  // when a lot next becomes available or dies, or a hold ends
  std::vector<WalletState> wallets;
  TierState tier;
  std::string programme;  // digest of the version that last decided the tier
  std::optional<Date> born;
  std::vector<std::string> segments;  // sorted
  RecentTier recent_tier;
  Instant latest_deed = Instant::min();    // event time of the latest sale or event that was valued
  std::vector<Hold> holds;                 // that are open, by the entry that opened them
  Instant identified_at = Instant::min();  // when an identifier of hers was last linked or unlinked
  // She has been told of points that end up to then, and of the end of her level.
  Instant told_of_expiry = Instant::min();
  Instant told_of_tier = Instant::min();
  EntryId merge = {};                   // by which she was merged; in the chain of merged_into
  std::vector<MemberId> absorbed = {};  // who were merged into her, and not parted again
  EntryId pool = {};                    // that she is a member of: the entry that opened it
  Instant closed_at = Instant::min();   // kClosed: since when; she may be older than this is noted
  std::string associate = {};           // she works in the house, under this name
  // Where the sale or event came from that was booked last, and a moment after which none came from
  // anywhere else; so that only those who buy in several places at once are looked at for doubles.
  std::string latest_source = {};
  Instant elsewhere_until = Instant::min();
  friend bool operator==(const MemberRecord&, const MemberRecord&) = default;
};

}  // namespace laurel::ledger
