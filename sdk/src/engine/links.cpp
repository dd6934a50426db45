// The facet of views, for identifiers: what became of them.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/attribution.hpp"
#include "engine/engine_state.hpp"
#include "engine/marks.hpp"
#include "engine/members.hpp"
#include "engine/person.hpp"
#include "engine/recent.hpp"
#include "laurel/view.hpp"

namespace laurel {

namespace engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

LinkEvent event_of(const Entry& entry, std::string what) {
  LinkEvent event{.entry = entry.id, .at = entry.booked_at, .what = std::move(what)};
  event.member = entry.member;
  event.actor = entry.actor;
  return event;
}

void add_evidence(const Entry& entry, const Evidence& each, const std::string& what,
                  std::vector<LinkEvent>& events) {
  auto event = event_of(entry, what);
  event.type = each.type;
  event.value = each.value;
  if (each.member) event.member = each.member;
  events.push_back(std::move(event));
}

// By what a sale enrolled her: the first of that type that named nobody yet.
void add_enrolled_by(const Entry& entry, std::vector<LinkEvent>& events) {
  const auto& attribution = *entry.attribution;
  const auto unknown = identity::to_text(identity::Verdict::kUnknown);
  const auto by = std::ranges::find_if(attribution.evidence, [&](const Evidence& each) {
    return each.type == attribution.by && each.verdict == unknown;
  });
  if (by != attribution.evidence.end()) {
    add_evidence(entry, *by, kLinkedVerdict, events);
    events.back().member = entry.member;
  }
}

void add_events(const Entry& entry, std::vector<LinkEvent>& events) {
  if (entry.kind == EntryKind::kEnrolment && entry.document) {
    for (const auto& each : entry.document->identifiers) {
      add_evidence(entry, {each.type, each.value, {}, {}}, kLinkedVerdict, events);
    }
  }
  if (entry.kind == EntryKind::kMemberChange && entry.attribution) {
    for (const auto& each : entry.attribution->evidence) {
      add_evidence(entry, each, each.verdict, events);
    }
  }
  if (entry.attribution && entry.attribution->enrolled) add_enrolled_by(entry, events);
  if (!entry.merging || entry.merging->goes) return;
  if (entry.kind != EntryKind::kMerge && entry.kind != EntryKind::kUnmerge) return;
  auto event = event_of(entry, entry.kind == EntryKind::kMerge ? "merged" : "unmerged");
  event.other = entry.merging->other;
  events.push_back(std::move(event));
}

// Into whom she was merged at the moment; herself, where she was not.
Result<MemberId> merged_into(const store::View& view, MemberId id, Instant at) {
  LAUREL_TRY(const auto record, view.member(id));
  LAUREL_CHECK(record.has_value(), "an identifier is linked to a member that is not stored");
  for (EntryId next = record->last_entry; next;) {
    LAUREL_TRY(const auto entry, view.entry(next));
    LAUREL_CHECK(entry.has_value(), "a member's chain of entries is broken");
    next = entry->previous;
    if (entry->booked_at > at || !entry->merging) continue;
    const bool went = entry->kind == EntryKind::kMerge && entry->merging->goes;
    if (went) return entry->merging->other;
    // Parted again: the latest word on it, if it is she who had gone.
    if (entry->kind != EntryKind::kUnmerge) continue;
    LAUREL_TRY(const auto merge, view.entry(entry->merging->merge));
    LAUREL_CHECK(merge.has_value(), "an unmerge names a merge that is not stored");
    if (merge->member != id) return id;
  }
  return id;
}

Result<MemberId> linked_at(const store::View& view, const Identifier& identifier, Instant at) {
  LAUREL_TRY(const auto secret, view.secret());
  if (!secret.empty()) {
    LAUREL_TRY(const auto former, view.former_links(mark_of(secret, identifier)));
    for (const auto& link : former) {
      if (link.since <= at && at < link.until) return link.member;
    }
  }
  LAUREL_TRY(const auto now, view.identify(identifier.type, identifier.value));
  return now && now->link.linked_at <= at ? now->link.member : MemberId{};
}

}  // namespace
}  // namespace engine

using namespace engine;

Result<std::vector<LinkEvent>> Views::links(MemberId member) const {
  return engine_->state_->read<std::vector<LinkEvent>>(
      [&](const store::View& view, const Versions&) -> Result<std::vector<LinkEvent>> {
        LAUREL_TRY(const auto record, existing_now(view, member));
        NewestFirst entries(view, record.id);
        LAUREL_TRY_VOID(entries.begin(record));
        std::vector<LinkEvent> events;
        while (true) {
          LAUREL_TRY(const auto entry, entries.next());
          if (!entry) return events;
          add_events(*entry, events);
        }
      });
}

Result<MemberId> Views::who_was(const Identifier& identifier, Instant at) const {
  return engine_->state_->read<MemberId>(
      [&](const store::View& view, const Versions& versions) -> Result<MemberId> {
        const auto& recogniser = *versions.in_force(at).recogniser;
        LAUREL_TRY(const auto read, recognise({recogniser, view}, identifier));
        LAUREL_TRY(MemberId id, linked_at(view, {read.type, read.value}, at));
        if (!id) return Error{ErrorCode::kUnknownMember, "it named nobody at that moment"};
        while (true) {
          LAUREL_TRY(const MemberId next, merged_into(view, id, at));
          if (next == id) return id;
          id = next;
        }
      });
}

}  // namespace laurel
