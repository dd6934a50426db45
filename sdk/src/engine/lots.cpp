#include "engine/lots.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/reversal.hpp"

namespace laurel::engine {
namespace {

ledger::LotTerms in_ledger(const programme::LotTerms& terms) {
  return {terms.available_from, terms.while_used ? ledger::kWhileUsed : terms.expires_at};
}

}  // namespace

ledger::LotTerms lot_terms(const programme::Compiled& compiled, std::size_t wallet, Instant at,
                           std::span<const ledger::Entry> events) {
  const std::string& awaited = compiled.lots[wallet].pending_event;
  std::optional<Instant> released;
  for (const auto& event : events) {
    if (awaited.empty() || !event.document || event.document->event != awaited) continue;
    released = std::min(released.value_or(kNever), event.event_time);
  }
  return in_ledger(compiled.lot_terms(wallet, at, released));
}

ledger::LotTerms terms_at_once(const programme::Compiled& compiled, std::size_t wallet,
                               Instant at) {
  auto terms = in_ledger(compiled.lot_terms(wallet, at, at));
  terms.available_from = at;
  return terms;
}

void note_use(const programme::Compiled& compiled, std::size_t wallet, ledger::Books& books,
              ledger::EntryWriter& writer, Instant at, int ways, bool opens) {
  const auto life = compiled.life_after(wallet, at);
  if (!life) return;
  const std::string& id = compiled.wallets[wallet].id;
  const auto* state = ledger::find_wallet(books.record, id);
  const bool lives = state != nullptr && state->dies_at != kNever && state->dies_at > at;
  const bool used = (compiled.lots[wallet].kept_by & ways) != 0;
  if (!used && !opens) return;
  if (!lives) {
    writer.keep(id, *life);
  } else {
    writer.keep(id, used ? std::max(state->dies_at, *life) : state->dies_at);
  }
}

Result<std::vector<ledger::Entry>> events_about(
    const Unit& unit, const std::optional<store::TransactionRecord>& record) {
  std::vector<ledger::Entry> events;
  if (!record) return events;
  for (const auto id : record->related) {
    LAUREL_TRY(auto entry, unit.view.entry(id));
    LAUREL_CHECK(entry.has_value(), "a transaction names an entry that is not stored");
    if (entry->kind == ledger::EntryKind::kEvent) events.push_back(*std::move(entry));
  }
  return events;
}

Result<std::optional<About>> about(const Unit& unit, const Transaction& document) {
  std::optional<About> found;
  if (document.kind != TransactionKind::kEvent || !document.original) return found;
  LAUREL_TRY(auto record, unit.view.transaction(*document.original));
  found.emplace();
  found->record = record.value_or(store::TransactionRecord{*document.original, {}, {}});
  if (!found->record.entry) return found;
  LAUREL_TRY(auto entry, unit.view.entry(found->record.entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  if (entry->kind != ledger::EntryKind::kSale) {
    return Error{ErrorCode::kInvalid,
                 "one or more fields are wrong",
                 {{"/original", "not_a_sale", "an event is reported about a sale"}}};
  }
  LAUREL_TRY(auto sale, load_sale(unit.view, found->record, *std::move(entry)));
  if (sale.holder() != nullptr) found->sale = std::move(sale);
  return found;
}

Result<void> release(const Unit& unit, MemberSession& session, ledger::Entry& entry,
                     const Sale& sale) {
  const ledger::Entry& holder = *sale.holder();
  const Version* version = unit.versions->with_digest(holder.programme);
  LAUREL_CHECK(version != nullptr, "an entry names a version of the programme that is not stored");
  const auto& compiled = version->compiled();
  LAUREL_TRY_VOID(load_lots_of(session, sale));
  ledger::EntryWriter writer(session.books(), entry);
  for (std::size_t i = 0; i < compiled.wallets.size(); ++i) {
    if (compiled.lots[i].pending_event != entry.document->event) continue;
    const auto terms = lot_terms(compiled, i, holder.event_time, std::span(&entry, 1));
    for (const auto& lot : session.books().lots) {
      const bool waits = !lot.activated && lot.available_from == kNever;
      if (!waits || lot.cause != sale.entry.id || lot.wallet != compiled.wallets[i].id) continue;
      LAUREL_TRY_VOID(writer.date(lot.id, terms));
    }
  }
  return {};
}

}  // namespace laurel::engine
