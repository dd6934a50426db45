#pragma once
// Identifiers under a hash that is keyed with the store's own secret: for those that are not kept
// as they are given, and for what is remembered of one beside its link. Whoever has the store's
// file has the secret too; whoever has an export, a log or an answer has not.

#include <string>
#include <string_view>

#include "engine/session.hpp"
#include "laurel/policy.hpp"

namespace laurel::engine {

// The secret of the store; drawn, and part of the change, where there is none yet.
Result<std::string> secret_of(Unit& unit);

// "hmac:" and 64 hexadecimal digits. With an empty secret one that nothing is stored under.
std::string hashed_value(std::string_view secret, const std::string& type, std::string_view value);
bool is_hashed_value(std::string_view value);

std::string mark_of(std::string_view secret, const Identifier& identifier);

// Whether it was seen with more members than the programme allows, those merged since counted once.
// `link`: whose it is; none: nobody's.
Result<bool> is_shared(const store::View& view, const IdentityPolicy& policy,
                       const Identifier& identifier, MemberId link);
// Remembers that it was given by, or for, a member whose it is not. The one that is too many opens
// an item for review.
Result<void> note_sighting(Unit& unit, const IdentityPolicy& policy, const Identifier& identifier,
                           MemberId member, EntryId entry);
// The same for all that a transaction of hers came with.
Result<void> note_sightings(Unit& unit, const IdentityPolicy& policy,
                            const Attribution& attribution, EntryId entry);

}  // namespace laurel::engine
