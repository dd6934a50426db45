#include "engine/review.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "engine/adjusting.hpp"
#include "engine/attribution.hpp"
#include "engine/batches.hpp"
#include "engine/booking.hpp"
#include "engine/check.hpp"
#include "engine/duplicates.hpp"
#include "engine/engine_state.hpp"
#include "engine/person.hpp"

namespace laurel {
namespace engine {

using ledger::Entry;
using ledger::EntryKind;

namespace {

constexpr auto kOrphanAfter = std::chrono::days(30);

void open(Unit& unit, ReviewItem item) {
  item.opened_at = std::max(item.opened_at, unit.now);
  unit.change.reviews.push_back(std::move(item));
}

std::vector<MemberId> members_in(const std::vector<Evidence>& evidence) {
  std::vector<MemberId> members;
  for (const auto& each : evidence) {
    if (each.member && std::ranges::find(members, each.member) == members.end()) {
      members.push_back(each.member);
    }
  }
  return members;
}

}  // namespace

std::string subject_of(const TransactionKey& key) { return key.source + "/" + key.id; }

void open_anomaly(Unit& unit, const Entry& entry, const std::string& subject,
                  const std::string& why) {
  ReviewItem item;
  item.kind = ReviewKind::kAnomaly;
  item.subject = subject;
  item.members = {entry.member};
  item.entry = entry.id;
  item.text = why;
  open(unit, std::move(item));
}

void open_review(Unit& unit, const Entry& entry, bool untimely, const std::string& why) {
  ReviewItem item;
  item.kind = ReviewKind::kTransaction;
  item.subject = subject_of(entry.key);
  item.members = members_in(entry.attribution->evidence);
  item.entry = entry.id;
  item.text = untimely ? "it says that it happened at " + laurel::to_text(entry.event_time) +
                             ", and came at " + laurel::to_text(entry.booked_at)
              : why.empty() ? "its identifiers name several members"
                            : why;
  open(unit, std::move(item));
}

void open_orphan(Unit& unit, const Entry& entry) {
  ReviewItem item;
  item.kind = ReviewKind::kOrphan;
  item.subject = subject_of(entry.key);
  item.entry = entry.id;
  item.text = "it waits for " + subject_of(*entry.document->original);
  item.opened_at = unit.now + kOrphanAfter;
  open(unit, std::move(item));
}

Result<void> close_orphan(Unit& unit, const TransactionKey& key) {
  LAUREL_TRY(auto item, unit.view.review_of(ReviewKind::kOrphan, subject_of(key)));
  if (!item || item->state != ReviewState::kOpen) return {};
  if (item->opened_at > unit.now) item->opened_at = kNever;  // nobody needs to hear of it
  item->state = ReviewState::kAccepted;
  item->decided_at = unit.now;
  item->decided_by = "laurel";
  item->reason = "its original came";
  unit.change.reviews.push_back(*std::move(item));
  return {};
}

// ---- Decisions ----------------------------------------------------------------------------------

namespace {

Result<void> check_decision(const ReviewDecision& decision) {
  std::vector<FieldFault> faults;
  if (trimmed(decision.by).empty()) faults.push_back({"/by", "required", "who decides"});
  if (trimmed(decision.reason).empty()) faults.push_back({"/reason", "required", "why"});
  check_text(decision.by, 128, "/by", faults);
  check_text(decision.reason, 512, "/reason", faults);
  if (faults.empty()) return {};
  return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
}

Result<Entry> stored(const Unit& unit, EntryId id) {
  LAUREL_TRY(auto entry, unit.view.entry(id));
  LAUREL_CHECK(entry.has_value(), "a review item names an entry that is not stored");
  return *std::move(entry);
}

// The decision itself, where it gives nobody any points.
EntryId book(Unit& unit, const Entry& about, const ReviewDecision& decision,
             store::TransactionRecord record, TransactionState state) {
  Entry entry = unowned_entry(unit, about.event_time);
  entry.kind = EntryKind::kSettlement;
  entry.actor = decision.by;
  entry.reason = decision.reason;
  entry.about = about.id;
  entry.programme = about.programme;
  entry.state = state;
  record.related.push_back(entry.id);
  unit.change.transactions.push_back(std::move(record));
  unit.change.entries.push_back(std::move(entry));
  return unit.change.entries.back().id;
}

Result<store::TransactionRecord> record_of(const Unit& unit, const TransactionKey& key) {
  LAUREL_TRY(auto record, unit.view.transaction(key));
  LAUREL_CHECK(record.has_value(), "an entry names a key that is not stored");
  return *std::move(record);
}

// Whose the transaction is as the store knows it now.
Result<Attributed> attribute_now(const Unit& unit, const Entry& entry) {
  const Transaction& document = *entry.document;
  const Version& version = unit.versions->in_force(entry.event_time);
  LAUREL_TRY(const auto given, recognise({*version.recogniser, unit.view, places_of(document)},
                                         document.identifiers));
  return attribute(unit.view, *version.recogniser, given, places_of(document),
                   identity::Purpose::kEarn);
}

Result<ledger::MemberRecord> member_for(const Unit& unit, MemberId id) {
  LAUREL_TRY(auto record, existing_now(unit.view, id));
  if (record.status == MemberStatus::kClosed) {
    return Error{ErrorCode::kMemberNotActive, "a closed member cannot have transactions"};
  }
  return record;
}

Result<void> accept_transaction(Unit& unit, const ReviewDecision& decision, ReviewItem& item) {
  LAUREL_TRY(auto entry, stored(unit, item.entry));
  LAUREL_TRY(auto record, record_of(unit, entry.key));
  LAUREL_TRY(auto attributed, attribute_now(unit, entry));
  if (decision.member) {
    LAUREL_TRY(attributed.member, member_for(unit, *decision.member));
    attributed.through = *decision.member;
  } else if (attributed.needs_review) {
    return Error{ErrorCode::kAmbiguousMember, "its identifiers name several members"};
  }
  if (!attributed.member && !attributed.enrol_by) {
    item.settled_by = book(unit, entry, decision, std::move(record), TransactionState::kAccepted);
    return {};
  }
  const auto& compiled = unit.in_force(std::min(entry.event_time, unit.now));
  const bool enrols = !attributed.member;
  auto session =
      !enrols ? MemberSession(unit, *std::move(attributed.member))
              : MemberSession::enrol(unit, "", std::min(entry.event_time, unit.now), compiled);
  item.members = {session.record().id};
  if (enrols) {
    unit.change.links.push_back({attributed.enrol_by->type, attributed.enrol_by->value,
                                 session.record().id, true, unit.now});
  }
  LAUREL_TRY(auto sale, load_sale(unit.view, std::move(record), std::move(entry)));
  LAUREL_TRY(const auto given, give(unit, std::move(session),
                                    {.sale = std::move(sale),
                                     .by = "review",
                                     .actor = decision.by,
                                     .reason = decision.reason,
                                     .side = attributed.through}));
  item.settled_by = given.id;
  return {};
}

Result<void> refuse(Unit& unit, const ReviewDecision& decision, ReviewItem& item) {
  LAUREL_TRY(const auto entry, stored(unit, item.entry));
  LAUREL_TRY(auto record, record_of(unit, entry.key));
  item.settled_by = book(unit, entry, decision, std::move(record), TransactionState::kRejected);
  return {};
}

Result<void> settle_adjustment(Unit& unit, const ReviewDecision& decision, bool accepts,
                               ReviewItem& item) {
  if (!accepts) return refuse(unit, decision, item);
  LAUREL_TRY(const auto entry, stored(unit, item.entry));
  if (entry.adjustment) return accept_adjustment(unit, entry, decision, item);
  LAUREL_TRY_VOID(check_other_person(entry, decision));
  LAUREL_TRY(auto record, record_of(unit, entry.key));
  item.settled_by = book(unit, entry, decision, std::move(record), TransactionState::kAccepted);
  return {};
}

Result<void> carry_out(Unit& unit, const ReviewDecision& decision, ReviewState outcome,
                       ReviewItem& item) {
  const bool accepts = outcome == ReviewState::kAccepted;
  switch (item.kind) {
    case ReviewKind::kTransaction:
      return accepts ? accept_transaction(unit, decision, item) : refuse(unit, decision, item);
    case ReviewKind::kOrphan:
      if (accepts) return {};
      return refuse(unit, decision, item);
    case ReviewKind::kMerge:
      if (!accepts) return {};
      return merge_as_suggested(unit, decision, item);
    case ReviewKind::kConflict:
    case ReviewKind::kDuplicate:
    case ReviewKind::kAnomaly: return {};  // the decision is all there is
    case ReviewKind::kAdjustment: return settle_adjustment(unit, decision, accepts, item);
  }
  return {};
}

}  // namespace

Result<ReviewItem> decide(Unit& unit, const ReviewDecision& decision, ReviewState outcome) {
  LAUREL_TRY_VOID(check_decision(decision));
  LAUREL_TRY(auto found, unit.view.review(decision.item));
  if (!found || found->opened_at > unit.now) {
    return Error{ErrorCode::kUnknownReviewItem, "no item has this number"};
  }
  ReviewItem item = *std::move(found);
  if (item.state != ReviewState::kOpen) {
    const bool same_member =
        !decision.member || item.members == std::vector<MemberId>{*decision.member} ||
        (item.kind == ReviewKind::kMerge &&
         std::ranges::find(item.members, *decision.member) != item.members.end());
    if (item.state == outcome && same_member) return item;
    return Error{ErrorCode::kAlreadyDecided, item.decided_by + " decided on it before"};
  }
  LAUREL_TRY_VOID(carry_out(unit, decision, outcome, item));
  item.state = outcome;
  item.decided_at = unit.now;
  item.decided_by = decision.by;
  item.reason = decision.reason;
  unit.change.reviews.push_back(item);
  return item;
}

}  // namespace engine

// ---- The handle ---------------------------------------------------------------------------------

Review Engine::review() { return Review(*this); }

Result<ReviewPage> Review::list(const ReviewFilter& filter) const {
  const auto& state = *engine_->state_;
  ReviewPage page;
  LAUREL_TRY_VOID(state.store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(page.items, view.reviews(filter, state.now()));
    return {};
  }));
  if (!page.items.empty() && page.items.size() == filter.limit) {
    page.next = page.items.back().number;
  }
  return page;
}

