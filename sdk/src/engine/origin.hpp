#pragma once
// One sale that several sources report: a restaurant's bill, and the hotel folio it is put on. A
// line says with its origin what it came as before. Whichever of the two earns first, earns; the
// other stands beside it and earns nothing.

#include <cstdint>
#include <vector>

#include "engine/reversal.hpp"
#include "engine/session.hpp"

namespace laurel::engine {

// The lines whose origin has earned already.
Result<std::vector<std::int32_t>> linked_lines(const store::View& view,
                                               const Transaction& document);

// Whether a line that names this transaction as its origin has earned.
Result<bool> earned_elsewhere(const store::View& view, const store::TransactionRecord& record);

// The origins of the document's lines name its entry from now on, whether they have come or not.
Result<void> note_origins(Unit& unit, const Transaction& document, EntryId entry);

// Another source may have reported the same sale of the member, without saying so.
Result<void> look_for_duplicate(Unit& unit, const MemberSession& session,
                                const ledger::Entry& entry);

}  // namespace laurel::engine
