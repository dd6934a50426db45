#include "base/calendar.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace laurel {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::year_month;
using std::chrono::year_month_day;

// Nothing the SDK counts reaches further; beyond it std::chrono's years would wrap around.
constexpr std::int64_t kMostDays = 4'000'000;
constexpr std::int64_t kMostMonths = 120'000;

std::optional<int> two_digits(std::string_view text, int most) {
  if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
  const int value = (text[0] - '0') * 10 + (text[1] - '0');
  return value <= most ? std::optional(value) : std::nullopt;
}

// "HH:MM" or "HH:MM:SS".
std::optional<TimeOfDay> read_clock(std::string_view text) {
  const bool with_seconds = text.size() == 8;
  if (!with_seconds && text.size() != 5) return std::nullopt;
  if (text[2] != ':' || (with_seconds && text[5] != ':')) return std::nullopt;
  const auto hour = two_digits(text.substr(0, 2), 23);
  const auto minute = two_digits(text.substr(3, 2), 59);
  const auto second = with_seconds ? two_digits(text.substr(6, 2), 59) : std::optional(0);
  if (!hour || !minute || !second) return std::nullopt;
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

std::string padded(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

struct UnitName {
  std::string_view one;
  std::string_view many;
  Period::Unit unit;
};

constexpr std::array kUnitNames = {
    UnitName{"day", "days", Period::Unit::kDays},
    UnitName{"week", "weeks", Period::Unit::kWeeks},
    UnitName{"month", "months", Period::Unit::kMonths},
    UnitName{"year", "years", Period::Unit::kYears},
};

std::optional<Period> read_period(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || space == 0 || space > 4 || text[0] == '0') {
    return std::nullopt;
  }
  std::int64_t count = 0;
  for (const char digit : text.substr(0, space)) {
    if (!is_digit(digit)) return std::nullopt;
    count = count * 10 + (digit - '0');
  }
  const std::string_view name = text.substr(space + 1);
  for (const UnitName& unit : kUnitNames) {
    if (name == unit.one || name == unit.many) return Period{count, unit.unit};
  }
  return std::nullopt;
}

Date shifted(Date date, Period period, int direction) {
  const std::int64_t count = direction * period.count;
  switch (period.unit) {
    case Period::Unit::kDays: return add_days(date, count);
    case Period::Unit::kWeeks: return add_days(date, 7 * count);
    case Period::Unit::kMonths: return add_months(date, count);
    case Period::Unit::kYears: return add_months(date, 12 * count);
  }
  LAUREL_ASSERT(false, "a period unit that is not listed");
  return date;
}

}  // namespace

Result<LocalTime> parse_local_time(std::string_view text) {
  constexpr std::size_t kDateLength = 10;
  if (text.size() > kDateLength && text[kDateLength] == ' ') {
    const auto date = parse_date(text.substr(0, kDateLength));
    const auto time = read_clock(text.substr(kDateLength + 1));
    if (date && time) return LocalTime{*date, *time};
  }
  return invalid("not_a_local_time",
                 in_quotes(text) + " is not a local time such as 2026-11-21 11:00");
}

std::string to_text(LocalTime time) {
  const std::chrono::hh_mm_ss<Duration> clock{time.time};
  std::string text = to_text(time.date) + ' ' + padded(clock.hours().count()) + ':' +
                     padded(clock.minutes().count());
  if (clock.seconds() != seconds{0}) text += ':' + padded(clock.seconds().count());
  return text;
}

Result<TimeOfDay> parse_time_of_day(std::string_view text) {
  const auto time = read_clock(text);
  if (time && text.size() == 5) return *time;
  return invalid("not_a_time_of_day", in_quotes(text) + " is not a time of day such as 09:30");
}

std::chrono::weekday weekday(Date date) { return std::chrono::weekday{date}; }

Date add_days(Date date, std::int64_t count) {
  LAUREL_ASSERT(count >= -kMostDays && count <= kMostDays, "more days than a calendar has");
  return date + days{count};
}

Date add_months(Date date, std::int64_t count) {
  LAUREL_ASSERT(count >= -kMostMonths && count <= kMostMonths, "more months than a calendar has");
  const year_month_day from{date};
  const year_month month = year_month{from.year(), from.month()} + months{count};
  const year_month_day same{month.year(), month.month(), from.day()};
  return same.ok() ? Date{same} : Date{month / std::chrono::last};
}

Date start_of(CalendarUnit unit, Date date) {
  const year_month_day parts{date};
  const auto first = std::chrono::day{1};
  switch (unit) {
    case CalendarUnit::kDay: return date;
    case CalendarUnit::kWeek: return date - (weekday(date) - std::chrono::Monday);
    case CalendarUnit::kMonth: return parts.year() / parts.month() / first;
    case CalendarUnit::kQuarter: {
      const unsigned month = static_cast<unsigned>(parts.month());
      return parts.year() / std::chrono::month{month - (month - 1) % 3} / first;
    }
    case CalendarUnit::kYear: return parts.year() / std::chrono::January / first;
  }
  LAUREL_ASSERT(false, "a calendar unit that is not listed");
  return date;
}

Date end_of(CalendarUnit unit, Date date) {
  const Date start = start_of(unit, date);
  switch (unit) {
    case CalendarUnit::kDay: return date;
    case CalendarUnit::kWeek: return start + days{6};
    case CalendarUnit::kMonth: return add_months(start, 1) - days{1};
    case CalendarUnit::kQuarter: return add_months(start, 3) - days{1};
    case CalendarUnit::kYear: return add_months(start, 12) - days{1};
  }
  LAUREL_ASSERT(false, "a calendar unit that is not listed");
  return date;
}

Result<Period> parse_period(std::string_view text) {
  if (const auto period = read_period(text)) return *period;
  return invalid("not_a_period", in_quotes(text) + " is not a period such as 14 days or 24 months");
}

std::string to_text(Period period) {
  const auto* name = std::ranges::find(kUnitNames, period.unit, &UnitName::unit);
  LAUREL_ASSERT(name != kUnitNames.end(), "a period unit that is not listed");
  const std::string_view word = period.count == 1 ? name->one : name->many;
  return std::to_string(period.count) + ' ' + std::string(word);
}

Date add(Date date, Period period) { return shifted(date, period, 1); }
Date subtract(Date date, Period period) { return shifted(date, period, -1); }

}  // namespace laurel
