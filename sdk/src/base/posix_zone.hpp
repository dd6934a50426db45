#pragma once
// The rule at the end of a time zone file ("GMT0BST,M3.5.0/1,M10.5.0"), which holds for every year
// after the last change that the file lists.

#include <optional>
#include <string_view>
#include <vector>

#include "laurel/time.hpp"

namespace laurel {

struct OffsetChange {
  Instant at;       // from this moment on …
  Duration offset;  // … local time is UTC plus this
  friend bool operator==(const OffsetChange&, const OffsetChange&) = default;
};

// The changes of the years `first_year` to `last_year`, in order; none for a zone without daylight
// saving. nullopt: the rule cannot be read.
std::optional<std::vector<OffsetChange>> changes_by_rule(std::string_view rule, int first_year,
                                                         int last_year);

}  // namespace laurel
