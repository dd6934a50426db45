#pragma once
// What members are told before it happens by itself.

#include "engine/session.hpp"

namespace laurel::engine {

// The next moment at which the member has to be told of something, as far as her loaded lots say;
// kNever. May lie in the past, until the due job has told her.
Instant next_notice(const ledger::Books& books, const programme::Compiled& compiled, Instant now);

// Books one entry with all that she has to be told of by now, if anything. What is earned when its
// end is nearer than that is told by its receipt alone.
Result<void> book_notices(Unit& unit, MemberSession& session);

}  // namespace laurel::engine
