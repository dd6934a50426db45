#pragma once
// The writing connection: runs batches of units of work, each in one transaction, under the file
// lock.

#include <atomic>
#include <memory>
#include <optional>
#include <span>

#include "laurel/store.hpp"
#include "store/commit_queue.hpp"
#include "store/file_lock.hpp"
#include "store/sqlite_writer.hpp"

namespace laurel::store {

// One thread at a time, except where it says otherwise.
class SqliteBatch {
 public:
  SqliteBatch(std::unique_ptr<Database> database, FileLock lock, StoreOptions options);
  // Leaves all in the database file, if nobody else is using it at the moment.
  ~SqliteBatch();

  // Every result is filled in, and what was accepted is durable, on return.
  void run(CommitQueue::Batch& batch);
  // Checkpoint where the log has grown long, or long enough for a moment in which nobody waits; and
  // let others write.
  void settle(bool idle);
  // False after a commit whose outcome is unknown, or a failing disk. From any thread.
  bool writable() const { return writable_; }

 private:
  enum class Outcome : std::uint8_t { kSettled, kRefused };

  // Those of the batch, and all that join it; or, without a batch, these jobs alone.
  Outcome run_transaction(std::span<const CommitQueue::Job> jobs, CommitQueue::Batch* batch);
  Result<NextIds> begin();
  Result<bool> run_unit(const CommitQueue::Job& job, NextIds& next);
  bool commit(std::span<const CommitQueue::Job> jobs);
  void roll_back();
  void checkpoint(Checkpoint how, int wait_ms);
  void forget();
  int pages_max() const { return static_cast<int>(options_.checkpoint_pages); }
  void log_began(int pages);
  void probe(std::string_view step) const;
  void delay_sync() const;

  const StoreOptions options_;
  const std::unique_ptr<Database> database_;
  FileLock lock_;
  Names names_;
  SqliteView view_;
  SqliteWriter writer_;
  Statement begin_, commit_, rollback_;
  std::atomic<bool> writable_ = true;
  std::optional<NextIds> next_ids_;  // after the last commit, if the last transaction was committed
  int log_pages_seen_ = 0;
  // Lengths of the log: where the next checkpoint is due, and where already if nobody waits, for a
  // lone caller and for one of several.
  int checkpoint_at_ = 0, lone_checkpoint_at_ = 0, idle_checkpoint_at_ = 0;
  bool forgets_ = false;  // the transaction erased something
  bool several_ = false;  // callers in a batch, since the last checkpoint
};

}  // namespace laurel::store
