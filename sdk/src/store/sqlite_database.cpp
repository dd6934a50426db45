#include "store/sqlite_database.hpp"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "base/try.hpp"

namespace laurel::store {
namespace {

Error error_of(int code, const std::string& message) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::kBusy, "another connection holds the database"};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::kInvariantBroken, "the database refused a change: " + message};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {ErrorCode::kStoreFailed, "the database file is damaged: " + message};
    case SQLITE_FULL: return {ErrorCode::kStoreFailed, "the disk is full"};
    default:
      return {ErrorCode::kStoreFailed,
              "the database failed: " + message + " (" + std::to_string(code) + ")"};
  }
}

constexpr int kPagesCopiedAtOnce = 1'024;

int mode_of(Checkpoint how) {
  switch (how) {
    case Checkpoint::kPassive: return SQLITE_CHECKPOINT_PASSIVE;
    case Checkpoint::kRestart: return SQLITE_CHECKPOINT_RESTART;
    case Checkpoint::kTruncate: return SQLITE_CHECKPOINT_TRUNCATE;
  }
  return SQLITE_CHECKPOINT_PASSIVE;
}

class Connection final : public Database {
 public:
  Connection(const std::string& path, int flags, const DatabaseOptions& options)
      : database_(path, flags, options.busy_timeout_ms), busy_timeout_ms_(options.busy_timeout_ms) {
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_wal_autocheckpoint(handle(), 0);
    sqlite3_wal_hook(handle(), &on_commit, this);
    // Mapped I/O would turn a failing disk into a signal.
    database_.exec(
        "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST;"
        "PRAGMA cache_size = -" +
        std::to_string(options.cache_kib));
  }

  Result<void> execute(const std::string& sql) override {
    if (database_.tryExec(sql) != SQLITE_OK) return failure();
    return {};
  }
  Result<std::int64_t> integer(const std::string& sql) override {
    return first<std::int64_t>(sql, [](SQLite::Column column) { return column.getInt64(); });
  }
  Result<std::string> text(const std::string& sql) override {
    return first<std::string>(sql, [](SQLite::Column column) { return column.getString(); });
  }
  int changes() const override { return database_.getChanges(); }
  bool in_transaction() const override { return sqlite3_get_autocommit(handle()) == 0; }
  int log_pages() const override { return log_pages_; }

  Result<void> checkpoint(Checkpoint how, int wait_ms) override {
    sqlite3_busy_timeout(handle(), wait_ms);
    const int code = sqlite3_wal_checkpoint_v2(handle(), nullptr, mode_of(how), nullptr, nullptr);
    Result<void> outcome;
    if (code != SQLITE_OK) outcome = failure();
    sqlite3_busy_timeout(handle(), busy_timeout_ms_);
    return outcome;
  }

  Result<void> copy_to(const std::string& path,
                       const std::function<void(int, int)>& progress) override {
    try {
      SQLite::Database target(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      SQLite::Backup copy(target, database_);
      for (;;) {
        const int code = copy.executeStep(kPagesCopiedAtOnce);
        progress(copy.getTotalPageCount() - copy.getRemainingPageCount(), copy.getTotalPageCount());
        if (code == SQLITE_DONE) return {};
        if (code != SQLITE_OK) return error_of(code, "the copy is in use");
      }
    } catch (const SQLite::Exception& thrown) {
      return error_of(thrown.getExtendedErrorCode(), thrown.what());
    }
  }

  sqlite3* handle() const { return database_.getHandle(); }
  Error failure() const {
    return error_of(sqlite3_extended_errcode(handle()), sqlite3_errmsg(handle()));
  }

 private:
  static int on_commit(void* self, sqlite3*, const char*, int pages) {
    static_cast<Connection*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  }

  template <class T, class Read>
  Result<T> first(const std::string& sql, const Read& read) {
    try {
      SQLite::Statement statement(database_, sql);
      if (!statement.executeStep()) return Error{ErrorCode::kStoreFailed, "no row: " + sql};
      return read(statement.getColumn(0));
    } catch (const SQLite::Exception& thrown) {
      return error_of(thrown.getExtendedErrorCode(), thrown.what());
    }
  }

  SQLite::Database database_;
  const int busy_timeout_ms_;
  int log_pages_ = 0;
};

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path,
                                                 const DatabaseOptions& options) {
  const int mode =
      options.read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
  // A name of the form "file:…" would be read as a URI.
  const std::string name = path.starts_with("file:") ? "./" + path : path;
  try {
    return std::unique_ptr<Database>(
        std::make_unique<Connection>(name, mode | SQLite::OPEN_NOMUTEX, options));
  } catch (const SQLite::Exception& thrown) {
    return error_of(thrown.getExtendedErrorCode(), thrown.what());
  }
}

// Bound and read by SQLite's own calls: they are made some hundred times for a sale, and SQLiteCpp
// counts references and may throw in each.
struct Statement::State {
  Connection& connection;
  const char* sql;
  sqlite3_stmt* prepared = nullptr;
  std::optional<Error> fault = {};

  ~State() { sqlite3_finalize(prepared); }
};

Statement::Statement(Database& database, const char* sql)
    : state_(new State{.connection = static_cast<Connection&>(database), .sql = sql}) {}
Statement::~Statement() = default;

Result<void> Statement::execute() { return Run(*this).done(); }

Run::Run(Statement& statement) : state_(*statement.state_) {
  if (state_.prepared != nullptr) return;
  const int code = sqlite3_prepare_v3(state_.connection.handle(), state_.sql, -1,
                                      SQLITE_PREPARE_PERSISTENT, &state_.prepared, nullptr);
  if (code != SQLITE_OK) state_.fault = state_.connection.failure();
}

Run::~Run() {
  sqlite3_reset(state_.prepared);
  state_.fault.reset();
}

// Binding fails on misuse and where memory runs out.
void Run::bound(int code) {
  if (code != SQLITE_OK && !state_.fault) state_.fault = state_.connection.failure();
}

Run& Run::bind(std::int64_t value) {
  bound(sqlite3_bind_int64(state_.prepared, ++parameter_, value));
  return *this;
}

Run& Run::bind(const std::string& value) {
  bound(sqlite3_bind_text(state_.prepared, ++parameter_, value.data(),
                          static_cast<int>(value.size()), SQLITE_STATIC));
  return *this;
}

Run& Run::bind_bytes(const std::string& value) {
  bound(sqlite3_bind_blob(state_.prepared, ++parameter_, value.data(),
                          static_cast<int>(value.size()), SQLITE_STATIC));
  return *this;
}

Run& Run::bind_null() {
  bound(sqlite3_bind_null(state_.prepared, ++parameter_));
  return *this;
}

Result<bool> Run::next() {
  if (state_.fault) return *state_.fault;
  const int code = sqlite3_step(state_.prepared);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return state_.connection.failure();
}

Result<void> Run::done() {
  LAUREL_TRY(const bool row, next());
  if (row) return Error{ErrorCode::kStoreFailed, "a row where none was expected"};
  return {};
}

bool Run::is_null(int column) const {
  return sqlite3_column_type(state_.prepared, column) == SQLITE_NULL;
}

std::int64_t Run::integer(int column) const {
  return sqlite3_column_int64(state_.prepared, column);
}

std::string_view Run::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(state_.prepared, column));
  return data == nullptr
             ? std::string_view{}
             : std::string_view(
                   data, static_cast<std::size_t>(sqlite3_column_bytes(state_.prepared, column)));
}

}  // namespace laurel::store
