#pragma once
// Where a member stands, as a fold over what she spent. Pure: a policy, a state and an event give
// the next state, so that a late event is put in its place by folding again, and every order of
// arrival ends alike.
//
// Spend is counted in the window of the *sale* it belongs to: a return takes away from the window
// its sale counted in, and its consequence for the tier holds from the moment of the return. She
// then has the level that her other purchases are good for, as long as they are.
//
// A level granted until a date stands beside the one that she has reached: the higher one holds,
// and neither shortens the other. One granted without a date is held as if she had reached it.

#include <optional>
#include <span>
#include <string_view>

#include "base/calendar.hpp"
#include "laurel/policy.hpp"
#include "laurel/receipt.hpp"
#include "ledger/member.hpp"

namespace laurel::ledger {

struct TierRules {
  const TierPolicy& policy;
  const TimeZone& zone;
};

// One thing that can move a tier.
struct TierEvent {
  Instant at;
  std::int64_t delta_minor = 0;  // of the metric, negative for what was taken back
  Instant spend_at;              // the moment of the sale it counts for
  std::string granted = {};      // a level given by hand or by a rule …
  Instant granted_until = kNever;
  std::string taken_back = {};  // a level given at `spend_at`, which is hers no longer
};

// The end of a level that a rule gives for good. It stands beside the one she earns, like any other
// with an end; kNever would say: as long as it would hold had she reached it.
inline constexpr Instant kForGood{std::chrono::sys_days{std::chrono::year(10'000) / 1 / 1}};

// The state of somebody who has spent nothing, from a moment on: that of her enrolment, or of
// something that happened before it.
TierState initial_tier(const TierRules& rules, Instant from, Instant enrolled_at);
inline TierState initial_tier(const TierRules& rules, Instant enrolled_at) {
  return initial_tier(rules, enrolled_at, enrolled_at);
}

// Carries the state forward to `at`: upgrades that begin to hold, validities that end. Idempotent;
// returns the state unchanged where `at` is not after what it was advanced to before.
TierState advance_tier(const TierRules& rules, TierState state, Instant at);

// Requires event.at >= state.last_event.
TierState fold_tier(const TierRules& rules, TierState state, const TierEvent& event);

// The level that holds at `at`, reached or granted; empty: below the first. `state` must have been
// advanced to `at`.
std::string_view held_level(const TierRules& rules, const TierState& state, Instant at);

// What counts in the window that `at` lies in.
std::int64_t window_spend(const TierRules& rules, const TierState& state, Instant at);

// `state` must have been advanced to `at`.
TierStanding tier_standing(const TierRules& rules, const TierState& state, Instant at);

// Index into policy.levels; -1: none, or a level the policy does not know.
int level_index(const TierPolicy& policy, std::string_view id);
// The highest level whose threshold the spend reaches; -1: below the first.
int qualified_level(const TierPolicy& policy, std::int64_t spend_minor);

}  // namespace laurel::ledger
