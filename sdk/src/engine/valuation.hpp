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

// What a member is when a transaction is valued.
struct Standing {
  std::string tier;
  std::int64_t spend_before_minor = 0;
};

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
  const programme::Facts& facts(Instant at, const Standing& standing, const Kept& kept);
  const programme::Facts& facts(Instant at, const Standing& standing);

 private:
  const Transaction& document_;
  std::optional<Currency> currency_;
  std::vector<programme::LineFacts> whole_;
  std::vector<std::int64_t> tender_minor_;
  std::vector<programme::LineFacts> lines_;
  std::vector<programme::TenderFacts> tenders_;
  Standing standing_;
  programme::Facts facts_;
};

// As it will be stored.
ledger::Valuation value(const programme::Compiled& compiled, const programme::Facts& facts);

// What the kept part of a valued sale is worth under the version and in the circumstances it was
// valued in: points by wallet, and the spend that counts.
struct Entitlement {
  std::vector<std::pair<std::string, Points>> points;
  std::int64_t spend_minor = 0;
  Points of(const std::string& wallet) const;
};
Entitlement entitlement(const programme::Compiled& compiled, const Transaction& document,
                        Instant event_time, const ledger::Valuation& valuation, const Kept& kept);

}  // namespace laurel::engine
