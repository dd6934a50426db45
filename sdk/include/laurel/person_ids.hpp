#pragma once
// Ids of people that outlive a matching. Matching the same profiles again changes no id; a profile
// that joins a person takes the id that person has; and an id once given resolves for ever.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "laurel/people.hpp"

namespace laurel {

struct PersonIds {
  std::map<std::string, std::string, std::less<>> person_of;  // of each profile's id
  // Ids that were given up, since two people turned out to be one: the id that took their place.
  std::map<std::string, std::string, std::less<>> became;

  // The id that stands for it today; of one never given, itself.
  std::string resolve(std::string_view person) const;
};

// The ids after a matching. A cluster keeps the id that most of its profiles had before (of equals
// the first in order); where a person fell apart, the larger part keeps it. A new person is called
// after the first of the profiles: "person:" and its id. Profiles of `before` that are not among
// those matched keep what they had.
PersonIds continue_ids(const PersonIds& before, std::span<const Profile> profiles,
                       std::span<const std::uint32_t> clusters);

}  // namespace laurel
