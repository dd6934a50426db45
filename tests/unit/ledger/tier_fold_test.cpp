// The tier as a fold: how often one looks, and at what, never changes what stands.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ledger/tier.hpp"

namespace laurel::ledger {
namespace {

Instant at(std::string_view day) { return *parse_instant(std::string(day) + "T11:00:00Z"); }

TierPolicy standard() {
  TierPolicy policy;
  policy.levels = {{"silver", 0}, {"gold", 1'000'00}, {"black", 5'000'00}};
  return policy;
}

std::vector<TierPolicy> policies() {
  std::vector<TierPolicy> all;
  for (const auto window : {TierWindow::kCalendarYear, TierWindow::kRollingMonths,
                            TierWindow::kRollingDays, TierWindow::kLifetime}) {
    for (const auto validity : {TierValidity::kEndOfYear, TierValidity::kEndOfNextYear,
                                TierValidity::kMonths, TierValidity::kWhileQualified}) {
      for (const auto crossing :
           {TierCrossing::kNextPurchase, TierCrossing::kNextMonth, TierCrossing::kAfterDays}) {
        auto policy = standard();
        policy.window = window;
        policy.window_length = window == TierWindow::kRollingDays ? 200 : 7;
        policy.valid_until = validity;
        policy.valid_months = 5;
        policy.crossing = crossing;
        policy.crossing_days = 20;
        policy.grace_days = all.size() % 3 == 0 ? 10 : 0;
        policy.downgrade = static_cast<TierDowngrade>(all.size() % 3);
        policy.on_return = static_cast<TierOnReturn>(all.size() % 2);
        all.push_back(std::move(policy));
      }
    }
  }
  return all;
}

std::vector<TierEvent> random_events(std::mt19937_64& random) {
  std::vector<TierEvent> events;
  Instant when = at("2025-01-05");
  for (int i = 0; i < 25; ++i) {
    when += std::chrono::hours(random() % 1'500);
    const auto euros = static_cast<std::int64_t>(random() % 1'200) + 1;
    events.push_back({when, euros * 100, when});
    if (random() % 3 != 0) continue;
    const auto sold = when;
    when += std::chrono::hours(random() % 1'500);
    events.push_back({when, -euros * 100, sold});
  }
  return events;
}

TierState folded(const TierRules& rules, const std::vector<TierEvent>& events) {
  auto state = initial_tier(rules, at("2025-01-01"));
  for (const auto& event : events) state = fold_tier(rules, std::move(state), event);
  return state;
}

TEST(Tier, advancing_in_steps_is_advancing_at_once) {
  const auto zone = *TimeZone::load("Europe/Rome");
  for (const auto& policy : policies()) {
    std::mt19937_64 random(7);
    const TierRules rules{policy, zone};
    const auto state = folded(rules, random_events(random));
    auto stepped = state;
    Instant when = state.last_event;
    for (int day = 0; day < 800; ++day) {
      when += std::chrono::hours(24);
      stepped = advance_tier(rules, std::move(stepped), when);
    }
    EXPECT_EQ(stepped, advance_tier(rules, state, when));
    EXPECT_EQ(stepped, advance_tier(rules, stepped, when));
  }
}

TEST(Tier, looking_between_events_changes_nothing) {
  const auto zone = *TimeZone::load("Europe/Rome");
  for (const auto& policy : policies()) {
    std::mt19937_64 random(11);
    const TierRules rules{policy, zone};
    const auto events = random_events(random);
    auto looked_at = initial_tier(rules, at("2025-01-01"));
    for (const auto& event : events) {
      const Duration gap = event.at - std::max(looked_at.last_event, at("2025-01-01"));
      looked_at = advance_tier(rules, std::move(looked_at), event.at - gap / 2);
      looked_at = fold_tier(rules, std::move(looked_at), event);
    }
    EXPECT_EQ(looked_at, folded(rules, events));
  }
}

// The sum of what counts does not depend on the course of events: every window's spend is that of
// the sales in it less what was returned of them.
TEST(Tier, spend_is_the_sum_over_the_window_whatever_happened_to_the_level) {
  const auto zone = *TimeZone::load("Europe/Rome");
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    const auto policy = standard();
    const TierRules rules{policy, zone};
    const auto events = random_events(random);
    const auto state = folded(rules, events);
    for (int year = 2025; year <= 2029; ++year) {
      std::int64_t sum = 0;
      for (const auto& event : events) {
        const std::chrono::year_month_day day = zone.local_date(event.spend_at);
        if (static_cast<int>(day.year()) == year) sum += event.delta_minor;
      }
      const auto when = at(std::to_string(year) + "-06-30");
      EXPECT_EQ(window_spend(rules, state, when), sum) << "seed " << seed << " year " << year;
    }
  }
}

}  // namespace
}  // namespace laurel::ledger
