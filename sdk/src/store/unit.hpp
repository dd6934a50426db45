#pragma once
// What every store does with a unit of work before it writes anything.

#include "store/store.hpp"

namespace laurel::store {

// Runs it; what it throws becomes kBroken.
Result<Change> plan(const UnitOfWork& unit, const View& view, const NextIds& next);

// kInvariantBroken unless the entries are numbered from `next` without gaps.
Result<void> check_numbers(const Change& change, const NextIds& next);

// The numbers after `change`.
NextIds after(const Change& change, NextIds next);

}  // namespace laurel::store
