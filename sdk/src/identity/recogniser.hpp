#pragma once
// A programme's identity policy, made ready: the placeholders normalised once, for every type.
// Immutable; safe from any thread. Build one a programme, not one a transaction.

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "laurel/policy.hpp"
#include "laurel/result.hpp"
#include "laurel/transaction.hpp"

namespace laurel::identity {

struct NormalisedIdentifier {
  std::string type;
  std::string value;
  bool placeholder = false;
  IdentifierRole role = IdentifierRole::kBuyer;
  friend bool operator==(const NormalisedIdentifier&, const NormalisedIdentifier&) = default;
};

class Recogniser {
 public:
  explicit Recogniser(IdentityPolicy policy);
  const IdentityPolicy& policy() const { return policy_; }

  // kInvalid: "unknown_identifier_type", and what normalise() says of the value. A placeholder
  // never fails, whatever its type asks for: a till that sends one has merely nothing to say.
  // "payment_card": of a type without a check digit of its own, and looks like one.
  Result<NormalisedIdentifier> normalise(const Identifier& given) const;

 private:
  IdentityPolicy policy_;
  std::set<std::pair<std::string, std::string>> placeholders_;  // type, normalised value
};

}  // namespace laurel::identity
