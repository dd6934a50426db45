#pragma once
// Members that may be one person: found as they enrol or change, or all at once, and put into the
// review queue. A pair is put there once, whatever is decided: who was kept apart by a person is
// never suggested again.

#include <vector>

#include "engine/session.hpp"
#include "laurel/merging.hpp"
#include "people/judge.hpp"

namespace laurel::engine {

// Of two members, whichever comes first.
std::string subject_of_pair(MemberId one, MemberId other);
// Opens an item about the two, unless there was one ever.
void suggest_merge(Unit& unit, MemberId one, MemberId other, EntryId raised_by, std::string text);
// They were parted by a person, which says as much as a rejection.
void keep_apart(Unit& unit, MemberId one, MemberId other, const std::string& by,
                const std::string& reason);

// What somebody has told of herself and is known by, as it stands in `view`; `id` as it is, whoever
// she was merged into. Her keys follow from it.
Result<people::KnownProfile> known_profile(const store::View& view,
                                           const programme::Compiled& compiled, MemberId id);

// The same of one member under every id she had.
Result<people::KnownProfile> known_of_all(const store::View& view,
                                          const programme::Compiled& compiled,
                                          const ledger::MemberRecord& record);

// Whether there was ever an item about the two, under any id they had.
Result<bool> were_suggested(const store::View& view, const ledger::MemberRecord& one,
                            const ledger::MemberRecord& other);

// After she enrolled or changed, within the same unit: renews her keys, and suggests those who
// share one and are likely to be her. Bounded: of a key that many have none is looked at.
Result<void> look_for_duplicates(Unit& unit, MemberId id);

Result<std::vector<Candidate>> candidates_of(const store::View& view,
                                             const programme::Compiled& compiled, MemberId id);

// The open item about two who were merged by hand is settled by that.
Result<void> close_suggestion(Unit& unit, const ledger::Entry& merged);
// Nobody needs to decide about somebody who is forgotten.
Result<void> drop_suggestions(Unit& unit, const std::vector<MemberId>& ids, const std::string& by);

// Carries out an accepted suggestion. kAmbiguousMember: one of the two became one with a third
// since, and nobody was named to stay.
Result<void> merge_as_suggested(Unit& unit, const ReviewDecision& decision, ReviewItem& item);

}  // namespace laurel::engine
