#include "engine/booking.hpp"

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/lots.hpp"
#include "engine/origin.hpp"
#include "engine/past.hpp"
#include "engine/payment.hpp"
#include "engine/person.hpp"
#include "engine/planned.hpp"
#include "engine/review.hpp"
#include "engine/timeline.hpp"
#include "engine/voucher_desk.hpp"

namespace laurel::engine {

using ledger::Entry;
using ledger::EntryKind;

EntryKind kind_of(TransactionKind kind) {
  switch (kind) {
    case TransactionKind::kSale: return EntryKind::kSale;
    case TransactionKind::kReturn: return EntryKind::kReturn;
    case TransactionKind::kVoid: return EntryKind::kVoid;
    case TransactionKind::kEvent: return EntryKind::kEvent;
  }
  return EntryKind::kSale;
}

// What every entry that carries a document says about it.
void describe(Entry& entry, Transaction document, const programme::Compiled& compiled) {
  entry.kind = kind_of(document.kind);
  entry.actor = document.key.source;
  entry.key = document.key;
  entry.programme = compiled.digest;
  entry.document = std::move(document);
}

Entry unowned_entry(Unit& unit, Instant event_time) {
  Entry entry;
  entry.id = unit.next_entry();
  entry.event_time = event_time;
  entry.booked_at = unit.now;
  return entry;
}

// Values the sale at its own moment and opens its lots. `events`: what was reported about it
// before.
Result<void> earn(Unit& unit, MemberSession& session, Entry& entry, const Transaction& document,
                  const programme::Compiled& compiled, EntryId cause,
                  std::span<const Entry> events) {
  Valuable valuable(document);
  LAUREL_TRY(auto standing, standing_for(unit, session, compiled, entry.event_time, valuable));
  LAUREL_TRY(standing.linked, linked_lines(unit.view, document));
  auto valued = value(compiled, valuable.facts(entry.event_time, standing), standing);
  entry.valuation = std::move(valued.valuation);
  entry.uses = std::move(valued.uses);
  entry.tier_granted = std::move(valued.tier_granted);
  entry.tier_granted_until = valued.tier_granted_until;
  entry.spend_delta_minor = valued.counted;
  entry.spend_at = entry.event_time;
  ledger::EntryWriter writer(session.books(), entry);
  for (std::size_t i = 0; i < compiled.wallets.size(); ++i) {
    Points sum;
    for (const auto& award : entry.valuation->awards) {
      if (award.wallet == compiled.wallets[i].id) sum += award.points;
    }
    const bool opens = sum > Points{};
    const int ways =
        (document.kind == TransactionKind::kEvent ? programme::kAttends : programme::kPurchases) |
        (opens ? programme::kEarns : 0);
    note_use(compiled, i, session.books(), writer, entry.event_time, ways, opens);
    if (!opens) continue;
    const auto terms = lot_terms(compiled, i, entry.event_time, events);
    LAUREL_TRY_VOID(writer.earn(compiled.wallets[i].id, sum, terms, cause));
  }
  return give_gifts(unit, entry, compiled, valued.gifts, entry.event_time);
}

namespace {

// What every application of a waiting document says about it.
void describe_application(Entry& entry, const Entry& document, const Sale& sale,
                          const programme::Compiled& compiled, const Taken& taken) {
  entry.kind = EntryKind::kApply;
  entry.actor = document.actor;
  entry.about = document.id;
  entry.programme = compiled.digest;
  entry.document = document.document;
  entry.refund = refund_between(sale.entry, taken.before, taken.after);
}

}  // namespace

// From when what a document says holds. A return is an event of its own; what is voided never was.
Instant moment_of(const Entry& document, const Sale& sale) {
  if (document.kind == EntryKind::kVoid) return sale.entry.event_time;
  return std::max(document.event_time, sale.entry.event_time);
}

Instant decided_at(const Unit& unit, const Transaction& document) {
  return std::min(document.at.value_or(unit.now), unit.now);
}

namespace {

// Lets the documents stand one after another, each as an entry of its own.
Result<void> apply(Unit& unit, MemberSession& session, Sale& sale,
                   std::span<const Entry> documents) {
  for (const auto& document : documents) {
    LAUREL_TRY(const auto taken, stand(sale, document));
    if (!taken) continue;
    LAUREL_TRY_VOID(close_orphan(unit, document.key));
    const Instant at = moment_of(document, sale);
    const auto& compiled = unit.in_force(at);
    Entry entry = session.begin(EntryKind::kApply, at);
    describe_application(entry, document, sale, compiled, *taken);
    came_by(entry, side_of(*sale.holder()), session.record().id);
    LAUREL_TRY_VOID(rebalance(unit, session, entry, sale, taken->after));
    LAUREL_TRY_VOID(restore_payment(unit, session, entry, sale, taken->after,
                                    decided_at(unit, *document.document)));
    LAUREL_TRY_VOID(session.fold(entry, compiled));
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
    sale.record.related.push_back(session.last().id);
    sale.movements.push_back(session.last());
  }
  return {};
}

}  // namespace

// Returns and voids that came before their sale take effect now, in the order of their own time.
Result<void> apply_waiting(Unit& unit, MemberSession& session, Sale& sale) {
  return apply(unit, session, sale, take_waiting(sale));
}

// In the order of booking, in which they were seen to fit: by their own time another could come
// first and leave one of them nothing.
Result<void> apply_standing(Unit& unit, MemberSession& session, Sale& sale) {
  std::vector<Entry> standing;
  std::swap(standing, sale.documents);
  return apply(unit, session, sale, standing);
}

namespace {

Result<void> apply_to_stored(Unit& unit, const TransactionKey& key) {
  LAUREL_TRY(auto record, unit.view.transaction(key));
  LAUREL_CHECK(record && record->entry, "a sale is booked under its key");
  LAUREL_TRY(auto entry, unit.view.entry(record->entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  LAUREL_TRY(auto sale, load_sale(unit.view, *std::move(record), *std::move(entry)));
  const Instant at = sale.holder()->event_time;
  LAUREL_TRY(auto member, owner_now(unit.view, *sale.holder()));
  MemberSession session(unit, std::move(member));
  LAUREL_TRY_VOID(session.settle(unit.in_force(at)));
  LAUREL_TRY_VOID(sale.claim ? apply_standing(unit, session, sale)
                             : apply_waiting(unit, session, sale));
  unit.change.transactions.push_back(std::move(sale.record));
  LAUREL_TRY_VOID(rate_later_again(unit, session, at));
  return session.close();
}

}  // namespace

Result<void> apply_to_booked(Unit& unit, const TransactionKey& key) {
  LAUREL_TRY_VOID(then(unit, [&](Unit& next) { return apply_to_stored(next, key); }));
  align_answers(unit.change.entries);
  return {};
}

// The same for a sale that is nobody's: money is given back, and no points are moved.
Result<void> apply_waiting_unowned(Unit& unit, Sale& sale) {
  for (const auto& document : take_waiting(sale)) {
    LAUREL_TRY(const auto taken, stand(sale, document));
    if (!taken) continue;
    LAUREL_TRY_VOID(close_orphan(unit, document.key));
    Entry entry = unowned_entry(unit, moment_of(document, sale));
    describe_application(entry, document, sale, unit.in_force(entry.event_time), *taken);
    LAUREL_TRY_VOID(return_vouchers(unit, entry, sale, taken->after));
    sale.record.related.push_back(entry.id);
    unit.change.entries.push_back(std::move(entry));
  }
  return {};
}

}  // namespace laurel::engine
