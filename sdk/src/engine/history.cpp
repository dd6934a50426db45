#include "engine/history.hpp"

#include <algorithm>
#include <queue>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"
#include "engine/receipt.hpp"
#include "engine/session.hpp"
#include "ledger/tier_recent.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;

// All entries of the member in order of booking.
Result<std::vector<Entry>> entries_of(const store::View& view, const ledger::MemberRecord& record) {
  std::vector<Entry> entries;
  for (EntryId id = record.last_entry; id;) {
    LAUREL_TRY(auto entry, view.entry(id));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    id = entry->previous;
    entries.push_back(*std::move(entry));
  }
  std::reverse(entries.begin(), entries.end());
  return entries;
}

Instant time_of(const Entry& entry, TimeBasis basis) {
  return basis == TimeBasis::kEvent ? entry.event_time : entry.booked_at;
}

void add(std::vector<WalletBalance>& balances, const ledger::Posting& posting) {
  for (auto& balance : balances) {
    if (balance.wallet != posting.wallet) continue;
    switch (posting.account) {
      case ledger::Account::kPending: balance.pending += posting.amount; break;
      case ledger::Account::kAvailable: balance.available += posting.amount; break;
      case ledger::Account::kHeld: balance.held += posting.amount; break;
      case ledger::Account::kDebt: balance.debt -= posting.amount; break;
      case ledger::Account::kIssued:
      case ledger::Account::kRedeemed:
      case ledger::Account::kExpired:
      case ledger::Account::kWrittenOff:
      case ledger::Account::kAdjusted:
      case ledger::Account::kTransferred:
      case ledger::Account::kWithheld: break;
    }
  }
}

// Lots as the chosen entries leave them.
std::vector<ledger::Lot> lots_of(const std::vector<const Entry*>& entries) {
  std::vector<ledger::Lot> lots;
  const auto find = [&](ledger::LotId id) {
    return std::find_if(lots.begin(), lots.end(),
                        [id](const ledger::Lot& lot) { return lot.id == id; });
  };
  for (const auto* entry : entries) {
    for (const auto& opening : entry->lots_opened) {
      ledger::Lot lot;
      lot.id = opening.lot;
      lot.wallet = opening.wallet;
      lot.available_from = opening.available_from;
      lot.expires_at = opening.expires_at;
      lot.activated = opening.activated;
      lots.push_back(std::move(lot));
    }
    for (const auto& dating : entry->lot_datings) {
      const auto lot = find(dating.lot);
      if (lot == lots.end()) continue;
      lot->available_from = dating.available_from;
      lot->expires_at = dating.expires_at;
    }
    for (const auto& move : entry->lot_moves) {
      const auto lot = find(move.lot);
      if (lot == lots.end()) continue;  // on event basis a move may stand before its lot
      if (move.kind == ledger::LotMoveKind::kActivate) lot->activated = true;
      if (move.kind == ledger::LotMoveKind::kOpen) lot->remaining += move.points;
      if (move.kind == ledger::LotMoveKind::kSpend || move.kind == ledger::LotMoveKind::kReverse ||
          move.kind == ledger::LotMoveKind::kExpire) {
        lot->remaining -= move.points;
      }
    }
  }
  return lots;
}

Result<void> push_heads(const store::View& view, const std::vector<MemberId>& ids,
                        std::priority_queue<EntryId>& heads) {
  for (const MemberId id : ids) {
    LAUREL_TRY(const auto record, view.member(id));
    LAUREL_CHECK(record.has_value(), "a member that was merged is not stored");
    if (record->last_entry) heads.push(record->last_entry);
  }
  return {};
}

// What was hers at the moment, in the order of its time: with the past of all who had been merged
// into her by then.
Result<std::vector<Entry>> past_at(const store::View& view, const ledger::MemberRecord& record,
                                   Instant as_of, TimeBasis basis) {
  std::vector<Entry> entries;
  const auto take = [&](Entry&& entry) -> Result<bool> {
    if (time_of(entry, basis) <= as_of) entries.push_back(std::move(entry));
    return true;
  };
  LAUREL_TRY(const auto joins, walk_back(view, record.id, record.last_entry, take));
  for (const Join& join : joins) {
    LAUREL_TRY(const auto merge, view.entry(join.merge));
    LAUREL_CHECK(merge.has_value(), "a member names a merge that is not stored");
    if (time_of(*merge, basis) <= as_of) continue;
    std::erase_if(entries, [&](const Entry& entry) { return entry.member == join.went; });
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.event_time, a.id) < std::pair(b.event_time, b.id);
  });
  return entries;
}

}  // namespace

