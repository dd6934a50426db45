#pragma once
// What a sale, or the part of it that is kept, is worth under a given version of the programme. The
// one place that turns a document into facts: posting, quoting, returning, explaining and verifying
// all come through here.

#include <optional>
#include <string>
#include <vector>

#include "engine/check.hpp"
#include "ledger/entry.hpp"
#include "ledger/tier.hpp"
#include "programme/compiled.hpp"

namespace laurel::engine {

// What a member is when a transaction is valued, and what the programme was told of her past.
struct Standing {
  std::string tier;
  std::int64_t spend_before_minor = 0;  // of the tier's metric
  std::optional<ledger::PersonFacts> person = {};
  std::vector<ledger::PastAnswer> answers = {};
  std::vector<ledger::LimitRoom> rooms = {};
  std::vector<std::string> stopped = {};
  std::vector<std::int32_t> linked = {};  // lines that earn nothing here
};
// As it was when the transaction was valued.
Standing standing_of(const ledger::Valuation& valuation);
ledger::PersonFacts person_of(const ledger::MemberRecord& record);

// How much of each line of a sale its customer keeps; parallel to the document's lines.
struct KeptLine {
  std::int64_t minor = 0;
  Quantity quantity;
};
using Kept = std::vector<KeptLine>;

// A sale or event with its amounts read; holds views, so the document must outlive it and stay put.
class Valuable {
 public:
  // Requires a checked document, or one that was checked when it was stored.
  explicit Valuable(const Transaction& document);

  const Transaction& document() const { return document_; }
  std::optional<Currency> currency() const { return currency_; }
  Kept all() const;
  std::int64_t total_minor() const;

  // Facts of the part kept; they live as long as this object, until the next call.
  const programme::Facts& facts(Instant at, Standing standing, const Kept& kept);
  const programme::Facts& facts(Instant at, Standing standing);
  const Standing& standing() const { return standing_; }  // that the facts tell of

 private:
  void tell(const Standing& standing);

  const Transaction& document_;
  std::optional<Currency> currency_;
  std::vector<programme::LineFacts> whole_;
  std::vector<std::int64_t> tender_minor_;
  std::vector<programme::LineFacts> lines_;
  std::vector<programme::TenderFacts> tenders_;
  Standing standing_;
  programme::MemberFacts member_;
  std::vector<programme::Answer> answers_;
  std::vector<programme::Room> rooms_;
  programme::Facts facts_;
};

// A reward that a rule gives.
struct RuleGift {
  std::string rule, reward;
};

// A valuation as it will be stored, and what else it does.
struct Valued {
  ledger::Valuation valuation;
  std::int64_t counted = 0;              // for the tier, by its metric
  std::vector<ledger::CounterUse> uses;  // of limits
  std::string tier_granted;              // by a rule; the highest of several
  Instant tier_granted_until = kNever;
  std::vector<RuleGift> gifts;  // by rule
};
Valued value(const programme::Compiled& compiled, const programme::Facts& facts,
             const Standing& standing);
// The same, with storage that is kept.
Valued value(const programme::Compiled& compiled, const programme::Facts& facts,
             const Standing& standing, programme::Workspace& workspace);
// The kept part of a valued sale, valued as the sale was.
Valued entitled_value(const programme::Compiled& compiled, const Transaction& document,
                      Instant event_time, const ledger::Valuation& valuation, const Kept& kept);

// What the kept part of a valued sale is worth under the version and in the circumstances it was
// valued in: points by wallet, and what counts.
struct Entitlement {
  std::vector<std::pair<std::string, Points>> points;
  std::int64_t counted = 0;  // for the tier, by its metric
  std::vector<ledger::CounterUse> uses;
  std::string tier_granted;
  Instant tier_granted_until = kNever;
  std::vector<RuleGift> gifts;  // by rule
  Points of(const std::string& wallet) const;
};
Entitlement entitlement(const programme::Compiled& compiled, const Transaction& document,
                        Instant event_time, const ledger::Valuation& valuation, const Kept& kept);

}  // namespace laurel::engine
