#pragma once
// Which days count together, and how long a level holds that was reached on a day. Days are local.

#include "ledger/tier.hpp"

namespace laurel::ledger {

// The level's id; "" for -1, which needs less than anybody has.
std::string level_id(const TierPolicy& policy, int index);
std::int64_t threshold(const TierPolicy& policy, int index);

// The day under which something counted at `at` is kept: its own, or the first of its year where
// only whole years matter.
Date bucket_of(const TierRules& rules, const TierState& state, Instant at);
void count(TierState& state, Date bucket, std::int64_t minor);

// The first day that counts together with `day`.
Date window_start(const TierRules& rules, const TierState& state, Date day);
// What counts on `day`.
std::int64_t spend_on(const TierRules& rules, const TierState& state, Date day);
// The last day on which all that counts on `day` still does; Date::max().
Date counts_until(const TierRules& rules, const TierState& state, Date day);

// The last day of the year of membership that `day` lies in, or of a later one.
Date end_of_membership_year(const TierRules& rules, const TierState& state, Date day,
                            int years_later = 0);

// Until when a level reached, or reached again, on `day` is valid; exclusive.
Instant validity_end(const TierRules& rules, const TierState& state, Date day, int level);
// The end of a validity, put off by the days of grace.
Instant with_grace(const TierRules& rules, Instant until);
// When the level is decided again.
Instant decision_time(const TierRules& rules, const TierState& state);
// The days whose windows then decide, the better of them, and the last day before the decision.
struct Judged {
  std::vector<Date> days;
  Date by;
};
Judged judged_by(const TierRules& rules, const TierState& state);

}  // namespace laurel::ledger
