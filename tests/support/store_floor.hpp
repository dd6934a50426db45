#pragma once
// The floor under every durable figure: the rows that a run has written, written again by bare
// SQLite statements in the same batches, and the rate at which the machine syncs at all.
//
//   copy the file before the run; run; close the store
//   const auto rows = floor::Rows::read(file, first_entry);
//   const auto bare = floor::write_again(copy, rows, {.batch = 32});
//
// Plain SQLite on purpose: what it costs is what any program on SQLite pays.

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace laurel::floor {

using Seconds = std::chrono::duration<double>;

inline void expect(bool good, const char* what, sqlite3* database = nullptr) {
  if (good) return;
  std::fprintf(stderr, "floor: %s %s\n", what, database != nullptr ? sqlite3_errmsg(database) : "");
  std::abort();
}

// fdatasync of a file that grows by a page each time.
inline double syncs_per_second(const std::string& folder) {
  const std::string path = folder + "/sync-probe";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  expect(file >= 0, "cannot create a file");
  const std::vector<char> page(4096, 'x');
  const auto start = std::chrono::steady_clock::now();
  Seconds taken{};
  int syncs = 0;
  for (; taken < Seconds(0.5); ++syncs) {
    expect(write(file, page.data(), page.size()) > 0 && fdatasync(file) == 0, "sync");
    taken = std::chrono::steady_clock::now() - start;
  }
  close(file);
  unlink(path.c_str());
  return syncs / taken.count();
}

class Bare {
 public:
  explicit Bare(const std::string& path) {
    expect(sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                           nullptr) == SQLITE_OK,
           "open", database_);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA wal_autocheckpoint = 0");
    run("PRAGMA cache_size = -32768");
    run("PRAGMA secure_delete = FAST");
    sqlite3_wal_hook(database_, &on_commit, this);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  ~Bare() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }
  sqlite3* handle() { return database_; }
  void run(const char* sql) {
    expect(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql, database_);
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    expect(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) ==
               SQLITE_OK,
           sql, database_);
    statements_.push_back(statement);
    return statement;
  }
  void step(sqlite3_stmt* statement) {
    expect(sqlite3_step(statement) == SQLITE_DONE, "step", database_);
    sqlite3_reset(statement);
  }
  int log_pages() const { return log_pages_; }

 private:
  static int on_commit(void* self, sqlite3*, const char*, int pages) {
    static_cast<Bare*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  }
  sqlite3* database_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
  int log_pages_ = 0;
};

// Rows of any shape, in the order in which the statement's parameters take them.
struct Table {
  std::vector<sqlite3_value*> values;
  std::vector<std::int64_t> entry_of;  // the entry with which each row was written
  int width = 0;
  std::size_t next = 0;

  Table() = default;
  Table(Table&&) = default;
  Table(const Table&) = delete;
  ~Table() {
    for (sqlite3_value* value : values) sqlite3_value_free(value);
  }
};

struct Rows {
  Table entries, lots, keys, members;

  // What was written from entry `first` on. A member's row is the one she has in the end, once for
  // each of her entries.
  static Rows read(const std::string& path, std::int64_t first) {
    Bare bare(path);
    const std::string from = std::to_string(first);
    Rows rows;
    fill(bare, rows.entries, "SELECT seq, * FROM entry WHERE seq >= " + from + " ORDER BY seq");
    fill(bare, rows.lots, "SELECT id / 64, * FROM lot WHERE id / 64 >= " + from + " ORDER BY id");
    fill(bare, rows.keys,
         "SELECT entry, * FROM business_key WHERE entry >= " + from + " ORDER BY entry");
    fill(bare, rows.members,
         "SELECT seq, balances, record, member.programme, member.id FROM entry"
         " JOIN member ON member.id = entry.member WHERE seq >= " +
             from + " ORDER BY seq");
    return rows;
  }

 private:
  static void fill(Bare& bare, Table& table, const std::string& sql) {
    sqlite3_stmt* statement = bare.prepare(sql.c_str());
    table.width = sqlite3_column_count(statement) - 1;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      table.entry_of.push_back(sqlite3_column_int64(statement, 0));
      for (int i = 1; i <= table.width; ++i) {
        table.values.push_back(sqlite3_value_dup(sqlite3_column_value(statement, i)));
      }
    }
  }
};

struct FloorOptions {
  std::size_t batch = 1;  // entries to a transaction
  int checkpoint_pages = 10'000;
  std::chrono::microseconds sync_delay{0};
};

inline void write_rows(Bare& bare, sqlite3_stmt* statement, Table& table, std::int64_t entry) {
  for (; table.next < table.entry_of.size() && table.entry_of[table.next] == entry; ++table.next) {
    const auto first = table.next * static_cast<std::size_t>(table.width);
    for (int i = 0; i < table.width; ++i) {
      const sqlite3_value* value = table.values[first + static_cast<std::size_t>(i)];
      sqlite3_bind_value(statement, i + 1, value);
    }
    bare.step(statement);
  }
}

inline std::string placeholders(int count) {
  std::string text = "?";
  for (int i = 1; i < count; ++i) text += ",?";
  return text;
}

// Entries a second. `path`: the file as it was before `rows` were written.
inline double write_again(const std::string& path, Rows& rows, const FloorOptions& options) {
  Bare bare(path);
  const auto insert = [&](const char* table, const Table& from) {
    const std::string values = placeholders(from.width);
    return bare.prepare((std::string("INSERT INTO ") + table + " VALUES (" + values + ")").c_str());
  };
  sqlite3_stmt* begin = bare.prepare("BEGIN IMMEDIATE");
  sqlite3_stmt* commit = bare.prepare("COMMIT");
  sqlite3_stmt* entry = insert("entry", rows.entries);
  sqlite3_stmt* lot = insert("lot", rows.lots);
  sqlite3_stmt* key = insert("business_key", rows.keys);
  sqlite3_stmt* member =
      bare.prepare("UPDATE member SET balances = ?, record = ?, programme = ? WHERE id = ?");
  const auto sync = [&] { std::this_thread::sleep_for(options.sync_delay); };
  const auto start = std::chrono::steady_clock::now();
  const std::vector<std::int64_t> all = rows.entries.entry_of;
  for (std::size_t i = 0; i < all.size();) {
    bare.step(begin);
    for (std::size_t end = std::min(i + options.batch, all.size()); i < end; ++i) {
      write_rows(bare, entry, rows.entries, all[i]);
      write_rows(bare, member, rows.members, all[i]);
      write_rows(bare, lot, rows.lots, all[i]);
      write_rows(bare, key, rows.keys, all[i]);
    }
    if (options.sync_delay.count() > 0) sync();
    bare.step(commit);
    if (bare.log_pages() >= options.checkpoint_pages) {
      sqlite3_wal_checkpoint_v2(bare.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                nullptr);
    }
  }
  return static_cast<double>(all.size()) /
         Seconds(std::chrono::steady_clock::now() - start).count();
}

}  // namespace laurel::floor
