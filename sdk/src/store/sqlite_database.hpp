#pragma once
// One connection and its prepared statements: the only place that knows SQLiteCpp and SQLite.
// Nothing here throws, and nothing is safe to use from two threads at a time.
//
//   Statement find(database, "SELECT balances FROM member WHERE id = ?");
//   Run run(find);
//   run.bind(id.number());
//   LAUREL_TRY(const bool found, run.next());
//   if (found) use(run.text(0));
//
// Errors: kBusy where another connection is in the way, kInvariantBroken where a constraint
// refuses, kStoreFailed for the rest.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "laurel/result.hpp"

namespace laurel::store {

struct DatabaseOptions {
  bool read_only = false;
  int cache_kib = 4 * 1024;
  int busy_timeout_ms = 5'000;
};

enum class Checkpoint : std::uint8_t {
  kPassive,   // as much as is possible without waiting for readers
  kRestart,   // all, and waits for readers so that the next commit starts the log anew
  kTruncate,  // the same, and empties the log
};

class Database {
 public:
  // Creates the file where there is none, unless read-only. WAL is neither checked nor switched
  // on; checkpoints are left to checkpoint().
  static Result<std::unique_ptr<Database>> open(const std::string& path,
                                                const DatabaseOptions& options);
  virtual ~Database() = default;

  virtual Result<void> execute(const std::string& sql) = 0;          // any number of statements
  virtual Result<std::int64_t> integer(const std::string& sql) = 0;  // first column, first row
  virtual Result<std::string> text(const std::string& sql) = 0;
  // Rows changed by the statement that ran last.
  virtual int changes() const = 0;
  // SQLite ends a transaction by itself after some failures.
  virtual bool in_transaction() const = 0;
  // Pages in the write-ahead log after this connection's last commit; 0: it has made none.
  virtual int log_pages() const = 0;
  // Moves the log into the database file; kBusy where it had to stop short.
  virtual Result<void> checkpoint(Checkpoint how, int wait_ms) = 0;
  // Into a new file, synced; `progress` is told pages done and pages in all. Inside a transaction
  // that reads, or what others write makes it begin anew.
  virtual Result<void> copy_to(const std::string& path,
                               const std::function<void(int, int)>& progress) = 0;
};

class Statement {
 public:
  // Prepared when it is first run. The database outlives it; `sql` is a literal.
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Result<void> execute();  // one that has no parameters and gives no row

 private:
  friend class Run;
  struct State;
  std::unique_ptr<State> state_;
};

// One execution. Text and bytes given to bind() are not copied and outlive the run; text and bytes
// it returns live until the next row.
class Run {
 public:
  explicit Run(Statement& statement);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // Parameters, from the first to the last.
  Run& bind(std::int64_t value);
  Run& bind(const std::string& value);
  Run& bind_bytes(const std::string& value);
  Run& bind_null();
  // Zero stands for nothing.
  Run& bind_or_null(std::int64_t value) { return value == 0 ? bind_null() : bind(value); }
  Run& bind_bytes_or_null(const std::string& value) {
    return value.empty() ? bind_null() : bind_bytes(value);
  }

  Result<bool> next();  // whether there is a row
  Result<void> done();  // runs one that gives no row

  bool is_null(int column) const;
  std::int64_t integer(int column) const;  // null: 0
  std::string_view bytes(int column) const;
  std::string text(int column) const { return std::string(bytes(column)); }

 private:
  void bound(int code);

  Statement::State& state_;
  int parameter_ = 0;
};

}  // namespace laurel::store
