#include "engine/timeline.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/deeds.hpp"
#include "engine/past.hpp"
#include "engine/reversal.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// The entry of the sale or event itself; a claim is another entry about it.
EntryId sale_of(const Entry& holder) {
  return holder.kind == EntryKind::kClaim ? holder.about : holder.id;
}

const programme::Compiled* version_of(const Unit& unit, const Entry& entry) {
  const Version* version = unit.versions->with_digest(entry.programme);
  return version == nullptr ? nullptr : &version->compiled();
}

// Whether two valuations of one deed give the same, to it and to any part of it that is kept. Rooms
// may differ without any difference.
bool same_worth(const Valued& a, const Valued& b, bool splits) {
  return a.valuation.awards == b.valuation.awards && a.valuation.answers == b.valuation.answers &&
         a.valuation.tier == b.valuation.tier && a.uses == b.uses &&
         a.tier_granted == b.tier_granted && a.tier_granted_until == b.tier_granted_until &&
         (!splits || a.valuation.spend_before_minor == b.valuation.spend_before_minor);
}

bool splits(const programme::Compiled& compiled) {
  return compiled.tiers.metric == TierMetric::kSpend &&
         (compiled.tiers.crossing == TierCrossing::kSplit ||
          compiled.tiers.crossing == TierCrossing::kWholePurchase);
}

bool looks_back(const Versions& versions) {
  return std::ranges::any_of(versions.by_number(), [](const Version& version) {
    return engine::looks_back(version.compiled());
  });
}

}  // namespace

bool looks_back(const programme::Compiled& compiled) {
  return !compiled.questions.empty() || !compiled.limits.empty() || splits(compiled);
}

// ---- What stands when ---------------------------------------------------------------------------

Result<Timeline> Timeline::load(const Unit& unit, const MemberSession& session) {
  Timeline timeline(unit);
  auto record = session.record();
  record.last_entry = session.stored_last_entry();
  LAUREL_TRY_VOID(timeline.read(record, session.entries(), [](Entry&) { return true; }));
  return timeline;
}

Result<Timeline> Timeline::load(const Unit& unit, const ledger::MemberRecord& record,
                                const Adapt& adapt) {
  Timeline timeline(unit);
  LAUREL_TRY_VOID(timeline.read(record, {}, adapt));
  return timeline;
}

// `booked`: what this unit of work has booked besides.
Result<void> Timeline::read(const ledger::MemberRecord& record, std::span<const Entry> booked,
                            const Adapt& adapt) {
  member_ = record.id;
  enrolled_at_ = record.enrolled_at;
  person_ = person_of(record);
  std::vector<Entry> ratings;
  const auto take = [&](Entry entry) -> Result<void> {
    // What it counts for is counted where it happened.
    if (entry.kind == EntryKind::kMerge || entry.kind == EntryKind::kUnmerge) return {};
    if (!adapt(entry)) return {};
    if (entry.kind == EntryKind::kClaim) {
      LAUREL_TRY(auto sale, unit_.view.entry(entry.about));
      LAUREL_CHECK(sale && sale->document, "a claim names a sale that is not stored");
      sales_.emplace(entry.about, *std::move(sale));
    }
    LAUREL_TRY_VOID(look_for_early_void(entry));
    if (entry.kind == EntryKind::kRating) {
      ratings.push_back(std::move(entry));  // they stand at their deeds, which come later
    } else {
      add(std::move(entry));
    }
    return {};
  };
  const auto take_older = [&](Entry&& entry) -> Result<bool> {
    LAUREL_TRY_VOID(take(std::move(entry)));
    return true;
  };
  LAUREL_TRY(joins_, walk_back(unit_.view, member_, record.last_entry, take_older));
  for (const Entry& entry : booked) LAUREL_TRY_VOID(take(entry));
  for (Entry& rating : ratings) add(std::move(rating));
  return {};
}

Result<void> Timeline::look_for_early_void(const Entry& entry) {
  const bool took_anything = !entry.postings.empty() || entry.spend_delta_minor != 0;
  if (entry.kind != EntryKind::kReturn || took_anything) return {};
  LAUREL_TRY(const auto record, unit_.view.transaction(entry.key));
  if (!record) return {};
  for (const EntryId id : record->related) {
    LAUREL_TRY(const auto related, unit_.view.entry(id));
    const bool early = related && related->kind == EntryKind::kVoid && !related->member;
    if (early) voided_early_[entry.key] = {related->event_time, id, id};
  }
  return {};
}

