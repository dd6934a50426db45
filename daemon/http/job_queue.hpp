#pragma once
// A bounded queue from one producer to several workers.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace laurel::daemon::http {

template <class Job>
class JobQueue {
 public:
  explicit JobQueue(std::size_t size_max) : size_max_(size_max) {}

  // False, and the job stays with the caller, if the queue is full or closed.
  bool try_push(Job& job) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || jobs_.size() >= size_max_) return false;
      jobs_.push_back(std::move(job));
    }
    ready_.notify_one();
    return true;
  }

  // Waits for a job; nothing once the queue is closed.
  std::optional<Job> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (closed_) return std::nullopt;
    std::optional<Job> job(std::move(jobs_.front()));
    jobs_.pop_front();
    return job;
  }

  // Drops what waits and lets the workers go.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      jobs_.clear();
    }
    ready_.notify_all();
  }

 private:
  std::size_t size_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  bool closed_ = false;
};

}  // namespace laurel::daemon::http
