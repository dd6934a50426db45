#pragma once
// Points given and taken by hand, one member at a time.

#include <string>

#include "engine/session.hpp"
#include "laurel/adjusting.hpp"
#include "laurel/history.hpp"
#include "laurel/review.hpp"

namespace laurel::engine {

// Whether two names may be one person's: they differ in case and spaces at most.
bool may_be_same_person(std::string_view a, std::string_view b);

// In units of the wallet.
Points whole_points(std::int64_t points, const WalletPolicy& wallet);

// What is booked, whoever agreed to it.
struct Handing {
  MemberId member;
  std::string wallet;
  Points points;
  Instant at;
  TransactionKey key = {};
  std::string actor, reason;
  EntryId about = {};
  std::vector<ledger::CounterUse> uses = {};
  std::vector<std::string> flags = {};
};
// kUnknownMember, kMemberNotActive, kInsufficientPoints, kInvalid: no such wallet.
Result<EntryId> hand(Unit& unit, Handing handing);

// Books it or, beyond what the programme lets one person do, keeps it for another. `review` is not
// known before the unit is written.
Result<AdjustmentReceipt> adjust(Unit& unit, const Adjustment& adjustment);
// The subject of the item of the review queue in which it waits.
std::string subject_of_adjustment(const TransactionKey& key);

// Another person agrees. kNotApproved: it is the same one.
Result<void> accept_adjustment(Unit& unit, const ledger::Entry& waiting,
                               const ReviewDecision& decision, ReviewItem& item);
Result<void> check_other_person(const ledger::Entry& waiting, const ReviewDecision& decision);

// Takes an entry of `hand` back, under that key, once.
struct Undoing {
  EntryId entry;
  TransactionKey key;
  std::string actor, reason;
  std::vector<ledger::CounterUse> uses = {};
};
Result<EntryId> take_back(Unit& unit, const Undoing& undoing);
// Adds what the entry of a take_back moved.
void add(TakenBack& taken, const ledger::Entry& entry);

Result<AdjustmentUndone> undo(Unit& unit, const AdjustmentUndo& undo);

}  // namespace laurel::engine
