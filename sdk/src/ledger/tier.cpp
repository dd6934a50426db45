#include "ledger/tier.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "ledger/tier_window.hpp"

namespace laurel::ledger {
namespace {

Date first_day_of_crossing(const TierPolicy& policy, Date day) {
  if (policy.crossing == TierCrossing::kNextMonth) {
    return add_days(end_of(CalendarUnit::kMonth, day), 1);
  }
  return add_days(day, policy.crossing == TierCrossing::kAfterDays ? policy.crossing_days : 1);
}

bool crossing_waits(const TierPolicy& policy) {
  switch (policy.crossing) {
    case TierCrossing::kSplit:
    case TierCrossing::kWholePurchase:
    case TierCrossing::kNextPurchase: return false;
    case TierCrossing::kNextDay:
    case TierCrossing::kNextMonth:
    case TierCrossing::kAfterDays: return true;
  }
  return false;
}

// ---- What she falls back to

void forget_fallback(TierState& state) {
  state.fallback.clear();
  state.fallback_until = Instant{};
  state.fallback_in = Date{};
}

// Whether purchases that still count carry the fallback, or something that no return takes away.
bool fallback_holds(const TierRules& rules, const TierState& state, Instant at) {
  if (with_grace(rules, state.fallback_until) <= at) return false;
  const int level = level_index(rules.policy, state.fallback);
  return state.fallback_in == Date{} ||
         spend_on(rules, state, state.fallback_in) >= threshold(rules.policy, level);
}

// The level she leaves by rising, or holds once more, where neither what was counted shows it nor a
// decision has noted it.
void keep_as_fallback(const TierRules& rules, TierState& state) {
  if (state.reason == "spend" || level_index(rules.policy, state.level) < 0) return;
  state.fallback = state.level;
  state.fallback_until = state.until;
  state.fallback_in = Date{};
}

// ---- Rising

void hold_level(const TierRules& rules, TierState& state, int level, Instant from, Date reached_on,
                std::string reason) {
  if (level > level_index(rules.policy, state.level)) keep_as_fallback(rules, state);
  state.level = level_id(rules.policy, level);
  state.since = from;
  state.reason = std::move(reason);
  state.qualified_in = reached_on;
  state.until = validity_end(rules, state, reached_on, level);
}

// The level she has, reached once more.
void prolong(const TierRules& rules, TierState& state, Date reached_on) {
  const int now = level_index(rules.policy, state.level);
  if (threshold(rules.policy, now) > 0) keep_as_fallback(rules, state);
  state.until = std::max(state.until, validity_end(rules, state, reached_on, now));
  state.qualified_in = reached_on;
  state.reason = "spend";
}

// Puts a level on its way, behind those that are on theirs: none puts another off.
void announce(const TierRules& rules, TierState& state, int level, Date day) {
  const TierPolicy& policy = rules.policy;
  const Instant from = rules.zone.start_of_day(first_day_of_crossing(policy, day));
  const std::string& last = state.later.empty() ? state.upcoming : state.later.back().level;
  if (level <= level_index(policy, last)) return;
  if (state.upcoming.empty() || (state.later.empty() && state.upcoming_from >= from)) {
    state.upcoming = level_id(policy, level);
    state.upcoming_from = from;
    state.upcoming_reached = day;
    return;
  }
  if (!state.later.empty() && state.later.back().from >= from) state.later.pop_back();
  state.later.push_back({level_id(policy, level), from, day});
}

// Takes the next one off the way.
UpcomingLevel take_upcoming(TierState& state) {
  UpcomingLevel taken{std::move(state.upcoming), state.upcoming_from, state.upcoming_reached};
  state.upcoming.clear();
  state.upcoming_from = Instant{};
  state.upcoming_reached = Date{};
  if (state.later.empty()) return taken;
  state.upcoming = std::move(state.later.front().level);
  state.upcoming_from = state.later.front().from;
  state.upcoming_reached = state.later.front().reached_on;
  state.later.erase(state.later.begin());
  return taken;
}

void begin_upcoming(const TierRules& rules, TierState& state) {
  const UpcomingLevel begun = take_upcoming(state);
  const int level = level_index(rules.policy, begun.level);
  const int now = level_index(rules.policy, state.level);
  if (level > now) {
    hold_level(rules, state, level, begun.from, begun.reached_on, "spend");
  } else if (level == now) {
    prolong(rules, state, begun.reached_on);
  }
}

void rise(const TierRules& rules, TierState& state, Instant at) {
  const Date day = rules.zone.local_date(at);
  const int now = level_index(rules.policy, state.level);
  const int qualified = qualified_level(rules.policy, spend_on(rules, state, day));
  if (qualified == now && now >= 0) {
    prolong(rules, state, day);
  } else if (qualified > now && crossing_waits(rules.policy)) {
    announce(rules, state, qualified, day);
  } else if (qualified > now) {
    hold_level(rules, state, qualified, at, day, "spend");
  }
}

// ---- Falling

// Until when the level is hers by what still counts, and the day that says so; by the decision or
// the reason of its own that stands behind it, if that is longer. Over at `at`: it is not hers.
struct Worth {
  Instant until;
  Date day;
  bool firm = false;  // by no purchases
};

Worth worth_of_purchases(const TierRules& rules, const TierState& state, int level, Instant at) {
  const Date today = rules.zone.local_date(at);
  const std::int64_t needed = threshold(rules.policy, level);
  if (needed <= 0) return {validity_end(rules, state, today, level), today};
  if (rules.policy.valid_until == TierValidity::kWhileQualified) {
    for (const Date day : {today, add_days(today, -rules.policy.grace_days)}) {
      if (spend_on(rules, state, day) < needed) continue;
      return {validity_end(rules, state, day, level), day};
    }
    return {};
  }
  for (auto bucket = state.buckets.rbegin(); bucket != state.buckets.rend(); ++bucket) {
    if (bucket->day > today) continue;
    const Instant until = validity_end(rules, state, bucket->day, level);
    if (with_grace(rules, until) <= at) break;  // and so are those of all days before it
    if (spend_on(rules, state, bucket->day) >= needed) return {until, bucket->day};
  }
  return {};
}

Worth worth_of(const TierRules& rules, const TierState& state, int level, Instant at) {
  const Worth worth = worth_of_purchases(rules, state, level, at);
  const bool reaches = level_index(rules.policy, state.fallback) >= level;
  if (!reaches || state.fallback_until <= worth.until || !fallback_holds(rules, state, at)) {
    return worth;
  }
  return {state.fallback_until, state.fallback_in, state.fallback_in == Date{}};
}

// The end of the period in which a level is kept although its purchases were returned.
Instant period_end(const TierRules& rules, const TierState& state, Date day) {
  Date last = Date::max();
  switch (rules.policy.window) {
    case TierWindow::kCalendarYear: last = end_of(CalendarUnit::kYear, day); break;
    case TierWindow::kMembershipYear: last = end_of_membership_year(rules, state, day); break;
    case TierWindow::kRollingMonths:
    case TierWindow::kRollingDays:
    case TierWindow::kLifetime:
      // No period of its own: the level's time, or the year where that has no end.
      if (state.until != kNever) return state.until;
      last = end_of(CalendarUnit::kYear, day);
      break;
  }
  return rules.zone.start_of_day(add_days(last, 1));
}

// To what is left of a level once its purchases, or its grant, are gone.
void fall_back(const TierRules& rules, TierState& state, Instant at) {
  const int now = level_index(rules.policy, state.level);
  int level = now;
  Worth worth = worth_of(rules, state, level, at);
  while (level >= 0 && with_grace(rules, worth.until) <= at) {
    --level;
    worth = worth_of(rules, state, level, at);
  }
  if (level == now && state.reason == "spend") {
    state.until = std::min(state.until, worth.until);  // a return never prolongs
  } else {
    state.until = worth.until;
  }
  if (level != now) state.since = at;
  state.level = level_id(rules.policy, level);
  state.reason = worth.firm ? "return" : "spend";
  state.qualified_in = worth.day;
  if (worth.firm) forget_fallback(state);
}

void fall(const TierRules& rules, TierState& state, Instant at) {
  const TierPolicy& policy = rules.policy;
  // Upgrades on their way that the rest does not reach never come.
  const auto stands = [&](std::string_view level, Date reached_on) {
    return spend_on(rules, state, reached_on) >= threshold(policy, level_index(policy, level));
  };
  std::erase_if(state.later, [&](const UpcomingLevel& upcoming) {
    return !stands(upcoming.level, upcoming.reached_on);
  });
  if (!state.upcoming.empty() && !stands(state.upcoming, state.upcoming_reached)) {
    const UpcomingLevel lost = take_upcoming(state);
    // It may have gone past a level that is still reached.
    const int rest = qualified_level(policy, spend_on(rules, state, lost.reached_on));
    if (state.upcoming.empty() && rest > level_index(policy, state.level)) {
      state.upcoming = level_id(policy, rest);
      state.upcoming_from = lost.from;
      state.upcoming_reached = lost.reached_on;
    }
  }
  if (state.reason != "spend") return;
  if (policy.on_return == TierOnReturn::kImmediate) return fall_back(rules, state, at);
  const int now = level_index(policy, state.level);
  if (with_grace(rules, worth_of(rules, state, now, at).until) > at) return;
  state.until = std::min(state.until, period_end(rules, state, rules.zone.local_date(at)));
}

// ---- The end of a validity

// The validity and its grace have ended. A level that had a year more than the one that earned it
// is judged by what she spent in that year, or in the grace; one that ends with its year, or is
// held while she qualifies, by the window that begins.
void decide_again(const TierRules& rules, TierState& state) {
  const TierPolicy& policy = rules.policy;
  const Instant decided_at = decision_time(rules, state);
  const Judged judged = judged_by(rules, state);
  const int now = level_index(policy, state.level);
  int qualified = -1;
  for (const Date day : judged.days) {
    qualified = std::max(qualified, qualified_level(policy, spend_on(rules, state, day)));
  }
  int next = qualified;
  switch (policy.downgrade) {
    case TierDowngrade::kToQualified: break;
    case TierDowngrade::kOneLevel: next = std::max(qualified, now - 1); break;
    case TierDowngrade::kNotAtAll: next = std::max(qualified, now); break;
  }
  const bool falls_back =
      fallback_holds(rules, state, decided_at) && level_index(policy, state.fallback) > next;
  if (falls_back) next = level_index(policy, state.fallback);
  const Instant fallback_until = state.fallback_until;
  const Date fallback_in = state.fallback_in;
  if (next != now) state.since = decided_at;
  const bool by_spend = falls_back ? fallback_in != Date{} : next == qualified;
  state.reason = by_spend ? "spend" : "downgrade";
  state.level = level_id(policy, next);
  state.qualified_in = falls_back ? fallback_in : judged.days.front();
  forget_fallback(state);
  // A level that had a year more goes on to the end of the year that has begun.
  const Date first_day = rules.zone.local_date(state.until);
  switch (policy.valid_until) {
    case TierValidity::kEndOfNextYear:
      state.until = rules.zone.start_of_day(add_days(end_of(CalendarUnit::kYear, first_day), 1));
      break;
    case TierValidity::kEndOfNextMembershipYear:
      state.until =
          rules.zone.start_of_day(add_days(end_of_membership_year(rules, state, first_day), 1));
      break;
    case TierValidity::kEndOfYear:
    case TierValidity::kEndOfMembershipYear:
    case TierValidity::kMonths:
    case TierValidity::kWhileQualified:
      state.until = validity_end(rules, state, first_day, next);
      break;
  }
  if (falls_back) state.until = fallback_until;
  // At least the day that begins now, so that every decision moves time on.
  if (decision_time(rules, state) <= decided_at) {
    state.until = rules.zone.start_of_day(add_days(rules.zone.local_date(decided_at), 1));
  }
  if (!by_spend) return;
  state.fallback = state.level;
  state.fallback_until = state.until;
  state.fallback_in = state.qualified_in;
}

// ---- Grants

void grant(const TierRules& rules, TierState& state, const TierEvent& event) {
  const TierPolicy& policy = rules.policy;
  if (event.granted_until != kNever) {
    state.grants.push_back({event.granted, event.at, event.granted_until});
    return;
  }
  const Date day = rules.zone.local_date(event.at);
  const int level = level_index(policy, event.granted);
  const int now = level_index(policy, state.level);
  const bool earned = qualified_level(policy, spend_on(rules, state, day)) >= level;
  if (level > now) {
    hold_level(rules, state, level, event.at, day, earned ? "spend" : "granted");
  } else if (level == now) {
    const Instant end = validity_end(rules, state, day, level);
    if (!earned && state.reason == "spend") {
      state.fallback = event.granted;
      state.fallback_until = end;
      state.fallback_in = Date{};
    } else if (!earned && threshold(policy, level) > 0) {
      state.reason = "granted";
    }
    state.until = std::max(state.until, end);
  }
}

void take_grant_back(const TierRules& rules, TierState& state, const TierEvent& event) {
  const auto given =
      std::find_if(state.grants.begin(), state.grants.end(), [&](const TierGrant& one) {
        return one.level == event.taken_back && one.from == event.spend_at;
      });
  if (given != state.grants.end()) {
    state.grants.erase(given);
    return;
  }
  if (state.fallback == event.taken_back && state.fallback_in == Date{}) forget_fallback(state);
  if (state.level != event.taken_back || state.reason != "granted") return;
  fall_back(rules, state, event.at);
}

}  // namespace

Judged judged_by(const TierRules& rules, const TierState& state) {
  const Instant decided_at = decision_time(rules, state);
  const Date last_of_grace = rules.zone.local_date(decided_at - Duration{1});
  switch (rules.policy.valid_until) {
    case TierValidity::kEndOfYear:
    case TierValidity::kEndOfMembershipYear:
    case TierValidity::kWhileQualified: return {{rules.zone.local_date(decided_at)}, last_of_grace};
    case TierValidity::kEndOfNextYear:
    case TierValidity::kEndOfNextMembershipYear:
    case TierValidity::kMonths: break;
  }
  return {{rules.zone.local_date(state.until - Duration{1}), last_of_grace}, last_of_grace};
}

int level_index(const TierPolicy& policy, std::string_view id) {
  for (std::size_t i = 0; i < policy.levels.size(); ++i) {
    if (policy.levels[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

int qualified_level(const TierPolicy& policy, std::int64_t spend_minor) {
  int level = -1;
  for (const auto& candidate : policy.levels) {
    if (spend_minor < candidate.from_minor) break;
    ++level;
  }
  return level;
}

TierState initial_tier(const TierRules& rules, Instant from, Instant enrolled_at) {
  TierState state;
  state.enrolled_at = enrolled_at;
  const int level = qualified_level(rules.policy, 0);
  if (level < 0) {
    state.since = from;
    state.reason = "enrolment";
    return state;
  }
  hold_level(rules, state, level, from, rules.zone.local_date(from), "enrolment");
  return state;
}

TierState advance_tier(const TierRules& rules, TierState state, Instant at) {
  for (;;) {
    const bool upgrade_due = !state.upcoming.empty() && state.upcoming_from <= at;
    const bool end_due = decision_time(rules, state) <= at;
    if (upgrade_due && (!end_due || state.upcoming_from <= decision_time(rules, state))) {
      begin_upcoming(rules, state);
    } else if (end_due) {
      decide_again(rules, state);
    } else {
      return state;
    }
  }
}

TierState fold_tier(const TierRules& rules, TierState state, const TierEvent& event) {
  LAUREL_ASSERT(event.at >= state.last_event, "tier events are folded in the order of their time");
  state = advance_tier(rules, std::move(state), event.at);
  state.last_event = event.at;
  std::erase_if(state.grants, [&](const TierGrant& one) { return one.until <= event.at; });
  if (event.delta_minor != 0) {
    count(state, bucket_of(rules, state, event.spend_at), event.delta_minor);
  }
  if (!event.taken_back.empty()) take_grant_back(rules, state, event);
  if (!event.granted.empty()) grant(rules, state, event);
  if (event.delta_minor > 0) rise(rules, state, event.at);
  if (event.delta_minor < 0) fall(rules, state, event.at);
  return state;
}

}  // namespace laurel::ledger
