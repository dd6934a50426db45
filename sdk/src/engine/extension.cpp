#include "engine/extension.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/lots.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

constexpr std::size_t kShown = 100;

TransactionKey key_for(const TransactionKey& key, MemberId member) {
  return {"@lots/" + key.source, key.id + "/" + member.text()};
}

std::size_t wallet_of(const LotOrder& order, const programme::Compiled& compiled) {
  return order.wallet.empty() ? 0 : compiled.wallet_index(order.wallet).value_or(0);
}

Instant end_of_day(const programme::Compiled& compiled, Date last) {
  return compiled.zone.start_of_day(add_days(last, 1));
}

// One member's entry under way.
class LotWork {
 public:
  static Result<std::optional<LotWork>> begin(Unit& unit, MemberId member, const LotOrder& order) {
    const auto key = key_for(order.key, member);
    LAUREL_TRY(const auto done, unit.view.transaction(key));
    if (done && done->entry) return std::optional<LotWork>();
    LAUREL_TRY(auto record, unit.view.member(member));
    if (!record) return Error{ErrorCode::kUnknownMember, "no member has this id"};
    const auto& compiled = unit.in_force(unit.now);
    LotWork work(unit, compiled, MemberSession(unit, *std::move(record)));
    LAUREL_TRY_VOID(work.session.settle(compiled));
    LAUREL_TRY_VOID(work.session.load_open_lots());
    work.entry = work.session.begin(EntryKind::kExtension, unit.now);
    work.entry.key = key;
    work.entry.actor = order.actor;
    work.entry.reason = order.reason;
    work.entry.programme = compiled.digest;
    return std::optional(std::move(work));
  }

  ledger::EntryWriter writer() { return {session.books(), entry}; }

  // The end of a lot is moved, and what it was is kept.
  Result<void> date(ledger::LotId id, Points points, Instant end) {
    const ledger::Lot lot = *ledger::find_lot(session.books(), id);
    LAUREL_TRY_VOID(writer().date(id, {lot.available_from, end}));
    entry.lot_datings.back().was_expires_at = lot.expires_at;
    changes.push_back({session.record().id, id.number(), points, lot.expires_at, end});
    return {};
  }

  Result<void> finish(bool dry_run, LotsChanged& changed) {
    if (changes.empty()) return {};
    ++changed.members;
    changed.lots += static_cast<std::int64_t>(changes.size());
    for (const auto& change : changes) {
      changed.points += change.points;
      if (changed.first.size() < kShown) changed.first.push_back(change);
    }
    if (dry_run) return {};
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
    unit.change.transactions.push_back({session.last().key, session.last().id, {}});
    return session.close();
  }

  Unit& unit;
  const programme::Compiled& compiled;
  MemberSession session;
  Entry entry = {};
  std::vector<LotChange> changes = {};

 private:
  LotWork(Unit& the_unit, const programme::Compiled& programme, MemberSession&& the_session)
      : unit(the_unit), compiled(programme), session(std::move(the_session)) {}
};

// When points earned with the lot would end under the programme in force now.
Result<Instant> end_now(const LotWork& work, const ledger::Lot& lot, std::size_t wallet) {
  LAUREL_TRY(const auto cause, work.unit.view.entry(lot.cause));
  LAUREL_CHECK(cause.has_value(), "a lot names an entry that is not stored");
  return lot_terms(work.compiled, wallet, cause->event_time).expires_at;
}

bool dated(const ledger::Lot& lot, const std::string& wallet) {
  return lot.wallet == wallet && lot.remaining > Points{} && lot.available_from != kNever &&
         lot.expires_at != ledger::kWhileUsed && lot.expires_at != kNever;
}

// Her entries of the kind that happened from `since` on, newest first.
Result<std::vector<Entry>> entries_since(const Unit& unit, EntryId last, EntryKind kind,
                                         Instant since) {
  std::vector<Entry> found;
  for (EntryId id = last; id;) {
    LAUREL_TRY(auto entry, unit.view.entry(id));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    id = entry->previous;
    if (entry->kind == kind && entry->event_time >= since) found.push_back(*std::move(entry));
  }
  return found;
}

}  // namespace

