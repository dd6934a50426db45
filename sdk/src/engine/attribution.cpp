#include "engine/attribution.hpp"

#include <algorithm>

#include "base/payment_card.hpp"
#include "base/try.hpp"
#include "engine/marks.hpp"
#include "engine/person.hpp"

namespace laurel::engine {
namespace {

constexpr std::string_view kUnreadable = "unreadable";

// Members that may have transactions: not closed, not merged away.
bool takes_transactions(const ledger::MemberRecord& record) {
  return record.status == MemberStatus::kActive || record.status == MemberStatus::kFrozen;
}

}  // namespace

std::vector<std::string_view> places_of(const Transaction& document) {
  std::vector<std::string_view> places{document.key.source};
  if (!document.department.empty()) places.push_back(document.department);
  for (const auto& line : document.lines) {
    if (!line.department.empty() && line.department != places.back()) {
      places.push_back(line.department);
    }
  }
  return places;
}

namespace {

// In which of its places a value stands already, or else was given; empty: in none.
std::string_view scope_of(const Reading& reading, const IdentifierType& type,
                          std::string_view value) {
  for (const auto& place : type.within) {
    const bool written =
        value.size() > place.size() && value.starts_with(place) && value[place.size()] == '/';
    if (written) return place;
  }
  const auto given = std::ranges::find_first_of(reading.places, type.within);
  return given == reading.places.end() ? std::string_view() : *given;
}

Result<std::string> secret_for(const Reading& reading) {
  return reading.unit == nullptr ? reading.view.secret() : secret_of(*reading.unit);
}

Result<identity::NormalisedIdentifier> recognise_scoped(const Reading& reading,
                                                        const IdentifierType& type,
                                                        const Identifier& given) {
  const std::string_view scope = scope_of(reading, type, given.value);
  Identifier bare = given;
  if (!scope.empty() && given.value.starts_with(std::string(scope) + "/")) {
    bare.value.erase(0, scope.size() + 1);
  }
  LAUREL_TRY(auto normal, reading.recogniser.normalise(bare));
  if (!normal.placeholder && !scope.empty()) {
    normal.value = std::string(scope) + "/" + normal.value;
  }
  return normal;
}

// What could not be read must not tell more than what could.
Result<std::string> unreadable(const Reading& reading, const Identifier& given) {
  const auto* type = identity::find_type(reading.recogniser.policy(), given.type);
  auto masked = without_payment_cards(given.value);
  if (type == nullptr || !type->hashed || is_hashed_value(given.value)) return masked;
  LAUREL_TRY(const auto secret, secret_for(reading));
  return hashed_value(secret, given.type, masked);
}

}  // namespace

Result<identity::NormalisedIdentifier> recognise(const Reading& reading, const Identifier& given) {
  const auto* type = identity::find_type(reading.recogniser.policy(), given.type);
  if (type == nullptr) return reading.recogniser.normalise(given);
  if (type->hashed && is_hashed_value(given.value)) {
    return identity::NormalisedIdentifier{given.type, given.value, false, given.role};
  }
  LAUREL_TRY(auto normal, type->within.size() > 1 ? recognise_scoped(reading, *type, given)
                                                  : reading.recogniser.normalise(given));
  if (!type->hashed || normal.placeholder) return normal;
  LAUREL_TRY(const auto secret, secret_for(reading));
  normal.value = hashed_value(secret, normal.type, normal.value);
  return normal;
}

Result<std::vector<GivenIdentifier>> recognise(const Reading& reading,
                                               std::span<const Identifier> identifiers) {
  std::vector<GivenIdentifier> given;
  given.reserve(identifiers.size());
  std::vector<FieldFault> faults;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    auto normal = recognise(reading, identifiers[i]);
    if (normal) {
      given.push_back({{std::move(normal->type), std::move(normal->value), identifiers[i].role},
                       normal->placeholder});
      continue;
    }
    if (normal.error().faults.empty()) return std::move(normal).error();  // of the store
    auto& fault = normal.error().faults.front();
    if (fault.code == "unknown_identifier_type") {
      faults.push_back({"/identifiers/" + std::to_string(i) + "/type", fault.code, fault.detail});
    }
    LAUREL_TRY(auto value, unreadable(reading, identifiers[i]));
    given.push_back({{identifiers[i].type, std::move(value), identifiers[i].role}, false, false});
  }
  if (!faults.empty()) {
    return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
  }
  return given;
}

