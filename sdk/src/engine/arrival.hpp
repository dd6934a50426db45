#pragma once
// Late, early, or in time.

#include "engine/session.hpp"
#include "laurel/transaction.hpp"

namespace laurel::engine {

// When a transaction counts as having happened, and whether a person must look at it first.
struct Arrival {
  Instant event_time;
  bool untimely = false;
};

Arrival arrival_of(const Unit& unit, const Transaction& document);

}  // namespace laurel::engine
