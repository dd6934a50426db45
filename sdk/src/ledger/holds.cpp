// Points that are reserved, and points that come back.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "ledger/book.hpp"

namespace laurel::ledger {
namespace {

Error broken(std::string what) { return {ErrorCode::kInvariantBroken, std::move(what)}; }

std::vector<HeldPart> parts_of(Books& books, const std::string& wallet,
                               std::span<const LotMove> moves) {
  std::vector<HeldPart> parts;
  for (const auto& move : moves) {
    const Lot* lot = find_lot(books, move.lot);
    if (move.kind != LotMoveKind::kSpend || move.points <= Points{} || lot == nullptr) continue;
    if (lot->wallet == wallet) parts.push_back({move.lot, move.points});
  }
  return parts;
}

// The first so many points of the parts.
std::vector<HeldPart> parts_before(std::span<const HeldPart> parts, Points kept) {
  std::vector<HeldPart> first;
  for (const auto& part : parts) {
    const Points stays = std::min(kept, part.points);
    if (stays > Points{}) first.push_back({part.lot, stays});
    kept -= stays;
  }
  return first;
}

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

Result<void> apply_hold(Books& books, const HoldChange& change, std::span<const LotMove> moves) {
  auto& holds = books.record.holds;
  auto at = std::ranges::find(holds, change.hold, &Hold::entry);
  if (change.points < Points{}) return broken("a hold of less than nothing");
  const bool named = !change.parts.empty();
  if (at == holds.end()) {
    if (change.points == Points{}) return broken("a hold ends that is not open");
    Hold opened{change.hold, change.wallet, change.points, change.until, {}, change.reserved};
    if (!named) opened.parts = parts_of(books, change.wallet, moves);
    at = holds.insert(std::ranges::upper_bound(holds, change.hold, {}, &Hold::entry),
                      std::move(opened));
  } else if (change.points > at->points && !named) {
    return broken("a hold grows");
  }
  auto kept = parts_before(named ? change.parts : at->parts, change.points);
  Points sum;
  for (const auto& part : kept) sum += part.points;
  if (sum != change.points) return broken("a hold says more than its lots");
  if (change.points == Points{}) {
    holds.erase(at);
    return {};
  }
  at->parts = std::move(kept);
  at->points = change.points;
  at->until = change.until;
  if (at->reserved.empty()) at->reserved = change.reserved;
  books.record.next_due = std::min(books.record.next_due, change.until);
  return {};
}

Result<void> EntryWriter::change_hold(const HoldChange& change) {
  LAUREL_TRY_VOID(apply_hold(books_, change, entry_.lot_moves));
  entry_.hold_changes.push_back(change);
  return {};
}

Result<void> EntryWriter::hold(EntryId id, const std::string& wallet, Points points, Instant until,
                               std::vector<CounterUse> reserved) {
  LAUREL_TRY_VOID(spend(wallet, points, Account::kHeld));
  entry_.uses.insert(entry_.uses.end(), reserved.begin(), reserved.end());
  return change_hold({id, wallet, points, until, std::move(reserved)});
}

Result<void> EntryWriter::resolve(EntryId id, Points redeemed, const Returning& returning) {
  const Hold* open = find_hold(books_.record, id);
  LAUREL_CHECK(open != nullptr && redeemed <= open->points, "what is resolved is held");
  const auto rest = parts_after(open->parts, redeemed);
  const std::string wallet = open->wallet;
  if (redeemed == Points{}) {
    for (CounterUse use : open->reserved) {
      use.units = -use.units;
      use.times = -use.times;
      entry_.uses.push_back(std::move(use));
    }
  }
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
