#include "ledger/tier_recent.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"

namespace laurel::ledger {
namespace {

Result<TierState> fold(TierState state, const RecentTierEvent& event, const TierRulesOf& rules) {
  LAUREL_TRY(const auto rules_then, rules(event.version));
  return fold_tier(rules_then, std::move(state), tier_event(event));
}

}  // namespace

TierEvent tier_event(const RecentTierEvent& event) {
  return {event.at,      event.delta_minor,   event.spend_at,
          event.granted, event.granted_until, event.taken_back};
}

bool reaches(const RecentTier& recent, Instant at) {
  return !recent.empty() && at >= recent.front().before.last_event;
}

Result<TierThen> tier_then(const RecentTier& recent, Instant at, const TierRulesOf& rules) {
  LAUREL_ASSERT(reaches(recent, at), "the list begins before the moment asked for");
  TierThen then;
  then.segment = recent.size() - 1;
  while (recent[then.segment].before.last_event > at) --then.segment;
  then.state = recent[then.segment].before;
  for (const auto& event : recent[then.segment].events) {
    if (event.at > at) break;
    LAUREL_TRY(then.state, fold(std::move(then.state), event, rules));
    ++then.events;
  }
  return then;
}

std::vector<RecentTierEvent> after(const RecentTier& recent, const TierThen& then) {
  std::vector<RecentTierEvent> later;
  std::size_t skipped = then.events;
  for (std::size_t i = then.segment; i < recent.size(); ++i, skipped = 0) {
    const auto& events = recent[i].events;
    later.insert(later.end(), events.begin() + static_cast<std::ptrdiff_t>(skipped), events.end());
  }
  return later;
}

// States that agree on this go through the same levels until the next event.
Result<bool> same_levels(const TierState& then, const RecentTierEvent& event,
                         std::span<const RecentTierEvent> later, const TierRulesOf& rules) {
  const auto agree = [](const TierState& a, const TierState& b) {
    return a.level == b.level && a.until == b.until && a.upcoming == b.upcoming &&
           a.upcoming_from == b.upcoming_from;
  };
  LAUREL_TRY(const auto rules_then, rules(event.version));
  auto without = advance_tier(rules_then, then, event.at);
  LAUREL_TRY(auto with, fold(then, event, rules));
  for (const auto& next : later) {
    if (!agree(without, with)) return false;
    LAUREL_TRY(without, fold(std::move(without), next, rules));
    LAUREL_TRY(with, fold(std::move(with), next, rules));
  }
  return agree(without, with);
}

Result<TierState> extend(RecentTier& recent, TierState state,
                         std::span<const RecentTierEvent> events, const TierRulesOf& rules,
                         const RecentTierLimits& limits) {
  LAUREL_ASSERT(!recent.empty(), "there is a segment to append to");
  for (const auto& event : events) {
    if (recent.back().events.size() >= limits.events_max) recent.push_back({state, {}});
    if (recent.size() > limits.segments_max) recent.erase(recent.begin());
    LAUREL_TRY(state, fold(std::move(state), event, rules));
    recent.back().events.push_back(event);
  }
  return state;
}

Result<TierState> insert(RecentTier& recent, TierThen then, RecentTierEvent event,
                         const TierRulesOf& rules, const RecentTierLimits& limits) {
  const auto first = recent.begin() + static_cast<std::ptrdiff_t>(then.segment);
  std::vector<RecentTierEvent> rest{std::move(event)};
  const auto later = first->events.begin() + static_cast<std::ptrdiff_t>(then.events);
  rest.insert(rest.end(), later, first->events.end());
  first->events.erase(later, first->events.end());
  for (auto segment = first + 1; segment != recent.end(); ++segment) {
    rest.insert(rest.end(), segment->events.begin(), segment->events.end());
  }
  recent.erase(first + 1, recent.end());
  return extend(recent, std::move(then.state), rest, rules, limits);
}

}  // namespace laurel::ledger
