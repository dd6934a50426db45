#include "laurel/privacy.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/engine_state.hpp"
#include "engine/erasure.hpp"
#include "engine/members.hpp"
#include "engine/person.hpp"
#include "engine/receipt.hpp"
#include "engine/request.hpp"
#include "identity/attribute.hpp"

namespace laurel {

namespace engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

Result<std::vector<HeldEntry>> held_entries(const store::View& view,
                                            const std::vector<MemberId>& ids) {
  std::vector<HeldEntry> held;
  for (const MemberId id : ids) {
    LAUREL_TRY(const auto record, view.member(id));
    LAUREL_CHECK(record.has_value(), "a member that was merged is not stored");
    for (EntryId at = record->last_entry; at;) {
      LAUREL_TRY(auto entry, view.entry(at));
      LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
      at = entry->previous;
      if (entry->kind == EntryKind::kClaim) {
        LAUREL_TRY(auto sale, view.entry(entry->about));
        if (sale) entry->document = std::move(sale->document);
      }
      auto shown = view_of(*entry);
      held.push_back({std::move(shown), std::move(entry->document), std::move(entry->attribution)});
    }
  }
  std::sort(held.begin(), held.end(),
            [](const auto& a, const auto& b) { return a.entry.id < b.entry.id; });
  return held;
}

}  // namespace
}  // namespace engine

using namespace engine;

Privacy Engine::privacy() { return Privacy(*this); }

Result<PersonalData> Privacy::everything(MemberId member) const {
  const auto& state = *engine_->state_;
  return state.read<PersonalData>(
      [&](const store::View& view, const Versions& versions) -> Result<PersonalData> {
        PersonalData data;
        const Version& version = versions.in_force(state.now());
        LAUREL_TRY(data.member, member_view(view, version, state.now(), member));
        LAUREL_TRY(const auto record, existing_now(view, member));
        LAUREL_TRY(const auto ids, known_as(view, record));
        for (const MemberId id : ids) {
          LAUREL_TRY(const auto links, view.identifiers(id));
          for (const auto& link : links) {
            const auto* type = identity::find_type(version.compiled().identity, link.type);
            const auto strength = type == nullptr ? Strength::kWeak : type->strength;
            data.identifiers.push_back(
                {{link.type, link.value, strength, link.verified}, link.linked_at, id});
          }
        }
        LAUREL_TRY(data.entries, held_entries(view, ids));
        return data;
      });
}

Result<ErasureReceipt> Privacy::erase(const Erasure& erasure) {
  std::vector<FieldFault> faults;
  check_key(erasure.key, "", faults);
  check_person(erasure.actor, erasure.reason, faults);
  if (!faults.empty()) return faulty_fields(std::move(faults));
  const auto& state = *engine_->state_;
  Traces found;
  const auto looked = state.store().read([&](const store::View& view) -> Result<void> {
    found = {};
    LAUREL_TRY(const auto record, existing_now(view, erasure.member));
    LAUREL_TRY_VOID(found.of(view, record));
    return found.look_on(view);
  });
  if (!looked) return looked.error();
  ErasureReceipt receipt;
  LAUREL_TRY_VOID(state.write_one([&](Unit& unit) -> Result<void> {
    Traces traces = found;
    LAUREL_TRY(const auto erased, engine::erase(unit, erasure, traces));
    const auto& entry = erased.entry(unit);
    receipt = {erased.id, erased.replayed, entry.member, 0, 0, view_of(entry).postings};
    receipt.identifiers = static_cast<std::int64_t>(unit.change.unlinks.size());
    receipt.entries = static_cast<std::int64_t>(unit.change.erased.size());
    return {};
  }));
  return receipt;
}

}  // namespace laurel
