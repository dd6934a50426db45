#include "store/commit_queue.hpp"

#include <algorithm>
#include <utility>

namespace laurel::store {
namespace {

// A leader whose own units are done goes on up to this number of batches: handing the lead on costs
// a thread's wake-up, during which nothing is written.
constexpr int kBatchesLed = 4;

}  // namespace

CommitQueue::CommitQueue(std::size_t batch_max, std::function<void(std::span<const Job>)> run,
                         std::function<void()> settle)
    : batch_max_(std::max<std::size_t>(batch_max, 1)),
      run_(std::move(run)),
      settle_(std::move(settle)) {}

std::vector<Result<void>> CommitQueue::submit(std::span<const UnitOfWork> units) {
  if (units.empty()) return {};
  Caller self{.units = units, .results = std::vector<Result<void>>(units.size())};
  {
    std::unique_lock lock(mutex_);
    waiting_.push_back(&self);
    if (led_) self.woken.wait(lock, [&self] { return self.wake != Wake::kNotYet; });
    if (self.wake == Wake::kDone) return std::move(self.results);
    led_ = true;
  }
  lead(self);
  return std::move(self.results);
}

std::size_t CommitQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void CommitQueue::lead(Caller& self) {
  bool done = false;
  for (int led = 0; !done || led < kBatchesLed; ++led) {
    gather();
    if (batch_.empty()) break;
    run_(batch_);
    done = answer(self) || done;
    settle_();
  }
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    led_ = false;
    return;
  }
  waiting_.front()->wake = Wake::kLead;
  waiting_.front()->woken.notify_one();
}

// A caller with many units may be spread over several batches; it keeps its place at the front.
void CommitQueue::gather() {
  batch_.clear();
  const std::lock_guard lock(mutex_);
  for (Caller* caller : waiting_) {
    while (caller->taken < caller->units.size() && batch_.size() < batch_max_) {
      batch_.push_back(
          {.unit = &caller->units[caller->taken], .result = &caller->results[caller->taken]});
      ++caller->taken;
    }
    if (batch_.size() == batch_max_) break;
  }
}

// Wakes the callers whose last unit was in the batch. Under the mutex, since a caller that has
// been woken takes its condition variable with it.
bool CommitQueue::answer(const Caller& self) {
  bool own = false;
  const std::lock_guard lock(mutex_);
  while (!waiting_.empty() && waiting_.front()->taken == waiting_.front()->units.size()) {
    Caller& caller = *waiting_.front();
    waiting_.pop_front();
    if (&caller == &self) {
      own = true;
    } else {
      caller.wake = Wake::kDone;
      caller.woken.notify_one();
    }
  }
  return own;
}

}  // namespace laurel::store
