#include "store/commit_queue.hpp"

#include <algorithm>
#include <utility>

namespace laurel::store {
namespace {

// A leader whose own units are done goes on up to this number of batches: handing the lead on costs
// a thread's wake-up, during which nothing is written.
constexpr int kBatchesLed = 4;

}  // namespace

CommitQueue::CommitQueue(std::size_t batch_max, std::function<void(Batch&)> run,
                         std::function<void()> settle)
    : batch_max_(std::max<std::size_t>(batch_max, 1)),
      run_(std::move(run)),
      settle_(std::move(settle)) {}

// Under the mutex to the end: the caller that is woken takes the signal with it.
void CommitQueue::Signal::give() {
  const std::lock_guard lock(mutex_);
  given_ = true;
  given_changed_.notify_one();
}

void CommitQueue::Signal::wait() {
  std::unique_lock lock(mutex_);
  given_changed_.wait(lock, [this] { return given_; });
}

std::vector<Result<void>> CommitQueue::submit(std::span<const UnitOfWork> units) {
  if (units.empty()) return {};
  Caller self{.units = units, .results = std::vector<Result<void>>(units.size())};
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(&self);
    first = !std::exchange(led_, true);
  }
  if (!first) self.woken.wait();
  if (first || self.leads) lead(self);
  return std::move(self.results);
}

std::size_t CommitQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void CommitQueue::lead(Caller& self) {
  bool done = false;
  for (int led = 0; !done || led < kBatchesLed; ++led) {
    batch_.clear();
    callers_ = 0;
    if (!gather()) break;
    Batch batch(*this);
    run_(batch);
    done = answer(self) || done;
    settle_();
  }
  Caller* next = nullptr;
  {
    const std::lock_guard lock(mutex_);
    led_ = !waiting_.empty();
    if (led_) next = waiting_.front();
  }
  if (next == nullptr) return;
  next->leads = true;
  next->woken.give();
}

// A caller with many units may be spread over several batches; it keeps its place at the front.
bool CommitQueue::gather() {
  const std::size_t before = batch_.size();
  if (before == batch_max_) return false;
  const std::lock_guard lock(mutex_);
  for (Caller* caller : waiting_) {
    if (caller->taken < caller->units.size()) ++callers_;
    while (caller->taken < caller->units.size() && batch_.size() < batch_max_) {
      batch_.push_back(
          {.unit = &caller->units[caller->taken], .result = &caller->results[caller->taken]});
      ++caller->taken;
    }
    if (batch_.size() == batch_max_) break;
  }
  return batch_.size() > before;
}

// Wakes the callers whose last unit was in the batch; whether the leader is one of those. A caller
// that has been woken is gone.
bool CommitQueue::answer(const Caller& self) {
  answered_.clear();
  {
    const std::lock_guard lock(mutex_);
    while (!waiting_.empty() && waiting_.front()->taken == waiting_.front()->units.size()) {
      answered_.push_back(waiting_.front());
      waiting_.pop_front();
    }
  }
  bool own = false;
  for (Caller* caller : answered_) {
    if (caller == &self) {
      own = true;
    } else {
      caller->woken.give();
    }
  }
  return own;
}

}  // namespace laurel::store
