#include "engine/replay.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/handover.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

Error unknowable(std::string pointer, std::string code, std::string detail) {
  return {ErrorCode::kCannotSimulate, detail, {{std::move(pointer), std::move(code), detail}}};
}

}  // namespace

bool takes_back(const Entry& entry) {
  return (entry.kind == EntryKind::kReturn || entry.kind == EntryKind::kVoid ||
          entry.kind == EntryKind::kApply) &&
         entry.state == TransactionState::kAccepted;
}

// ---- Entry by entry

Replay::Replay(const ReplayPlan& plan, std::size_t part)
    : points(plan.next_place() + 1, std::vector<Points>(plan.wallets.size())),
      alive(points),
      rules(plan.wallets.size()),
      departments(plan.wallets.size()),
      plan_(plan),
      part_(part) {}

Result<void> Replay::take(const store::View& view, std::span<const Entry> entries) {
  for (const auto& entry : entries) {
    if (!entry.member || plan_.part_of(entry.member) != part_ || entry.id > plan_.last) continue;
    LAUREL_TRY_VOID(take_one(view, entry));
  }
  return {};
}

Result<void> Replay::take_one(const store::View& view, const Entry& entry) {
  Member& member = member_of(entry.member);
  if (!member.begun) begin(member, entry);
  member.last_entry = entry.id;
  if (is_merging(entry)) return take_merging(view, entry);
  if (entry.event_time >= plan_.to) {
    note_deed(member, entry);
    return {};
  }
  const bool inside = plan_.has(entry.event_time);
  if (inside && entry.kind == EntryKind::kRating) return take_rating(view, entry, member);
  if (inside && is_deed(entry)) {
    LAUREL_TRY_VOID(take_sale(view, entry, member));
  } else if (inside && takes_back(entry)) {
    LAUREL_TRY_VOID(take_return(view, entry, member));
  } else {
    LAUREL_TRY_VOID(count_uses(view, entry, member, side_of(entry), entry.uses));
    if (moves_tier(entry)) {
      LAUREL_TRY(const auto version, plan_.place_of(entry.programme));
      add_step(member, {entry.id, side_of(entry), version, tier_event(entry), tier_event(entry)});
    }
  }
  note_deed(member, entry);
  const bool rates = is_deed(entry) || takes_back(entry);
  return rates ? rate_later_again(view, entry, member) : Result<void>{};
}

void Replay::note_deed(Member& member, const Entry& entry) const {
  if (!is_deed(entry)) return;
  Came& came = came_of(member, side_of(entry));
  came.latest_deed = std::max(came.latest_deed, entry.event_time);
  member.latest_deed = std::max(member.latest_deed, entry.event_time);
}

void Replay::begin(Member& member, const Entry& entry) {
  member.begun = true;
  member.enrolled_at = std::min(entry.event_time, entry.booked_at);
  const Instant at = std::min(member.enrolled_at, plan_.to);
  member.was = ledger::initial_tier(rules_at(Side::kWas, at), at);
  member.becomes = ledger::initial_tier(rules_at(Side::kBecomes, at), at);
  member.parted = plan_.has(at);
  came_of(member, entry.member).enrolled_at = member.enrolled_at;
}

Result<void> Replay::check_currency(const Transaction& document, Instant at) const {
  if (document.kind != TransactionKind::kSale) return {};
  const auto& compiled = plan_.next.compiled();
  if (document.currency == compiled.currency.code()) return {};
  const auto currency = Currency::of(document.currency);
  if (currency && compiled.exchange_rate(*currency, compiled.zone.local_date(at))) return {};
  return unknowable(
      "/exchange/" + document.currency, "currency_not_taken",
      "sales of the period are in " + document.currency + ", which the programme does not take");
}

