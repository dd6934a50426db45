#include "engine/session.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/notices.hpp"
#include "engine/past.hpp"
#include "engine/person.hpp"
#include "ledger/invariants.hpp"
#include "store/lot_chain.hpp"

namespace laurel::engine {
bool moves_tier(const ledger::Entry& entry) {
  return entry.spend_delta_minor != 0 || !entry.tier_granted.empty() ||
         !entry.tier_taken_back.empty();
}

bool is_deed(const ledger::Entry& entry) {
  const bool may_be = entry.kind == ledger::EntryKind::kSale ||
                      entry.kind == ledger::EntryKind::kEvent ||
                      entry.kind == ledger::EntryKind::kClaim;
  return may_be && entry.valuation.has_value();
}

ledger::TierEvent tier_event(const ledger::Entry& entry) {
  return {entry.event_time,   entry.spend_delta_minor,  entry.spend_at,
          entry.tier_granted, entry.tier_granted_until, entry.tier_taken_back};
}

ledger::RecentTierEvent tier_event(const ledger::Entry& entry, std::int64_t version) {
  return {entry.event_time,     entry.spend_delta_minor,  entry.spend_at,
          entry.tier_granted,   entry.tier_granted_until, version,
          entry.tier_taken_back};
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

Result<ledger::Books> books_now(const store::View& view, ledger::MemberRecord record, Instant now,
                                const programme::Compiled& compiled) {
  ledger::Books books;
  books.record = std::move(record);
  LAUREL_TRY(auto lots, view.open_lots(books.record));
  for (const auto id : ledger::lots_of_due_holds(books.record, now)) {
    LAUREL_TRY(auto lot, view.lot(id));
    LAUREL_CHECK(lot.has_value(), "a hold names a lot that is not stored");
    lots.push_back(*std::move(lot));
  }
  ledger::add_lots(books, std::move(lots));
  books.all_open_lots_loaded = true;
  return ledger::settled(std::move(books), now, compiled.wallets, compiled.zone);
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

void MemberSession::add_lots(std::vector<ledger::Lot> lots) {
  ledger::add_lots(before_, lots);
  ledger::add_lots(books_, std::move(lots));
}

Result<void> MemberSession::load_open_lots() {
  if (books_.all_open_lots_loaded) return {};
  const auto find = [&](ledger::LotId id) -> Result<std::optional<ledger::Lot>> {
    if (const auto* loaded = ledger::find_lot(before_, id)) return std::optional(*loaded);
    return unit_.view.lot(id);
  };
  LAUREL_TRY(auto lots, store::open_lots(before_.record, find));
  add_lots(std::move(lots));
  before_.all_open_lots_loaded = books_.all_open_lots_loaded = true;
  return {};
}

Result<void> MemberSession::load_lots(std::span<const ledger::LotId> wanted) {
  std::vector<ledger::Lot> lots;
  for (const auto id : wanted) {
    if (ledger::find_lot(books_, id) != nullptr) continue;
    LAUREL_TRY(auto lot, unit_.view.lot(id));
    LAUREL_CHECK(lot.has_value(), "an entry names a lot that is not stored");
    if (lot->member == books_.record.id) lots.push_back(*std::move(lot));
  }
  if (!lots.empty()) add_lots(std::move(lots));
  return {};
}

Result<void> MemberSession::load_lots_of(const ledger::Entry& entry) {
  std::vector<ledger::LotId> wanted;
  for (const auto& opening : entry.lots_opened) wanted.push_back(opening.lot);
  for (const auto& move : entry.lot_moves) wanted.push_back(move.lot);
  return load_lots(wanted);
}

Result<void> MemberSession::load_lots_of(const ledger::Hold& hold) {
  std::vector<ledger::LotId> wanted;
  for (const auto& part : hold.parts) wanted.push_back(part.lot);
  return load_lots(wanted);
}

Result<void> MemberSession::settle(const programme::Compiled& compiled) {
  if (books_.record.next_due > unit_.now) return {};
  LAUREL_TRY_VOID(load_open_lots());
  const EntryId first(unit_.ids.entry.number() + unit_.entries_given);
  LAUREL_TRY_VOID(load_lots(ledger::lots_of_due_holds(books_.record, unit_.now)));
  LAUREL_TRY(auto booked,
             ledger::settle(books_, unit_.now, first, compiled.wallets, compiled.zone));
  unit_.entries_given += static_cast<std::int64_t>(booked.size());
  for (auto& entry : booked) {
    LAUREL_TRY_VOID(count(unit_, books_.record.id, entry.uses));
    entries_.push_back(std::move(entry));
  }
  return {};
}

Result<ledger::RecentTierEvent> MemberSession::tier_event(const ledger::Entry& entry) const {
  const Version* version = unit_.versions->with_digest(entry.programme);
  LAUREL_CHECK(version != nullptr, "an entry names a version of the programme that is not stored");
  return engine::tier_event(entry, version->number);
}

// Every event so far in the order of time, read from the chain of entries.
Result<MemberSession::TierEvents> MemberSession::all_tier_events() {
  if (chain_length_ == 0) {
    std::vector<std::pair<EntryId, ledger::RecentTierEvent>> told;
    const auto take = [&](ledger::Entry&& entry) -> Result<bool> {
      ++chain_length_;
      if (!moves_tier(entry)) return true;
      LAUREL_TRY(auto event, tier_event(entry));
      told.emplace_back(entry.id, std::move(event));
      return true;
    };
    LAUREL_TRY_VOID(walk_back(unit_.view, before_.record.id, before_.record.last_entry, take));
    std::sort(told.begin(), told.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [id, event] : told) chain_.push_back(std::move(event));
  }
  auto events = chain_;
  for (const auto& entry : entries_) {
    if (!moves_tier(entry)) continue;
    LAUREL_TRY(auto event, tier_event(entry));
    events.push_back(std::move(event));
  }
  // Those of one moment stay in the order of booking.
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return events;
}

// As long as the chain is short the list is not worth keeping.
Result<ledger::TierState> MemberSession::refold(const TierEvents& events, Instant until,
                                                ledger::RecentTier& recent) {
  Instant first = std::min(books_.record.enrolled_at, until);
  if (!events.empty()) first = std::min(first, events.front().at);
  auto initial =
      ledger::initial_tier(tier_rules(unit_.in_force(first)), first, books_.record.enrolled_at);
  recent = {{initial, {}}};
  return ledger::extend(recent, std::move(initial), events, rules_of_version());
}

ledger::TierRulesOf MemberSession::rules_of_version() const {
  return [&versions = *unit_.versions](std::int64_t number) -> Result<ledger::TierRules> {
    const Version* version = versions.with_number(number);
    LAUREL_CHECK(version != nullptr,
                 "a member names a version of the programme that is not stored");
    return tier_rules(version->compiled());
  };
}

bool MemberSession::is_late(Instant at) const {
  return at < books_.record.tier.last_event || at < books_.record.enrolled_at;
}

bool MemberSession::is_recent(Instant at) const {
  return at >= books_.record.enrolled_at && ledger::reaches(books_.record.recent_tier, at);
}

Result<ledger::TierState> MemberSession::tier_at(Instant at, const programme::Compiled& compiled) {
  if (!is_late(at)) {
    return ledger::advance_tier(tier_rules(compiled), books_.record.tier, at);
  }
  if (is_recent(at)) {
    LAUREL_TRY(then_, ledger::tier_then(books_.record.recent_tier, at, rules_of_version()));
    then_at_ = at;
    return ledger::advance_tier(tier_rules(compiled), then_->state, at);
  }
  LAUREL_TRY(auto events, all_tier_events());
  std::erase_if(events, [at](const auto& event) { return event.at > at; });
  ledger::RecentTier unused;
  LAUREL_TRY(auto past, refold(events, at, unused));
  return ledger::advance_tier(tier_rules(compiled), std::move(past), at);
}

Result<void> MemberSession::compare_levels(const ledger::TierState& then,
                                           const ledger::RecentTierEvent& event,
                                           std::span<const ledger::RecentTierEvent> later) {
  if (levels_moved_) return {};
  LAUREL_TRY(const bool same, ledger::same_levels(then, event, later, rules_of_version()));
  levels_moved_ = !same;
  return {};
}

Result<ledger::TierState> MemberSession::fold_late(const ledger::Entry& entry) {
  auto& recent = books_.record.recent_tier;
  LAUREL_TRY(auto event, tier_event(entry));
  const auto known = std::exchange(then_, std::nullopt);
  if (is_recent(event.at)) {
    LAUREL_TRY(auto then, known&& then_at_ == event.at
                              ? Result<ledger::TierThen>(*known)
                              : ledger::tier_then(recent, event.at, rules_of_version()));
    LAUREL_TRY_VOID(compare_levels(then.state, event, ledger::after(recent, then)));
    return ledger::insert(recent, std::move(then), std::move(event), rules_of_version());
  }
  LAUREL_TRY(auto events, all_tier_events());
  const auto place =
      std::upper_bound(events.begin(), events.end(), event.at,
                       [](Instant at, const auto& earlier) { return at < earlier.at; });
  const std::vector before(events.begin(), place);
  const std::vector later(place, events.end());
  ledger::RecentTier unused;
  LAUREL_TRY(const auto then, refold(before, event.at, unused));
  LAUREL_TRY_VOID(compare_levels(then, event, later));
  events.insert(place, std::move(event));
  LAUREL_TRY(auto state, refold(events, kNever, recent));
  if (chain_length_ < ledger::RecentTierLimits{}.entries_min) recent.clear();
  return state;
}

Result<void> MemberSession::stand_on(std::vector<ledger::Entry> history) {
  auto& record = books_.record;
  std::sort(history.begin(), history.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  TierEvents events;
  record.latest_deed = Instant::min();
  record.latest_source.clear();
  for (const auto& entry : history) {
    if (entry.valuation) record.latest_deed = std::max(record.latest_deed, entry.event_time);
    if (!moves_tier(entry)) continue;
    LAUREL_TRY(auto event, tier_event(entry));
    events.push_back(std::move(event));
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  LAUREL_TRY(record.tier, refold(events, kNever, record.recent_tier));
  if (history.size() < ledger::RecentTierLimits{}.entries_min) record.recent_tier.clear();
  return {};
}

Result<void> MemberSession::fold(ledger::Entry& entry, const programme::Compiled& compiled) {
  auto& record = books_.record;
  if (moves_tier(entry)) {
    if (is_late(entry.event_time)) {
      LAUREL_TRY(record.tier, fold_late(entry));
    } else if (record.recent_tier.empty()) {
      record.tier = ledger::fold_tier(tier_rules(compiled), std::move(record.tier),
                                      engine::tier_event(entry));
    } else {
      LAUREL_TRY(const auto event, tier_event(entry));
      LAUREL_TRY(record.tier, ledger::extend(record.recent_tier, std::move(record.tier),
                                             {&event, 1}, rules_of_version()));
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
  entry.member = books_.record.id;
  entry.event_time = event_time;
  entry.booked_at = unit_.now;
  return entry;
}

Result<void> MemberSession::end(ledger::Entry&& entry, const programme::Compiled& compiled) {
  ledger::EntryWriter(books_, entry).finish(compiled.wallets);
  LAUREL_TRY_VOID(count(unit_, entry.member, entry.uses));
  if (entry.valuation) {
    auto& record = books_.record;
    if (record.latest_source != entry.key.source) {
      record.elsewhere_until = record.latest_deed;
      record.latest_source = entry.key.source;
    }
    record.latest_deed = std::max(record.latest_deed, entry.event_time);
  }
  last_ = entries_.size();
  entries_.push_back(std::move(entry));
  // A late arrival may have opened a lot whose day has come already.
  return settle(compiled);
}

Result<void> MemberSession::close() {
  const Instant told = next_notice(books_, unit_.in_force(unit_.now), unit_.now);
  books_.record.next_due = std::min(books_.record.next_due, told);
  LAUREL_TRY_VOID(ledger::check_invariants({before_, books_, entries_}));
  for (auto& lot : books_.lots) {
    const auto* earlier = ledger::find_lot(before_, lot.id);
    if (earlier == nullptr || *earlier != lot) unit_.change.lots.push_back(std::move(lot));
  }
  // The answer to a request shows what stands once its whole unit of work is done.
  for (auto& entry : entries_) {
    if (entry.key.id.empty()) continue;
    entry.balances_after = entries_.back().balances_after;
    if (entries_.back().tier_after) entry.tier_after = entries_.back().tier_after;
  }
  if (books_.record != before_.record) {
    unit_.change.members.push_back(std::move(books_.record));
  }
  auto& entries = unit_.change.entries;
  if (entries.empty()) {
    entries = std::move(entries_);
  } else {
    std::move(entries_.begin(), entries_.end(), std::back_inserter(entries));
    // Of several members' sessions, in the order of their numbers.
    std::ranges::sort(entries, {}, &ledger::Entry::id);
  }
  return {};
}

}  // namespace laurel::engine
