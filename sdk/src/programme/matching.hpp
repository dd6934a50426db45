#pragma once
// Whether conditions hold. Three answers: a fact that is missing makes a condition neither true nor
// false, and so does a group that hangs on it.

#include <cstdint>
#include <optional>

#include "programme/compiled.hpp"
#include "programme/tables.hpp"
#include "programme/workspace.hpp"

namespace laurel::programme {

// kOpen: it hangs on what the member did, which is still to be asked.
enum class Truth : std::uint8_t { kFalse, kTrue, kMissing, kOpen };

inline Truth truth_of(bool value) { return value ? Truth::kTrue : Truth::kFalse; }
bool is_within(std::int64_t value, const Range& range);

// The first condition of a rule that does not hold.
struct Failure {
  enum class Why : std::uint8_t {
    kOutsideDates,
    kOutsideDays,
    kOutsideHours,
    kCondition,
    kGroup,
    kStopped,
    kLimit,
  };
  Why why = Why::kCondition;
  Truth truth = Truth::kFalse;
  std::uint32_t index = 0;  // of the test, the group or the limit
};

// A transaction laid out for tests. Views everything it is given.
class Matcher {
 public:
  // `asking`: what hangs on the past is open, whatever the facts say of it.
  Matcher(const Compiled& programme, const Facts& facts, Fraction factor, bool asking,
          Workspace& workspace);

  // What counts of the transaction, and what each line adds to spend; must live as long.
  void intern(std::int64_t basket_minor, std::int64_t gross_basket_minor,
              std::span<const std::int64_t> line_spend_minor);
  // The answer to a question, this transaction counted; nullopt: there is none.
  std::optional<std::int64_t> counted(std::uint32_t question) const;
  const LocalTime& local() const;
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
  Truth member_test(const Test& test) const;
  Truth birthday_test(const Test& test, Date born) const;
  Truth segment_test(const Test& test) const;
  Truth past_test(const Test& test) const;
  void intern_transaction();
  void intern_segments();
  bool has_bit(const Test& test, ValueId value) const;
  Truth attribute_range(const Test& test, std::int32_t line) const;
  bool in_range(std::int64_t minor, const Range& range) const;
  std::string_view line_text(const Slot& slot, std::int32_t line) const;
  void intern_tags(std::int32_t line);

  const Compiled& programme_;
  const Tables& tables_;
  const Facts& facts_;
  Fraction factor_;
  bool asking_ = false;
  Workspace& work_;
  std::int64_t basket_minor_ = 0, gross_basket_minor_ = 0;
  std::span<const std::int64_t> line_spend_;
  mutable std::optional<LocalTime> local_;  // only if a rule asks for it
  std::size_t tag_words_ = 0;
};

}  // namespace laurel::programme
