// The tiers of a replayed member, on both sides.

#include <algorithm>

#include "engine/replay.hpp"
#include "ledger/tier_recent.hpp"

namespace laurel::engine {
bool moves_level(const ledger::TierEvent& event) {
  return event.delta_minor != 0 || !event.granted.empty() || !event.taken_back.empty();
}

ledger::TierRules Replay::rules_at(Side side, Instant at) const {
  const bool next = side == Side::kBecomes && plan_.has(at);
  return tier_rules(next ? plan_.next.compiled() : plan_.versions.in_force(at).compiled());
}

ledger::TierRules Replay::rules_for(Side side, const TierStep& step) const {
  const bool next = side == Side::kBecomes && plan_.has(step.was.at);
  return tier_rules(plan_.compiled_at(next ? plan_.next_place() : step.version));
}

std::vector<const Replay::TierStep*> Replay::in_order(const Member& member) {
  std::vector<const TierStep*> steps;
  for (const auto& step : member.steps) steps.push_back(&step);
  std::ranges::sort(steps, [](const TierStep* a, const TierStep* b) {
    return std::pair(a->was.at, a->id) < std::pair(b->was.at, b->id);
  });
  return steps;
}

// The next programme may count in other windows, for which the days of the spend are needed.
bool Replay::recounts() const {
  const auto& was = plan_.versions.in_force(plan_.from).compiled().tiers;
  const auto& next = plan_.next.compiled().tiers;
  return was.window != next.window || was.window_length != next.window_length;
}

std::vector<ledger::SpendBucket> Replay::recounted(const Member& member,
                                                   std::span<const TierStep* const> steps) const {
  const auto holding = tier_rules(plan_.next.compiled());
  auto state = ledger::initial_tier(holding, member.enrolled_at);
  for (const auto* step : steps) {
    auto event = step->was;
    event.at = std::max(event.at, state.last_event);
    state = ledger::fold_tier(holding, std::move(state), event);
  }
  return std::move(state.buckets);
}

void Replay::part_ways(Member& member) const {
  member.parted = true;
  member.becomes = member.was;
  if (recounts()) member.becomes.buckets = recounted(member, in_order(member));
}

ledger::TierState Replay::refold(Side side, const Member& member, Instant until, EntryId before,
                                 const Deed* deed) const {
  auto steps = in_order(member);
  std::erase_if(steps, [&](const TierStep* step) {
    const bool is_before = step->was.at < until || (step->was.at == until && step->id < before);
    const bool is_hers =
        deed == nullptr || side_at(step->side, deed->holder) == side_at(deed->side, deed->holder);
    return !is_before || !is_hers;
  });
  Instant first = std::min(member.enrolled_at, until);
  if (!steps.empty()) first = std::min(first, steps.front()->was.at);
  auto state = ledger::initial_tier(rules_at(side, first), first, member.enrolled_at);
  bool counted_again = side == Side::kWas || !recounts();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const TierStep& step = *steps[i];
    if (!counted_again && step.was.at >= plan_.from) {
      state.buckets = recounted(member, std::span(steps).first(i));
      counted_again = true;
    }
    state = ledger::fold_tier(rules_for(side, step), std::move(state),
                              side == Side::kWas ? step.was : step.becomes);
  }
  if (!counted_again && until >= plan_.from) state.buckets = recounted(member, steps);
  return state;
}

ledger::TierState Replay::state_at(Member& member, Instant at) const {
  const auto holding = rules_at(Side::kBecomes, at);
  if (!is_late(member.becomes, member, at)) {
    return ledger::advance_tier(holding, member.becomes, at);
  }
  return ledger::advance_tier(holding, refold(Side::kBecomes, member, at), at);
}

bool Replay::is_late(const ledger::TierState& state, const Member& member, Instant at) {
  return at < state.last_event || at < member.enrolled_at;
}

void Replay::fold(Side side, Member& member, const TierStep& step) const {
  auto& state = side == Side::kWas ? member.was : member.becomes;
  const auto& event = side == Side::kWas ? step.was : step.becomes;
  if (!moves_level(event)) return;
  if (!is_late(state, member, event.at)) {
    state = ledger::fold_tier(rules_for(side, step), std::move(state), event);
  } else {
    state = refold(side, member, kNever);
  }
}

// Whether what came later stood at another level without it.
bool Replay::levels_move(const Member& member, const TierStep& step) const {
  const auto holding = [this](std::int64_t place) -> Result<ledger::TierRules> {
    return tier_rules(plan_.compiled_at(static_cast<std::size_t>(place)));
  };
  const auto event = [this](const TierStep& of) {
    const std::size_t place = plan_.has(of.was.at) ? plan_.next_place() : of.version;
    const auto& that = of.becomes;
    return ledger::RecentTierEvent{
        that.at,        that.delta_minor,   that.spend_at,
        that.granted,   that.granted_until, static_cast<std::int64_t>(place),
        that.taken_back};
  };
  std::vector<ledger::RecentTierEvent> later;
  for (const auto* other : in_order(member)) {
    if (other->was.at > step.was.at && moves_level(other->becomes)) later.push_back(event(*other));
  }
  const auto then = refold(Side::kBecomes, member, step.was.at);
  const auto same = ledger::same_levels(then, event(step), later, holding);
  return !same.ok() || !*same;
}

void Replay::add_step(Member& member, TierStep step) const {
  const bool late = member.parted && moves_level(step.becomes) &&
                    is_late(member.becomes, member, step.becomes.at);
  member.moved = member.moved || (late && levels_move(member, step));
  member.steps.push_back(std::move(step));
  fold(Side::kWas, member, member.steps.back());
  if (member.parted) fold(Side::kBecomes, member, member.steps.back());
}

}  // namespace laurel::engine
