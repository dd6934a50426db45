#pragma once
// One member's books while an entry is being written. Every change of a balance or a lot goes
// through the primitives post, open, move, date and keep; each is recorded in the entry and carried
// out on the books in one step, and apply_entry carries out recorded ones with the same functions.
// So a stored balance that does not follow from the entries can only be damage.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "laurel/policy.hpp"
#include "ledger/entry.hpp"
#include "ledger/member.hpp"

namespace laurel::ledger {

// A member's record and those of her lots that are loaded; sorted by id.
struct Books {
  MemberRecord record;
  std::vector<Lot> lots;
  bool all_open_lots_loaded = false;
};

WalletState& wallet_state(MemberRecord& record, const std::string& wallet);
const WalletState* find_wallet(const MemberRecord& record, const std::string& wallet);
Lot* find_lot(Books& books, LotId id);
const Hold* find_hold(const MemberRecord& record, EntryId hold);
// Lots among which the books do not have them yet; those that are loaded already stay as they are.
void add_lots(Books& books, std::vector<Lot> lots);

// The first moment at which the lot is dead; kNever.
Instant lot_end(const MemberRecord& record, const Lot& lot);
// The next moment at which something happens to the lot by itself; kNever.
Instant lot_due(const MemberRecord& record, const Lot& lot);

// ---- The primitives, as they are repeated from entries. kInvariantBroken where the books do not
// allow it.
Result<void> apply_posting(Books& books, const Posting& posting);
Result<void> apply_opening(Books& books, const LotOpening& opening);
Result<void> apply_move(Books& books, const LotMove& move);
Result<void> apply_dating(Books& books, const LotDating& dating);
void apply_life(Books& books, const WalletLife& life);
// `moves`: of the entry, for the parts of a new hold.
Result<void> apply_hold(Books& books, const HoldChange& change, std::span<const LotMove> moves);
// Everything an entry records, its lots opened first.
Result<void> apply_entry(Books& books, const Entry& entry);

// ---- Writing an entry.
struct LotTerms {
  Instant available_from;
  Instant expires_at;
};

// What happens to points that come back to a lot whose time has passed.
struct Returning {
  const WalletPolicy& wallet;
  const TimeZone& zone;
  Instant at;  // when they come back
};

class EntryWriter {
 public:
  // Both outlive the writer. `entry.id` and the times are set already.
  EntryWriter(Books& books, Entry& entry) : books_(books), entry_(entry) {}

  // Opens a lot and pays debt with it. Needs all open lots loaded only where she owes something.
  Result<void> earn(const std::string& wallet, Points points, LotTerms terms, EntryId cause,
                    Account from = Account::kIssued);
  // Takes back what a sale earned. Its own lots first (pending, then available, then what died
  // unused), then her other points (pending, then available), then as the wallet declares: where
  // it keeps back money, up to `payable` points. Returns how many of them are so paid for.
  // `lapsed`: how much of it died unused in the hands of a member she was parted from or merged
  // with, and was not taken back yet.
  Result<Points> take_back(const WalletPolicy& wallet, Points points, EntryId cause,
                           Points payable = {}, Points lapsed = {});
  // Takes back points that were given by hand, in the same order; the rest as the wallet declares.
  Result<void> take_back_gift(const WalletPolicy& wallet, Points points, EntryId cause);
  // Gives again what earlier reversals of the sale took, the latest taken first given.
  Result<void> give_again(const WalletPolicy& wallet, Points points, EntryId cause,
                          std::span<const Entry> reversals, LotTerms terms);
  // Takes available points in the order in which they die. kInsufficientPoints.
  Result<void> spend(const std::string& wallet, Points points, Account to);
  // The same for points that were given already: what is missing becomes debt, and is returned.
  Result<Points> overdraw(const std::string& wallet, Points points, Account to);

