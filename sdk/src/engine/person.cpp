#include "engine/person.hpp"

#include <deque>
#include <set>

#include "base/check.hpp"
#include "base/try.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

class WalkBack {
 public:
  WalkBack(const store::View& view, MemberId who, const TakeEntry& take)
      : view_(view), who_(who), take_(take) {}

  Result<std::vector<Join>> run(EntryId last) {
    heads_.push_back(last);
    while (!heads_.empty()) {
      const EntryId head = heads_.front();
      heads_.pop_front();
      LAUREL_TRY_VOID(follow(head));
    }
    return std::move(joins_);
  }

 private:
  Result<void> follow(EntryId id) {
    while (id) {
      LAUREL_TRY(auto entry, view_.entry(id));
      LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
      id = entry->previous;
      LAUREL_TRY(const bool more, visit(*std::move(entry)));
      if (!more) return {};
    }
    return {};
  }

  Result<bool> visit(Entry&& entry) {
    if (entry.through) {
      LAUREL_TRY(const bool hers, is_hers(entry.through));
      if (!hers || !seen_.insert(entry.id).second) return true;
    }
    if (!entry.merging) return take_(std::move(entry));
    const auto merging = *entry.merging;
    const bool joins = entry.kind == EntryKind::kMerge && !merging.goes;
    const Join join{entry.id, merging.other, entry.member};
    LAUREL_TRY(const bool more, take_(std::move(entry)));
    if (joins) LAUREL_TRY_VOID(meet(join));
    for (const EntryId moved : merging.moved) {
      LAUREL_TRY(auto other, view_.entry(moved));
      LAUREL_CHECK(other.has_value(), "an entry that was moved is not stored");
      LAUREL_TRY(const bool older, visit(*std::move(other)));
      if (!older) break;
    }
    return more;
  }

  Result<void> meet(const Join& join) {
    LAUREL_TRY(const auto went, view_.member(join.went));
    LAUREL_CHECK(went.has_value(), "a merge names a member that is not stored");
    if (went->merge != join.merge) return {};  // parted again
    joins_.push_back(join);
    heads_.push_back(went->last_entry);
    return {};
  }

  Result<bool> is_hers(MemberId side) {
    const auto known = hers_.find(side);
    if (known != hers_.end()) return known->second;
    LAUREL_TRY(const auto now, member_now(view_, side));
    return hers_[side] = now && now->id == who_;
  }

  const store::View& view_;
  const MemberId who_;
  const TakeEntry& take_;
  std::deque<EntryId> heads_;
  std::vector<Join> joins_;
  std::set<EntryId> seen_;  // of those that came by another
  std::map<MemberId, bool> hers_;
};

}  // namespace

Result<std::optional<ledger::MemberRecord>> member_now(const store::View& view, MemberId id) {
  LAUREL_TRY(auto record, view.member(id));
  while (record && record->status == MemberStatus::kMerged) {
    LAUREL_TRY(record, view.member(record->merged_into));
    LAUREL_CHECK(record.has_value(), "a member was merged into one that is not stored");
  }
  return record;
}

Result<ledger::MemberRecord> existing_now(const store::View& view, MemberId id) {
  LAUREL_TRY(auto record, member_now(view, id));
  if (!record) return Error{ErrorCode::kUnknownMember, "no member has this id"};
  return *std::move(record);
}

void came_by(Entry& entry, MemberId side, MemberId member) {
  entry.through = side == member ? MemberId{} : side;
}

Result<ledger::MemberRecord> owner_now(const store::View& view, const Entry& entry) {
  LAUREL_TRY(auto owner, member_now(view, side_of(entry)));
  LAUREL_CHECK(owner.has_value(), "an entry names a member that is not stored");
  return *std::move(owner);
}

Result<std::vector<MemberId>> known_as(const store::View& view,
                                       const ledger::MemberRecord& member) {
  std::vector<MemberId> ids{member.id};
  std::vector<MemberId> open = member.absorbed;
  while (!open.empty()) {
    const MemberId id = open.back();
    open.pop_back();
    LAUREL_TRY(const auto record, view.member(id));
    LAUREL_CHECK(record.has_value(), "a member that was merged is not stored");
    ids.push_back(id);
    open.insert(open.end(), record->absorbed.begin(), record->absorbed.end());
  }
  return ids;
}

Result<std::vector<Join>> walk_back(const store::View& view, MemberId who, EntryId last,
                                    const TakeEntry& take) {
  return WalkBack(view, who, take).run(last);
}

}  // namespace laurel::engine
