#pragma once
// Where everything is kept. One store is one ledger; any number of processes may open the same one.
//
//   memory:                     nothing survives the process; for tests and simulations
//   sqlite:PATH                 embedded; created where it does not exist
//
// A store may be used from any thread. Every acknowledged write is on the disk.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "laurel/result.hpp"

namespace laurel {

namespace store {
class Store;  // the seam: sdk/src/store/store.hpp
}

using StoreHandle = std::shared_ptr<store::Store>;

struct StoreOptions {
  bool create = true;  // false: kNotFound where there is none
  bool read_only = false;
  // Largest number of units of work that share one database transaction and its one sync.
  std::uint32_t batch_units_max = 256;
  std::uint32_t checkpoint_pages = 10'000;
  // For measuring and for tests: added to every sync; called at each step of a write, by name.
  std::chrono::microseconds sync_delay{0};
  std::function<void(std::string_view step)> probe = {};
};

// kInvalid: no such kind of store; kStoreFailed: it cannot be opened, is damaged, or is of a newer
// version of Laurel.
Result<StoreHandle> open_store(std::string_view uri, StoreOptions options = {});

// Copies a store, as it stands at one moment, into a file that is a store itself: whole and
// durable, or not there at all. Others go on reading and writing meanwhile; `progress` may be empty
// and is called now and then from the calling thread. kInvalid: the file is there already, or the
// store is kept in no file.
struct BackupProgress {
  std::int64_t pages_done = 0, pages_all = 0;
};
Result<void> backup(const StoreHandle& store, const std::string& file,
                    const std::function<void(BackupProgress)>& progress = {});

}  // namespace laurel
