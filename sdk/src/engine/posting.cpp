#include "engine/posting.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/arrival.hpp"
#include "engine/attribution.hpp"
#include "engine/lots.hpp"
#include "engine/past.hpp"
#include "engine/person.hpp"
#include "engine/reversal.hpp"
#include "engine/timeline.hpp"
#include "engine/valuation.hpp"

namespace laurel::engine {
namespace {

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

// ---- Sales and events ---------------------------------------------------------------------------

// Values the sale at its own moment and opens its lots. `events`: what was reported about it
// before.
Result<void> earn(const Unit& unit, MemberSession& session, Entry& entry,
                  const Transaction& document, const programme::Compiled& compiled, EntryId cause,
                  std::span<const Entry> events) {
  Valuable valuable(document);
  LAUREL_TRY(const auto standing,
             standing_for(unit, session, compiled, entry.event_time, valuable));
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
  return {};
}

Result<void> check_currency_taken(const Transaction& document, Instant event_time,
                                  const programme::Compiled& compiled) {
  if (document.kind != TransactionKind::kSale) return {};
  const auto currency = Currency::of(document.currency);
  if (compiled.exchange_rate(*currency, compiled.zone.local_date(event_time))) return {};
  return Error{ErrorCode::kInvalid,
               "one or more fields are wrong",
               {{"/currency", "currency_not_taken",
                 "the programme has no exchange rate for it on that day"}}};
}

// What every application of a waiting document says about it.
void describe_application(Entry& entry, const Entry& document, const Sale& sale,
                          const programme::Compiled& compiled, const Taken& taken) {
  entry.kind = EntryKind::kApply;
  entry.actor = document.actor;
  entry.about = document.id;
  entry.programme = compiled.digest;
  entry.document = document.document;
  entry.refund = money_between(*sale.entry.document, taken.before, taken.after);
}

// From when what a document says holds. A return is an event of its own; what is voided never was.
Instant moment_of(const Entry& document, const Sale& sale) {
  if (document.kind == EntryKind::kVoid) return sale.entry.event_time;
  return std::max(document.event_time, sale.entry.event_time);
}

// Returns and voids that came before their sale take effect now, in the order of their own time.
Result<void> apply_waiting(Unit& unit, MemberSession& session, Sale& sale) {
  for (const auto& document : take_waiting(sale)) {
    LAUREL_TRY(const auto taken, stand(sale, document));
    if (!taken) continue;
    const Instant at = moment_of(document, sale);
    const auto& compiled = unit.in_force(at);
    Entry entry = session.begin(EntryKind::kApply, at);
    describe_application(entry, document, sale, compiled, *taken);
    came_by(entry, side_of(*sale.holder()), session.record().id);
    LAUREL_TRY_VOID(rebalance(unit, session, entry, sale, taken->after));
    LAUREL_TRY_VOID(session.fold(entry, compiled));
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
    sale.record.related.push_back(session.last().id);
    sale.movements.push_back(session.last());
  }
  return {};
}

// The same for a sale that is nobody's: money is given back, and no points are moved.
Result<void> apply_waiting_unowned(Unit& unit, Sale& sale) {
  for (const auto& document : take_waiting(sale)) {
    LAUREL_TRY(const auto taken, stand(sale, document));
    if (!taken) continue;
    Entry entry = unowned_entry(unit, moment_of(document, sale));
    describe_application(entry, document, sale, unit.in_force(entry.event_time), *taken);
    sale.record.related.push_back(entry.id);
    unit.change.entries.push_back(std::move(entry));
  }
  return {};
}

// `side`: by whom it came; none: by the member herself.
Result<EntryId> post_owned(Unit& unit, MemberSession session, MemberId side, Transaction document,
                           Attribution attribution, Instant event_time,
                           const std::optional<store::TransactionRecord>& record,
                           const std::optional<Sale>& about) {
  const auto& compiled = unit.in_force(event_time);
  LAUREL_TRY(const auto events, events_about(unit, record));
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry entry = session.begin(EntryKind::kSale, event_time);
  attribution.member = session.record().id;
  if (side) came_by(entry, side, session.record().id);
  entry.attribution = std::move(attribution);
  if (unit.versions->began_by(event_time)) {
    LAUREL_TRY_VOID(earn(unit, session, entry, document, compiled, entry.id, events));
  }
  describe(entry, std::move(document), compiled);
  if (about) {
    entry.about = about->entry.id;
    LAUREL_TRY_VOID(release(unit, session, entry, *about));
  }
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  store::TransactionRecord own{session.last().key, id, {}};
  if (record) {
    own.related = record->related;
    LAUREL_TRY(auto sale, load_sale(unit.view, own, session.last()));
    LAUREL_TRY_VOID(apply_waiting(unit, session, sale));
    own.related = std::move(sale.record.related);
  }
  unit.change.transactions.push_back(std::move(own));
  LAUREL_TRY_VOID(rate_later_again(unit, session, event_time));
  LAUREL_TRY_VOID(session.close());
  return id;
}

Result<EntryId> post_unowned(Unit& unit, Transaction document, Attribution attribution,
                             const Arrival& arrival, bool review,
                             const std::optional<store::TransactionRecord>& record) {
  Entry entry = unowned_entry(unit, arrival.event_time);
  entry.attribution = std::move(attribution);
  entry.attribution->member = {};
  if (review) entry.state = TransactionState::kReview;
  describe(entry, std::move(document), unit.in_force(arrival.event_time));
  const EntryId id = entry.id;
  store::TransactionRecord own{entry.key, id, {}};
  unit.change.entries.push_back(entry);
  if (record) {
    own.related = record->related;
    LAUREL_TRY(auto sale, load_sale(unit.view, own, std::move(entry)));
    LAUREL_TRY_VOID(apply_waiting_unowned(unit, sale));
    own.related = std::move(sale.record.related);
  }
  unit.change.transactions.push_back(std::move(own));
  return id;
}

Result<EntryId> post_sale(Unit& unit, Transaction document,
                          const std::vector<GivenIdentifier>& given,
                          const std::optional<store::TransactionRecord>& record) {
  const Arrival arrival = arrival_of(unit, document);
  const Version& version = unit.versions->in_force(arrival.event_time);
  LAUREL_TRY_VOID(check_currency_taken(document, arrival.event_time, version.compiled()));
  LAUREL_TRY(auto attributed, attribute(unit.view, *version.recogniser, given, places_of(document),
                                        identity::Purpose::kEarn));
  if (unit.stands_for && given.empty()) {
    LAUREL_TRY(attributed.member, unit.view.member(unit.stands_for));
  }
  // What is reported about a sale is hers whose sale it is.
  LAUREL_TRY(auto reported, about(unit, document));
  if (reported && reported->sale) {
    LAUREL_TRY(attributed.member, owner_now(unit.view, *reported->sale->holder()));
    attributed.through = side_of(*reported->sale->holder());
  }
  const auto note = [&](Result<EntryId> posted) {
    if (posted && reported) {
      reported->record.related.push_back(*posted);
      unit.change.transactions.push_back(std::move(reported->record));
    }
    return posted;
  };
  const bool review = arrival.untimely || attributed.needs_review;
  if (review || (!attributed.member && !attributed.enrol_by)) {
    return note(post_unowned(unit, std::move(document), std::move(attributed.attribution), arrival,
                             review, record));
  }
  if (attributed.member) {
    return note(post_owned(unit, MemberSession(unit, *std::move(attributed.member)),
                           attributed.through, std::move(document),
                           std::move(attributed.attribution), arrival.event_time, record,
                           reported ? reported->sale : std::nullopt));
  }
  const Instant enrolled_at = std::min(arrival.event_time, unit.now);
  auto session = MemberSession::enrol(unit, "", enrolled_at, version.compiled());
  unit.change.links.push_back(
      {attributed.enrol_by->type, attributed.enrol_by->value, session.record().id, true, unit.now});
  attributed.attribution.enrolled = true;
  attributed.attribution.by = attributed.enrol_by->type;
  if (const auto* type =
          identity::find_type(version.recogniser->policy(), attributed.enrol_by->type)) {
    attributed.attribution.strength = type->strength;
  }
  return note(post_owned(unit, std::move(session), {}, std::move(document),
                         std::move(attributed.attribution), arrival.event_time, record,
                         std::nullopt));
}

// ---- Returns and voids --------------------------------------------------------------------------

// Stores a document that moves no points by itself: its original has not come, or it names none.
EntryId post_alone(Unit& unit, Transaction document, TransactionState state,
                   const std::optional<store::TransactionRecord>& own,
                   std::optional<store::TransactionRecord> original) {
  const Instant at = std::min(document.at.value_or(unit.now), unit.now);
  Entry entry = unowned_entry(unit, at);
  entry.state = state;
  const auto& compiled = unit.in_force(at);
  describe(entry, std::move(document), compiled);
  store::TransactionRecord record{entry.key, entry.id, {}};
  if (own) record.related = own->related;
  unit.change.transactions.push_back(std::move(record));
  if (original) {
    original->related.push_back(entry.id);
    unit.change.transactions.push_back(*std::move(original));
  }
  unit.change.entries.push_back(std::move(entry));
  return unit.change.entries.back().id;
}

// Books a document about a sale that is here: `sale.documents` already says what stands now.
Result<EntryId> book_document(Unit& unit, Sale sale, Transaction document, Instant at,
                              const Kept& before,
                              const std::optional<store::TransactionRecord>& own,
                              std::optional<store::TransactionRecord> voided) {
  LAUREL_TRY(const auto after, kept_after(*sale.entry.document, sale.documents));
  const auto& compiled = unit.in_force(at);
  const bool gives_back = !voided;
  const std::string refund = gives_back ? money_between(*sale.entry.document, before, after)
                                        : money_between(*sale.entry.document, after, before);
  store::TransactionRecord record{document.key, {}, {}};
  if (const Entry* holder = sale.holder()) {
    LAUREL_TRY(auto member, owner_now(unit.view, *holder));
    MemberSession session(unit, std::move(member));
    LAUREL_TRY_VOID(session.settle(compiled));
    Entry entry = session.begin(EntryKind::kReturn, at);
    describe(entry, std::move(document), compiled);
    entry.about = sale.entry.id;
    came_by(entry, side_of(*holder), session.record().id);
    if (gives_back) entry.refund = refund;
    LAUREL_TRY_VOID(rebalance(unit, session, entry, sale, after));
    LAUREL_TRY_VOID(session.fold(entry, compiled));
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
    record.entry = session.last().id;
    LAUREL_TRY_VOID(rate_later_again(unit, session, at));
    LAUREL_TRY_VOID(session.close());
  } else {
    Entry entry = unowned_entry(unit, at);
    describe(entry, std::move(document), compiled);
    entry.about = sale.entry.id;
    if (gives_back) entry.refund = refund;
    record.entry = entry.id;
    unit.change.entries.push_back(std::move(entry));
  }
  const EntryId booked = record.entry;
  if (own) record.related = own->related;
  unit.change.transactions.push_back(std::move(record));
  sale.record.related.push_back(booked);
  unit.change.transactions.push_back(std::move(sale.record));
  if (voided) {
    voided->related.push_back(booked);
    unit.change.transactions.push_back(*std::move(voided));
  }
  return booked;
}

// A stand-in for the document being posted, so that it can stand among those already booked.
Entry provisional(const Transaction& document, Instant now) {
  Entry entry;
  entry.kind = kind_of(document.kind);
  entry.document = document;
  entry.event_time = document.at.value_or(now);
  return entry;
}

Result<EntryId> post_return(Unit& unit, Transaction document,
                            const std::optional<store::TransactionRecord>& own) {
  if (!document.original) {
    const auto& policy = unit.in_force(document.at.value_or(unit.now)).arrivals;
    if (policy.return_without_sale == UnmatchedReturn::kRefuse) {
      return Error{ErrorCode::kReturnWithoutSale, "the programme takes no return without its sale"};
    }
    return post_alone(unit, std::move(document), TransactionState::kUnmatched, own, std::nullopt);
  }
  LAUREL_TRY(auto original, unit.view.transaction(*document.original));
  if (!original) original = store::TransactionRecord{*document.original, {}, {}};
  if (!original->entry) {
    return post_alone(unit, std::move(document), TransactionState::kWaiting, own, original);
  }
  LAUREL_TRY(auto entry, unit.view.entry(original->entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  if (entry->kind != EntryKind::kSale) {
    return Error{ErrorCode::kNotReversible, "only a sale can be returned"};
  }
  LAUREL_TRY(auto sale, load_sale(unit.view, *std::move(original), *std::move(entry)));
  LAUREL_TRY(const auto before, kept_after(*sale.entry.document, sale.documents));
  // A void of this return may have come before it; then it changes nothing.
  const Entry said = provisional(document, unit.now);
  if (!own || own->related.empty()) sale.documents.push_back(said);
  const Instant at = std::min(moment_of(said, sale), unit.now);
  return book_document(unit, std::move(sale), std::move(document), at, before, own, std::nullopt);
}

Result<EntryId> void_return(Unit& unit, Transaction document, store::TransactionRecord original,
                            const Entry& returned,
                            const std::optional<store::TransactionRecord>& own) {
  std::optional<store::TransactionRecord> sale_record;
  if (returned.document->original) {
    LAUREL_TRY(sale_record, unit.view.transaction(*returned.document->original));
  }
  if (!sale_record || !sale_record->entry) {
    return post_alone(unit, std::move(document), TransactionState::kAccepted, own, original);
  }
  LAUREL_TRY(auto entry, unit.view.entry(sale_record->entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  LAUREL_TRY(auto sale, load_sale(unit.view, *std::move(sale_record), *std::move(entry)));
  LAUREL_TRY(const auto before, kept_after(*sale.entry.document, sale.documents));
  std::erase_if(sale.documents, [&](const Entry& other) { return other.key == returned.key; });
  const Instant at = std::min(moment_of(returned, sale), unit.now);
  return book_document(unit, std::move(sale), std::move(document), at, before, own,
                       std::move(original));
}

Result<EntryId> post_void(Unit& unit, Transaction document,
                          const std::optional<store::TransactionRecord>& own) {
  LAUREL_TRY(auto original, unit.view.transaction(*document.original));
  if (!original) original = store::TransactionRecord{*document.original, {}, {}};
  if (!original->entry) {
    return post_alone(unit, std::move(document), TransactionState::kWaiting, own, original);
  }
  LAUREL_TRY(const bool voided, voided_before(unit, *original));
  if (voided) return Error{ErrorCode::kAlreadyReversed, "it was voided before"};
  LAUREL_TRY(auto entry, unit.view.entry(original->entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  if (entry->kind == EntryKind::kReturn) {
    return void_return(unit, std::move(document), *std::move(original), *entry, own);
  }
  if (entry->kind != EntryKind::kSale && entry->kind != EntryKind::kEvent) {
    return Error{ErrorCode::kNotReversible, "a void cannot be voided"};
  }
  LAUREL_TRY(auto sale, load_sale(unit.view, *std::move(original), *std::move(entry)));
  LAUREL_TRY(const auto before, kept_after(*sale.entry.document, sale.documents));
  sale.documents.push_back(provisional(document, unit.now));
  const Instant at = std::min(sale.entry.event_time, unit.now);
  return book_document(unit, std::move(sale), std::move(document), at, before, own, std::nullopt);
}

// ---- Claims -------------------------------------------------------------------------------------

Result<void> check_claim_window(const Unit& unit, const Entry& sale) {
  const auto& compiled = unit.in_force(sale.event_time);
  const Date last =
      add_days(compiled.zone.local_date(sale.event_time), compiled.identity.claim_within_days);
  if (compiled.zone.local_date(unit.now) <= last) return {};
  return Error{ErrorCode::kClaimWindowClosed, "it could be claimed until " + to_text(last)};
}

}  // namespace

const Entry& Posted::entry(const Unit& unit) const { return stored ? *stored : unit.entry(id); }

Result<Posted> post(Unit& unit, const CheckedTransaction& checked) {
  Transaction document = checked.document();
  const Version& version = unit.versions->in_force(document.at.value_or(unit.now));
  LAUREL_TRY(const auto given, recognise(*version.recogniser, document.identifiers));
  for (std::size_t i = 0; i < given.size(); ++i) document.identifiers[i] = given[i].identifier;
  LAUREL_TRY(const auto record, unit.view.transaction(document.key));
  if (record && record->entry) {
    LAUREL_TRY(auto stored, unit.view.entry(record->entry));
    LAUREL_CHECK(stored && stored->document, "a key names an entry that is not stored");
    if (auto pointer = first_difference(*stored->document, document)) {
      return Error{ErrorCode::kConflict,
                   "this key was used before for other content",
                   {{*pointer, "differs", "what was stored under this key says otherwise"}}};
    }
    return Posted{stored->id, std::move(stored), true};
  }
  switch (document.kind) {
    case TransactionKind::kSale:
    case TransactionKind::kEvent: {
      LAUREL_TRY(const auto id, post_sale(unit, std::move(document), given, record));
      return Posted{id};
    }
    case TransactionKind::kReturn: {
      LAUREL_TRY(const auto id, post_return(unit, std::move(document), record));
      return Posted{id};
    }
    case TransactionKind::kVoid: {
      LAUREL_TRY(const auto id, post_void(unit, std::move(document), record));
      return Posted{id};
    }
  }
  return Error{ErrorCode::kBroken, "an unknown kind of transaction"};
}

Result<Posted> claim(Unit& unit, const TransactionKey& key, MemberId member,
                     const std::string& actor) {
  LAUREL_TRY(const auto record, unit.view.transaction(key));
  if (!record || !record->entry) {
    return Error{ErrorCode::kUnknownTransaction, "no transaction has this key"};
  }
  LAUREL_TRY(auto entry, unit.view.entry(record->entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  if (entry->kind != EntryKind::kSale && entry->kind != EntryKind::kEvent) {
    return Error{ErrorCode::kNotReversible, "only sales and events can be claimed"};
  }
  LAUREL_TRY(auto sale, load_sale(unit.view, *record, *std::move(entry)));
  LAUREL_TRY(auto claimant, member_now(unit.view, member));
  if (const Entry* holder = sale.holder()) {
    LAUREL_TRY(const auto owner, owner_now(unit.view, *holder));
    if (!claimant || owner.id != claimant->id) {
      return Error{ErrorCode::kAlreadyAttributed, "it belongs to another member"};
    }
    Entry again = *holder;
    again.document = sale.entry.document;
    return Posted{again.id, std::move(again), true};
  }
  if (!claimant) return Error{ErrorCode::kUnknownMember, "no member has this id"};
  if (claimant->status == MemberStatus::kClosed) {
    return Error{ErrorCode::kMemberNotActive, "a closed member cannot claim"};
  }
  LAUREL_TRY_VOID(check_claim_window(unit, sale.entry));
  const auto& compiled = unit.in_force(sale.entry.event_time);
  MemberSession session(unit, *std::move(claimant));
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry claimed = session.begin(EntryKind::kClaim, sale.entry.event_time);
  claimed.actor = actor;
  claimed.key = sale.entry.key;
  claimed.about = sale.entry.id;
  claimed.programme = compiled.digest;
  claimed.attribution = sale.entry.attribution;
  came_by(claimed, member, session.record().id);
  claimed.attribution->member = session.record().id;
  claimed.attribution->by = "claim";
  LAUREL_TRY_VOID(
      earn(unit, session, claimed, *sale.entry.document, compiled, sale.entry.id, sale.events));
  LAUREL_TRY_VOID(session.fold(claimed, compiled));
  LAUREL_TRY_VOID(session.end(std::move(claimed), compiled));
  sale.claim = session.last();
  sale.record.related.push_back(session.last().id);
  const EntryId id = session.last().id;
  // What was taken back while it was nobody's is taken back from her now.
  sale.waiting.insert(sale.waiting.end(), sale.documents.begin(), sale.documents.end());
  sale.documents.clear();
  LAUREL_TRY_VOID(apply_waiting(unit, session, sale));
  unit.change.transactions.push_back(std::move(sale.record));
  LAUREL_TRY_VOID(rate_later_again(unit, session, sale.entry.event_time));
  LAUREL_TRY_VOID(session.close());
  Entry answer = unit.entry(id);
  answer.document = std::move(sale.entry.document);
  return Posted{id, std::move(answer)};
}

}  // namespace laurel::engine
