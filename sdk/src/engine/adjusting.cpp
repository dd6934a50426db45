#include "engine/adjusting.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/engine_state.hpp"
#include "engine/lots.hpp"
#include "engine/past.hpp"
#include "engine/person.hpp"
#include "engine/request.hpp"
#include "engine/review.hpp"

namespace laurel::engine {
namespace {

using ledger::Account;
using ledger::Entry;
using ledger::EntryKind;
using programme::AdjustmentPolicy;

constexpr std::string_view kAdjustment = "adjustment";

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != ' ') out += to_lower(c);
  }
  return out;
}

Result<std::size_t> checked_wallet(const Adjustment& adjustment,
                                   const programme::Compiled& compiled) {
  std::vector<FieldFault> faults;
  check_key(adjustment.key, "", faults);
  check_person(adjustment.actor, adjustment.reason, faults);
  const std::int64_t units = adjustment.points.units();
  if (units == 0 || units > kMaxPoints || units < -kMaxPoints) {
    faults.push_back({"/points", "out_of_range", "a difference in points, not zero"});
  }
  const auto index = adjustment.wallet.empty() ? std::optional<std::size_t>(0)
                                               : compiled.wallet_index(adjustment.wallet);
  if (!index) faults.push_back({"/wallet", "unknown_wallet", "the programme has no such wallet"});
  if (!faults.empty()) return faulty_fields(std::move(faults));
  return *index;
}

Points size_of(Points points) { return points < Points{} ? -points : points; }

// What one person takes of a local day, in whole points: a part of one counts as one.
ledger::CounterUse use_of(const Adjustment& adjustment, const WalletPolicy& wallet,
                          const programme::Compiled& compiled, Instant now) {
  const std::int64_t one = whole_points(1, wallet).units();
  ledger::CounterUse use;
  use.counter = "adjusted:" + folded(adjustment.actor);
  use.for_all = true;
  use.day = compiled.zone.local_date(now);
  use.units = (size_of(adjustment.points).units() + one - 1) / one;
  use.times = 1;
  return use;
}

Result<void> check_agent(const Unit& unit, const AdjustmentPolicy& policy,
                         const ledger::CounterUse& use) {
  LAUREL_TRY(const auto rows, unit.view.usage(use.counter, {}, use.day, use.day));
  const std::int64_t times = rows.empty() ? 0 : rows.front().times;
  const std::int64_t units = rows.empty() ? 0 : rows.front().units;
  if (policy.per_agent && times + use.times > *policy.per_agent) {
    return Error{
        ErrorCode::kAdjustmentLimit,
        "one person makes at most " + std::to_string(*policy.per_agent) + " adjustments a day"};
  }
  if (policy.points_per_agent && units + use.units > *policy.points_per_agent) {
    return Error{ErrorCode::kAdjustmentLimit, "one person gives and takes at most " +
                                                  std::to_string(*policy.points_per_agent) +
                                                  " points a day"};
  }
  return {};
}

Result<ledger::MemberRecord> adjustable(const store::View& view, MemberId id) {
  LAUREL_TRY(auto record, existing_now(view, id));
  if (record.status != MemberStatus::kClosed) return record;
  return Error{ErrorCode::kMemberNotActive, "a closed member takes no adjustment"};
}

// Kept as it was asked for; a second person's acceptance books it.
Result<EntryId> keep(Unit& unit, const Adjustment& adjustment, const WalletPolicy& wallet,
                     const TransactionKey& key, ledger::CounterUse use) {
  Entry entry;
  entry.id = unit.next_entry();
  entry.kind = EntryKind::kAdjustment;
  entry.event_time = entry.booked_at = unit.now;
  entry.key = key;
  entry.actor = adjustment.actor;
  entry.reason = adjustment.reason;
  entry.programme = unit.in_force(unit.now).digest;
  entry.state = TransactionState::kReview;
  entry.adjustment = {adjustment.member, wallet.id, adjustment.points, adjustment.at};
  entry.uses.push_back(std::move(use));
  LAUREL_TRY_VOID(count(unit, {}, entry.uses));
  ReviewItem item;
  item.kind = ReviewKind::kAdjustment;
  item.subject = subject_of_adjustment(adjustment.key);
  item.members = {adjustment.member};
  item.entry = entry.id;
  item.opened_at = unit.now;
  item.text = adjustment.actor + " asks for " + adjustment.points.text(wallet.scale) + " " +
              wallet.id + ": " + adjustment.reason;
  unit.change.reviews.push_back(std::move(item));
  unit.change.transactions.push_back({key, entry.id, {}});
  unit.change.entries.push_back(std::move(entry));
  return unit.change.entries.back().id;
}

