#include "engine/erasure.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/duplicates.hpp"
#include "engine/members.hpp"
#include "engine/person.hpp"
#include "engine/pools.hpp"
#include "engine/request.hpp"

namespace laurel::engine {

using ledger::Entry;
using ledger::EntryKind;

namespace {

constexpr std::size_t kBatch = 1'000;

}  // namespace

Result<void> Traces::of(const store::View& view, const ledger::MemberRecord& record) {
  LAUREL_TRY(ids_, known_as(view, record));
  for (const MemberId id : ids_) {
    LAUREL_TRY(const auto links, view.identifiers(id));
    for (const auto& link : links) known_.emplace(link.type, link.value);
    LAUREL_TRY_VOID(learn_from_chain(view, id));
  }
  return {};
}

Result<void> Traces::look_on(const store::View& view) { return look_on(view, std::span(this, 1)); }

Result<void> Traces::look_on(const store::View& view, std::span<Traces> people) {
  if (people.empty()) return {};
  for (EntryId seen = people.front().seen_;;) {
    LAUREL_TRY(const auto entries, view.entries(seen, kBatch));
    if (entries.empty()) return {};
    seen = entries.back().id;
    for (Traces& traces : people) {
      for (const auto& entry : entries) traces.look_at(entry);
      traces.seen_ = seen;
    }
  }
}

bool Traces::is_hers(MemberId id) const { return std::ranges::find(ids_, id) != ids_.end(); }

Result<void> Traces::learn_from_chain(const store::View& view, MemberId id) {
  LAUREL_TRY(const auto record, view.member(id));
  LAUREL_CHECK(record.has_value(), "a member that was merged is not stored");
  for (EntryId at = record->last_entry; at;) {
    LAUREL_TRY(const auto entry, view.entry(at));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    at = entry->previous;
    learn(*entry);
  }
  return {};
}

void Traces::learn(const Entry& entry) {
  if (entry.kind == EntryKind::kEnrolment && entry.document) {
    for (const auto& each : entry.document->identifiers) known_.emplace(each.type, each.value);
  }
  if (!entry.attribution) return;
  for (const auto& each : entry.attribution->evidence) {
    if (is_hers(each.member)) known_.emplace(each.type, each.value);
  }
}

bool Traces::tells(const std::string& type, const std::string& value) const {
  return !value.empty() && known_.contains({type, value});
}

void Traces::look_at(const Entry& entry) {
  bool traced = false;
  if (entry.document) {
    for (const auto& each : entry.document->identifiers) {
      traced = traced || tells(each.type, each.value) || is_hers(entry.member);
    }
  }
  if (entry.attribution) {
    for (const auto& each : entry.attribution->evidence) {
      traced = traced || tells(each.type, each.value) || is_hers(entry.member);
    }
  }
  const bool hers = is_hers(entry.member) || is_hers(side_of(entry));
  const auto* person =
      entry.valuation && entry.valuation->person ? &*entry.valuation->person : nullptr;
  traced = traced || (hers && person != nullptr && person->tells());
  if (traced) entries_.insert(entry.id);
  // A claim tells nothing of the sale that it is about, which is nobody's by itself.
  if (entry.kind == EntryKind::kClaim && is_hers(entry.member)) entries_.insert(entry.about);
}

namespace {

void forget_profile(ledger::MemberRecord& record) {
  record.language.clear();
  record.born.reset();
  record.segments.clear();
  record.associate.clear();
}

Result<void> forget_identifiers(Unit& unit, const Traces& traces) {
  for (const MemberId id : traces.ids()) {
    LAUREL_TRY(auto links, unit.view.identifiers(id));
    std::move(links.begin(), links.end(), std::back_inserter(unit.change.unlinks));
  }
  for (const MemberId id : traces.ids()) {
    LAUREL_TRY(const auto profile, unit.view.profile(id));
    if (profile) unit.change.profiles.push_back({id, {}});
    unit.change.matching_keys.push_back({id, {}});
  }
  for (const auto& [type, value] : traces.known()) {
    LAUREL_TRY(auto rows, unit.view.unclaimed(type, value));
    std::move(rows.begin(), rows.end(), std::back_inserter(unit.change.claimed));
  }
  unit.change.erased.assign(traces.entries().begin(), traces.entries().end());
  return {};
}

Result<void> close_points(MemberSession& session, Entry& entry) {
  ledger::EntryWriter writer(session.books(), entry);
  std::vector<ledger::LotId> open;
  for (const auto& lot : session.books().lots) {
    if (lot.remaining > Points{}) open.push_back(lot.id);
  }
  for (const auto lot : open) LAUREL_TRY_VOID(writer.write_off(lot));
  std::vector<std::string> wallets;
  for (const auto& wallet : session.record().wallets) wallets.push_back(wallet.wallet);
  for (const auto& wallet : wallets) LAUREL_TRY_VOID(writer.forgive_debt(wallet));
  return {};
}

}  // namespace

Result<Posted> erase(Unit& unit, const Erasure& erasure, Traces& traces) {
  const auto key = request_key("erasure", erasure.key);
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  LAUREL_TRY(auto record, existing_now(unit.view, erasure.member));
  if (stored) {
    if (stored->member != record.id) return used_for_other_content("/member");
    if (stored->reason != erasure.reason) return used_for_other_content("/reason");
    return Posted{stored->id, std::move(stored), true};
  }
  if (!record.holds.empty()) {
    return Error{ErrorCode::kInvalidState, "she has points on hold: capture or release them first"};
  }
  // What came since it was read outside.
  LAUREL_TRY_VOID(traces.of(unit.view, record));
  LAUREL_TRY_VOID(traces.look_on(unit.view));
  LAUREL_TRY_VOID(forget_identifiers(unit, traces));
  LAUREL_TRY_VOID(drop_suggestions(unit, traces.ids(), erasure.actor));
  const auto& compiled = unit.in_force(unit.now);
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY_VOID(session.load_open_lots());
  Entry entry = session.begin(EntryKind::kErasure, unit.now);
  entry.key = key;
  entry.actor = erasure.actor;
  entry.reason = erasure.reason;
  entry.programme = compiled.digest;
  LAUREL_TRY_VOID(close_points(session, entry));
  const bool pooled = bool(session.record().pool);
  session.books().record.status = MemberStatus::kClosed;
  session.books().record.closed_at = unit.now;
  forget_profile(session.books().record);
  const MemberId id = session.record().id;
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId booked = session.last().id;
  unit.change.transactions.push_back({key, booked, {}});
  if (pooled) LAUREL_TRY_VOID(leave_erased(unit, session, compiled, erasure.actor));
  LAUREL_TRY_VOID(session.close());
  for (const MemberId other : traces.ids()) {
    if (other == id) continue;
    LAUREL_TRY(auto merged, unit.view.member(other));
    LAUREL_CHECK(merged.has_value(), "a member that was merged is not stored");
    forget_profile(*merged);
    unit.change.members.push_back(*std::move(merged));
  }
  return Posted{booked};
}

}  // namespace laurel::engine
