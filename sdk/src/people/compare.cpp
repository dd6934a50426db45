#include "people/compare.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "people/similarity.hpp"

namespace laurel::people {

namespace {

constexpr LevelShape kName[] = {{"missing", 0, 0},
                                {"different", 0.08, 0.984},
                                {"similar", 0.05, 0.008},
                                {"one slip", 0.12, 0.003},
                                {"same", 0.75, 0.005}};
constexpr LevelShape kOrder[] = {
    {"missing", 0, 0}, {"swapped", 0.05, 0.002}, {"straight", 0.95, 0.998}};
constexpr LevelShape kDate[] = {{"missing", 0, 0},           {"different", 0.02, 0.9844},
                                {"near", 0.03, 0.0113},      {"two parts same", 0.05, 0.0032},
                                {"one slip", 0.10, 0.00105}, {"same", 0.80, 0.00005}};
constexpr LevelShape kNumber[] = {
    {"missing", 0, 0}, {"different", 0.10, 0.89}, {"one slip", 0.10, 0.10}, {"same", 0.80, 0.01}};
constexpr LevelShape kCode[] = {{"missing", 0, 0},
                                {"different", 0.10, 0.985},
                                {"one slip", 0.10, 0.0135},
                                {"same", 0.80, 0.0015}};
constexpr LevelShape kRegion[] = {
    {"missing", 0, 0}, {"different", 0.04, 0.83}, {"one slip", 0.04, 0.02}, {"same", 0.92, 0.15}};
constexpr LevelShape kIdentifier[] = {{"missing", 0, 0},
                                      {"different", 0.10, 0.999988},
                                      {"one slip", 0.10, 0.00001},
                                      {"same", 0.80, 0.000002}};
constexpr LevelShape kStreet[] = {{"missing", 0, 0},
                                  {"different", 0.15, 0.9925},
                                  {"similar", 0.05, 0.006},
                                  {"one slip", 0.10, 0.0005},
                                  {"same", 0.70, 0.001}};
constexpr LevelShape kCity[] = {{"missing", 0, 0},
                                {"different", 0.15, 0.964},
                                {"similar", 0.05, 0.005},
                                {"one slip", 0.10, 0.001},
                                {"same", 0.70, 0.03}};
constexpr LevelShape kMail[] = {
    {"missing", 0, 0},           {"different", 0.15, 0.999376}, {"similar name", 0.05, 0.0005},
    {"same name", 0.05, 0.0001}, {"one slip", 0.10, 0.00002},   {"same", 0.65, 0.000004}};
constexpr LevelShape kPhone[] = {{"missing", 0, 0},
                                 {"different", 0.20, 0.999954},
                                 {"one slip", 0.05, 0.00003},
                                 {"same ending", 0.05, 0.000008},
                                 {"same", 0.70, 0.000008}};

// Given the same postcode, and given the same name.
constexpr LevelShape kSameArea[] = {{"missing", 0, 0},
                                    {"different", 0.10, 0.18},
                                    {"similar", 0.05, 0.01},
                                    {"one slip", 0.10, 0.01},
                                    {"same", 0.75, 0.80}};
constexpr LevelShape kSameRegion[] = {
    {"missing", 0, 0}, {"different", 0.04, 0.04}, {"one slip", 0.04, 0.01}, {"same", 0.92, 0.95}};
constexpr LevelShape kNamesMail[] = {
    {"missing", 0, 0},         {"different", 0.15, 0.7594}, {"similar name", 0.10, 0.20},
    {"same name", 0.05, 0.03}, {"one slip", 0.10, 0.01},    {"same", 0.60, 0.0006}};

constexpr Level kMissing = 0;
constexpr Level kDifferent = 1;

Level compare_names(std::string_view one, std::string_view other) {
  constexpr std::size_t kLongEnough = 4;  // of three letters, one slip makes another name
  if (std::min(one.size(), other.size()) >= kLongEnough && slips(one, other, 1) == 1) return 3;
  const double alike = jaro_winkler(one, other);
  if (alike >= 0.92) return 3;
  const bool shortened = one.starts_with(other) || other.starts_with(one);
  return alike >= 0.8 || shortened ? 2 : kDifferent;
}

Level compare_dates(std::string_view one, std::string_view other) {
  constexpr std::size_t kDigits = 8;
  const std::size_t far = slips(one, other, 2);
  if (far == 1) return 4;
  if (one.size() != kDigits || other.size() != kDigits) return kDifferent;
  const bool year = one.substr(0, 4) == other.substr(0, 4);
  const bool month = one.substr(4, 2) == other.substr(4, 2);
  const bool day = one.substr(6, 2) == other.substr(6, 2);
  const bool turned =
      one.substr(4, 2) == other.substr(6, 2) && one.substr(6, 2) == other.substr(4, 2);
  if (year && turned) return 4;
  if (year + month + day == 2) return 3;
  return far == 2 ? 2 : kDifferent;
}

Level compare_codes(std::string_view one, std::string_view other) {
  const bool long_enough = std::min(one.size(), other.size()) >= 2;
  return long_enough && slips(one, other, 1) == 1 ? 2 : kDifferent;
}

// anna.b25@… and anna.b26@… are two of many, not one and a slip.
bool same_digits(std::string_view one, std::string_view other) {
  const auto next = [](std::string_view text, std::size_t from) {
    while (from < text.size() && !is_digit(text[from])) ++from;
    return from;
  };
  std::size_t i = next(one, 0), j = next(other, 0);
  while (i < one.size() && j < other.size() && one[i] == other[j]) {
    i = next(one, i + 1);
    j = next(other, j + 1);
  }
  return i == one.size() && j == other.size();
}

Level compare_mails(std::string_view one, std::string_view other) {
  if (slips(one, other, 2) <= 2 && same_digits(one, other)) return 4;
  const std::string_view left = one.substr(0, one.find('@'));
  const std::string_view right = other.substr(0, other.find('@'));
  if (left == right) return 3;
  return jaro_winkler(left, right) >= 0.88 ? 2 : kDifferent;
}

Level compare_phones(std::string_view one, std::string_view other) {
  constexpr std::size_t kEnding = 8;
  if (one.size() >= kEnding && other.size() >= kEnding &&
      one.substr(one.size() - kEnding) == other.substr(other.size() - kEnding)) {
    return 3;
  }
  return slips(one, other, 1) == 1 ? 2 : kDifferent;
}

Level compare_texts(ProfileField field, std::string_view one, std::string_view other) {
  switch (field) {
    case ProfileField::kGivenName:
    case ProfileField::kFamilyName:
    case ProfileField::kNameOrder:
    case ProfileField::kStreet:
    case ProfileField::kStreet2:
    case ProfileField::kCity: return compare_names(one, other);
    case ProfileField::kBirthDate: return compare_dates(one, other);
    case ProfileField::kHouseNumber:
    case ProfileField::kPostcode:
    case ProfileField::kRegion:
    case ProfileField::kIdentifier: return compare_codes(one, other);
    case ProfileField::kEmail: return compare_mails(one, other);
    case ProfileField::kPhone: return compare_phones(one, other);
  }
  LAUREL_ASSERT(false, "an unknown field");
  return kMissing;
}

Level compare_values(const Table& table, ProfileField field, Value one, Value other) {
  if (one == 0 || other == 0) return kMissing;
  if (one == other) return same_level(at(field));
  const Pool& pool = table.pool(field);
  return compare_texts(field, pool[one], pool[other]);
}

// How much two levels of a name speak for one person.
int agreement(Level given, Level family) {
  return std::max(given - 1, 0) + std::max(family - 1, 0);
}

}  // namespace

ProfileField field_of(Slot slot) {
  if (slot == kCityOfSamePostcode) return ProfileField::kCity;
  if (slot == kRegionOfSamePostcode) return ProfileField::kRegion;
  if (slot == kEmailOfSameName) return ProfileField::kEmail;
  return field_at(slot);
}

Slot slot_of(ProfileField field, Pattern so_far) {
  using enum ProfileField;
  constexpr Level kNameSlip = 3;
  const bool same_postcode = level_of(so_far, at(kPostcode)) == same_level(at(kPostcode));
  if (field == kCity && same_postcode) return kCityOfSamePostcode;
  if (field == kRegion && same_postcode) return kRegionOfSamePostcode;
  const bool same_name = level_of(so_far, at(kGivenName)) >= kNameSlip &&
                         level_of(so_far, at(kFamilyName)) >= kNameSlip;
  return field == kEmail && same_name ? kEmailOfSameName : at(field);
}

std::span<const LevelShape> levels_of(Slot slot) {
  if (slot == kCityOfSamePostcode) return kSameArea;
  if (slot == kRegionOfSamePostcode) return kSameRegion;
  if (slot == kEmailOfSameName) return kNamesMail;
  switch (field_at(slot)) {
    case ProfileField::kGivenName:
    case ProfileField::kFamilyName: return kName;
    case ProfileField::kNameOrder: return kOrder;
    case ProfileField::kBirthDate: return kDate;
    case ProfileField::kHouseNumber: return kNumber;
    case ProfileField::kPostcode: return kCode;
    case ProfileField::kRegion: return kRegion;
    case ProfileField::kIdentifier: return kIdentifier;
    case ProfileField::kStreet:
    case ProfileField::kStreet2: return kStreet;
    case ProfileField::kCity: return kCity;
    case ProfileField::kEmail: return kMail;
    case ProfileField::kPhone: return kPhone;
  }
  LAUREL_ASSERT(false, "an unknown field");
  return kName;
}

// Given and family name as they stand, or crosswise where that fits clearly better.
Pattern compare_full_names(const Table& table, Row one, Row other) {
  using enum ProfileField;
  const Value given[] = {table.value(kGivenName, one), table.value(kGivenName, other)};
  const Value family[] = {table.value(kFamilyName, one), table.value(kFamilyName, other)};
  Level given_level = compare_values(table, kGivenName, given[0], given[1]);
  Level family_level = compare_values(table, kFamilyName, family[0], family[1]);
  Level order = kMissing;
  const int straight = agreement(given_level, family_level);
  if (given_level != kMissing || family_level != kMissing) order = 2;
  if (straight < 3) {
    const Level crossed = compare_values(table, kGivenName, given[0], family[1]);
    const Level crossed_back = compare_values(table, kFamilyName, family[0], given[1]);
    if (agreement(crossed, crossed_back) >= straight + 2) {
      given_level = crossed;
      family_level = crossed_back;
      order = 1;
    }
  }
  return with_level(at(kGivenName), given_level) | with_level(at(kFamilyName), family_level) |
         with_level(at(kNameOrder), order);
}

Level compare_field(const Table& table, ProfileField field, Row one, Row other) {
  const auto& values = table.columns[at(field)].values;
  return compare_values(table, field, values[one], values[other]);
}

Pattern compare(const Table& table, Row one, Row other) {
  using enum ProfileField;
  Pattern pattern = compare_full_names(table, one, other);
  // The postcode before what depends on it.
  for (const ProfileField field : {kBirthDate, kHouseNumber, kStreet, kStreet2, kPostcode, kCity,
                                   kRegion, kEmail, kPhone, kIdentifier}) {
    pattern |= with_level(slot_of(field, pattern), compare_field(table, field, one, other));
  }
  return pattern;
}

}  // namespace laurel::people
