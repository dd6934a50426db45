#pragma once
// How alike two texts are. Characters are compared, not bytes.

#include <cstddef>
#include <string_view>

namespace laurel::people {

// Jaro's similarity, raised for a common beginning of up to four characters as Winkler does it
// (by 0.1 for each, where it is above 0.7 already). 0 to 1; 0 where either is empty.
double jaro_winkler(std::string_view one, std::string_view other);

// Insertions, deletions and replacements that make one of the other.
std::size_t edit_distance(std::string_view one, std::string_view other);
// The same, swapping two neighbours counted as one; `most` + 1 where it is more than `most`.
std::size_t slips(std::string_view one, std::string_view other, std::size_t most);

}  // namespace laurel::people
