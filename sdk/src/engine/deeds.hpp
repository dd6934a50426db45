#pragma once
// A member's sales and events as the questions of a programme count them.

#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "engine/valuation.hpp"
#include "programme/past.hpp"

namespace laurel::engine {

struct Days {
  Date first, last;
  bool contain(Date day) const { return day >= first && day <= last; }
};

// The days of the stretch for something that happens on `day`.
Days days_of(const programme::Stretch& stretch, Date day);

// A sale or event, as far as it was kept. Views the document.
class Deed {
 public:
  // Of a sale: what these documents, which stand, leave of it, valued by what its entry says.
  // Requires that they have been applied to it before.
  static Result<Deed> of(const Transaction& document, const ledger::Entry& holder,
                         const programme::Compiled& compiled,
                         std::span<const ledger::Entry> documents);

  Instant at() const { return at_; }
  bool is_sale() const { return document_->kind == TransactionKind::kSale; }
  // What the question asks for, but for where and when.
  bool concerns(const programme::Question& question) const;
  struct Place {
    const std::string& department;
    std::int64_t spend_minor;
  };
  // Each department that the question admits; one may come several times.
  std::vector<Place> places(const programme::Question& question) const;

 private:
  Deed(const Transaction& document, Instant at) : document_(&document), at_(at) {}

  const Transaction* document_;
  Instant at_;
  bool undone_ = false;
  Kept kept_;
  std::vector<std::int64_t> line_spend_;
};

// Counts deeds for one question. Views the question and the programme.
class Tally {
 public:
  Tally(std::uint32_t index, const programme::Compiled& compiled, Instant at);

  Date first() const { return days_.first; }
  void add(const Deed& deed);
  ledger::PastAnswer answer() const;

 private:
  const programme::Question& question_;
  const TimeZone& zone_;
  std::uint32_t index_;
  Date day_;
  Days days_{};
  std::int64_t number_ = 0;
  std::set<Date> visits_;
  std::set<std::string> departments_;
};

}  // namespace laurel::engine
