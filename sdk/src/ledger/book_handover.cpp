// What passes between members, and what is let go.

#include "base/try.hpp"
#include "ledger/book.hpp"

namespace laurel::ledger {

Result<void> EntryWriter::hand_over(LotId id, Points points) {
  return take(*find_lot(books_, id), points, Account::kTransferred, LotMoveKind::kSpend);
}

Result<void> EntryWriter::receive(const Lot& from, Points points) {
  LotOpening opening;
  opening.lot = LotId(entry_.id, static_cast<int>(entry_.lots_opened.size()));
  opening.wallet = from.wallet;
  opening.cause = from.cause;
  opening.available_from = from.available_from;
  opening.expires_at = from.expires_at;
  opening.activated = from.activated;
  opening.carries = from.id;
  const Account home = opening.activated ? Account::kAvailable : Account::kPending;
  LAUREL_TRY_VOID(apply_opening(books_, opening));
  entry_.lots_opened.push_back(opening);
  LAUREL_TRY_VOID(move(opening.lot, LotMoveKind::kOpen, points));
  LAUREL_TRY_VOID(post(from.wallet, Account::kTransferred, -points));
  return post(from.wallet, home, points);
}

Result<void> EntryWriter::receive_debt(const std::string& wallet, Points points) {
  LAUREL_TRY_VOID(post(wallet, Account::kDebt, -points));
  return post(wallet, Account::kTransferred, points);
}

Result<void> EntryWriter::unpay_debt(LotId id, Points points) {
  return take(*find_lot(books_, id), -points, Account::kDebt, LotMoveKind::kSpend);
}

Result<void> EntryWriter::write_off(LotId id) {
  Lot& lot = *find_lot(books_, id);
  return take(lot, lot.remaining, Account::kWrittenOff, LotMoveKind::kSpend);
}

Result<void> EntryWriter::forgive_debt(const std::string& wallet) {
  const Points owed = wallet_state(books_.record, wallet).debt;
  LAUREL_TRY_VOID(post(wallet, Account::kDebt, owed));
  return post(wallet, Account::kWrittenOff, -owed);
}

}  // namespace laurel::ledger
