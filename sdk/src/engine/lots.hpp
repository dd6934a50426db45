#pragma once
// When points become available and die, in the ledger's words: what a wallet's policy makes of a
// sale, of what is reported about it later, and of the use of a wallet.

#include <optional>
#include <span>

#include "engine/reversal.hpp"
#include "engine/session.hpp"
#include "ledger/book.hpp"
#include "programme/compiled.hpp"

namespace laurel::engine {

// `events`: what was reported about the sale, for points that wait for it.
ledger::LotTerms lot_terms(const programme::Compiled& compiled, std::size_t wallet, Instant at,
                           std::span<const ledger::Entry> events = {});
// Points given by hand wait for nothing.
ledger::LotTerms terms_at_once(const programme::Compiled& compiled, std::size_t wallet, Instant at);

// Notes that the wallet was used at `at`, in ways that are a set of programme::Activity. `opens`: a
// lot is opened in it next.
void note_use(const programme::Compiled& compiled, std::size_t wallet, ledger::Books& books,
              ledger::EntryWriter& writer, Instant at, int ways, bool opens);

// What was reported about a sale before it came.
Result<std::vector<ledger::Entry>> events_about(
    const Unit& unit, const std::optional<store::TransactionRecord>& record);

// The transaction that an event is reported about, whether it has come or not.
struct About {
  store::TransactionRecord record;
  std::optional<Sale> sale;  // that has an owner
};
// None: it is no such event. kInvalid: not about a sale.
Result<std::optional<About>> about(const Unit& unit, const Transaction& document);

// The event that `entry` is, reported about the sale, lets go those of its points that waited for
// it.
Result<void> release(const Unit& unit, MemberSession& session, ledger::Entry& entry,
                     const Sale& sale);

}  // namespace laurel::engine
