#pragma once
// The driver of a simulation: it reads the entries once, in order, in batches, and hands them to
// parts, each of which replays the members that are its own (engine/replay.hpp).

#include "engine/versions.hpp"
#include "laurel/simulation.hpp"
#include "store/store.hpp"

namespace laurel::engine {

// kInvalid; kCannotSimulate: where the period is empty (see below), a version is not stored, or a
// currency is not comparable.
Result<Simulation> simulate(const store::Store& store, const Versions& versions,
                            const Programme& next, const Simulate& how);
// Whether that is what the simulation found.
bool nothing_in_period(const Error& error);

}  // namespace laurel::engine
