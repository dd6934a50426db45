#pragma once
// What a programme must pass before it is put in force.

#include <functional>
#include <optional>
#include <vector>

#include "laurel/error.hpp"
#include "laurel/programme.hpp"
#include "laurel/simulation.hpp"
#include "programme/publishing_policy.hpp"

namespace laurel::engine {

// What the programme and the version in force ask for, whichever asks for more. `in_force` is null
// where nothing is.
programme::PublishingPolicy policy_of(const Programme& programme, const Programme* in_force);

// One fault for each case that fails.
std::vector<FieldFault> failed_cases(const Programme& programme);
// One for each limit that the simulation exceeds.
std::vector<FieldFault> exceeded_limits(const Simulation& simulation,
                                        const programme::PublishingLimits& limits,
                                        const Programme& programme);
// What to answer when gates failed; nullopt: none did.
std::optional<Error> refusal(std::vector<FieldFault> cases, std::vector<FieldFault> limits);

}  // namespace laurel::engine
