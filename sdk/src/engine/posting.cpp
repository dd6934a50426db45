#include "engine/posting.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/arrival.hpp"
#include "engine/attribution.hpp"
#include "engine/booking.hpp"
#include "engine/duplicates.hpp"
#include "engine/guards.hpp"
#include "engine/lots.hpp"
#include "engine/marks.hpp"
#include "engine/origin.hpp"
#include "engine/payment.hpp"
#include "engine/person.hpp"
#include "engine/planned.hpp"
#include "engine/reversal.hpp"
#include "engine/review.hpp"
#include "engine/timeline.hpp"
#include "engine/voucher_desk.hpp"
#include "engine/voucher_use.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// ---- Sales and events ---------------------------------------------------------------------------

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

// A till that dated it later than it can have been is told that it was valued as of its arrival.
void flag_arrival(Entry& entry) {
  const auto& said = entry.document->at;
  if (said && *said > entry.event_time) entry.flags.push_back("from_future");
}

// `side`: by whom it came; none: by the member herself.
Result<EntryId> post_owned(Unit& unit, MemberSession session, MemberId side, Transaction document,
                           std::span<const GivenIdentifier> given, Attribution attribution,
                           Instant event_time,
                           const std::optional<store::TransactionRecord>& record,
                           const std::optional<Sale>& about, const Guarded& guarded) {
  const auto& compiled = unit.in_force(event_time);
  LAUREL_TRY(const auto events, events_about(unit, record));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY(auto payment, pay_with_points(unit, session, document, given, event_time));
  Entry entry = session.begin(EntryKind::kSale, event_time);
  entry.paid = payment.paid;
  entry.flags = guarded.flags;
  attribution.member = session.record().id;
  if (side) came_by(entry, side, session.record().id);
  LAUREL_TRY_VOID(note_sightings(unit, compiled.identity, attribution, entry.id));
  entry.attribution = std::move(attribution);
  if (unit.versions->began_by(event_time)) {
    LAUREL_TRY_VOID(earn(unit, session, entry, document, compiled, entry.id, events));
  }
  LAUREL_TRY_VOID(use_vouchers(unit, entry, document, compiled));
  describe(entry, std::move(document), compiled);
  flag_arrival(entry);
  LAUREL_TRY_VOID(note_origins(unit, *entry.document, entry.id));
  LAUREL_TRY_VOID(look_for_duplicate(unit, session, entry));
  report_flags(unit, entry, guarded);
  if (about) {
    entry.about = about->entry.id;
    LAUREL_TRY_VOID(release(unit, session, entry, *about));
  }
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  const bool paid = !payment.paid.empty();
  link_payment(unit, std::move(payment), id);
  store::TransactionRecord own{session.last().key, id, {}};
  if (record) own.related = record->related;
  if (record && !paid) {
    LAUREL_TRY(auto sale, load_sale(unit.view, own, session.last()));
    LAUREL_TRY_VOID(apply_waiting(unit, session, sale));
    own.related = std::move(sale.record.related);
  }
  const TransactionKey key = own.key;
  unit.change.transactions.push_back(std::move(own));
  LAUREL_TRY_VOID(rate_later_again(unit, session, event_time));
  LAUREL_TRY_VOID(session.close());
  if (record && paid) LAUREL_TRY_VOID(apply_to_booked(unit, key));
  return id;
}

// Whoever proves that one of its identifiers is hers is given it; guards count it by them, and
// retention finds it. Of what waits for a person that is all that was given but placeholders.
void leave_unclaimed(Unit& unit, const Entry& entry) {
  const bool accepted = entry.state == TransactionState::kAccepted;
  for (const auto& each : entry.attribution->evidence) {
    const bool may_name = each.verdict == identity::to_text(identity::Verdict::kUnknown) ||
                          each.verdict == identity::to_text(identity::Verdict::kUnverified);
    const bool placeholder = each.verdict == identity::to_text(identity::Verdict::kPlaceholder);
    if (accepted ? !may_name : placeholder || each.value.empty()) continue;
    unit.change.unclaimed.push_back({each.type, each.value, entry.id});
  }
}

Result<EntryId> post_unowned(Unit& unit, Transaction document, Attribution attribution,
                             const Arrival& arrival, TransactionState state,
                             const std::optional<store::TransactionRecord>& record,
                             const Guarded& guarded = {}) {
  Entry entry = unowned_entry(unit, arrival.event_time);
  entry.attribution = std::move(attribution);
  entry.attribution->member = {};
  const auto& compiled = unit.in_force(arrival.event_time);
  LAUREL_TRY_VOID(use_vouchers(unit, entry, document, compiled));
  describe(entry, std::move(document), compiled);
  entry.state = state;
  entry.flags = guarded.flags;
  flag_arrival(entry);
  if (state == TransactionState::kReview) {
    open_review(unit, entry, arrival.untimely, guarded.needs_review ? guarded.text : "");
  } else {
    report_flags(unit, entry, guarded);
  }
  leave_unclaimed(unit, entry);
  LAUREL_TRY_VOID(note_origins(unit, *entry.document, entry.id));
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

// Whom its identifiers name beside the one who was decided on.
std::vector<MemberId> others_named(const Attributed& attributed) {
  std::vector<MemberId> others;
  for (const auto& each : attributed.attribution.evidence) {
    const bool disagreed = each.verdict == identity::to_text(identity::Verdict::kDisagreed);
    if (disagreed && each.member) others.push_back(each.member);
  }
  return others;
}

}  // namespace

