#pragma once
// The compiled programme and its evaluation. Facts in, decision out: pure, const, nothing left that
// can fail, safe from any number of threads.
//
// Order of an evaluation: what is eligible on each line; one rate a line (a rule's by precedence,
// else the tier's); multipliers, each adding (m - 1) x base, or the best of its lane; bonuses. The
// sums are exact fractions until each wallet rounds them once, at its stage and in its mode, and
// splits them back over the lines by largest remainder. The order in which rules are written never
// matters.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"
#include "laurel/explanation.hpp"
#include "laurel/programme.hpp"
#include "laurel/transaction.hpp"
#include "money/rate.hpp"
#include "programme/catalogue.hpp"
#include "programme/past.hpp"
#include "programme/paying.hpp"
#include "programme/privacy_policy.hpp"
#include "programme/publishing_policy.hpp"
#include "programme/staff_policy.hpp"

namespace laurel::programme {

// Views into the checked transaction; amounts in minor units of `Facts::currency`. None is
// negative, all amounts together are at most kMaxMinorUnits, and a quantity at most 10^9; so no sum
// here can overflow.
struct LineFacts {
  std::string_view id, sku, department, category, brand, associate;
  Quantity quantity;
  std::int64_t amount_minor = 0;
  std::int64_t tax_minor = 0;
  std::span<const std::string> tags = {};
  std::span<const std::pair<std::string, std::string>> attributes = {};
};

struct TenderFacts {
  std::string_view type;
  std::int64_t amount_minor = 0;
};

// Of the person, before this transaction.
struct MemberFacts {
  Instant enrolled_at;
  std::optional<Date> born = {};
  std::string language = {};
  std::vector<std::string> segments = {};  // sorted
  friend bool operator==(const MemberFacts&, const MemberFacts&) = default;
};

struct Facts {
  Instant at;
  std::string_view source, store, channel, associate, event, department;
  std::optional<Currency> currency;  // events have none
  std::span<const std::string> tags = {};
  std::span<const LineFacts> lines = {};
  std::span<const TenderFacts> tenders = {};

  // The member as she is before this transaction. An empty tier: nobody is known; the transaction
  // is then valued at the lowest level, and no condition on the tier is met.
  std::string_view tier = {};
  std::int64_t spend_before_minor = 0;  // in the tier window at `at`, programme currency
  const MemberFacts* member = nullptr;  // null: nobody is known
  // As Compiled::needs asks for them, ascending. What depends on an answer that is not here is
  // missing; a limit whose room is not here leaves everything.
  std::span<const Answer> answers = {};
  std::span<const Room> rooms = {};
  std::span<const std::string> stopped = {};  // rules that were switched off at `at`

