#pragma once
// A few read-only connections with their prepared statements, handed out one to a thread at a time.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace laurel::store {

class SqliteReaders {
 public:
  explicit SqliteReaders(std::string path);
  ~SqliteReaders();

  // Runs `reader` over one snapshot. From any thread; waits where all connections are in use.
  Result<void> read(const std::function<Result<void>(const View&)>& reader);
  // The same snapshot, into a new file.
  Result<void> copy_to(const std::string& path, const std::function<void(int, int)>& progress);

 private:
  struct Reader;
  Result<void> lend(const std::function<Result<void>(Reader&)>& use);
  Result<std::unique_ptr<Reader>> take();
  void give_back(std::unique_ptr<Reader> reader);

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Reader>> free_;
  std::size_t out_ = 0;
};

}  // namespace laurel::store
