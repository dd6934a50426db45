#include "engine/marks.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"
#include "identity/attribute.hpp"

namespace laurel::engine {
namespace {

constexpr std::string_view kHashed = "hmac:";
constexpr std::size_t kHexDigits = 64;

std::string keyed(std::string_view secret, std::string_view purpose, const std::string& type,
                  std::string_view value) {
  std::string message(purpose);
  for (const std::string_view part : {std::string_view(type), value}) {
    message += '\0';
    message += part;
  }
  return to_hex(hmac_sha256(secret, message));
}

// Everybody it was seen with or belongs to, each once.
Result<std::set<MemberId>> people_of(const store::View& view, const std::string& mark,
                                     MemberId link, std::size_t enough) {
  LAUREL_TRY(auto ids, view.seen_with(mark, enough));
  if (link) ids.push_back(link);
  std::set<MemberId> people;
  for (const MemberId id : ids) {
    LAUREL_TRY(const auto now, member_now(view, id));
    if (now) people.insert(now->id);
  }
  return people;
}

// As many as may be looked at: those who were merged since are among them.
std::size_t enough(const IdentityPolicy& policy) {
  return 4 * (static_cast<std::size_t>(policy.shared_by_more_than) + 1);
}

bool too_many(const IdentityPolicy& policy, std::size_t people) {
  return people > static_cast<std::size_t>(policy.shared_by_more_than);
}

ReviewItem item_of(const Unit& unit, const IdentityPolicy& policy, const std::string& type,
                   const std::set<MemberId>& people, EntryId entry) {
  ReviewItem item;
  item.kind = ReviewKind::kAnomaly;
  item.subject = "shared " + type + " " + std::to_string(entry.number());
  item.members.assign(people.begin(), people.end());
  item.entry = entry;
  item.text = "one " + type + " was given for more than " +
              std::to_string(policy.shared_by_more_than) + " members; it names nobody any more";
  item.opened_at = unit.now;
  return item;
}

// It was given beside what decided, and says nothing of its own.
bool is_bystander(const Evidence& each) {
  using identity::Verdict;
  constexpr std::array kBystanders = {Verdict::kDisagreed, Verdict::kUnknown, Verdict::kShared,
                                      Verdict::kUnverified, Verdict::kNotForEarning};
  return std::ranges::any_of(
      kBystanders, [&](Verdict verdict) { return each.verdict == identity::to_text(verdict); });
}

}  // namespace

Result<std::string> secret_of(Unit& unit) {
  if (!unit.change.secret.empty()) return unit.change.secret;
  LAUREL_TRY(auto secret, unit.view.secret());
  if (!secret.empty()) return secret;
  const SystemEntropy system;
  const Entropy& entropy = unit.entropy == nullptr ? system : *unit.entropy;
  LAUREL_TRY(const auto bytes, entropy.draw());
  unit.change.secret.assign(bytes.begin(), bytes.end());
  return unit.change.secret;
}

std::string hashed_value(std::string_view secret, const std::string& type, std::string_view value) {
  if (secret.empty()) return std::string(kHashed);
  return std::string(kHashed) + keyed(secret, "identifier", type, value);
}

bool is_hashed_value(std::string_view value) {
  return value.starts_with(kHashed) && value.size() == kHashed.size() + kHexDigits;
}

std::string mark_of(std::string_view secret, const Identifier& identifier) {
  return keyed(secret, "mark", identifier.type, identifier.value);
}

Result<bool> is_shared(const store::View& view, const IdentityPolicy& policy,
                       const Identifier& identifier, MemberId link) {
  if (policy.shared_by_more_than == 0) return false;
  LAUREL_TRY(const auto secret, view.secret());
  if (secret.empty()) return false;  // nothing was seen yet
  const std::string mark = mark_of(secret, identifier);
  LAUREL_TRY(const auto seen, view.seen_with(mark, enough(policy)));
  if (!too_many(policy, seen.size() + (link ? 1 : 0))) return false;
  LAUREL_TRY(const auto people, people_of(view, mark, link, enough(policy)));
  return too_many(policy, people.size());
}

Result<void> note_sighting(Unit& unit, const IdentityPolicy& policy, const Identifier& identifier,
                           MemberId member, EntryId entry) {
  if (policy.shared_by_more_than == 0) return {};
  LAUREL_TRY(const auto secret, secret_of(unit));
  const std::string mark = mark_of(secret, identifier);
  LAUREL_TRY(const auto owner, unit.view.identify(identifier.type, identifier.value));
  const MemberId link = owner ? owner->link.member : MemberId{};
  LAUREL_TRY(auto people, people_of(unit.view, mark, link, enough(policy)));
  const bool were = too_many(policy, people.size());
  if (!people.insert(member).second) return {};
  unit.change.sightings.push_back({mark, member});
  if (!were && too_many(policy, people.size())) {
    unit.change.reviews.push_back(item_of(unit, policy, identifier.type, people, entry));
  }
  return {};
}

Result<void> note_sightings(Unit& unit, const IdentityPolicy& policy,
                            const Attribution& attribution, EntryId entry) {
  if (policy.shared_by_more_than == 0) return {};
  for (const auto& each : attribution.evidence) {
    const bool decided = attribution.enrolled && each.type == attribution.by;
    if (!is_bystander(each) || decided) continue;
    LAUREL_TRY_VOID(
        note_sighting(unit, policy, {each.type, each.value}, attribution.member, entry));
  }
  return {};
}

}  // namespace laurel::engine
