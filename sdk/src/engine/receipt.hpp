#pragma once
// Answers, rendered from stored entries: the first time and on any later day by the same function.

#include "laurel/history.hpp"
#include "laurel/receipt.hpp"
#include "ledger/entry.hpp"
#include "programme/compiled.hpp"

namespace laurel::engine {

// `compiled`: the version that valued the entry.
Receipt receipt_of(const ledger::Entry& entry, const programme::Compiled& compiled);

EntryView view_of(const ledger::Entry& entry);

std::string_view to_text(ledger::EntryKind kind);
std::string_view to_text(ledger::Account account);

}  // namespace laurel::engine