  // Reserves available points until then, in the order in which they die, for the redemption that
  // the entry `redemption` opened; and what is counted beside them. kInsufficientPoints.
  Result<void> hold(EntryId redemption, const std::string& wallet, Points points, Instant until,
                    std::vector<CounterUse> reserved);
  // Ends a hold: so many of its points are redeemed, the rest comes back. Of none, also what was
  // counted beside them.
  Result<void> resolve(EntryId hold, Points redeemed, const Returning& returning);
  // Gives back so many points of a hold, the last taken first; the others stay held.
  Result<void> loosen(EntryId hold, Points points, const Returning& returning);
  // Moves the end of a hold.
  Result<void> prolong(EntryId hold, Instant until);
  // Spent points come back to their lots out of `from`: alive, for a while longer, or dead at once,
  // as the wallet says. Debt is paid with those that live. The lots are loaded.
  Result<void> give_back(std::span<const HeldPart> parts, Account from, const Returning& returning);
  // Redeemed points for which no lot is known any more come back: they were debt.
  Result<void> give_back_debt(const std::string& wallet, Points points, LotTerms terms);
  // Dates a lot again: it waits no longer than until then.
  Result<void> date(LotId lot, LotTerms terms);
  // From now on the lots of the wallet that live as long as it is used die then.
  void keep(const std::string& wallet, Instant dies_at);
  // Points that go to another member, and come back where they are below zero.
  Result<void> hand_over(LotId lot, Points points);
  // Opens a lot for points that another member handed over; debt is not paid with them yet.
  Result<void> receive(const Lot& from, Points points);
  // Debt that comes from another member, or goes to her where it is below zero.
  Result<void> receive_debt(const std::string& wallet, Points points);
  // Pays debt with the points that are there, as far as they go; needs all open lots.
  Result<void> pay_debt(const std::string& wallet);
  // Takes such a payment back.
  Result<void> unpay_debt(LotId lot, Points points);
  // What is left of the lot, or owed, is the programme's.
  Result<void> write_off(LotId lot);
  Result<void> forgive_debt(const std::string& wallet);
  Result<void> activate(LotId lot);
  Result<void> expire(LotId lot);
  // So many of its points that died live again.
  Result<void> unexpire(LotId lot, Points points);

  // Merges postings of one account, names the balances after, and moves the member's chain on.
  void finish(std::span<const WalletPolicy> wallets);

 private:
  Result<void> post(const std::string& wallet, Account account, Points amount);
  Result<void> move(LotId lot, LotMoveKind kind, Points points);
  Result<void> take(Lot& lot, Points points, Account to, LotMoveKind kind);
  Result<Points> spend_lots(const std::string& wallet, Points points, Account to);
  Result<void> change_hold(const HoldChange& change);
  // These return what is left to take.
  Result<Points> take_from_lots(const std::string& wallet, Points wanted, bool activated,
                                EntryId cause, bool of_cause);
  Result<Points> take_expired(const std::string& wallet, Points wanted, EntryId cause);

  Books& books_;
  Entry& entry_;
};

// What is due by `now`, one entry a lot or hold, each at the moment at which it became true. Needs
// all open lots loaded, and those of holds that end. `next` is the number of the first entry.
Result<std::vector<Entry>> settle(Books& books, Instant now, EntryId next,
                                  std::span<const WalletPolicy> wallets, const TimeZone& zone);

// The books as they are at `at`, whether or not what is due by then has been booked; needs the lots
// that settle() does.
Result<Books> settled(Books books, Instant at, std::span<const WalletPolicy> wallets,
                      const TimeZone& zone);
Result<std::vector<WalletBalance>> balances_at(const Books& books, Instant at,
                                               std::span<const WalletPolicy> wallets,
                                               const TimeZone& zone);
// The lots of holds that end by then.
std::vector<LotId> lots_of_due_holds(const MemberRecord& record, Instant by);
std::vector<WalletBalance> booked_balances(const MemberRecord& record,
                                           std::span<const WalletPolicy> wallets);

}  // namespace laurel::ledger
