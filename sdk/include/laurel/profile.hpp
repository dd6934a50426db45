#pragma once
// Who a member is and what she agreed to, as far as she has told. All of it is optional. None of it
// stands in the ledger, and an erasure leaves nothing of it.
//
//   engine.change(id, {.profile = {.family_name = "Rossi"}, .actor = "ana", .reason = "at the
//   desk"});
//
// Her birth date is Member::born, which rules ask for too; e-mail and phone are her identifiers.

#include <optional>
#include <string>
#include <vector>

#include "laurel/time.hpp"

namespace laurel {

// What she decided last on one purpose.
struct Consent {
  std::string purpose;  // e.g. "email_marketing", "sms", "phone", "post", "profiling"
  bool granted = false;
  Instant at = {};
  std::string by = {};     // who took it down
  std::string where = {};  // at which till, page or counter; may be empty
  friend bool operator==(const Consent&, const Consent&) = default;
};

// Empty: not known. Printable UTF-8; names, street and city up to 128 bytes, postcode 32, country
// 64.
struct MemberProfile {
  std::string given_name = {}, family_name = {};
  std::string street = {};  // with the number of the house
  std::string city = {}, postcode = {}, country = {};
  std::vector<Consent> consents = {};  // at most 32, in the order of their purposes
  bool empty() const { return *this == MemberProfile{}; }
  friend bool operator==(const MemberProfile&, const MemberProfile&) = default;
};

struct ConsentChange {
  std::string purpose;
  std::optional<bool> granted = {};  // absent: no longer known
  std::optional<Instant> at = {};    // absent: now
  std::string by = {};               // empty: the actor of the change
  std::string where = {};
};

// Absent: as it is. Empty: no longer known.
struct ProfileChange {
  std::optional<std::string> given_name = {}, family_name = {};
  std::optional<std::string> street = {}, city = {}, postcode = {}, country = {};
  std::vector<ConsentChange> consents = {};  // of others: as they are
  bool empty() const {
    return !given_name && !family_name && !street && !city && !postcode && !country &&
           consents.empty();
  }
};

}  // namespace laurel
