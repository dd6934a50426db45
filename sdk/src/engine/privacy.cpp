#include "laurel/privacy.hpp"

#include <algorithm>
#include <set>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/engine_state.hpp"
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
using Known = std::set<std::pair<std::string, std::string>>;  // type, value

constexpr std::size_t kBatch = 1'000;

// What a person was known by, and where it stands.
class Traces {
 public:
  // Her identifiers, and those that her own entries tell of.
  Result<void> of(const store::View& view, const ledger::MemberRecord& record) {
    LAUREL_TRY(ids_, known_as(view, record));
    for (const MemberId id : ids_) {
      LAUREL_TRY(const auto links, view.identifiers(id));
      for (const auto& link : links) known_.emplace(link.type, link.value);
      LAUREL_TRY_VOID(learn_from_chain(view, id));
    }
    return {};
  }

  // Entries after those looked at before, whoever they are of.
  Result<void> look_on(const store::View& view) {
    for (;;) {
      LAUREL_TRY(const auto entries, view.entries(seen_, kBatch));
      if (entries.empty()) return {};
      for (const auto& entry : entries) look_at(entry);
      seen_ = entries.back().id;
    }
  }

  const std::vector<MemberId>& ids() const { return ids_; }
  const Known& known() const { return known_; }
  const std::set<EntryId>& entries() const { return entries_; }

 private:
  bool is_hers(MemberId id) const { return std::ranges::find(ids_, id) != ids_.end(); }

  Result<void> learn_from_chain(const store::View& view, MemberId id) {
    LAUREL_TRY(const auto record, view.member(id));
    LAUREL_CHECK(record.has_value(), "a member that was merged is not stored");
    for (EntryId at = record->last_entry; at;) {
      LAUREL_TRY(const auto entry, view.entry(at));
      LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
      at = entry->previous;
      learn(*entry);
    }
    return {};
  }

  void learn(const Entry& entry) {
    if (entry.kind == EntryKind::kEnrolment && entry.document) {
      for (const auto& each : entry.document->identifiers) known_.emplace(each.type, each.value);
    }
    if (!entry.attribution) return;
    for (const auto& each : entry.attribution->evidence) {
      if (is_hers(each.member)) known_.emplace(each.type, each.value);
    }
  }

  bool tells(const std::string& type, const std::string& value) const {
    return !value.empty() && known_.contains({type, value});
  }

  void look_at(const Entry& entry) {
    bool traced = false;
    if (entry.document) {
      for (const auto& each : entry.document->identifiers) {
        traced = traced || tells(each.type, each.value) || is_hers(entry.member);
      }
    }
    if (entry.attribution) {
      for (const auto& each : entry.attribution->evidence) {
        traced = traced || tells(each.type, each.value) || is_hers(entry.member);
      }
    }
    if (traced) entries_.insert(entry.id);
    // A claim tells nothing of the sale that it is about, which is nobody's by itself.
    if (entry.kind == EntryKind::kClaim && is_hers(entry.member)) entries_.insert(entry.about);
  }

  std::vector<MemberId> ids_;
  Known known_;
  std::set<EntryId> entries_;
  EntryId seen_;
};

void forget_profile(ledger::MemberRecord& record) {
  record.language.clear();
  record.born.reset();
  record.segments.clear();
}

Result<void> forget_identifiers(Unit& unit, const Traces& traces) {
  for (const MemberId id : traces.ids()) {
    LAUREL_TRY(auto links, unit.view.identifiers(id));
    std::move(links.begin(), links.end(), std::back_inserter(unit.change.unlinks));
  }
  for (const MemberId id : traces.ids()) {
    LAUREL_TRY(const auto profile, unit.view.profile(id));
    if (profile) unit.change.profiles.push_back({id, {}});
    unit.change.matching_keys.push_back({id, {}});
  }
  for (const auto& [type, value] : traces.known()) {
    LAUREL_TRY(auto rows, unit.view.unclaimed(type, value));
    std::move(rows.begin(), rows.end(), std::back_inserter(unit.change.claimed));
  }
  unit.change.erased.assign(traces.entries().begin(), traces.entries().end());
  return {};
}

Result<void> close_points(MemberSession& session, Entry& entry) {
  ledger::EntryWriter writer(session.books(), entry);
  std::vector<ledger::LotId> open;
  for (const auto& lot : session.books().lots) {
    if (lot.remaining > Points{}) open.push_back(lot.id);
  }
  for (const auto lot : open) LAUREL_TRY_VOID(writer.write_off(lot));
  std::vector<std::string> wallets;
  for (const auto& wallet : session.record().wallets) wallets.push_back(wallet.wallet);
  for (const auto& wallet : wallets) LAUREL_TRY_VOID(writer.forgive_debt(wallet));
  return {};
}

Result<Posted> erase(Unit& unit, const Erasure& erasure, Traces& traces) {
  const auto key = request_key("erasure", erasure.key);
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  LAUREL_TRY(auto record, existing_now(unit.view, erasure.member));
  if (stored) {
    if (stored->member != record.id) return used_for_other_content("/member");
    if (stored->reason != erasure.reason) return used_for_other_content("/reason");
    return Posted{stored->id, std::move(stored), true};
  }
  if (!record.holds.empty()) {
    return Error{ErrorCode::kInvalidState, "she has points on hold: capture or release them first"};
  }
  // What came since it was read outside.
  LAUREL_TRY_VOID(traces.of(unit.view, record));
  LAUREL_TRY_VOID(traces.look_on(unit.view));
  LAUREL_TRY_VOID(forget_identifiers(unit, traces));
  const auto& compiled = unit.in_force(unit.now);
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY_VOID(session.load_open_lots());
  Entry entry = session.begin(EntryKind::kErasure, unit.now);
  entry.key = key;
  entry.actor = erasure.actor;
  entry.reason = erasure.reason;
  entry.programme = compiled.digest;
  LAUREL_TRY_VOID(close_points(session, entry));
  session.books().record.status = MemberStatus::kClosed;
  forget_profile(session.books().record);
  const MemberId id = session.record().id;
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId booked = session.last().id;
  unit.change.transactions.push_back({key, booked, {}});
  LAUREL_TRY_VOID(session.close());
  for (const MemberId other : traces.ids()) {
    if (other == id) continue;
    LAUREL_TRY(auto merged, unit.view.member(other));
    LAUREL_CHECK(merged.has_value(), "a member that was merged is not stored");
    forget_profile(*merged);
    unit.change.members.push_back(*std::move(merged));
  }
  return Posted{booked};
}

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
