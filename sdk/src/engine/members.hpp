#pragma once
// Enrolment, changes by hand, and the member as tills see her.

#include "engine/posting.hpp"
#include "laurel/history.hpp"
#include "laurel/member.hpp"

namespace laurel::engine {

// What the evidence of a change by hand says of its identifier.
inline constexpr const char* kLinkedVerdict = "linked";
inline constexpr const char* kLinkedUnverifiedVerdict = "linked_unverified";
inline constexpr const char* kUnlinkedVerdict = "unlinked";

// Of the identifier at that place.
bool is_verified(const Enrolment& enrolment, std::size_t place);
Result<Posted> enrol(Unit& unit, const Enrolment& enrolment);
Result<void> change(Unit& unit, MemberId id, const MemberChange& change);
Result<void> link(Unit& unit, MemberId id, const Identifier& identifier, bool verified,
                  const std::string& actor);
// That it was to be linked to her, and is another's.
Result<void> note_attempt(Unit& unit, MemberId id, const Identifier& identifier);
Result<void> unlink(Unit& unit, MemberId id, const Identifier& identifier,
                    const std::string& actor);
Result<Posted> grant_tier(Unit& unit, const TierGift& gift);
// Books what is due for one member. Counts into `work`.
Result<void> settle_member(Unit& unit, MemberId id, DueWork& work);

// As her books say, which are settled by `now`, or have nothing due by then; with those of her lots
// that they hold.
Result<Member> member_of(const store::View& view, const Version& version, Instant now,
                         ledger::Books books);
Result<Member> member_view(const store::View& view, const Version& version, Instant now,
                           MemberId id);
Result<Lookup> lookup(const store::View& view, const Version& version, Instant now,
                      std::span<const Identifier> identifiers);

}  // namespace laurel::engine
