#include "store/sqlite_batch.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/try.hpp"
#include "store/unit.hpp"

namespace laurel::store {
namespace {

constexpr std::chrono::milliseconds kLockWait{10'000};
// The log is overgrown beyond so many times the length at which it is checkpointed; then writers
// wait for those who read at the moment, but not for one who reads for long.
constexpr int kOvergrown = 2;
constexpr int kForgetWaitMs = 2'000;
constexpr int kReadersWaitMs = 100;
// A checkpoint holds up whoever comes while it runs. Where nobody waits, the log is checkpointed at
// this part of its length already, so that there are more of them and each is short. A lone caller,
// who never waits for another, is held up by all of them: for her they are few.
constexpr int kIdlePart = 40;
constexpr int kLonePart = 2;

void answer_all(std::span<const CommitQueue::Job> jobs, const Error& error) {
  for (const auto& job : jobs) *job.result = error;
}

}  // namespace

SqliteBatch::SqliteBatch(std::unique_ptr<Database> database, FileLock lock, StoreOptions options)
    : options_(std::move(options)),
      database_(std::move(database)),
      lock_(std::move(lock)),
      names_(*database_),
      view_(*database_, names_),
      writer_(*database_, names_, view_, options_.probe),
      begin_(*database_, "BEGIN IMMEDIATE"),
      commit_(*database_, "COMMIT"),
      rollback_(*database_, "ROLLBACK") {
  log_began(0);
}

SqliteBatch::~SqliteBatch() {
  if (!writable_) return;
  if (!lock_.acquire(std::chrono::milliseconds(0))) return;
  checkpoint(Checkpoint::kTruncate, 0);
  lock_.release();
}

void SqliteBatch::run(CommitQueue::Batch& batch) {
  if (!writable_) {
    return answer_all(batch.jobs(),
                      {ErrorCode::kReadOnly, "the store has failed; restart to go on"});
  }
  if (const auto locked = lock_.acquire(kLockWait); !locked) {
    return answer_all(batch.jobs(), locked.error());
  }
  if (run_transaction(batch.jobs(), &batch) == Outcome::kRefused) {
    for (const auto& job : batch.jobs()) static_cast<void>(run_transaction({&job, 1}, nullptr));
  }
  several_ = several_ || batch.callers() > 1;
  const int pages = database_->log_pages();
  if (pages < log_pages_seen_) log_began(0);
  log_pages_seen_ = pages;
  // Else settle() may need it.
  if (pages < (several_ ? idle_checkpoint_at_ : lone_checkpoint_at_)) lock_.release();
}

void SqliteBatch::settle(bool idle) {
  if (!lock_.held()) return;
  if (idle || log_pages_seen_ >= checkpoint_at_) {
    // Where somebody is always reading, the log would never start anew by itself.
    const bool overgrown = log_pages_seen_ > kOvergrown * pages_max();
    checkpoint(overgrown ? Checkpoint::kRestart : Checkpoint::kPassive, kReadersWaitMs);
    // The next commit starts the log anew, unless a reader was in the way: then no sooner than
    // this.
    log_began(log_pages_seen_);
    checkpoint_at_ = log_pages_seen_ + std::max(1, pages_max() / 4);
    several_ = false;
  }
  lock_.release();
}

// After a failed write or sync the system may believe its pages clean, so nothing is tried twice:
// writing stops. kRefused: a constraint stood against one of several units, and nothing was
// written; they are to be run one by one.
SqliteBatch::Outcome SqliteBatch::run_transaction(std::span<const CommitQueue::Job> jobs,
                                                  CommitQueue::Batch* batch) {
  auto next = begin();
  if (!next) {
    roll_back();
    answer_all(jobs, next.error());
    return Outcome::kSettled;
  }
  bool writes = false;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto wrote = run_unit(jobs[i], *next);
    if (!wrote) {
      roll_back();
      if (wrote.error().code == ErrorCode::kInvariantBroken) {
        *jobs[i].result = wrote.error();
        return jobs.size() == 1 ? Outcome::kSettled : Outcome::kRefused;
      }
      if (wrote.error().code != ErrorCode::kBusy) writable_ = false;
      answer_all(jobs, wrote.error());
      return Outcome::kSettled;
    }
    writes = writes || *wrote;
    if (i + 1 == jobs.size() && batch != nullptr && batch->join()) jobs = batch->jobs();
  }
  if (writes) {
    if (commit(jobs)) next_ids_ = *next;
  } else {
    roll_back();
  }
  return Outcome::kSettled;
}

Result<NextIds> SqliteBatch::begin() {
  if (!writable_) return Error{ErrorCode::kReadOnly, "the store has failed; restart to go on"};
  probe("begin");
  LAUREL_TRY_VOID(begin_.execute());
  LAUREL_TRY(const bool others_wrote, view_.others_wrote());
  if (next_ids_ && !others_wrote) return *next_ids_;
  return view_.next_ids();
}

// Whether it wrote anything; an Error is one of writing, never the unit's own.
Result<bool> SqliteBatch::run_unit(const CommitQueue::Job& job, NextIds& next) {
  view_.watch_due();
  auto change = plan(*job.unit, view_, next);
  if (!database_->in_transaction()) {
    return Error{ErrorCode::kStoreFailed, "the database failed while it was read"};
  }
  *job.result = change ? Result<void>() : Result<void>(std::move(change).error());
  if (!*job.result || change->empty()) return false;
  LAUREL_TRY_VOID(writer_.apply(*change, next));
  forgets_ = forgets_ || change->forgets();
  if (!change->programmes.empty() || !change->directives.empty()) view_.forget_programmes();
  next = after(*change, next);
  return true;
}

bool SqliteBatch::commit(std::span<const CommitQueue::Job> jobs) {
  probe("commit");
  delay_sync();
  if (const auto committed = commit_.execute(); !committed) {
    // The log may or may not hold the transaction: only reading it again can tell.
    writable_ = false;
    answer_all(jobs, {ErrorCode::kOutcomeUnknown, committed.error().detail});
    roll_back();
    return false;
  }
  names_.committed();
  probe("committed");
  if (std::exchange(forgets_, false)) forget();
  return true;
}

// The log still holds the pages as they were; it is carried over and emptied. Where readers hold on
// to it for longer than this, the next long checkpoint does it.
void SqliteBatch::forget() {
  checkpoint(Checkpoint::kTruncate, kForgetWaitMs);
  static_cast<void>(database_->execute("PRAGMA secure_delete = FAST"));
  log_pages_seen_ = database_->log_pages();
  log_began(log_pages_seen_);
}

void SqliteBatch::roll_back() {
  forgets_ = false;
  if (database_->in_transaction()) static_cast<void>(rollback_.execute());
  names_.rolled_back();
  view_.forget_programmes();
  next_ids_.reset();
}

void SqliteBatch::checkpoint(Checkpoint how, int wait_ms) {
  probe("checkpoint");
  delay_sync();
  delay_sync();
  const auto done = database_->checkpoint(how, wait_ms);
  if (!done && done.error().code != ErrorCode::kBusy) writable_ = false;
  probe("checkpointed");
}

// What is due is due so many pages after these, which need no checkpoint.
void SqliteBatch::log_began(int pages) {
  checkpoint_at_ = pages + pages_max();
  lone_checkpoint_at_ = pages + std::max(1, pages_max() / kLonePart);
  idle_checkpoint_at_ = pages + std::max(1, pages_max() / kIdlePart);
}

void SqliteBatch::probe(std::string_view step) const {
  if (options_.probe) options_.probe(step);
}

void SqliteBatch::delay_sync() const {
  if (options_.sync_delay.count() > 0) std::this_thread::sleep_for(options_.sync_delay);
}

}  // namespace laurel::store
