// Sales that become somebody's after they were posted.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/booking.hpp"
#include "engine/marks.hpp"
#include "engine/origin.hpp"
#include "engine/payment.hpp"
#include "engine/person.hpp"
#include "engine/redemptions.hpp"
#include "engine/timeline.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

Result<void> check_claim_window(const Unit& unit, const Entry& sale) {
  const auto& compiled = unit.in_force(sale.event_time);
  const Date last =
      add_days(compiled.zone.local_date(sale.event_time), compiled.identity.claim_within_days);
  if (compiled.zone.local_date(unit.now) <= last) return {};
  return Error{ErrorCode::kClaimWindowClosed, "it could be claimed until " + to_text(last)};
}

// What waits for a person is nobody's to claim, and what she refused is not either.
Result<void> check_decided(const Sale& sale) {
  if (sale.entry.state != TransactionState::kReview) return {};
  if (sale.decision && sale.decision->state == TransactionState::kAccepted) return {};
  return Error{ErrorCode::kInReview,
               sale.decision ? "a person has refused it" : "it waits in the review queue"};
}

// A sale from the future counts from when it was received.
Instant moment_of(const Entry& sale) {
  if (sale.state != TransactionState::kReview) return sale.event_time;
  return std::min(sale.event_time, sale.booked_at);
}

// What points paid of a sale that waited for a person is taken once she has it. A hold that ended
// in the meantime pays nothing: then it is as if the till had named none.
Result<Payment> pay_now(Unit& unit, MemberSession& session, const Entry& sale, Instant at) {
  if (sale.state != TransactionState::kReview || !sale.paid.empty()) return Payment{};
  Transaction document = *sale.document;
  for (auto& tender : document.tenders) {
    if (tender.redemption.empty()) continue;
    LAUREL_TRY(const auto file, find_redemption(unit, {document.key.source, tender.redemption}));
    const bool pays = file && (file->state == RedemptionState::kHeld ||
                               file->state == RedemptionState::kCaptured);
    if (!pays) tender.redemption.clear();
  }
  const Version& version = unit.versions->in_force(at);
  LAUREL_TRY(const auto given,
             recognise({*version.recogniser, unit.view, places_of(document), &unit},
                       document.identifiers));
  return pay_with_points(unit, session, document, given, at);
}

}  // namespace

Result<Posted> give(Unit& unit, MemberSession session, Giving giving) {
  Sale& sale = giving.sale;
  const Instant at = moment_of(sale.entry);
  const auto& compiled = unit.in_force(at);
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY(auto payment, pay_now(unit, session, sale.entry, at));
  Entry claimed = session.begin(EntryKind::kClaim, at);
  claimed.paid = payment.paid;
  claimed.actor = std::move(giving.actor);
  claimed.reason = std::move(giving.reason);
  claimed.key = sale.entry.key;
  claimed.about = sale.entry.id;
  claimed.programme = compiled.digest;
  claimed.attribution = giving.attribution ? std::move(giving.attribution) : sale.entry.attribution;
  claimed.attribution->member = session.record().id;
  if (giving.side) came_by(claimed, giving.side, session.record().id);
  claimed.attribution->by = std::move(giving.by);
  LAUREL_TRY_VOID(note_sightings(unit, compiled.identity, *claimed.attribution, claimed.id));
  if (unit.versions->began_by(at)) {
    LAUREL_TRY_VOID(
        earn(unit, session, claimed, *sale.entry.document, compiled, sale.entry.id, sale.events));
  }
  LAUREL_TRY_VOID(session.fold(claimed, compiled));
  LAUREL_TRY_VOID(session.end(std::move(claimed), compiled));
  for (const auto& each : sale.entry.attribution->evidence) {
    unit.change.claimed.push_back({each.type, each.value, sale.entry.id});
  }
  sale.claim = session.last();
  sale.record.related.push_back(session.last().id);
  const EntryId id = session.last().id;
  const bool paid = !payment.paid.empty();
  link_payment(unit, std::move(payment), sale.entry.id);
  // What was taken back while it was nobody's is taken back from her now.
  if (!paid) LAUREL_TRY_VOID(apply_standing(unit, session, sale));
  unit.change.transactions.push_back(std::move(sale.record));
  LAUREL_TRY_VOID(rate_later_again(unit, session, at));
  LAUREL_TRY_VOID(session.close());
  if (paid) LAUREL_TRY_VOID(apply_to_booked(unit, sale.entry.key));
  Entry answer = unit.entry(id);
  answer.document = std::move(sale.entry.document);
  return Posted{id, std::move(answer)};
}

Result<bool> claim_proven(Unit& unit, EntryId id) {
  LAUREL_TRY(auto entry, unit.view.entry(id));
  LAUREL_CHECK(entry && entry->document, "a sale that waits for its owner is stored");
  LAUREL_TRY(auto record, unit.view.transaction(entry->key));
  LAUREL_CHECK(record.has_value(), "a sale is stored under its key");
  LAUREL_TRY(const bool elsewhere, earned_elsewhere(unit.view, *record));
  LAUREL_TRY(auto sale, load_sale(unit.view, *std::move(record), *std::move(entry)));
  const bool open = sale.holder() == nullptr && !elsewhere && check_decided(sale).ok() &&
                    check_claim_window(unit, sale.entry).ok();
  if (!open) return false;
  const Transaction& document = *sale.entry.document;
  const Version& version = unit.versions->in_force(sale.entry.event_time);
  LAUREL_TRY(const auto given,
             recognise({*version.recogniser, unit.view, places_of(document), &unit},
                       document.identifiers));
  LAUREL_TRY(auto attributed, attribute(unit.view, *version.recogniser, given, places_of(document),
                                        identity::Purpose::kEarn));
  if (!attributed.member || attributed.needs_review) return false;
  Giving giving{.sale = std::move(sale),
                .by = attributed.attribution.by,
                .actor = "laurel",
                .reason = {},
                .side = attributed.through};
  giving.attribution = std::move(attributed.attribution);
  LAUREL_TRY_VOID(
      give(unit, MemberSession(unit, *std::move(attributed.member)), std::move(giving)));
  return true;
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
  LAUREL_TRY_VOID(check_decided(sale));
  LAUREL_TRY(const bool elsewhere, earned_elsewhere(unit.view, sale.record));
  if (elsewhere) {
    return Error{ErrorCode::kAlreadyAttributed, "its points were given with another transaction"};
  }
  LAUREL_TRY_VOID(check_claim_window(unit, sale.entry));
  return give(
      unit, MemberSession(unit, *std::move(claimant)),
      {.sale = std::move(sale), .by = "claim", .actor = actor, .reason = {}, .side = member});
}

}  // namespace laurel::engine
