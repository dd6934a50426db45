#include "app/attempts.hpp"

namespace laurel::daemon {

void Attempts::drop_old(std::deque<Moment>& failures, Moment now) const {
  while (!failures.empty() && now - failures.front() >= std::chrono::minutes(1)) {
    failures.pop_front();
  }
}

bool Attempts::may_try(const std::string& client, Moment now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(client);
  if (found == failures_.end()) return true;
  drop_old(found->second, now);
  if (!found->second.empty()) return found->second.size() < kPerMinute;
  failures_.erase(found);
  return true;
}

void Attempts::failed(const std::string& client, Moment now) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= kClientsMax) failures_.clear();
  auto& failures = failures_[client];
  drop_old(failures, now);
  failures.push_back(now);
}

void Attempts::forget() {
  const std::lock_guard lock(mutex_);
  failures_.clear();
}

}  // namespace laurel::daemon
