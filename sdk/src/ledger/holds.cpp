// Points that are reserved, and points that come back.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "ledger/book.hpp"

namespace laurel::ledger {
namespace {

// The parts that hold all but the first `kept` points.
std::vector<HeldPart> parts_after(std::span<const HeldPart> parts, Points kept) {
  std::vector<HeldPart> rest;
  for (const auto& part : parts) {
    const Points stays = std::min(kept, part.points);
    kept -= stays;
    if (part.points > stays) rest.push_back({part.lot, part.points - stays});
  }
  return rest;
}

}  // namespace

Result<void> EntryWriter::change_hold(const HoldChange& change) {
  LAUREL_TRY_VOID(apply_hold(books_, change, entry_.lot_moves));
  entry_.hold_changes.push_back(change);
  return {};
}

Result<void> EntryWriter::hold(const std::string& wallet, Points points, Instant until) {
  LAUREL_TRY_VOID(spend(wallet, points, Account::kHeld));
  return change_hold({entry_.id, wallet, points, until});
}

Result<void> EntryWriter::resolve(EntryId id, Points redeemed, const Returning& returning) {
  const Hold* open = find_hold(books_.record, id);
  LAUREL_CHECK(open != nullptr && redeemed <= open->points, "what is resolved is held");
  const auto rest = parts_after(open->parts, redeemed);
  const std::string wallet = open->wallet;
  LAUREL_TRY_VOID(post(wallet, Account::kHeld, -redeemed));
  LAUREL_TRY_VOID(post(wallet, Account::kRedeemed, redeemed));
  LAUREL_TRY_VOID(change_hold({id, wallet, {}, open->until}));
  return give_back(rest, Account::kHeld, returning);
}

Result<void> EntryWriter::loosen(EntryId id, Points points, const Returning& returning) {
  const Hold* open = find_hold(books_.record, id);
  LAUREL_CHECK(open != nullptr && points <= open->points, "what is let go is held");
  const auto rest = parts_after(open->parts, open->points - points);
  LAUREL_TRY_VOID(change_hold({id, open->wallet, open->points - points, open->until}));
  return give_back(rest, Account::kHeld, returning);
}

Result<void> EntryWriter::prolong(EntryId id, Instant until) {
  const Hold* open = find_hold(books_.record, id);
  LAUREL_CHECK(open != nullptr, "what is prolonged is held");
  return change_hold({id, open->wallet, open->points, until});
}

Result<void> EntryWriter::give_back(std::span<const HeldPart> parts, Account from,
                                    const Returning& returning) {
  for (const auto& part : parts) {
    Lot* lot = find_lot(books_, part.lot);
    LAUREL_CHECK(lot != nullptr, "points come back to a lot that is loaded");
    LAUREL_TRY_VOID(take(*lot, -part.points, from, LotMoveKind::kSpend));
    if (lot_end(books_.record, *lot) <= returning.at) {
      if (returning.wallet.restore == Restore::kOriginalExpiry) {
        LAUREL_TRY_VOID(take(*lot, part.points, Account::kExpired, LotMoveKind::kExpire));
        continue;
      }
      const Date last =
          add_days(returning.zone.local_date(returning.at), returning.wallet.restore_grace_days);
      LAUREL_TRY_VOID(
          date(lot->id, {lot->available_from, returning.zone.start_of_day(add_days(last, 1))}));
    }
    const Points owed = std::min(part.points, wallet_state(books_.record, lot->wallet).debt);
    if (owed > Points{} && lot->activated) {
      LAUREL_TRY_VOID(take(*lot, owed, Account::kDebt, LotMoveKind::kSpend));
    }
  }
  return {};
}

Result<void> EntryWriter::give_back_debt(const std::string& wallet, Points points, LotTerms terms) {
  const Points owed = std::min(points, wallet_state(books_.record, wallet).debt);
  LAUREL_TRY_VOID(post(wallet, Account::kDebt, owed));
  LAUREL_TRY_VOID(post(wallet, Account::kRedeemed, -owed));
  return earn(wallet, points - owed, terms, entry_.id, Account::kRedeemed);
}

}  // namespace laurel::ledger
