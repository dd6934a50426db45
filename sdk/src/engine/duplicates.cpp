#include "engine/duplicates.hpp"

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/merging.hpp"
#include "engine/person.hpp"
#include "engine/planned.hpp"
#include "engine/profiles.hpp"
#include "engine/request.hpp"
#include "identity/attribute.hpp"

namespace laurel::engine {
namespace {

constexpr std::size_t kSharingMax = 50;     // members of a key who are looked at
constexpr std::size_t kNeighboursMax = 50;  // of all keys together

// By the source and the id of its merge, so that it can be undone like one by hand.
constexpr const char* kSource = "manual";

bool is_open(const ledger::MemberRecord& record) {
  return record.status == MemberStatus::kActive || record.status == MemberStatus::kFrozen;
}

// Others who have one of the keys, each once.
Result<std::vector<ledger::MemberRecord>> neighbours(const store::View& view,
                                                     const std::vector<std::int64_t>& keys,
                                                     MemberId self) {
  std::vector<ledger::MemberRecord> found;
  for (const std::int64_t key : keys) {
    LAUREL_TRY(const auto sharing, view.sharing(key, kSharingMax + 1));
    if (sharing.size() > kSharingMax) continue;
    for (const MemberId side : sharing) {
      LAUREL_TRY(auto record, existing_now(view, side));
      const bool known = std::any_of(found.begin(), found.end(),
                                     [&](const auto& one) { return one.id == record.id; });
      if (record.id == self || known || !is_open(record)) continue;
      found.push_back(std::move(record));
      if (found.size() == kNeighboursMax) return found;
    }
  }
  return found;
}

Result<PairExplanation> judged(const store::View& view, const programme::Compiled& compiled,
                               const people::KnownProfile& hers,
                               const ledger::MemberRecord& other) {
  LAUREL_TRY(const auto known, known_of_all(view, compiled, other));
  return people::judge(hers, known);
}

Result<void> suggest_neighbours(Unit& unit, MemberId side, const std::vector<std::int64_t>& keys) {
  const auto& compiled = unit.in_force(unit.now);
  LAUREL_TRY(const auto record, existing_now(unit.view, side));
  if (!is_open(record)) return {};
  LAUREL_TRY(const auto near, neighbours(unit.view, keys, record.id));
  if (near.empty()) return {};
  LAUREL_TRY(const auto hers, known_of_all(unit.view, compiled, record));
  for (const auto& other : near) {
    LAUREL_TRY(const bool known, were_suggested(unit.view, record, other));
    if (known) continue;
    LAUREL_TRY(const auto explained, judged(unit.view, compiled, hers, other));
    if (!people::is_likely(explained)) continue;
    suggest_merge(unit, record.id, other.id, {}, people::in_words(explained));
  }
  return {};
}

}  // namespace

std::string subject_of_pair(MemberId one, MemberId other) {
  const auto [first, second] = std::minmax(one, other);
  return first.text() + "+" + second.text();
}

void suggest_merge(Unit& unit, MemberId one, MemberId other, EntryId raised_by, std::string text) {
  ReviewItem item;
  item.kind = ReviewKind::kMerge;
  item.subject = subject_of_pair(one, other);
  item.members = {std::min(one, other), std::max(one, other)};
  item.entry = raised_by;
  item.text = std::move(text);
  item.opened_at = unit.now;
  unit.change.reviews.push_back(std::move(item));
}

void keep_apart(Unit& unit, MemberId one, MemberId other, const std::string& by,
                const std::string& reason) {
  suggest_merge(unit, one, other, {}, "they were one, and were parted");
  auto& item = unit.change.reviews.back();
  item.state = ReviewState::kRejected;
  item.decided_at = unit.now;
  item.decided_by = by;
  item.reason = reason;
}

Result<people::KnownProfile> known_profile(const store::View& view,
                                           const programme::Compiled& compiled, MemberId id) {
  people::KnownProfile known;
  LAUREL_TRY(const auto record, view.member(id));
  LAUREL_CHECK(record.has_value(), "a profile names a member that is not stored");
  LAUREL_TRY(const auto stored, view.profile(id));
  const MemberProfile told = stored.value_or(MemberProfile{});
  auto& profile = known.profile;
  profile.id = id.text();
  profile.given_name = told.given_name;
  profile.family_name = told.family_name;
  profile.street = told.street;
  profile.city = told.city;
  profile.postcode = told.postcode;
  if (record->born) profile.birth_date = laurel::to_text(*record->born);
  LAUREL_TRY(const auto links, view.identifiers(id));
  for (const auto& link : links) {
    const auto* type = identity::find_type(compiled.identity, link.type);
    if (type == nullptr) continue;
    if (type->form == IdentifierForm::kEmail) known.emails.push_back(link.value);
    if (type->form == IdentifierForm::kPhone) known.phones.push_back(link.value);
  }
  return known;
}

Result<people::KnownProfile> known_of_all(const store::View& view,
                                          const programme::Compiled& compiled,
                                          const ledger::MemberRecord& record) {
  LAUREL_TRY(const auto ids, known_as(view, record));
  LAUREL_TRY(auto known, known_profile(view, compiled, record.id));
  for (const MemberId id : ids) {
    if (id == record.id) continue;
    LAUREL_TRY(const auto other, known_profile(view, compiled, id));
    std::ranges::copy(other.emails, std::back_inserter(known.emails));
    std::ranges::copy(other.phones, std::back_inserter(known.phones));
  }
  LAUREL_TRY(const auto joined, profile_of(view, ids));
  known.profile.given_name = joined.given_name;
  known.profile.family_name = joined.family_name;
  known.profile.street = joined.street;
  known.profile.city = joined.city;
  known.profile.postcode = joined.postcode;
  return known;
}

Result<bool> were_suggested(const store::View& view, const ledger::MemberRecord& one,
                            const ledger::MemberRecord& other) {
  LAUREL_TRY(const auto ones, known_as(view, one));
  LAUREL_TRY(const auto others, known_as(view, other));
  for (const MemberId left : ones) {
    for (const MemberId right : others) {
      LAUREL_TRY(const auto item, view.review_of(ReviewKind::kMerge, subject_of_pair(left, right)));
      if (item) return true;
    }
  }
  return false;
}

Result<void> look_for_duplicates(Unit& unit, MemberId id) {
  return then(unit, [id](Unit& next) -> Result<void> {
    LAUREL_TRY(const auto known, known_profile(next.view, next.in_force(next.now), id));
    auto keys = people::matching_keys(known);
    LAUREL_TRY(const auto before, next.view.matching_keys(id));
    if (keys != before) next.change.matching_keys.push_back({id, keys});
    return suggest_neighbours(next, id, keys);
  });
}

Result<std::vector<Candidate>> candidates_of(const store::View& view,
                                             const programme::Compiled& compiled, MemberId id) {
  LAUREL_TRY(const auto record, existing_now(view, id));
  LAUREL_TRY(const auto ids, known_as(view, record));
  std::vector<std::int64_t> keys;
  for (const MemberId side : ids) {
    LAUREL_TRY(const auto own, view.matching_keys(side));
    keys.insert(keys.end(), own.begin(), own.end());
  }
  LAUREL_TRY(const auto near, neighbours(view, keys, record.id));
  LAUREL_TRY(const auto hers, known_of_all(view, compiled, record));
  std::vector<Candidate> candidates;
  for (const auto& other : near) {
    LAUREL_TRY(auto explained, judged(view, compiled, hers, other));
    if (!people::is_possible(explained)) continue;
    LAUREL_TRY(const auto item,
               view.review_of(ReviewKind::kMerge, subject_of_pair(record.id, other.id)));
    candidates.push_back({other.id, std::move(explained), item});
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& one, const auto& another) {
    return one.explained.weight > another.explained.weight;
  });
  return candidates;
}

