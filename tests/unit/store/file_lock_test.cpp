#include "store/file_lock.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

namespace laurel::store {
namespace {

using std::chrono::milliseconds;

struct LockFile {
  std::string path = testing::TempDir() + "laurel-" + std::to_string(getpid()) + ".lock";
  ~LockFile() { std::filesystem::remove(path); }
};

TEST(FileLock, is_one_holders_at_a_time) {
  const LockFile file;
  auto first = *FileLock::open(file.path), second = *FileLock::open(file.path);
  EXPECT_TRUE(first.acquire(milliseconds(0)));
  const auto refused = second.acquire(milliseconds(5));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
  first.release();
  EXPECT_TRUE(second.acquire(milliseconds(0)));
}

TEST(FileLock, is_free_again_when_its_holder_is_gone) {
  const LockFile file;
  { EXPECT_TRUE(FileLock::open(file.path)->acquire(milliseconds(0))); }
  EXPECT_TRUE(FileLock::open(file.path)->acquire(milliseconds(0)));
}

TEST(FileLock, nobody_is_starved_and_nobody_is_let_in_twice) {
  const LockFile file;
  std::atomic<int> inside = 0, turns = 0;
  {
    std::vector<std::jthread> holders;
    for (int i = 0; i < 4; ++i) {
      holders.emplace_back([&] {
        auto lock = *FileLock::open(file.path);
        for (int turn = 0; turn < 200; ++turn) {
          ASSERT_TRUE(lock.acquire(milliseconds(60'000)));
          EXPECT_EQ(++inside, 1);
          --inside;
          ++turns;
          lock.release();
        }
      });
    }
  }
  EXPECT_EQ(turns, 800);
}

TEST(FileLock, a_place_that_cannot_be_written_is_an_error) {
  EXPECT_EQ(FileLock::open("/no/such/folder/a.lock").error().code, ErrorCode::kStoreFailed);
}

}  // namespace
}  // namespace laurel::store
