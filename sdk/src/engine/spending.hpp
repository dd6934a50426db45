#pragma once
// Spending a member's points, and giving them back, as part of a unit of work: for redemptions,
// sales paid with points, and rewards. The session is settled; each call writes into an entry that
// was begun and is not ended yet.

#include <span>

#include "engine/session.hpp"

namespace laurel::engine {

// `wallet`: its place in the programme. `redemption`: the entry that opened it. `reserved`: what is
// counted beside the points. kInsufficientPoints; nothing is written then.
struct Holding {
  EntryId redemption;
  std::size_t wallet = 0;
  Points points;
  Instant until;
  std::vector<ledger::CounterUse> reserved = {};
};
Result<void> hold_points(MemberSession& session, ledger::Entry& entry,
                         const programme::Compiled& compiled, Holding holding);
Result<void> spend_points(MemberSession& session, ledger::Entry& entry,
                          const programme::Compiled& compiled, std::size_t wallet, Points points);
// For points that were given already: what is missing becomes debt, and is returned.
Result<Points> overdraw_points(MemberSession& session, ledger::Entry& entry,
                               const programme::Compiled& compiled, std::size_t wallet,
                               Points points);
// Ends a hold of hers: so many are redeemed, the rest comes back.
Result<void> capture_points(MemberSession& session, ledger::Entry& entry,
                            const programme::Compiled& compiled, EntryId hold, Points points);
// Lets go of so many points of a hold; of all of them, it is over.
Result<void> release_points(MemberSession& session, ledger::Entry& entry,
                            const programme::Compiled& compiled, EntryId hold, Points points);
// Redeemed points come back to the lots they were of, the last taken first, as the wallet's
// `restore` says at `at`. `spent`: the entries that took them, and those that gave some back since.
Result<void> give_points_back(MemberSession& session, ledger::Entry& entry,
                              const programme::Compiled& compiled, const std::string& wallet,
                              Points points, std::span<const ledger::Entry> spent, Instant at);

// What entries moved into the redeemed account.
Points redeemed_by(std::span<const ledger::Entry> entries, const std::string& wallet);

// Whose points are spent by these identifiers: by one that may redeem.
struct Spender {
  ledger::MemberRecord member;
  Attribution attribution;
};
// kUnknownMember, kIdentifierTooWeak, kInvalid.
Result<Spender> spender(const Unit& unit, const Version& version,
                        std::span<const Identifier> identifiers, const std::string& source);
// kMemberNotActive, kStepUpRequired. `step_up`: the person was made sure of a second time.
Result<void> check_may_spend(const Unit& unit, const programme::Compiled& compiled,
                             const ledger::MemberRecord& member, bool step_up);

}  // namespace laurel::engine