Result<ReviewItem> Review::item(std::int64_t number) const {
  const auto& state = *engine_->state_;
  std::optional<ReviewItem> item;
  LAUREL_TRY_VOID(state.store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(item, view.review(number));
    return {};
  }));
  if (item && item->opened_at <= state.now()) return *std::move(item);
  return Error{ErrorCode::kUnknownReviewItem, "no item has this number"};
}

Result<ReviewItem> Review::accept(const ReviewDecision& decision) {
  return decide(decision, ReviewState::kAccepted);
}

Result<ReviewItem> Review::reject(const ReviewDecision& decision) {
  return decide(decision, ReviewState::kRejected);
}

Result<ReviewItem> Review::decide(const ReviewDecision& decision, ReviewState outcome) {
  ReviewItem item;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](engine::Unit& unit) -> Result<void> {
    LAUREL_TRY(item, engine::decide(unit, decision, outcome));
    return {};
  }));
  // A batch is booked once it is agreed to, and not in one unit of work.
  if (item.kind != ReviewKind::kAdjustment || outcome != ReviewState::kAccepted) return item;
  std::optional<TransactionKey> batch;
  LAUREL_TRY_VOID(engine_->state_->store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(batch, engine::batch_about(view, item));
    return {};
  }));
  if (batch) LAUREL_TRY_VOID(engine_->adjustments().resume(*batch));
  return item;
}

}  // namespace laurel
