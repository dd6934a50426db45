#include "people/table.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "base/check.hpp"
#include "base/fault.hpp"
#include "people/text.hpp"

namespace laurel::people {

namespace {

// Gives texts numbers in the order of their arrival; sorted() puts them in their own order.
class Interner {
 public:
  Interner() { number(""); }

  Value number(std::string text) {
    const auto next = static_cast<Value>(texts_.size());
    const auto [found, is_new] = numbers_.emplace(std::move(text), next);
    if (is_new) texts_.push_back(&found->first);
    return found->second;
  }

  // The pool, and the new number of each old one. Empties the interner.
  std::vector<Value> sorted(Pool& pool) {
    std::sort(texts_.begin(), texts_.end(), [](auto* one, auto* other) { return *one < *other; });
    std::vector<Value> moved(texts_.size());
    pool.reserve(texts_.size());
    for (const std::string* text : texts_) {
      auto node = numbers_.extract(*text);
      moved[node.mapped()] = static_cast<Value>(pool.size());
      pool.push_back(std::move(node.key()));
    }
    return moved;
  }

 private:
  std::unordered_map<std::string, Value> numbers_;
  std::vector<const std::string*> texts_;  // keys of the map, which stay where they are
};

class Builder {
 public:
  explicit Builder(std::size_t rows) {
    for (std::size_t i = 0; i < kProfileFields; ++i) {
      if (field_at(i) != ProfileField::kNameOrder) table_.columns[i].values.reserve(rows);
    }
    table_.places.reserve(rows);
  }

  void add(const Profile& profile, std::uint32_t place) {
    table_.places.push_back(place);
    put(ProfileField::kGivenName, folded(profile.given_name));
    put(ProfileField::kFamilyName, folded(profile.family_name));
    put(ProfileField::kBirthDate, folded_date(profile.birth_date));
    Street street = folded_street(profile.street);
    put(ProfileField::kHouseNumber, std::move(street.number));
    put(ProfileField::kStreet, std::move(street.name));
    put(ProfileField::kStreet2, folded(profile.street_2));
    put(ProfileField::kCity, folded(profile.city));
    put(ProfileField::kPostcode, folded(profile.postcode));
    put(ProfileField::kRegion, folded(profile.region));
    put(ProfileField::kEmail, folded_email(profile.email));
    put(ProfileField::kPhone, folded_phone(profile.phone));
    put(ProfileField::kIdentifier, folded(profile.identifier));
  }

  Table finished() {
    std::array<std::vector<Value>, kPools> moved;
    for (std::size_t i = 0; i < kPools; ++i) moved[i] = interners_[i].sorted(table_.pools[i]);
    for (std::size_t i = 0; i < kProfileFields; ++i) {
      if (field_at(i) != ProfileField::kNameOrder) finish(field_at(i), moved);
    }
    return std::move(table_);
  }

 private:
  void put(ProfileField field, std::string text) {
    auto& interner = interners_[static_cast<std::size_t>(pool_of(field))];
    table_.columns[at(field)].values.push_back(interner.number(std::move(text)));
  }

  void finish(ProfileField field, const std::array<std::vector<Value>, kPools>& moved) {
    Column& column = table_.columns[at(field)];
    const auto pool = static_cast<std::size_t>(pool_of(field));
    column.counts.assign(table_.pools[pool].size(), 0);
    for (Value& value : column.values) {
      value = moved[pool][value];
      ++column.counts[value];
    }
    column.filled = static_cast<std::uint32_t>(column.values.size()) - column.counts[0];
  }

  Table table_;
  std::array<Interner, kPools> interners_;
};

}  // namespace

PoolName pool_of(ProfileField field) {
  switch (field) {
    case ProfileField::kGivenName:
    case ProfileField::kFamilyName:
    case ProfileField::kNameOrder: return PoolName::kNames;
    case ProfileField::kBirthDate: return PoolName::kDates;
    case ProfileField::kHouseNumber: return PoolName::kNumbers;
    case ProfileField::kStreet:
    case ProfileField::kStreet2: return PoolName::kStreets;
    case ProfileField::kCity: return PoolName::kCities;
    case ProfileField::kPostcode: return PoolName::kPostcodes;
    case ProfileField::kRegion: return PoolName::kRegions;
    case ProfileField::kEmail: return PoolName::kEmails;
    case ProfileField::kPhone: return PoolName::kPhones;
    case ProfileField::kIdentifier: return PoolName::kIdentifiers;
  }
  LAUREL_ASSERT(false, "an unknown field");
  return PoolName::kNames;
}

Result<Table> table_of(std::span<const Profile> profiles) {
  std::vector<std::uint32_t> places(profiles.size());
  std::iota(places.begin(), places.end(), 0U);
  std::sort(places.begin(), places.end(), [&](std::uint32_t one, std::uint32_t other) {
    return profiles[one].id < profiles[other].id;
  });
  Builder builder(profiles.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Profile& profile = profiles[places[i]];
    if (profile.id.empty()) return invalid("missing", "a profile without an id");
    if (i > 0 && profiles[places[i - 1]].id == profile.id) {
      return invalid("repeated", "two profiles with the id " + in_quotes(profile.id));
    }
    builder.add(profile, places[i]);
  }
  return builder.finished();
}

}  // namespace laurel::people