// What an entry gave, or (below zero) took, by hand.
ledger::AdjustmentTerms terms_of(const Entry& entry) {
  if (entry.adjustment) return *entry.adjustment;
  ledger::AdjustmentTerms terms{side_of(entry), {}, {}, {}};
  for (const auto& posting : entry.postings) {
    if (posting.account != Account::kAdjusted) continue;
    terms.points -= posting.amount;
    terms.wallet = posting.wallet;
  }
  return terms;
}

Result<void> compare(const Entry& stored, const Adjustment& given, const std::string& wallet) {
  const auto terms = terms_of(stored);
  const bool hers =
      terms.member == given.member || (!stored.adjustment && stored.member == given.member);
  if (!hers) return used_for_other_content("/member");
  if (stored.reason != given.reason) return used_for_other_content("/reason");
  if (terms.wallet != wallet) return used_for_other_content("/wallet");
  if (terms.points != given.points) return used_for_other_content("/points");
  return {};
}

// One that waited, as it stands now: the entry that booked it, if any did.
struct Waited {
  AdjustmentState state = AdjustmentState::kWaiting;
  std::int64_t review = 0;
  std::optional<Entry> booked = {};
};

Result<Waited> waited(const store::View& view, const TransactionKey& given,
                      const store::TransactionRecord& record) {
  LAUREL_TRY(const auto item,
             view.review_of(ReviewKind::kAdjustment, subject_of_adjustment(given)));
  LAUREL_CHECK(item.has_value(), "an adjustment that waits stands in the review queue");
  Waited made{.review = item->number};
  if (item->state == ReviewState::kRejected) made.state = AdjustmentState::kRejected;
  if (item->state != ReviewState::kAccepted) return made;
  LAUREL_CHECK(!record.related.empty(), "an adjustment that was accepted is booked");
  made.state = AdjustmentState::kBooked;
  LAUREL_TRY(made.booked, view.entry(record.related.front()));
  return made;
}

Result<AdjustmentReceipt> first_receipt(const Unit& unit, const Entry& stored,
                                        const store::TransactionRecord& record,
                                        const Adjustment& given) {
  AdjustmentReceipt receipt;
  receipt.replayed = true;
  const Entry* told = &stored;
  std::optional<Waited> later;
  if (stored.adjustment) {
    LAUREL_TRY(later, waited(unit.view, given.key, record));
    receipt.state = later->state;
    receipt.review = later->review;
    if (later->booked) told = &*later->booked;
  }
  receipt.entry = told->id;
  receipt.wallet = terms_of(*told).wallet;
  receipt.points = given.points;
  receipt.wallets = told->balances_after;
  return receipt;
}

}  // namespace

bool may_be_same_person(std::string_view a, std::string_view b) { return folded(a) == folded(b); }

Points whole_points(std::int64_t points, const WalletPolicy& wallet) {
  for (int i = 0; i < wallet.scale; ++i) points *= 10;
  return Points(points);
}

std::string subject_of_adjustment(const TransactionKey& key) { return key.source + "/" + key.id; }

