#pragma once
// Whether conditions hold. Three answers: a fact that is missing makes a condition neither true nor
// false, and so does a group that hangs on it.

#include <cstdint>
#include <optional>

#include "programme/compiled.hpp"
#include "programme/tables.hpp"
#include "programme/workspace.hpp"

namespace laurel::programme {

enum class Truth : std::uint8_t { kFalse, kTrue, kMissing };

// The first condition of a rule that does not hold.
struct Failure {
  enum class Why : std::uint8_t { kOutsideDates, kOutsideDays, kOutsideHours, kCondition, kGroup };
  Why why = Why::kCondition;
  Truth truth = Truth::kFalse;
  std::uint32_t index = 0;  // of the test or the group
};

// A transaction laid out for tests. Views everything it is given.
class Matcher {
 public:
  Matcher(const Tables& tables, const TimeZone& zone, const Facts& facts, Fraction factor,
          Workspace& workspace);

  // Looks up the texts of the transaction and its lines; `eligible` must be filled in before.
  void intern(std::int64_t basket_minor, std::int64_t gross_basket_minor);
  // A line that takes no part in the sale, by the programme's `exclude`.
  bool is_excluded(std::int32_t line) const { return excluding_test(line) != nullptr; }
  const Test* excluding_test(std::int32_t line) const;
  // "excluded tag: delivery".
  std::string exclusion(const Test& test, std::int32_t line) const;
  void intern_line(std::int32_t line);

  std::optional<Failure> transaction_failure(const RuleRow& rule);
  std::optional<Failure> line_failure(const RuleRow& rule, std::int32_t line) const;

 private:
  std::optional<Failure> window_failure(const RuleRow& rule);
  Truth test(const Test& test, std::int32_t line) const;
  Truth group(const GroupRow& group, std::int32_t line) const;
  Truth text_test(const Test& test, ValueId value) const;
  Truth tag_test(const Test& test, std::int32_t line) const;
  Truth range_test(const Test& test, std::int32_t line) const;
  Truth attribute_range(const Test& test, std::int32_t line) const;
  bool in_range(std::int64_t minor, const Range& range) const;
  std::string_view line_text(const Slot& slot, std::int32_t line) const;
  void intern_tags(std::int32_t line);

  const Tables& tables_;
  const TimeZone& zone_;
  const Facts& facts_;
  Fraction factor_;
  Workspace& work_;
  std::int64_t basket_minor_ = 0, gross_basket_minor_ = 0;
  std::optional<LocalTime> local_;  // only if a rule asks for it
  std::size_t tag_words_ = 0;
};

}  // namespace laurel::programme
