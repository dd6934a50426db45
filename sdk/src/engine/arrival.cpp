#include "engine/arrival.hpp"

namespace laurel::engine {

Arrival arrival_of(const Unit& unit, const Transaction& document) {
  if (!document.at) return {unit.now};
  const Instant at = *document.at;
  const auto& compiled = unit.in_force(at);
  const ArrivalPolicy& policy = compiled.arrivals;
  if (at > unit.now + policy.clock_tolerance) {
    if (policy.from_future == Untimely::kValue) return {unit.now};
    return {at, true};
  }
  if (policy.max_lateness_days > 0) {
    const Date today = compiled.zone.local_date(unit.now);
    const Date day = compiled.zone.local_date(at);
    if (day < add_days(today, -policy.max_lateness_days)) {
      return {at, policy.too_late == Untimely::kReview};
    }
  }
  return {at};
}

}  // namespace laurel::engine
