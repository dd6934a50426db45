#pragma once
// A token bucket for each key: a second's worth at once, then the rate. Any thread.

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace laurel::daemon {

class RateLimit {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit RateLimit(std::uint32_t requests_per_second)
      : per_second_(requests_per_second) {}  // 0: none
  // Whether one more request of `key` fits.
  bool take(const std::string& key, Moment now);

 private:
  // The moment at which the bucket will be full again says all there is to know about it.
  std::uint32_t per_second_;
  std::mutex mutex_;
  std::unordered_map<std::string, Moment> full_at_;
};

}  // namespace laurel::daemon
