#pragma once
// A household: members who may spend each other's points. Each keeps her own, with their dates;
// the pool only says who may spend whose. So what one leaves with is hers, and what comes back of a
// redemption comes back to whose it was.
//
//   auto home = engine.pools().open({{"desk", "P-1"}, mother, "ana", "asked for it"});
//   engine.pools().join({{"desk", "P-2"}, home->id, son, false, true, "ana", "asked for it"});
//   engine.redemptions().hold({.key = {"till-7", "RD-5"}, …, .pool = true});

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/receipt.hpp"
#include "laurel/result.hpp"

namespace laurel {

class Engine;

// As text "p_" and thirteen letters and digits. 0 is no pool.
class PoolId {
 public:
  constexpr PoolId() = default;
  constexpr explicit PoolId(std::int64_t number) : number_(number) {}
  static Result<PoolId> parse(std::string_view text);  // kInvalid
  constexpr std::int64_t number() const { return number_; }
  constexpr explicit operator bool() const { return number_ != 0; }
  std::string text() const;
  friend constexpr auto operator<=>(const PoolId&, const PoolId&) = default;

 private:
  std::int64_t number_ = 0;
};

struct PoolOpening {
  TransactionKey key;  // the same key opens one
  MemberId head;       // spends and contributes
  std::string actor;
  std::string reason;
};

// Of one who is a member already: what she may do from now on.
struct PoolJoining {
  TransactionKey key;
  PoolId pool;
  MemberId member;
  bool spends = false;      // may spend the others' points; the head always may
  bool contributes = true;  // the others may spend hers
  std::string actor;
  std::string reason;
};

// Her points go with her. What is held of them for a redemption stays held until it ends.
struct PoolLeaving {
  TransactionKey key;
  PoolId pool;
  MemberId member;
  std::string actor;
  std::string reason;
};

struct PoolMember {
  MemberId member;
  bool head = false;  // who has been in it longest
  bool spends = false;
  bool contributes = false;
  bool active = true;  // false: frozen, so that she neither spends nor contributes
  Instant since;
};

struct Pool {
  PoolId id;
  EntryId entry;  // that made it so
  bool replayed = false;
  std::vector<PoolMember> members;     // in the order in which they joined; empty: it is over
  std::vector<WalletBalance> wallets;  // what those who contribute have together, now
};

// From any thread; as long as the engine lives.
class Pools {
 public:
  // kUnknownMember, kMemberNotActive, kInvalidState: she is in a pool already; kLimitReached.
  Result<Pool> open(const PoolOpening& opening) const;
  Result<Pool> join(const PoolJoining& joining) const;   // kNotFound: no such pool
  Result<Pool> leave(const PoolLeaving& leaving) const;  // kInvalidState: she is not in it
  Result<Pool> get(PoolId id) const;                     // kNotFound
  // The pool that she is in. kNotFound: none.
  Result<Pool> of_member(MemberId member) const;

 private:
  friend class Engine;
  explicit Pools(Engine& engine) : engine_(&engine) {}
  Engine* engine_;
};

inline constexpr std::size_t kPoolMembersMax = 16;

}  // namespace laurel
