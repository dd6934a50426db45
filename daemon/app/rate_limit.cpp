#include "app/rate_limit.hpp"

#include <algorithm>

namespace laurel::daemon {

bool RateLimit::take(const std::string& key, Moment now) {
  if (per_second_ == 0) return true;
  const auto cost = std::chrono::nanoseconds(std::chrono::seconds(1)) / per_second_;
  const std::lock_guard lock(mutex_);
  Moment& full_at = full_at_[key];
  const Moment after = std::max(full_at, now) + cost;
  if (after - now > std::chrono::seconds(1)) return false;
  full_at = after;
  return true;
}

}  // namespace laurel::daemon
