#pragma once
// What requests other than transactions share: keys of their own, faults, the answer given before.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/session.hpp"

namespace laurel::engine {

// Requests other than transactions have keys of their own, beside those of the sources.
TransactionKey request_key(std::string_view kind, const TransactionKey& key);
// The source's own key again.
TransactionKey requested_key(std::string_view kind, const TransactionKey& key);

Error faulty(std::vector<FieldFault> faults);
Error faulty(std::string pointer, std::string code, std::string detail);
// kConflict at the first field that differs.
Error differs(std::string pointer);

// kUnknownMember.
Result<ledger::MemberRecord> existing(const store::View& view, MemberId id);
// The entry that this key made.
Result<std::optional<ledger::Entry>> stored_answer(const Unit& unit, const TransactionKey& key);

void check_person(const std::string& actor, const std::string& reason,
                  std::vector<FieldFault>& faults);

}  // namespace laurel::engine
