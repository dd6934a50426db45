#pragma once
// One person, whatever members she was known as: ids and chains of those who were merged lead to
// the one who stayed. Nothing is moved for that: a merge can be undone.

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "store/store.hpp"

namespace laurel::engine {

// The member that `id` is now: herself, or the one she was merged into. None: no member has the id.
Result<std::optional<ledger::MemberRecord>> member_now(const store::View& view, MemberId id);
// The same; kUnknownMember.
Result<ledger::MemberRecord> existing_now(const store::View& view, MemberId id);

// By whom an entry came, whoever she had been merged into by then.
inline MemberId side_of(const ledger::Entry& entry) {
  return entry.through ? entry.through : entry.member;
}
// Says in the entry that it came by `side`, where that is not the member whose chain it goes into.
void came_by(ledger::Entry& entry, MemberId side, MemberId member);

// Whose the entry is now.
Result<ledger::MemberRecord> owner_now(const store::View& view, const ledger::Entry& entry);

// Her id and those of all who were merged into her, directly or by others.
Result<std::vector<MemberId>> known_as(const store::View& view, const ledger::MemberRecord& member);

// A merge that stands, as it was met on the way back.
struct Join {
  EntryId merge;
  MemberId went, into;
};

// Takes an entry; false: no older one of the same chain is wanted.
using TakeEntry = std::function<Result<bool>(ledger::Entry&&)>;

// Goes back over all that is `who`'s now, from the entry `last` of her chain: her own entries but
// those that came by others, who have been parted from her again, and those of all who are merged
// into her. Each chain newest first; a chain after the one it was merged into.
Result<std::vector<Join>> walk_back(const store::View& view, MemberId who, EntryId last,
                                    const TakeEntry& take);

}  // namespace laurel::engine
