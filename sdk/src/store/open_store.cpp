#include "laurel/store.hpp"
#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/store.hpp"

namespace laurel {

Result<StoreHandle> open_store(std::string_view uri, StoreOptions options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (uri == "memory:") return store::open_memory_store(options);
  if (uri.starts_with(kSqlite) && uri.size() > kSqlite.size()) {
    return store::open_sqlite_store(std::string(uri.substr(kSqlite.size())), options);
  }
  return Error{ErrorCode::kInvalid, "a store is memory: or sqlite:PATH, not " + std::string(uri)};
}

Result<void> backup(const StoreHandle& store, const std::string& file,
                    const std::function<void(BackupProgress)>& progress) {
  return store->copy_to(file, progress);
}

}  // namespace laurel
