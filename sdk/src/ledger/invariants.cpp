#include "ledger/invariants.hpp"

#include <algorithm>
#include <array>

namespace laurel::ledger {
namespace {

constexpr std::array<std::string_view, 10> kInvariants = {
    "entry_balances",        "no_balance_below_zero", "lots_add_up",    "lots_match_balances",
    "one_member_touched",    "entry_names_its_cause", "chain_unbroken", "awards_match_lots",
    "entries_explain_state", "holds_match_balances"};

using Violations = std::vector<Violation>;

std::string name_of(const Entry& entry) { return "entry " + std::to_string(entry.id.number()); }

// A handful of sums by wallet, and by whether its points are available yet; entries touch one or
// two wallets. The names outlive the sums.
class Sums {
 public:
  std::int64_t& of(std::string_view wallet, bool available = false) {
    for (auto& sum : sums_) {
      if (sum.available == available && sum.wallet == wallet) return sum.units;
    }
    return sums_.emplace_back(wallet, available, 0).units;
  }
  bool all_zero() const {
    return std::all_of(sums_.begin(), sums_.end(), [](const Sum& sum) { return sum.units == 0; });
  }

 private:
  struct Sum {
    std::string_view wallet;
    bool available;
    std::int64_t units;
    Sum(std::string_view name, bool now, std::int64_t sum)
        : wallet(name), available(now), units(sum) {}
  };
  std::vector<Sum> sums_;
};

void entry_balances(const Entry& entry, Violations& violations) {
  Sums sums;
  for (const auto& posting : entry.postings) sums.of(posting.wallet) += posting.amount.units();
  if (!sums.all_zero()) violations.push_back({kInvariants[0], name_of(entry)});
}

void no_balance_below_zero(const Books& books, Violations& violations) {
  const Points none{};
  for (const auto& wallet : books.record.wallets) {
    if (wallet.pending < none || wallet.available < none || wallet.held < none ||
        wallet.debt < none) {
      violations.push_back({kInvariants[1], "wallet " + wallet.wallet});
    }
  }
}

void lots_add_up(const Books& books, Violations& violations) {
  const Points none{};
  for (const auto& lot : books.lots) {
    const bool adds = lot.earned == lot.remaining + lot.reversed + lot.spent + lot.expired;
    const bool positive =
        lot.remaining >= none && lot.reversed >= none && lot.spent >= none && lot.expired >= none;
    if (!adds || !positive) {
      violations.push_back({kInvariants[2], "lot " + std::to_string(lot.id.number())});
    }
  }
}

// Carries the moves out on `books` and compares what they do with what the postings say.
void lots_match_balances(const Entry& entry, Books& books, Violations& violations) {
  Sums sums;
  for (const auto& posting : entry.postings) {
    const bool available = posting.account == Account::kAvailable;
    if (available || posting.account == Account::kPending) {
      sums.of(posting.wallet, available) -= posting.amount.units();
    }
  }
  bool carried = true;
  for (const auto& life : entry.wallet_lives) apply_life(books, life);
  for (const auto& opening : entry.lots_opened) carried &= apply_opening(books, opening).ok();
  for (const auto& dating : entry.lot_datings) carried &= apply_dating(books, dating).ok();
  for (const auto& move : entry.lot_moves) {
    const Lot* lot = find_lot(books, move.lot);
    if (lot == nullptr) {
      carried = false;
      continue;
    }
    sums.of(lot->wallet, lot->activated) -= lot->remaining.units();
    carried &= apply_move(books, move).ok();
    sums.of(lot->wallet, lot->activated) += lot->remaining.units();
  }
  for (const auto& posting : entry.postings) carried &= apply_posting(books, posting).ok();
  for (const auto& change : entry.hold_changes) {
    carried &= apply_hold(books, change, entry.lot_moves).ok();
  }
  books.record.last_entry = entry.id;
  if (!carried || !sums.all_zero()) violations.push_back({kInvariants[3], name_of(entry)});
}

void holds_match_balances(const Books& books, Violations& violations) {
  for (const auto& wallet : books.record.wallets) {
    Points held;
    for (const auto& hold : books.record.holds) {
      if (hold.wallet == wallet.wallet) held += hold.points;
    }
    if (held != wallet.held) violations.push_back({kInvariants[9], "wallet " + wallet.wallet});
  }
}

void one_member_touched(const MemberChange& change, Violations& violations) {
  const MemberId member = change.before.record.id;
  bool one = change.after.record.id == member;
  for (const auto& entry : change.entries) one &= entry.member == member;
  for (const auto& lot : change.after.lots) one &= lot.member == member;
  if (!one) violations.push_back({kInvariants[4], member.text()});
}

void entry_names_its_cause(const Entry& entry, Violations& violations) {
  const bool valued = entry.valuation.has_value();
  const bool cause = !entry.key.id.empty() || entry.about;
  if (!cause || entry.actor.empty() || (valued && entry.programme.empty())) {
    violations.push_back({kInvariants[5], name_of(entry)});
  }
}

void chain_unbroken(const MemberChange& change, Violations& violations) {
  EntryId last = change.before.record.last_entry;
  for (const auto& entry : change.entries) {
    if (entry.previous != last || entry.id <= last) {
      violations.push_back({kInvariants[6], name_of(entry)});
    }
    last = entry.id;
  }
}

void awards_match_lots(const Entry& entry, Violations& violations) {
  // A rating again books the difference to what was held.
  if (!entry.valuation || entry.kind == EntryKind::kRating) return;
  Sums sums;
  for (const auto& award : entry.valuation->awards) sums.of(award.wallet) += award.points.units();
  for (const auto& move : entry.lot_moves) {
    if (move.kind != LotMoveKind::kOpen) continue;
    const auto opened = std::find_if(entry.lots_opened.begin(), entry.lots_opened.end(),
                                     [&](const LotOpening& lot) { return lot.lot == move.lot; });
    if (opened == entry.lots_opened.end()) continue;
    sums.of(opened->wallet) -= move.points.units();
  }
  if (!sums.all_zero()) violations.push_back({kInvariants[7], name_of(entry)});
}

// What the entries of a change can be carried out on.
Books accounts_of(const Books& books) {
  Books accounts;
  accounts.record.id = books.record.id;
  accounts.record.last_entry = books.record.last_entry;
  accounts.record.last_lot = books.record.last_lot;
  accounts.record.wallets = books.record.wallets;
  accounts.record.holds = books.record.holds;
  accounts.lots = books.lots;
  return accounts;
}

bool same_state(const Books& a, const Books& b) {
  if (a.record.last_entry != b.record.last_entry || a.record.last_lot != b.record.last_lot) {
    return false;
  }
  return a.record.wallets == b.record.wallets && a.record.holds == b.record.holds &&
         a.lots == b.lots;
}

}  // namespace

std::span<const std::string_view> all_invariants() { return kInvariants; }

std::vector<Violation> broken_invariants(const MemberChange& change) {
  Violations violations;
  Books replayed = accounts_of(change.before);
  for (const auto& entry : change.entries) {
    entry_balances(entry, violations);
    entry_names_its_cause(entry, violations);
    awards_match_lots(entry, violations);
    lots_match_balances(entry, replayed, violations);
  }
  one_member_touched(change, violations);
  chain_unbroken(change, violations);
  no_balance_below_zero(change.after, violations);
  lots_add_up(change.after, violations);
  holds_match_balances(change.after, violations);
  if (!same_state(replayed, change.after)) {
    violations.push_back({kInvariants[8], change.after.record.id.text()});
  }
  return violations;
}

Result<void> check_invariants(const MemberChange& change) {
  const auto violations = broken_invariants(change);
  if (violations.empty()) return {};
  std::string detail;
  for (const auto& violation : violations) {
    if (!detail.empty()) detail += "; ";
    detail += std::string(violation.invariant) + " (" + violation.detail + ")";
  }
  return Error{ErrorCode::kInvariantBroken, std::move(detail)};
}

}  // namespace laurel::ledger
