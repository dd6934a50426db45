#pragma once
// What conditions leave over when all of them must hold.

#include <optional>
#include <string>
#include <vector>

#include "programme/draft.hpp"

namespace laurel::programme {

// Everything that must be true for the rule: its own conditions, those of its `all` groups, and
// what `active` says, as conditions.
std::vector<Condition> needs_of(const RuleDraft& rule);
// The same of a group that stands in one with `outer`.
std::vector<Condition> needs_of(const ConditionGroup& group, std::vector<Condition> outer);

// Whether no fact can meet both; false where that is not known.
bool exclude_each_other(const Condition& a, const Condition& b);
bool can_meet(const std::vector<Condition>& a, const std::vector<Condition>& b);
// Whether whatever meets `one` meets `other`, too; false where that is not known.
bool implies(const Condition& one, const Condition& other);

// Whether no number of the kind that is asked for lies in it.
bool has_no_number(const Condition& condition);
// Whether no local day meets all of them.
bool leave_no_day(const std::vector<Condition>& needs);

}  // namespace laurel::programme