Result<LedgerPage> member_ledger(const store::View& view, MemberId id, EntryId before,
                                 std::size_t limit) {
  LAUREL_TRY(const auto record, existing_now(view, id));
  LAUREL_TRY(const auto ids, known_as(view, record));
  if (before) {  // the cursor is the next entry to show, and must be hers
    LAUREL_TRY(const auto at, view.entry(before));
    if (!at || std::find(ids.begin(), ids.end(), at->member) == ids.end()) {
      return Error{ErrorCode::kInvalid,
                   "one or more fields are wrong",
                   {{"/before", "unknown_cursor", "a cursor this ledger gave"}}};
    }
  }
  // The newest entry of each chain that was not shown yet, the newest of all on top.
  std::priority_queue<EntryId> next;
  if (ids.size() == 1 && before) {
    next.push(before);
  } else {
    LAUREL_TRY_VOID(push_heads(view, ids, next));
  }
  LedgerPage page;
  while (!next.empty() && page.entries.size() < limit) {
    LAUREL_TRY(const auto entry, view.entry(next.top()));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    next.pop();
    if (entry->previous) next.push(entry->previous);
    if (!before || entry->id <= before) page.entries.push_back(view_of(*entry));
  }
  if (!next.empty()) page.next = next.top();
  return page;
}

Result<LedgerPage> all_entries(const store::View& view, EntryId after, std::size_t limit) {
  LAUREL_TRY(const auto entries, view.entries(after, limit));
  LedgerPage page;
  for (const auto& entry : entries) page.entries.push_back(view_of(entry));
  if (!entries.empty()) page.next = entries.back().id;
  return page;
}

Result<Statement> statement(const store::View& view, const Versions& versions, MemberId id,
                            Instant as_of, TimeBasis basis) {
  LAUREL_TRY(const auto record, existing_now(view, id));
  LAUREL_TRY(const auto entries, entries_of(view, record));
  std::vector<const Entry*> chosen;
  for (const auto& entry : entries) {
    if (time_of(entry, basis) <= as_of) chosen.push_back(&entry);
  }
  const auto& compiled = versions.in_force(as_of).compiled();
  Statement made;
  made.member = record.id;
  made.as_of = as_of;
  made.basis = basis;
  ledger::Books books;
  books.record.id = record.id;
  books.lots = lots_of(chosen);
  books.all_open_lots_loaded = true;
  for (const auto* entry : chosen) {
    for (const auto& life : entry->wallet_lives) ledger::apply_life(books, life);
    for (const auto& change : entry->hold_changes) {
      LAUREL_TRY_VOID(ledger::apply_hold(books, change, entry->lot_moves));
    }
  }
  LAUREL_TRY(made.wallets, ledger::balances_at(books, as_of, compiled.wallets, compiled.zone));
  for (const auto* entry : chosen) {
    for (const auto& posting : entry->postings) add(made.wallets, posting);
  }
  LAUREL_TRY(auto past, past_at(view, record, as_of, basis));
  std::erase_if(past,
                [&](const Entry& entry) { return entry.event_time > as_of || !moves_tier(entry); });
  const auto rules = tier_rules(compiled);
  const Instant first =
      std::min(record.enrolled_at, past.empty() ? as_of : past.front().event_time);
  auto state = ledger::initial_tier(tier_rules(versions.in_force(first).compiled()), first,
                                    record.enrolled_at);
  for (const auto& entry : past) {
    const auto* version = versions.with_digest(entry.programme);
    LAUREL_CHECK(version != nullptr, "an entry names a version of the programme not stored");
    state = ledger::fold_tier(tier_rules(version->compiled()), std::move(state),
                              ledger::tier_event(tier_event(entry, version->number)));
  }
  state = ledger::advance_tier(rules, std::move(state), as_of);
  made.tier = ledger::tier_standing(rules, state, as_of);
  return made;
}

}  // namespace laurel::engine
