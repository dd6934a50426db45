#pragma once
// Redemptions as they are stored: a hold and what became of it. All of it follows from the entries
// that its key names, so nothing else has to be kept in step with them.

#include <optional>

#include "engine/posting.hpp"
#include "laurel/redemption.hpp"

namespace laurel::engine {

// A redemption and all that was done about it.
struct RedemptionFile {
  store::TransactionRecord record;
  ledger::Entry opened;                  // the hold; or the entry that spent the points at once
  std::optional<ledger::Entry> capture;  // also where `opened` is one
  std::optional<ledger::Entry> end;      // its release, or its reversal
  std::optional<ledger::Entry> sale;     // that was paid with it
  Points points;                         // held, or captured
  Instant until;                         // of the hold
  RedemptionState state = RedemptionState::kHeld;
  std::vector<MemberId> holders = {};  // with whom its points may stand, as they were then
};
// None: no redemption has this key. `now`: whether its time has run out.
Result<std::optional<RedemptionFile>> find_redemption(const Unit& unit, const TransactionKey& key);

Result<Posted> hold(Unit& unit, const RedemptionRequest& request);
Result<Posted> capture(Unit& unit, const Resolution& resolution);
Result<Posted> release(Unit& unit, const Resolution& resolution);
Result<Posted> extend(Unit& unit, const Extension& extension);
Result<Posted> reverse(Unit& unit, const Resolution& resolution);

// What an entry about a redemption answers. `opened`: the entry that opened it.
Redemption redemption_of(const ledger::Entry& opened, const ledger::Entry& entry,
                         const programme::Compiled& compiled);
Redemption redemption_of(const RedemptionFile& file, const programme::Compiled& compiled);

// kHoldExpired, kInvalidState.
Result<void> check_capturable(const RedemptionFile& file);
// Books the capture in the session of its member; the caller ends the redemption's record.
Result<EntryId> book_capture(Unit& unit, MemberSession& session, const RedemptionFile& file,
                             Points points, TransactionKey key, std::optional<Points> asked);

// The worth of a part of what was held, in minor units of its currency.
Result<std::int64_t> worth_of_part(const ledger::RedemptionTerms& terms, Points part);

}  // namespace laurel::engine
