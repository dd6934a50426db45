#pragma once
// What requests that are no transactions have in common: keys of their own, a person and a reason.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/session.hpp"
#include "laurel/error.hpp"

namespace laurel::engine {

// Requests other than transactions have keys of their own, beside those of the sources.
TransactionKey request_key(std::string_view kind, const TransactionKey& key);
Error faulty(std::vector<FieldFault> faults);
Error differs(std::string pointer);
// What was booked under the key before.
Result<std::optional<ledger::Entry>> stored_answer(const Unit& unit, const TransactionKey& key);
void check_person(const std::string& actor, const std::string& reason,
                  std::vector<FieldFault>& faults);

}  // namespace laurel::engine
