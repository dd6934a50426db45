#include "cli/moments.hpp"

namespace laurel::daemon::cli {

namespace {

using std::chrono::days;
using std::chrono::hours;

// The first instant whose local day is `day` or later.
Instant start_of_day(const Programme& programme, Date day) {
  const Instant noon(std::chrono::floor<days>(day).time_since_epoch());
  Instant low = noon - hours(36), high = noon + hours(36);
  while (high - low > Duration(1)) {
    const Instant middle = low + (high - low) / 2;
    (programme.local_date(middle) < day ? low : high) = middle;
  }
  return high;
}

}  // namespace

Result<Instant> moment_of(const std::string& text, const Programme& programme, bool last_day) {
  if (const auto instant = parse_instant(text)) return *instant;
  const auto day = parse_date(text);
  if (!day) {
    return Error{ErrorCode::kInvalid, "\"" + text +
                                          "\" is no day such as 2026-12-01, and no time "
                                          "such as 2026-12-01T09:00:00Z"};
  }
  return start_of_day(programme, last_day ? *day + days(1) : *day);
}

Result<std::optional<Instant>> optional_moment(const std::string& text,
                                               const Programme& programme) {
  if (text.empty()) return std::optional<Instant>();
  const auto moment = moment_of(text, programme);
  if (!moment) return moment.error();
  return std::optional(*moment);
}

}  // namespace laurel::daemon::cli
