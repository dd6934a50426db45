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
  for (const auto window :
       {TierWindow::kCalendarYear, TierWindow::kRollingMonths, TierWindow::kRollingDays,
        TierWindow::kLifetime, TierWindow::kMembershipYear}) {
    for (const auto validity :
         {TierValidity::kEndOfYear, TierValidity::kEndOfNextYear, TierValidity::kMonths,
          TierValidity::kWhileQualified, TierValidity::kEndOfMembershipYear,
          TierValidity::kEndOfNextMembershipYear}) {
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

// Wherever she stands, and whatever the policy: what was bought and returned gains nothing.
TEST(Tier, buying_and_returning_at_once_changes_no_level) {
  const auto zone = *TimeZone::load("Europe/Rome");
  for (auto policy : policies()) {
    policy.on_return = TierOnReturn::kImmediate;
    policy.crossing = TierCrossing::kNextPurchase;
    const TierRules rules{policy, zone};
    for (unsigned seed = 1; seed <= 8; ++seed) {
      std::mt19937_64 random(seed);
      auto state = initial_tier(rules, at("2025-01-01"));
      for (const auto& event : random_events(random)) {
        const auto before = advance_tier(rules, state, event.at).level;
        auto tried = fold_tier(rules, state, {event.at, 6'000'00, event.at});
        tried = fold_tier(rules, std::move(tried), {event.at, -6'000'00, event.at});
        EXPECT_EQ(tried.level, before) << to_text(event.at);
        state = fold_tier(rules, std::move(state), event);
      }
    }
  }
}

// Each day by itself: what counts, from the list of all sales.
TEST(Tier, a_window_holds_the_sales_of_its_days) {
  const auto zone = *TimeZone::load("Europe/Rome");
  for (const auto& policy : policies()) {
    std::mt19937_64 random(3);
    const TierRules rules{policy, zone};
    const auto events = random_events(random);
    const auto state = folded(rules, events);
    const Date enrolled = zone.local_date(at("2025-01-01"));
    for (Date day = zone.local_date(state.last_event); day < enrolled + std::chrono::days(1'500);
         day += std::chrono::days(17)) {
      std::int64_t sum = 0;
      for (const auto& event : events) {
        const Date sold = zone.local_date(event.spend_at);
        bool counts = true;
        switch (policy.window) {
          case TierWindow::kCalendarYear:
          case TierWindow::kMembershipYear:  // she enrolled on 1 January
            counts = start_of(CalendarUnit::kYear, sold) == start_of(CalendarUnit::kYear, day);
            break;
          case TierWindow::kRollingMonths:
            counts = sold > add_months(day, -policy.window_length);
            break;
          case TierWindow::kRollingDays:
            counts = sold > add_days(day, -policy.window_length);
            break;
          case TierWindow::kLifetime: break;
        }
        if (counts) sum += event.delta_minor;
      }
      EXPECT_EQ(window_spend(rules, state, zone.start_of_day(day)), sum) << to_text(day);
    }
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
