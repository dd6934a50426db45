#pragma once
// Points by hand, beside Engine::adjust: taking an adjustment back, and giving or taking many at
// once.
//
//   auto plan = engine.adjustments().post({.key = {"desk", "B-7"}, .lines = lines, .actor = "ann",
//                                          .reason = "late deliveries", .dry_run = true});
//   auto done = engine.adjustments().reverse({.batch = {"desk", "B-7"}, .actor = "ann",
//                                             .reason = "wrong list"});
//
// The list of a batch is kept in the store as soon as it is posted: whatever interrupts it, posting
// it again under its id, or resume(), goes on, and nobody is given anything twice. A handle is
// cheap, and valid as long as its engine.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/money.hpp"
#include "laurel/receipt.hpp"
#include "laurel/result.hpp"
#include "laurel/time.hpp"

namespace laurel {

class Engine;

struct AdjustmentUndo {
  TransactionKey adjustment;  // its key; it is undone once, so that the undoing needs none
  MemberId member = {};       // none: whoever it was given to
  std::string actor;
  std::string reason;
};

// What came of points that are taken back, or given back where they were taken.
struct TakenBack {
  std::string wallet;
  int scale = 0;
  Points points;  // the parts sum to it; below zero: given back
  Points from_pending, from_available, from_expired, debt, written_off;
};

struct AdjustmentUndone {
  EntryId entry;
  bool replayed = false;
  MemberId member;
  TakenBack taken;
  std::vector<WalletBalance> wallets;
};

struct BatchLine {
  MemberId member = {};        // or …
  Identifier identifier = {};  // … by what she is known
  std::string wallet = {};     // empty: the programme's first
  Points points;               // not zero; below zero takes
};

struct Batch {
  TransactionKey key;
  std::vector<BatchLine> lines = {};
  std::string actor = {};
  std::string reason = {};
  bool skip_unknown = false;  // lines that name nobody are left out; otherwise they refuse it
  bool dry_run = false;
};

enum class BatchState : std::uint8_t {
  kPlanned,  // a dry run: nothing is stored
  kWaiting,  // for a second person, in the review queue
  kRejected,
  kPosting,  // not all of it is booked yet
  kPosted,
  kReversing,
  kReversed,
};

struct BatchWallet {
  std::string wallet;
  int scale = 0;
  Points given, taken;  // both at or above zero
  Points most;          // of one member, given or taken
  MemberId most_of;
};

struct BatchFault {
  std::int64_t line = 0;  // from 1; 0: of a member whose line is no longer known
  MemberId member = {};
  std::string code;  // unknown_member, member_not_active, insufficient_points …
};

struct BatchStanding {
  TransactionKey key;
  BatchState state = BatchState::kPlanned;
  bool replayed = false;
  bool needs_second_person = false;  // as it was posted
  std::string actor, reason;
  Instant at;              // when it was posted
  std::int64_t count = 0;  // adjustments, one for each member and wallet
  std::int64_t posted = 0, reversed = 0;
  std::int64_t unknown = 0;  // lines that name nobody
  std::int64_t review = 0;   // the item of the review queue; 0: none
  std::vector<BatchWallet> wallets = {};
  std::vector<BatchFault> faults = {};     // the first 100
  std::vector<TakenBack> taken_back = {};  // kReversed: by wallet
};

struct BatchReversal {
  TransactionKey batch;
  std::string actor;
  std::string reason;
};

// How many are done, of how many.
using BatchProgress = std::function<void(std::int64_t done, std::int64_t all)>;

class Adjustments {
 public:
  // Takes back what it gave, as far as it is there, the rest as the wallet's `on_shortfall` says;
  // or gives back what it took. kUnknownAdjustment, kAlreadyReversed, kInReview.
  Result<AdjustmentUndone> undo(const AdjustmentUndo& undo);

  // kInvalid, with a fault for each line that names nobody; kConflict, kAdjustmentLimit.
  Result<BatchStanding> post(const Batch& batch, const BatchProgress& progress = {});
  Result<BatchStanding> batch(const TransactionKey& key) const;  // kUnknownAdjustment
  // Books what is not booked yet, of a batch or of its reversal.
  Result<BatchStanding> resume(const TransactionKey& key, const BatchProgress& progress = {});
  // Undoes all of it, whatever of it was booked. kUnknownAdjustment, kAlreadyReversed, kInReview.
  Result<BatchStanding> reverse(const BatchReversal& reversal, const BatchProgress& progress = {});

 private:
  friend class Engine;
  explicit Adjustments(Engine& engine) : engine_(&engine) {}
  Result<std::vector<BatchFault>> book(const TransactionKey& key, bool back,
                                       const BatchProgress& progress);

  Engine* engine_;
};

}  // namespace laurel
