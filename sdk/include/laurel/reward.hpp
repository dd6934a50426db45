#pragma once
// The catalogue of rewards: what a member can have now, what is missing for the rest, and taking
// one. Reached by Engine::rewards().

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/receipt.hpp"
#include "laurel/transaction.hpp"

namespace laurel {

class Engine;

// Why a member cannot have a reward now: points, tier, segment, department, channel, not_now,
// stock, limit, member (frozen or closed), not_for_points.
struct MissingForReward {
  std::string code = {};
  std::string detail = {};
};

struct RewardOffer {
  std::string id = {};
  std::string name = {}, terms = {};  // in the language asked for, else in the programme's first
  std::string kind = {};              // money, percent, product, experience, partner
  std::string worth = {};             // "50.00", "15 %", or the article
  std::string wallet = {};
  int scale = 0;
  std::optional<Points> cost = {};  // at her level; absent: it is not had for points
  bool available = false;
  std::vector<MissingForReward> missing = {};
  Points points_missing = {};
  std::optional<std::int64_t> stock_left = {};       // absent: without end
  std::optional<std::int64_t> left_for_member = {};  // likewise
};

struct RewardQuestion {
  MemberId member = {};  // none: what the catalogue holds, at the lowest level
  std::vector<Identifier> identifiers = {};
  std::string language = {};  // empty: the member's
  std::string department = {}, channel = {};
};

struct RewardRequest {
  TransactionKey key = {};
  std::string reward = {};
  MemberId member = {};  // or …
  std::vector<Identifier> identifiers = {};
  std::string department = {}, channel = {};
};

struct RewardTaken {
  EntryId entry = {};
  bool replayed = false;
  MemberId member = {};
  std::string reward = {};
  std::string wallet = {};
  int scale = 0;
  Points cost = {};
  std::string voucher = {};  // its code
  Instant valid_until = kNever;
  std::vector<WalletBalance> wallets = {};
};

// What jobs gave by themselves.
struct AutomaticWork {
  std::int64_t members = 0;   // looked at
  std::int64_t vouchers = 0;  // issued
  bool more = false;          // call again
};

class Rewards {
 public:
  explicit Rewards(const Engine& engine) : engine_(&engine) {}

  Result<std::vector<RewardOffer>> list(const RewardQuestion& question) const;
  // Takes its points, its stock and the member's share of it, and issues its voucher, in one.
  // kUnknownReward, kLimitReached, kNotAvailable, kInsufficientPoints, kMemberNotActive.
  Result<RewardTaken> take(const RewardRequest& request) const;
  // Gives what is due by `rewards: automatic:`, once each, to at most `limit` members looked at.
  // Goes through all members once an hour; safe to run twice, or to kill.
  Result<AutomaticWork> settle(std::size_t limit) const;

 private:
  const Engine* engine_;
};

}  // namespace laurel
