#pragma once
// What comes back of a sale that was paid with the points of several members: to each hers. Others
// before the one who paid; among them the last named first; so that what each has back follows from
// how much came back in all, in whatever parts and order it did.

#include "engine/reversal.hpp"
#include "engine/session.hpp"

namespace laurel::engine {

struct SharedReturn {
  const Sale& sale;
  const std::string& wallet;
  Points back;                              // in all, once this is booked
  const std::vector<ledger::Entry>& spent;  // holds and captures that the sale names
  Instant at;
};
// `entry`: the return in the chain of the session's member.
Result<void> restore_shared(Unit& unit, MemberSession& session, ledger::Entry& entry,
                            const SharedReturn& shared);

}  // namespace laurel::engine
