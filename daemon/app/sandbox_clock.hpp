#pragma once
// The sandbox's clock: the machine's until it is set, then it stands still. Any thread.

#include <mutex>
#include <optional>

#include "laurel/time.hpp"

namespace laurel::daemon {

class SandboxClock final : public Clock {
 public:
  Instant now() const override {
    const std::lock_guard lock(mutex_);
    return set_to_ ? *set_to_ : machine_.now();
  }
  void set(Instant now) {
    const std::lock_guard lock(mutex_);
    set_to_ = now;
  }

 private:
  SystemClock machine_;
  mutable std::mutex mutex_;
  std::optional<Instant> set_to_;
};

}  // namespace laurel::daemon
