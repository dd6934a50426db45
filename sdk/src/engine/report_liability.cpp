// What the house owes: what members hold at a moment, and what it costs.

#include <algorithm>
#include <map>

#include "engine/reports_scan.hpp"
#include "money/rate.hpp"

namespace laurel::engine {
namespace {

using ledger::Account;
using ledger::Entry;
using ledger::LotMoveKind;

struct OpenLot {
  std::string_view wallet;
  MemberId member;
  bool activated = false;
  Instant available_from, expires_at;
  Points remaining;
};

class Liabilities {
 public:
  // On event basis a move may stand before its lot; sums do not mind.
  Result<void> take(const Entry& entry) {
    for (const auto& posting : entry.postings) add(posting);
    for (const auto& life : entry.wallet_lives) {
      lives_[{entry.member, of(life.wallet).wallet}] = life.dies_at;
    }
    for (const auto& opening : entry.lots_opened) {
      auto& lot = lots_[opening.lot];
      lot.wallet = of(opening.wallet).wallet;
      lot.member = entry.member;
      lot.activated |= opening.activated;
      lot.available_from = opening.available_from;
      lot.expires_at = opening.expires_at;
    }
    for (const auto& dating : entry.lot_datings) {
      lots_[dating.lot].available_from = dating.available_from;
      lots_[dating.lot].expires_at = dating.expires_at;
    }
    for (const auto& move : entry.lot_moves) {
      auto& lot = lots_[move.lot];
      switch (move.kind) {
        case LotMoveKind::kOpen: lot.remaining += move.points; break;
        case LotMoveKind::kActivate: lot.activated = true; break;
        case LotMoveKind::kSpend:
        case LotMoveKind::kReverse:
        case LotMoveKind::kExpire: lot.remaining -= move.points; break;
      }
    }
    return {};
  }

  // What is true by then, whether or not it was booked.
  void settle(Instant as_of) {
    for (const auto& [id, lot] : lots_) {
      if (lot.wallet.empty() || lot.remaining == Points{}) continue;
      auto& sums = wallets_.find(lot.wallet)->second;
      const Instant end = end_of(lot);
      if (end <= as_of && (lot.activated || lot.available_from <= as_of)) {
        (lot.activated ? sums.available : sums.pending) -= lot.remaining;
        sums.expired += lot.remaining;
      } else if (!lot.activated && lot.available_from <= as_of) {
        sums.pending -= lot.remaining;
        sums.available += lot.remaining;
      }
    }
  }

  WalletLiability take_out(const std::string& wallet) {
    WalletLiability out = std::move(of(wallet));
    out.wallet = wallet;
    out.outstanding = out.pending + out.available + out.held;
    wallets_.erase(wallet);
    return out;
  }
  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& [name, sums] : wallets_) names.push_back(name);
    return names;
  }

 private:
  WalletLiability& of(const std::string& wallet) {
    const auto [at, is_new] = wallets_.try_emplace(wallet);
    if (is_new) at->second.wallet = wallet;
    return at->second;
  }

  void add(const ledger::Posting& posting) {
    auto& sums = of(posting.wallet);
    switch (posting.account) {
      case Account::kPending: sums.pending += posting.amount; break;
      case Account::kAvailable: sums.available += posting.amount; break;
      case Account::kHeld: sums.held += posting.amount; break;
      case Account::kDebt: sums.debt -= posting.amount; break;
      case Account::kIssued: sums.issued -= posting.amount; break;
      case Account::kRedeemed: sums.redeemed += posting.amount; break;
      case Account::kExpired: sums.expired += posting.amount; break;
      case Account::kWrittenOff: sums.written_off -= posting.amount; break;
      case Account::kAdjusted: sums.adjusted -= posting.amount; break;
      case Account::kTransferred: sums.transferred -= posting.amount; break;
      case Account::kWithheld: sums.withheld -= posting.amount; break;
    }
  }

  Instant end_of(const OpenLot& lot) const {
    if (lot.expires_at != ledger::kWhileUsed) return lot.expires_at;
    const auto life = lives_.find({lot.member, std::string(lot.wallet)});
    return life == lives_.end() ? kNever : life->second;
  }

  std::map<std::string, WalletLiability, std::less<>> wallets_;
  std::map<ledger::LotId, OpenLot> lots_;  // views names in `wallets_`
  std::map<std::pair<MemberId, std::string>, Instant> lives_;
};

// How much of what was given and not taken back is still to be redeemed, by the declared share.
Result<Points> still_expected(const WalletLiability& wallet, const Liability& declared) {
  LAUREL_TRY(const auto share, Fraction::parse(declared.expected_redemption));
  const Points given = wallet.outstanding + wallet.redeemed + wallet.expired;
  LAUREL_TRY(const auto all, (Exact(given.units()) * share).rounded(Rounding::kHalfEven));
  return std::clamp(Points(all) - wallet.redeemed, Points{},
                    std::max(wallet.outstanding, Points{}));
}

Result<Money> cost_of(Points points, const WalletPolicy& policy) {
  LAUREL_TRY(const auto currency, Currency::of(policy.liability->unit_cost_currency));
  LAUREL_TRY(const auto unit_cost, Fraction::parse(policy.liability->unit_cost));
  std::int64_t minor = 1, units = 1;
  for (int i = 0; i < currency.exponent(); ++i) minor *= 10;
  for (int i = 0; i < policy.scale; ++i) units *= 10;
  LAUREL_TRY(
      const auto cost,
      (Exact(points.units()) * unit_cost * Fraction(minor, units)).rounded(Rounding::kHalfEven));
  return Money(cost, currency);
}

Result<void> value(WalletLiability& wallet, const WalletPolicy& policy) {
  wallet.scale = policy.scale;
  wallet.expected = wallet.outstanding;
  if (!policy.liability) return {};
  LAUREL_TRY(wallet.expected, still_expected(wallet, *policy.liability));
  LAUREL_TRY(wallet.cost, cost_of(wallet.outstanding, policy));
  LAUREL_TRY(wallet.expected_cost, cost_of(wallet.expected, policy));
  return {};
}

}  // namespace

Result<LiabilityReport> liability_report(const store::View& view, const Versions& versions,
                                         Cut cut) {
  Liabilities liabilities;
  LiabilityReport report;
  LAUREL_TRY(report.head, scan(view, versions, cut,
                               [&](const Entry& entry) { return liabilities.take(entry); }));
  liabilities.settle(cut.as_of);
  for (const auto& policy : versions.in_force(cut.as_of).compiled().wallets) {
    report.wallets.push_back(liabilities.take_out(policy.id));
    LAUREL_TRY_VOID(value(report.wallets.back(), policy));
  }
  for (const auto& name : liabilities.left()) {  // of versions that are no more
    report.wallets.push_back(liabilities.take_out(name));
    report.wallets.back().expected = report.wallets.back().outstanding;
  }
  return report;
}

}  // namespace laurel::engine
