#pragma once
// Reports as of a moment, from the entries alone.

#include "engine/versions.hpp"
#include "laurel/report.hpp"
#include "store/store.hpp"

namespace laurel::engine {

// Which entries a report counts.
struct Cut {
  Instant as_of;
  TimeBasis basis = TimeBasis::kBooking;
  EntryId through;  // none after it
  bool takes(const ledger::Entry& entry) const {
    const Instant at = basis == TimeBasis::kEvent ? entry.event_time : entry.booked_at;
    return at <= as_of && entry.id <= through;
  }
};

Result<LiabilityReport> liability_report(const store::View& view, const Versions& versions,
                                         Cut cut);
Result<TierReport> tier_report(const store::View& view, const Versions& versions, Cut cut);
Result<DepartmentReport> department_report(const store::View& view, const Versions& versions,
                                           Cut cut);
Result<StaffReport> staff_report(const store::View& view, const Versions& versions, Cut cut,
                                 const StaffQuery& query);

}  // namespace laurel::engine