namespace {

// Who the two of an item are now, and whether either has become one with a third since.
struct Two {
  ledger::MemberRecord stays, goes;
  bool joined_others = false;
};

Result<Two> two_of(const Unit& unit, const ReviewItem& item) {
  LAUREL_CHECK(item.members.size() == 2, "a suggested merge names two members");
  LAUREL_TRY(auto one, existing_now(unit.view, item.members[0]));
  LAUREL_TRY(auto other, existing_now(unit.view, item.members[1]));
  Two two{std::move(one), std::move(other)};
  for (const auto* record : {&two.stays, &two.goes}) {
    const bool is_named = std::ranges::find(item.members, record->id) != item.members.end();
    for (const MemberId absorbed : record->absorbed) {
      LAUREL_TRY(const auto gone, unit.view.member(absorbed));
      LAUREL_CHECK(gone.has_value(), "a member that was merged is not stored");
      LAUREL_TRY(const auto merge, unit.view.entry(gone->merge));
      two.joined_others = two.joined_others || (merge && merge->booked_at > item.opened_at);
    }
    two.joined_others = two.joined_others || !is_named;
  }
  return two;
}

}  // namespace

namespace {

ReviewItem decided(ReviewItem item, ReviewState state, Instant now, const std::string& by,
                   const std::string& reason) {
  item.state = state;
  item.decided_at = now;
  item.decided_by = by;
  item.reason = reason;
  return item;
}

}  // namespace

