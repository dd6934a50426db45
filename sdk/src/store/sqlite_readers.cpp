#include "store/sqlite_readers.hpp"

#include <algorithm>
#include <utility>

#include "base/try.hpp"
#include "store/sqlite_view.hpp"

namespace laurel::store {
namespace {

constexpr std::size_t kReadersMax = 8;
// The one that was opened first is used first, so that a few do nearly all of the reading; these
// have memory for many pages.
constexpr std::size_t kBusyReaders = 2;
constexpr int kBusyCacheKib = 16 * 1024;
constexpr int kCacheKib = 2 * 1024;

}  // namespace

struct SqliteReaders::Reader {
  Reader(std::unique_ptr<Database> opened, std::size_t opened_before)
      : place(opened_before),
        database(std::move(opened)),
        names(*database),
        view(*database, names),
        begin(*database, "BEGIN DEFERRED"),
        end(*database, "COMMIT") {}

  const std::size_t place;
  std::unique_ptr<Database> database;
  Names names;
  SqliteView view;
  Statement begin, end;
};

SqliteReaders::SqliteReaders(std::string path) : path_(std::move(path)) {}
SqliteReaders::~SqliteReaders() = default;

Result<void> SqliteReaders::read(const std::function<Result<void>(const View&)>& reader) {
  return lend([&](Reader& lent) { return reader(lent.view); });
}

Result<void> SqliteReaders::copy_to(const std::string& path,
                                    const std::function<void(int, int)>& progress) {
  return lend([&](Reader& lent) -> Result<void> {
    LAUREL_TRY_VOID(lent.view.next_ids());  // reads, so that the snapshot is taken
    return lent.database->copy_to(path, progress);
  });
}

// Inside a transaction, so that all that is read is of one moment.
Result<void> SqliteReaders::lend(const std::function<Result<void>(Reader&)>& use) {
  LAUREL_TRY(std::unique_ptr<Reader> taken, take());
  // Gives the connection back even where `use` throws.
  const auto give = [this](Reader* used) {
    if (used->database->in_transaction()) static_cast<void>(used->end.execute());
    give_back(std::unique_ptr<Reader>(used));
  };
  const std::unique_ptr<Reader, decltype(give)> lent(taken.release(), give);
  LAUREL_TRY_VOID(lent->begin.execute());
  LAUREL_TRY_VOID(lent->view.others_wrote());
  return use(*lent);
}

Result<std::unique_ptr<SqliteReaders::Reader>> SqliteReaders::take() {
  std::size_t place = 0;
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !free_.empty() || out_ < kReadersMax; });
    ++out_;
    if (!free_.empty()) {
      const auto first = std::ranges::min_element(free_, {}, &Reader::place);
      std::swap(*first, free_.back());
      auto reader = std::move(free_.back());
      free_.pop_back();
      return reader;
    }
    place = out_ - 1;
  }
  const int cache_kib = place < kBusyReaders ? kBusyCacheKib : kCacheKib;
  auto database = Database::open(path_, {.read_only = true, .cache_kib = cache_kib});
  if (!database) {
    give_back(nullptr);
    return std::move(database).error();
  }
  return std::make_unique<Reader>(*std::move(database), place);
}

void SqliteReaders::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  --out_;
  if (reader) free_.push_back(std::move(reader));
  returned_.notify_one();
}

}  // namespace laurel::store
