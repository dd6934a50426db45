#pragma once
// Profiles and ids of people as CSV.

#include <istream>
#include <string>
#include <utility>
#include <vector>

#include "laurel/people.hpp"
#include "laurel/person_ids.hpp"

namespace laurel::daemon::cli {

struct ProfileFile {
  std::vector<Profile> profiles;
  // What was recognised: the field, and the column of the file.
  std::vector<std::pair<std::string, std::string>> columns;
};

// Columns are recognised by their usual names (docs/guides/people.md lists them); others are left
// alone. Without a column of ids, a profile is called after its line, "line 2". kInvalid: no column
// is recognised, or two that say the same; kMalformed: it is not CSV.
Result<ProfileFile> read_profiles(std::istream& input);

// Lines "profile,ID,PERSON" and "was,OLD PERSON,PERSON", under a header.
Result<PersonIds> read_person_ids(std::istream& input);
void write_person_ids(std::ostream& output, const PersonIds& ids);

}  // namespace laurel::daemon::cli
