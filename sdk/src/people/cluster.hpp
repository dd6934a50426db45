#pragma once
// Rows that are one person. The best links first, and two groups become one only where every row
// of the one goes with every row of the other: a phone shared with one and an e-mail shared with
// another make no chain of strangers.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "people/table.hpp"

namespace laurel::people {

struct Link {
  Row one = 0, other = 0;  // one < other
  double weight = 0;
};

// Not followed, because it would have put `strangers` into one group.
struct Held {
  std::size_t link = 0;  // its place among the links
  Row one = 0, other = 0;
};

struct Grouping {
  std::vector<std::uint32_t> group_of;  // of each row; groups are numbered by their first rows
  std::vector<Held> held;
};

// More rows than this are no person, but a test record or a default.
inline constexpr std::size_t kGroupMax = 50;

// `links`: the best first. `goes_with`: whether two rows may be one person at all; one < other.
Grouping grouped(std::size_t rows, std::span<const Link> links,
                 const std::function<bool(Row one, Row other)>& goes_with);

}  // namespace laurel::people
