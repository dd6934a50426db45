#pragma once
// What happened, and what stood at any moment.

#include "engine/versions.hpp"
#include "laurel/history.hpp"
#include "store/store.hpp"

namespace laurel::engine {

Result<LedgerPage> member_ledger(const store::View& view, MemberId id, EntryId before,
                                 std::size_t limit);
Result<LedgerPage> all_entries(const store::View& view, EntryId after, std::size_t limit);
// Follows from the entries alone, and from what they say will happen by itself by `as_of`.
Result<Statement> statement(const store::View& view, const Versions& versions, MemberId id,
                            Instant as_of, TimeBasis basis);

}  // namespace laurel::engine
