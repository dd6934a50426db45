#pragma once
// What requests other than transactions have in common: keys of their own beside those of the
// sources, the answer of the first time, and who asks.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "laurel/transaction.hpp"

namespace laurel::engine {

TransactionKey request_key(std::string_view kind, const TransactionKey& key);
// The source's own key again.
TransactionKey requested_key(std::string_view kind, const TransactionKey& key);
Error faulty_fields(std::vector<FieldFault> faults);
Error faulty_field(std::string pointer, std::string code, std::string detail);
Error used_for_other_content(std::string pointer);
// The entry that was booked under the key.
Result<std::optional<ledger::Entry>> first_answer(const store::View& view,
                                                  const TransactionKey& key);

// Whoever the id leads to, if she was merged. kUnknownMember.
Result<ledger::MemberRecord> existing(const store::View& view, MemberId id);
// Who does something by hand, and why.
enum class WhyItIsDone : std::uint8_t { kMustBeSaid, kMayBeSaid };
void check_person(const std::string& actor, const std::string& reason,
                  std::vector<FieldFault>& faults, WhyItIsDone why = WhyItIsDone::kMustBeSaid);

struct Asking {
  MemberId member;                          // who, or …
  const std::vector<Identifier>& known_by;  // … by what she is known
  std::string_view source;
  bool may_be_nobody = false;
};
// Of those who may redeem. kUnknownMember, kMemberNotActive, kInvalid.
Result<std::optional<ledger::MemberRecord>> who_asks(const Unit& unit, const Asking& asking);

}  // namespace laurel::engine
