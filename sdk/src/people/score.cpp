#include "people/score.hpp"

#include <algorithm>
#include <cmath>

namespace laurel::people {

namespace {

// Of the n - 1 others, c - 1 have the value too. Of few others little is known, and what is
// generally expected counts as much as this many of them.
constexpr double kPriorRows = 200;

double frequency_of(std::uint32_t count, std::uint32_t filled, double expected) {
  const auto others = [](std::uint32_t all) { return std::max(1.0, static_cast<double>(all)) - 1; };
  return (others(count) + kPriorRows * expected) / (others(filled) + kPriorRows);
}

// Those that tell most for least work first; before them the three of the names, and what depends
// on another behind it.
constexpr std::array kOrder = {ProfileField::kBirthDate,   ProfileField::kIdentifier,
                               ProfileField::kPhone,       ProfileField::kPostcode,
                               ProfileField::kHouseNumber, ProfileField::kRegion,
                               ProfileField::kEmail,       ProfileField::kStreet,
                               ProfileField::kCity,        ProfileField::kStreet2};

// Whether how common the value is says more than how often two strangers agree on any.
bool counts_values(Slot slot) {
  return slot != at(ProfileField::kNameOrder) && slot != kCityOfSamePostcode &&
         slot != kRegionOfSamePostcode;
}

constexpr std::size_t kNameFields = 3;

}  // namespace

Scorer::Scorer(const Table& table, const Parameters& parameters)
    : table_(table), parameters_(parameters) {
  for (Slot slot = 0; slot < kSlots; ++slot) {
    if (!counts_values(slot)) continue;
    const Column& column = table.columns[at(field_of(slot))];
    const double u = levels_of(at(field_of(slot))).back().u;
    const double m = parameters.m[slot][same_level(slot)];
    same_[slot].reserve(column.counts.size());
    for (const std::uint32_t count : column.counts) {
      const double frequency = frequency_of(count, column.filled, u);
      same_[slot].push_back(static_cast<float>(std::log2(m / frequency)));
    }
    // A near value never weighs more than one that is the same, and nobody else's.
    const double most = std::log2(m / frequency_of(2, column.filled, u));
    for (Level level = 1; level < same_level(slot); ++level) {
      double& weight = parameters_.weights[slot][level];
      weight = std::min(weight, most);
    }
  }
}

double Scorer::weight(Slot slot, Level level, Row one) const {
  if (level == same_level(slot) && counts_values(slot)) {
    return static_cast<double>(same_[slot][table_.value(field_of(slot), one)]);
  }
  return parameters_.weights[slot][level];
}

double Scorer::most(ProfileField field, Row one, Row other) const {
  const Value left = table_.value(field, one);
  const Value right = table_.value(field, other);
  if (left == 0 || right == 0) return 0;
  const Slot slot = at(field);
  const Level same = same_level(slot);
  return weight(slot, left == right ? same : static_cast<Level>(same - 1), one);
}

double Scorer::weight(Row one, Row other, double least) const {
  std::array<double, kOrder.size()> most_of;
  double most_left = 0;
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    most_of[i] = most(kOrder[i], one, other);
    most_left += most_of[i];
  }
  Pattern pattern = compare_full_names(table_, one, other);
  double weight_so_far = 0;
  for (Slot slot = 0; slot < kNameFields; ++slot) {
    weight_so_far += weight(slot, level_of(pattern, slot), one);
  }
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    if (weight_so_far + most_left < least) return weight_so_far + most_left;
    most_left -= most_of[i];
    const Level level = compare_field(table_, kOrder[i], one, other);
    const Slot slot = slot_of(kOrder[i], pattern);
    pattern |= with_level(slot, level);
    weight_so_far += weight(slot, level, one);
  }
  return weight_so_far;
}

std::vector<FieldWeight> Scorer::fields(Row one, Row other) const {
  std::vector<FieldWeight> steps(kProfileFields);
  const Pattern pattern = compare(table_, one, other);
  for (std::size_t i = 0; i < kProfileFields; ++i) {
    const ProfileField field = field_at(i);
    const Slot slot = slot_of(field, pattern);
    const Level level = level_of(pattern, slot);
    FieldWeight& step = steps[i];
    step.field = field;
    step.level = levels_of(slot)[level].name;
    step.weight = weight(slot, level, one);
    step.frequency = step.weight - parameters_.weights[slot][level];
    step.m = parameters_.m[slot][level];
    step.u = parameters_.u[slot][level];
    if (field == ProfileField::kNameOrder) continue;
    step.left = table_.text(field, one);
    step.right = table_.text(field, other);
  }
  // Names that were compared crosswise are shown as they were compared.
  constexpr Level kSwapped = 1;
  if (level_of(pattern, at(ProfileField::kNameOrder)) == kSwapped) {
    std::swap(steps[at(ProfileField::kGivenName)].right,
              steps[at(ProfileField::kFamilyName)].right);
  }
  return steps;
}

}  // namespace laurel::people
