#include "ledger/tier_window.hpp"

#include <algorithm>
#include <limits>

namespace laurel::ledger {
namespace {

constexpr Date kWholeLife{};  // the one bucket of a lifetime
constexpr int kMonthsOfYear = 12;

// The anniversary of the enrolment that begins the year `day` lies in; years run on before it too.
// Always counted from the day of enrolment: 29 February comes back in every leap year.
Date membership_year(const TierRules& rules, const TierState& state, Date day, int years_later) {
  using std::chrono::year_month_day;
  const Date enrolled = rules.zone.local_date(state.enrolled_at);
  std::int64_t years = (year_month_day(day).year() - year_month_day(enrolled).year()).count();
  if (add_months(enrolled, kMonthsOfYear * years) > day) --years;
  return add_months(enrolled, kMonthsOfYear * (years + years_later));
}

// What the validity makes of a day within a window that has no grain of its own.
enum class Grain : std::uint8_t { kDay, kYear, kMembershipYear, kLife };

Grain grain_of_validity(const TierPolicy& policy) {
  switch (policy.valid_until) {
    case TierValidity::kEndOfYear:
    case TierValidity::kEndOfNextYear: return Grain::kYear;
    case TierValidity::kMonths: return Grain::kDay;
    case TierValidity::kWhileQualified: return Grain::kLife;
    case TierValidity::kEndOfMembershipYear:
    case TierValidity::kEndOfNextMembershipYear: return Grain::kMembershipYear;
  }
  return Grain::kDay;
}

Grain grain_of(const TierPolicy& policy) {
  const Grain validity = grain_of_validity(policy);
  const auto where = [&](Grain window) {
    return validity == window || validity == Grain::kLife ? window : Grain::kDay;
  };
  switch (policy.window) {
    case TierWindow::kCalendarYear: return where(Grain::kYear);
    case TierWindow::kMembershipYear: return where(Grain::kMembershipYear);
    case TierWindow::kRollingMonths:
    case TierWindow::kRollingDays: return Grain::kDay;
    case TierWindow::kLifetime: return validity;
  }
  return Grain::kDay;
}

// The first day on which what was counted on `day` counts no longer.
Date leaves_window(const TierRules& rules, const TierState& state, Date day) {
  const TierPolicy& policy = rules.policy;
  switch (policy.window) {
    case TierWindow::kCalendarYear: return add_days(end_of(CalendarUnit::kYear, day), 1);
    case TierWindow::kRollingMonths: {
      // Months clamp, so that some days leave together with the next ones.
      Date left = add_months(day, policy.window_length);
      while (window_start(rules, state, left) <= day) left = add_days(left, 1);
      return left;
    }
    case TierWindow::kRollingDays: return add_days(day, policy.window_length);
    case TierWindow::kMembershipYear: return membership_year(rules, state, day, 1);
    case TierWindow::kLifetime: return Date::max();
  }
  return Date::max();
}

// The first day, after `day`, on which what is counted so far no longer reaches the threshold.
Date qualified_until(const TierRules& rules, const TierState& state, Date day,
                     std::int64_t needed) {
  if (needed <= 0 || rules.policy.window == TierWindow::kLifetime) return Date::max();
  for (const auto& bucket : state.buckets) {
    const Date left = leaves_window(rules, state, bucket.day);
    if (left > day && spend_on(rules, state, left) < needed) return left;
  }
  return day;
}

}  // namespace

std::string level_id(const TierPolicy& policy, int index) {
  return index < 0 ? std::string{} : policy.levels[static_cast<std::size_t>(index)].id;
}

std::int64_t threshold(const TierPolicy& policy, int index) {
  return index < 0 ? std::numeric_limits<std::int64_t>::min()
                   : policy.levels[static_cast<std::size_t>(index)].from_minor;
}

Date bucket_of(const TierRules& rules, const TierState& state, Instant at) {
  const Date day = rules.zone.local_date(at);
  switch (grain_of(rules.policy)) {
    case Grain::kDay: return day;
    case Grain::kYear: return start_of(CalendarUnit::kYear, day);
    case Grain::kMembershipYear: return membership_year(rules, state, day, 0);
    case Grain::kLife: return kWholeLife;
  }
  return day;
}

void count(TierState& state, Date bucket, std::int64_t minor) {
  auto at = std::lower_bound(state.buckets.begin(), state.buckets.end(), bucket,
                             [](const SpendBucket& one, Date key) { return one.day < key; });
  if (at == state.buckets.end() || at->day != bucket) at = state.buckets.insert(at, {bucket, 0});
  at->minor += minor;
  if (at->minor == 0) state.buckets.erase(at);
}

Date window_start(const TierRules& rules, const TierState& state, Date day) {
  const TierPolicy& policy = rules.policy;
  switch (policy.window) {
    case TierWindow::kCalendarYear: return start_of(CalendarUnit::kYear, day);
    case TierWindow::kRollingMonths: return add_days(add_months(day, -policy.window_length), 1);
    case TierWindow::kRollingDays: return add_days(day, 1 - policy.window_length);
    case TierWindow::kMembershipYear: return membership_year(rules, state, day, 0);
    case TierWindow::kLifetime: return Date::min();
  }
  return day;
}

std::int64_t spend_on(const TierRules& rules, const TierState& state, Date day) {
  const Date first = window_start(rules, state, day);
  std::int64_t sum = 0;
  for (const auto& bucket : state.buckets) {
    if (bucket.day >= first && bucket.day <= day) sum += bucket.minor;
  }
  return sum;
}

Date counts_until(const TierRules& rules, const TierState& state, Date day) {
  const Date first = window_start(rules, state, day);
  for (const auto& bucket : state.buckets) {
    if (bucket.day < first) continue;
    const Date left = leaves_window(rules, state, bucket.day);
    return left == Date::max() ? left : add_days(left, -1);
  }
  switch (rules.policy.window) {
    case TierWindow::kCalendarYear: return end_of(CalendarUnit::kYear, day);
    case TierWindow::kMembershipYear: return end_of_membership_year(rules, state, day);
    case TierWindow::kRollingMonths:
    case TierWindow::kRollingDays:
    case TierWindow::kLifetime: return Date::max();
  }
  return Date::max();
}

Date end_of_membership_year(const TierRules& rules, const TierState& state, Date day,
                            int years_later) {
  return add_days(membership_year(rules, state, day, years_later + 1), -1);
}

Instant validity_end(const TierRules& rules, const TierState& state, Date day, int level) {
  const TierPolicy& policy = rules.policy;
  Date end = Date::max();
  switch (policy.valid_until) {
    case TierValidity::kEndOfYear: end = end_of(CalendarUnit::kYear, day); break;
    case TierValidity::kEndOfNextYear:
      end = end_of(CalendarUnit::kYear,
                   add_months(start_of(CalendarUnit::kYear, day), kMonthsOfYear));
      break;
    case TierValidity::kMonths: end = add_days(add_months(day, policy.valid_months), -1); break;
    case TierValidity::kEndOfMembershipYear: end = end_of_membership_year(rules, state, day); break;
    case TierValidity::kEndOfNextMembershipYear:
      end = end_of_membership_year(rules, state, day, 1);
      break;
    case TierValidity::kWhileQualified: {
      const Date first_without = qualified_until(rules, state, day, threshold(policy, level));
      if (first_without == Date::max()) return kNever;
      end = add_days(first_without, -1);
      break;
    }
  }
  return rules.zone.start_of_day(add_days(end, 1));
}

Instant with_grace(const TierRules& rules, Instant until) {
  if (until == kNever || rules.policy.grace_days == 0) return until;
  return rules.zone.start_of_day(add_days(rules.zone.local_date(until), rules.policy.grace_days));
}

Instant decision_time(const TierRules& rules, const TierState& state) {
  return with_grace(rules, state.until);
}

}  // namespace laurel::ledger
