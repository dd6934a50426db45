#include "store/file_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/try.hpp"

namespace laurel::store {
namespace {

// Two bytes of the file: who waits for the lock holds the gate, so that whoever has just released
// the lock must queue behind the gate, and no process starves another.
constexpr off_t kLock = 0;
constexpr off_t kGate = 1;

int set(int descriptor, short type, off_t byte) {
  struct flock request = {};
  request.l_type = type;
  request.l_whence = SEEK_SET;
  request.l_start = byte;
  request.l_len = 1;
  return fcntl(descriptor, F_OFD_SETLK, &request);
}

// Sleeps between tries, longer and longer; what it may sleep in all is taken from `left`.
Result<void> take(int descriptor, off_t byte, std::chrono::microseconds& left) {
  std::chrono::microseconds pause{20};
  while (set(descriptor, F_WRLCK, byte) != 0) {
    if (errno != EAGAIN && errno != EACCES && errno != EINTR) {
      return Error{ErrorCode::kStoreFailed,
                   std::string("the lock file failed: ") + std::strerror(errno)};
    }
    if (left.count() <= 0) {
      return Error{ErrorCode::kBusy, "another process is writing to the store"};
    }
    std::this_thread::sleep_for(pause);
    left -= pause;
    pause = std::min(pause * 2, std::chrono::microseconds(1'000));
  }
  return {};
}

}  // namespace

Result<FileLock> FileLock::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return Error{ErrorCode::kStoreFailed,
                 "cannot open the lock file " + path + ": " + std::strerror(errno)};
  }
  return FileLock(descriptor);
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), held_(std::exchange(other.held_, false)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> FileLock::acquire(std::chrono::milliseconds wait) {
  std::chrono::microseconds left = wait;
  LAUREL_TRY_VOID(take(descriptor_, kGate, left));
  auto outcome = take(descriptor_, kLock, left);
  set(descriptor_, F_UNLCK, kGate);
  held_ = outcome.ok();
  return outcome;
}

void FileLock::release() {
  set(descriptor_, F_UNLCK, kLock);
  held_ = false;
}

Result<void> sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int failure = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (synced) return {};
  return Error{ErrorCode::kStoreFailed,
               "the folder " + folder.string() + " cannot be synced: " + std::strerror(failure)};
}

}  // namespace laurel::store
