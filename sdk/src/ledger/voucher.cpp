#include "ledger/voucher.hpp"

#include <algorithm>

namespace laurel::ledger {
namespace {

Error broken(const char* what) { return {ErrorCode::kInvariantBroken, what}; }

void let_go(Voucher& voucher, const std::string& basket) {
  std::erase_if(voucher.holds, [&](const VoucherHold& hold) { return hold.basket == basket; });
}

Result<void> give(Voucher& voucher, const VoucherMove& move, Instant at) {
  if (voucher.given || voucher.cancelled) return broken("a voucher is given once");
  voucher.given = true;
  voucher.owner = move.owner;
  voucher.terms.valid_from = at;
  voucher.terms.valid_until = std::min(voucher.terms.valid_until, move.until);
  return {};
}

Result<void> use(Voucher& voucher, const VoucherMove& move) {
  let_go(voucher, move.basket);
  voucher.left_minor -= move.minor;
  voucher.uses_left -= move.uses;
  voucher.last_basket = move.basket;
  if (move.minor < 0 || move.uses < 0 || voucher.left_minor < 0 || voucher.uses_left < 0) {
    return broken("more is taken of a voucher than is left");
  }
  return {};
}

Result<void> restore(Voucher& voucher, const VoucherMove& move) {
  voucher.left_minor += move.minor;
  voucher.uses_left += move.uses;
  if (voucher.left_minor > voucher.terms.minor || voucher.uses_left > voucher.terms.uses) {
    return broken("more is given back of a voucher than was taken");
  }
  return {};
}

}  // namespace

std::vector<Voucher> issued(const VoucherIssue& issue, EntryId by, Instant at) {
  std::vector<Voucher> vouchers;
  vouchers.reserve(issue.codes.size());
  for (const auto& code : issue.codes) {
    Voucher voucher;
    voucher.code = code;
    voucher.terms = issue.terms;
    voucher.owner = issue.owner;
    voucher.given = issue.given;
    voucher.issued_by = by;
    voucher.uses_left = issue.terms.uses;
    voucher.left_minor = issue.terms.minor;
    if (voucher.given && voucher.terms.valid_from == Instant{}) voucher.terms.valid_from = at;
    vouchers.push_back(std::move(voucher));
  }
  return vouchers;
}

Result<void> apply_move(Voucher& voucher, const VoucherMove& move, Instant at) {
  // What is over holds nothing; dropped here, where every change comes by.
  std::erase_if(voucher.holds, [at](const VoucherHold& hold) { return hold.until <= at; });
  switch (move.kind) {
    case VoucherMoveKind::kGive: return give(voucher, move, at);
    case VoucherMoveKind::kHold:
      let_go(voucher, move.basket);
      voucher.holds.push_back({move.basket, move.minor, move.until});
      return {};
    case VoucherMoveKind::kLetGo: let_go(voucher, move.basket); return {};
    case VoucherMoveKind::kUse: return use(voucher, move);
    case VoucherMoveKind::kRestore: return restore(voucher, move);
    case VoucherMoveKind::kCancel: voucher.cancelled = true; return {};
    case VoucherMoveKind::kRevive: voucher.cancelled = false; return {};
    case VoucherMoveKind::kPass: voucher.owner = move.owner; return {};
  }
  return {};
}

}  // namespace laurel::ledger
