#pragma once
// The member's lots are a chain from her newest to her oldest, so that no index by member has to
// be kept up on every sale.

#include <utility>
#include <vector>

#include "base/try.hpp"
#include "ledger/member.hpp"

namespace laurel::store {

// Those that still hold points, newest first. `find`: LotId to Result<std::optional<Lot>>.
template <class Find>
Result<std::vector<ledger::Lot>> open_lots(const ledger::MemberRecord& member, const Find& find) {
  std::vector<ledger::Lot> open;
  ledger::LotId at = member.last_lot;
  while (at && at >= member.oldest_open_lot) {
    LAUREL_TRY(std::optional<ledger::Lot> lot, find(at));
    if (!lot || lot->previous >= at) {
      return Error{ErrorCode::kStoreFailed, "the chain of a member's lots is broken"};
    }
    at = lot->previous;
    if (lot->remaining > Points{}) open.push_back(*std::move(lot));
  }
  return open;
}

}  // namespace laurel::store
