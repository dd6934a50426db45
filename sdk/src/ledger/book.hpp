#pragma once
// One member's books while an entry is being written. Every change of a balance or a lot goes
// through the primitives post, open, move, date and keep; each is recorded in the entry and carried
// out on the books in one step, and apply_entry carries out recorded ones with the same functions.
// So a stored balance that does not follow from the entries can only be damage.

#include <optional>
#include <span>
#include <string>
#include <vector>

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
// Everything an entry records, its lots opened first.
Result<void> apply_entry(Books& books, const Entry& entry);

// ---- Writing an entry.
struct LotTerms {
  Instant available_from;
  Instant expires_at;
};

class EntryWriter {
 public:
  // Both outlive the writer. `entry.id` and the times are set already.
  EntryWriter(Books& books, Entry& entry) : books_(books), entry_(entry) {}

  // Opens a lot and pays debt with it. Needs all open lots loaded only where she owes something.
  Result<void> earn(const std::string& wallet, Points points, LotTerms terms, EntryId cause,
                    Account from = Account::kIssued);
  // Takes back what a sale earned. Its own lots first (pending, then available, then what died
  // unused), then her other points (pending, then available), then as the wallet declares.
  // `lapsed`: how much of it died unused in the hands of a member she was parted from or merged
  // with, and was not taken back yet.
  Result<void> take_back(const WalletPolicy& wallet, Points points, EntryId cause,
                         Points lapsed = {});
  // Gives again what earlier reversals of the sale took, the latest taken first given.
  Result<void> give_again(const WalletPolicy& wallet, Points points, EntryId cause,
                          std::span<const Entry> reversals, LotTerms terms);
  // Takes available points in the order in which they die. kInsufficientPoints.
  Result<void> spend(const std::string& wallet, Points points, Account to);
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

  // Merges postings of one account, names the balances after, and moves the member's chain on.
  void finish(std::span<const WalletPolicy> wallets);

 private:
  Result<void> post(const std::string& wallet, Account account, Points amount);
  Result<void> move(LotId lot, LotMoveKind kind, Points points);
  Result<void> take(Lot& lot, Points points, Account to, LotMoveKind kind);
  // These return what is left to take.
  Result<Points> take_from_lots(const std::string& wallet, Points wanted, bool activated,
                                EntryId cause, bool of_cause);
  Result<Points> take_expired(const std::string& wallet, Points wanted, EntryId cause);

  Books& books_;
  Entry& entry_;
};

// What is due by `now`, one entry a lot, each at the moment at which it became true. Needs all open
// lots loaded. `next` is the number of the first entry.
Result<std::vector<Entry>> settle(Books& books, Instant now, EntryId next,
                                  std::span<const WalletPolicy> wallets);

// The balances at `at`, whether or not what is due by then has been booked; needs all open lots.
std::vector<WalletBalance> balances_at(const Books& books, Instant at,
                                       std::span<const WalletPolicy> wallets);
std::vector<WalletBalance> booked_balances(const MemberRecord& record,
                                           std::span<const WalletPolicy> wallets);

}  // namespace laurel::ledger
