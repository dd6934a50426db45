#pragma once
// The proof: everything derived is built again from the entries alone, every sale is valued again
// under its own version of the programme, and all is compared with what is stored.

#include <functional>

#include "engine/versions.hpp"
#include "laurel/history.hpp"
#include "store/store.hpp"

namespace laurel::engine {

Result<VerifyReport> verify(const store::View& view, const Versions& versions,
                            const std::function<void(VerifyProgress)>& progress);

}  // namespace laurel::engine
