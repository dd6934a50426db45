#include "app/profile_json.hpp"

#include <array>

#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kConsentsMax = 32;

struct Field {
  std::string_view name;
  std::string MemberProfile::*value;
  std::optional<std::string> ProfileChange::*change;
};
constexpr std::array kFields = {
    Field{"given_name", &MemberProfile::given_name, &ProfileChange::given_name},
    Field{"family_name", &MemberProfile::family_name, &ProfileChange::family_name},
    Field{"street", &MemberProfile::street, &ProfileChange::street},
    Field{"city", &MemberProfile::city, &ProfileChange::city},
    Field{"postcode", &MemberProfile::postcode, &ProfileChange::postcode},
    Field{"country", &MemberProfile::country, &ProfileChange::country},
};

bool is_null(json::ObjectReader& object, std::string_view name) {
  const json::Value* value = object.any(name);
  return value != nullptr && value->is_null();
}

void read_day(json::ObjectReader& object, std::string_view name, ProfileInput& input) {
  if (is_null(object, name)) input.forget_born = true;
  const auto text = object.string(name, json::kOptional);
  if (!text) return;
  const auto day = parse_date(*text);
  if (!day) return object.fault(name, "not_a_date", "a day, such as 1980-02-29");
  if (input.born && *input.born != *day) {
    return object.fault(name, "contradicts", "another day than `born`");
  }
  input.born = *day;
}

// {"granted": true, "at": …}, or true and false alone.
ConsentChange read_consent(json::ObjectReader& consents, const json::Member& member) {
  ConsentChange change;
  change.purpose = member.name;
  if (member.value.kind() == json::Kind::kBoolean) {
    change.granted = consents.boolean(member.name, json::kRequired);
    return change;
  }
  auto consent = consents.object(member.name, json::kOptional);
  if (!consent) return change;
  change.granted = consent.boolean("granted", json::kRequired);
  change.at = read_instant(consent, "at");
  change.by = read_text(consent, "by");
  change.where = read_text(consent, "where");
  consent.reject_misspelt();
  return change;
}

std::vector<ConsentChange> read_consents(json::ObjectReader& object) {
  std::vector<ConsentChange> changes;
  const json::Value* value = object.any("consents");
  auto consents = object.object("consents", json::kOptional);
  if (!consents) return changes;
  if (value->members().size() > kConsentsMax) {
    consents.fault_here("too_many", "at most 32 purposes");
    return changes;
  }
  for (const json::Member& member : value->members()) {
    changes.push_back(read_consent(consents, member));
  }
  return changes;
}

void write_or_null(json::Writer& writer, std::string_view name, const std::string& text) {
  if (text.empty()) {
    writer.key(name).null();
  } else {
    writer.field(name, text);
  }
}

}  // namespace

void read_identifiers(json::ObjectReader& object, json::Presence presence, Enrolment& enrolment) {
  const bool all = object.boolean("verified", json::kOptional).value_or(true);
  const auto note = [&](json::ObjectReader& identifier, std::size_t place) {
    const bool verified = identifier.boolean("verified", json::kOptional).value_or(all);
    if (!verified) enrolment.unverified.push_back(place);
  };
  enrolment.identifiers = read_identifiers(object, presence, Roles::kNone, note);
}

ProfileInput read_profile(json::ObjectReader& object) {
  ProfileInput input;
  read_day(object, "born", input);
  if (auto profile = object.object("profile", json::kOptional)) {
    read_day(profile, "birth_date", input);
    for (const Field& field : kFields) {
      if (is_null(profile, field.name)) input.profile.*field.change = std::string();
      const auto text = profile.string(field.name, json::kOptional, {.bytes_min = 0});
      if (text) input.profile.*field.change = std::string(*text);
    }
    if (input.born && input.forget_born) {
      profile.fault("birth_date", "contradicts", "given and taken away at once");
    }
    profile.reject_misspelt();
  }
  input.profile.consents = read_consents(object);
  return input;
}

void write_profile(json::Writer& writer, const Member& member) {
  const std::string born = member.born ? to_text(*member.born) : std::string();
  write_or_null(writer, "born", born);
  writer.field_array("segments");
  for (const std::string& segment : member.segments) writer.value(segment);
  writer.end_array().field_object("profile");
  for (const Field& field : kFields) {
    write_or_null(writer, field.name, member.profile.*field.value);
  }
  write_or_null(writer, "birth_date", born);
  writer.end_object().field_object("consents");
  for (const Consent& consent : member.profile.consents) {
    writer.field_object(consent.purpose).field("granted", consent.granted);
    writer.field("at", to_text(consent.at));
    write_or_null(writer, "by", consent.by);
    write_or_null(writer, "where", consent.where);
    writer.end_object();
  }
  writer.end_object();
}

}  // namespace laurel::daemon
