#include "identity/attribute.hpp"

#include <algorithm>
#include <tuple>

#include "base/check.hpp"

namespace laurel {

std::string_view to_text(Strength strength) {
  switch (strength) {
    case Strength::kWeak: return "weak";
    case Strength::kMedium: return "medium";
    case Strength::kStrong: return "strong";
  }
  LAUREL_ASSERT(false, "a strength that is not listed");
  return {};
}

std::string_view to_text(IdentifierRole role) {
  switch (role) {
    case IdentifierRole::kBuyer: return "buyer";
    case IdentifierRole::kPayer: return "payer";
    case IdentifierRole::kGuest: return "guest";
  }
  LAUREL_ASSERT(false, "a role that is not listed");
  return {};
}

}  // namespace laurel

namespace laurel::identity {
namespace {

// How early a type decides: its declared place, and its strength where it has none.
auto rank_of(const IdentityPolicy& policy, const Candidate& candidate) {
  const auto place = std::ranges::find(policy.precedence, candidate.type);
  const IdentifierType* type = find_type(policy, candidate.type);
  const int weakness = type == nullptr ? 3 : 2 - static_cast<int>(type->strength);
  return std::tuple(place - policy.precedence.begin(), weakness);
}

void put_in_order(const IdentityPolicy& policy, std::vector<Candidate>& given) {
  std::ranges::sort(given, {}, [&policy](const Candidate& candidate) {
    return std::tuple(rank_of(policy, candidate), std::string_view(candidate.type),
                      std::string_view(candidate.value), candidate.member, candidate.role);
  });
}

// Why the candidate cannot name anyone for this purpose; none: it can.
std::optional<Verdict> disqualified(const IdentityPolicy& policy, const Candidate& candidate,
                                    Purpose purpose) {
  const IdentifierType* type = find_type(policy, candidate.type);
  if (type == nullptr) return Verdict::kUnknownType;
  if (candidate.placeholder) return Verdict::kPlaceholder;
  if (candidate.shared) return Verdict::kShared;
  if (!candidate.in_scope && purpose != Purpose::kLookUp) return Verdict::kOutOfScope;
  if (purpose == Purpose::kEarn && !type->may_earn) return Verdict::kNotForEarning;
  if (purpose == Purpose::kRedeem && !type->may_redeem) return Verdict::kNotForRedeeming;
  if (candidate.member && !candidate.verified) return Verdict::kUnverified;
  if (!candidate.member) return Verdict::kUnknown;
  return std::nullopt;
}

// The role that counts: the first of those that earn in which somebody is named, else the first
// that was given at all.
std::optional<IdentifierRole> role_that_counts(
    const IdentityPolicy& policy, const std::vector<Candidate>& given,
    const std::vector<std::optional<Verdict>>& verdicts) {
  std::optional<IdentifierRole> first;
  for (const IdentifierRole role : policy.earns) {
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (given[i].role != role) continue;
      if (!verdicts[i]) return role;
      if (!first) first = role;
    }
  }
  return first;
}

void silence_other_roles(const IdentityPolicy& policy, const std::vector<Candidate>& given,
                         std::vector<std::optional<Verdict>>& verdicts) {
  const auto counts = role_that_counts(policy, given, verdicts);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i].role != counts) verdicts[i] = Verdict::kOtherRole;
  }
}

// Of the candidates that name someone: the first, and among those of its type the one that names
// the earliest member.
std::optional<std::size_t> choose(const std::vector<Candidate>& given,
                                  const std::vector<std::optional<Verdict>>& verdicts) {
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (verdicts[i]) continue;
    if (!chosen) chosen = i;
    const bool same_type = given[i].type == given[*chosen].type;
    if (same_type && given[i].member < given[*chosen].member) chosen = i;
  }
  return chosen;
}

// Names the member, unless people are to decide, and writes the evidence down.
void settle(const IdentityPolicy& policy, std::vector<Candidate>& given, Finding& finding) {
  if (finding.needs_review) {
    // Whoever is named disagrees with someone; nobody decides.
    std::ranges::replace(finding.verdicts, Verdict::kAgreed, Verdict::kDisagreed);
    finding.deciding.reset();
  } else if (finding.deciding) {
    const Candidate& decider = given[*finding.deciding];
    finding.verdicts[*finding.deciding] = Verdict::kDecided;
    finding.attribution.member = decider.member;
    finding.attribution.by = decider.type;
    finding.attribution.strength = find_type(policy, decider.type)->strength;
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    finding.attribution.evidence.push_back(
        {std::move(given[i].type), std::move(given[i].value), given[i].member,
         std::string(to_text(finding.verdicts[i])), given[i].role});
  }
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kDecided: return "decided";
    case Verdict::kAgreed: return "agreed";
    case Verdict::kDisagreed: return "disagreed";
    case Verdict::kUnknown: return "unknown";
    case Verdict::kPlaceholder: return "placeholder";
    case Verdict::kShared: return "shared";
    case Verdict::kUnknownType: return "unknown_type";
    case Verdict::kOutOfScope: return "out_of_scope";
    case Verdict::kNotForEarning: return "not_for_earning";
    case Verdict::kNotForRedeeming: return "not_for_redeeming";
    case Verdict::kOtherRole: return "other_role";
    case Verdict::kUnverified: return "unverified";
  }
  LAUREL_ASSERT(false, "a verdict that is not listed");
  return {};
}

const IdentifierType* find_type(const IdentityPolicy& policy, std::string_view name) {
  const auto found = std::ranges::find(policy.types, name, &IdentifierType::name);
  return found == policy.types.end() ? nullptr : &*found;
}

bool in_scope(const IdentifierType& type, const std::vector<std::string_view>& places) {
  return type.within.empty() || std::ranges::find_first_of(places, type.within) != places.end();
}

Finding attribute(const IdentityPolicy& policy, std::vector<Candidate> given, Purpose purpose) {
  put_in_order(policy, given);
  std::vector<std::optional<Verdict>> disqualifications;
  for (const Candidate& candidate : given) {
    disqualifications.push_back(disqualified(policy, candidate, purpose));
  }
  if (purpose == Purpose::kEarn) silence_other_roles(policy, given, disqualifications);
  Finding finding;
  finding.deciding = choose(given, disqualifications);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool named = !disqualifications[i];  // then somebody was chosen
    const bool agrees = named && given[i].member == given[*finding.deciding].member;
    const Verdict verdict =
        disqualifications[i].value_or(agrees ? Verdict::kAgreed : Verdict::kDisagreed);
    finding.conflict = finding.conflict || verdict == Verdict::kDisagreed;
    if (verdict == Verdict::kUnknown && !finding.enrols_by) finding.enrols_by = i;
    finding.verdicts.push_back(verdict);
  }
  finding.suggests_merge = finding.conflict;
  finding.needs_review = finding.conflict && policy.on_conflict == OnConflict::kReview;
  settle(policy, given, finding);
  return finding;
}

}  // namespace laurel::identity
