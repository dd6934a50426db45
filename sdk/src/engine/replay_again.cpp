// What a replay rates again because something earlier is learnt of, as rate_later_again() does in
// the ledger.

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/replay.hpp"

namespace laurel::engine {

using ledger::Entry;
using ledger::EntryKind;

Result<void> Replay::take_rating(const store::View& view, const Entry& entry, Member& member) {
  LAUREL_TRY(const auto version, plan_.place_of(entry.programme));
  TierStep step{
      entry.id, side_of(entry), version, tier_event(entry), {entry.event_time, 0, entry.spend_at}};
  const auto deed = std::ranges::find(member.deeds, entry.about, &Deed::sale);
  if (deed != member.deeds.end() && entry.valuation) {
    const Sold* sold = find_sold(deed->sale);
    LAUREL_CHECK(sold != nullptr, "a deed of the period is known");
    LAUREL_TRY(auto* const of, returned(view, deed->sale, *sold));
    const Counted was{Side::kWas, of->version, of->at, *of->sale.document};
    Came& came = came_of(member, deed->side);
    count(was, of->was_now, came, -1);
    of->was = *entry.valuation;
    of->was_now = awards_of(of->was);
    if (of->kept) {
      const auto& record = plan_.compiled_at(of->version);
      of->was_now = kept_awards(
          entitled_value(record, *of->sale.document, of->at, of->was, *of->kept).valuation,
          *of->kept, of->was_now);
    }
    count(was, of->was_now, came, 1);
  } else {
    step.becomes = step.was;  // of a deed before the period
  }
  if (moves_level(step.was)) add_step(member, std::move(step));
  return {};
}

Result<void> Replay::rate_later_again(const store::View& view, const Entry& entry, Member& member) {
  const bool moved = std::exchange(member.moved, false);
  if (entry.event_time >= member.latest_deed || (!moved && !looks_back())) return {};
  const auto& next = plan_.next.compiled();
  const auto& arrivals = plan_.has(entry.event_time)
                             ? next.arrivals
                             : plan_.versions.in_force(entry.event_time).compiled().arrivals;
  if (arrivals.late != Late::kRateAgain) return {};
  std::vector<Deed> later;
  std::ranges::copy_if(member.deeds, std::back_inserter(later),
                       [&](const Deed& deed) { return deed.at > entry.event_time; });
  if (later.empty()) return {};
  std::ranges::sort(later);
  const ReplayView then(view, entry.id, counters_, joined_);
  const auto unit = unit_of(then, entry);
  std::optional<Timeline> timeline;
  if (!next.questions.empty() || !next.limits.empty()) {
    LAUREL_TRY(auto loaded, timeline_of(unit, entry.member, entry.id, member));
    timeline.emplace(std::move(loaded));
  }
  for (const Deed& deed : later) {
    LAUREL_TRY_VOID(rate_again(view, entry, deed, member, timeline ? &*timeline : nullptr));
  }
  member.moved = false;
  return {};
}

bool Replay::looks_back() const {
  const auto& versions = plan_.versions.by_number();
  return engine::looks_back(plan_.next.compiled()) ||
         std::ranges::any_of(versions, [](const Version& version) {
           return engine::looks_back(version.compiled());
         });
}

Result<Timeline> Replay::timeline_of(const Unit& unit, MemberId id, EntryId last,
                                     const Member& member) {
  ledger::MemberRecord record;
  record.id = id;
  record.enrolled_at = member.enrolled_at;
  record.last_entry = last;
  const auto as_counted = [this](Entry& entry) {
    if (!plan_.has(entry.event_time)) return true;
    if (entry.kind == EntryKind::kRating) return false;
    if (!is_deed(entry) && !takes_back(entry)) return true;
    const auto counted = uses_.find(entry.id);
    entry.uses = counted == uses_.end() ? std::vector<ledger::CounterUse>() : counted->second;
    return true;
  };
  LAUREL_TRY(auto timeline, Timeline::load(unit, record, as_counted));
  for (const auto& rated : member.rated) timeline.add(rating_of(rated, id));
  using Uses = std::optional<std::vector<ledger::CounterUse>>;
  timeline.count_by([this](const Entry& holder, const Kept& kept) -> Uses {
    const auto of = returned_.find(holder.kind == EntryKind::kClaim ? holder.about : holder.id);
    if (of == returned_.end()) return std::nullopt;
    const auto& sale = of->second;
    return entitled_value(plan_.next.compiled(), *sale.sale.document, sale.at,
                          sale.becomes.valuation, kept)
        .uses;
  });
  return timeline;
}

Entry Replay::rating_of(const RatedUses& rated, MemberId member) {
  Entry entry;
  entry.id = rated.entry;
  entry.kind = EntryKind::kRating;
  entry.member = member;
  came_by(entry, rated.deed.side, member);
  entry.event_time = rated.deed.at;
  entry.about = rated.deed.sale;
  entry.uses = rated.uses;
  return entry;
}

// The level and what counts for it, just before the deed and as of those who were one by then.
Standing Replay::standing_before(const Deed& deed, const Member& member,
                                 const ledger::Valuation& valuation) const {
  const auto holding = rules_at(Side::kBecomes, deed.at);
  const auto tier = ledger::advance_tier(
      holding, refold(Side::kBecomes, member, deed.at, deed.holder, &deed), deed.at);
  auto told = standing_of(valuation);
  told.tier = ledger::held_level(holding, tier, deed.at);
  told.spend_before_minor = ledger::window_spend(holding, tier, deed.at);
  return told;
}

Result<void> Replay::rate_again(const store::View& view, const Entry& entry, const Deed& deed,
                                Member& member, Timeline* timeline) {
  Sold* const sold = find_sold(deed.sale);
  LAUREL_CHECK(sold != nullptr, "a deed of the period is known");
  auto told = standing_before(deed, member, {});
  const auto level = static_cast<std::uint32_t>(levels_.number(told.tier));
  const bool same = sold->level == level && sold->spend_before_minor == told.spend_before_minor;
  if (same && timeline == nullptr) return {};
  LAUREL_TRY(auto* const of, returned(view, deed.sale, *sold));
  sold->level = level;
  sold->spend_before_minor = told.spend_before_minor;
  told = standing_before(deed, member, of->becomes.valuation);
  Valuable valuable(*of->sale.document);
  const auto& compiled = plan_.next.compiled();
  if (timeline != nullptr) {
    Entry holder;
    holder.id = deed.holder;
    holder.event_time = deed.at;
    LAUREL_TRY_VOID(timeline->tell_past_before(holder, compiled, valuable, told));
  }
  auto now = value(compiled, valuable.facts(of->at, told), told, workspace_);
  LAUREL_TRY(auto rated, replace_value(view, entry, deed, member, *of, std::move(now)));
  if (timeline != nullptr) timeline->add(rating_of(rated, entry.member));
  member.rated.push_back(std::move(rated));
  return {};
}

// The deed is worth `now` from now on, and what is kept of it accordingly.
Result<Replay::RatedUses> Replay::replace_value(const store::View& view, const Entry& entry,
                                                const Deed& deed, Member& member, Returned& of,
                                                Valued now) {
  const Counted becomes{Side::kBecomes, plan_.next_place(), of.at, *of.sale.document};
  Came& came = came_of(member, deed.side);
  count(becomes, of.becomes_now, came, -1);
  of.becomes = now;
  of.becomes_now = awards_of(of.becomes.valuation);
  if (of.kept) {
    now = entitled_value(plan_.next.compiled(), *of.sale.document, of.at, of.becomes.valuation,
                         *of.kept);
    of.becomes_now = kept_awards(now.valuation, *of.kept, of.becomes_now);
  }
  count(becomes, of.becomes_now, came, 1);
  auto uses = difference(now.uses, of.uses);
  LAUREL_TRY_VOID(count_uses(view, entry, member, deed.side, uses));
  // What it counts for the tier is put right at the deed itself.
  const auto event = correction(of, now, deed.at);
  if (moves_level(event)) {
    add_step(member, {deed.holder, deed.side, of.version, {deed.at, 0, deed.at}, event});
  }
  return RatedUses{deed, entry.id, std::move(uses)};
}

}  // namespace laurel::engine
