#pragma once
// Points from one member to another.

#include "engine/posting.hpp"
#include "laurel/transfer.hpp"

namespace laurel::engine {

// Books the half of her who gives, and then that of her who receives, lot by lot.
Result<Posted> transfer(Unit& unit, const Transfer& transfer);
std::string transferred_wallet(const ledger::Entry& entry);

}  // namespace laurel::engine
