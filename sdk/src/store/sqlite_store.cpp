#include "store/sqlite_store.hpp"

#include <filesystem>
#include <optional>
#include <utility>

#include "base/try.hpp"
#include "store/commit_queue.hpp"
#include "store/sqlite_batch.hpp"
#include "store/sqlite_readers.hpp"
#include "store/sqlite_schema.hpp"
#include "store/store.hpp"

namespace laurel::store {
namespace {

constexpr int kWriterCacheKib = 32 * 1024;
constexpr std::chrono::milliseconds kOpenWait{10'000};

class SqliteStore final : public Store {
 public:
  // Without a batch: for reading only.
  SqliteStore(const std::string& path, std::unique_ptr<SqliteBatch> batch, std::size_t batch_max)
      : path_(path), batch_(std::move(batch)), readers_(path) {
    if (!batch_) return;
    queue_.emplace(
        batch_max, [this](CommitQueue::Batch& waiting) { batch_->run(waiting); },
        [this] { batch_->settle(queue_->waiting() == 0); });
  }

  std::vector<Result<void>> write(std::span<const UnitOfWork> units) override {
    if (queue_) return queue_->submit(units);
    const Error refused{ErrorCode::kReadOnly, "the store was opened for reading only"};
    return std::vector<Result<void>>(units.size(), Result<void>(refused));
  }

  Result<void> read(const std::function<Result<void>(const View&)>& reader) const override {
    return readers_.read(reader);
  }

  Result<void> copy_to(const std::string& file,
                       const std::function<void(BackupProgress)>& progress) const override;

  Result<std::shared_ptr<void>> reserve(const std::string& role) override {
    if (!queue_) return Error{ErrorCode::kReadOnly, "the store was opened for reading only"};
    LAUREL_TRY(FileLock lock, FileLock::open(path_ + "." + role));
    const auto taken = lock.acquire(std::chrono::milliseconds(0));
    if (!taken && taken.error().code == ErrorCode::kBusy) return std::shared_ptr<void>();
    if (!taken) return taken.error();
    return std::shared_ptr<void>(std::make_shared<FileLock>(std::move(lock)));
  }

 private:
  const std::string path_;
  std::unique_ptr<SqliteBatch> batch_;  // outlives the readers, so that it closes the file
  std::optional<CommitQueue> queue_;
  mutable SqliteReaders readers_;
};

Error cannot_open(const std::string& path, const Error& error) {
  return {error.code, "cannot open " + path + ": " + error.detail};
}

// Durability is what this store is for, so that it is asked for, and then looked up.
Result<void> make_durable(Database& database) {
  LAUREL_TRY(const std::string mode, database.text("PRAGMA journal_mode = WAL"));
  LAUREL_TRY_VOID(database.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"));
  LAUREL_TRY(const std::int64_t synchronous, database.integer("PRAGMA synchronous"));
  LAUREL_TRY(const std::int64_t automatic, database.integer("PRAGMA wal_autocheckpoint"));
  constexpr std::int64_t kFull = 2;
  if (mode != "wal" || synchronous != kFull || automatic != 0) {
    return Error{ErrorCode::kStoreFailed, "the file system does not allow durable writes"};
  }
  return {};
}

Result<std::unique_ptr<SqliteBatch>> open_batch(const std::string& path,
                                                const StoreOptions& options) {
  LAUREL_TRY(FileLock lock, FileLock::open(path + ".lock"));
  LAUREL_TRY_VOID(lock.acquire(kOpenWait));
  LAUREL_TRY(auto database, Database::open(path, {.cache_kib = kWriterCacheKib}));
  LAUREL_TRY_VOID(make_durable(*database));
  LAUREL_TRY_VOID(migrate(*database));
  lock.release();
  return std::make_unique<SqliteBatch>(std::move(database), std::move(lock), options);
}

Result<void> check_readable(const std::string& path) {
  LAUREL_TRY(const auto database, Database::open(path, {.read_only = true}));
  return check_schema(*database);
}

// Under another name until it is whole.
Result<void> SqliteStore::copy_to(const std::string& file,
                                  const std::function<void(BackupProgress)>& progress) const {
  std::error_code failed;
  if (std::filesystem::exists(file, failed)) {
    return Error{ErrorCode::kInvalid, file + " is there already; a backup replaces nothing"};
  }
  const std::string part = file + ".part";
  std::filesystem::remove(part, failed);
  auto copied = readers_.copy_to(part, [&](int done, int all) {
    if (progress) progress({done, all});
  });
  if (copied) copied = check_readable(part);
  if (copied) {
    std::filesystem::rename(part, file, failed);
    if (!failed) return sync_folder_of(file);
    copied = Error{ErrorCode::kStoreFailed, "cannot name the copy " + file};
  }
  std::filesystem::remove(part, failed);
  return copied;
}

}  // namespace

Result<StoreHandle> open_sqlite_store(const std::string& path, const StoreOptions& options) {
  std::error_code ignored;
  const bool exists = std::filesystem::exists(path, ignored);
  if (!exists && (options.read_only || !options.create)) {
    return Error{ErrorCode::kNotFound, "there is no store at " + path};
  }
  std::unique_ptr<SqliteBatch> batch;
  if (options.read_only) {
    if (auto readable = check_readable(path); !readable) {
      return cannot_open(path, readable.error());
    }
  } else {
    auto opened = open_batch(path, options);
    if (!opened) return cannot_open(path, opened.error());
    batch = *std::move(opened);
  }
  return StoreHandle(
      std::make_shared<SqliteStore>(path, std::move(batch), options.batch_units_max));
}

}  // namespace laurel::store
