#pragma once
// Group commit. Callers put their units of work in a queue; one of them leads: it runs what waits,
// a batch at a time, and what comes meanwhile too; answers the others after the batch's one sync,
// and hands the lead on soon after its own units are done. No thread of its own, and no waiting for
// a batch to fill.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "store/store.hpp"

namespace laurel::store {

class CommitQueue {
 public:
  struct Job {
    const UnitOfWork* unit;
    Result<void>* result;
  };
  // Of one leader, for as long as it is run.
  class Batch {
   public:
    explicit Batch(CommitQueue& queue) : queue_(queue) {}
    std::span<const Job> jobs() const { return queue_.batch_; }  // until the next join()
    // Appends those that have come meanwhile; false: there are none, or the batch is full.
    bool join() { return queue_.gather(); }
    // Whose they are.
    std::size_t callers() const { return queue_.callers_; }

   private:
    CommitQueue& queue_;
  };
  // `run` carries a batch out, with all that join it, and fills in the results; `settle` is called
  // after its callers were answered. Both are called by one thread at a time.
  CommitQueue(std::size_t batch_max, std::function<void(Batch&)> run, std::function<void()> settle);

  // Runs the units in the order given, and returns when all are done. From any thread.
  std::vector<Result<void>> submit(std::span<const UnitOfWork> units);

  std::size_t waiting() const;  // callers that are not answered yet

 private:
  // With a mutex of its own, so that those who are woken do not queue for the queue's.
  class Signal {
   public:
    void give();
    void wait();

   private:
    std::mutex mutex_;
    std::condition_variable given_changed_;
    bool given_ = false;
  };
  struct Caller {
    std::span<const UnitOfWork> units;
    std::vector<Result<void>> results;
    std::size_t taken = 0;  // handed to a batch
    bool leads = false;     // on waking: the lead is hers; else her units are done
    Signal woken = {};
  };

  void lead(Caller& self);
  bool gather();
  bool answer(const Caller& self);

  const std::size_t batch_max_;
  const std::function<void(Batch&)> run_;
  const std::function<void()> settle_;
  mutable std::mutex mutex_;
  std::deque<Caller*> waiting_;
  bool led_ = false;
  std::vector<Job> batch_;  // the leader's, as are the next
  std::size_t callers_ = 0;
  std::vector<Caller*> answered_;
};

}  // namespace laurel::store
