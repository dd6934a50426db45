#pragma once
// Profiles as columns of numbers: every distinct text is kept once, and two are the same where
// their numbers are. Built in the order of the ids, so that nothing depends on the order in which
// profiles came.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/people.hpp"

namespace laurel::people {

using Value = std::uint32_t;  // a place in a pool; 0 is the empty text, a missing value
using Row = std::uint32_t;    // a place in the table

// Fields whose values are compared with each other share a pool.
enum class PoolName : std::uint8_t {
  kNames,
  kDates,
  kNumbers,
  kStreets,
  kCities,
  kPostcodes,
  kRegions,
  kEmails,
  kPhones,
  kIdentifiers,
};
inline constexpr std::size_t kPools = 10;

PoolName pool_of(ProfileField field);  // not kNameOrder
constexpr std::size_t at(ProfileField field) { return static_cast<std::size_t>(field); }
constexpr ProfileField field_at(std::size_t place) { return static_cast<ProfileField>(place); }

// Distinct texts in their order.
using Pool = std::vector<std::string>;

struct Column {
  std::vector<Value> values;          // of each row
  std::vector<std::uint32_t> counts;  // how many rows have this value
  std::uint32_t filled = 0;           // rows that have any
};

struct Table {
  std::vector<std::uint32_t> places;  // of each row, where its profile stood in the input
  std::array<Pool, kPools> pools;
  std::array<Column, kProfileFields> columns;  // that of kNameOrder stays empty

  std::size_t rows() const { return places.size(); }
  Value value(ProfileField field, Row row) const { return columns[at(field)].values[row]; }
  const Pool& pool(ProfileField field) const {
    return pools[static_cast<std::size_t>(pool_of(field))];
  }
  const std::string& text(ProfileField field, Row row) const {
    return pool(field)[value(field, row)];
  }
};

// kInvalid: an id is empty or stands twice.
Result<Table> table_of(std::span<const Profile> profiles);

}  // namespace laurel::people