Result<EntryId> hand(Unit& unit, Handing handing) {
  const auto& compiled = unit.in_force(unit.now);
  const auto index = compiled.wallet_index(handing.wallet);
  if (!index) return faulty_field("/wallet", "unknown_wallet", "the programme has no such wallet");
  LAUREL_TRY(auto record, adjustable(unit.view, handing.member));
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry entry = session.begin(EntryKind::kAdjustment, handing.at);
  entry.key = std::move(handing.key);
  came_by(entry, handing.member, session.record().id);
  entry.actor = std::move(handing.actor);
  entry.reason = std::move(handing.reason);
  entry.about = handing.about;
  entry.uses = std::move(handing.uses);
  entry.flags = std::move(handing.flags);
  entry.programme = compiled.digest;
  const bool counts =
      compiled.tiers.metric == TierMetric::kPoints && compiled.tiers.metric_of == handing.wallet;
  if (counts) entry.spend_delta_minor = handing.points.units();
  if (counts) entry.spend_at = handing.at;
  ledger::EntryWriter writer(session.books(), entry);
  if (handing.points > Points{}) {
    note_use(compiled, *index, session.books(), writer, handing.at, programme::kEarns, true);
    const auto terms = terms_at_once(compiled, *index, handing.at);
    LAUREL_TRY_VOID(
        writer.earn(handing.wallet, handing.points, terms, entry.id, Account::kAdjusted));
  } else {
    note_use(compiled, *index, session.books(), writer, handing.at, programme::kRedeems, false);
    LAUREL_TRY_VOID(session.load_open_lots());
    LAUREL_TRY_VOID(writer.spend(handing.wallet, -handing.points, Account::kAdjusted));
  }
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  const EntryId id = entry.id;
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  LAUREL_TRY_VOID(session.close());
  return id;
}

Result<AdjustmentReceipt> adjust(Unit& unit, const Adjustment& adjustment) {
  const auto& compiled = unit.in_force(unit.now);
  LAUREL_TRY(const auto index, checked_wallet(adjustment, compiled));
  const auto& wallet = compiled.wallets[index];
  const auto key = request_key(kAdjustment, adjustment.key);
  LAUREL_TRY(const auto record, unit.view.transaction(key));
  if (record && record->entry) {
    LAUREL_TRY(const auto stored, unit.view.entry(record->entry));
    LAUREL_CHECK(stored.has_value(), "a key names an entry that is not stored");
    LAUREL_TRY_VOID(compare(*stored, adjustment, wallet.id));
    return first_receipt(unit, *stored, *record, adjustment);
  }
  LAUREL_TRY_VOID(adjustable(unit.view, adjustment.member));
  auto use = use_of(adjustment, wallet, compiled, unit.now);
  LAUREL_TRY_VOID(check_agent(unit, compiled.adjustments, use));
  AdjustmentReceipt receipt;
  receipt.wallet = wallet.id;
  receipt.points = adjustment.points;
  if (size_of(adjustment.points) > whole_points(compiled.adjustments.at_most, wallet)) {
    if (compiled.adjustments.then == AdjustmentPolicy::Beyond::kRefuse) {
      return Error{ErrorCode::kAdjustmentLimit, "one person gives or takes at most " +
                                                    std::to_string(compiled.adjustments.at_most) +
                                                    " points at once"};
    }
    receipt.state = AdjustmentState::kWaiting;
    LAUREL_TRY(receipt.entry, keep(unit, adjustment, wallet, key, std::move(use)));
    return receipt;
  }
  LAUREL_TRY(receipt.entry, hand(unit, {.member = adjustment.member,
                                        .wallet = wallet.id,
                                        .points = adjustment.points,
                                        .at = std::min(adjustment.at.value_or(unit.now), unit.now),
                                        .key = key,
                                        .actor = adjustment.actor,
                                        .reason = adjustment.reason,
                                        .uses = {std::move(use)}}));
  unit.change.transactions.push_back({key, receipt.entry, {}});
  receipt.wallets = unit.entry(receipt.entry).balances_after;
  return receipt;
}

// ---- A second person ----------------------------------------------------------------------------

Result<void> check_other_person(const Entry& waiting, const ReviewDecision& decision) {
  if (!may_be_same_person(decision.by, waiting.actor)) return {};
  return Error{ErrorCode::kNotApproved, waiting.actor + " asked for it; it takes another person"};
}

