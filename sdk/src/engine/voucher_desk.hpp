#pragma once
// Vouchers within a unit of work: issued, given out of a pool, used and given back. Everything that
// is done to a voucher is recorded in an entry and carried out on the stored voucher in one step.

#include <optional>
#include <string>
#include <vector>

#include "engine/reversal.hpp"
#include "engine/session.hpp"
#include "laurel/voucher.hpp"
#include "ledger/voucher.hpp"
#include "programme/catalogue.hpp"

namespace laurel::engine {

// The voucher as this unit of work leaves it; null: there is none.
Result<ledger::Voucher*> voucher_in_change(Unit& unit, const std::string& code);
// Part of `entry` from now on.
Result<void> move_voucher(Unit& unit, ledger::Entry& entry, ledger::VoucherMove move);
// With codes derived from the secret of the store, or those that it names. kInvalid, at
// /codes/N: one is stored already.
Result<void> issue_vouchers(Unit& unit, ledger::Entry& entry, ledger::VoucherIssue issue,
                            std::size_t count);

// What the voucher of a reward is worth when it is given at `at`, `times` over.
ledger::VoucherTerms terms_of(const programme::Compiled& compiled, const programme::Reward& reward,
                              Instant at, std::int64_t times = 1);

// Whether its limits leave one of it. Its uses, if it is given.
Result<bool> has_room(const Unit& unit, const programme::Compiled& compiled,
                      const programme::Reward& reward, MemberId member, Instant at);
void count_reward(const programme::Compiled& compiled, const programme::Reward& reward, Instant at,
                  std::int64_t times, ledger::Entry& entry);

struct GivenVoucher {
  std::string code = {};
  Instant valid_until = {};
};
// Gives the member the voucher of a reward. None: the pool of its codes is empty.
struct Gift {
  const programme::Reward& reward;
  MemberId to = {};
  Instant at = {};  // on whose day its limits count it
  std::string rule = {};
  std::int64_t times = 1;  // an amount: so many of them
  bool reserved = false;   // a hold counts it already, and keeps its code
};
Result<std::optional<GivenVoucher>> give_reward(Unit& unit, ledger::Entry& entry,
                                                const programme::Compiled& compiled,
                                                const Gift& gift);

// The vouchers that the rules give to a sale of `at`, as far as their limits leave any.
Result<void> give_gifts(Unit& unit, ledger::Entry& entry, const programme::Compiled& compiled,
                        const std::vector<RuleGift>& gifts, Instant at);

// ---- Returns

// What a return does to the vouchers of a sale: those that paid it get their share back, which is
// no part of the money to refund; those that its rules gave are taken back, or what was used of
// them is charged. `gifts`: what the kept part is entitled to.
Result<void> return_vouchers(Unit& unit, ledger::Entry& entry, const Sale& sale, const Kept& kept);
Result<void> return_gifts(Unit& unit, ledger::Entry& entry, const Sale& sale,
                          const programme::Compiled& compiled, const std::vector<RuleGift>& gifts);

}  // namespace laurel::engine
