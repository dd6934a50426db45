#pragma once
// Returns and voids. A sale is worth what its kept part is worth, under the version, tier and
// moment it was valued in; whatever the documents about it are and however they arrive, its points
// are moved from what is held for it to that. So parts sum to the whole, and no order of arrival
// matters.

#include <optional>
#include <vector>

#include "engine/session.hpp"
#include "engine/valuation.hpp"

namespace laurel::engine {

// A sale or event and all that has been said about it.
struct Sale {
  store::TransactionRecord record;
  ledger::Entry entry;
  std::optional<ledger::Entry> claim;
  std::optional<ledger::Entry> decision;  // of a person, where it gave nobody any points
  std::vector<ledger::Entry> documents;   // returns and voids of it that stand, in order of booking
  std::vector<ledger::Entry> waiting;     // those that came before it and have not been applied
  std::vector<ledger::Entry> events;      // reported about it
  std::vector<ledger::Entry> movements;   // entries that moved its points after it was valued
  std::vector<ledger::Entry> carried;     // merges that put its points into lots of another member

  // The entry that valued it and holds its points; none while it belongs to nobody.
  const ledger::Entry* holder() const;
  // As it stands: its holder's, or the latest rating again. Null where it was never valued.
  const ledger::Valuation* valuation() const;
};

Result<Sale> load_sale(const store::View& view, store::TransactionRecord record,
                       ledger::Entry entry);
// The session gets those of its member's lots that hold, or held, points of the sale.
Result<void> load_lots_of(MemberSession& session, const Sale& sale);
// Whether a void of this return stands, or a person has refused it.
Result<bool> is_voided(const store::View& view, const TransactionKey& key);

// Whether an earlier void of the same original has been stored.
Result<bool> voided_before(const Unit& unit, const store::TransactionRecord& original);

// What the customer keeps when these documents stand. Each must find something left to take back,
// in the order of booking or, where all of them say when they were, at its own time: a part that is
// learnt of after the rest came back is no fault. They count by their own time, so that what is
// kept is the same in whatever order they came; where they do not fit so, by booking. kInvalid: a
// line the sale does not have, an amount its currency does not; kExceedsOriginal; kAlreadyReversed:
// nothing was left to take back.
Result<Kept> kept_after(const Transaction& sale, std::span<const ledger::Entry> documents);

// What waited for the sale, in the order of its own time; it waits no longer.
std::vector<ledger::Entry> take_waiting(Sale& sale);

// A return that says a currency speaks of that of its sale.
bool in_currency_of(const Sale& sale, const Transaction& document);

struct Taken {
  Kept before, after;
};
// Lets the document stand. None: it takes back more than was sold, and stays waiting, for a person
// to look at.
Result<std::optional<Taken>> stand(Sale& sale, const ledger::Entry& document);

// Moves the sale's points and all that it counts for to what the kept part is worth, as part of
// `entry`; under the valuation that the entry itself carries, if it rates the sale again.
Result<void> rebalance(Unit& unit, MemberSession& session, ledger::Entry& entry, const Sale& sale,
                       const Kept& kept);

}  // namespace laurel::engine
