// What the disk does to the embedded store, and what the store does then.

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include "faulty_disk.hpp"
#include "store_fixture.hpp"

namespace laurel::store {
namespace {

void execute(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_free(message);
  sqlite3_close(database);
}

bool refused(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  const int code = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(database);
  return (code & 0xff) == SQLITE_CONSTRAINT;
}

struct Ledger {
  explicit Ledger(const Folder& folder, StoreOptions options = {}) {
    auto opened = open_store(folder.uri(), options);
    EXPECT_TRUE(opened);
    store = *opened;
    EXPECT_TRUE(write(*store, enrolment(&member)));
  }
  Result<void> sell(int number) { return write(*store, sale(key(std::to_string(number)), member)); }
  StoreHandle store;
  MemberId member;
};

TEST(SqliteDisk, B16_what_was_acknowledged_survives_a_power_cut) {
  const Folder folder, after;
  FaultyDisk disk;
  Ledger ledger(folder, {.checkpoint_pages = 40});
  for (int i = 1; i <= 1'000; ++i) {
    ASSERT_TRUE(ledger.sell(i));
    disk.cut_power(folder.file(), after.file());
    const auto survivor = open_store(after.uri(), {.create = false, .read_only = i % 50 != 0});
    ASSERT_TRUE(survivor) << survivor.error().detail;
    EXPECT_EQ(balance(**survivor, ledger.member), Points(50'000 + i * 1'234));
    EXPECT_TRUE(read_value<std::optional<TransactionRecord>>(
        **survivor, [&](const View& view) { return view.transaction(key(std::to_string(i))); }));
  }
  EXPECT_EQ(all_entries(*ledger.store).size(), 1'000u);
}

// The disk of the test above does forget: without a sync nothing is left.
TEST(SqliteDisk, the_faulty_disk_forgets_what_is_not_synced) {
  const Folder folder, after;
  FaultyDisk disk;
  execute(folder.file(), "PRAGMA synchronous = OFF; CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  disk.cut_power(folder.file(), after.file());
  EXPECT_EQ(std::filesystem::file_size(after.file()), 0u);
}

TEST(SqliteDisk, a_sync_that_fails_stops_all_writing) {
  const Folder folder;
  FaultyDisk disk;
  Ledger ledger(folder);
  ASSERT_TRUE(ledger.sell(1));
  disk.fail_syncs(true);
  EXPECT_EQ(code_of(ledger.sell(2)), ErrorCode::kOutcomeUnknown);
  disk.fail_syncs(false);
  EXPECT_EQ(code_of(ledger.sell(3)), ErrorCode::kReadOnly);
  EXPECT_EQ(balance(*ledger.store, ledger.member), Points(51'234));
}

TEST(SqliteDisk, a_restart_after_a_failed_sync_reads_the_truth_and_writes_on) {
  const Folder folder;
  FaultyDisk disk;
  {
    Ledger ledger(folder);
    disk.fail_syncs(true);
    EXPECT_FALSE(ledger.sell(1));
    disk.fail_syncs(false);
  }
  const auto store = *open_store(folder.uri());
  EXPECT_TRUE(write(*store, sale(key("1"), MemberId(1))));
  EXPECT_TRUE(write(*store, sale(key("2"), MemberId(1))));
  EXPECT_EQ(all_entries(*store).size(), 2u);
}

TEST(SqliteDisk, a_full_disk_stops_all_writing_and_reading_goes_on) {
  const Folder folder;
  FaultyDisk disk;
  Ledger ledger(folder);
  ASSERT_TRUE(ledger.sell(1));
  disk.fill_up(true);
  EXPECT_EQ(code_of(ledger.sell(2)), ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(code_of(ledger.sell(3)), ErrorCode::kReadOnly);
  EXPECT_EQ(all_entries(*ledger.store).size(), 1u);
}

TEST(SqliteDisk, everyone_in_the_batch_is_told_that_its_outcome_is_unknown) {
  const Folder folder;
  FaultyDisk disk;
  Ledger ledger(folder);
  disk.fail_syncs(true);
  const std::vector<UnitOfWork> units = {
      sale(key("1"), ledger.member), sale(key("1"), ledger.member), sale(key("2"), ledger.member)};
  for (const auto& result : ledger.store->write(units)) {
    EXPECT_EQ(code_of(result), ErrorCode::kOutcomeUnknown);
  }
}

TEST(SqliteDisk, what_is_not_there_is_not_made) {
  const Folder folder;
  EXPECT_EQ(open_store(folder.uri(), {.create = false}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(open_store(folder.uri(), {.read_only = true}).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder.file()));
  EXPECT_EQ(open_store("sqlite:/no/such/folder/a.db").error().code, ErrorCode::kStoreFailed);
  EXPECT_EQ(open_store("postgres://x").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(open_store("sqlite:").error().code, ErrorCode::kInvalid);
}

struct Damage {
  const char* name;
  const char* sql;
  const char* says;
};
void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

class SqliteSchema : public testing::TestWithParam<Damage> {};

INSTANTIATE_TEST_SUITE_P(
    Damages, SqliteSchema,
    testing::Values(Damage{"newer", "INSERT INTO migration VALUES (99, 'x')", "newer version"},
                    Damage{"altered", "UPDATE migration SET checksum = 'x'", "is not the one"},
                    Damage{"foreign", "PRAGMA application_id = 1", "not a Laurel store"},
                    Damage{"bare", "DELETE FROM migration", "older version|already exists"}),
    [](const auto& damage) { return damage.param.name; });

TEST_P(SqliteSchema, a_file_that_cannot_be_used_is_refused_by_name) {
  const Folder folder;
  Ledger(folder).store.reset();
  execute(folder.file(), GetParam().sql);
  for (const bool read_only : {false, true}) {
    const auto opened = open_store(folder.uri(), {.read_only = read_only});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kStoreFailed);
    EXPECT_TRUE(std::regex_search(opened.error().detail, std::regex(GetParam().says)))
        << opened.error().detail;
    EXPECT_NE(opened.error().detail.find(folder.file()), std::string::npos);
  }
}

TEST(SqliteDisk, a_file_of_something_else_is_refused) {
  const Folder folder;
  std::ofstream(folder.file()) << std::string(10'000, 'x');
  const auto opened = open_store(folder.uri());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("damaged"), std::string::npos) << opened.error().detail;
}

TEST(SqliteDisk, a_damaged_page_is_an_error_and_not_a_crash) {
  const Folder folder;
  {
    Ledger ledger(folder);
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(ledger.sell(i));
  }
  const auto size = std::filesystem::file_size(folder.file());
  std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
  for (std::uintmax_t at = size - 10 * 4'096; at < size; at += 512) {
    file.seekp(static_cast<std::streamoff>(at));
    file.write("\xff\xee\xdd\xcc\xbb\xaa", 6);
  }
  file.close();
  const auto store = open_store(folder.uri());
  ASSERT_TRUE(store);
  const auto looked = (*store)->read([](const View& view) -> Result<void> {
    const auto entries = view.entries(EntryId(0), 1'000);
    return entries ? Result<void>() : Result<void>(entries.error());
  });
  EXPECT_EQ(code_of(looked), ErrorCode::kStoreFailed);
}

TEST(SqliteDisk, facts_cannot_be_changed_even_by_hand) {
  const Folder folder;
  {
    Ledger ledger(folder);
    ASSERT_TRUE(ledger.sell(1));
  }
  for (const char* sql :
       {"DELETE FROM entry", "UPDATE entry SET body = x'01'", "UPDATE entry SET member = 2",
        "UPDATE entry SET evidence = x'0100'", "DELETE FROM business_key",
        "UPDATE business_key SET entry = 9", "UPDATE member SET balances = '-1 0 0 0'",
        "UPDATE lot SET remaining = remaining + 1", "UPDATE identifier SET member = 9"}) {
    EXPECT_TRUE(refused(folder.file(), sql)) << sql;
  }
}

TEST(SqliteDisk, H14_evidence_can_be_erased_and_is_gone_from_the_file) {
  const Folder folder;
  {
    Ledger ledger(folder);
    ASSERT_TRUE(ledger.sell(1));
  }
  execute(folder.file(),
          "PRAGMA secure_delete = ON; UPDATE entry SET evidence = NULL; DELETE FROM identifier;"
          "PRAGMA wal_checkpoint(TRUNCATE)");
  std::ostringstream bytes;
  bytes << std::ifstream(folder.file(), std::ios::binary).rdbuf();
  EXPECT_EQ(bytes.str().find(samples::card_of(MemberId(1))), std::string::npos);
  const auto store = *open_store(folder.uri());
  const auto entries = all_entries(*store);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_TRUE(entries[0].document->identifiers.empty());
  EXPECT_EQ(balance(*store, MemberId(1)), Points(51'234));
}

TEST(SqliteDisk, closed_in_order_the_file_is_whole_by_itself) {
  const Folder folder;
  {
    Ledger ledger(folder);
    ASSERT_TRUE(ledger.sell(1));
  }
  std::filesystem::rename(folder.file(), folder.file("moved.db"));
  const auto store = *open_store(folder.uri("moved.db"));
  EXPECT_EQ(all_entries(*store).size(), 1u);
}

TEST(SqliteDisk, the_log_stays_short) {
  const Folder folder;
  Ledger ledger(folder, {.batch_units_max = 8, .checkpoint_pages = 100});
  std::vector<UnitOfWork> units;
  for (int i = 0; i < 4'000; ++i) units.push_back(sale(key(std::to_string(i)), ledger.member));
  for (const auto& result : ledger.store->write(units)) EXPECT_TRUE(result);
  EXPECT_LE(std::filesystem::file_size(folder.file("ledger.db-wal")), 200u * 4'200u);
}

TEST(SqliteDisk, where_nobody_waits_the_log_is_kept_shorter_still) {
  const Folder folder;
  Ledger ledger(folder, {.checkpoint_pages = 400});
  for (int i = 1; i <= 150; ++i) ASSERT_TRUE(ledger.sell(i));  // some 1,000 pages in all
  EXPECT_LE(std::filesystem::file_size(folder.file("ledger.db-wal")), 300u * 4'200u);
}

TEST(SqliteDisk, of_several_callers_none_waits_for_a_long_checkpoint) {
  const Folder folder;
  std::atomic<int> checkpoints = 0;
  const auto count = [&](std::string_view step) { checkpoints += step == "checkpoint" ? 1 : 0; };
  Ledger ledger(
      folder,
      {.checkpoint_pages = 4'000, .sync_delay = std::chrono::milliseconds(1), .probe = count});
  const int before = checkpoints;
  for (int round = 0; round < 100; ++round) {
    std::barrier together(4);
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 4; ++caller) {
      callers.emplace_back([&, caller] {
        together.arrive_and_wait();
        EXPECT_TRUE(ledger.sell(1 + round * 4 + caller));
      });
    }
  }
  EXPECT_GE(checkpoints - before, 2);  // some 1,000 pages in all, a hundred for each
}

TEST(SqliteDisk, the_log_stays_short_although_somebody_is_always_reading) {
  const Folder folder;
  Ledger ledger(folder, {.batch_units_max = 8, .checkpoint_pages = 100});
  std::atomic<bool> stop = false;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        EXPECT_TRUE(ledger.store->read([](const View& view) -> Result<void> {
          EXPECT_TRUE(view.entries(EntryId(0), 20));
          return {};
        }));
      }
    });
  }
  std::vector<UnitOfWork> units;
  for (int i = 0; i < 4'000; ++i) units.push_back(sale(key(std::to_string(i)), ledger.member));
  for (const auto& result : ledger.store->write(units)) EXPECT_TRUE(result);
  stop = true;
  EXPECT_LE(std::filesystem::file_size(folder.file("ledger.db-wal")), 500u * 4'200u);
}

// Each copy is a store of its own, with a balance that is what its sales make.
TEST(SqliteDisk, is_copied_as_it_stands_at_one_moment_while_it_is_written) {
  const Folder folder, copies;
  Ledger ledger(folder, {.checkpoint_pages = 40});
  std::atomic<bool> stop = false;
  std::jthread till([&] {
    for (int i = 1; !stop; ++i) EXPECT_TRUE(ledger.sell(i));
  });
  for (int i = 0; i < 5; ++i) {
    const std::string file = copies.file("copy-" + std::to_string(i));
    int told = 0;
    ASSERT_TRUE(backup(ledger.store, file, [&](BackupProgress progress) {
      EXPECT_LE(progress.pages_done, progress.pages_all);
      ++told;
    }));
    EXPECT_GT(told, 0);
    const auto copy = open_store("sqlite:" + file, {.create = false});
    ASSERT_TRUE(copy) << copy.error().detail;
    const auto sales = static_cast<std::int64_t>(all_entries(**copy).size());
    EXPECT_EQ(balance(**copy, ledger.member), Points(50'000 + sales * 1'234));
    EXPECT_FALSE(std::filesystem::exists(file + ".part"));
  }
  stop = true;
}

TEST(SqliteDisk, is_never_copied_over_a_file) {
  const Folder folder;
  Ledger ledger(folder);
  const std::string there = folder.file("there");
  std::ofstream(there) << "mine";
  EXPECT_EQ(backup(ledger.store, there).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(backup(ledger.store, folder.file("none/copy")).error().code, ErrorCode::kStoreFailed);
  EXPECT_EQ(std::filesystem::file_size(there), 4u);
  EXPECT_EQ(backup(*open_store("memory:"), folder.file("copy")).error().code, ErrorCode::kInvalid);
}

TEST(SqliteDisk, a_sale_of_three_lines_takes_less_than_a_kilobyte) {
  const Folder folder;
  std::uintmax_t before = 0;
  constexpr int kSales = 2'000;
  {
    Ledger ledger(folder);
    before = std::filesystem::file_size(folder.file());
    std::vector<UnitOfWork> units;
    for (int i = 0; i < kSales; ++i) {
      units.push_back(
          sale({"knightsbridge-till-7", std::to_string(10'000'000 + i)}, ledger.member));
    }
    for (const auto& result : ledger.store->write(units)) EXPECT_TRUE(result);
  }
  EXPECT_LE((std::filesystem::file_size(folder.file()) - before) / kSales, 700u);
}

// B15: a transaction that reads first and writes later fails at once when another has written.
TEST(SqliteDisk, B15_no_writing_path_begins_without_immediate) {
  const std::filesystem::path room = LAUREL_SOURCE_DIR "/sdk/src/store";
  int begins = 0;
  for (const auto& source : std::filesystem::directory_iterator(room)) {
    std::ostringstream text;
    text << std::ifstream(source.path()).rdbuf();
    const std::string all = text.str();
    const std::regex begin("\"BEGIN([^\"]*)\"");
    for (std::sregex_iterator at(all.begin(), all.end(), begin), end; at != end; ++at, ++begins) {
      const bool reader = source.path().filename() == "sqlite_readers.cpp";
      EXPECT_EQ((*at)[1], reader ? " DEFERRED" : " IMMEDIATE") << source.path();
    }
  }
  EXPECT_EQ(begins, 3);
}

}  // namespace
}  // namespace laurel::store
