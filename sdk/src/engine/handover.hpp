#pragma once
// What passes between two members when they are merged and when they are parted.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/session.hpp"

namespace laurel::engine {

inline constexpr std::size_t kLotsOfAnEntry = 64;  // see LotId

// How many entries it takes to open so many lots; at least one.
std::int64_t entries_for(std::size_t lots);
// The lots that entry `number` of them opens.
std::span<const ledger::Lot> lots_of_entry(std::span<const ledger::Lot> lots, std::int64_t number);

// All that was the member's before this unit of work.
Result<std::vector<ledger::Entry>> history_of(const store::View& view,
                                              const MemberSession& session);
bool is_merging(const ledger::Entry& entry);
// What the entries count of each member's own limits, `sign` times.
std::vector<ledger::CounterUse> own_uses(std::span<const ledger::Entry> entries, std::int64_t sign);
// The sales whose points the lots hold name `carrier` from now on, so that a return finds them.
Result<void> note_carrier(Unit& unit, std::span<const ledger::Lot> lots, EntryId carrier);
// Entries of two sessions of one unit of work.
void in_order_of_booking(Unit& unit);

// What all entries of one merge or unmerge say.
struct Order {
  ledger::EntryKind kind;
  const std::string& actor;
  const std::string& reason;
  const programme::Compiled& compiled;
};
ledger::Entry begin_half(MemberSession& session, const Unit& unit, const Order& order,
                         EntryId about);

}  // namespace laurel::engine
