#include "engine/replay.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

Error unknowable(std::string pointer, std::string code, std::string detail) {
  return {ErrorCode::kCannotSimulate, detail, {{std::move(pointer), std::move(code), detail}}};
}

bool moves_level(const ledger::TierEvent& event) {
  return event.delta_minor != 0 || !event.granted.empty() || !event.taken_back.empty();
}

bool takes_back(const Entry& entry) {
  return (entry.kind == EntryKind::kReturn || entry.kind == EntryKind::kVoid ||
          entry.kind == EntryKind::kApply) &&
         entry.state == TransactionState::kAccepted;
}

}  // namespace

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
  const std::size_t place = static_cast<std::size_t>(entry.member.number()) / plan_.parts;
  if (place >= members_.size()) members_.resize(place + 1);
  Member& member = members_[place];
  if (!member.begun) begin(member, entry);
  if (entry.event_time >= plan_.to) return {};
  const bool inside = plan_.has(entry.event_time);
  if (inside && entry.kind == EntryKind::kRating) return take_rating(view, entry, member);
  if (inside && is_deed(entry)) {
    LAUREL_TRY_VOID(take_sale(view, entry, member));
  } else if (inside && takes_back(entry)) {
    LAUREL_TRY_VOID(take_return(view, entry, member));
  } else {
    LAUREL_TRY_VOID(count_uses(view, entry, entry.uses));
    if (!moves_tier(entry)) return {};
    LAUREL_TRY(const auto version, plan_.place_of(entry.programme));
    add_step(member, {entry.id, version, tier_event(entry), tier_event(entry)});
  }
  return rate_later_again(view, entry, member);
}

// ---- Rated again

Result<void> Replay::take_rating(const store::View& view, const Entry& entry, Member& member) {
  LAUREL_TRY(const auto version, plan_.place_of(entry.programme));
  TierStep step{entry.id, version, tier_event(entry), {entry.event_time, 0, entry.spend_at}};
  const auto deed = std::ranges::find(member.deeds, entry.about, &Deed::sale);
  if (deed != member.deeds.end() && entry.valuation) {
    const Sold* sold = find_sold(deed->sale);
    LAUREL_CHECK(sold != nullptr, "a deed of the period is known");
    LAUREL_TRY(auto* const of, returned(view, deed->sale, *sold));
    const Counted was{Side::kWas, of->version, of->at, *of->sale.document};
    count(was, of->was_now, member, -1);
    of->was = *entry.valuation;
    of->was_now = awards_of(of->was);
    if (of->kept) {
      const auto& record = plan_.compiled_at(of->version);
      of->was_now = kept_awards(
          entitled_value(record, *of->sale.document, of->at, of->was, *of->kept).valuation,
          *of->kept, of->was_now);
    }
    count(was, of->was_now, member, 1);
  } else {
    step.becomes = step.was;  // of a deed before the period
  }
  if (moves_level(step.was)) add_step(member, std::move(step));
  return {};
}

Result<void> Replay::rate_later_again(const store::View& view, const Entry& entry, Member& member) {
  if (entry.event_time >= member.latest_deed) return {};
  const auto& arrivals = plan_.has(entry.event_time)
                             ? plan_.next.compiled().arrivals
                             : plan_.versions.in_force(entry.event_time).compiled().arrivals;
  if (arrivals.late != Late::kRateAgain) return {};
  std::vector<Deed> later;
  std::ranges::copy_if(member.deeds, std::back_inserter(later),
                       [&](const Deed& deed) { return deed.at > entry.event_time; });
  std::ranges::sort(later);
  for (const Deed& deed : later) LAUREL_TRY_VOID(rate_again(view, deed, member));
  return {};
}

Result<void> Replay::rate_again(const store::View& view, const Deed& deed, Member& member) {
  const auto& compiled = plan_.next.compiled();
  const auto holding = rules_at(Side::kBecomes, deed.at);
  const auto tier =
      ledger::advance_tier(holding, refold(Side::kBecomes, member, deed.at, deed.holder), deed.at);
  const auto spend = ledger::window_spend(holding, tier, deed.at);
  Sold* const sold = find_sold(deed.sale);
  LAUREL_CHECK(sold != nullptr, "a deed of the period is known");
  const auto level = static_cast<std::uint32_t>(levels_.number(tier.level));
  if (sold->level == level && sold->spend_before_minor == spend) return {};
  LAUREL_TRY(auto* const of, returned(view, deed.sale, *sold));
  sold->level = level;
  sold->spend_before_minor = spend;
  auto told = standing_of(of->becomes.valuation);
  told.tier = tier.level;
  told.spend_before_minor = spend;
  Valuable valuable(*of->sale.document);
  const Counted becomes{Side::kBecomes, plan_.next_place(), of->at, *of->sale.document};
  count(becomes, of->becomes_now, member, -1);
  of->becomes = value(compiled, valuable.facts(of->at, told), told, workspace_);
  auto now = of->becomes;
  of->becomes_now = awards_of(of->becomes.valuation);
  if (of->kept) {
    now = entitled_value(compiled, *of->sale.document, of->at, of->becomes.valuation, *of->kept);
    of->becomes_now = kept_awards(now.valuation, *of->kept, of->becomes_now);
  }
  count(becomes, of->becomes_now, member, 1);
  // What it counts for the tier is put right at the deed itself.
  if (now.counted != of->counted) {
    TierStep step{deed.holder,
                  of->version,
                  {deed.at, 0, deed.at},
                  {deed.at, now.counted - of->counted, deed.at}};
    of->counted = now.counted;
    add_step(member, std::move(step));
  }
  return {};
}

