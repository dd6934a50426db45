#include "cli/people/profiles.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <ostream>
#include <string_view>

#include "cli/csv.hpp"

namespace laurel::daemon::cli {

namespace {

// A field of the file, and the names under which files have it, in small letters and without signs.
struct KnownColumn {
  std::string_view field;
  std::string Profile::*member;  // null: the number of the house
  std::array<std::string_view, 8> names;
};

const std::array<KnownColumn, 13>& known_columns() {
  static const std::array<KnownColumn, 13> kColumns = {{
      {"id",
       &Profile::id,
       {"id", "recid", "uniqueid", "profileid", "memberid", "customerid", "member", "customer"}},
      {"given_name", &Profile::given_name, {"givenname", "firstname", "forename", "given"}},
      {"family_name", &Profile::family_name, {"familyname", "surname", "lastname", "family"}},
      {"birth_date", &Profile::birth_date, {"birthdate", "dateofbirth", "dob", "birthday", "born"}},
      {"house_number", nullptr, {"housenumber", "streetnumber", "streetno", "houseno"}},
      {"street",
       &Profile::street,
       {"street", "address", "address1", "addressline1", "line1", "streetaddress"}},
      {"street_2", &Profile::street_2, {"street2", "address2", "addressline2", "line2"}},
      {"city", &Profile::city, {"city", "town", "suburb", "locality"}},
      {"postcode", &Profile::postcode, {"postcode", "zip", "zipcode", "postalcode"}},
      {"region", &Profile::region, {"region", "state", "county", "province"}},
      {"email", &Profile::email, {"email", "mail", "emailaddress"}},
      {"phone", &Profile::phone, {"phone", "mobile", "telephone", "phonenumber", "mobilenumber"}},
      {"identifier",
       &Profile::identifier,
       {"identifier", "socsecid", "ssn", "nationalid", "passport", "taxnumber"}},
  }};
  return kColumns;
}

std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      text.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      text.push_back(c);
    }
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

struct ChosenColumn {
  const KnownColumn* known;
  std::size_t position;
};

Result<std::vector<ChosenColumn>> choose(const std::vector<std::string>& names) {
  std::vector<ChosenColumn> chosen;
  Error error{ErrorCode::kInvalid, "the header is not one of profiles"};
  for (const KnownColumn& known : known_columns()) {
    for (std::size_t position = 0; position < names.size(); ++position) {
      const std::string name = plain(names[position]);
      if (name.empty() || std::ranges::find(known.names, name) == known.names.end()) continue;
      if (!chosen.empty() && chosen.back().known == &known) {
        error.faults.push_back({"", "repeated_column",
                                "two columns for " + std::string(known.field) + ": \"" +
                                    names[chosen.back().position] + "\" and \"" + names[position] +
                                    "\""});
        continue;
      }
      chosen.push_back({&known, position});
    }
  }
  const bool has_content = std::ranges::any_of(
      chosen, [](const ChosenColumn& column) { return column.known->field != "id"; });
  if (!has_content) {
    error.faults.push_back({"", "missing_column",
                            "no column that tells people apart: given_name, family_name, "
                            "birth_date, street, postcode, city, email, phone, identifier"});
  }
  if (!error.faults.empty()) return error;
  return chosen;
}

Profile profile_of(const CsvReader& reader, const std::vector<ChosenColumn>& columns) {
  Profile profile;
  std::string number;
  for (const ChosenColumn& column : columns) {
    std::string& into = column.known->member == nullptr ? number : profile.*column.known->member;
    into = trimmed(reader.column(column.position));
  }
  if (!number.empty())
    profile.street = profile.street.empty() ? number : number + " " + profile.street;
  if (profile.id.empty()) profile.id = "line " + std::to_string(reader.line());
  return profile;
}

// In quotes where CSV asks for them.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

}  // namespace

Result<ProfileFile> read_profiles(std::istream& input) {
  auto reader = CsvReader::open(input, {});
  if (!reader) return std::move(reader).error();
  const auto columns = choose(reader->columns());
  if (!columns) return columns.error();
  ProfileFile file;
  for (const ChosenColumn& column : *columns) {
    file.columns.emplace_back(column.known->field, trimmed(reader->columns()[column.position]));
  }
  while (true) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) return file;
    file.profiles.push_back(profile_of(*reader, *columns));
  }
}

Result<PersonIds> read_person_ids(std::istream& input) {
  constexpr std::array<std::string_view, 3> kColumns = {"what", "id", "person"};
  auto reader = CsvReader::open(input, kColumns);
  if (!reader) return std::move(reader).error();
  PersonIds ids;
  while (true) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) return ids;
    const std::string_view what = reader->field(0);
    if (what != "profile" && what != "was") {
      return Error{ErrorCode::kMalformed, "line " + std::to_string(reader->line()) +
                                              ": \"what\" is neither profile nor was"};
    }
    auto& into = what == "profile" ? ids.person_of : ids.became;
    into.emplace(reader->field(1), reader->field(2));
  }
}

void write_person_ids(std::ostream& output, const PersonIds& ids) {
  output << "what,id,person\n";
  for (const auto& [profile, person] : ids.person_of) {
    output << "profile," << csv_field(profile) << "," << csv_field(person) << "\n";
  }
  for (const auto& [old, person] : ids.became) {
    output << "was," << csv_field(old) << "," << csv_field(person) << "\n";
  }
}

}  // namespace laurel::daemon::cli
