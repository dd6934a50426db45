#pragma once
// The files of tests/data/people as profiles, with the person each truly is.

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "laurel/people.hpp"

namespace laurel::test {

struct KnownPeople {
  std::vector<Profile> profiles;
  std::vector<std::string> persons;  // of each profile

  bool same(std::uint32_t one, std::uint32_t other) const { return persons[one] == persons[other]; }

  std::int64_t pairs() const {  // that are one person
    std::map<std::string, std::int64_t> sizes;
    for (const auto& person : persons) ++sizes[person];
    std::int64_t all = 0;
    for (const auto& [person, size] : sizes) all += size * (size - 1) / 2;
    return all;
  }
};

// The fields of these files hold no quotes and no commas.
inline std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t end = line.find(',');
    fields.emplace_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

inline Profile febrl_profile(const std::vector<std::string>& f) {
  Profile profile;
  profile.id = f[0];
  profile.given_name = f[1];
  profile.family_name = f[2];
  profile.street = f[3].empty() ? f[4] : f[3] + " " + f[4];
  profile.street_2 = f[5];
  profile.city = f[6];
  profile.postcode = f[7];
  profile.region = f[8];
  profile.birth_date = f[9];
  profile.identifier = f[10];
  return profile;
}

inline Profile fake_profile(const std::vector<std::string>& f) {
  Profile profile;
  profile.id = f[0];
  profile.given_name = f[1];
  profile.family_name = f[2];
  profile.birth_date = f[3];
  profile.city = f[4];
  profile.email = f[5];
  return profile;
}

inline std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  std::ifstream input(std::string(LAUREL_SOURCE_DIR) + "/tests/data/people/" + name);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(input, line);  // the header
  while (std::getline(input, line)) rows.push_back(fields_of(line));
  return rows;
}

inline KnownPeople febrl(int number) {
  KnownPeople known;
  for (const auto& row : rows_of("febrl_dataset" + std::to_string(number) + ".csv")) {
    known.profiles.push_back(febrl_profile(row));
    known.persons.push_back(row[0].substr(4, row[0].find('-', 4) - 4));  // rec-223-org
  }
  return known;
}

inline KnownPeople fake_1000() {
  KnownPeople known;
  for (const auto& row : rows_of("fake_1000.csv")) {
    known.profiles.push_back(fake_profile(row));
    known.persons.push_back(row[6]);
  }
  return known;
}

}  // namespace laurel::test