Result<void> Replay::take_sale(const store::View& view, const Entry& entry, Member& member) {
  LAUREL_TRY(const auto version, plan_.place_of(entry.programme));
  const EntryId sale = entry.kind == EntryKind::kClaim ? entry.about : entry.id;
  std::optional<Entry> claimed;
  if (!entry.document) {
    LAUREL_TRY(claimed, view.entry(sale));
  }
  if (!entry.document && (!claimed || !claimed->document)) {
    return unknowable("/from", "missing_document", "what was sold is not stored");
  }
  const Transaction& document = entry.document ? *entry.document : *claimed->document;
  LAUREL_TRY_VOID(check_currency(document, entry.event_time));
  if (!member.parted) part_ways(member);
  ++(document.kind == TransactionKind::kEvent ? events : sales);

  const auto& compiled = plan_.next.compiled();
  Valuable valuable(document);
  LAUREL_TRY(auto told, standing(view, entry, member, valuable));
  const auto valued = value(compiled, valuable.facts(entry.event_time, told), told, workspace_);
  const Awards becomes = awards_of(valued.valuation);
  const Awards was = awards_of(*entry.valuation);
  Came& came = came_of(member, side_of(entry));
  came.in_period = true;
  count({Side::kWas, version, entry.event_time, document}, was, came, 1);
  count({Side::kBecomes, plan_.next_place(), entry.event_time, document}, becomes, came, 1);
  note_receipt(entry, document, was, becomes);
  LAUREL_TRY_VOID(count_uses(view, entry, member, side_of(entry), valued.uses));
  note_uses(entry, valued.uses);
  const Sold sold{sale, static_cast<std::uint32_t>(levels_.number(told.tier)),
                  told.spend_before_minor};
  if (entry.kind == EntryKind::kClaim) {
    claimed_.emplace(sale, sold);
  } else {
    sold_.push_back(sold);
  }
  member.deeds.push_back({entry.event_time, entry.id, sale, side_of(entry)});
  TierStep step{entry.id, side_of(entry), version, tier_event(entry), tier_event(entry)};
  step.becomes.delta_minor = valued.counted;
  step.becomes.spend_at = entry.event_time;
  step.becomes.granted = valued.tier_granted;
  step.becomes.granted_until = valued.tier_granted_until;
  if (told.person || !told.answers.empty() || !told.rooms.empty()) {
    told_.emplace(sale, std::move(told));
  }
  if (moves_level(step.was) || moves_level(step.becomes)) add_step(member, std::move(step));
  return {};
}

Unit Replay::unit_of(const store::View& view, const Entry& entry) const {
  // Not the owner of the versions, which outlive it.
  return {view,
          {},
          entry.booked_at,
          std::shared_ptr<const Versions>(std::shared_ptr<const Versions>(), &plan_.versions)};
}

// What the next programme is told when it values the sale; as standing_for() tells it.
Result<Standing> Replay::standing(const store::View& view, const Entry& entry, Member& member,
                                  Valuable& valuable) {
  const auto& compiled = plan_.next.compiled();
  const Instant at = entry.event_time;
  const auto tier = state_at(member, at);
  const auto holding = rules_at(Side::kBecomes, at);
  Standing told{std::string(ledger::held_level(holding, tier, at)),
                ledger::window_spend(holding, tier, at)};
  told.stopped = entry.valuation->stopped;
  told.linked = entry.valuation->linked;
  if (compiled.asks_member) {
    if (!member.person && !entry.valuation->person) {
      LAUREL_TRY(const auto record, view.member(entry.member));
      LAUREL_CHECK(record.has_value(), "an entry names a member that is not stored");
      member.person = person_of(*record);
    }
    told.person = entry.valuation->person ? entry.valuation->person : member.person;
  }
  if (compiled.questions.empty() && compiled.limits.empty()) return told;
  const ReplayView then(view, EntryId(entry.id.number() - 1), counters_, joined_);
  const auto unit = unit_of(then, entry);
  const bool late = at < std::max(member.latest_deed, member.was.last_event);
  if (late && compiled.arrivals.late == Late::kRateAgain) {
    LAUREL_TRY(const auto timeline, timeline_of(unit, entry.member, entry.previous, member));
    LAUREL_TRY_VOID(timeline.tell_past_at(compiled, at, valuable, told));
    return told;
  }
  const auto needs = compiled.needs(valuable.facts(at, told));
  LAUREL_TRY(told.answers,
             answers_for(unit, entry.member, entry.previous, compiled, at, needs.questions));
  LAUREL_TRY(told.rooms, rooms_for(unit, entry.member, compiled, at, needs.limits));
  return told;
}

