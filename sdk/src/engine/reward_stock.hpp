#pragma once
// What there is of a reward: its limits, and the codes that wait in its pool, less what is reserved
// by holds. A hold whose time has run out reserves nothing, whether or not that has been booked.

#include <optional>
#include <string>

#include "engine/session.hpp"
#include "programme/catalogue.hpp"

namespace laurel::engine {

// What the limit leaves of a reward on that day: of one member or (no member) of all.
Result<ledger::LimitRoom> room_now(const Unit& unit, const programme::Limit& limit, MemberId who,
                                   Date day);
// The next code that waits in the pool and that this unit of work has not given away already.
// None: there is none left, but for holds. `reserved`: it is for a hold that reserved it.
Result<std::optional<ledger::Voucher>> next_code(const Unit& unit, const std::string& pool,
                                                 bool reserved);
// A code of the pool that a hold reserves, or (-1) no longer does.
ledger::CounterUse reserved_code(const std::string& pool, Date day, std::int64_t times);

}  // namespace laurel::engine
