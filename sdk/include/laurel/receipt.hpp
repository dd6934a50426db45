#pragma once
// What the engine answers about a transaction; for ever the same, with `replayed` set.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/explanation.hpp"
#include "laurel/ids.hpp"
#include "laurel/money.hpp"
#include "laurel/policy.hpp"
#include "laurel/time.hpp"
#include "laurel/transaction.hpp"

namespace laurel {

enum class TransactionState : std::uint8_t {
  kAccepted,
  kWaiting,    // a return or void whose original has not arrived yet; it takes effect when it does
  kUnmatched,  // a return that names no original; kept, moves no points
  kReview,     // untimely or contradictory; kept, valued when a person accepts it
  kRejected,   // looked at, and kept without value for ever
  kLinked,     // came with another transaction before, which earned; it earns nothing itself
};

// One identifier of the transaction and what it said.
struct Evidence {
  std::string type;
  std::string value;  // normalised
  MemberId member;    // whom it names; none: nobody
  // decided, agreed, disagreed, unknown, placeholder, shared, not_for_earning …
  std::string verdict;
  IdentifierRole role = IdentifierRole::kBuyer;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Attribution {
  MemberId member;  // none: unattributed
  std::string by;   // the identifier type that decided
  Strength strength = Strength::kWeak;
  std::vector<Evidence> evidence;  // every identifier given; those that disagree are the conflicts
  bool enrolled = false;           // the member was enrolled by this transaction
  friend bool operator==(const Attribution&, const Attribution&) = default;
};

struct AwardedPoints {
  std::string rule, wallet;
  Points points;
  Points cut = {};         // what a limit took off it
  std::string limit = {};  // which: "limit: 5000 points per member, month"
};

struct LineReceipt {
  std::string line;
  Points points;  // of the programme's first wallet
  std::vector<AwardedPoints> awards;
};

struct WalletEarning {
  std::string wallet;
  Points earned, pending;  // the second of the first: not available yet
  Instant available_from;
  Instant expires_at;  // exclusive; kNever
};

struct WalletReversal {
  std::string wallet;
  Points points;  // taken back; the parts below sum to it
  Points from_pending, from_available;
  Points from_expired;  // had died unused: out of the expired account, costs the member nothing
  Points debt, written_off;  // owed from now on; forgiven
  Points restored;           // given again, where a return was undone
  Points withheld;           // paid for with money that the till keeps back
};

struct Refund {
  std::string money;  // decimal text, the sale's currency
  Points points;
  std::string withheld;  // what the till keeps back for points that are gone
};

struct PointsPaid {
  std::string wallet;
  Points points;
  std::string worth;  // decimal text, the sale's currency
};

struct WalletBalance {
  std::string wallet;
  int scale = 0;
  Points available, pending, held, debt;
  friend bool operator==(const WalletBalance&, const WalletBalance&) = default;
};

// Days are those of the programme's time zone.
struct TierStanding {
  std::string id;  // empty: below the first level, no tiers, or nobody known
  Date since;
  std::optional<Date> until;     // its last day; absent: no end
  std::int64_t spend_minor = 0;  // of the metric, in the tier window
  std::string next_id;           // empty: the highest is reached
  std::int64_t next_needs_minor = 0;
  std::string upcoming_id;  // reached, but holding only from the start of `upcoming_from`
  Date upcoming_from;
  // Of what the three are: minor units of the programme's currency, units of a wallet, or events.
  TierMetric metric = TierMetric::kSpend;
  std::string metric_of = {};  // the wallet, or the event
  int metric_scale = 0;
  std::string reason = {};  // how the level is held: enrolment, spend, granted, downgrade, return
  std::optional<Date> next_by = {};     // the last day on which next_needs_minor is enough
  std::optional<Date> kept_until = {};  // `until`, and the days of grace after it
  // What more is needed by that day for the level to be hers beyond `kept_until`; 0: nothing is.
  // Absent: the level has no end of that kind, or nothing that she does before it counts.
  std::optional<Date> keep_by = {};
  std::int64_t keep_needs_minor = 0;
  friend bool operator==(const TierStanding&, const TierStanding&) = default;
};

// A voucher that a sale gave, or that its return took back.
struct ReceiptVoucher {
  std::string code;              // empty in a quote
  std::string reward, rule;      // of the catalogue; that gave it
  Instant valid_until = kNever;  // exclusive
};

struct Receipt {
  TransactionKey key;
  TransactionKind kind = TransactionKind::kSale;
  bool replayed = false, quote = false;
  TransactionState state = TransactionState::kAccepted;
  EntryId entry;
  Instant at, booked_at;
  Attribution attribution;
  std::vector<WalletEarning> points;
  std::vector<LineReceipt> lines;
  std::vector<AwardedPoints> transaction_awards;  // bonuses of the whole transaction
  std::vector<WalletReversal> reversed;
  std::optional<Refund> refund;
  std::vector<PointsPaid> paid = {};
  std::vector<WalletBalance> wallets;                              // empty: unattributed
  std::vector<ReceiptVoucher> vouchers = {}, vouchers_taken = {};  // issued; taken back
  TierStanding tier;
  Currency programme_currency;
  std::string programme, digest;
  std::vector<Receipt> returns;  // of an exchange: what came of each of its returns, in order
  std::vector<std::string> flags = {};  // what a person may want to look at: guard:own-card …
};

}  // namespace laurel
