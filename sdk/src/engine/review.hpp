#pragma once
// The review queue: what is put into it, and what a person's decision does.

#include <string>

#include "engine/session.hpp"
#include "laurel/review.hpp"

namespace laurel::engine {

// "till-7/R-1001"
std::string subject_of(const TransactionKey& key);

// An untimely or contradictory transaction is kept; `entry` is the one that keeps it. `why`: of
// another reason than these.
void open_review(Unit& unit, const ledger::Entry& entry, bool untimely,
                 const std::string& why = {});
// A transaction that is booked, and looks like misuse.
void open_anomaly(Unit& unit, const ledger::Entry& entry, const std::string& subject,
                  const std::string& why);

// A return or void that waits for its original: listed if that has not come within 30 days.
void open_orphan(Unit& unit, const ledger::Entry& entry);
// Its original has come.
Result<void> close_orphan(Unit& unit, const TransactionKey& key);

// kUnknownReviewItem, kAlreadyDecided, and what carrying it out may refuse.
Result<ReviewItem> decide(Unit& unit, const ReviewDecision& decision, ReviewState outcome);

}  // namespace laurel::engine
