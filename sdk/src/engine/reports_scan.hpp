#pragma once
// Going through the entries that a report counts.

#include "base/try.hpp"
#include "engine/reports.hpp"
#include "programme/compiled.hpp"

namespace laurel::engine {

// In order of booking. `visit`: const Entry& to Result<void>. The head says what was counted.
template <class Visit>
Result<ReportHead> scan(const store::View& view, const Versions& versions, const Cut& cut,
                        Visit visit) {
  constexpr std::size_t kBatch = 1'000;
  const auto& compiled = versions.in_force(cut.as_of).compiled();
  ReportHead head{cut.as_of, cut.basis, {}, 0, compiled.currency, compiled.digest};
  for (EntryId after; after < cut.through;) {
    LAUREL_TRY(const auto entries, view.entries(after, kBatch));
    if (entries.empty()) break;
    for (const auto& entry : entries) {
      if (!cut.takes(entry)) continue;
      head.through = entry.id;
      ++head.entries;
      LAUREL_TRY_VOID(visit(entry));
    }
    after = entries.back().id;
  }
  return head;
}

}  // namespace laurel::engine
