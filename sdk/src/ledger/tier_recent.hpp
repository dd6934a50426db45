#pragma once
// The latest events of a tier beside the states before them. An event that comes a little late is
// put in its place by folding again from the state before it, instead of from the member's whole
// chain of entries; what stands afterwards is the same to the last field.
//
// Kept only for members whose chain is long and who have had a late event, so that everybody else
// pays nothing. Segments follow each other: the `before` of one is the state after all events of
// the one before it.

#include <functional>
#include <span>

#include "ledger/tier.hpp"

namespace laurel::ledger {

struct RecentTierLimits {
  std::size_t segments_max = 4;   // the oldest is forgotten
  std::size_t events_max = 64;    // of one segment
  std::size_t entries_min = 128;  // of a chain that is worth it
};

TierEvent tier_event(const RecentTierEvent& event);

// The tiers of a version of the programme, by its number; an error where there is none.
using TierRulesOf = std::function<Result<TierRules>(std::int64_t version)>;

// The state just after everything up to some moment, and how many events of which segment that is.
struct TierThen {
  TierState state;
  std::size_t segment = 0;
  std::size_t events = 0;
};

// Whether the list alone says how things stood at `at`.
bool reaches(const RecentTier& recent, Instant at);

// Requires reaches(recent, at).
Result<TierThen> tier_then(const RecentTier& recent, Instant at, const TierRulesOf& rules);

// The events of the list after `then`.
std::vector<RecentTierEvent> after(const RecentTier& recent, const TierThen& then);

// Whether the level is the same at every moment after `event` with it and without it, all else
// alike. `then` is the state just before it, `later` what follows.
Result<bool> same_levels(const TierState& then, const RecentTierEvent& event,
                         std::span<const RecentTierEvent> later, const TierRulesOf& rules);

// Folds `events`, none of which is before the state or the list's last event, into `state`, and
// appends them to the list, which is not empty. Returns the state after them.
Result<TierState> extend(RecentTier& recent, TierState state,
                         std::span<const RecentTierEvent> events, const TierRulesOf& rules,
                         const RecentTierLimits& limits = {});

// Puts the event in its place: after all that `then`, the state at its moment, has folded in.
// Returns the state after the last event.
Result<TierState> insert(RecentTier& recent, TierThen then, RecentTierEvent event,
                         const TierRulesOf& rules, const RecentTierLimits& limits = {});

}  // namespace laurel::ledger
