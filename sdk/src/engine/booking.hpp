#pragma once
// Steps that posting, claiming and deciding share: from a sale that is known to be somebody's to
// its points, and to all that waited for it.

#include <span>
#include <string>

#include "engine/attribution.hpp"
#include "engine/posting.hpp"
#include "engine/reversal.hpp"
#include "engine/session.hpp"
#include "ledger/entry.hpp"

namespace laurel::engine {

ledger::EntryKind kind_of(TransactionKind kind);

// What every entry that carries a document says about it.
void describe(ledger::Entry& entry, Transaction document, const programme::Compiled& compiled);

// One that is nobody's.
ledger::Entry unowned_entry(Unit& unit, Instant event_time);

// Values the sale at its own moment and opens its lots. `events`: what was reported about it
// before.
Result<void> earn(Unit& unit, MemberSession& session, ledger::Entry& entry,
                  const Transaction& document, const programme::Compiled& compiled, EntryId cause,
                  std::span<const ledger::Entry> events);

// From when what a document says holds. A return is an event of its own; what is voided never was.
Instant moment_of(const ledger::Entry& document, const Sale& sale);

// When somebody decided what a document says: a void holds from its sale on, but was decided later.
Instant decided_at(const Unit& unit, const Transaction& document);

// Returns and voids that came before their sale take effect now, in the order of their own time.
Result<void> apply_waiting(Unit& unit, MemberSession& session, Sale& sale);
// What stands since before the sale was hers takes effect on her now. What found nothing left to
// take back waits on.
Result<void> apply_standing(Unit& unit, MemberSession& session, Sale& sale);
// Both for a sale that is booked with what paid it: as if the unit's work so far had been stored.
Result<void> apply_to_booked(Unit& unit, const TransactionKey& key);
// The same for a sale that is nobody's: money is given back, and no points are moved.
Result<void> apply_waiting_unowned(Unit& unit, Sale& sale);

// A sale or event that is nobody's becomes the member's, as of its own moment; what was taken back
// meanwhile is taken from her.
struct Giving {
  Sale sale;
  std::string by;  // what the attribution says
  std::string actor, reason;
  MemberId side = {};                           // by whom it comes; none: by herself
  std::optional<Attribution> attribution = {};  // absent: as it was when the sale came
};
Result<Posted> give(Unit& unit, MemberSession session, Giving giving);

// ---- What posting is made of (posting.cpp)

using StoredRecord = std::optional<store::TransactionRecord>;
Result<EntryId> post_sale(Unit& unit, Transaction document,
                          const std::vector<GivenIdentifier>& given, const StoredRecord& record);
Result<EntryId> post_return(Unit& unit, Transaction document,
                            const std::vector<GivenIdentifier>& given, const StoredRecord& own);
Result<EntryId> post_void(Unit& unit, Transaction document, const StoredRecord& own);

// ---- Exchanges (exchange.cpp)

// A sale that brings something back: the sale first, so that what it earns covers what is taken
// back, then each return, as if they came one after the other.
Result<EntryId> post_exchange(Unit& unit, Transaction document,
                              const std::vector<GivenIdentifier>& given,
                              const StoredRecord& record);
// The exchange is voided: so are its returns.
Result<void> void_parts(Unit& unit, const Transaction& exchange, const Transaction& document);
Result<std::vector<ledger::Entry>> parts_of(const store::View& view, const Transaction& exchange);

// ---- Returns that name no sale (unmatched.cpp)

// By the programme's rate, from the member it names. None: it names nobody.
Result<std::optional<EntryId>> return_at_value(Unit& unit, Transaction& document,
                                               const std::vector<GivenIdentifier>& given);
// Such a return is voided.
Result<EntryId> void_at_value(Unit& unit, Transaction document, store::TransactionRecord original,
                              const ledger::Entry& returned, const StoredRecord& own);

}  // namespace laurel::engine