Result<void> accept_adjustment(Unit& unit, const Entry& waiting, const ReviewDecision& decision,
                               ReviewItem& item) {
  LAUREL_TRY_VOID(check_other_person(waiting, decision));
  LAUREL_TRY(auto record, unit.view.transaction(waiting.key));
  LAUREL_CHECK(record.has_value(), "an entry names a key that is not stored");
  const auto& terms = *waiting.adjustment;
  LAUREL_TRY(item.settled_by, hand(unit, {.member = terms.member,
                                          .wallet = terms.wallet,
                                          .points = terms.points,
                                          .at = std::min(terms.at.value_or(unit.now), unit.now),
                                          .actor = waiting.actor,
                                          .reason = waiting.reason,
                                          .about = waiting.id,
                                          .flags = {"second_person:" + decision.by}}));
  record->related.push_back(item.settled_by);
  unit.change.transactions.push_back(*std::move(record));
  return {};
}

// ---- Taking back --------------------------------------------------------------------------------

namespace {

// What was taken comes back to its lots; what has none of hers any more, as new points.
Result<void> give_back(MemberSession& session, Entry& entry, const programme::Compiled& compiled,
                       const Entry& taking, const WalletPolicy& wallet, std::size_t index) {
  std::vector<ledger::HeldPart> parts;
  Points left = -terms_of(taking).points;
  for (auto move = taking.lot_moves.rbegin(); move != taking.lot_moves.rend(); ++move) {
    const auto* lot = ledger::find_lot(session.books(), move->lot);
    if (move->kind != ledger::LotMoveKind::kSpend || lot == nullptr) continue;
    parts.push_back({move->lot, std::min(left, move->points)});
    left -= parts.back().points;
  }
  ledger::EntryWriter writer(session.books(), entry);
  LAUREL_TRY_VOID(
      writer.give_back(parts, Account::kAdjusted, {wallet, compiled.zone, entry.event_time}));
  return writer.earn(wallet.id, left, terms_at_once(compiled, index, entry.event_time), entry.id,
                     Account::kAdjusted);
}

}  // namespace

Result<EntryId> take_back(Unit& unit, const Undoing& undoing) {
  LAUREL_TRY(const auto given, unit.view.entry(undoing.entry));
  LAUREL_CHECK(given.has_value(), "what is taken back is stored");
  const auto terms = terms_of(*given);
  const auto& compiled = unit.in_force(unit.now);
  const auto index = compiled.wallet_index(terms.wallet);
  if (!index) return faulty_field("/wallet", "unknown_wallet", "the programme has no such wallet");
  LAUREL_TRY(auto record, owner_now(unit.view, *given));
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY_VOID(session.load_open_lots());
  LAUREL_TRY_VOID(session.load_lots_of(*given));
  Entry entry = session.begin(EntryKind::kAdjustment, unit.now);
  entry.key = undoing.key;
  came_by(entry, side_of(*given), session.record().id);
  entry.actor = undoing.actor;
  entry.reason = undoing.reason;
  entry.about = given->id;
  entry.uses = undoing.uses;
  entry.programme = compiled.digest;
  entry.spend_delta_minor = -given->spend_delta_minor;
  entry.spend_at = given->spend_at;
  const auto& wallet = compiled.wallets[*index];
  if (terms.points > Points{}) {
    ledger::EntryWriter writer(session.books(), entry);
    LAUREL_TRY_VOID(writer.take_back_gift(wallet, terms.points, given->id));
  } else {
    LAUREL_TRY_VOID(give_back(session, entry, compiled, *given, wallet, *index));
  }
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  const EntryId id = entry.id;
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  LAUREL_TRY_VOID(session.close());
  unit.change.transactions.push_back({undoing.key, id, {}});
  return id;
}

