#pragma once
// Vouchers: what they are worth, what has been done with them, and how an entry changes them. A
// voucher belongs to a member, or to whoever shows its code, or waits in a pool to be given. Like
// a balance it is derived: VoucherIssue and VoucherMove stand in entries, and carrying them out in
// order gives the stored vouchers again.

#include <cstdint>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/result.hpp"
#include "laurel/time.hpp"

namespace laurel::ledger {

enum class VoucherKind : std::uint8_t {
  kMoney,       // worth an amount; may be used up little by little
  kPercent,     // takes a share off a basket
  kProduct,     // an article
  kExperience,  // something that is booked
  kForeign,     // a partner's code: given here, used there
};

// What all vouchers of one kind have in common, fixed when they are issued.
struct VoucherTerms {
  VoucherKind kind = VoucherKind::kMoney;
  std::string reward = {};         // of the catalogue; empty: none
  std::string pool = {};           // in which it waits to be given; empty: none
  std::int64_t minor = 0;          // kMoney, in `currency`
  std::string currency = {};       // of every amount here
  std::int64_t millionths = 0;     // kPercent: 150,000 is 15 %
  std::int64_t at_most_minor = 0;  // kPercent: never more than this off; 0: no bound
  std::int64_t minimum_minor = 0;  // of the basket, before it or after it
  bool minimum_after = false;
  std::string item = {};         // kProduct, kExperience
  bool bearer = false;           // whoever shows the code may use it
  bool keeps_remainder = false;  // kMoney: what a basket leaves can be used again
  bool covers_shipping = false;  // shipping counts as part of the basket
  bool stays_used = false;       // a return does not give it back
  std::int64_t uses = 1;         // how many baskets; where it keeps its remainder, no matter
  Instant valid_from = {};
  Instant valid_until = kNever;  // exclusive
  friend bool operator==(const VoucherTerms&, const VoucherTerms&) = default;
};

// A basket that has the voucher to itself until it is paid, let go, or too late.
struct VoucherHold {
  std::string basket = {};
  std::int64_t minor = 0;
  Instant until = {};  // exclusive
  friend bool operator==(const VoucherHold&, const VoucherHold&) = default;
};

struct Voucher {
  std::string code = {};
  VoucherTerms terms = {};
  MemberId owner = {};  // none: a bearer's, or nobody's yet
  bool given = false;   // false: it waits in its pool
  EntryId issued_by = {};
  std::int64_t uses_left = 0;
  std::int64_t left_minor = 0;  // kMoney
  bool cancelled = false;
  std::string last_basket =
      {};  // which it was used for last: its further shipments are no further use
  std::vector<VoucherHold> holds = {};
  friend bool operator==(const Voucher&, const Voucher&) = default;
};

// Vouchers of one kind that an entry issues.
struct VoucherIssue {
  VoucherTerms terms = {};
  MemberId owner = {};
  bool given = true;
  std::vector<std::string> codes = {};
  std::string rule = {};  // that gave it to a sale; empty: none
  friend bool operator==(const VoucherIssue&, const VoucherIssue&) = default;
};

enum class VoucherMoveKind : std::uint8_t {
  kGive,     // out of its pool: to `owner`, valid until `until`
  kHold,     // by `basket`, until `until`
  kLetGo,    // by `basket`
  kUse,      // by `basket`: `minor` off what is left, and `uses`
  kRestore,  // of a use: `minor` and `uses` come back
  kCancel,   // what it was given for was taken back
  kRevive,   // that was undone
  kPass,     // to another owner, whose account hers is now
};

struct VoucherMove {
  std::string code = {};
  VoucherMoveKind kind = VoucherMoveKind::kUse;
  std::string basket = {};
  std::int64_t minor = 0;
  std::int64_t uses = 0;
  MemberId owner = {};
  Instant until = {};
  std::string rule = {};           // kGive, kCancel, kRevive: for which it was given to a sale
  bool paid = false;               // kUse: as a tender, so that no money was given for it
  std::int64_t charged_minor = 0;  // kCancel: what had been used of it and is kept of the refund
  friend bool operator==(const VoucherMove&, const VoucherMove&) = default;
};

// The vouchers as an issue makes them, one for each code.
std::vector<Voucher> issued(const VoucherIssue& issue, EntryId by, Instant at);

// Carries a move out. kInvariantBroken where the voucher does not allow it: more is taken than is
// left, or more given back than was taken.
Result<void> apply_move(Voucher& voucher, const VoucherMove& move, Instant at);

}  // namespace laurel::ledger
