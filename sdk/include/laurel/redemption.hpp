#pragma once
// Points as money off, or for a reward. A redemption holds points, and ends once: captured (whole
// or in part), released, or given back when its time has run out, whoever is first.
//
//   auto held = engine.redemptions().hold({.key = {"web-shop", "RD-5"}, .identifiers = {…},
//                                          .points = Points(500), .basket = {{"60.00"}}});
//   auto paid = engine.redemptions().capture({.redemption = {"web-shop", "RD-5"}});
//
// Every call may come again: the same key and content give the first answer, `replayed`.

#include <optional>
#include <string>
#include <vector>

#include "laurel/receipt.hpp"
#include "laurel/result.hpp"

namespace laurel {

class Engine;

// What is to be paid, after everything else that was taken off it.
struct PointsBasket {
  std::string amount;            // decimal text; with lines it may be left out
  std::string currency = {};     // empty: the programme's
  std::vector<Line> lines = {};  // where the programme excludes some
};

struct RedemptionRequest {
  TransactionKey key;
  std::vector<Identifier> identifiers;
  std::string wallet = {};  // empty: the one that the programme pays with
  // At most so many; never more than the basket needs or the programme allows. Absent: as many as
  // that, of those that are there.
  std::optional<Points> points = {};
  std::optional<PointsBasket> basket = {};
  std::optional<Duration> hold = {};  // absent: as long as the programme says
  bool step_up = false;  // the caller has made sure of the person a second time, by a code or so
  // A till gave them while it could not ask: nothing is held, they are spent at that time, as the
  // programme's `offline` says.
  bool offline = false;
  std::optional<Instant> at = {};  // of an offline one
  std::string associate = {};
  // Of the catalogue, instead of points or a basket: its price, its stock and her share of it are
  // held; the capture gives it. As Rewards::take, which gives it at once.
  std::string reward = {};
  std::string department = {}, channel = {};  // where, for a reward that is not had everywhere
  // With the points of her pool, hers among them, those that die first before others. No reward.
  bool pool = false;
};

// Ends a redemption, or lets go of a part of it.
struct Resolution {
  TransactionKey redemption;
  std::string id = {};  // of this request, for the same source; empty: that of the redemption
  // capture: so many, the rest is given back; absent: all. release: so many, the rest stays held.
  std::optional<Points> points = {};
  std::string reason = {};
};

struct Extension {
  TransactionKey redemption;
  std::string id = {};  // of this request; empty: it may count again
  Duration hold{};      // from now
};

// Of a redemption with the points of a pool: what each of its members gives.
struct RedemptionShare {
  MemberId member;
  Points points;
};

enum class RedemptionState : std::uint8_t { kHeld, kCaptured, kReleased, kExpired, kReversed };
std::string_view to_text(RedemptionState state);  // "held" …

struct Redemption {
  TransactionKey key;
  MemberId member;
  RedemptionState state = RedemptionState::kHeld;
  bool replayed = false;
  EntryId entry;  // that made it so
  std::string wallet;
  int scale = 0;
  Points points;                             // held, captured, or given back
  std::string worth;                         // of them, decimal text
  std::string currency;                      // of the basket
  std::optional<Instant> expires_at = {};    // while they are held; exclusive
  std::optional<TransactionKey> sale = {};   // that was paid with them
  std::vector<std::string> flags = {};       // overdrawn …
  std::vector<RedemptionShare> shares = {};  // empty: all of it is the member's own
  std::string reward = {};                   // that is held, or was given
  std::string voucher = {};                  // its code, once it is captured
  std::optional<Instant> valid_until = {};   // of the voucher; kNever: for ever
  std::vector<WalletBalance> wallets = {};   // as they stood then
};

// From any thread; as long as the engine lives.
class Redemptions {
 public:
  // kInsufficientPoints, kBelowMinimum, kNotRedeemable, kIdentifierTooWeak, kStepUpRequired,
  // kMemberNotActive, kUnknownMember; kUnknownReward, kLimitReached, kNotAvailable.
  Result<Redemption> hold(const RedemptionRequest& request) const;
  // kUnknownRedemption, kHoldExpired, kInvalidState: it has ended otherwise; kMemberNotActive.
  Result<Redemption> capture(const Resolution& resolution) const;
  Result<Redemption> release(const Resolution& resolution) const;
  Result<Redemption> extend(const Extension& extension) const;
  // Gives captured points back that paid no sale; those of a sale come back with its return. A
  // reward: its voucher is cancelled. kInvalidState: it has been used, or is a partner's code.
  Result<Redemption> reverse(const Resolution& resolution) const;
  Result<Redemption> get(const TransactionKey& key) const;

 private:
  friend class Engine;
  explicit Redemptions(Engine& engine) : engine_(&engine) {}
  Engine* engine_;
};

}  // namespace laurel