// Those of her own are kept by whom they came by, for the day on which two are parted.
Result<void> Replay::count_uses(const store::View& view, const Entry& entry, Member& member,
                                MemberId side, const std::vector<ledger::CounterUse>& uses) {
  if (uses.empty() || plan_.next.compiled().limits.empty()) return {};
  for (const auto& use : uses) {
    if (!use.per_member) continue;
    auto& sum = member.uses[{side, use.counter, use.day}];
    sum.first += use.units;
    sum.second += use.times;
  }
  return count_rows(view, entry, entry.member, uses);
}

Result<void> Replay::count_rows(const store::View& view, const Entry& entry, MemberId who,
                                const std::vector<ledger::CounterUse>& uses) {
  const ReplayView then(view, EntryId(entry.id.number() - 1), counters_, joined_);
  auto unit = unit_of(then, entry);
  LAUREL_TRY_VOID(engine::count(unit, who, uses));
  for (const auto& row : unit.change.usage) counters_.put(row);
  return {};
}

void Replay::note_uses(const Entry& entry, std::vector<ledger::CounterUse> uses) {
  if (uses.empty() || plan_.next.compiled().limits.empty()) return;
  uses_.emplace(entry.id, std::move(uses));
}

// ---- Returns

Result<EntryId> Replay::sale_of(const store::View& view, const Entry& entry) {
  if (entry.kind != EntryKind::kApply) return entry.about;
  if (!entry.document || !entry.document->original) return EntryId{};
  LAUREL_TRY(const auto record, view.transaction(*entry.document->original));
  return record ? record->entry : EntryId{};
}

Replay::Sold* Replay::find_sold(EntryId sale) {
  const auto at = std::ranges::lower_bound(sold_, sale, {}, &Sold::sale);
  if (at != sold_.end() && at->sale == sale) return &*at;
  const auto claimed = claimed_.find(sale);
  return claimed == claimed_.end() ? nullptr : &claimed->second;
}

// What both sides gave for it before anything was taken back.
Result<Replay::Returned*> Replay::returned(const store::View& view, EntryId sale,
                                           const Sold& sold) {
  if (const auto known = returned_.find(sale); known != returned_.end()) return &known->second;
  Returned made;
  LAUREL_TRY(auto entry, view.entry(sale));
  LAUREL_CHECK(entry && entry->document, "a return names a sale that is not stored");
  made.sale = *std::move(entry);
  const Entry* holder = &made.sale;
  LAUREL_TRY(auto record, view.transaction(made.sale.key));
  LAUREL_CHECK(record.has_value(), "a sale is stored under its key");
  std::optional<Entry> claim;
  if (!made.sale.valuation) {
    LAUREL_TRY(auto whole, load_sale(view, *std::move(record), made.sale));
    claim = std::move(whole.claim);
    LAUREL_CHECK(claim && claim->valuation, "a sale of a member was valued");
    holder = &*claim;
  }
  made.was = *holder->valuation;
  made.at = holder->event_time;
  LAUREL_TRY(made.version, plan_.place_of(holder->programme));
  Valuable valuable(*made.sale.document);
  const auto known = told_.find(sale);
  Standing told = known != told_.end()
                      ? known->second
                      : Standing{levels_.all()[sold.level], sold.spend_before_minor};
  told.stopped = made.was.stopped;
  told.linked = made.was.linked;
  made.becomes = value(plan_.next.compiled(), valuable.facts(made.at, told), told, workspace_);
  made.was_now = awards_of(made.was);
  made.becomes_now = awards_of(made.becomes.valuation);
  made.counted = made.becomes.counted;
  made.uses = made.becomes.uses;
  made.granted = made.becomes.tier_granted;
  return &returned_.emplace(sale, std::move(made)).first->second;
}

