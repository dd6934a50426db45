#include "webhooks/back_off.hpp"

#include <algorithm>

namespace laurel::daemon {

std::chrono::milliseconds back_off(std::int64_t failures, std::uint32_t jitter,
                                   std::chrono::seconds retry_after) {
  constexpr std::int64_t kDoublingsMax = 20;  // far beyond the longest, and no overflow
  const std::int64_t doublings = std::clamp<std::int64_t>(failures - 1, 0, kDoublingsMax);
  const auto whole = std::min(kBackOffFirst * (std::int64_t{1} << doublings), kBackOffMax);
  const auto less = whole.count() / 2 * static_cast<std::int64_t>(jitter) >> 32;
  const std::chrono::milliseconds asked =
      std::clamp(retry_after, std::chrono::seconds(0), kRetryAfterMax);
  return std::max(whole - std::chrono::milliseconds(less), asked);
}

}  // namespace laurel::daemon
