#include "identity/recogniser.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "base/payment_card.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "identity/attribute.hpp"
#include "identity/normalise.hpp"

namespace laurel::identity {
namespace {

Error unknown_type(const IdentityPolicy& policy, std::string_view name) {
  std::vector<std::string_view> names;
  for (const IdentifierType& type : policy.types) names.push_back(type.name);
  std::string detail = "the programme has no identifier type " + in_quotes(name);
  const std::string_view nearest = nearest_name(name, names);
  if (!nearest.empty()) detail += "; did you mean " + std::string(nearest) + "?";
  return invalid("unknown_identifier_type", std::move(detail));
}

}  // namespace

Recogniser::Recogniser(IdentityPolicy policy) : policy_(std::move(policy)) {
  for (const IdentifierType& type : policy_.types) {
    for (const std::string& placeholder : policy_.placeholders) {
      const auto value = identity::normalise(type, placeholder);
      if (value) placeholders_.emplace(type.name, *value);
    }
  }
}

Result<NormalisedIdentifier> Recogniser::normalise(const Identifier& given) const {
  const IdentifierType* type = find_type(policy_, given.type);
  if (type == nullptr) return unknown_type(policy_, given.type);
  const std::string_view as_written = trimmed(given.value);
  if (std::ranges::find(policy_.placeholders, as_written) != policy_.placeholders.end()) {
    return NormalisedIdentifier{given.type, std::string(as_written), true};
  }
  const bool plain = type->form == IdentifierForm::kText || type->form == IdentifierForm::kDigits;
  if (plain && type->check == IdentifierCheck::kNone && holds_payment_card(given.value)) {
    return invalid("payment_card", "it looks like the number of a payment card, which is not kept");
  }
  LAUREL_TRY(std::string value, identity::normalise(*type, given.value));
  const bool placeholder = placeholders_.contains({given.type, value});
  return NormalisedIdentifier{given.type, std::move(value), placeholder};
}

}  // namespace laurel::identity
