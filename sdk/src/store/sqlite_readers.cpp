#include "store/sqlite_readers.hpp"

#include <utility>

#include "base/try.hpp"
#include "store/sqlite_view.hpp"

namespace laurel::store {
namespace {

constexpr std::size_t kReadersMax = 8;
constexpr int kCacheKib = 4 * 1024;

}  // namespace

struct SqliteReaders::Reader {
  explicit Reader(std::unique_ptr<Database> opened)
      : database(std::move(opened)),
        names(*database),
        view(*database, names),
        begin(*database, "BEGIN DEFERRED"),
        end(*database, "COMMIT") {}

  std::unique_ptr<Database> database;
  Names names;
  SqliteView view;
  Statement begin, end;
};

SqliteReaders::SqliteReaders(std::string path) : path_(std::move(path)) {}
SqliteReaders::~SqliteReaders() = default;

Result<void> SqliteReaders::read(const std::function<Result<void>(const View&)>& reader) {
  LAUREL_TRY(std::unique_ptr<Reader> taken, take());
  // Gives the connection back even where `reader` throws.
  const auto give = [this](Reader* used) {
    if (used->database->in_transaction()) static_cast<void>(used->end.execute());
    give_back(std::unique_ptr<Reader>(used));
  };
  const std::unique_ptr<Reader, decltype(give)> lent(taken.release(), give);
  LAUREL_TRY_VOID(lent->begin.execute());
  return reader(lent->view);
}

Result<std::unique_ptr<SqliteReaders::Reader>> SqliteReaders::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !free_.empty() || out_ < kReadersMax; });
    ++out_;
    if (!free_.empty()) {
      auto reader = std::move(free_.back());
      free_.pop_back();
      return reader;
    }
  }
  auto database = Database::open(path_, {.read_only = true, .cache_kib = kCacheKib});
  if (!database) {
    give_back(nullptr);
    return std::move(database).error();
  }
  return std::make_unique<Reader>(*std::move(database));
}

void SqliteReaders::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  --out_;
  if (reader) free_.push_back(std::move(reader));
  returned_.notify_one();
}

}  // namespace laurel::store