Result<void> check_order(const LotOrder& order, const programme::Compiled& compiled) {
  std::vector<FieldFault> faults;
  check_key(order.key, "", faults);
  if (trimmed(order.actor).empty()) faults.push_back({"/actor", "required", "who does this"});
  if (trimmed(order.reason).empty()) faults.push_back({"/reason", "required", "why it is done"});
  check_text(order.actor, 128, "/actor", faults);
  check_text(order.reason, 512, "/reason", faults);
  if (!order.wallet.empty() && !compiled.wallet_index(order.wallet)) {
    faults.push_back({"/wallet", "unknown_wallet", "the programme has no such wallet"});
  }
  if (faults.empty()) return {};
  return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
}

Result<void> extend_lots(Unit& unit, MemberId member, const LotOrder& order, LotsChanged& changed) {
  LAUREL_TRY(auto work, LotWork::begin(unit, member, order));
  if (!work) return {};
  const std::size_t wallet = wallet_of(order, work->compiled);
  struct End {
    ledger::LotId lot;
    Points points;
    Instant end;
  };
  std::vector<End> ends;
  for (const auto& lot : work->session.books().lots) {
    if (!dated(lot, work->compiled.wallets[wallet].id)) continue;
    Result<Instant> end =
        order.until ? end_of_day(work->compiled, *order.until) : end_now(*work, lot, wallet);
    if (!end) return end.error();
    if (*end > lot.expires_at && *end != ledger::kWhileUsed) {
      ends.push_back({lot.id, lot.remaining, *end});
    }
  }
  for (const auto& [lot, points, end] : ends) LAUREL_TRY_VOID(work->date(lot, points, end));
  return work->finish(order.dry_run, changed);
}

Result<void> unexpire_lots(Unit& unit, MemberId member, const LotOrder& order,
                           LotsChanged& changed) {
  LAUREL_TRY(auto work, LotWork::begin(unit, member, order));
  if (!work) return {};
  const std::string& wallet = work->compiled.wallets[wallet_of(order, work->compiled)].id;
  const Instant end = end_of_day(work->compiled, *order.until);
  LAUREL_TRY(auto died, entries_since(unit, work->session.stored_last_entry(), EntryKind::kExpiry,
                                      *order.since));
  // What was settled just now died too.
  for (const auto& entry : work->session.entries()) {
    if (entry.kind == EntryKind::kExpiry && entry.event_time >= *order.since) {
      died.push_back(entry);
    }
  }
  for (const auto& expiry : died) {
    LAUREL_TRY_VOID(work->session.load_lots_of(expiry));
    for (const auto& move : expiry.lot_moves) {
      const auto* lot = ledger::find_lot(work->session.books(), move.lot);
      if (lot == nullptr || lot->wallet != wallet || lot->expired == Points{}) continue;
      if (lot->expires_at == ledger::kWhileUsed || lot->expires_at >= end) continue;
      const Points points = lot->expired;
      LAUREL_TRY_VOID(work->date(move.lot, points, end));
      LAUREL_TRY_VOID(work->writer().unexpire(move.lot, points));
    }
  }
  LAUREL_TRY_VOID(work->session.load_open_lots());
  LAUREL_TRY_VOID(work->writer().pay_debt(wallet));
  return work->finish(order.dry_run, changed);
}

Result<void> undo_lots(Unit& unit, MemberId member, const LotOrder& order,
                       const TransactionKey& undone, LotsChanged& changed) {
  LAUREL_TRY(const auto record, unit.view.transaction(key_for(undone, member)));
  if (!record || !record->entry) return {};  // nothing of hers was changed
  LAUREL_TRY(const auto extension, unit.view.entry(record->entry));
  LAUREL_CHECK(extension.has_value(), "a key names an entry that is not stored");
  LAUREL_TRY(auto work, LotWork::begin(unit, member, order));
  if (!work) return {};
  work->entry.about = extension->id;
  LAUREL_TRY_VOID(work->session.load_lots_of(*extension));
  for (const auto& dating : extension->lot_datings) {
    const auto* lot = ledger::find_lot(work->session.books(), dating.lot);
    // One that was dated again since, or holds nothing any more, stays as it is.
    if (lot == nullptr || lot->expires_at != dating.expires_at || lot->remaining == Points{}) {
      continue;
    }
    LAUREL_TRY_VOID(work->date(dating.lot, lot->remaining, dating.was_expires_at));
  }
  return work->finish(order.dry_run, changed);
}

}  // namespace laurel::engine
