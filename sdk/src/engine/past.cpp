#include "engine/past.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/booking.hpp"
#include "engine/deeds.hpp"
#include "engine/person.hpp"
#include "engine/reversal.hpp"
#include "engine/timeline.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using programme::Stretch;

// Walks back over what was booked, newest first. What happened at `at` or later is no past.
class Walk {
 public:
  Walk(const Unit& unit, Instant at, std::vector<Tally>& tallies)
      : unit_(unit), at_(at), tallies_(tallies) {
    for (const auto& version : unit.versions->by_number()) {
      tolerance_ = std::max(tolerance_, version.compiled().arrivals.clock_tolerance);
    }
  }

  // Nothing booked before `from` can have happened after it, but for the tolerance.
  Result<void> run(MemberId who, EntryId last, Instant from) {
    const auto take = [&](Entry&& entry) -> Result<bool> {
      if (from != Instant::min() && entry.booked_at < from - tolerance_) return false;
      LAUREL_TRY_VOID(look_at(entry));
      return true;
    };
    LAUREL_TRY_VOID(walk_back(unit_.view, who, last, take));
    return {};
  }

 private:
  Result<void> look_at(const Entry& entry) {
    const bool about_sale = entry.kind == EntryKind::kReturn || entry.kind == EntryKind::kVoid;
    if (about_sale) touched_.insert(entry.about);
    // That one is about the document that waited.
    if (entry.kind == EntryKind::kApply) waited_for_.insert(*entry.document->original);
    return is_deed(entry) ? look_at_deed(entry) : Result<void>{};
  }

  Result<void> look_at_deed(const Entry& entry) {
    if (!entry.valuation || entry.event_time > at_) return {};
    const EntryId sale_id = entry.kind == EntryKind::kClaim ? entry.about : entry.id;
    const bool whole = entry.kind != EntryKind::kClaim && !touched_.contains(sale_id) &&
                       !waited_for_.contains(entry.key);
    if (whole) return add(*entry.document, entry, {});
    LAUREL_TRY(auto record, unit_.view.transaction(entry.key));
    LAUREL_TRY(auto sold, unit_.view.entry(sale_id));
    LAUREL_CHECK(record && sold, "an entry names a transaction that is not stored");
    LAUREL_TRY(auto sale, load_sale(unit_.view, *std::move(record), *std::move(sold)));
    std::erase_if(sale.documents, [&](const Entry& one) { return moment_of(one, sale) > at_; });
    return add(*sale.entry.document, entry, sale.documents);
  }

  Result<void> add(const Transaction& document, const Entry& holder,
                   const std::vector<Entry>& documents) {
    const Version* version = unit_.versions->with_digest(holder.programme);
    LAUREL_CHECK(version != nullptr,
                 "an entry names a version of the programme that is not stored");
    LAUREL_TRY(const auto deed, Deed::of(document, holder, version->compiled(), documents));
    for (Tally& tally : tallies_) tally.add(deed);
    return {};
  }

  const Unit& unit_;
  Instant at_;
  std::vector<Tally>& tallies_;
  Duration tolerance_{};
  std::set<EntryId> touched_;  // sales of which something was said later
  std::set<TransactionKey> waited_for_;
};

// ---- Limits -------------------------------------------------------------------------------------

bool rolls(const Stretch& stretch) {
  return stretch.kind == Stretch::Kind::kDays || stretch.kind == Stretch::Kind::kMonths;
}

// What the row says before this unit of work changes it once more.
Result<store::UsageRow*> row_in_change(Unit& unit, const std::string& counter, MemberId who,
                                       Date day) {
  auto& rows = unit.change.usage;
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const store::UsageRow& row) {
    return row.counter == counter && row.member == who && row.day == day;
  });
  if (at != rows.end()) return &*at;
  LAUREL_TRY(auto stored, unit.view.usage(counter, who, day, day));
  rows.push_back(stored.empty() ? store::UsageRow{counter, who, day, 0, 0} : stored.front());
  return &rows.back();
}

}  // namespace

// In every stretch that the day lies in, the limit holds. Of those that roll, the ones that end on
// the day itself or on a later day on which something was taken are the fullest.
Result<ledger::LimitRoom> room_of(const store::View& view, const programme::Limit& limit,
                                  MemberId who, Date day,
                                  std::span<const ledger::CounterUse> back) {
  if (limit.every.kind == Stretch::Kind::kEver) {
    LAUREL_TRY(const auto rows, view.usage(limit.counter, who, store::kEver, store::kEver));
    auto taken = rows.empty() ? store::UsageRow{} : rows.front();
    for (const auto& use : back) taken.units -= use.units, taken.times -= use.times;
    return room_left(limit, taken.units, taken.times);
  }
  Days span = days_of(limit.every, day);
  if (rolls(limit.every)) {
    constexpr int kClamped = 3;  // a month may be that much shorter
    span.last = limit.every.kind == Stretch::Kind::kDays
                    ? add_days(day, limit.every.length - 1)
                    : add_days(add_months(day, limit.every.length), kClamped);
  }
  LAUREL_TRY(auto rows, view.usage(limit.counter, who, span.first, span.last));
  for (const auto& use : back) rows.push_back({use.counter, who, use.day, -use.units, -use.times});
  std::vector<Date> ends{day};
  if (rolls(limit.every)) {
    for (const auto& row : rows) {
      if (row.day > day) ends.push_back(row.day);
    }
  }
  auto least = room_left(limit, 0, 0);
  for (const Date end : ends) {
    const Days days = days_of(limit.every, end);
    if (days.first > day) continue;
    std::int64_t units = 0, times = 0;
    for (const auto& row : rows) {
      if (!days.contain(row.day)) continue;
      units += row.units;
      times += row.times;
    }
    const auto left = room_left(limit, units, times);
    least.units = std::min(least.units, left.units);
    least.times = std::min(least.times, left.times);
  }
  return least;
}

