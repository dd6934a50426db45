// What a programme keeps no longer. Members are gone through once a local day, in the order of
// their ids; whoever is due is looked at again within the unit of work that forgets her.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/engine_state.hpp"
#include "engine/erasure.hpp"
#include "engine/person.hpp"

namespace laurel {
namespace engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using programme::Compiled;

const std::string kCounter = "@retention";
const std::string kActor = "laurel";
constexpr std::int64_t kOver = INT64_MAX;
constexpr std::size_t kForgottenAtOnce = 100;  // for whom the ledger is read once

Date today(const Compiled& compiled, Instant now) { return compiled.zone.local_date(now); }

// What is from before it has been kept for the period.
Instant since(const Compiled& compiled, Instant now, Period period) {
  return compiled.zone.start_of_day(subtract(today(compiled, now), period));
}

// ---- Members

// When something last came for her or was done by anybody, but by jobs; and whether she was
// forgotten.
struct Life {
  Instant last_deed = Instant::min();
  bool forgotten = false;
};

Result<Life> life_of(const store::View& view, const ledger::MemberRecord& record, Instant until) {
  Life life{std::max(record.enrolled_at, record.identified_at)};
  for (EntryId at = record.last_entry; at;) {
    LAUREL_TRY(const auto entry, view.entry(at));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    at = entry->previous;
    life.forgotten = life.forgotten || entry->kind == EntryKind::kErasure;
    if (entry->actor == kActor && entry->kind != EntryKind::kEnrolment) continue;
    life.last_deed = std::max(life.last_deed, entry->booked_at);
    if (life.forgotten || life.last_deed >= until) break;
  }
  return life;
}

// Why she is to be forgotten now; empty: she is not.
Result<std::string> reason_to_forget(const store::View& view, const Compiled& compiled, Instant now,
                                     const ledger::MemberRecord& record) {
  const auto& policy = compiled.retention;
  const bool closed = record.status == MemberStatus::kClosed;
  const auto& period = closed ? policy.closed_members : policy.inactive_members;
  if (!period || record.status == MemberStatus::kMerged || !record.holds.empty()) {
    return std::string();
  }
  const Instant until = since(compiled, now, *period);
  if (closed && record.closed_at >= until) return std::string();
  LAUREL_TRY(const auto life, life_of(view, record, closed ? kNever : until));
  const Instant ended =
      closed && record.closed_at != Instant::min() ? record.closed_at : life.last_deed;
  if (life.forgotten || ended >= until) return std::string();
  return (closed ? "closed for " : "inactive for ") + to_text(*period);
}

// A part of a day's round.
struct Round {
  Date day = {};
  MemberId last = {};
  std::int64_t looked_at = 0;
  bool finished = false;
  std::vector<MemberId> due = {};
};

Result<std::optional<Round>> look_round(const store::View& view, const Compiled& compiled,
                                        Instant now, std::size_t limit) {
  const auto& policy = compiled.retention;
  if (!policy.closed_members && !policy.inactive_members) return std::optional<Round>();
  Round round;
  round.day = today(compiled, now);
  LAUREL_TRY(const auto reached, view.usage(kCounter, MemberId{}, round.day, round.day));
  const std::int64_t last = reached.empty() ? 0 : reached.front().units;
  if (last == kOver) return std::optional<Round>();
  round.last = MemberId(last);
  LAUREL_TRY(const auto members, view.members(round.last, limit));
  for (const auto& record : members) {
    LAUREL_TRY(const auto reason, reason_to_forget(view, compiled, now, record));
    if (!reason.empty()) round.due.push_back(record.id);
    round.last = record.id;
    ++round.looked_at;
    if (round.due.size() == kForgottenAtOnce) return std::optional(std::move(round));
  }
  round.finished = members.size() < limit;
  return std::optional(std::move(round));
}

Result<bool> forget(Unit& unit, MemberId id, Traces traces) {
  LAUREL_TRY(const auto record, unit.view.member(id));
  LAUREL_CHECK(record.has_value(), "a member who is to be forgotten is not stored");
  const auto& compiled = unit.in_force(unit.now);
  LAUREL_TRY(const auto reason, reason_to_forget(unit.view, compiled, unit.now, *record));
  if (reason.empty()) return false;  // somebody did something meanwhile
  LAUREL_TRY_VOID(erase(unit, {{kCounter, id.text()}, id, kActor, reason}, traces));
  return true;
}

// ---- Transactions that are nobody's

Result<bool> was_claimed(const store::View& view, const Entry& entry) {
  LAUREL_TRY(const auto record, view.transaction(entry.key));
  if (!record) return false;
  for (const EntryId id : record->related) {
    LAUREL_TRY(const auto related, view.entry(id));
    if (related && related->kind == EntryKind::kClaim) return true;
  }
  return false;
}

// Counts transactions. Whether there may be more.
Result<bool> forget_unattributed(Unit& unit, std::size_t limit, std::int64_t& count) {
  count = 0;
  const auto& compiled = unit.in_force(unit.now);
  if (!compiled.retention.unattributed) return false;
  const Instant until = since(compiled, unit.now, *compiled.retention.unattributed);
  LAUREL_TRY(const auto rows, unit.view.oldest_unclaimed(limit));
  for (const auto& row : rows) {
    auto& erased = unit.change.erased;
    if (erased.empty() || erased.back() != row.entry) {
      LAUREL_TRY(const auto entry, unit.view.entry(row.entry));
      LAUREL_CHECK(entry.has_value(), "an unclaimed identifier names an entry that is not stored");
      if (entry->booked_at >= until) return false;
      LAUREL_TRY(const bool claimed, was_claimed(unit.view, *entry));
      if (!claimed) erased.push_back(row.entry);
      if (!claimed) ++count;
    }
    unit.change.claimed.push_back(row);
  }
  return rows.size() == limit;
}

}  // namespace
}  // namespace engine

using namespace engine;

Result<RetentionWork> Privacy::retain(std::size_t limit) {
  const auto& state = *engine_->state_;
  RetentionWork work;
  LAUREL_TRY_VOID(state.write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(work.more, forget_unattributed(unit, limit, work.transactions));
    return {};
  }));
  std::optional<Round> round;
  std::vector<Traces> traces;
  const auto looked = state.store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(const auto versions, state.refresh(view));
    const auto& compiled = versions->in_force(state.now()).compiled();
    LAUREL_TRY(round, look_round(view, compiled, state.now(), limit));
    traces.assign(round ? round->due.size() : 0, {});
    for (std::size_t i = 0; i < traces.size(); ++i) {
      LAUREL_TRY(const auto record, existing_now(view, round->due[i]));
      LAUREL_TRY_VOID(traces[i].of(view, record));
    }
    return Traces::look_on(view, traces);
  });
  if (!looked) return looked.error();
  if (!round) return work;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    bool forgotten = false;
    const auto done = state.write_one([&](Unit& unit) -> Result<void> {
      LAUREL_TRY(forgotten, forget(unit, round->due[i], traces[i]));
      return {};
    });
    if (!done) return done.error();
    work.forgotten += forgotten ? 1 : 0;
  }
  LAUREL_TRY_VOID(state.write_one([&](Unit& unit) -> Result<void> {
    unit.change.usage.push_back(
        {kCounter, MemberId{}, round->day, round->finished ? kOver : round->last.number(), 0});
    return {};
  }));
  work.members = round->looked_at;
  work.more = work.more || !round->finished;
  return work;
}

}  // namespace laurel
