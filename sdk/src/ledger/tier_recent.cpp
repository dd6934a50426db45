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
