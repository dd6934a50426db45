#pragma once
// What a programme asks of whoever puts the next version in force.

#include <cstdint>
#include <optional>

#include "money/rate.hpp"

namespace laurel::programme {

struct PublishingLimits {
  std::optional<std::int64_t> cost_minor = {};       // programme currency
  std::optional<Fraction> more_points = {};          // 15% is 3/20
  std::optional<std::int64_t> largest_receipt = {};  // whole points of the first wallet
  std::optional<std::int64_t> members_down = {};
  bool any() const { return cost_minor || more_points || largest_receipt || members_down; }
};

struct PublishingPolicy {
  std::int64_t approvals = 1;  // people, the publisher included
  int simulate_days = 0;       // 0: nothing is simulated
  PublishingLimits at_most = {};
};

}  // namespace laurel::programme