Result<void> close_suggestion(Unit& unit, const ledger::Entry& merged) {
  const auto subject = subject_of_pair(merged.member, merged.merging->other);
  LAUREL_TRY(auto item, unit.view.review_of(ReviewKind::kMerge, subject));
  if (!item || item->state != ReviewState::kOpen) return {};
  item->settled_by = merged.id;
  unit.change.reviews.push_back(
      decided(*std::move(item), ReviewState::kAccepted, unit.now, merged.actor, merged.reason));
  return {};
}

Result<void> drop_suggestions(Unit& unit, const std::vector<MemberId>& ids, const std::string& by) {
  ReviewFilter filter{.kind = ReviewKind::kMerge, .limit = 500};
  for (;;) {
    LAUREL_TRY(auto items, unit.view.reviews(filter, unit.now));
    for (auto& item : items) {
      filter.after = item.number;
      const bool hers = std::ranges::any_of(
          item.members, [&](MemberId id) { return std::ranges::find(ids, id) != ids.end(); });
      if (!hers) continue;
      unit.change.reviews.push_back(decided(std::move(item), ReviewState::kRejected, unit.now, by,
                                            "one of them was forgotten"));
    }
    if (items.size() < filter.limit) return {};
  }
}

Result<void> merge_as_suggested(Unit& unit, const ReviewDecision& decision, ReviewItem& item) {
  LAUREL_TRY(auto two, two_of(unit, item));
  if (two.stays.id != two.goes.id && two.joined_others && !decision.member) {
    return Error{ErrorCode::kAmbiguousMember,
                 "one of them became one with a third meanwhile: say who stays, if all are one"};
  }
  if (decision.member) {
    LAUREL_TRY(const auto chosen, existing_now(unit.view, *decision.member));
    if (chosen.id != two.stays.id && chosen.id != two.goes.id) {
      return faulty_field("/member", "not_one_of_them", "one of the two who may be one");
    }
    if (chosen.id == two.goes.id) std::swap(two.stays, two.goes);
  }
  if (two.stays.id == two.goes.id) return {};  // as it should be
  LAUREL_TRY(const auto merged, merge(unit, {{kSource, "review-" + std::to_string(item.number)},
                                             two.stays.id,
                                             two.goes.id,
                                             decision.by,
                                             decision.reason}));
  item.settled_by = merged.id;
  return {};
}

}  // namespace laurel::engine
