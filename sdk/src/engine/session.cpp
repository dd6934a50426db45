#include "engine/session.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/past.hpp"
#include "ledger/invariants.hpp"

namespace laurel::engine {
namespace {

void insert_lot(ledger::Books& books, const ledger::Lot& lot) {
  const auto at =
      std::lower_bound(books.lots.begin(), books.lots.end(), lot.id,
                       [](const ledger::Lot& stored, ledger::LotId id) { return stored.id < id; });
  if (at == books.lots.end() || at->id != lot.id) books.lots.insert(at, lot);
}

}  // namespace

ledger::TierEvent tier_event(const ledger::Entry& entry) {
  return {entry.event_time,   entry.spend_delta_minor,  entry.spend_at,
          entry.tier_granted, entry.tier_granted_until, entry.tier_taken_back};
}

bool moves_tier(const ledger::Entry& entry) {
  return entry.spend_delta_minor != 0 || !entry.tier_granted.empty() ||
         !entry.tier_taken_back.empty();
}

const ledger::Entry& Unit::entry(EntryId id) const {
  const auto at = std::find_if(change.entries.begin(), change.entries.end(),
                               [id](const ledger::Entry& entry) { return entry.id == id; });
  LAUREL_ASSERT(at != change.entries.end(), "the entry is part of this unit of work");
  return *at;
}

ledger::TierRules tier_rules(const programme::Compiled& compiled) {
  return {compiled.tiers, compiled.zone};
}

MemberSession::MemberSession(Unit& unit, ledger::MemberRecord record) : unit_(unit) {
  books_.record = std::move(record);
  before_.record = books_.record;
}

MemberSession MemberSession::enrol(Unit& unit, const std::string& language, Instant at,
                                   const programme::Compiled& compiled) {
  ledger::MemberRecord record;
  record.id = unit.ids.member;
  unit.ids.member = MemberId(unit.ids.member.number() + 1);
  record.enrolled_at = at;
  record.language = language;
  record.tier = ledger::initial_tier(tier_rules(compiled), at);
  record.programme = compiled.digest;
  MemberSession session(unit, std::move(record));
  session.before_.all_open_lots_loaded = session.books_.all_open_lots_loaded = true;
  return session;
}

void MemberSession::add_lot(ledger::Lot lot) {
  insert_lot(before_, lot);
  insert_lot(books_, lot);
}

Result<void> MemberSession::load_open_lots() {
  if (books_.all_open_lots_loaded) return {};
  LAUREL_TRY(auto lots, unit_.view.open_lots(before_.record));
  for (auto& lot : lots) add_lot(std::move(lot));
  before_.all_open_lots_loaded = books_.all_open_lots_loaded = true;
  return {};
}

Result<void> MemberSession::load_lots_of(const ledger::Entry& entry) {
  std::vector<ledger::LotId> wanted;
  for (const auto& opening : entry.lots_opened) wanted.push_back(opening.lot);
  for (const auto& move : entry.lot_moves) wanted.push_back(move.lot);
  for (const auto id : wanted) {
    if (ledger::find_lot(books_, id) != nullptr) continue;
    LAUREL_TRY(auto lot, unit_.view.lot(id));
    LAUREL_CHECK(lot.has_value(), "an entry names a lot that is not stored");
    add_lot(*std::move(lot));
  }
  return {};
}

Result<void> MemberSession::settle(const programme::Compiled& compiled) {
  if (books_.record.next_due > unit_.now) return {};
  LAUREL_TRY_VOID(load_open_lots());
  const EntryId first(unit_.ids.entry.number() + unit_.entries_given);
  LAUREL_TRY(auto booked, ledger::settle(books_, unit_.now, first, compiled.wallets));
  unit_.entries_given += static_cast<std::int64_t>(booked.size());
  for (auto& entry : booked) entries_.push_back(std::move(entry));
  return {};
}

Result<ledger::TierState> MemberSession::refold(Instant until, const ledger::Entry* with) {
  std::vector<ledger::Entry> events;
  for (const auto& entry : entries_) {
    if (moves_tier(entry)) events.push_back(entry);
  }
  for (EntryId id = before_.record.last_entry; id;) {
    LAUREL_TRY(auto entry, unit_.view.entry(id));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    id = entry->previous;
    if (moves_tier(*entry)) events.push_back(*std::move(entry));
  }
  if (with != nullptr) events.push_back(*with);
  std::erase_if(events, [&](const ledger::Entry& entry) { return entry.event_time > until; });
  std::sort(events.begin(), events.end(), [](const ledger::Entry& a, const ledger::Entry& b) {
    return std::pair(a.event_time, a.id) < std::pair(b.event_time, b.id);
  });
  Instant first = std::min(books_.record.enrolled_at, until);
  if (!events.empty()) first = std::min(first, events.front().event_time);
  auto state = ledger::initial_tier(tier_rules(unit_.in_force(first)), first);
  for (const auto& event : events) {
    const Version* version = unit_.versions->with_digest(event.programme);
    LAUREL_CHECK(version != nullptr,
                 "an entry names a version of the programme that is not stored");
    state = ledger::fold_tier(tier_rules(version->compiled()), std::move(state), tier_event(event));
  }
  return state;
}

Result<ledger::TierState> MemberSession::tier_at(Instant at, const programme::Compiled& compiled) {
  const auto& state = books_.record.tier;
  if (at >= state.last_event && at >= books_.record.enrolled_at) {
    return ledger::advance_tier(tier_rules(compiled), state, at);
  }
  LAUREL_TRY(auto past, refold(at, nullptr));
  return ledger::advance_tier(tier_rules(compiled), std::move(past), at);
}

Result<void> MemberSession::fold(ledger::Entry& entry, const programme::Compiled& compiled) {
  auto& record = books_.record;
  if (moves_tier(entry)) {
    if (entry.event_time >= record.tier.last_event && entry.event_time >= record.enrolled_at) {
      record.tier =
          ledger::fold_tier(tier_rules(compiled), std::move(record.tier), tier_event(entry));
    } else {
      LAUREL_TRY(record.tier, refold(kNever, &entry));
    }
    record.programme = compiled.digest;
  }
  const auto& now = unit_.in_force(unit_.now);
  const auto state = ledger::advance_tier(tier_rules(now), record.tier, unit_.now);
  entry.tier_after = ledger::tier_standing(tier_rules(now), state, unit_.now);
  return {};
}

ledger::Entry MemberSession::begin(ledger::EntryKind kind, Instant event_time) {
  ledger::Entry entry;
  entry.id = unit_.next_entry();
  entry.kind = kind;
  entry.event_time = event_time;
  entry.booked_at = unit_.now;
  return entry;
}

Result<void> MemberSession::end(ledger::Entry entry, const programme::Compiled& compiled) {
  ledger::EntryWriter(books_, entry).finish(compiled.wallets);
  LAUREL_TRY_VOID(count(unit_, entry.member, entry.uses));
  last_ = entries_.size();
  entries_.push_back(std::move(entry));
  // A late arrival may have opened a lot whose day has come already.
  return settle(compiled);
}

Result<void> MemberSession::close() {
  LAUREL_TRY_VOID(ledger::check_invariants({before_, books_, entries_}));
  for (auto& lot : books_.lots) {
    const auto* earlier = ledger::find_lot(before_, lot.id);
    if (earlier == nullptr || *earlier != lot) unit_.change.lots.push_back(lot);
  }
  // The answer to a request shows what stands once its whole unit of work is done.
  for (auto& entry : entries_) {
    if (entry.key.id.empty()) continue;
    entry.balances_after = entries_.back().balances_after;
    if (entries_.back().tier_after) entry.tier_after = entries_.back().tier_after;
  }
  if (books_.record != before_.record) {
    unit_.change.members.push_back(books_.record);
  }
  std::move(entries_.begin(), entries_.end(), std::back_inserter(unit_.change.entries));
  return {};
}

}  // namespace laurel::engine
