#pragma once
// One share of a store, proved by itself: the members whose numbers fall into it, with all of their
// entries. What only several shares together show (sums over all, what all members share, vouchers
// that change hands, people who were merged) is gathered, to be compared once all are done.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/versions.hpp"
#include "laurel/history.hpp"
#include "store/store.hpp"

namespace laurel::engine {

struct Drifts {
  std::vector<Drift> found = {};

  void add(const ledger::Entry& entry, std::string what, std::string stored, std::string rebuilt) {
    found.push_back(
        {entry.member, entry.id, std::move(what), std::move(stored), std::move(rebuilt)});
  }
  void add(MemberId member, std::string what, std::string stored, std::string rebuilt) {
    found.push_back({member, {}, std::move(what), std::move(stored), std::move(rebuilt)});
  }
};

// What was taken of counters: by member (none: by all) and day.
class Usage {
 public:
  void take(const ledger::CounterUse& use, MemberId who);
  Result<void> compare(const store::View& view, Drifts& drifts) const;

  struct Taken {
    std::int64_t units = 0, times = 0;
  };
  using Key = std::tuple<std::string, MemberId, Date>;
  std::map<Key, Taken> rows = {};
};

// What moved a tier, by whom it came.
struct TierMove {
  MemberId side;
  EntryId entry;
  ledger::RecentTierEvent event;
};

// Members become one, or two again.
struct Joining {
  EntryId entry;
  bool merges = true;
  MemberId member;  // who stayed
  MemberId other;   // who went
  EntryId merge;
};

// An entry that changes vouchers, with no more of it than that needs.
struct VoucherDeed {
  EntryId entry;
  MemberId member;
  Instant booked_at;
  std::vector<ledger::VoucherIssue> issues;
  std::vector<ledger::VoucherMove> moves;
};

// What only the whole store shows.
struct Gathered {
  std::int64_t entries = 0;
  std::map<std::pair<std::string, ledger::Account>, Points> totals = {};
  Usage usage = {};  // of all members together
  std::vector<VoucherDeed> vouchers = {};
  std::vector<std::pair<MemberId, std::string>> stored_vouchers = {};  // whose, and their codes
  std::vector<Joining> joinings = {};

  void take(const ledger::Entry& entry);
  void add(Gathered&& other);
};

// Of members whom a merge or an unmerge touched.
struct Joined {
  std::set<MemberId> members = {};
  std::vector<TierMove> tier_moves = {};
};

struct ShareReport {
  EntryId through;  // the last of its entries that it saw
  std::int64_t members = 0, transactions_revalued = 0;
  Drifts drifts = {};
  Gathered gathered = {};
  Joined joined = {};
};

// Over one snapshot. `seen` is told how many entries have been seen since it was last told.
Result<ShareReport> verify_share(const store::View& view, const Versions& versions,
                                 store::Share share, const std::function<void(std::int64_t)>& seen);

// The tier that these moves make, in the order of their booking, beside the one that is stored.
Result<void> compare_tier(const Versions& versions, const ledger::MemberRecord& stored,
                          std::vector<ledger::RecentTierEvent> events, Drifts& drifts);

// An entry that moves a tier; its version must be known.
ledger::RecentTierEvent tier_event_of(const ledger::Entry& entry, const Versions& versions);

}  // namespace laurel::engine
