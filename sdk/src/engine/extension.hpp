#pragma once
// Lots that live longer, or again: one member at a time.

#include "engine/session.hpp"
#include "laurel/lots.hpp"

namespace laurel::engine {

// Faults of an order, whatever it is for.
Result<void> check_order(const LotOrder& order, const programme::Compiled& compiled);

// Each books one entry of the member, or none where nothing of hers changes or the key is stored,
// and adds to `changed`.
Result<void> extend_lots(Unit& unit, MemberId member, const LotOrder& order, LotsChanged& changed);
Result<void> unexpire_lots(Unit& unit, MemberId member, const LotOrder& order,
                           LotsChanged& changed);
Result<void> undo_lots(Unit& unit, MemberId member, const LotOrder& order,
                       const TransactionKey& undone, LotsChanged& changed);

}  // namespace laurel::engine