Result<void> Replay::take_return(const store::View& view, const Entry& entry, Member& member) {
  LAUREL_TRY(const auto version, plan_.place_of(entry.programme));
  LAUREL_TRY(const auto sale, sale_of(view, entry));
  const Sold* sold = find_sold(sale);
  TierStep step{entry.id, side_of(entry), version, tier_event(entry), tier_event(entry)};
  if (!member.parted) part_ways(member);
  if (sold != nullptr) {
    ++returns;
    LAUREL_TRY(auto* const of, returned(view, sale, *sold));
    const ReplayView then(view, entry.id, counters_, joined_);
    LAUREL_TRY(auto record, then.transaction(of->sale.key));
    LAUREL_CHECK(record.has_value(), "a sale is stored under its key");
    LAUREL_TRY(const auto whole, load_sale(then, *std::move(record), of->sale));
    const auto kept = kept_after(*of->sale.document, whole.documents);
    LAUREL_CHECK(kept.ok(), "what was taken back once can be taken back again");
    LAUREL_TRY_VOID(rebalance(*of, *kept, member, step, view, entry));
  } else {
    LAUREL_TRY_VOID(count_uses(view, entry, member, side_of(entry), entry.uses));
    note_uses(entry, entry.uses);
  }
  if (moves_level(step.was) || moves_level(step.becomes)) add_step(member, std::move(step));
  return {};
}

// Moves both sides to what the kept part is worth, as rebalance() does in the ledger.
Result<void> Replay::rebalance(Returned& sale, const Kept& kept, Member& member, TierStep& step,
                               const store::View& view, const Entry& entry) {
  const auto& document = *sale.sale.document;
  const auto& record = plan_.compiled_at(sale.version);
  Came& came = came_of(member, side_of(entry));
  sale.kept = kept;
  const Counted was{Side::kWas, sale.version, sale.at, document};
  count(was, sale.was_now, came, -1);
  sale.was_now = kept_awards(entitled_value(record, document, sale.at, sale.was, kept).valuation,
                             kept, awards_of(sale.was));
  count(was, sale.was_now, came, 1);

  const Counted becomes{Side::kBecomes, plan_.next_place(), sale.at, document};
  const auto again =
      entitled_value(plan_.next.compiled(), document, sale.at, sale.becomes.valuation, kept);
  count(becomes, sale.becomes_now, came, -1);
  sale.becomes_now = kept_awards(again.valuation, kept, awards_of(sale.becomes.valuation));
  count(becomes, sale.becomes_now, came, 1);
  auto uses = difference(again.uses, sale.uses);
  LAUREL_TRY_VOID(count_uses(view, entry, member, side_of(entry), uses));
  note_uses(entry, std::move(uses));
  step.becomes = correction(sale, again, entry.event_time);
  return {};
}

// What moves her level when the sale counts `again` from now on.
ledger::TierEvent Replay::correction(Returned& sale, const Valued& again, Instant at) {
  ledger::TierEvent event{at, again.counted - sale.counted, sale.at};
  if (again.tier_granted != sale.granted) {
    event.taken_back = std::exchange(sale.granted, again.tier_granted);
    event.granted = again.tier_granted;
    event.granted_until = again.tier_granted_until;
  }
  sale.counted = again.counted;
  sale.uses = again.uses;
  return event;
}

// Never more than the sale gave, whatever a rule makes of its rest.
Replay::Awards Replay::kept_awards(const ledger::Valuation& again, const Kept& kept,
                                   const Awards& whole) {
  Awards awards = awards_of(again);
  std::vector<std::int32_t> lines;  // of the sale, that are kept
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i].quantity != Quantity{}) lines.push_back(static_cast<std::int32_t>(i));
  }
  for (auto& award : awards) {
    if (award.line >= 0) award.line = lines[static_cast<std::size_t>(award.line)];
  }
  const auto sum = [](const Awards& all, std::size_t wallet) {
    Points units;
    for (const auto& award : all) {
      if (award.wallet == wallet) units += award.points;
    }
    return units;
  };
  for (std::size_t wallet = 0; wallet < plan_.wallets.size(); ++wallet) {
    if (sum(awards, wallet) <= sum(whole, wallet)) continue;
    std::erase_if(awards, [wallet](const Award& award) { return award.wallet == wallet; });
    std::ranges::copy_if(whole, std::back_inserter(awards),
                         [wallet](const Award& award) { return award.wallet == wallet; });
  }
  return awards;
}

}  // namespace laurel::engine
