#include "engine/receipt.hpp"

#include <algorithm>

namespace laurel::engine {
namespace {

using ledger::Account;
using ledger::Entry;
using ledger::EntryKind;

TransactionKind kind_of(const Entry& entry) {
  const bool anothers = entry.kind == EntryKind::kClaim || entry.kind == EntryKind::kApply;
  if (anothers && entry.document) return entry.document->kind;
  if (entry.kind == EntryKind::kReturn) return TransactionKind::kReturn;
  if (entry.kind == EntryKind::kVoid) return TransactionKind::kVoid;
  if (entry.kind == EntryKind::kEvent) return TransactionKind::kEvent;
  return TransactionKind::kSale;
}

void add_lot(std::vector<WalletEarning>& earnings, const ledger::LotOpening& lot, Points points) {
  auto same = std::find_if(earnings.begin(), earnings.end(), [&](const WalletEarning& earning) {
    return earning.wallet == lot.wallet && earning.available_from == lot.available_from &&
           earning.expires_at == lot.expires_at;
  });
  if (same == earnings.end()) {
    same = earnings.insert(same, {lot.wallet, {}, {}, lot.available_from, lot.expires_at});
  }
  same->earned += points;
  if (!lot.activated) same->pending += points;
}

std::vector<WalletEarning> earnings_of(const Entry& entry, const programme::Compiled& compiled) {
  std::vector<WalletEarning> earnings;
  for (const auto& move : entry.lot_moves) {
    if (move.kind != ledger::LotMoveKind::kOpen) continue;
    for (auto lot : entry.lots_opened) {
      if (lot.lot != move.lot) continue;
      for (const auto& life : entry.wallet_lives) {
        if (lot.expires_at == ledger::kWhileUsed && life.wallet == lot.wallet) {
          lot.expires_at = life.dies_at;
        }
      }
      add_lot(earnings, lot, move.points);
    }
  }
  if (earnings.empty() && entry.member && entry.valuation && !compiled.wallets.empty()) {
    const auto terms = compiled.lot_terms(0, entry.event_time);
    earnings.push_back(
        {compiled.wallets.front().id, {}, {}, terms.available_from, terms.expires_at});
  }
  return earnings;
}

void add_cut(std::vector<AwardedPoints>& awards, const ledger::AwardCut& cut) {
  auto award = std::find_if(awards.begin(), awards.end(), [&](const AwardedPoints& one) {
    return one.rule == cut.rule && one.wallet == cut.wallet;
  });
  if (award == awards.end()) award = awards.insert(award, {cut.rule, cut.wallet, {}});
  award->cut += cut.points;
  award->limit = cut.limit;
}

void add_awards(Receipt& receipt, const Entry& entry, const programme::Compiled& compiled) {
  const Transaction& document = *entry.document;
  for (const auto& line : document.lines) receipt.lines.push_back({line.id, {}, {}});
  if (!entry.valuation) return;
  for (const auto& award : entry.valuation->awards) {
    const AwardedPoints points{award.rule, award.wallet, award.points};
    if (award.line < 0) {
      receipt.transaction_awards.push_back(points);
      continue;
    }
    auto& line = receipt.lines[static_cast<std::size_t>(award.line)];
    if (award.wallet == compiled.wallets.front().id) line.points += award.points;
    line.awards.push_back(points);
  }
  for (const auto& cut : entry.valuation->cuts) {
    add_cut(cut.line < 0 ? receipt.transaction_awards
                         : receipt.lines[static_cast<std::size_t>(cut.line)].awards,
            cut);
  }
}

WalletReversal& reversal_in(std::vector<WalletReversal>& reversals, const std::string& wallet) {
  for (auto& reversal : reversals) {
    if (reversal.wallet == wallet) return reversal;
  }
  reversals.emplace_back();
  reversals.back().wallet = wallet;
  return reversals.back();
}

// Points that came back because they had paid for what was returned are no part of what was taken
// back: `refund` says them.
void leave_out_refund(const Entry& entry, std::vector<WalletReversal>& reversals) {
  if (!entry.redemption || entry.redemption->points <= Points{}) return;
  auto& reversal = reversal_in(reversals, entry.redemption->wallet);
  Points alive = entry.redemption->points;
  for (const auto& move : entry.lot_moves) {
    const bool opened = move.lot.entry() == entry.id;
    if (move.kind == ledger::LotMoveKind::kExpire && move.points > Points{}) {
      alive -= move.points;
      reversal.from_expired += move.points;
    } else if (move.kind == ledger::LotMoveKind::kSpend && move.points > Points{} && !opened) {
      alive -= move.points;
      reversal.debt += move.points;
    }
  }
  reversal.from_available += alive;
}

// What an entry took back or gave again follows from its postings.
std::vector<WalletReversal> reversals_of(const Entry& entry) {
  std::vector<WalletReversal> reversals;
  for (const auto& posting : entry.postings) {
    auto& reversal = reversal_in(reversals, posting.wallet);
    switch (posting.account) {
      case Account::kIssued:
        (posting.amount > Points{} ? reversal.points : reversal.restored) +=
            posting.amount > Points{} ? posting.amount : -posting.amount;
        break;
      case Account::kPending: reversal.from_pending -= posting.amount; break;
      case Account::kAvailable: reversal.from_available -= posting.amount; break;
      case Account::kExpired: reversal.from_expired -= posting.amount; break;
      case Account::kDebt: reversal.debt -= posting.amount; break;
      case Account::kWrittenOff: reversal.written_off -= posting.amount; break;
      case Account::kWithheld: reversal.withheld -= posting.amount; break;
      case Account::kHeld:
      case Account::kRedeemed:
      case Account::kAdjusted:
      case Account::kTransferred: break;
    }
  }
  leave_out_refund(entry, reversals);
  std::erase_if(reversals, [](const WalletReversal& reversal) {
    return reversal.points == Points{} && reversal.restored == Points{};
  });
  return reversals;
}

void add_paid(Receipt& receipt, const Entry& entry) {
  if (!entry.document) return;
  for (const auto& paid : entry.paid) {
    const auto currency = Currency::of(entry.document->currency);
    PointsPaid sum{paid.wallet, {}, {}};
    std::int64_t minor = 0;
    for (const auto& line : paid.lines) {
      sum.points += line.points;
      minor += line.minor;
    }
    if (currency) sum.worth = Money(minor, *currency).text();
    receipt.paid.push_back(std::move(sum));
  }
}

// Nothing is given back where a return is undone, or an event.
std::string refunded(const Entry& entry, Currency programme) {
  return entry.refund.empty() ? Money(0, programme).text() : entry.refund;
}

// As many digits as the refund has.
std::string withheld_of(const Entry& entry, Currency programme) {
  if (!entry.withheld.empty()) return entry.withheld;
  std::string zero = refunded(entry, programme);
  for (char& c : zero) {
    if (c >= '0' && c <= '9') c = '0';
  }
  const auto first = zero.find_first_not_of("-0");
  return first == std::string::npos ? "0" : "0" + zero.substr(first);
}

// Those that its rules gave or took back, and what is kept of the refund for what was used of them.
void add_vouchers(Receipt& receipt, const Entry& entry) {
  for (const auto& issue : entry.vouchers_issued) {
    if (issue.rule.empty()) continue;
    for (const auto& code : issue.codes) {
      receipt.vouchers.push_back({code, issue.terms.reward, issue.rule, issue.terms.valid_until});
    }
  }
  std::int64_t charged = 0;
  for (const auto& move : entry.voucher_moves) {
    if (move.rule.empty()) continue;
    const bool taken = move.kind == ledger::VoucherMoveKind::kCancel;
    (taken ? receipt.vouchers_taken : receipt.vouchers)
        .push_back({move.code, "", move.rule, taken ? kNever : move.until});
    charged += move.charged_minor;
  }
  if (charged > 0 && receipt.refund) {
    const Money vouchers(charged, receipt.programme_currency);
    const auto points = Money::parse(receipt.refund->withheld, receipt.programme_currency);
    const auto both = points ? points->plus(vouchers) : Result<Money>(vouchers);
    receipt.refund->withheld = both ? both->text() : vouchers.text();
  }
}

}  // namespace

Receipt receipt_of(const Entry& entry, const programme::Compiled& compiled) {
  Receipt receipt;
  receipt.key = entry.document ? entry.document->key : entry.key;
  receipt.kind = kind_of(entry);
  receipt.state = entry.state;
  receipt.entry = entry.id;
  receipt.at = entry.event_time;
  receipt.booked_at = entry.booked_at;
  if (entry.attribution) receipt.attribution = *entry.attribution;
  if (entry.member) receipt.attribution.member = entry.member;
  const bool takes_back =
      receipt.kind == TransactionKind::kReturn || receipt.kind == TransactionKind::kVoid;
  if (takes_back) {
    receipt.reversed = reversals_of(entry);
    if (entry.state == TransactionState::kAccepted) {
      const Points back = entry.redemption ? entry.redemption->points : Points{};
      const Currency currency = compiled.currency;
      receipt.refund =
          Refund{refunded(entry, currency), std::max(back, Points{}), withheld_of(entry, currency)};
    }
  } else {
    receipt.points = earnings_of(entry, compiled);
    if (entry.document) add_awards(receipt, entry, compiled);
    add_paid(receipt, entry);
  }
  receipt.wallets = entry.balances_after;
  receipt.flags = entry.flags;
  if (entry.tier_after) receipt.tier = *entry.tier_after;
  receipt.programme_currency = compiled.currency;
  add_vouchers(receipt, entry);
  receipt.programme = compiled.id;
  receipt.digest = compiled.digest;
  return receipt;
}

std::string_view to_text(ledger::EntryKind kind) {
  switch (kind) {
    case EntryKind::kSale: return "sale";
    case EntryKind::kReturn: return "return";
    case EntryKind::kVoid: return "void";
    case EntryKind::kEvent: return "event";
    case EntryKind::kClaim: return "claim";
    case EntryKind::kApply: return "apply";
    case EntryKind::kAdjustment: return "adjustment";
    case EntryKind::kActivation: return "activation";
    case EntryKind::kExpiry: return "expiry";
    case EntryKind::kEnrolment: return "enrolment";
    case EntryKind::kMemberChange: return "change";
    case EntryKind::kRating: return "rating";
    case EntryKind::kHold: return "hold";
    case EntryKind::kCapture: return "capture";
    case EntryKind::kRelease: return "release";
    case EntryKind::kTransfer: return "transfer";
    case EntryKind::kMerge: return "merge";
    case EntryKind::kUnmerge: return "unmerge";
    case EntryKind::kErasure: return "erasure";
    case EntryKind::kExtension: return "extension";
    case EntryKind::kNotice: return "notice";
    case EntryKind::kIssue: return "issue";
    case EntryKind::kSettlement: return "settlement";
    case EntryKind::kPool: return "pool";
  }
  return "";
}

std::string_view to_text(ledger::Account account) {
  switch (account) {
    case Account::kPending: return "pending";
    case Account::kAvailable: return "available";
    case Account::kHeld: return "held";
    case Account::kDebt: return "debt";
    case Account::kIssued: return "issued";
    case Account::kRedeemed: return "redeemed";
    case Account::kExpired: return "expired";
    case Account::kWrittenOff: return "written_off";
    case Account::kAdjusted: return "adjusted";
    case Account::kTransferred: return "transferred";
    case Account::kWithheld: return "withheld";
  }
  return "";
}

EntryView view_of(const Entry& entry) {
  EntryView view;
  view.id = entry.id;
  view.kind = to_text(entry.kind);
  view.member = entry.member;
  view.key = entry.key;
  view.about = entry.about;
  view.event_time = entry.event_time;
  view.booked_at = entry.booked_at;
  view.actor = entry.actor;
  view.reason = entry.reason;
  view.programme = entry.programme;
  view.state = entry.state;
  for (const auto& posting : entry.postings) {
    view.postings.push_back(
        {posting.wallet, std::string(to_text(posting.account)), posting.amount});
  }
  if (entry.valuation) {
    for (const auto& award : entry.valuation->awards) {
      view.awards.push_back({award.rule, award.wallet, award.points});
    }
  }
  view.balances_after = entry.balances_after;
  view.flags = entry.flags;
  view.notices = entry.notices;
  return view;
}

}  // namespace laurel::engine
