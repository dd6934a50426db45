#include "ledger/tier.hpp"

#include <algorithm>
#include <limits>

#include "base/check.hpp"

namespace laurel::ledger {
namespace {

constexpr Date kWholeLife{};  // the one bucket of a lifetime window

std::string level_id(const TierPolicy& policy, int index) {
  return index < 0 ? std::string{} : policy.levels[static_cast<std::size_t>(index)].id;
}

std::int64_t threshold(const TierPolicy& policy, int index) {
  return index < 0 ? std::numeric_limits<std::int64_t>::min()
                   : policy.levels[static_cast<std::size_t>(index)].from_minor;
}

Date bucket_of(const TierRules& rules, Instant at) {
  const Date day = rules.zone.local_date(at);
  switch (rules.policy.window) {
    case TierWindow::kCalendarYear: return start_of(CalendarUnit::kYear, day);
    case TierWindow::kRollingMonths:
    case TierWindow::kRollingDays: return day;
    case TierWindow::kLifetime: return kWholeLife;
  }
  return day;
}

// First and last local day of the window that `day` lies in, or that ends with it.
std::pair<Date, Date> window_of(const TierPolicy& policy, Date day) {
  switch (policy.window) {
    case TierWindow::kCalendarYear:
      return {start_of(CalendarUnit::kYear, day), end_of(CalendarUnit::kYear, day)};
    case TierWindow::kRollingMonths:
      return {add_days(add_months(day, -policy.window_length), 1), day};
    case TierWindow::kRollingDays: return {add_days(day, 1 - policy.window_length), day};
    case TierWindow::kLifetime: return {kWholeLife, kWholeLife};
  }
  return {day, day};
}

std::int64_t spend_on(const TierRules& rules, const TierState& state, Date day) {
  const auto [first, last] = window_of(rules.policy, day);
  std::int64_t sum = 0;
  for (const auto& bucket : state.buckets) {
    if (bucket.day >= first && bucket.day <= last) sum += bucket.minor;
  }
  return sum;
}

void count(TierState& state, Date day, std::int64_t minor) {
  auto at = std::lower_bound(state.buckets.begin(), state.buckets.end(), day,
                             [](const SpendBucket& bucket, Date key) { return bucket.day < key; });
  if (at == state.buckets.end() || at->day != day) at = state.buckets.insert(at, {day, 0});
  at->minor += minor;
  if (at->minor == 0) state.buckets.erase(at);
}

// The first local day, after `day`, on which what is counted so far no longer reaches the
// threshold.
Date qualified_until(const TierRules& rules, const TierState& state, Date day,
                     std::int64_t needed) {
  if (needed <= 0 || rules.policy.window == TierWindow::kLifetime) return Date::max();
  for (const auto& bucket : state.buckets) {
    // The day on which this bucket has left the window.
    const Date left = [&] {
      switch (rules.policy.window) {
        case TierWindow::kCalendarYear: return add_months(bucket.day, 12);
        case TierWindow::kRollingMonths: return add_months(bucket.day, rules.policy.window_length);
        case TierWindow::kRollingDays: return add_days(bucket.day, rules.policy.window_length);
        case TierWindow::kLifetime: return Date::max();
      }
      return Date::max();
    }();
    if (left > day && spend_on(rules, state, left) < needed) return left;
  }
  return day;
}

// Until when a level reached, or reached again, on `day` is valid; exclusive.
Instant validity_end(const TierRules& rules, const TierState& state, Date day, int level) {
  const TierPolicy& policy = rules.policy;
  Date end = Date::max();
  switch (policy.valid_until) {
    case TierValidity::kEndOfYear: end = end_of(CalendarUnit::kYear, day); break;
    case TierValidity::kEndOfNextYear:
      end = end_of(CalendarUnit::kYear, add_months(start_of(CalendarUnit::kYear, day), 12));
      break;
    case TierValidity::kMonths: end = add_days(add_months(day, policy.valid_months), -1); break;
    case TierValidity::kWhileQualified: {
      const Date first_without = qualified_until(rules, state, day, threshold(policy, level));
      if (first_without == Date::max()) return kNever;
      end = add_days(first_without, -1);
      break;
    }
  }
  return rules.zone.start_of_day(add_days(end, 1));
}

// When it is decided again: the validity's end, put off by the days of grace.
Instant decision_time(const TierRules& rules, const TierState& state) {
  if (state.until == kNever || rules.policy.grace_days == 0) return state.until;
  return rules.zone.start_of_day(
      add_days(rules.zone.local_date(state.until), rules.policy.grace_days));
}

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

void hold_level(const TierRules& rules, TierState& state, int level, Instant from, Date reached_on,
                std::string reason) {
  if (level > level_index(rules.policy, state.level)) {
    state.fallback = state.level;
    state.fallback_until = state.until;
  }
  state.level = level_id(rules.policy, level);
  state.since = from;
  state.reason = std::move(reason);
  state.qualified_in = reached_on;
  state.until = validity_end(rules, state, reached_on, level);
}

// The validity and its grace have ended. A level that had a year more than the one that earned it
// is judged by what she spent in that year, or in the grace; one that ends with its year, or is
// held while she qualifies, by the window that begins.
void decide_again(const TierRules& rules, TierState& state) {
  const TierPolicy& policy = rules.policy;
  const Instant decided_at = decision_time(rules, state);
  const Date last_day = rules.zone.local_date(state.until - Duration{1});
  const Date last_of_grace = rules.zone.local_date(decided_at - Duration{1});
  const Date first_day = add_days(last_day, 1);
  const Date decided_on = rules.zone.local_date(decided_at);
  const bool by_what_begins = policy.valid_until == TierValidity::kEndOfYear ||
                              policy.valid_until == TierValidity::kWhileQualified;
  const int now = level_index(policy, state.level);
  const int qualified =
      by_what_begins ? qualified_level(policy, spend_on(rules, state, decided_on))
                     : std::max(qualified_level(policy, spend_on(rules, state, last_day)),
                                qualified_level(policy, spend_on(rules, state, last_of_grace)));
  int next = qualified;
  switch (policy.downgrade) {
    case TierDowngrade::kToQualified: break;
    case TierDowngrade::kOneLevel: next = std::max(qualified, now - 1); break;
    case TierDowngrade::kNotAtAll: next = std::max(qualified, now); break;
  }
  if (next != now) state.since = decided_at;
  state.reason = next == qualified ? "spend" : "downgrade";
  state.level = level_id(policy, next);
  state.qualified_in = by_what_begins ? decided_on : last_day;
  state.fallback.clear();
  state.fallback_until = Instant{};
  switch (policy.valid_until) {
    case TierValidity::kEndOfYear:
    case TierValidity::kEndOfNextYear:  // the year after the one that qualified her
      state.until = rules.zone.start_of_day(add_days(end_of(CalendarUnit::kYear, first_day), 1));
      break;
    case TierValidity::kMonths:
    case TierValidity::kWhileQualified:
      state.until = validity_end(rules, state, first_day, next);
      break;
  }
  // At least the day that begins now, so that every decision moves time on.
  if (decision_time(rules, state) <= decided_at) {
    state.until = rules.zone.start_of_day(add_days(last_of_grace, 2));
  }
}

void rise(const TierRules& rules, TierState& state, Instant at) {
  const TierPolicy& policy = rules.policy;
  const Date day = rules.zone.local_date(at);
  const int now = level_index(policy, state.level);
  const int qualified = qualified_level(policy, spend_on(rules, state, day));
  if (qualified > now) {
    if (!crossing_waits(policy)) {
      hold_level(rules, state, qualified, at, day, "spend");
    } else if (qualified > level_index(policy, state.upcoming)) {
      const Instant from = rules.zone.start_of_day(first_day_of_crossing(policy, day));
      // A level already on its way is not put off by a higher one; the higher one follows it.
      if (state.upcoming.empty()) state.upcoming_from = from;
      state.upcoming = level_id(policy, qualified);
      state.qualified_in = day;
    }
  } else if (qualified == now && now >= 0) {
    state.until = std::max(state.until, validity_end(rules, state, day, now));
    state.qualified_in = day;
    state.reason = "spend";
  }
}

void fall(const TierRules& rules, TierState& state, Instant at) {
  const TierPolicy& policy = rules.policy;
  const Date day = rules.zone.local_date(at);
  const int qualified =
      std::max(qualified_level(policy, spend_on(rules, state, day)),
               qualified_level(policy, spend_on(rules, state, state.qualified_in)));
  if (!state.upcoming.empty() && qualified < level_index(policy, state.upcoming)) {
    state.upcoming =
        qualified > level_index(policy, state.level) ? level_id(policy, qualified) : "";
  }
  if (state.reason != "spend" || qualified >= level_index(policy, state.level)) return;
  if (policy.on_return == TierOnReturn::kPeriodEnd) {
    const Instant end = rules.zone.start_of_day(add_days(end_of(CalendarUnit::kYear, day), 1));
    if (policy.window == TierWindow::kCalendarYear) state.until = std::min(state.until, end);
    return;
  }
  const bool fallback_holds = state.fallback_until > at;
  const int fallback = fallback_holds ? level_index(policy, state.fallback) : -1;
  const Instant fallback_until = state.fallback_until;
  const int level = std::max(qualified, fallback);
  hold_level(rules, state, level, at, day, "return");
  if (fallback > qualified) state.until = fallback_until;
  state.fallback.clear();
  state.fallback_until = Instant{};
  if (level == qualified) state.reason = "spend";
}

}  // namespace

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

TierState initial_tier(const TierRules& rules, Instant enrolled_at) {
  TierState state;
  const int level = qualified_level(rules.policy, 0);
  if (level < 0) {
    state.since = enrolled_at;
    state.reason = "enrolment";
    return state;
  }
  hold_level(rules, state, level, enrolled_at, rules.zone.local_date(enrolled_at), "enrolment");
  state.fallback.clear();
  state.fallback_until = Instant{};
  return state;
}

TierState advance_tier(const TierRules& rules, TierState state, Instant at) {
  for (;;) {
    const bool upgrade_due = !state.upcoming.empty() && state.upcoming_from <= at;
    const bool end_due = decision_time(rules, state) <= at;
    if (upgrade_due && (!end_due || state.upcoming_from <= state.until)) {
      const int level = level_index(rules.policy, std::exchange(state.upcoming, {}));
      const Date reached = state.qualified_in;
      hold_level(rules, state, level, state.upcoming_from, reached, "spend");
      state.upcoming_from = Instant{};
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
  if (event.delta_minor != 0) count(state, bucket_of(rules, event.spend_at), event.delta_minor);
  if (!event.granted.empty()) {
    const int level = level_index(rules.policy, event.granted);
    hold_level(rules, state, level, event.at, rules.zone.local_date(event.at), "granted");
    if (event.granted_until != kNever) state.until = event.granted_until;
  }
  if (event.delta_minor > 0) rise(rules, state, event.at);
  if (event.delta_minor < 0) fall(rules, state, event.at);
  if (state.upcoming.empty()) state.upcoming_from = Instant{};
  return state;
}

std::int64_t window_spend(const TierRules& rules, const TierState& state, Instant at) {
  return spend_on(rules, state, rules.zone.local_date(at));
}

TierStanding tier_standing(const TierRules& rules, const TierState& state, Instant at) {
  TierStanding standing;
  const TierPolicy& policy = rules.policy;
  if (policy.levels.empty()) return standing;
  standing.id = state.level;
  standing.since = rules.zone.local_date(state.since);
  if (state.until != kNever) standing.until = rules.zone.local_date(state.until - Duration{1});
  standing.spend_minor = window_spend(rules, state, at);
  standing.upcoming_id = state.upcoming;
  if (!state.upcoming.empty()) standing.upcoming_from = rules.zone.local_date(state.upcoming_from);
  const std::string_view reached = state.upcoming.empty() ? state.level : state.upcoming;
  const auto next = static_cast<std::size_t>(level_index(policy, reached) + 1);
  if (next < policy.levels.size()) {
    standing.next_id = policy.levels[next].id;
    standing.next_needs_minor =
        std::max<std::int64_t>(0, policy.levels[next].from_minor - standing.spend_minor);
  }
  return standing;
}

}  // namespace laurel::ledger
