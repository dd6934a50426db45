#pragma once
// Enrolment, changes by hand, and the member as tills see her.

#include "engine/posting.hpp"
#include "laurel/history.hpp"
#include "laurel/member.hpp"

namespace laurel::engine {

Result<Posted> enrol(Unit& unit, const Enrolment& enrolment);
Result<void> change(Unit& unit, MemberId id, const MemberChange& change);
Result<void> link(Unit& unit, MemberId id, const Identifier& identifier, bool verified,
                  const std::string& actor);
Result<void> unlink(Unit& unit, MemberId id, const Identifier& identifier,
                    const std::string& actor);
Result<Posted> grant_tier(Unit& unit, const TierGift& gift);
// Books what is due for one member. Counts into `work`.
Result<void> settle_member(Unit& unit, MemberId id, DueWork& work);

Result<Member> member_view(const store::View& view, const Version& version, Instant now,
                           MemberId id);
Result<Lookup> lookup(const store::View& view, const Version& version, Instant now,
                      std::span<const Identifier> identifiers);

}  // namespace laurel::engine
