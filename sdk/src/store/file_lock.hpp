#pragma once
// The lock beside the database file, held around every batch of writes and every checkpoint, by
// every process. It belongs to the open file, so that two stores of one process exclude each other
// too, and the system frees it when its owner dies, however it dies.

#include <chrono>
#include <memory>
#include <string>

#include "laurel/result.hpp"

namespace laurel::store {

class FileLock {
 public:
  // Creates the file where there is none.
  static Result<FileLock> open(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  // Waits its turn behind others that wait. kBusy after about `wait`.
  Result<void> acquire(std::chrono::milliseconds wait);
  void release();
  bool held() const { return held_; }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
  bool held_ = false;
};

// The names in the folder of this file are on the disk on return.
Result<void> sync_folder_of(const std::string& path);

}  // namespace laurel::store
