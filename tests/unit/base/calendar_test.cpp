#include "base/calendar.hpp"

#include <gtest/gtest.h>

namespace laurel {
namespace {

Date day(std::string_view text) { return parse_date(text).value(); }
std::string months_later(std::string_view text, std::int64_t months) {
  return to_text(add_months(day(text), months));
}

TEST(F6_month_ends_and_leap_days, clamp_from_the_original_day) {
  EXPECT_EQ(months_later("2025-01-31", 1), "2025-02-28");
  EXPECT_EQ(months_later("2025-01-31", 2), "2025-03-31");
  EXPECT_EQ(months_later("2024-02-29", 12), "2025-02-28");
  EXPECT_EQ(months_later("2024-02-29", 48), "2028-02-29");
  EXPECT_EQ(months_later("2025-01-31", 13), "2026-02-28");
  EXPECT_EQ(months_later("2025-03-31", -1), "2025-02-28");
  EXPECT_EQ(months_later("2025-01-15", -1), "2024-12-15");
  EXPECT_EQ(months_later("2025-12-31", 1), "2026-01-31");
  EXPECT_EQ(months_later("2025-05-31", 0), "2025-05-31");
}

TEST(Calendar, a_period_of_each_unit_can_be_added_and_taken_away) {
  const Date saturday = day("2026-11-21");
  EXPECT_EQ(to_text(add(saturday, {14, Period::Unit::kDays})), "2026-12-05");
  EXPECT_EQ(to_text(add(saturday, {2, Period::Unit::kWeeks})), "2026-12-05");
  EXPECT_EQ(to_text(add(saturday, {3, Period::Unit::kMonths})), "2027-02-21");
  EXPECT_EQ(to_text(add(day("2024-02-29"), {1, Period::Unit::kYears})), "2025-02-28");
  EXPECT_EQ(to_text(subtract(saturday, {30, Period::Unit::kDays})), "2026-10-22");
  EXPECT_EQ(to_text(subtract(day("2024-03-31"), {1, Period::Unit::kMonths})), "2024-02-29");
}

TEST(Calendar, units_start_and_end_where_people_expect) {
  struct Row {
    CalendarUnit unit;
    const char *date, *start, *end;
  };
  const Row kRows[] = {
      {CalendarUnit::kDay, "2026-11-21", "2026-11-21", "2026-11-21"},
      {CalendarUnit::kWeek, "2026-11-21", "2026-11-16", "2026-11-22"},
      {CalendarUnit::kWeek, "2026-11-22", "2026-11-16", "2026-11-22"},
      {CalendarUnit::kWeek, "2026-11-23", "2026-11-23", "2026-11-29"},
      {CalendarUnit::kWeek, "2027-01-01", "2026-12-28", "2027-01-03"},
      {CalendarUnit::kMonth, "2024-02-10", "2024-02-01", "2024-02-29"},
      {CalendarUnit::kMonth, "2100-02-10", "2100-02-01", "2100-02-28"},
      {CalendarUnit::kQuarter, "2026-03-31", "2026-01-01", "2026-03-31"},
      {CalendarUnit::kQuarter, "2026-04-01", "2026-04-01", "2026-06-30"},
      {CalendarUnit::kQuarter, "2026-11-21", "2026-10-01", "2026-12-31"},
      {CalendarUnit::kYear, "2026-11-21", "2026-01-01", "2026-12-31"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(to_text(start_of(row.unit, day(row.date))), row.start) << row.date;
    EXPECT_EQ(to_text(end_of(row.unit, day(row.date))), row.end) << row.date;
  }
}

TEST(Calendar, knows_the_day_of_the_week) {
  EXPECT_EQ(weekday(day("2026-11-21")), std::chrono::Saturday);
  EXPECT_EQ(weekday(day("1969-12-31")), std::chrono::Wednesday);
}

TEST(Calendar, adding_months_never_leaves_the_month_it_reaches) {
  for (Date date = day("2023-12-01"); date < day("2025-01-10"); date += std::chrono::days{1}) {
    const std::chrono::year_month_day from{date};
    for (int months = -30; months <= 30; ++months) {
      const std::chrono::year_month_day to{add_months(date, months)};
      const auto expected = from.year() / from.month() + std::chrono::months{months};
      ASSERT_EQ(to.year() / to.month(), expected);
      ASSERT_TRUE(to.day() == from.day() || to == expected / std::chrono::last);
    }
  }
}

TEST(PeriodText, is_a_number_and_a_unit) {
  EXPECT_EQ(*parse_period("14 days"), (Period{14, Period::Unit::kDays}));
  EXPECT_EQ(*parse_period("1 day"), (Period{1, Period::Unit::kDays}));
  EXPECT_EQ(*parse_period("2 weeks"), (Period{2, Period::Unit::kWeeks}));
  EXPECT_EQ(*parse_period("24 months"), (Period{24, Period::Unit::kMonths}));
  EXPECT_EQ(*parse_period("9999 years"), (Period{9999, Period::Unit::kYears}));
  EXPECT_EQ(to_text(Period{1, Period::Unit::kMonths}), "1 month");
  EXPECT_EQ(to_text(Period{30, Period::Unit::kDays}), "30 days");
}

TEST(PeriodText, of_nothing_or_of_another_form_is_refused) {
  for (const char* text :
       {"", "0 days", "014 days", "10000 days", "-1 days", "1.5 months", "days", " days", "14",
        "14days", "14  days", "14 Days", "14 days ", "1 fortnight", "14 day s", "٥ days"}) {
    EXPECT_EQ(parse_period(text).error().faults[0].code, "not_a_period") << text;
  }
}

TEST(LocalTimeText, is_a_date_and_a_wall_clock) {
  EXPECT_EQ(to_text(*parse_local_time("2026-11-21 11:00")), "2026-11-21 11:00");
  EXPECT_EQ(to_text(*parse_local_time("2026-11-21 23:59:59")), "2026-11-21 23:59:59");
  for (const char* text :
       {"", "2026-11-21", "2026-11-21T11:00", "2026-11-21 24:00", "2026-11-21 1:00",
        "2026-11-21 11:00Z", "2026-11-31 11:00", "2026-11-21 11:60", "2026-11-21 11:00:60",
        "2026-11-21  11:00", "2026-11-21 11-00"}) {
    EXPECT_EQ(parse_local_time(text).error().faults[0].code, "not_a_local_time") << text;
  }
}

TEST(TimeOfDayText, has_hours_and_minutes) {
  EXPECT_EQ(*parse_time_of_day("09:30"), std::chrono::minutes{570});
  for (const char* text : {"", "9:30", "24:00", "09:30:00", "09.30", "0930"}) {
    EXPECT_EQ(parse_time_of_day(text).error().faults[0].code, "not_a_time_of_day") << text;
  }
}

}  // namespace
}  // namespace laurel
