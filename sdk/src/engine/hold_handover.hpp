#pragma once
// Open holds that pass between two members with the lots they stand on, when they are merged and
// when they are parted. A hold keeps its number, so that its redemption finds it with whoever has
// it.

#include <map>
#include <vector>

#include "engine/session.hpp"

namespace laurel::engine {

// What stands under holds, by lot.
using HeldByLot = std::map<ledger::LotId, Points>;
HeldByLot held_by_lot(const ledger::MemberRecord& record);

// Loads the lots of her holds too. Those that hold points, or of which points are held.
Result<std::vector<ledger::Lot>> lots_with_points(MemberSession& session);

// Points of a lot come out from under holds, or (`under`) go there; the holds are told apart.
Result<void> shift_held(MemberSession& session, ledger::Entry& entry, ledger::LotId lot,
                        Points points, bool under);
Result<void> change_hold(MemberSession& session, ledger::Entry& entry, ledger::HoldChange change);

// A hold on its way to another member.
struct MovingHold {
  ledger::Hold hold;                    // with the parts that move, on the lots they come from
  std::vector<ledger::HeldPart> stays;  // the others
  bool takes_reserved = true;           // what it counts beside points moves with it
};
// It ends with who has had it, or stands on what stays.
Result<void> let_hold_go(MemberSession& session, ledger::Entry& entry, const MovingHold& moving);
// It is hers, on the lots that hers have become; beside the part that she may have already.
Result<void> take_hold(MemberSession& session, ledger::Entry& entry, const MovingHold& moving,
                       const std::map<ledger::LotId, ledger::LotId>& become);
// Its redemption names the entries, so that it is known with whom its parts stand.
Result<void> note_holders(Unit& unit, const ledger::Hold& hold, std::vector<EntryId> entries);

}  // namespace laurel::engine