namespace {

// By what a new member would be known. `spoken_for`: by members that take no transactions any more.
std::optional<Identifier> enrolling(const IdentityPolicy& policy, const identity::Finding& finding,
                                    const std::vector<Evidence>& evidence,
                                    const std::vector<Identifier>& spoken_for) {
  const bool enrols = !finding.conflict && policy.unknown == UnknownMember::kEnrol;
  if (!enrols || !finding.enrols_by) return std::nullopt;
  const auto& by = evidence[*finding.enrols_by];
  const bool taken = std::ranges::any_of(spoken_for, [&](const Identifier& each) {
    return each.type == by.type && each.value == by.value;
  });
  if (taken) return std::nullopt;
  return Identifier{by.type, by.value};
}

}  // namespace

Result<Attributed> attribute(const store::View& view, const identity::Recogniser& recogniser,
                             std::span<const GivenIdentifier> given,
                             const std::vector<std::string_view>& places,
                             identity::Purpose purpose) {
  const auto& policy = recogniser.policy();
  Attributed attributed;
  if (given.empty()) return attributed;
  std::vector<identity::Candidate> candidates;
  std::vector<ledger::MemberRecord> named;
  candidates.reserve(given.size());
  named.reserve(given.size());
  std::vector<Evidence> unread;
  std::vector<std::pair<Identifier, MemberId>> linked_to;  // those of merged members
  std::vector<Identifier> spoken_for;  // by members that take no transactions any more
  for (const auto& [identifier, placeholder, readable] : given) {
    if (!readable) {
      unread.push_back(
          {identifier.type, identifier.value, {}, std::string(kUnreadable), identifier.role});
      continue;
    }
    identity::Candidate candidate{.type = identifier.type, .value = identifier.value};
    candidate.role = identifier.role;
    candidate.placeholder = placeholder;
    const auto* type = identity::find_type(policy, identifier.type);
    candidate.in_scope = type == nullptr || identity::in_scope(*type, places);
    if (!placeholder) {
      LAUREL_TRY(auto&& found, view.identify(identifier.type, identifier.value));
      const MemberId link = found ? found->link.member : MemberId{};
      LAUREL_TRY(candidate.shared, is_shared(view, policy, identifier, link));
      if (found && found->member.status == MemberStatus::kMerged) {
        LAUREL_TRY(found->member, existing_now(view, found->link.member));
      }
      if (found && takes_transactions(found->member)) {
        candidate.member = found->member.id;
        if (found->link.member != found->member.id) {
          linked_to.emplace_back(identifier, found->link.member);
        }
        candidate.verified = found->link.verified;
        named.push_back(std::move(found->member));
      } else if (found) {
        spoken_for.push_back(identifier);
      }
    }
    candidates.push_back(std::move(candidate));
  }
  auto finding = identity::attribute(policy, std::move(candidates), purpose);
  attributed.needs_review = finding.needs_review;
  if (finding.deciding) {
    const auto& by = finding.attribution.evidence[*finding.deciding];
    for (const auto& [identifier, member] : linked_to) {
      const bool decided = identifier.type == by.type && identifier.value == by.value;
      if (decided) attributed.through = member;
    }
  }
  attributed.attribution = std::move(finding.attribution);
  for (auto& record : named) {
    if (record.id == attributed.attribution.member) {
      attributed.member = std::move(record);
      break;
    }
  }
  auto& evidence = attributed.attribution.evidence;
  if (!attributed.member) attributed.enrol_by = enrolling(policy, finding, evidence, spoken_for);
  evidence.insert(evidence.end(), unread.begin(), unread.end());
  return attributed;
}

}  // namespace laurel::engine
