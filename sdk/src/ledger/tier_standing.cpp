// What a member is told of her tier: where she stands, what the next level needs, and what keeps
// the one she has.

#include <algorithm>

#include "ledger/tier_window.hpp"

namespace laurel::ledger {
namespace {

// The grant that holds at `at` and is above what she has reached, or the same for longer; null.
const TierGrant* holding_grant(const TierRules& rules, const TierState& state, Instant at) {
  const auto rank = [&](const std::string& level, Instant until) {
    return std::pair(level_index(rules.policy, level), until);
  };
  const TierGrant* best = nullptr;
  for (const auto& one : state.grants) {
    if (one.from > at || one.until <= at) continue;
    if (rank(one.level, one.until) <= rank(state.level, state.until)) continue;
    if (best != nullptr && rank(one.level, one.until) <= rank(best->level, best->until)) continue;
    best = &one;
  }
  return best;
}

std::optional<Date> last_day(const TierRules& rules, Instant end) {
  if (end >= kForGood) return std::nullopt;
  return rules.zone.local_date(end - Duration{1});
}

void tell_next(const TierRules& rules, const TierState& state, Date today, TierStanding& standing) {
  const TierPolicy& policy = rules.policy;
  const std::string& coming = state.later.empty() ? state.upcoming : state.later.back().level;
  const int reached = std::max(level_index(policy, standing.id), level_index(policy, coming));
  const auto next = static_cast<std::size_t>(reached + 1);
  if (next >= policy.levels.size()) return;
  standing.next_id = policy.levels[next].id;
  standing.next_needs_minor =
      std::max<std::int64_t>(0, policy.levels[next].from_minor - standing.spend_minor);
  const Date until = counts_until(rules, state, today);
  if (until != Date::max()) standing.next_by = until;
}

// What she may still do for the level she has reached.
void tell_keep(const TierRules& rules, const TierState& state, TierStanding& standing) {
  const int level = level_index(rules.policy, state.level);
  const std::int64_t needed = threshold(rules.policy, level);
  if (needed <= 0 || rules.policy.downgrade == TierDowngrade::kNotAtAll) return;
  standing.kept_until = last_day(rules, decision_time(rules, state));
  if (state.until == kNever) return;
  const Judged judged = judged_by(rules, state);
  std::optional<std::int64_t> least;
  for (const Date day : judged.days) {
    const Date by = std::min(day, judged.by);
    if (window_start(rules, state, day) > by) continue;  // nothing of today's time counts there
    const auto needs = std::max<std::int64_t>(0, needed - spend_on(rules, state, day));
    if (least && *least < needs) continue;
    least = needs;
    standing.keep_by = by;
  }
  standing.keep_needs_minor = least.value_or(0);
}

}  // namespace

std::string_view held_level(const TierRules& rules, const TierState& state, Instant at) {
  const TierGrant* grant = holding_grant(rules, state, at);
  return grant == nullptr ? std::string_view(state.level) : std::string_view(grant->level);
}

std::int64_t window_spend(const TierRules& rules, const TierState& state, Instant at) {
  return spend_on(rules, state, rules.zone.local_date(at));
}

TierStanding tier_standing(const TierRules& rules, const TierState& state, Instant at) {
  TierStanding standing;
  const TierPolicy& policy = rules.policy;
  if (policy.levels.empty()) return standing;
  standing.metric = policy.metric;
  standing.metric_of = policy.metric_of;
  standing.metric_scale = policy.metric_scale;
  standing.id = held_level(rules, state, at);
  standing.since = rules.zone.local_date(state.since);
  standing.until = last_day(rules, state.until);
  standing.reason = state.reason;
  if (const TierGrant* grant = holding_grant(rules, state, at)) {
    if (grant->level != state.level) standing.since = rules.zone.local_date(grant->from);
    standing.until = standing.kept_until = last_day(rules, grant->until);
    standing.reason = "granted";
  } else {
    tell_keep(rules, state, standing);
  }
  standing.spend_minor = window_spend(rules, state, at);
  const bool comes = level_index(policy, state.upcoming) > level_index(policy, standing.id);
  if (comes) {
    standing.upcoming_id = state.upcoming;
    standing.upcoming_from = rules.zone.local_date(state.upcoming_from);
  }
  tell_next(rules, state, rules.zone.local_date(at), standing);
  return standing;
}

}  // namespace laurel::ledger
