#include "store/commit_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace laurel::store {
namespace {

const UnitOfWork kUnit = [](const View&, const NextIds&) -> Result<Change> { return Change{}; };

// Answers each unit with its place in the order of all units, as an error's text.
struct Counter {
  explicit Counter(std::size_t batch_max)
      : queue(
            batch_max, [this](auto& batch) { run(batch.jobs()); }, [this] { ++settled; }) {}

  void run(std::span<const CommitQueue::Job> jobs) {
    EXPECT_FALSE(inside.exchange(true));
    batches.push_back(jobs.size());
    for (const auto& job : jobs) {
      *job.result = Error{ErrorCode::kInvalid, std::to_string(units++)};
    }
    inside = false;
  }

  CommitQueue queue;
  std::atomic<bool> inside = false;
  std::vector<std::size_t> batches;
  int units = 0, settled = 0;
};

TEST(CommitQueue, nothing_to_do_is_done_at_once) {
  Counter counter(8);
  EXPECT_TRUE(counter.queue.submit({}).empty());
  EXPECT_TRUE(counter.batches.empty());
}

TEST(CommitQueue, many_units_of_one_caller_keep_their_order_over_several_batches) {
  Counter counter(4);
  const std::vector<UnitOfWork> units(10, kUnit);
  const auto results = counter.queue.submit(units);
  for (std::size_t i = 0; i < units.size(); ++i) {
    EXPECT_EQ(results[i].error().detail, std::to_string(i));
  }
  EXPECT_EQ(counter.batches, (std::vector<std::size_t>{4, 4, 2}));
  EXPECT_EQ(counter.settled, 3);
}

TEST(CommitQueue, every_caller_is_answered_and_one_batch_runs_at_a_time) {
  Counter counter(16);
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 64; ++caller) {
      callers.emplace_back([&, caller] {
        const std::vector<UnitOfWork> units(static_cast<std::size_t>(caller % 3 + 1), kUnit);
        for (int i = 0; i < 100; ++i) {
          const auto results = counter.queue.submit(units);
          int before = -1;
          for (const auto& result : results) {
            const int place = std::stoi(result.error().detail);
            EXPECT_GT(place, before);
            before = place;
          }
          answered += static_cast<int>(results.size());
        }
      });
    }
  }
  EXPECT_EQ(answered, counter.units);
}

TEST(CommitQueue, those_who_wait_share_a_batch) {
  std::atomic<bool> open = false;
  std::vector<std::size_t> batches;
  CommitQueue queue(
      64,
      [&](auto& batch) {
        batches.push_back(batch.jobs().size());
        while (!open) std::this_thread::yield();
      },
      [] {});
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 10; ++i) {
      callers.emplace_back([&] { EXPECT_TRUE(queue.submit({&kUnit, 1})[0]); });
    }
    while (queue.waiting() < 10) std::this_thread::yield();
    open = true;
  }
  EXPECT_LE(batches.size(), 3u);
}

TEST(CommitQueue, those_who_come_while_a_batch_runs_join_it_until_it_is_full) {
  std::vector<std::size_t> batches;
  CommitQueue* waited_for = nullptr;
  CommitQueue queue(
      4,
      [&](auto& batch) {
        while (waited_for->waiting() < 6 && batches.empty()) std::this_thread::yield();
        while (batch.join()) EXPECT_LE(batch.jobs().size(), 4u);
        batches.push_back(batch.jobs().size());
        for (const auto& job : batch.jobs()) *job.result = Error{ErrorCode::kInvalid, "ran"};
      },
      [] {});
  waited_for = &queue;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 6; ++i) {
      callers.emplace_back([&] { EXPECT_FALSE(queue.submit({&kUnit, 1})[0]); });
    }
  }
  EXPECT_EQ(batches, (std::vector<std::size_t>{4, 2}));
}

}  // namespace
}  // namespace laurel::store
