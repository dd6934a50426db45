#pragma once
// Merges and their undoing. Neither moves an identifier or an entry: who somebody is now follows
// from MemberRecord::merged_into (person.hpp). What is booked is what has a balance: lots, debt,
// counters.

#include "engine/posting.hpp"
#include "laurel/merging.hpp"

namespace laurel::engine {

// The entry of who stays.
Result<Posted> merge(Unit& unit, const Merge& merge);
// The entry of who stayed.
Result<Posted> unmerge(Unit& unit, const Unmerge& unmerge);

}  // namespace laurel::engine
