#pragma once
// Threads for what the SDK may do in parallel; it starts none by itself.

#include "laurel/publishing.hpp"

namespace laurel::daemon {

// Each task on a thread of its own, all of them ended before it returns.
Executor on_threads();
// How many tasks are worth while on this machine; `wanted` of 0: as many as it has processors.
std::size_t worthwhile_threads(std::size_t wanted);

}  // namespace laurel::daemon