  // For the part of a sale that is kept after returns: the exchange rate the sale was valued at,
  // and the rules whose bonus it keeps whatever is left of it (`on_return: keep_bonus`).
  std::optional<Fraction> exchange_rate = {};
  std::span<const std::string> kept_bonuses = {};
};

inline constexpr std::int32_t kWholeTransaction = -1;

struct Award {
  std::string_view rule;  // lives as long as the programme; "tier:gold" for a tier's own rate
  std::int32_t line = kWholeTransaction;  // index into Facts::lines
  std::uint16_t wallet = 0;               // index into Compiled::wallets()
  Points points;                          // after rounding and limits; zero: all was cut off
  bool keeps_on_return = false;           // a bonus under `on_return: keep_bonus`
  Points cut = {};                        // what limits took off: it is given in part
  std::uint32_t cut_by = 0;               // where so, index into Compiled::limits
};

struct Decision {
  // By wallet, then line, then rule. A wallet's awards sum to what the transaction earns in it.
  std::vector<Award> awards;
  // Eligible spend in programme currency, rounded once (half even): what tiers count.
  std::int64_t spend_minor = 0;
  std::vector<std::int64_t> line_spend_minor;  // sums to spend_minor
  Fraction exchange_rate{1, 1};  // programme currency for one unit of the facts' currency
  std::vector<Use> uses;         // of counters that a limit watches; by counter
  std::vector<Grant> grants;     // by rule
  std::vector<Gift> gifts;       // likewise
};

struct LotTerms {
  Instant available_from;   // kNever: it waits for an event
  Instant expires_at;       // exclusive: the first instant at which the lot is dead; kNever
  bool while_used = false;  // it dies when its wallet is no longer used; expires_at is kNever
};

// A step of a programme's own test case; run by the engine.
struct CaseStep {
  int line = 0;  // where it stands in the file
  Instant at = {};
  std::optional<Transaction> post = {};  // absent: only look, or …
  std::string take = {};                 // … a reward is taken
  std::string take_department = {}, take_channel = {};
  struct Expect {
    std::optional<std::string> tier = {}, error = {};
    // wallet -> points; "points: 200" in YAML is the first wallet's earned
    std::vector<std::pair<std::string, Points>> earned, reversed, available, pending, debt;
    std::vector<std::pair<std::string, Points>> awards;     // rule -> points
    std::optional<std::vector<std::string>> vouchers = {};  // rewards given, sorted
  };
  Expect expect = {};
};

struct Case {
  std::string name, file;
  int line = 0;
  std::string given_tier = {};
  std::int64_t given_spend_minor = 0;
  std::vector<std::pair<std::string, Points>> given_points = {};
  std::optional<Instant> given_enrolled = {};  // absent: at the first step
  MemberFacts given_member = {};               // but for `enrolled_at`
  std::vector<CaseStep> steps = {};
};

// How long the lots of a wallet wait and live.
// What keeps points alive that die when their wallet is not used: a set of these.
enum Activity : std::uint8_t {
  kEarns = 1,      // points are earned, or given by hand
  kRedeems = 2,    // points are spent, or taken by hand
  kPurchases = 4,  // a sale, whatever it earns
  kAttends = 8,    // an event
};

struct LotPolicy {
  enum class Ends : std::uint8_t { kNever, kAfter, kEndOf, kUnused };
  int pending_days = 0;
  std::string pending_event = {};            // they wait until this event of their sale …
  std::optional<Date> pending_until = {};    // … or until the start of this day
  std::uint8_t kept_by = kEarns | kRedeems;  // kUnused: what counts as use, within `after`
  Ends ends = Ends::kNever;
  std::optional<Period> after = {};
  CalendarUnit unit = CalendarUnit::kDay;  // kAfter: rounded up to its end; kEndOf: the end of it
};

// What people call a rule; `name: Text` without a language has the language "".
struct RuleInfo {
  std::string id;
  std::vector<std::pair<std::string, std::string>> names;
};

struct Tables;    // sdk/src/programme/tables.hpp
class Workspace;  // reusable scratch of one thread's evaluations; sdk/src/programme/workspace.hpp
class Workspaces;

class Compiled {
 public:
  Compiled(Currency programme_currency, TimeZone programme_zone);
  ~Compiled();

  // In a workspace of its own, which is kept for the next. From any thread.
  Decision evaluate(const Facts& facts) const;
  // The same, into storage that is kept: after the first few it allocates nothing.
  void evaluate(const Facts& facts, Workspace& workspace, Decision& decision) const;
  // The same evaluation, with a reason for every rule, applied or not.
  Explanation explain(const Facts& facts) const;
  // Looks at everything but `answers` and `rooms`.
  Needs needs(const Facts& facts) const;
  // `released_at`: when the event was, that the points of the wallet wait for.
  LotTerms lot_terms(std::size_t wallet, Instant event_time,
                     std::optional<Instant> released_at = {}) const;
  // Until when use at that moment keeps the points of the wallet alive; exclusive. Absent: they do
  // not live by use.
  std::optional<Instant> life_after(std::size_t wallet, Instant used_at) const;
  // Rules that apply, or would under some answers and rooms; ids, ascending.
  std::vector<std::string_view> possible_rules(const Facts& facts) const;
  std::optional<std::size_t> wallet_index(std::string_view id) const;
  // Programme currency for one unit of `currency` on that day; absent: the programme does not take
  // it.
  std::optional<Fraction> exchange_rate(Currency currency, Date day) const;

  // Plain data, as loaded.
  std::string id, digest, zone_name;
  TimeZone zone;
  Currency currency;
  Instant effective_from;
  TierPolicy tiers;
  std::vector<WalletPolicy> wallets;  // the one that rules mean when they name none comes first
  std::vector<LotPolicy> lots;        // as many
  IdentityPolicy identity;
  ArrivalPolicy arrivals;
  NoticePolicy notices;
  PublishingPolicy publishing;
  RetentionPolicy retention;
  AdjustmentPolicy adjustments;
  std::vector<Guard> guards;
  Catalogue catalogue;
  std::optional<PayingPolicy> paying;  // absent: no sale can be paid with points
  std::vector<RuleInfo> rules;         // by id
  std::vector<std::string> departments, channels, languages;
  std::vector<SourceFile> files;
  std::vector<Case> cases;
  std::vector<Question> questions;  // what its rules ask about the past
  std::vector<Limit> limits;        // by counter
  bool asks_member = false;         // whether any rule looks at MemberFacts

  std::unique_ptr<const Tables> tables;

 private:
  std::unique_ptr<Workspaces> workspaces_;
};

}  // namespace laurel::programme
