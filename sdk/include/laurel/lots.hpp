#pragma once
// Lots that live longer, or again, by hand. A new version of the programme never changes the end of
// points that were earned before it; these do, with a preview, a person and a reason, and can be
// taken back.
//
//   auto preview = engine.lots().extend({.key = {"desk", "E-1"}, .actor = "ann",
//                                        .reason = "24 months now", .dry_run = true});
//
// Each works on one member or on all, one unit of work a member: where it is interrupted, calling
// it again under the same key goes on, and a member is never changed twice. A handle is cheap, and
// valid as long as its engine.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/money.hpp"
#include "laurel/result.hpp"
#include "laurel/time.hpp"
#include "laurel/transaction.hpp"

namespace laurel {

class Engine;

struct LotOrder {
  TransactionKey key;
  std::optional<MemberId> member = {};  // absent: every member
  std::string wallet = {};              // empty: the programme's first
  // Their new last day, in the programme's time zone. Absent: as the programme in force would end
  // points earned when they were; unexpire: needed.
  std::optional<Date> until = {};
  std::optional<Instant> since = {};  // unexpire: what died from then on
  std::string actor = {};
  std::string reason = {};
  bool dry_run = false;  // shows what would be done
};

struct LotChange {
  MemberId member;
  std::int64_t lot = 0;
  Points points;
  Instant was, becomes;  // its end, exclusive
};

struct LotsChanged {
  std::string wallet;
  int scale = 0;
  bool dry_run = false;
  std::int64_t members = 0, lots = 0;
  Points points;
  std::vector<LotChange> first;  // of them, at most 100
};

// What a member had in the system before this one. Booked whole, once for its key.
struct Opening {
  struct Lot {
    std::string wallet = {};                  // empty: the programme's first
    Points points;                            // above zero
    std::optional<Date> available_from = {};  // from the start of this local day; absent: at once
    std::optional<Date> until = {};  // to the end of it; absent: as if they were earned today
  };
  TransactionKey key;
  Identifier identifier;  // by what she is known here
  std::vector<Lot> lots = {};
  std::string tier = {};                // a level beside the one that `spend` is good for
  std::optional<Date> tier_until = {};  // its last local day; absent: for good
  std::string spend = {};  // what counts for the tiers so far: an amount, points, or events
};

struct Opened {
  EntryId entry;
  bool replayed = false;
  MemberId member;
};

class Lots {
 public:
  // Each by itself, in the order given, sharing syncs. Nobody is told of them: webhooks leave them
  // out. kInvalid, kUnknownMember, kConflict.
  std::vector<Result<Opened>> open(std::span<const Opening> openings);
  // Open lots whose new end is later than theirs. kInvalid, kUnknownMember.
  Result<LotsChanged> extend(const LotOrder& order);
  // Points that died unused live again, each in its own lot.
  Result<LotsChanged> unexpire(const LotOrder& order);
  // Takes an extension or un-expiry back: what is left of its lots ends as it did before, at once
  // where that has passed. `undone`: its key. kUnknownTransaction.
  Result<LotsChanged> undo(const LotOrder& order, const TransactionKey& undone);

 private:
  friend class Engine;
  explicit Lots(Engine& engine) : engine_(&engine) {}
  template <class Work>
  Result<LotsChanged> for_members(const LotOrder& order, Work work);
  Engine* engine_;
};

}  // namespace laurel
