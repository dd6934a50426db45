// The tiers of a replayed member, on both sides.

#include <algorithm>

#include "engine/replay.hpp"

namespace laurel::engine {
namespace {

bool moves_level(const ledger::TierEvent& event) {
  return event.delta_minor != 0 || !event.granted.empty() || !event.taken_back.empty();
}

}  // namespace

ledger::TierRules Replay::rules_at(Side side, Instant at) const {
  const bool next = side == Side::kBecomes && plan_.has(at);
  return tier_rules(next ? plan_.next.compiled() : plan_.versions.in_force(at).compiled());
}

ledger::TierRules Replay::rules_for(Side side, const TierStep& step) const {
  const bool next = side == Side::kBecomes && plan_.has(step.was.at);
  return tier_rules(plan_.compiled_at(next ? plan_.next_place() : step.version));
}

// The next programme may count in other windows, for which the days of the spend are needed.
void Replay::part_ways(Member& member) const {
  member.parted = true;
  member.becomes = member.was;
  const auto& was = plan_.versions.in_force(plan_.from).compiled().tiers;
  const auto& next = plan_.next.compiled().tiers;
  if (was.window == next.window && was.window_length == next.window_length) return;
  auto state = ledger::initial_tier(tier_rules(plan_.next.compiled()), member.enrolled_at);
  for (const auto& step : member.steps) {
    auto event = step.was;
    event.at = std::max(event.at, state.last_event);
    state = ledger::fold_tier(tier_rules(plan_.next.compiled()), std::move(state), event);
  }
  member.becomes.buckets = std::move(state.buckets);
}

ledger::TierState Replay::refold(Side side, const Member& member, Instant until,
                                 EntryId before) const {
  std::vector<const TierStep*> steps;
  for (const auto& step : member.steps) {
    const bool is_before = step.was.at < until || (step.was.at == until && step.id < before);
    if (is_before) steps.push_back(&step);
  }
  std::ranges::sort(steps, [](const TierStep* a, const TierStep* b) {
    return std::pair(a->was.at, a->id) < std::pair(b->was.at, b->id);
  });
  Instant first = std::min(member.enrolled_at, until);
  if (!steps.empty()) first = std::min(first, steps.front()->was.at);
  auto state = ledger::initial_tier(rules_at(side, first), first);
  for (const auto* step : steps) {
    state = ledger::fold_tier(rules_for(side, *step), std::move(state),
                              side == Side::kWas ? step->was : step->becomes);
  }
  return state;
}

ledger::TierState Replay::state_at(Member& member, Instant at) const {
  const auto holding = rules_at(Side::kBecomes, at);
  if (at >= member.becomes.last_event && at >= member.enrolled_at) {
    return ledger::advance_tier(holding, member.becomes, at);
  }
  return ledger::advance_tier(holding, refold(Side::kBecomes, member, at), at);
}

void Replay::fold(Side side, Member& member, const TierStep& step) const {
  auto& state = side == Side::kWas ? member.was : member.becomes;
  const auto& event = side == Side::kWas ? step.was : step.becomes;
  if (!moves_level(event)) return;
  if (event.at >= state.last_event && event.at >= member.enrolled_at) {
    state = ledger::fold_tier(rules_for(side, step), std::move(state), event);
  } else {
    state = refold(side, member, kNever);
  }
}

void Replay::add_step(Member& member, TierStep step) const {
  member.steps.push_back(std::move(step));
  fold(Side::kWas, member, member.steps.back());
  if (member.parted) fold(Side::kBecomes, member, member.steps.back());
}

}  // namespace laurel::engine
