#include "engine/requests.hpp"

#include "base/payment_card.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"

namespace laurel::engine {

TransactionKey request_key(std::string_view kind, const TransactionKey& key) {
  return {"@" + std::string(kind) + "/" + key.source, key.id};
}

Error faulty(std::vector<FieldFault> faults) {
  return {ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
}

Error differs(std::string pointer) {
  return {ErrorCode::kConflict,
          "this key was used before for other content",
          {{std::move(pointer), "differs", "what was stored under this key says otherwise"}}};
}

Result<std::optional<ledger::Entry>> stored_answer(const Unit& unit, const TransactionKey& key) {
  LAUREL_TRY(const auto record, unit.view.transaction(key));
  if (!record || !record->entry) return std::optional<ledger::Entry>{};
  return unit.view.entry(record->entry);
}

void check_person(const std::string& actor, const std::string& reason,
                  std::vector<FieldFault>& faults) {
  if (actor.empty()) faults.push_back({"/actor", "required", "who does this"});
  if (reason.empty()) faults.push_back({"/reason", "required", "why it is done"});
  check_text(actor, 128, "/actor", faults);
  check_text(reason, 512, "/reason", faults);
  for (const auto& [text, pointer] : {std::pair(&actor, "/actor"), std::pair(&reason, "/reason")}) {
    if (!holds_payment_card(*text)) continue;
    faults.push_back({pointer, "payment_card", "no number of a payment card is kept"});
  }
}

}  // namespace laurel::engine
