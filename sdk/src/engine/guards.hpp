#pragma once
// What looks like misuse, as the programme's guards say: counted over what is stored, by the time
// at which things happened.

#include <optional>
#include <string>
#include <vector>

#include "engine/session.hpp"

namespace laurel::engine {

struct Guarded {
  std::vector<std::string> flags;  // "guard:own-card"
  bool needs_review = false;
  std::string text;  // for people: which guards, and why
};

// Of a sale that is about to be the member's; none: nobody's yet, or of one whom it enrols.
// kRefusedByGuard.
Result<Guarded> guard_sale(const Unit& unit, const programme::Compiled& compiled,
                           const std::optional<ledger::MemberRecord>& member,
                           const Attribution& attribution, const Transaction& document, Instant at);
// Of points that she is about to spend. kRefusedByGuard.
Result<Guarded> guard_redemption(const Unit& unit, const programme::Compiled& compiled,
                                 const ledger::MemberRecord& member, const Attribution& attribution,
                                 const Transaction& document, Instant at);

// Puts what was flagged, and is booked, into the review queue.
void report_flags(Unit& unit, const ledger::Entry& entry, const Guarded& guarded);

}  // namespace laurel::engine
