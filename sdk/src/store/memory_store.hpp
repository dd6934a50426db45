#pragma once
// A store that lives and dies with the process, for tests and simulations. It refuses what the
// databases' constraints refuse.

#include "laurel/store.hpp"

namespace laurel::store {

StoreHandle open_memory_store(const StoreOptions& options);

}  // namespace laurel::store
