#pragma once
// Whose is it? Evidence in, attribution out. Pure; the order in which identifiers are given never
// matters, and balances are never joined here: a disagreement is recorded and a merge suggested.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/policy.hpp"
#include "laurel/receipt.hpp"

namespace laurel::identity {

// One identifier of a transaction, as the store knows it.
struct Candidate {
  std::string type;
  std::string value;         // normalised
  MemberId member = {};      // whom it names; none: nobody
  bool verified = true;      // the link to that member was proved
  bool placeholder = false;  // one of the programme's placeholders
  bool shared = false;       // seen on more members than the programme allows
  bool in_scope = true;      // see in_scope()
  IdentifierRole role = IdentifierRole::kBuyer;
};

enum class Purpose : std::uint8_t { kEarn, kRedeem, kLookUp };

enum class Verdict : std::uint8_t {
  kDecided,          // it named the member
  kAgreed,           // it named the same one
  kDisagreed,        // it named someone else
  kUnknown,          // it named nobody yet
  kPlaceholder,      // never matches
  kShared,           // never matches
  kUnknownType,      // the programme has no such type
  kOutOfScope,       // of another source or department
  kNotForEarning,    // its type may not earn
  kNotForRedeeming,  // its type may not redeem
  kOtherRole,        // of the payer, say, where the buyer earns: heard, and no more
  kUnverified,       // whoever it names has not proved that it is theirs
};
std::string_view to_text(Verdict verdict);  // "decided", "not_for_earning" …

struct Finding {
  // Evidence stands by precedence, then type and value, whatever order it was given in.
  Attribution attribution;
  std::vector<Verdict> verdicts;        // of attribution.evidence, one each
  std::optional<std::size_t> deciding;  // into attribution.evidence; none: unattributed
  // The first that names nobody and could: what an enrolment would be known by.
  std::optional<std::size_t> enrols_by;
  bool conflict = false;        // two members were named
  bool needs_review = false;    // and the programme leaves that to people: nobody was chosen
  bool suggests_merge = false;  // the members named may be one person
};

// Of what earns only the identifiers of one role count: see IdentityPolicy::earns. By declared
// precedence; types it leaves out come last, the stronger first. Of two members named
// by identifiers of one type the one enrolled earlier is chosen.
Finding attribute(const IdentityPolicy& policy, std::vector<Candidate> given, Purpose purpose);

// Whether a value of `type` means something where the transaction was made: `places` are its source
// and the departments it names.
bool in_scope(const IdentifierType& type, const std::vector<std::string_view>& places);

const IdentifierType* find_type(const IdentityPolicy& policy, std::string_view name);

}  // namespace laurel::identity
