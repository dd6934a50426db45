#include "engine/reports.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "engine/engine_state.hpp"

namespace laurel {

using namespace engine;

Reports Engine::reports() const { return Reports(*this); }

// Units of work look at the clock one after the other. Once an empty one is through, whatever is
// booked from then on is booked later than it; a store that is only read is nobody's to wait for.
template <class Report, class Make>
Result<Report> Reports::report(const ReportAt& at, Make make) const {
  const auto& state = *engine_->state_;
  std::optional<Instant> barrier;
  const store::UnitOfWork look = [&](const store::View&, const store::NextIds&) {
    barrier = state.now();
    return Result<store::Change>(store::Change{});
  };
  const auto waited = store::write(state.store(), look);
  if (!waited && waited.error().code != ErrorCode::kReadOnly) return waited.error();
  const Instant now = barrier.value_or(state.now());
  const Cut cut{at.as_of.value_or(now), at.basis, at.through.value_or(EntryId(INT64_MAX))};
  if (cut.as_of > now) {
    return Error{ErrorCode::kInvalid,
                 "one or more fields are wrong",
                 {{"/as_of", "out_of_range", "a moment that has come"}}};
  }
  return state.read<Report>(
      [&](const store::View& view, const Versions& versions) { return make(view, versions, cut); });
}

Result<LiabilityReport> Reports::liability(const ReportAt& at) const {
  return report<LiabilityReport>(at, liability_report);
}

Result<TierReport> Reports::tiers(const ReportAt& at) const {
  return report<TierReport>(at, tier_report);
}

Result<DepartmentReport> Reports::departments(const ReportAt& at) const {
  return report<DepartmentReport>(at, department_report);
}

Result<StaffReport> Reports::staff(const StaffQuery& query) const {
  constexpr std::int64_t kWhole = 100;
  if (query.share_percent < 0 || query.share_percent > kWhole) {
    return Error{ErrorCode::kInvalid,
                 "one or more fields are wrong",
                 {{"/share", "out_of_range", "from 0 to 100 percent"}}};
  }
  return report<StaffReport>(
      query.at, [&](const store::View& view, const Versions& versions, const Cut& cut) {
        return staff_report(view, versions, cut, query);
      });
}

}  // namespace laurel