void Timeline::add(Entry entry) {
  if (is_deed(entry)) {
    const EntryId sale = sale_of(entry);
    holder_of_sale_[sale] = entry.id;
    key_of_sale_[sale] = entry.key;
    sale_of_key_[entry.key] = sale;
  }
  if (entry.kind == EntryKind::kRating) rated_.insert(entry.about);
  if (entry.kind == EntryKind::kReturn || entry.kind == EntryKind::kVoid) {
    returned_.insert(entry.about);
  }
  if (entry.kind == EntryKind::kApply) returned_later_.insert(*entry.document->original);
  const Place place = place_of(entry);
  entries_.insert_or_assign(place, std::move(entry));
}

Timeline::Place Timeline::place_of(const Entry& entry) const {
  if (entry.kind != EntryKind::kRating) return {entry.event_time, entry.id, entry.id};
  const auto holder = holder_of_sale_.find(entry.about);
  LAUREL_ASSERT(holder != holder_of_sale_.end(), "what is rated again was rated before");
  return {entry.event_time, holder->second, entry.id};
}

// Two were one person for what was booked once they had been merged, and for nothing before.
MemberId Timeline::side_at(const Entry& entry, EntryId booked) const {
  MemberId who = side_of(entry);
  for (bool moved = true; moved;) {
    moved = false;
    for (const Join& join : joins_) {
      if (join.went != who || join.merge > booked) continue;
      who = join.into;
      moved = true;
    }
  }
  return who;
}

bool Timeline::counts(const Entry& entry, const Place& end) const {
  if (joins_.empty() || !end.deed || end.deed == EntryId(INT64_MAX)) return true;
  const auto deed = entries_.find({end.at, end.deed, end.deed});
  if (deed == entries_.end()) return true;
  return side_at(entry, end.deed) == side_at(deed->second, end.deed);
}

std::vector<const Entry*> Timeline::deeds_after(Instant from) const {
  std::vector<const Entry*> deeds;
  for (auto at = entries_.upper_bound({from, EntryId(INT64_MAX), EntryId(INT64_MAX)});
       at != entries_.end(); ++at) {
    if (is_deed(at->second)) deeds.push_back(&at->second);
  }
  return deeds;
}

const ledger::Valuation& Timeline::valuation_of(const Entry& holder) const {
  const auto last =
      std::prev(entries_.upper_bound({holder.event_time, holder.id, EntryId(INT64_MAX)}));
  return *last->second.valuation;
}

const Transaction& Timeline::document_of(const Entry& holder) const {
  if (holder.kind != EntryKind::kClaim) return *holder.document;
  return *sales_.at(holder.about).document;
}

// The documents about a deed that stand at the end of what is looked at, as they were booked: each
// was accepted for what those before it had left.
std::vector<Entry> Timeline::documents_of(const Entry& holder, const Place& end) const {
  std::vector<const Entry*> booked;
  for (auto at = entries_.upper_bound(place_of(holder)); at != entries_.end() && at->first < end;
       ++at) {
    const Entry& entry = at->second;
    const bool speaks = entry.document && entry.document->original &&
                        (entry.kind == EntryKind::kReturn || entry.kind == EntryKind::kVoid ||
                         entry.kind == EntryKind::kApply);
    if (speaks) booked.push_back(&entry);
  }
  std::ranges::sort(booked, {}, [](const Entry* entry) { return entry->id; });
  std::vector<Entry> documents;
  const TransactionKey& key = document_of(holder).key;
  for (const Entry* entry : booked) {
    if (*entry->document->original == key) {
      const auto voided = voided_early_.find(entry->document->key);
      const bool stands = voided == voided_early_.end() || !(voided->second < end);
      if (stands) documents.push_back(*entry);
    } else if (entry->document->kind == TransactionKind::kVoid) {
      std::erase_if(documents, [&](const Entry& other) {
        return other.document->key == *entry->document->original;
      });
    }
  }
  return documents;
}

Result<Standing> Timeline::standing_at(const programme::Compiled& compiled, Instant at,
                                       Valuable& valuable) const {
  Standing told;
  told.person = person_;
  told.stopped = unit_.versions->stopped_at(at);
  return standing(compiled, at, {at, EntryId(INT64_MAX), EntryId(INT64_MAX)}, valuable,
                  std::move(told));
}

Result<Standing> Timeline::standing_before(const Entry& holder, const programme::Compiled& compiled,
                                           Valuable& valuable) const {
  Standing told;
  told.person = valuation_of(holder).person;
  told.stopped = valuation_of(holder).stopped;
  told.linked = valuation_of(holder).linked;
  return standing(compiled, holder.event_time, place_of(holder), valuable, std::move(told));
}

