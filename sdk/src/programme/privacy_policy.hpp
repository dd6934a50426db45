#pragma once
// How long a programme keeps what says who somebody is. Absent: without end.

#include <optional>

#include "base/calendar.hpp"

namespace laurel::programme {

struct RetentionPolicy {
  std::optional<Period> unattributed = {};  // identifiers of transactions that stayed nobody's
  std::optional<Period> closed_members = {};
  std::optional<Period> inactive_members = {};
  bool any() const { return unattributed || closed_members || inactive_members; }
};

}  // namespace laurel::programme
