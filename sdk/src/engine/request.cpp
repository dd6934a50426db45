#include "engine/request.hpp"

#include "base/payment_card.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/check.hpp"
#include "engine/person.hpp"

namespace laurel::engine {

TransactionKey request_key(std::string_view kind, const TransactionKey& key) {
  return {"@" + std::string(kind) + "/" + key.source, key.id};
}

Error faulty_fields(std::vector<FieldFault> faults) {
  return {ErrorCode::kInvalid, "one or more fields are wrong", std::move(faults)};
}

TransactionKey requested_key(std::string_view kind, const TransactionKey& key) {
  return {key.source.substr(kind.size() + 2), key.id};
}

Error faulty_field(std::string pointer, std::string code, std::string detail) {
  return faulty_fields({{std::move(pointer), std::move(code), std::move(detail)}});
}

Result<ledger::MemberRecord> existing(const store::View& view, MemberId id) {
  return existing_now(view, id);
}

void check_person(const std::string& actor, const std::string& reason,
                  std::vector<FieldFault>& faults, WhyItIsDone why) {
  const bool lacks_reason = why == WhyItIsDone::kMustBeSaid && trimmed(reason).empty();
  if (trimmed(actor).empty()) faults.push_back({"/actor", "required", "who does this"});
  if (lacks_reason) faults.push_back({"/reason", "required", "why it is done"});
  check_text(actor, 128, "/actor", faults);
  check_text(reason, 512, "/reason", faults);
  for (const auto& [text, pointer] : {std::pair(&actor, "/actor"), std::pair(&reason, "/reason")}) {
    if (!holds_payment_card(*text)) continue;
    faults.push_back({pointer, "payment_card", "no number of a payment card is kept"});
  }
}

Error used_for_other_content(std::string pointer) {
  return {ErrorCode::kConflict,
          "this key was used before for other content",
          {{std::move(pointer), "differs", "what was stored under this key says otherwise"}}};
}

Result<std::optional<ledger::Entry>> first_answer(const store::View& view,
                                                  const TransactionKey& key) {
  LAUREL_TRY(const auto record, view.transaction(key));
  if (!record || !record->entry) return std::optional<ledger::Entry>{};
  return view.entry(record->entry);
}

Result<std::optional<ledger::MemberRecord>> who_asks(const Unit& unit, const Asking& asking) {
  std::optional<ledger::MemberRecord> record;
  if (asking.member) {
    LAUREL_TRY(record, member_now(unit.view, asking.member));
  } else if (!asking.known_by.empty()) {
    const auto& recogniser = *unit.versions->in_force(unit.now).recogniser;
    LAUREL_TRY(const auto given,
               recognise({recogniser, unit.view, {asking.source}}, asking.known_by));
    LAUREL_TRY(auto attributed, attribute(unit.view, recogniser, given, {asking.source},
                                          identity::Purpose::kRedeem));
    record = std::move(attributed.member);
  }
  const bool must_be = asking.member || !asking.may_be_nobody;
  if (!record && must_be) return Error{ErrorCode::kUnknownMember, "no member has this id"};
  if (record && record->status != MemberStatus::kActive) {
    return Error{ErrorCode::kMemberNotActive, "the member is frozen, closed or merged"};
  }
  return record;
}

}  // namespace laurel::engine