Result<Standing> Timeline::standing(const programme::Compiled& compiled, Instant at,
                                    const Place& end, Valuable& valuable, Standing told) const {
  LAUREL_TRY(const auto state, tier(compiled, at, end));
  const auto rules = tier_rules(compiled);
  Standing standing = std::move(told);
  standing.tier = ledger::held_level(rules, state, at);
  standing.spend_before_minor = ledger::window_spend(rules, state, at);
  LAUREL_TRY_VOID(tell_past(compiled, at, end, valuable, standing));
  return standing;
}

Result<void> Timeline::tell_past(const programme::Compiled& compiled, Instant at, const Place& end,
                                 Valuable& valuable, Standing& told) const {
  if (compiled.questions.empty() && compiled.limits.empty()) return {};
  const auto needs = compiled.needs(valuable.facts(at, told));
  LAUREL_TRY(told.answers, answers(compiled, at, end, needs.questions));
  LAUREL_TRY(told.rooms, rooms(compiled, at, end, needs.limits));
  return {};
}

Result<void> Timeline::tell_past_at(const programme::Compiled& compiled, Instant at,
                                    Valuable& valuable, Standing& told) const {
  return tell_past(compiled, at, {at, EntryId(INT64_MAX), EntryId(INT64_MAX)}, valuable, told);
}

Result<void> Timeline::tell_past_before(const Entry& holder, const programme::Compiled& compiled,
                                        Valuable& valuable, Standing& told) const {
  return tell_past(compiled, holder.event_time, place_of(holder), valuable, told);
}

Result<ledger::TierState> Timeline::tier(const programme::Compiled& compiled, Instant at,
                                         const Place& end) const {
  if (!folded_ || end < folded_->end || at < enrolled_at_ || !joins_.empty()) {
    Instant first = std::min(enrolled_at_, at);
    for (const auto& [place, entry] : entries_) {
      if (!moves_tier(entry)) continue;
      if (place < end) first = std::min(first, place.at);
      break;
    }
    folded_ = {{}, ledger::initial_tier(tier_rules(unit_.in_force(first)), first, enrolled_at_)};
    folded_->end.at = Instant::min();
  }
  auto& state = folded_->state;
  for (auto next = entries_.lower_bound(folded_->end); next != entries_.end() && next->first < end;
       ++next) {
    const Entry& entry = next->second;
    if (!moves_tier(entry) || !counts(entry, end)) continue;
    const auto* version = version_of(unit_, entry);
    LAUREL_CHECK(version != nullptr, "an entry names a version that is not stored");
    state = ledger::fold_tier(tier_rules(*version), std::move(state), tier_event(entry));
  }
  folded_->end = end;
  return ledger::advance_tier(tier_rules(compiled), state, at);
}

Result<std::vector<ledger::PastAnswer>> Timeline::answers(
    const programme::Compiled& compiled, Instant at, const Place& end,
    const std::vector<std::uint32_t>& wanted) const {
  std::vector<Tally> tallies;
  for (const auto index : wanted) tallies.emplace_back(index, compiled, at);
  std::vector<ledger::PastAnswer> answers;
  if (tallies.empty()) return answers;
  for (const auto& [place, entry] : entries_) {
    if (!(place < end)) break;
    if (!is_deed(entry) || !counts(entry, end)) continue;
    const auto* version = version_of(unit_, entry);
    LAUREL_CHECK(version != nullptr, "an entry names a version that is not stored");
    LAUREL_TRY(const auto deed,
               Deed::of(document_of(entry), entry, *version, documents_of(entry, end)));
    for (Tally& tally : tallies) tally.add(deed);
  }
  for (const Tally& tally : tallies) answers.push_back(tally.answer());
  return answers;
}

bool Timeline::is_tangled(EntryId sale) const {
  const auto key = key_of_sale_.find(sale);
  if (key == key_of_sale_.end() || !rated_.contains(sale)) return false;
  return returned_.contains(sale) || returned_later_.contains(key->second);
}

EntryId Timeline::subject_of(const Entry& entry) const {
  if (is_deed(entry)) return sale_of(entry);
  if (entry.kind != EntryKind::kApply) return entry.about;
  const auto sale = sale_of_key_.find(*entry.document->original);
  return sale == sale_of_key_.end() ? EntryId() : sale->second;
}

Result<std::vector<ledger::CounterUse>> Timeline::uses_at(const Entry& holder,
                                                          const Place& end) const {
  const Transaction& document = document_of(holder);
  const auto documents = documents_of(holder, end);
  LAUREL_TRY(const auto kept, kept_after(document, documents));
  if (uses_of_) {
    if (auto uses = uses_of_(holder, kept)) return *std::move(uses);
  }
  const auto* version = version_of(unit_, holder);
  LAUREL_CHECK(version != nullptr, "an entry names a version that is not stored");
  return entitled_value(*version, document, holder.event_time, valuation_of(holder), kept).uses;
}

