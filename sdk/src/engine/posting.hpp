#pragma once
// The order of steps for everything a source reports. Refusals come before anything is written;
// what these return has been planned whole and checked against the invariants.

#include <optional>
#include <vector>

#include "engine/check.hpp"
#include "engine/session.hpp"

namespace laurel::engine {

// Where the answer stands: among what the unit of work is about to write, or in the store already.
struct Posted {
  EntryId id = {};
  std::optional<ledger::Entry> stored = {};
  bool replayed = false;
  std::vector<ledger::Entry> parts = {};  // of an exchange: its returns, in order

  const ledger::Entry& entry(const Unit& unit) const;
};

// A transaction of any kind. Seen before with the same content: its entry, replayed.
Result<Posted> post(Unit& unit, const CheckedTransaction& checked);

// Gives the unattributed sale or event to whom its identifiers name by now. False: they name
// nobody, or it is too late, or somebody's already.
Result<bool> claim_proven(Unit& unit, EntryId sale);
// The keys under which the returns of an exchange are kept.
std::vector<TransactionKey> part_keys(const Transaction& exchange);

// Gives an unattributed sale or event to a member.
Result<Posted> claim(Unit& unit, const TransactionKey& key, MemberId member,
                     const std::string& actor);

}  // namespace laurel::engine
