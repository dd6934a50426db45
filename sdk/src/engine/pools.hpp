#pragma once
// Pools of members. A pool is what the entries about it say, in the order in which they were
// booked; its key names them. Each stands in the chain of the member it is about, whose record
// names the pool. Who was merged brings her place to whoever she is now, and takes it back.

#include <vector>

#include "engine/posting.hpp"
#include "laurel/pool.hpp"

namespace laurel::engine {

struct PoolPlace {
  MemberId member;                // who joined
  ledger::MemberRecord now = {};  // who she is
  bool spends = false;
  bool contributes = false;
  Instant since;
  EntryId changed = {};               // by which she may what she may; 0: by which she joined
  std::vector<MemberId> beside = {};  // who joined as well, and is she by now
};
struct PoolFile {
  EntryId id;  // the entry that opened it
  store::TransactionRecord record = {};
  std::vector<PoolPlace> places = {};  // in the order in which they joined
};
// That an entry about a pool is about.
EntryId pool_named(const ledger::Entry& entry);
// kNotFound.
Result<PoolFile> pool_file(const store::View& view, EntryId id);
// The pool that she is in, by whichever of her ids. 0: none.
Result<EntryId> pool_of(const store::View& view, const ledger::MemberRecord& member);

// Those whose points `spender` may spend, herself among them if she contributes: her first, if she
// is there. kNotRedeemable: she is in no pool, or may not spend in it.
struct PoolSpending {
  EntryId pool;
  std::vector<ledger::MemberRecord> members = {};
};
Result<PoolSpending> pool_spending(const Unit& unit, const ledger::MemberRecord& spender);

Result<Posted> open_pool(Unit& unit, const PoolOpening& opening);
Result<Posted> join_pool(Unit& unit, const PoolJoining& joining);
Result<Posted> leave_pool(Unit& unit, const PoolLeaving& leaving);
// Who is erased leaves, as part of that.
Result<void> leave_erased(Unit& unit, MemberSession& session, const programme::Compiled& compiled,
                          const std::string& actor);

Result<Pool> pool_view(const store::View& view, const Version& version, Instant now, EntryId id);

}  // namespace laurel::engine
