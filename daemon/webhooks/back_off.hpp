#pragma once
// How long a receiver that failed is left alone.

#include <chrono>
#include <cstdint>

namespace laurel::daemon {

inline constexpr std::chrono::milliseconds kBackOffFirst{250};
inline constexpr std::chrono::milliseconds kBackOffMax = std::chrono::minutes(5);
inline constexpr std::chrono::seconds kRetryAfterMax = std::chrono::hours(1);

// Twice as long after each of `failures` in a row, up to kBackOffMax, less up to a half of it by
// `jitter`, of which any value is as likely. Never less than what the receiver asked for, up to
// kRetryAfterMax.
std::chrono::milliseconds back_off(std::int64_t failures, std::uint32_t jitter,
                                   std::chrono::seconds retry_after);

}  // namespace laurel::daemon
