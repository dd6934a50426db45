#pragma once
// What members have told of themselves: checked, changed, read.

#include "engine/session.hpp"
#include "laurel/profile.hpp"

namespace laurel::engine {

void check_profile(const ProfileChange& change, Instant now, std::vector<FieldFault>& faults);

// Into the unit's change. `ids`: all she was known by, her own first; what is removed is removed of
// each, the rest is kept with the first. `actor` took down the consents that name nobody.
Result<void> change_profile(Unit& unit, const std::vector<MemberId>& ids,
                            const ProfileChange& change, const std::string& actor);

// Of one who was known by all these ids, her own first: what the first lacks is taken from the
// next; of the decisions on one purpose the latest holds, of two at one moment the refusal.
Result<MemberProfile> profile_of(const store::View& view, const std::vector<MemberId>& ids);

}  // namespace laurel::engine