void Replay::begin(Member& member, const Entry& entry) {
  member.begun = true;
  member.enrolled_at = std::min(entry.event_time, entry.booked_at);
  const Instant at = std::min(member.enrolled_at, plan_.to);
  member.was = ledger::initial_tier(rules_at(Side::kWas, at), at);
  member.becomes = ledger::initial_tier(rules_at(Side::kBecomes, at), at);
  member.parted = plan_.has(at);
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
  if (!member.in_period) ++members;
  member.in_period = true;
  ++(document.kind == TransactionKind::kEvent ? events : sales);

  const auto& compiled = plan_.next.compiled();
  Valuable valuable(document);
  LAUREL_TRY(auto told, standing(view, entry, member, valuable));
  const auto valued = value(compiled, valuable.facts(entry.event_time, told), told, workspace_);
  const Awards becomes = awards_of(valued.valuation);
  const Awards was = awards_of(*entry.valuation);
  count({Side::kWas, version, entry.event_time, document}, was, member, 1);
  count({Side::kBecomes, plan_.next_place(), entry.event_time, document}, becomes, member, 1);
  note_receipt(entry, document, was, becomes);
  LAUREL_TRY_VOID(count_uses(view, entry, valued.uses));
  const Sold sold{sale, static_cast<std::uint32_t>(levels_.number(told.tier)),
                  told.spend_before_minor};
  if (entry.kind == EntryKind::kClaim) {
    claimed_.emplace(sale, sold);
  } else {
    sold_.push_back(sold);
  }
  member.deeds.push_back({entry.event_time, entry.id, sale});
  member.latest_deed = std::max(member.latest_deed, entry.event_time);
  TierStep step{entry.id, version, tier_event(entry), tier_event(entry)};
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
  Standing told{tier.level, ledger::window_spend(rules_at(Side::kBecomes, at), tier, at)};
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
  const auto needs = compiled.needs(valuable.facts(at, told));
  const ReplayView then(view, EntryId(entry.id.number() - 1), counters_);
  const auto unit = unit_of(then, entry);
  LAUREL_TRY(told.answers,
             answers_for(unit, entry.member, entry.previous, compiled, at, needs.questions));
  LAUREL_TRY(told.rooms, rooms_for(unit, entry.member, compiled, at, needs.limits));
  return told;
}

Result<void> Replay::count_uses(const store::View& view, const Entry& entry,
                                const std::vector<ledger::CounterUse>& uses) {
  if (uses.empty() || plan_.next.compiled().limits.empty()) return {};
  const ReplayView then(view, EntryId(entry.id.number() - 1), counters_);
  auto unit = unit_of(then, entry);
  LAUREL_TRY_VOID(engine::count(unit, entry.member, uses));
  for (const auto& row : unit.change.usage) counters_.put(row);
  return {};
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
  TierStep step{entry.id, version, tier_event(entry), tier_event(entry)};
  if (!member.parted) part_ways(member);
  if (sold != nullptr) {
    ++returns;
    LAUREL_TRY(auto* const of, returned(view, sale, *sold));
    const ReplayView then(view, entry.id, counters_);
    LAUREL_TRY(auto record, then.transaction(of->sale.key));
    LAUREL_CHECK(record.has_value(), "a sale is stored under its key");
    LAUREL_TRY(const auto whole, load_sale(then, *std::move(record), of->sale));
    const auto kept = kept_after(*of->sale.document, whole.documents);
    LAUREL_CHECK(kept.ok(), "what was taken back once can be taken back again");
    LAUREL_TRY_VOID(rebalance(*of, *kept, member, step, view, entry));
  } else {
    LAUREL_TRY_VOID(count_uses(view, entry, entry.uses));
  }
  if (moves_level(step.was) || moves_level(step.becomes)) add_step(member, std::move(step));
  return {};
}

// Moves both sides to what the kept part is worth, as rebalance() does in the ledger.
Result<void> Replay::rebalance(Returned& sale, const Kept& kept, Member& member, TierStep& step,
                               const store::View& view, const Entry& entry) {
  const auto& document = *sale.sale.document;
  const auto& record = plan_.compiled_at(sale.version);
  sale.kept = kept;
  const Counted was{Side::kWas, sale.version, sale.at, document};
  count(was, sale.was_now, member, -1);
  sale.was_now = kept_awards(entitled_value(record, document, sale.at, sale.was, kept).valuation,
                             kept, awards_of(sale.was));
  count(was, sale.was_now, member, 1);

  const Counted becomes{Side::kBecomes, plan_.next_place(), sale.at, document};
  const auto again =
      entitled_value(plan_.next.compiled(), document, sale.at, sale.becomes.valuation, kept);
  count(becomes, sale.becomes_now, member, -1);
  sale.becomes_now = kept_awards(again.valuation, kept, awards_of(sale.becomes.valuation));
  count(becomes, sale.becomes_now, member, 1);
  LAUREL_TRY_VOID(count_uses(view, entry, difference(again.uses, sale.uses)));
  step.becomes = {entry.event_time, again.counted - sale.counted, sale.at};
  if (again.tier_granted != sale.granted) step.becomes.taken_back = sale.granted;
  sale.counted = again.counted;
  sale.uses = again.uses;
  if (!step.becomes.taken_back.empty()) sale.granted.clear();
  return {};
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
