#pragma once
// Two rows side by side: for each field, how far it agrees.

#include <cstdint>
#include <span>
#include <string_view>

#include "people/table.hpp"

namespace laurel::people {

// What is weighed: the fields, and some of them once more where another has agreed already and so
// says part of what they say. Who has the same postcode lives in the same city, strangers or not;
// who has the same name has a similar e-mail. Of a pair only one of the two is filled.
using Slot = std::size_t;
inline constexpr Slot kCityOfSamePostcode = kProfileFields;
inline constexpr Slot kRegionOfSamePostcode = kProfileFields + 1;
inline constexpr Slot kEmailOfSameName = kProfileFields + 2;
inline constexpr std::size_t kSlots = kProfileFields + 3;

ProfileField field_of(Slot slot);

// A level for each slot, four bits each. 0 is missing on either side, 1 no agreement, and the
// more the higher; the highest is "same".
using Pattern = std::uint64_t;
using Level = std::uint8_t;
inline constexpr std::size_t kLevelsMax = 6;

constexpr Level level_of(Pattern pattern, Slot slot) {
  return static_cast<Level>(pattern >> (4 * slot) & 0xF);
}
constexpr Pattern with_level(Slot slot, Level level) {
  return static_cast<Pattern>(level) << (4 * slot);
}

// What the levels of a slot are called, and how often each is expected of one person (m) and of
// two strangers (u) before anything is learned.
struct LevelShape {
  std::string_view name;
  double m, u;
};
std::span<const LevelShape> levels_of(Slot slot);  // [0] is "missing"
inline Level same_level(Slot slot) { return static_cast<Level>(levels_of(slot).size() - 1); }

Pattern compare(const Table& table, Row one, Row other);
// The same in parts, for those who may have seen enough before the end. The three fields of the
// names are one part.
Pattern compare_full_names(const Table& table, Row one, Row other);
Level compare_field(const Table& table, ProfileField field, Row one, Row other);
// The slot of a field, beside what is known of the others already.
Slot slot_of(ProfileField field, Pattern so_far);

}  // namespace laurel::people
