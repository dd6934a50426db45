#pragma once
// What the ledger keeps. An Entry is one append-only fact; postings and lot moves are all that ever
// changes a balance. Lots, member records and transaction records are derived from the entries, and
// can be rebuilt from them (ledger/rebuild.hpp).
//
// Signs: what a member has is positive in kPending, kAvailable and kHeld, and what she owes is
// negative in kDebt. The programme's accounts carry the other side, so that the postings of an
// entry sum to zero in each wallet.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/history.hpp"
#include "laurel/ids.hpp"
#include "laurel/member.hpp"
#include "laurel/receipt.hpp"
#include "laurel/transaction.hpp"
#include "ledger/voucher.hpp"

namespace laurel::ledger {

enum class Account : std::uint8_t {
  kPending,
  kAvailable,
  kHeld,
  kDebt,  // of the member
  kIssued,
  kRedeemed,
  kExpired,
  kWrittenOff,
  kAdjusted,
  kTransferred,  // of the programme; this one sums to zero over all members
  kWithheld,     // of the programme: paid for with money that a till kept back
};
inline constexpr bool is_member_account(Account account) { return account <= Account::kDebt; }

struct Posting {
  std::string wallet;
  Account account = Account::kIssued;
  Points amount;
  friend bool operator==(const Posting&, const Posting&) = default;
};

// The number of the entry that opened it times 64, plus its place among that entry's lots.
class LotId {
 public:
  constexpr LotId() = default;
  constexpr explicit LotId(std::int64_t number) : number_(number) {}
  constexpr LotId(EntryId entry, int place) : number_(entry.number() * 64 + place) {}
  constexpr std::int64_t number() const { return number_; }
  constexpr EntryId entry() const { return EntryId(number_ / 64); }
  constexpr explicit operator bool() const { return number_ != 0; }
  friend constexpr auto operator<=>(const LotId&, const LotId&) = default;

