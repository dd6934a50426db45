#pragma once
// The last line of defence: what must hold of every change, whoever planned it. Run inside every
// write, before anything reaches the store. Each has a test that breaks it on purpose
// (tests/unit/ledger/invariants_test.cpp).

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/book.hpp"

namespace laurel::ledger {

struct Violation {
  std::string_view invariant;
  std::string detail;
};

// What one unit of work would do to one member: her books before and after, and the entries
// between.
struct MemberChange {
  const Books& before;
  const Books& after;
  std::span<const Entry> entries;
};

//   entry_balances          the postings of an entry sum to zero in each wallet
//   no_balance_below_zero   pending, available, held and debt
//   lots_add_up             earned = remaining + reversed + spent + expired, none negative
//   lots_match_balances     an entry moves pending and available by what its lot moves say
//   one_member_touched      entries, lots and record are one person's
//   entry_names_its_cause   key or the entry it is about, and actor; valued entries, their
//   programme chain_unbroken          each entry follows the member's one before it
//   awards_match_lots       what a valuation awards is what its lots were opened with
//   holds_match_balances    what is held is the sum of the open holds
//   entries_explain_state   carrying the entries out on `before` gives `after`
// Every violation is reported, not only the first.
std::vector<Violation> broken_invariants(const MemberChange& change);
std::span<const std::string_view> all_invariants();

// kInvariantBroken that names every violation.
Result<void> check_invariants(const MemberChange& change);

}  // namespace laurel::ledger