void add(TakenBack& taken, const Entry& entry) {
  for (const auto& posting : entry.postings) {
    if (posting.wallet != taken.wallet) continue;
    switch (posting.account) {
      case Account::kAdjusted: taken.points += posting.amount; break;
      case Account::kPending: taken.from_pending -= posting.amount; break;
      case Account::kAvailable: taken.from_available -= posting.amount; break;
      case Account::kExpired: taken.from_expired -= posting.amount; break;
      case Account::kDebt: taken.debt -= posting.amount; break;
      case Account::kWrittenOff: taken.written_off -= posting.amount; break;
      case Account::kHeld:
      case Account::kIssued:
      case Account::kRedeemed:
      case Account::kTransferred:
      case Account::kWithheld: break;
    }
  }
}

namespace {

AdjustmentUndone told(const Entry& entry, bool replayed, const programme::Compiled& compiled) {
  AdjustmentUndone undone;
  undone.entry = entry.id;
  undone.replayed = replayed;
  undone.member = entry.member;
  undone.taken.wallet = terms_of(entry).wallet;
  const auto index = compiled.wallet_index(undone.taken.wallet);
  if (index) undone.taken.scale = compiled.wallets[*index].scale;
  add(undone.taken, entry);
  undone.wallets = entry.balances_after;
  return undone;
}

// The entry that booked the adjustment.
Result<Entry> booked(const Unit& unit, const AdjustmentUndo& undo) {
  LAUREL_TRY(const auto record, unit.view.transaction(request_key(kAdjustment, undo.adjustment)));
  const Error unknown{ErrorCode::kUnknownAdjustment, "no adjustment has this id"};
  if (!record || !record->entry) return unknown;
  LAUREL_TRY(auto entry, unit.view.entry(record->entry));
  LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
  const MemberId whose = terms_of(*entry).member;
  if (undo.member && whose != undo.member && entry->member != undo.member) return unknown;
  if (!entry->adjustment) return *std::move(entry);
  LAUREL_TRY(auto later, waited(unit.view, undo.adjustment, *record));
  if (later.booked) return *std::move(later.booked);
  return Error{ErrorCode::kInReview, later.state == AdjustmentState::kRejected
                                         ? "it was rejected, and gave nothing"
                                         : "it waits for a second person"};
}

}  // namespace

Result<AdjustmentUndone> undo(Unit& unit, const AdjustmentUndo& undo) {
  std::vector<FieldFault> faults;
  check_key(undo.adjustment, "", faults);
  check_person(undo.actor, undo.reason, faults);
  if (!faults.empty()) return faulty_fields(std::move(faults));
  LAUREL_TRY(const auto given, booked(unit, undo));
  const auto key = request_key("adjustment-undo", undo.adjustment);
  const auto& compiled = unit.in_force(unit.now);
  LAUREL_TRY(const auto stored, first_answer(unit.view, key));
  if (stored) {
    const bool same = stored->actor == undo.actor && stored->reason == undo.reason;
    if (same) return told(*stored, true, compiled);
    return Error{ErrorCode::kAlreadyReversed, stored->actor + " took it back before"};
  }
  LAUREL_TRY(const auto id, take_back(unit, {given.id, key, undo.actor, undo.reason}));
  return told(unit.entry(id), false, compiled);
}

}  // namespace laurel::engine

namespace laurel {

Adjustments Engine::adjustments() { return Adjustments(*this); }

Result<AdjustmentReceipt> Engine::adjust(const Adjustment& adjustment) {
  AdjustmentReceipt receipt;
  LAUREL_TRY_VOID(state_->write_one([&](engine::Unit& unit) -> Result<void> {
    LAUREL_TRY(receipt, engine::adjust(unit, adjustment));
    return {};
  }));
  if (receipt.state != AdjustmentState::kWaiting || receipt.review != 0) return receipt;
  LAUREL_TRY_VOID(state_->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(const auto item, view.review_of(ReviewKind::kAdjustment,
                                               engine::subject_of_adjustment(adjustment.key)));
    if (item) receipt.review = item->number;
    return {};
  }));
  return receipt;
}

Result<AdjustmentUndone> Adjustments::undo(const AdjustmentUndo& undo) {
  AdjustmentUndone undone;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](engine::Unit& unit) -> Result<void> {
    LAUREL_TRY(undone, engine::undo(unit, undo));
    return {};
  }));
  return undone;
}

}  // namespace laurel