 private:
  std::int64_t number_ = 0;
};

// The end of a lot that lives as long as its wallet is used: WalletState::dies_at.
inline constexpr Instant kWhileUsed = kNever - Duration{1};

// earned = remaining + reversed + spent + expired, none of them negative.
struct Lot {
  LotId id;
  LotId previous;  // the member's lot before this one; 0: her first
  MemberId member;
  std::string wallet;
  EntryId
      cause;  // the sale's entry, which for a claimed or waiting sale is not the one that opened it
  Instant available_from;  // kNever: it waits for an event
  Instant expires_at;      // exclusive; kNever, kWhileUsed
  bool activated =
      false;  // booked as available; before that its remaining points stand in kPending
  Points earned, remaining, reversed, spent, expired;
  friend bool operator==(const Lot&, const Lot&) = default;
};

enum class LotMoveKind : std::uint8_t {
  kOpen,      // + earned and remaining
  kActivate,  // remaining goes from pending to available; points say how many
  kSpend,    // remaining to spent: redeemed, adjusted away, or paid to a debt. Negative: given back
  kReverse,  // remaining to reversed. Negative: a return was undone
  kExpire,   // remaining to expired. Negative: un-expired
};

struct LotMove {
  LotId lot;
  LotMoveKind kind = LotMoveKind::kOpen;
  Points points;
  friend bool operator==(const LotMove&, const LotMove&) = default;
};

// What a lot is when it is opened; the rest of Lot follows from the moves.
struct LotOpening {
  LotId lot;
  std::string wallet;
  EntryId cause;
  Instant available_from;
  Instant expires_at;
  bool activated = false;
  LotId carries;  // the lot of another member whose points it holds on; 0: they are new
  friend bool operator==(const LotOpening&, const LotOpening&) = default;
};

// New dates of a lot: what it waited for has happened.
struct LotDating {
  LotId lot;
  Instant available_from;
  Instant expires_at;
  Instant was_expires_at = {};  // kExtension: before it, so that it can be undone
  friend bool operator==(const LotDating&, const LotDating&) = default;
};

// How long the points of a wallet live that die when it is not used.
struct WalletLife {
  std::string wallet;
  Instant dies_at;  // exclusive
  friend bool operator==(const WalletLife&, const WalletLife&) = default;
};

// Points of a lot that stand under a hold.
struct HeldPart {
  LotId lot;
  Points points;
  friend bool operator==(const HeldPart&, const HeldPart&) = default;
};

// A counter of a rule or a wallet, and what was taken of it; negative: given back. Counted on the
// local day of the sale it belongs to, for the member where `per_member`, for all where `for_all`.
struct CounterUse {
  std::string counter;
  bool per_member = false, for_all = false;
  Date day;
  std::int64_t units = 0;
  std::int64_t times = 0;
  friend bool operator==(const CounterUse&, const CounterUse&) = default;
};

// A hold as it stands after an entry; without points it is over. The lots of a new one are those
// that the entry spends, where `parts` do not name them.
struct HoldChange {
  EntryId hold;  // the entry that opened the redemption
  std::string wallet;
  Points points;
  Instant until;                          // exclusive
  std::vector<CounterUse> reserved = {};  // of a new one: comes back when it ends uncaptured
  std::vector<HeldPart> parts = {};       // it stands on these now, whatever it stood on before
  friend bool operator==(const HoldChange&, const HoldChange&) = default;
};

// Another member's share of what an entry about a redemption did; booked by an entry of hers.
struct RedemptionPart {
  MemberId member;
  EntryId entry;
  Points points;
  friend bool operator==(const RedemptionPart&, const RedemptionPart&) = default;
};

// What a redemption was asked for and came to.
struct RedemptionTerms {
  std::string wallet;
  Points points;         // held, captured, or given back
  std::string worth;     // of them, decimal text in `currency`; empty: no money
  std::string currency;  // of the basket
  std::optional<Points> asked = {};
  std::int64_t asked_hold_ms = 0;  // 0: as the programme says
  bool offline = false;            // a till gave it before it could ask
  std::string reward = {};         // that is held, and given when it is captured; empty: none
  EntryId pool = {};               // whose members' points it spends; 0: her own
  // Where it touches the points of others. Then these say what hold changes of one member cannot:
  std::vector<RedemptionPart> parts = {};
  Points left = {};       // still held
  Instant until = {};     // of the hold
  bool reverses = false;  // a release: of what was captured
  friend bool operator==(const RedemptionTerms&, const RedemptionTerms&) = default;
};

// What became of a member's place in a pool.
struct Pooling {
  enum class What : std::uint8_t { kOpen, kJoin, kChange, kLeave };
  EntryId pool;  // the entry that opened it; 0: this one
  What what = What::kOpen;
  bool spends = false;       // she may spend the others' points
  bool contributes = false;  // the others may spend hers
  friend bool operator==(const Pooling&, const Pooling&) = default;
};

// What of a line of a sale was paid with points.
struct PaidLine {
  std::int64_t minor = 0;  // in the sale's currency
  Points points;
  friend bool operator==(const PaidLine&, const PaidLine&) = default;
};

// A redemption that a sale was paid with; over its lines, so that any part of it can be given back.
struct PaidWithPoints {
  EntryId hold;     // that opened the redemption; 0: none did
  EntryId capture;  // that took the points
  std::string wallet;
  std::vector<PaidLine> lines;  // parallel to the document's
  friend bool operator==(const PaidWithPoints&, const PaidWithPoints&) = default;
};

struct LineAward {
  std::string rule;
  std::int32_t line = -1;  // index into the document's lines; -1: the whole transaction
  std::string wallet;
  Points points;
  bool keeps_on_return = false;
  friend bool operator==(const LineAward&, const LineAward&) = default;
};

// What a limit took off an award.
struct AwardCut {
  std::string rule;
  std::int32_t line = -1;
  std::string wallet;
  Points points;
  std::string limit;  // "limit: 5000 points per member, month"
  friend bool operator==(const AwardCut&, const AwardCut&) = default;
};

// As programme/past.hpp has them, which this room does not know.
struct PastAnswer {
  std::uint32_t question = 0;
  std::int64_t number = 0;
  bool today = false;
  std::vector<std::string> departments;
  friend bool operator==(const PastAnswer&, const PastAnswer&) = default;
};
struct LimitRoom {
  std::uint32_t limit = 0;
  std::int64_t units = 0;
  std::int64_t times = 0;
  friend bool operator==(const LimitRoom&, const LimitRoom&) = default;
};
struct PersonFacts {
  Instant enrolled_at;
  std::optional<Date> born;
  std::string language;
  std::vector<std::string> segments;
  bool forgotten = false;  // born, language and segments were erased: it cannot be valued again
  bool tells() const { return born || !language.empty() || !segments.empty(); }
  friend bool operator==(const PersonFacts&, const PersonFacts&) = default;
};

// How a sale or an event was valued: enough to value any kept part of it again, under the programme
// named by the entry, to the same point.
//
// `answers`, `rooms`, `member` and `stopped` are what the programme asked for and was told; they
// are kept, so that no later event changes what an earlier sale was worth.
struct Valuation {
  std::string tier;
  std::int64_t spend_before_minor = 0;
  std::int64_t exchange_numerator = 1, exchange_denominator = 1;
  std::int64_t spend_minor = 0;  // eligible, in the programme's currency
  std::vector<LineAward> awards;
  std::vector<PastAnswer> answers = {};  // to those questions of the programme that mattered
  std::vector<LimitRoom> rooms = {};     // of those limits that did
  std::optional<PersonFacts> person = {};
  std::vector<std::string> stopped = {};  // rules
  std::vector<AwardCut> cuts = {};
  // Lines whose points were given with another transaction, as which they had come before.
  std::vector<std::int32_t> linked = {};
  friend bool operator==(const Valuation&, const Valuation&) = default;
};

enum class EntryKind : std::uint8_t {
  kSale,
  kReturn,
  kVoid,
  kEvent,  // carry a document; kReturn and kVoid may wait for their original
  kClaim,  // values a sale that had no member
  kApply,  // a waiting return or void meets its sale
  kAdjustment,
  kActivation,
  kExpiry,
  kEnrolment,
  kMemberChange,
  kRating,      // a deed rated again, because something earlier was learnt of after it
  kHold,        // points are reserved
  kCapture,     // of a hold, whole or part; the rest is given back
  kRelease,     // of a hold, on request or because its time has run out
  kTransfer,    // one half of a move of points between two members
  kMerge,       // one half each for the member that goes and the one that stays
  kUnmerge,     // likewise
  kErasure,     // the person is forgotten
  kExtension,   // lots live longer, or again, by hand
  kNotice,      // something is going to happen: for those who read the outbox
  kIssue,       // a reward or a voucher is given
  kSettlement,  // what waited for a person was decided
  kPool,        // a member's place in a pool
};

// What a merge was, and what it changed of the one who stays beside balances; or what an unmerge
// gave back. Told by the first entry of either half.
struct Merging {
  MemberId other;                               // whose the other half is
  bool goes = false;                            // kMerge: the half of the one who is merged
  EntryId merge;                                // kUnmerge: the one it undoes
  std::vector<EntryId> moved = {};              // kUnmerge: entries in other chains that are hers
  MemberStatus status = MemberStatus::kActive;  // kMerge: hers before
  std::vector<WalletLife> lives = {};           // kMerge: hers before, where they changed
  bool took_language = false, took_born = false;
  std::vector<std::string> took_segments = {};
  bool took_associate = false;
  friend bool operator==(const Merging&, const Merging&) = default;
};

// Points that somebody would give or take by hand, while a second person has not agreed; or one of
// many that are given together.
struct AdjustmentTerms {
  MemberId member;
  std::string wallet;
  Points points;
  std::optional<Instant> at = {};
  friend bool operator==(const AdjustmentTerms&, const AdjustmentTerms&) = default;
};

// A batch of adjustments as it was asked for, or (with `items` alone) a part of its list.
struct BatchTerms {
  std::string digest;      // of all items
  std::int64_t count = 0;  // of them
  std::vector<AdjustmentTerms> items = {};
  friend bool operator==(const BatchTerms&, const BatchTerms&) = default;
};

struct Entry {
  EntryId id;
  EntryKind kind = EntryKind::kSale;
  MemberId member;   // none: unattributed, waiting
  EntryId previous;  // the member's entry before this one; 0: her first
  Instant event_time;
  Instant booked_at;
  std::string actor;      // the source that posted, or the person
  std::string reason;     // adjustments and member changes
  TransactionKey key;     // its business key; empty for entries that jobs book
  EntryId about;          // the entry it reverses, claims or applies
  std::string programme;  // digest of the version that valued it
  TransactionState state = TransactionState::kAccepted;
  bool at_given =
      true;  // always: of the stored layout. What the source gave is document->at, or nothing
  std::optional<Transaction> document;
  std::optional<Attribution> attribution;
  std::optional<Valuation> valuation;
  // Change of what counts for the tier (spend, points or events, as the programme says), counted at
  // `spend_at`.
  std::int64_t spend_delta_minor = 0;
  Instant spend_at;
  std::string tier_granted;  // a level given by hand or by a rule, valid until `tier_granted_until`
                             // (exclusive)
  Instant tier_granted_until = kNever;
  std::string tier_taken_back;  // a level that the sale had given, and that its rest does not give
  std::string
      refund;  // kReturn, kVoid: the money to give back, decimal text in the sale's currency
  std::vector<Posting> postings;
  std::vector<LotOpening> lots_opened;
  std::vector<LotMove> lot_moves;
  std::vector<CounterUse> uses;  // what it changes of the counters
  // As they stood after this entry and, for one that answers a request, after all that its unit of
  // work booked; so that the answer can be given again on any later day.
  std::vector<WalletBalance> balances_after;
  std::optional<TierStanding> tier_after;
  std::vector<LotDating> lot_datings;
  std::vector<WalletLife> wallet_lives;
  std::vector<VoucherIssue> vouchers_issued;  // what it changes of the vouchers, issues first
  std::vector<VoucherMove> voucher_moves;
  std::vector<HoldChange> hold_changes;
  std::optional<RedemptionTerms> redemption;  // kHold, kCapture, kRelease
  std::vector<PaidWithPoints> paid;           // kSale
  std::vector<std::string> flags;             // what a person may want to look at: "overdrawn" …
  std::string withheld;                       // of `refund`: what the till keeps back
  std::vector<Notice> notices;                // kNotice
  // The member by whose identifier, id or sale it came, who was merged into `member` by then; 0:
  // it is the member's own. When they are parted again, it is hers.
  MemberId through = {};
  std::optional<Merging> merging = {};
  std::optional<Pooling> pooling = {};             // kPool
  std::optional<AdjustmentTerms> adjustment = {};  // kAdjustment that waits; it is nobody's
  std::optional<BatchTerms> batch = {};            // kAdjustment that is nobody's
  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace laurel::ledger
