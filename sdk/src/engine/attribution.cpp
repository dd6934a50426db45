#include "engine/attribution.hpp"

#include <algorithm>

#include "base/payment_card.hpp"
#include "base/try.hpp"
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

Result<std::vector<GivenIdentifier>> recognise(const identity::Recogniser& recogniser,
                                               std::span<const Identifier> identifiers) {
  std::vector<GivenIdentifier> given;
  given.reserve(identifiers.size());
  std::vector<FieldFault> faults;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    auto normal = recogniser.normalise(identifiers[i]);
    if (normal) {
      given.push_back({{std::move(normal->type), std::move(normal->value)}, normal->placeholder});
      continue;
    }
    auto& fault = normal.error().faults.front();
    if (fault.code == "unknown_identifier_type") {
      faults.push_back({"/identifiers/" + std::to_string(i) + "/type", fault.code, fault.detail});
    }
    given.push_back(
        {{identifiers[i].type, without_payment_cards(identifiers[i].value)}, false, false});
  }
  if (!faults.empty()) {
    return Error{ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
  }
  return given;
}

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
  std::vector<Evidence> unreadable;
  std::vector<std::pair<Identifier, MemberId>> linked_to;  // those of merged members
  std::vector<Identifier> spoken_for;  // by members that take no transactions any more
  for (const auto& [identifier, placeholder, readable] : given) {
    if (!readable) {
      unreadable.push_back({identifier.type, identifier.value, {}, std::string(kUnreadable)});
      continue;
    }
    identity::Candidate candidate{identifier.type, identifier.value};
    candidate.placeholder = placeholder;
    const auto* type = identity::find_type(policy, identifier.type);
    candidate.in_scope = type == nullptr || identity::in_scope(*type, places);
    if (!placeholder) {
      LAUREL_TRY(auto&& found, view.identify(identifier.type, identifier.value));
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
      if (identifier == Identifier{by.type, by.value}) attributed.through = member;
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
  if (!attributed.member && !finding.conflict && finding.enrols_by &&
      policy.unknown == UnknownMember::kEnrol) {
    const auto& by = evidence[*finding.enrols_by];
    Identifier enrols{by.type, by.value};
    const bool free = std::ranges::find(spoken_for, enrols) == spoken_for.end();
    if (free) attributed.enrol_by = std::move(enrols);
  }
  evidence.insert(evidence.end(), unreadable.begin(), unreadable.end());
  return attributed;
}

}  // namespace laurel::engine
