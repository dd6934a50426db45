#pragma once
// A programme's questions about a member's past, answered from her entries, and what its limits
// leave; both as of the moment of the transaction that is being valued.

#include <vector>

#include "engine/session.hpp"
#include "engine/valuation.hpp"
#include "programme/past.hpp"

namespace laurel::engine {

// Goes back over all that is the member's, from the entry `last_entry` of her chain, to the start
// of the longest stretch that is asked for.
Result<std::vector<ledger::PastAnswer>> answers_for(const Unit& unit, MemberId member,
                                                    EntryId last_entry,
                                                    const programme::Compiled& compiled, Instant at,
                                                    const std::vector<std::uint32_t>& questions);

// What is left of a limit of which so much has been taken.
ledger::LimitRoom room_left(const programme::Limit& limit, std::int64_t units, std::int64_t times);

// What the limit leaves on that day, of one member or (no member) of all. `back`: of what stands as
// taken, this is free again.
Result<ledger::LimitRoom> room_of(const store::View& view, const programme::Limit& limit,
                                  MemberId who, Date day,
                                  std::span<const ledger::CounterUse> back = {});

Result<std::vector<ledger::LimitRoom>> rooms_for(const Unit& unit, MemberId member,
                                                 const programme::Compiled& compiled, Instant at,
                                                 const std::vector<std::uint32_t>& limits);

// All that a member is told to be when the transaction is valued at `at`.
Result<Standing> standing_for(const Unit& unit, MemberSession& session,
                              const programme::Compiled& compiled, Instant at, Valuable& valuable);

// What a decision takes of the counters: on which day, and of whose.
std::vector<ledger::CounterUse> uses_of(const programme::Compiled& compiled,
                                        const programme::Decision& decision, Instant at);

// What has to be booked so that the counters say `wanted` where they say `booked`; both may name a
// counter several times.
std::vector<ledger::CounterUse> difference(const std::vector<ledger::CounterUse>& wanted,
                                           const std::vector<ledger::CounterUse>& booked);

// Puts what an entry of the member took, or gave back, into the unit's change.
Result<void> count(Unit& unit, MemberId member, const std::vector<ledger::CounterUse>& uses);

}  // namespace laurel::engine
