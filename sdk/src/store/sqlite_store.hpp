#pragma once
// The embedded store: one SQLite file in WAL mode, synchronous=FULL, one writing connection a
// process, group commit, and a lock file that keeps the writers of all processes apart.

#include <string>

#include "laurel/store.hpp"

namespace laurel::store {

// As open_store.
Result<StoreHandle> open_sqlite_store(const std::string& path, const StoreOptions& options);

}  // namespace laurel::store
