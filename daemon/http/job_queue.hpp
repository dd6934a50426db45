#pragma once
// A bounded queue from one producer to several workers that may block in a job.
//
// Waking a thread costs more than a short job. So at most one worker is on its way at any time: it
// wakes the next if it finds more than one job, and workers that are awake take the rest. A job
// that blocks holds up nobody, because the next worker is woken before it begins. The worker that
// slept last is woken first: its memory is still in the processor's cache.

#include <semaphore.h>

#include <cerrno>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace laurel::daemon::http {

template <class Job>
class JobQueue {
 public:
  // One for each worker; what it sleeps on. A semaphore, because who wakes from a condition
  // variable takes the mutex as if others waited for it, and its unlock is a system call.
  class Bed {
   public:
    Bed() { sem_init(&risen_, 0, 0); }
    ~Bed() { sem_destroy(&risen_); }
    Bed(const Bed&) = delete;
    Bed& operator=(const Bed&) = delete;

   private:
    friend class JobQueue;
    void sleep() {
      while (sem_wait(&risen_) != 0 && errno == EINTR) {
      }
    }
    void wake() { sem_post(&risen_); }
    sem_t risen_;
  };

  explicit JobQueue(std::size_t size_max) : size_max_(size_max) {}

  // False, and the job stays with the caller, if the queue is full or closed.
  bool try_push(Job& job) {
    Bed* next = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || jobs_.size() >= size_max_) return false;
      jobs_.push_back(std::move(job));
      next = choose();
    }
    if (next != nullptr) next->wake();
    return true;
  }

  // Waits for a job; nothing once the queue is closed.
  std::optional<Job> pop(Bed& bed) {
    std::unique_lock lock(mutex_);
    while (jobs_.empty() && !closed_) sleep(bed, lock);
    if (closed_) return std::nullopt;
    std::optional<Job> job(std::move(jobs_.front()));
    jobs_.pop_front();
    Bed* const next = jobs_.empty() ? nullptr : choose();
    lock.unlock();
    if (next != nullptr) next->wake();
    return job;
  }

  // Drops what waits and lets the workers go.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    jobs_.clear();
    for (Bed* bed : asleep_) bed->wake();
    asleep_.clear();
  }

 private:
  void sleep(Bed& bed, std::unique_lock<std::mutex>& lock) {
    asleep_.push_back(&bed);
    lock.unlock();
    bed.sleep();
    lock.lock();
    one_is_waking_ = false;
  }

  // Whom to wake, if anybody.
  Bed* choose() {
    if (one_is_waking_ || asleep_.empty()) return nullptr;
    Bed* const bed = asleep_.back();
    asleep_.pop_back();
    one_is_waking_ = true;
    return bed;
  }

  std::size_t size_max_;
  std::mutex mutex_;
  std::deque<Job> jobs_;
  std::vector<Bed*> asleep_;
  bool one_is_waking_ = false;
  bool closed_ = false;
};

}  // namespace laurel::daemon::http
