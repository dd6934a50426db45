#pragma once
// Local days: time zones, periods and the arithmetic of months. All pure; nothing here reads a
// clock.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "laurel/result.hpp"
#include "laurel/time.hpp"

namespace laurel {

// A time of a local day, 00:00 to 23:59:59.999.
using TimeOfDay = Duration;

struct LocalTime {
  Date date;
  TimeOfDay time{};
  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

// A zone of the IANA database as the machine has it. Immutable; cheap to copy; safe to share
// between threads. Exact from 1900 to 2200; later, the offset of the end of 2200 holds.
class TimeZone {
 public:
  // kInvalid, "unknown_time_zone", with the nearest name. Reads the zone's file: load once, keep
  // it.
  static Result<TimeZone> load(std::string_view name);
  static TimeZone utc();

  const std::string& name() const;
  Duration offset(Instant instant) const;  // east of Greenwich is positive
  LocalTime local_time(Instant instant) const;
  Date local_date(Instant instant) const { return local_time(instant).date; }
  TimeOfDay time_of_day(Instant instant) const { return local_time(instant).time; }

  // The moment at which a wall clock shows `time`: the earlier one where it shows it twice, the end
  // of the gap where it never does.
  Instant instant(LocalTime time) const;
  // The first moment of the local day, also where the clock skips midnight.
  Instant start_of_day(Date date) const { return instant({date, TimeOfDay{0}}); }

  friend bool operator==(const TimeZone& a, const TimeZone& b) { return a.name() == b.name(); }

 private:
  struct Table;
  explicit TimeZone(std::shared_ptr<const Table> table) : table_(std::move(table)) {}
  std::shared_ptr<const Table> table_;
};

// "2026-11-21 11:00" or "2026-11-21 11:00:30"; kInvalid.
Result<LocalTime> parse_local_time(std::string_view text);
std::string to_text(LocalTime time);  // "2026-11-21 11:00", with seconds where they are not zero
// "09:30"; kInvalid.
Result<TimeOfDay> parse_time_of_day(std::string_view text);

std::chrono::weekday weekday(Date date);
Date add_days(Date date, std::int64_t days);
// The same day of a later (or earlier) month, or that month's last: 31 January + 1 is 28 February.
// Always add to the original day: + 1 and again + 1 is not + 2.
Date add_months(Date date, std::int64_t months);

enum class CalendarUnit : std::uint8_t { kDay, kWeek, kMonth, kQuarter, kYear };

// The first and the last day of the calendar unit that `date` lies in. Weeks start on Monday.
Date start_of(CalendarUnit unit, Date date);
Date end_of(CalendarUnit unit, Date date);

// A length counted in local days or months.
struct Period {
  enum class Unit : std::uint8_t { kDays, kWeeks, kMonths, kYears };

  std::int64_t count = 0;
  Unit unit = Unit::kDays;
  friend bool operator==(const Period&, const Period&) = default;
};

// "14 days", "1 week", "24 months", "2 years": one number from 1 to 9999 and one unit. kInvalid.
Result<Period> parse_period(std::string_view text);
std::string to_text(Period period);
Date add(Date date, Period period);
Date subtract(Date date, Period period);

}  // namespace laurel
