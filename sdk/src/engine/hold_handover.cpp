#include "engine/hold_handover.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"

namespace laurel::engine {

using ledger::Account;
using ledger::Entry;
using ledger::HeldPart;
using ledger::LotId;

HeldByLot held_by_lot(const ledger::MemberRecord& record) {
  HeldByLot held;
  for (const auto& hold : record.holds) {
    for (const auto& part : hold.parts) held[part.lot] += part.points;
  }
  return held;
}

Result<std::vector<ledger::Lot>> lots_with_points(MemberSession& session) {
  LAUREL_TRY_VOID(session.load_open_lots());
  const auto holds = session.record().holds;
  for (const auto& hold : holds) LAUREL_TRY_VOID(session.load_lots_of(hold));
  const auto held = held_by_lot(session.record());
  std::vector<ledger::Lot> lots;
  for (const auto& lot : session.books().lots) {
    if (lot.remaining > Points{} || held.contains(lot.id)) lots.push_back(lot);
  }
  return lots;
}

Result<void> shift_held(MemberSession& session, Entry& entry, LotId id, Points points, bool under) {
  if (points == Points{}) return {};
  auto& books = session.books();
  const auto* lot = ledger::find_lot(books, id);
  LAUREL_CHECK(lot != nullptr, "points are held of a lot that is loaded");
  const Points there = under ? points : -points;
  const ledger::LotMove move{id, ledger::LotMoveKind::kSpend, there};
  const ledger::Posting from{lot->wallet, Account::kAvailable, -there};
  const ledger::Posting to{lot->wallet, Account::kHeld, there};
  LAUREL_TRY_VOID(ledger::apply_move(books, move));
  LAUREL_TRY_VOID(ledger::apply_posting(books, from));
  LAUREL_TRY_VOID(ledger::apply_posting(books, to));
  entry.lot_moves.push_back(move);
  entry.postings.push_back(from);
  entry.postings.push_back(to);
  return {};
}

Result<void> change_hold(MemberSession& session, Entry& entry, ledger::HoldChange change) {
  LAUREL_TRY_VOID(ledger::apply_hold(session.books(), change, entry.lot_moves));
  entry.hold_changes.push_back(std::move(change));
  return {};
}

Result<void> let_hold_go(MemberSession& session, Entry& entry, const MovingHold& moving) {
  const auto& hold = moving.hold;
  // Ended first: what it counts beside points goes, or is named again.
  LAUREL_TRY_VOID(change_hold(session, entry, {hold.entry, hold.wallet, {}, hold.until}));
  if (moving.stays.empty()) return {};
  Points left;
  for (const auto& part : moving.stays) left += part.points;
  auto reserved = moving.takes_reserved ? std::vector<ledger::CounterUse>{} : hold.reserved;
  return change_hold(
      session, entry,
      {hold.entry, hold.wallet, left, hold.until, std::move(reserved), moving.stays});
}

Result<void> take_hold(MemberSession& session, Entry& entry, const MovingHold& moving,
                       const std::map<LotId, LotId>& become) {
  const auto& hold = moving.hold;
  std::vector<HeldPart> parts;
  if (const auto* own = ledger::find_hold(session.record(), hold.entry)) parts = own->parts;
  for (const auto& part : hold.parts) parts.push_back({become.at(part.lot), part.points});
  Points points;
  for (const auto& part : parts) points += part.points;
  auto reserved = moving.takes_reserved ? hold.reserved : std::vector<ledger::CounterUse>{};
  return change_hold(session, entry,
                     {hold.entry, hold.wallet, points, hold.until, std::move(reserved), parts});
}

Result<void> note_holders(Unit& unit, const ledger::Hold& hold, std::vector<EntryId> entries) {
  LAUREL_TRY(const auto opened, unit.view.entry(hold.entry));
  LAUREL_CHECK(opened.has_value(), "a hold names the entry that opened it");
  LAUREL_TRY(auto record, unit.view.transaction(opened->key));
  LAUREL_CHECK(record.has_value(), "a redemption is stored under its key");
  record->related.insert(record->related.end(), entries.begin(), entries.end());
  unit.change.transactions.push_back(*std::move(record));
  return {};
}

}  // namespace laurel::engine
