#pragma once
// Moments as people type them.

#include <optional>
#include <string>

#include "laurel/programme.hpp"

namespace laurel::daemon::cli {

// "2026-12-01T09:00:00Z", or "2026-12-01": the start of that day in the programme's zone; with
// `last_day` the end of it (exclusive). kInvalid.
Result<Instant> moment_of(const std::string& text, const Programme& programme,
                          bool last_day = false);
// Nothing where nothing was typed.
Result<std::optional<Instant>> optional_moment(const std::string& text, const Programme& programme);

}  // namespace laurel::daemon::cli
