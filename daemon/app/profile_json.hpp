#pragma once
// What a member has told of herself, as JSON. In a change null removes a field; what is left out
// stays as it is.

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "laurel/member.hpp"

namespace laurel::daemon {

// "profile" and "consents". The birth date is the member's `born`: `profile.birth_date` is another
// name for it, and a fault where the two differ.
struct ProfileInput {
  ProfileChange profile = {};
  std::optional<Date> born = {};
  bool forget_born = false;
};
ProfileInput read_profile(json::ObjectReader& object);

// "identifiers", each with its own "verified", and "verified" for those that do not say.
void read_identifiers(json::ObjectReader& object, json::Presence presence, Enrolment& enrolment);

// Fields "born", "segments", "profile" and "consents".
void write_profile(json::Writer& writer, const Member& member);

}  // namespace laurel::daemon