ledger::LimitRoom room_left(const programme::Limit& limit, std::int64_t units, std::int64_t times) {
  return {0, std::max<std::int64_t>(0, limit.units - units),
          std::max<std::int64_t>(0, limit.times - times)};
}

Result<std::vector<ledger::PastAnswer>> answers_for(const Unit& unit, MemberId member,
                                                    EntryId last_entry,
                                                    const programme::Compiled& compiled, Instant at,
                                                    const std::vector<std::uint32_t>& questions) {
  std::vector<Tally> tallies;
  Date first = Date::max();
  for (const auto index : questions) {
    tallies.emplace_back(index, compiled, at);
    first = std::min(first, tallies.back().first());
  }
  std::vector<ledger::PastAnswer> answers;
  if (tallies.empty()) return answers;
  const Instant from = first == Date::min() ? Instant::min() : compiled.zone.start_of_day(first);
  LAUREL_TRY_VOID(Walk(unit, at, tallies).run(member, last_entry, from));
  for (Tally& tally : tallies) answers.push_back(tally.answer());
  return answers;
}

Result<std::vector<ledger::LimitRoom>> rooms_for(const Unit& unit, MemberId member,
                                                 const programme::Compiled& compiled, Instant at,
                                                 const std::vector<std::uint32_t>& limits) {
  std::vector<ledger::LimitRoom> rooms;
  rooms.reserve(limits.size());
  const Date day = compiled.zone.local_date(at);
  for (const auto index : limits) {
    const auto& limit = compiled.limits[index];
    LAUREL_TRY(auto room, room_of(unit.view, limit, limit.per_member ? member : MemberId{}, day));
    room.limit = index;
    rooms.push_back(room);
  }
  return rooms;
}

Result<Standing> standing_for(const Unit& unit, MemberSession& session,
                              const programme::Compiled& compiled, Instant at, Valuable& valuable) {
  const bool asks = !compiled.questions.empty() || !compiled.limits.empty();
  const auto& record = session.record();
  // A return that came back later has given the limits room that was not there yet.
  const bool late = at < std::max(record.latest_deed, record.tier.last_event);
  if (asks && late && compiled.arrivals.late == Late::kRateAgain) {
    LAUREL_TRY(const auto timeline, Timeline::load(unit, session));
    return timeline.standing_at(compiled, at, valuable);
  }
  LAUREL_TRY(const auto tier, session.tier_at(at, compiled));
  const auto rules = tier_rules(compiled);
  Standing standing{std::string(ledger::held_level(rules, tier, at)),
                    ledger::window_spend(rules, tier, at)};
  standing.person = person_of(session.record());
  standing.stopped = unit.versions->stopped_at(at);
  if (!asks) return standing;
  const auto needs = compiled.needs(valuable.facts(at, standing));
  LAUREL_TRY(standing.answers, answers_for(unit, session.record().id, session.stored_last_entry(),
                                           compiled, at, needs.questions));
  LAUREL_TRY(standing.rooms, rooms_for(unit, session.record().id, compiled, at, needs.limits));
  return standing;
}

std::vector<ledger::CounterUse> uses_of(const programme::Compiled& compiled,
                                        const programme::Decision& decision, Instant at) {
  std::vector<ledger::CounterUse> uses;
  for (const auto& taken : decision.uses) {
    ledger::CounterUse use;
    use.counter = taken.counter;
    for (const auto& limit : compiled.limits) {
      if (limit.counter != taken.counter) continue;
      (limit.per_member ? use.per_member : use.for_all) = true;
    }
    use.day = compiled.zone.local_date(at);
    use.units = taken.units;
    use.times = taken.times;
    uses.push_back(std::move(use));
  }
  return uses;
}

std::vector<ledger::CounterUse> difference(const std::vector<ledger::CounterUse>& wanted,
                                           const std::vector<ledger::CounterUse>& booked) {
  std::map<std::string, ledger::CounterUse> sums;
  const auto add = [&](const ledger::CounterUse& use, std::int64_t sign) {
    auto [at, is_new] = sums.try_emplace(use.counter, use);
    if (is_new) at->second.units = at->second.times = 0;
    at->second.units += sign * use.units;
    at->second.times += sign * use.times;
  };
  for (const auto& use : wanted) add(use, 1);
  for (const auto& use : booked) add(use, -1);
  std::vector<ledger::CounterUse> changes;
  for (auto& [counter, use] : sums) {
    if (use.units != 0 || use.times != 0) changes.push_back(std::move(use));
  }
  return changes;
}

Result<void> count(Unit& unit, MemberId member, const std::vector<ledger::CounterUse>& uses) {
  for (const auto& use : uses) {
    for (const auto& [counts, who] :
         {std::pair(use.per_member, member), std::pair(use.for_all, MemberId{})}) {
      if (!counts) continue;
      for (const Date day : {store::kEver, use.day}) {
        LAUREL_TRY(auto* row, row_in_change(unit, use.counter, who, day));
        row->units += use.units;
        row->times += use.times;
        LAUREL_CHECK(row->units >= 0 && row->times >= 0,
                     "more was given back of a counter than was taken");
      }
    }
  }
  return {};
}

}  // namespace laurel::engine
