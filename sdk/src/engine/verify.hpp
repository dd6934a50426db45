#pragma once
// The proof: everything derived is built again from the entries alone, every sale is valued again
// under its own version of the programme, and all is compared with what is stored.

#include <functional>

#include "engine/verify_share.hpp"

namespace laurel::engine {

// Runs `reader` over a snapshot of its own. From any thread.
using Snapshots = std::function<Result<void>(
    const std::function<Result<void>(const store::View&, const Versions&)>& reader)>;

Result<VerifyReport> verify(const Snapshots& read, const Verification& how);

}  // namespace laurel::engine
