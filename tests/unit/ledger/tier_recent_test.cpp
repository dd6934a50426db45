// The list of latest events against the fold over all of them: the same to the last field.

#include "ledger/tier_recent.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/check.hpp"

namespace laurel::ledger {
namespace {

Instant at(std::string_view text) { return *parse_instant(text); }

TierPolicy policy_of(TierWindow window, std::int64_t gold_from) {
  TierPolicy policy;
  policy.window = window;
  policy.window_length = window == TierWindow::kRollingDays ? 40 : 2;
  policy.valid_until = TierValidity::kWhileQualified;
  policy.levels = {{"silver", 0}, {"gold", gold_from}, {"black", 5 * gold_from}};
  return policy;
}

// Two versions of a programme, and all that ever happened to a member under them.
class History {
 public:
  explicit History(TierWindow window)
      : policies_{policy_of(window, 1'000'00), policy_of(window, 800'00)} {}

  TierRulesOf rules() const {
    return [this](std::int64_t version) -> Result<TierRules> {
      LAUREL_CHECK(version == 1 || version == 2, "no such version");
      return TierRules{policies_[static_cast<std::size_t>(version - 1)], zone_};
    };
  }

  TierState initial() const {
    return initial_tier({policies_[0], zone_}, at("2025-01-01T00:00:00Z"));
  }

  // All events up to the moment, in the order of time and, within a moment, of arrival.
  TierState folded(Instant until) const {
    auto sorted = arrived;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    auto state = initial();
    for (const auto& event : sorted) {
      if (event.at > until) break;
      const TierRules rules{policies_[static_cast<std::size_t>(event.version - 1)], zone_};
      state = fold_tier(rules, std::move(state), tier_event(event));
    }
    return state;
  }

  std::vector<RecentTierEvent> arrived;

 private:
  TimeZone zone_ = *TimeZone::load("Europe/Rome");
  TierPolicy policies_[2];
};

// Sales, returns and grants about `when`; many at the very same moment.
RecentTierEvent random_event(std::mt19937_64& random, Instant when) {
  RecentTierEvent event;
  event.at = event.spend_at = when - std::chrono::hours(random() % 12 * 24);
  event.version = static_cast<std::int64_t>(random() % 2) + 1;
  event.delta_minor = static_cast<std::int64_t>(random() % 300'00);
  if (random() % 4 == 0) {
    event.spend_at -= std::chrono::hours(random() % 1'000);
    event.delta_minor = -event.delta_minor;
  }
  if (random() % 10 == 0) {
    event.delta_minor = 0;
    event.granted = random() % 2 == 0 ? "gold" : "black";
    if (random() % 2 == 0) event.granted_until = when + std::chrono::hours(random() % 1'000);
  }
  return event;
}

class RecentTierOrders : public testing::TestWithParam<TierWindow> {};

TEST_P(RecentTierOrders, whatever_it_reaches_is_as_if_everything_were_folded_again) {
  const RecentTierLimits limits{.segments_max = 3, .events_max = 4, .entries_min = 1};
  int late = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    std::mt19937_64 random(seed);
    History history(GetParam());
    RecentTier recent{{history.initial(), {}}};
    auto state = history.initial();
    Instant when = at("2025-02-01T10:00:00Z");
    for (int i = 0; i < 120; ++i) {
      when += std::chrono::hours(random() % 3 * 24);
      const auto event = random_event(random, when);
      if (!reaches(recent, event.at)) continue;  // as the chain would have to be read
      history.arrived.push_back(event);
      if (event.at >= state.last_event) {
        state = *extend(recent, std::move(state), {&event, 1}, history.rules(), limits);
      } else {
        ++late;
        auto then = *tier_then(recent, event.at, history.rules());
        state = *insert(recent, std::move(then), event, history.rules(), limits);
      }
      ASSERT_EQ(state, history.folded(kNever)) << "seed " << seed << " event " << i;
      ASSERT_LE(recent.size(), limits.segments_max);
      for (const auto& segment : recent) ASSERT_LE(segment.events.size(), limits.events_max);
    }
  }
  EXPECT_GT(late, 200);
}

TEST_P(RecentTierOrders, every_moment_it_reaches_can_be_asked_for) {
  std::mt19937_64 random(3);
  History history(GetParam());
  for (int i = 0; i < 60; ++i) {
    history.arrived.push_back(
        random_event(random, at("2025-02-01T10:00:00Z") + std::chrono::hours(i * 20)));
  }
  std::stable_sort(history.arrived.begin(), history.arrived.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  RecentTier recent{{history.initial(), {}}};
  const RecentTierLimits limits{.segments_max = 3, .events_max = 5, .entries_min = 1};
  const auto last = *extend(recent, history.initial(), history.arrived, history.rules(), limits);
  EXPECT_FALSE(reaches(recent, recent.front().before.last_event - Duration{1}));
  for (Instant then = recent.front().before.last_event; then < last.last_event;
       then += std::chrono::hours(5)) {
    EXPECT_EQ(tier_then(recent, then, history.rules())->state, history.folded(then));
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, RecentTierOrders,
                         testing::Values(TierWindow::kCalendarYear, TierWindow::kRollingMonths,
                                         TierWindow::kRollingDays, TierWindow::kLifetime),
                         [](const auto& row) { return std::to_string(row.index); });

TEST(RecentTier, a_version_that_is_not_stored_is_an_error) {
  History history(TierWindow::kCalendarYear);
  RecentTier recent{{history.initial(), {}}};
  const auto moment = at("2025-02-01T10:00:00Z");
  const std::vector<RecentTierEvent> events{{moment, 100, moment, "", kNever, 3}};
  const auto state = extend(recent, history.initial(), events, history.rules());
  ASSERT_FALSE(state.ok());
  EXPECT_EQ(state.error().code, ErrorCode::kInvariantBroken);
}

TEST(RecentTier, nothing_is_reached_without_a_list) {
  EXPECT_FALSE(reaches({}, at("2025-02-01T10:00:00Z")));
}

}  // namespace
}  // namespace laurel::ledger
