#pragma once
// Sales paid with points: the redemption behind a tender, and what comes back with a return.

#include <span>

#include "engine/attribution.hpp"
#include "engine/reversal.hpp"

namespace laurel::engine {

// What a sale was paid with, and the redemptions that will name its entry.
struct Payment {
  std::vector<ledger::PaidWithPoints> paid;
  std::vector<store::TransactionRecord> redemptions;
};
// Books, before the sale itself, what its points tenders stand for: captures what is held, links
// what was captured, or spends the points now. Without `pay_with_points` a tender that names no
// redemption is information only. kInvalid, and what redemptions are refused for.
Result<Payment> pay_with_points(Unit& unit, MemberSession& session, const Transaction& document,
                                std::span<const GivenIdentifier> given, Instant event_time);
// The sale's entry stands: the redemptions name it.
void link_payment(Unit& unit, Payment payment, EntryId sale);

// Moves the points that paid for the sale to what its kept part was paid with, as part of `entry`.
// `at`: when what the document says was decided.
Result<void> restore_payment(Unit& unit, MemberSession& session, ledger::Entry& entry,
                             const Sale& sale, const Kept& kept, Instant at);

// The money to give back, decimal text: the goods less what was paid for them with points.
std::string refund_between(const ledger::Entry& sale, const Kept& before, const Kept& after);

// All the points of a payment, and what they were worth.
ledger::PaidLine total_of(const ledger::PaidWithPoints& paid);

}  // namespace laurel::engine
