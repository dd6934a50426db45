#pragma once
// How often a client may be wrong about a voucher: ten times in a minute, then it has to wait. Only
// tries that failed count, so that a busy till is never held up. Any thread.

#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace laurel::daemon {

class Attempts {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  bool may_try(const std::string& client, Moment now);
  void failed(const std::string& client, Moment now);
  void forget();

 private:
  static constexpr std::size_t kPerMinute = 10;
  static constexpr std::size_t kClientsMax = 100'000;  // then all of them begin anew
  void drop_old(std::deque<Moment>& failures, Moment now) const;

  std::mutex mutex_;
  std::unordered_map<std::string, std::deque<Moment>> failures_;
};

}  // namespace laurel::daemon
