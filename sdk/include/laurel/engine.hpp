#pragma once
// The engine: the whole of Laurel behind one class, in a shop's checkout and in the daemon.
//
//   auto store = laurel::open_store("sqlite:shop.db");
//   laurel::SystemClock clock;
//   auto engine = laurel::Engine::open({.store = *store, .clock = &clock});
//   auto receipt = (*engine)->post(sale);
//
// Every method may be called from any thread, by any number of processes on one store. A write is
// all or nothing, and on the disk before it returns. Sending the same key again is always safe.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "laurel/entropy.hpp"
#include "laurel/history.hpp"
#include "laurel/log.hpp"
#include "laurel/member.hpp"
#include "laurel/programme.hpp"
#include "laurel/publishing.hpp"
#include "laurel/receipt.hpp"
#include "laurel/reward.hpp"
#include "laurel/simulation.hpp"
#include "laurel/store.hpp"
#include "laurel/transaction.hpp"
#include "laurel/voucher.hpp"

namespace laurel {

struct EngineOptions {
  StoreHandle store;
  const Clock* clock = nullptr;      // outlives the engine
  LogSink* log = nullptr;            // outlives the engine; may be left out
  const Entropy* entropy = nullptr;  // outlives the engine; left out: the operating system's
};

class Adjustments;  // laurel/adjusting.hpp
class Lots;         // laurel/lots.hpp
class Merging;      // laurel/merging.hpp
class Pools;        // laurel/pool.hpp
class Privacy;      // laurel/privacy.hpp
class Redemptions;  // laurel/redemption.hpp
class Reports;      // laurel/report.hpp
class Review;       // laurel/review.hpp
class Transfers;    // laurel/transfer.hpp
class Views;        // laurel/view.hpp
class Webhooks;     // laurel/webhook.hpp

class Engine {
 public:
  // kInvalid: no store or no clock; kStoreFailed; kInvalidProgramme: a stored one no longer loads.
  static Result<std::unique_ptr<Engine>> open(EngineOptions options);
  ~Engine();

  // ---- Transactions
  // kInvalid (all faults), kConflict (the first field that differs), kRefused codes for returns.
  Result<Receipt> post(const Transaction& transaction);
  // Each by itself, in the order given, sharing syncs.
  std::vector<Result<Receipt>> post_all(std::span<const Transaction> transactions);
  Result<Receipt> quote(const Transaction& transaction) const;  // as post now; nothing is stored
  Result<Receipt> transaction(const TransactionKey& key) const;
  Result<Explanation> explain(const TransactionKey& key) const;
  Result<Explanation> explain(const Transaction& transaction) const;
  // Gives an unattributed transaction to a member, valued at its own time. kAlreadyAttributed,
  // kClaimWindowClosed. Claiming again for the same member answers as the first time.
  Result<Receipt> claim(const TransactionKey& key, MemberId member, const std::string& actor);

  // ---- Members
  Result<Enrolled> enrol(const Enrolment& enrolment);  // kIdentifierTaken
  Result<Member> member(MemberId id) const;
  Result<Member> change(MemberId id, const MemberChange& change);
  Result<Lookup> lookup(std::span<const Identifier> identifiers) const;  // kUnknownMember
  Result<Member> link(MemberId id, const Identifier& identifier, bool verified,
                      const std::string& actor);
  Result<Member> unlink(MemberId id, const Identifier& identifier, const std::string& actor);
  // A difference in points, by hand; beyond what the programme lets one person do it waits for a
  // second one. kInsufficientPoints, kAdjustmentLimit.
  Result<AdjustmentReceipt> adjust(const Adjustment& adjustment);
  // kInvalid: a level the programme lacks, an end that has passed.
  Result<TierGiftReceipt> grant_tier(const TierGift& gift);

  // ---- History
  Result<LedgerPage> ledger(MemberId id, EntryId before, std::size_t limit) const;  // newest first
  Result<Statement> statement(MemberId id, Instant as_of, TimeBasis basis) const;
  Result<LedgerPage> entries(EntryId after, std::size_t limit) const;  // oldest first, all members

  // ---- Programmes
  // Puts it in force once it has passed its gates (kCasesFailed, kLimitsExceeded); where more
  // people must agree it is a proposal, without a version. What happened earlier keeps the one
  // before it.
  Result<Publication> publish(const Programme& programme, const Publish& how);
  Result<Publication> rollback(const Rollback& back);  // kUnknownVersion
  // The last person needed to agree puts it in force. kNotApproved, kUnknownVersion.
  Result<Publication> approve(const Judgement& judgement);
  Result<Proposal> withdraw(const Judgement& judgement);
  Result<std::vector<Proposal>> proposals() const;
  Result<std::vector<Publication>> versions() const;
  Result<Programme> programme(Instant in_force_at) const;  // kNoProgramme
  Result<Programme> version(std::int64_t number) const;    // kUnknownVersion
  // Every engine on the store heeds it from its next unit of work on. Twice changes nothing.
  Result<RuleStop> stop_rule(const RuleOrder& order);
  Result<RuleStop> resume_rule(const RuleOrder& order);
  Result<std::vector<RuleStop>> stops() const;  // those that ended too
  // What a stored period would have been under another programme. kInvalid, kCannotSimulate.
  Result<Simulation> simulate(const Programme& programme, const Simulate& how) const;

  // ---- Rooms of their own; the handles are valid as long as the engine
  Adjustments adjustments();
  Merging merging();
  Privacy privacy();
  Lots lots();
  Reports reports() const;
  Review review();
  Redemptions redemptions();
  Pools pools();
  Transfers transfers();
  Views views() const;
  Rewards rewards() const;
  Vouchers vouchers() const;
  Webhooks webhooks();

  // ---- Housekeeping
  // Books what is due of at most `limit` members; balances are right without it. Safe to kill.
  Result<DueWork> settle_due(std::size_t limit);
  // Proves all of it from the entries alone. Read-only; what is booked meanwhile is no drift.
  Result<VerifyReport> verify(const Verification& how) const;
  bool writable() const;  // false after a commit whose outcome is unknown

 private:
  friend class Adjustments;
  friend class Merging;
  friend class Privacy;
  friend class Lots;
  friend class Reports;
  friend class Review;
  friend class Rewards;
  friend class Vouchers;
  friend class Redemptions;
  friend class Pools;
  friend class Transfers;
  friend class Views;
  friend class Webhooks;
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace laurel
