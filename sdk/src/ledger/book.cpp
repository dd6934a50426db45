#include "ledger/book.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"

namespace laurel::ledger {
namespace {

Account home_of(const Lot& lot) { return lot.activated ? Account::kAvailable : Account::kPending; }

Error broken(std::string what) { return {ErrorCode::kInvariantBroken, std::move(what)}; }

bool within_range(Points points) {
  return points.units() <= kMaxPoints && points.units() >= -kMaxPoints;
}

// Lots of the wallet that hold points, soonest expiry first, the older one first among equals.
std::vector<LotId> spend_order(const Books& books, const std::string& wallet, bool activated) {
  std::vector<std::pair<Instant, LotId>> found;
  for (const auto& lot : books.lots) {
    if (lot.wallet == wallet && lot.activated == activated && lot.remaining > Points{}) {
      found.emplace_back(lot_end(books.record, lot), lot.id);
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<LotId> order;
  order.reserve(found.size());
  for (const auto& [end, id] : found) order.push_back(id);
  return order;
}

void note_due(MemberRecord& record, Instant due) {
  record.next_due = std::min(record.next_due, due);
}

}  // namespace

WalletState& wallet_state(MemberRecord& record, const std::string& wallet) {
  // By name, so that the record does not depend on which wallet was spoken of first.
  auto at = record.wallets.begin();
  while (at != record.wallets.end() && at->wallet < wallet) ++at;
  if (at == record.wallets.end() || at->wallet != wallet) {
    at = record.wallets.insert(at, {wallet, {}, {}, {}, {}});
  }
  return *at;
}

const WalletState* find_wallet(const MemberRecord& record, const std::string& wallet) {
  for (const auto& state : record.wallets) {
    if (state.wallet == wallet) return &state;
  }
  return nullptr;
}

Lot* find_lot(Books& books, LotId id) {
  const auto at = std::lower_bound(books.lots.begin(), books.lots.end(), id,
                                   [](const Lot& lot, LotId key) { return lot.id < key; });
  return at != books.lots.end() && at->id == id ? &*at : nullptr;
}

const Hold* find_hold(const MemberRecord& record, EntryId hold) {
  const auto at = std::ranges::find(record.holds, hold, &Hold::entry);
  return at == record.holds.end() ? nullptr : &*at;
}

void add_lots(Books& books, std::vector<Lot> lots) {
  const auto older = [](const Lot& a, const Lot& b) { return a.id < b.id; };
  std::sort(lots.begin(), lots.end(), older);
  std::vector<Lot> all;
  all.reserve(books.lots.size() + lots.size());
  auto known = books.lots.begin();
  for (auto& lot : lots) {
    while (known != books.lots.end() && known->id < lot.id) all.push_back(std::move(*known++));
    const bool there = (known != books.lots.end() && known->id == lot.id) ||
                       (!all.empty() && all.back().id == lot.id);
    if (!there) all.push_back(std::move(lot));
  }
  std::move(known, books.lots.end(), std::back_inserter(all));
  books.lots = std::move(all);
}

Instant lot_end(const MemberRecord& record, const Lot& lot) {
  if (lot.expires_at != kWhileUsed) return lot.expires_at;
  const WalletState* state = find_wallet(record, lot.wallet);
  return state == nullptr ? kNever : state->dies_at;
}

Instant lot_due(const MemberRecord& record, const Lot& lot) {
  if (lot.remaining == Points{}) return kNever;
  // One that was dead before it could be used dies as soon as it could.
  return lot.activated ? std::max(lot_end(record, lot), lot.available_from) : lot.available_from;
}

Result<void> apply_posting(Books& books, const Posting& posting) {
  if (!is_member_account(posting.account)) return {};
  WalletState& state = wallet_state(books.record, posting.wallet);
  Points* balance = nullptr;
  Points amount = posting.amount;
  switch (posting.account) {
    case Account::kPending: balance = &state.pending; break;
    case Account::kAvailable: balance = &state.available; break;
    case Account::kHeld: balance = &state.held; break;
    case Account::kDebt:
      balance = &state.debt;
      amount = -amount;
      break;
    case Account::kIssued:
    case Account::kRedeemed:
    case Account::kExpired:
    case Account::kWrittenOff:
    case Account::kAdjusted:
    case Account::kTransferred:
    case Account::kWithheld: return {};
  }
  *balance += amount;
  if (!within_range(*balance)) {
    return Error{ErrorCode::kOutOfRange, "the balance of wallet " + posting.wallet};
  }
  return {};
}

Result<void> apply_opening(Books& books, const LotOpening& opening) {
  MemberRecord& record = books.record;
  if (!books.lots.empty() && books.lots.back().id >= opening.lot) {
    return broken("a lot is opened out of order");
  }
  Lot lot;
  lot.id = opening.lot;
  lot.previous = record.last_lot;
  lot.member = record.id;
  lot.wallet = opening.wallet;
  lot.cause = opening.cause;
  lot.available_from = opening.available_from;
  lot.expires_at = opening.expires_at;
  lot.activated = opening.activated;
  record.last_lot = lot.id;
  if (!record.oldest_open_lot) record.oldest_open_lot = lot.id;
  note_due(record, lot.activated ? lot_end(record, lot) : lot.available_from);
  books.lots.push_back(std::move(lot));
  return {};
}

Result<void> apply_move(Books& books, const LotMove& move) {
  Lot* lot = find_lot(books, move.lot);
  if (lot == nullptr) return broken("a move names a lot that is not loaded");
  const Points points = move.points;
  switch (move.kind) {
    case LotMoveKind::kOpen:
      lot->earned += points;
      lot->remaining += points;
      break;
    case LotMoveKind::kActivate:
      if (lot->activated || points != lot->remaining) return broken("a lot is activated twice");
      lot->activated = true;
      break;
    case LotMoveKind::kSpend:
      lot->remaining -= points;
      lot->spent += points;
      break;
    case LotMoveKind::kReverse:
      lot->remaining -= points;
      lot->reversed += points;
      break;
    case LotMoveKind::kExpire:
      lot->remaining -= points;
      lot->expired += points;
      break;
  }
  const Points none{};
  if (lot->remaining < none || lot->spent < none || lot->reversed < none || lot->expired < none) {
    return broken("a lot would hold less than nothing");
  }
  if (points < none) {  // points came back into it
    MemberRecord& record = books.record;
    note_due(record, lot_due(record, *lot));
    if (!record.oldest_open_lot || lot->id < record.oldest_open_lot) {
      record.oldest_open_lot = lot->id;
    }
  }
  return {};
}

Result<void> apply_dating(Books& books, const LotDating& dating) {
  Lot* lot = find_lot(books, dating.lot);
  if (lot == nullptr) return broken("a dating names a lot that is not loaded");
  if (lot->activated && dating.available_from > lot->available_from) {
    return broken("a lot that is available would wait again");
  }
  lot->available_from = dating.available_from;
  lot->expires_at = dating.expires_at;
  note_due(books.record, lot_due(books.record, *lot));
  return {};
}

void apply_life(Books& books, const WalletLife& life) {
  wallet_state(books.record, life.wallet).dies_at = life.dies_at;
}

Result<void> apply_entry(Books& books, const Entry& entry) {
  for (const auto& life : entry.wallet_lives) apply_life(books, life);
  for (const auto& opening : entry.lots_opened) LAUREL_TRY_VOID(apply_opening(books, opening));
  for (const auto& dating : entry.lot_datings) LAUREL_TRY_VOID(apply_dating(books, dating));
  for (const auto& move : entry.lot_moves) LAUREL_TRY_VOID(apply_move(books, move));
  for (const auto& posting : entry.postings) LAUREL_TRY_VOID(apply_posting(books, posting));
  for (const auto& change : entry.hold_changes) {
    LAUREL_TRY_VOID(apply_hold(books, change, entry.lot_moves));
  }
  books.record.last_entry = entry.id;
  return {};
}

Result<void> EntryWriter::post(const std::string& wallet, Account account, Points amount) {
  if (amount == Points{}) return {};
  const Posting posting{wallet, account, amount};
  LAUREL_TRY_VOID(apply_posting(books_, posting));
  for (auto& earlier : entry_.postings) {
    if (earlier.wallet == wallet && earlier.account == account) {
      earlier.amount += amount;
      return {};
    }
  }
  entry_.postings.push_back(posting);
  return {};
}

Result<void> EntryWriter::move(LotId lot, LotMoveKind kind, Points points) {
  const LotMove made{lot, kind, points};
  LAUREL_TRY_VOID(apply_move(books_, made));
  entry_.lot_moves.push_back(made);
  return {};
}

Result<void> EntryWriter::take(Lot& lot, Points points, Account to, LotMoveKind kind) {
  const Account home = home_of(lot);
  const std::string wallet = lot.wallet;
  LAUREL_TRY_VOID(move(lot.id, kind, points));
  LAUREL_TRY_VOID(post(wallet, home, -points));
  return post(wallet, to, points);
}

Result<void> EntryWriter::earn(const std::string& wallet, Points points, LotTerms terms,
                               EntryId cause, Account from) {
  if (points <= Points{}) return {};
  LotOpening opening;
  opening.lot = LotId(entry_.id, static_cast<int>(entry_.lots_opened.size()));
  opening.wallet = wallet;
  opening.cause = cause;
  opening.available_from = terms.available_from;
  opening.expires_at = terms.expires_at;
  opening.activated = terms.available_from <= entry_.booked_at;
  const Account home = opening.activated ? Account::kAvailable : Account::kPending;
  LAUREL_TRY_VOID(apply_opening(books_, opening));
  entry_.lots_opened.push_back(opening);
  LAUREL_TRY_VOID(move(opening.lot, LotMoveKind::kOpen, points));
  LAUREL_TRY_VOID(post(wallet, from, -points));
  LAUREL_TRY_VOID(post(wallet, home, points));
  const Points paid = std::min(points, wallet_state(books_.record, wallet).debt);
  if (paid == Points{}) return {};
  return take(*find_lot(books_, opening.lot), paid, Account::kDebt, LotMoveKind::kSpend);
}

Result<Points> EntryWriter::take_from_lots(const std::string& wallet, Points wanted, bool activated,
                                           EntryId cause, bool of_cause) {
  Points left = wanted;
  for (const LotId id : spend_order(books_, wallet, activated)) {
    if (left == Points{}) break;
    Lot& lot = *find_lot(books_, id);
    if ((lot.cause == cause) != of_cause) continue;
    const Points part = std::min(left, lot.remaining);
    LAUREL_TRY_VOID(take(lot, part, Account::kIssued, LotMoveKind::kReverse));
    left -= part;
  }
  return left;
}

Result<Points> EntryWriter::take_expired(const std::string& wallet, Points wanted, EntryId cause) {
  Points left = wanted;
  for (auto& lot : books_.lots) {
    const Points part = std::min(left, lot.expired);
    if (lot.wallet != wallet || lot.cause != cause || part == Points{}) continue;
    LAUREL_TRY_VOID(move(lot.id, LotMoveKind::kExpire, -part));
    LAUREL_TRY_VOID(move(lot.id, LotMoveKind::kReverse, part));
    LAUREL_TRY_VOID(post(wallet, Account::kExpired, -part));
    LAUREL_TRY_VOID(post(wallet, Account::kIssued, part));
    left -= part;
  }
  return left;
}

Result<Points> EntryWriter::take_back(const WalletPolicy& wallet, Points points, EntryId cause,
                                      Points payable, Points lapsed) {
  LAUREL_ASSERT(points > Points{}, "a reversal takes something");
  Points left = points;
  LAUREL_TRY(left, take_from_lots(wallet.id, left, false, cause, true));
  LAUREL_TRY(left, take_from_lots(wallet.id, left, true, cause, true));
  LAUREL_TRY(left, take_expired(wallet.id, left, cause));
  const Points elsewhere = std::clamp(lapsed, Points{}, left);
  LAUREL_TRY_VOID(post(wallet.id, Account::kExpired, -elsewhere));
  LAUREL_TRY_VOID(post(wallet.id, Account::kIssued, elsewhere));
  left -= elsewhere;
  LAUREL_TRY(left, take_from_lots(wallet.id, left, false, cause, false));
  LAUREL_TRY(left, take_from_lots(wallet.id, left, true, cause, false));
  Points paid;
  switch (wallet.on_shortfall) {
    case Shortfall::kWithholdMoney:
      paid = std::min(left, payable);
      LAUREL_TRY_VOID(post(wallet.id, Account::kWithheld, -paid));
      [[fallthrough]];
    case Shortfall::kDebt: LAUREL_TRY_VOID(post(wallet.id, Account::kDebt, paid - left)); break;
    case Shortfall::kWriteOff: LAUREL_TRY_VOID(post(wallet.id, Account::kWrittenOff, -left)); break;
  }
  LAUREL_TRY_VOID(post(wallet.id, Account::kIssued, left));
  return paid;
}

Result<void> EntryWriter::give_again(const WalletPolicy& wallet, Points points, EntryId cause,
                                     std::span<const Entry> reversals, LotTerms terms) {
  LAUREL_ASSERT(points > Points{}, "a restoration gives something");
  Points left = points;
  Points written_off, withheld;
  for (auto entry = reversals.rbegin(); entry != reversals.rend(); ++entry) {
    for (auto step = entry->lot_moves.rbegin(); step != entry->lot_moves.rend(); ++step) {
      Lot* lot = find_lot(books_, step->lot);
      if (step->kind != LotMoveKind::kReverse || lot == nullptr || lot->wallet != wallet.id)
        continue;
      const Points part = std::min({left, step->points, lot->reversed});
      if (part <= Points{}) continue;
      LAUREL_TRY_VOID(take(*lot, -part, Account::kIssued, LotMoveKind::kReverse));
      left -= part;
    }
    for (const auto& posting : entry->postings) {
      if (posting.wallet != wallet.id) continue;
      if (posting.account == Account::kWrittenOff) written_off -= posting.amount;
      if (posting.account == Account::kWithheld) withheld -= posting.amount;
    }
  }
  const Points owed = std::min(left, wallet_state(books_.record, wallet.id).debt);
  LAUREL_TRY_VOID(post(wallet.id, Account::kDebt, owed));
  LAUREL_TRY_VOID(post(wallet.id, Account::kIssued, -owed));
  left -= owed;
  const Points forgiven = std::clamp(left, Points{}, std::max(written_off, Points{}));
  LAUREL_TRY_VOID(post(wallet.id, Account::kWrittenOff, forgiven));
  LAUREL_TRY_VOID(post(wallet.id, Account::kIssued, -forgiven));
  left -= forgiven;
  const Points bought = std::clamp(left, Points{}, std::max(withheld, Points{}));
  LAUREL_TRY_VOID(post(wallet.id, Account::kWithheld, bought));
  LAUREL_TRY_VOID(post(wallet.id, Account::kIssued, -bought));
  left -= bought;
  LAUREL_TRY_VOID(earn(wallet.id, left, terms, cause));
  return pay_debt(wallet.id);
}

Result<Points> EntryWriter::spend_lots(const std::string& wallet, Points points, Account to) {
  LAUREL_ASSERT(points > Points{} && books_.all_open_lots_loaded, "spending sees all lots");
  Points left = points;
  for (const LotId id : spend_order(books_, wallet, true)) {
    if (left == Points{}) break;
    Lot& lot = *find_lot(books_, id);
    const Points part = std::min(left, lot.remaining);
    LAUREL_TRY_VOID(take(lot, part, to, LotMoveKind::kSpend));
    left -= part;
  }
  return left;
}

Result<void> EntryWriter::spend(const std::string& wallet, Points points, Account to) {
  if (wallet_state(books_.record, wallet).available < points) {
    return Error{ErrorCode::kInsufficientPoints, "fewer points are available in " + wallet};
  }
  LAUREL_TRY(const auto left, spend_lots(wallet, points, to));
  LAUREL_CHECK(left == Points{}, "the lots hold less than the balance says");
  return {};
}

Result<Points> EntryWriter::overdraw(const std::string& wallet, Points points, Account to) {
  LAUREL_TRY(const auto left, spend_lots(wallet, points, to));
  LAUREL_TRY_VOID(post(wallet, Account::kDebt, -left));
  LAUREL_TRY_VOID(post(wallet, to, left));
  return left;
}

Result<void> EntryWriter::date(LotId lot, LotTerms terms) {
  const LotDating made{lot, terms.available_from, terms.expires_at, {}};
  LAUREL_TRY_VOID(apply_dating(books_, made));
  entry_.lot_datings.push_back(made);
  return {};
}

void EntryWriter::keep(const std::string& wallet, Instant dies_at) {
  const WalletLife made{wallet, dies_at};
  apply_life(books_, made);
  entry_.wallet_lives.push_back(made);
}

Result<void> EntryWriter::pay_debt(const std::string& wallet) {
  Points left = wallet_state(books_.record, wallet).debt;
  for (const bool activated : {false, true}) {
    for (const LotId id : spend_order(books_, wallet, activated)) {
      if (left == Points{}) return {};
      Lot& lot = *find_lot(books_, id);
      if (lot_end(books_.record, lot) <= entry_.booked_at) continue;
      const Points part = std::min(left, lot.remaining);
      LAUREL_TRY_VOID(take(lot, part, Account::kDebt, LotMoveKind::kSpend));
      left -= part;
    }
  }
  return {};
}

Result<void> EntryWriter::activate(LotId id) {
  Lot& lot = *find_lot(books_, id);
  const Points points = lot.remaining;
  const std::string wallet = lot.wallet;
  LAUREL_TRY_VOID(move(id, LotMoveKind::kActivate, points));
  LAUREL_TRY_VOID(post(wallet, Account::kPending, -points));
  return post(wallet, Account::kAvailable, points);
}

Result<void> EntryWriter::expire(LotId id) {
  Lot& lot = *find_lot(books_, id);
  return take(lot, lot.remaining, Account::kExpired, LotMoveKind::kExpire);
}

Result<void> EntryWriter::unexpire(LotId id, Points points) {
  return take(*find_lot(books_, id), -points, Account::kExpired, LotMoveKind::kExpire);
}

void EntryWriter::finish(std::span<const WalletPolicy> wallets) {
  std::erase_if(entry_.postings, [](const Posting& posting) { return posting.amount == Points{}; });
  entry_.member = books_.record.id;
  entry_.previous = books_.record.last_entry;
  entry_.balances_after = booked_balances(books_.record, wallets);
  books_.record.last_entry = entry_.id;
}

}  // namespace laurel::ledger
