#pragma once
// What needs a person: transactions that came too late or contradict themselves, members that may
// be one, returns whose sale does not come.
//
//   const auto open = *engine.review().list({});
//   for (const auto& item : open.items) …
//   engine.review().accept({.item = 7, .by = "ann", .reason = "the till's clock was wrong"});
//
// The queue belongs to the store: every engine on it sees the same items. A handle is cheap, and
// valid as long as its engine.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/result.hpp"
#include "laurel/time.hpp"

namespace laurel {

class Engine;

enum class ReviewKind : std::uint8_t {
  kTransaction,  // kept unvalued: untimely or contradictory
  kConflict,     // identifiers that name several members
  kMerge,        // members that may be one person
  kDuplicate,    // two transactions that may be one
  kAnomaly,      // something that looks like misuse
  kAdjustment,   // points given or taken by hand that need a second person
  kOrphan,       // a return or void that has waited long for its original
};

enum class ReviewState : std::uint8_t { kOpen, kAccepted, kRejected };

struct ReviewItem {
  std::int64_t number = 0;  // 1, 2, 3 …
  ReviewKind kind = ReviewKind::kTransaction;
  // What it is about, e.g. "till-7/R-1001"; at most one item of a kind has the same. No personal
  // data: an erasure does not reach it.
  std::string subject;
  std::vector<MemberId> members;
  EntryId entry;      // that raised it
  std::string text;   // why, for people
  Instant opened_at;  // listed from then on
  ReviewState state = ReviewState::kOpen;
  Instant decided_at = {};
  std::string decided_by = {};
  std::string reason = {};  // of the decision
  EntryId settled_by = {};  // the entry that carried it out; 0: it needed none
  friend bool operator==(const ReviewItem&, const ReviewItem&) = default;
};

struct ReviewFilter {
  std::optional<ReviewState> state = ReviewState::kOpen;  // absent: any
  std::optional<ReviewKind> kind = {};
  std::int64_t after = 0;  // items with a higher number
  std::size_t limit = 100;
};

struct ReviewPage {
  std::vector<ReviewItem> items;  // ascending
  std::int64_t next = 0;          // pass it on as `after`; 0: that was all
};

struct ReviewDecision {
  std::int64_t item = 0;
  std::string by;
  std::string reason;
  // kTransaction: whose it is. Absent: whoever its identifiers name now, or nobody. kMerge: who
  // stays.
  std::optional<MemberId> member = {};
};

class Review {
 public:
  Result<ReviewPage> list(const ReviewFilter& filter) const;
  Result<ReviewItem> item(std::int64_t number) const;  // kUnknownReviewItem

  // kTransaction: it is valued as of its own moment, like a claim. kOrphan: it goes on waiting.
  // kMerge: the two become one; she stays who has the lower id, unless `member` says otherwise.
  // Deciding again as before answers as the first time; otherwise kAlreadyDecided. kUnknownMember,
  // kMemberNotActive; kAmbiguousMember: its identifiers disagree and no member was given.
  Result<ReviewItem> accept(const ReviewDecision& decision);
  // kTransaction: it stays without value for ever. kOrphan: it never takes effect. kMerge: the two
  // are never suggested again.
  Result<ReviewItem> reject(const ReviewDecision& decision);

 private:
  friend class Engine;
  explicit Review(Engine& engine) : engine_(&engine) {}
  Result<ReviewItem> decide(const ReviewDecision& decision, ReviewState outcome);

  Engine* engine_;
};

}  // namespace laurel