Result<EntryId> post_sale(Unit& unit, Transaction document,
                          const std::vector<GivenIdentifier>& given, const StoredRecord& record) {
  const Arrival arrival = arrival_of(unit, document);
  const Version& version = unit.versions->in_force(arrival.event_time);
  LAUREL_TRY_VOID(check_currency_taken(document, arrival.event_time, version.compiled()));
  LAUREL_TRY(auto attributed, attribute(unit.view, *version.recogniser, given, places_of(document),
                                        identity::Purpose::kEarn));
  if (unit.stands_for && given.empty()) {
    LAUREL_TRY(attributed.member, unit.view.member(unit.stands_for));
  }
  const auto others = others_named(attributed);
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
  auto state = TransactionState::kAccepted;
  if (arrival.untimely || attributed.needs_review) state = TransactionState::kReview;
  if (record && document.kind == TransactionKind::kSale) {
    LAUREL_TRY(const bool elsewhere, earned_elsewhere(unit.view, *record));
    if (elsewhere) state = TransactionState::kLinked;
  }
  const bool nobodys = !attributed.member && !attributed.enrol_by;
  Guarded guarded;
  if (state == TransactionState::kAccepted) {
    LAUREL_TRY(guarded, guard_sale(unit, version.compiled(), attributed.member,
                                   attributed.attribution, document, arrival.event_time));
    if (guarded.needs_review) state = TransactionState::kReview;
  }
  if (state != TransactionState::kAccepted || nobodys) {
    return note(post_unowned(unit, std::move(document), std::move(attributed.attribution), arrival,
                             state, record, guarded));
  }
  if (attributed.member) {
    const MemberId decided = attributed.member->id;
    const auto posted = note(post_owned(unit, MemberSession(unit, *std::move(attributed.member)),
                                        attributed.through, std::move(document), given,
                                        std::move(attributed.attribution), arrival.event_time,
                                        record, reported ? reported->sale : std::nullopt, guarded));
    for (const MemberId other : others) {
      if (!posted || other == decided) continue;
      suggest_merge(unit, decided, other, *posted, "one transaction named both");
    }
    return posted;
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
  return note(post_owned(unit, std::move(session), {}, std::move(document), given,
                         std::move(attributed.attribution), arrival.event_time, record,
                         std::nullopt, guarded));
}

// ---- Returns and voids --------------------------------------------------------------------------

namespace {

// Voids that came before what they void have waited long enough.
Result<void> close_voids_of(Unit& unit, const store::TransactionRecord& own) {
  for (const auto id : own.related) {
    LAUREL_TRY(const auto related, unit.view.entry(id));
    if (related) LAUREL_TRY_VOID(close_orphan(unit, related->key));
  }
  return {};
}

// Stores a document that moves no points by itself: its original has not come, or it names none.
Result<EntryId> post_alone(Unit& unit, Transaction document, TransactionState state,
                           const std::optional<store::TransactionRecord>& own,
                           std::optional<store::TransactionRecord> original) {
  const Instant at = std::min(document.at.value_or(unit.now), unit.now);
  Entry entry = unowned_entry(unit, at);
  entry.state = state;
  const auto& compiled = unit.in_force(at);
  describe(entry, std::move(document), compiled);
  const bool voided = own && !own->related.empty();
  if (voided) LAUREL_TRY_VOID(close_voids_of(unit, *own));
  if (state == TransactionState::kWaiting && !voided) open_orphan(unit, entry);
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
  const std::string refund = refund_between(sale.entry, before, after);
  const Instant decided = decided_at(unit, document);
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
    LAUREL_TRY_VOID(restore_payment(unit, session, entry, sale, after, decided));
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
    LAUREL_TRY_VOID(return_vouchers(unit, entry, sale, after));
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

}  // namespace

Result<EntryId> post_return(Unit& unit, Transaction document,
                            const std::vector<GivenIdentifier>& given, const StoredRecord& own) {
  if (!document.original) {
    const auto& policy = unit.in_force(document.at.value_or(unit.now)).arrivals;
    if (policy.return_without_sale == UnmatchedReturn::kRefuse) {
      return Error{ErrorCode::kReturnWithoutSale, "the programme takes no return without its sale"};
    }
    if (policy.return_without_sale == UnmatchedReturn::kAtValue && (!own || own->related.empty())) {
      LAUREL_TRY(const auto taken, return_at_value(unit, document, given));
      if (taken) return *taken;
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
  if (!in_currency_of(sale, document)) {
    return Error{ErrorCode::kInvalid,
                 "one or more fields are wrong",
                 {{"/currency", "not_of_the_sale", "it was sold in another currency"}}};
  }
  LAUREL_TRY(const auto before, kept_after(*sale.entry.document, sale.documents));
  // A void of this return may have come before it; then it changes nothing.
  const Entry said = provisional(document, unit.now);
  if (!own || own->related.empty()) sale.documents.push_back(said);
  if (own && !own->related.empty()) LAUREL_TRY_VOID(close_voids_of(unit, *own));
  const Instant at = std::min(moment_of(said, sale), unit.now);
  return book_document(unit, std::move(sale), std::move(document), at, before, own, std::nullopt);
}

namespace {

Result<EntryId> void_return(Unit& unit, Transaction document, store::TransactionRecord original,
                            const Entry& returned,
                            const std::optional<store::TransactionRecord>& own) {
  std::optional<store::TransactionRecord> sale_record;
  if (!returned.document->original && returned.member) {
    return void_at_value(unit, std::move(document), std::move(original), returned, own);
  }
  if (returned.document->original) {
    LAUREL_TRY(sale_record, unit.view.transaction(*returned.document->original));
  }
  if (!sale_record || !sale_record->entry) {
    LAUREL_TRY_VOID(close_orphan(unit, returned.key));
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

}  // namespace

Result<EntryId> post_void(Unit& unit, Transaction document, const StoredRecord& own) {
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
  const Transaction exchange = *sale.entry.document;
  const Transaction said = document;
  LAUREL_TRY(const auto id, book_document(unit, std::move(sale), std::move(document), at, before,
                                          own, std::nullopt));
  LAUREL_TRY_VOID(void_parts(unit, exchange, said));
  return id;
}

namespace {

// Of what is erased the identifiers are no longer compared.
bool was_erased(const Entry& stored) {
  if (!stored.document->identifiers.empty()) return false;
  if (!stored.attribution || stored.attribution->evidence.empty()) {
    return stored.kind == EntryKind::kReturn || stored.kind == EntryKind::kVoid;
  }
  return std::ranges::all_of(stored.attribution->evidence,
                             [](const Evidence& each) { return each.value.empty(); });
}

}  // namespace

const Entry& Posted::entry(const Unit& unit) const { return stored ? *stored : unit.entry(id); }

Result<Posted> post(Unit& unit, const CheckedTransaction& checked) {
  Transaction document = checked.document();
  const Version& version = unit.versions->in_force(document.at.value_or(unit.now));
  LAUREL_TRY(const auto given,
             recognise({*version.recogniser, unit.view, places_of(document), &unit},
                       document.identifiers));
  for (std::size_t i = 0; i < given.size(); ++i) document.identifiers[i] = given[i].identifier;
  LAUREL_TRY(const auto record, unit.view.transaction(document.key));
  if (record && record->entry) {
    LAUREL_TRY(auto stored, unit.view.entry(record->entry));
    LAUREL_CHECK(stored && stored->document, "a key names an entry that is not stored");
    if (was_erased(*stored)) document.identifiers.clear();
    if (auto pointer = first_difference(*stored->document, document)) {
      return Error{ErrorCode::kConflict,
                   "this key was used before for other content",
                   {{*pointer, "differs", "what was stored under this key says otherwise"}}};
    }
    Posted posted{stored->id, std::move(stored), true};
    LAUREL_TRY(posted.parts, parts_of(unit.view, document));
    return posted;
  }
  switch (document.kind) {
    case TransactionKind::kSale:
    case TransactionKind::kEvent: {
      if (!document.returns.empty()) {
        const Transaction exchange = document;
        LAUREL_TRY(const auto id, post_exchange(unit, std::move(document), given, record));
        Posted posted{id};
        LAUREL_TRY(posted.parts, parts_of(Planned(unit.view, unit.change), exchange));
        return posted;
      }
      LAUREL_TRY(const auto id, post_sale(unit, std::move(document), given, record));
      return Posted{id};
    }
    case TransactionKind::kReturn: {
      LAUREL_TRY(const auto id, post_return(unit, std::move(document), given, record));
      return Posted{id};
    }
    case TransactionKind::kVoid: {
      LAUREL_TRY(const auto id, post_void(unit, std::move(document), record));
      return Posted{id};
    }
  }
  return Error{ErrorCode::kBroken, "an unknown kind of transaction"};
}

}  // namespace laurel::engine
