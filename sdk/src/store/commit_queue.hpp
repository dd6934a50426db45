#pragma once
// Group commit. Callers put their units of work in a queue; one of them leads: it runs what waits,
// a batch at a time, answers the others after the batch's one sync, and hands the lead on soon
// after its own units are done. No thread of its own, and no waiting for a batch to fill.

#include <condition_variable>
#include <cstdint>
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
  // `run` carries a batch out and fills in its results; `settle` is called after its callers were
  // answered. Both are called by one thread at a time.
  CommitQueue(std::size_t batch_max, std::function<void(std::span<const Job>)> run,
              std::function<void()> settle);

  // Runs the units in the order given, and returns when all are done. From any thread.
  std::vector<Result<void>> submit(std::span<const UnitOfWork> units);

  std::size_t waiting() const;  // callers that are not answered yet

 private:
  enum class Wake : std::uint8_t { kNotYet, kDone, kLead };
  struct Caller {
    std::span<const UnitOfWork> units;
    std::vector<Result<void>> results;
    std::size_t taken = 0;  // handed to a batch
    Wake wake = Wake::kNotYet;
    std::condition_variable woken = {};
  };

  void lead(Caller& self);
  void gather();
  bool answer(const Caller& self);
  void run_batch();

  const std::size_t batch_max_;
  const std::function<void(std::span<const Job>)> run_;
  const std::function<void()> settle_;
  mutable std::mutex mutex_;
  std::deque<Caller*> waiting_;
  bool led_ = false;
  std::vector<Job> batch_;  // the leader's
};

}  // namespace laurel::store
