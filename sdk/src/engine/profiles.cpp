#include "engine/profiles.hpp"

#include <algorithm>
#include <array>

#include "base/payment_card.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"

namespace laurel::engine {
namespace {

constexpr std::size_t kConsentsMax = 32;
constexpr std::size_t kPurposeMax = 64;
constexpr std::size_t kByMax = 128;

struct Field {
  const char* name;
  std::string MemberProfile::*value;
  std::optional<std::string> ProfileChange::*change;
  std::size_t bytes_max;
};
constexpr std::array kFields = {
    Field{"given_name", &MemberProfile::given_name, &ProfileChange::given_name, 128},
    Field{"family_name", &MemberProfile::family_name, &ProfileChange::family_name, 128},
    Field{"street", &MemberProfile::street, &ProfileChange::street, 128},
    Field{"city", &MemberProfile::city, &ProfileChange::city, 128},
    Field{"postcode", &MemberProfile::postcode, &ProfileChange::postcode, 32},
    Field{"country", &MemberProfile::country, &ProfileChange::country, 64},
};

void check_kept(const std::string& text, std::size_t bytes_max, const std::string& pointer,
                std::vector<FieldFault>& faults) {
  check_text(text, bytes_max, pointer, faults);
  if (!holds_payment_card(text)) return;
  faults.push_back({pointer, "payment_card", "no number of a payment card is kept"});
}

void check_consent(const ConsentChange& consent, const std::string& pointer, Instant now,
                   std::vector<FieldFault>& faults) {
  if (consent.purpose.empty()) {
    faults.push_back({pointer, "required", "what the consent is for, e.g. email_marketing"});
  }
  check_kept(consent.purpose, kPurposeMax, pointer, faults);
  check_kept(consent.by, kByMax, pointer + "/by", faults);
  check_kept(consent.where, kByMax, pointer + "/where", faults);
  if (consent.at && *consent.at > now + std::chrono::days(1)) {
    faults.push_back({pointer + "/at", "out_of_range", "a moment that has passed"});
  }
}

auto place_of(std::vector<Consent>& consents, const std::string& purpose) {
  return std::lower_bound(
      consents.begin(), consents.end(), purpose,
      [](const Consent& each, const auto& text) { return each.purpose < text; });
}

void put(std::vector<Consent>& consents, Consent consent) {
  const auto at = place_of(consents, consent.purpose);
  if (at != consents.end() && at->purpose == consent.purpose) {
    *at = std::move(consent);
  } else {
    consents.insert(at, std::move(consent));
  }
}

void apply(const ConsentChange& change, const std::string& actor, Instant now,
           std::vector<Consent>& consents) {
  if (change.granted) {
    return put(consents, {change.purpose, *change.granted, change.at.value_or(now),
                          change.by.empty() ? actor : change.by, change.where});
  }
  std::erase_if(consents, [&](const Consent& each) { return each.purpose == change.purpose; });
}

void apply(const ProfileChange& change, bool adds, const std::string& actor, Instant now,
           MemberProfile& profile) {
  for (const Field& field : kFields) {
    const auto& given = change.*field.change;
    if (given && (adds || given->empty())) profile.*field.value = *given;
  }
  for (const auto& consent : change.consents) {
    if (adds || !consent.granted) apply(consent, actor, now, profile.consents);
  }
}

bool holds_over(const Consent& one, const Consent& other) {
  return one.at != other.at ? one.at > other.at : !one.granted;
}

void join(MemberProfile& profile, const MemberProfile& other) {
  for (const Field& field : kFields) {
    if ((profile.*field.value).empty()) profile.*field.value = other.*field.value;
  }
  for (const Consent& consent : other.consents) {
    const auto at = place_of(profile.consents, consent.purpose);
    const bool known = at != profile.consents.end() && at->purpose == consent.purpose;
    if (!known || holds_over(consent, *at)) put(profile.consents, consent);
  }
}

}  // namespace

void check_profile(const ProfileChange& change, Instant now, std::vector<FieldFault>& faults) {
  for (const Field& field : kFields) {
    const auto& given = change.*field.change;
    if (given) check_kept(*given, field.bytes_max, std::string("/profile/") + field.name, faults);
  }
  if (change.consents.size() > kConsentsMax) {
    faults.push_back({"/consents", "too_many", "at most 32 purposes"});
    return;
  }
  for (const auto& consent : change.consents) {
    check_consent(consent, "/consents/" + consent.purpose, now, faults);
  }
}

Result<void> change_profile(Unit& unit, const std::vector<MemberId>& ids,
                            const ProfileChange& change, const std::string& actor) {
  if (change.empty()) return {};
  for (const MemberId id : ids) {
    LAUREL_TRY(auto stored, unit.view.profile(id));
    MemberProfile profile = std::move(stored).value_or(MemberProfile{});
    const MemberProfile before = profile;
    apply(change, id == ids.front(), actor, unit.now, profile);
    if (profile.consents.size() > kConsentsMax) {
      return Error{ErrorCode::kInvalid,
                   "one or more fields are wrong",
                   {{"/consents", "too_many", "at most 32 purposes"}}};
    }
    if (profile != before) unit.change.profiles.push_back({id, std::move(profile)});
  }
  return {};
}

Result<MemberProfile> profile_of(const store::View& view, const std::vector<MemberId>& ids) {
  MemberProfile profile;
  for (const MemberId id : ids) {
    LAUREL_TRY(const auto stored, view.profile(id));
    if (stored) join(profile, *stored);
  }
  return profile;
}

}  // namespace laurel::engine