// What all members share is given in the order of booking: nobody loses what she was given because
// somebody else's sale comes late.
Result<std::vector<ledger::LimitRoom>> Timeline::rooms(
    const programme::Compiled& compiled, Instant at, const Place& end,
    const std::vector<std::uint32_t>& wanted) const {
  const Date day = compiled.zone.local_date(at);
  std::vector<ledger::LimitRoom> rooms;
  for (const auto index : wanted) {
    const auto& limit = compiled.limits[index];
    const Days days = days_of(limit.every, day);
    std::int64_t units = 0, times = 0;
    const auto take = [&](std::span<const ledger::CounterUse> uses, std::int64_t sign) {
      for (const auto& use : uses) {
        if (use.counter != limit.counter || !days.contain(use.day)) continue;
        units += sign * use.units;
        times += sign * use.times;
      }
    };
    if (limit.per_member) {
      for (const auto& [place, entry] : entries_) {
        if (!(place < end)) break;
        if (!counts(entry, end)) continue;
        if (!is_tangled(subject_of(entry))) {
          take(entry.uses, 1);
        } else if (is_deed(entry)) {
          LAUREL_TRY(const auto uses, uses_at(entry, end));
          take(uses, 1);
        }
      }
    } else {
      for (auto own = entries_.lower_bound(end);
           own != entries_.end() && own->first.deed == end.deed; ++own) {
        take(own->second.uses, -1);
      }
      LAUREL_TRY(auto room, rooms_for(unit_, member_, compiled, at, {index}));
      if (room.front().units != INT64_MAX) room.front().units -= units;
      if (room.front().times != INT64_MAX) room.front().times -= times;
      rooms.push_back(room.front());
      continue;
    }
    rooms.push_back(room_left(limit, units, times));
    rooms.back().limit = index;
  }
  return rooms;
}

// ---- Rating again -------------------------------------------------------------------------------

namespace {

// Books that the deed is worth `again` from now on, and what of it is kept.
Result<Entry> book_rating(Unit& unit, MemberSession& session, const Entry& holder,
                          const programme::Compiled& compiled, ledger::Valuation again) {
  LAUREL_TRY(auto record, unit.view.transaction(holder.key));
  LAUREL_TRY(auto sold, unit.view.entry(sale_of(holder)));
  LAUREL_CHECK(record && sold, "an entry names a transaction that is not stored");
  LAUREL_TRY(auto sale, load_sale(unit.view, *std::move(record), *std::move(sold)));
  LAUREL_TRY(const auto kept, kept_after(*sale.entry.document, sale.documents));
  Entry entry = session.begin(EntryKind::kRating, holder.event_time);
  entry.actor = "laurel";
  entry.reason = "something earlier was learnt of";
  entry.about = sale.entry.id;
  came_by(entry, side_of(holder), session.record().id);
  entry.programme = compiled.digest;
  entry.valuation = std::move(again);
  LAUREL_TRY_VOID(rebalance(unit, session, entry, sale, kept));
  LAUREL_TRY_VOID(session.fold(entry, compiled));
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  sale.record.related.push_back(session.last().id);
  unit.change.transactions.push_back(std::move(sale.record));
  return session.last();
}

}  // namespace

Result<void> rate_later_again(Unit& unit, MemberSession& session, Instant from) {
  if (from >= session.record().latest_deed) return {};
  if (unit.in_force(from).arrivals.late != Late::kRateAgain) return {};
  if (!session.levels_moved() && !looks_back(*unit.versions)) return {};
  LAUREL_TRY(auto timeline, Timeline::load(unit, session));
  for (const Entry* holder : timeline.deeds_after(from)) {
    const auto* compiled = version_of(unit, *holder);
    LAUREL_CHECK(compiled != nullptr, "an entry names a version that is not stored");
    const auto& stands = timeline.valuation_of(*holder);
    Valuable valuable(timeline.document_of(*holder));
    const auto valued = [&](const Standing& standing) {
      auto facts = valuable.facts(holder->event_time, standing);
      facts.exchange_rate = Fraction(stands.exchange_numerator, stands.exchange_denominator);
      return value(*compiled, facts, standing);
    };
    LAUREL_TRY(const auto standing, timeline.standing_before(*holder, *compiled, valuable));
    auto again = valued(standing);
    if (same_worth(again, valued(standing_of(stands)), splits(*compiled))) continue;
    LAUREL_TRY(auto rated,
               book_rating(unit, session, *holder, *compiled, std::move(again.valuation)));
    timeline.add(std::move(rated));
  }
  return {};
}

}  // namespace laurel::engine
