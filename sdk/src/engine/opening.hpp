#pragma once
// What a member had before: points with their dates, a level, and what counts for the tiers.

#include "engine/session.hpp"
#include "laurel/lots.hpp"

namespace laurel::engine {

// Marks entries of which nobody is told.
inline constexpr const char* kOpeningFlag = "opening";

Result<Opened> open_balance(Unit& unit, const Opening& opening);

}  // namespace laurel::engine
