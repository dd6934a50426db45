#include "laurel/time.hpp"

#include <gtest/gtest.h>

#include <random>

namespace laurel {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) { return parse_instant(text).value(); }
std::string fault_of(std::string_view text) {
  const auto instant = parse_instant(text);
  return instant ? "none" : instant.error().faults.at(0).code;
}

TEST(InstantText, is_read_in_any_offset_and_written_in_utc) {
  const std::pair<const char*, const char*> kRows[] = {
      {"2026-11-21T10:15:00Z", "2026-11-21T10:15:00Z"},
      {"2026-11-21t11:15:00.25+01:00", "2026-11-21T10:15:00.250Z"},
      {"2026-11-21T10:15:00z", "2026-11-21T10:15:00Z"},
      {"2026-11-21T10:15:00-00:00", "2026-11-21T10:15:00Z"},
      {"2026-12-31T23:30:00-05:30", "2027-01-01T05:00:00Z"},
      {"2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
      {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
      {"1899-12-31T23:30:00-01:00", "1900-01-01T00:30:00Z"},
  };
  for (const auto& [text, utc] : kRows) EXPECT_EQ(to_text(at(text)), utc) << text;
}

TEST(InstantText, cuts_digits_below_a_millisecond) {
  EXPECT_EQ(at("2026-11-21T10:15:00.1239999999999999999999Z"), at("2026-11-21T10:15:00.123Z"));
  EXPECT_EQ(at("1969-12-31T23:59:59.9999Z"), at("1969-12-31T23:59:59.999Z"));
}

TEST(InstantText, reads_a_leap_second_as_the_next_second) {
  EXPECT_EQ(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
  EXPECT_EQ(at("2017-01-01T08:59:60.5+09:00"), at("2017-01-01T00:00:00.5Z"));
  EXPECT_EQ(at("2015-06-30T23:59:60Z"), at("2015-07-01T00:00:00Z"));
}

TEST(InstantText, refuses_what_is_not_rfc_3339) {
  const char* const kRows[] = {"",
                               "2026-11-21",
                               "2026-11-21T10:15:00",
                               "2026-11-21 10:15:00Z",
                               "2026-11-21T10:15Z",
                               "2026-11-21T10:15:00.Z",
                               "2026-11-21T10:15:00,5Z",
                               "2026-11-21T10:15:00+0100",
                               "2026-11-21T10:15:00+01",
                               "2026-11-21T10:15:00+24:00",
                               "2026-11-21T10:15:00+01:60",
                               "2026-11-21T24:00:00Z",
                               "2026-11-21T10:60:00Z",
                               "2026-11-21T10:15:61Z",
                               "2026-11-21T10:15:60Z",
                               "2026-11-20T23:59:60Z",
                               "2026-13-01T00:00:00Z",
                               "2026-00-01T00:00:00Z",
                               "2026-02-29T00:00:00Z",
                               "2026-04-31T00:00:00Z",
                               "2026-11-21T10:15:00Z ",
                               " 2026-11-21T10:15:00Z",
                               "2026-11-21T10:15:00ZZ",
                               "+2026-11-21T10:15:00Z",
                               "-026-11-21T10:15:00Z",
                               "26-11-21T10:15:00Z",
                               "20261121T101500Z",
                               "2026-11-21T10:15:00UTC",
                               "2026-1-21T10:15:00Z",
                               "٢٠٢٦-11-21T10:15:00Z",
                               "2026-11-21T10:15:-1Z",
                               "1e3"};
  for (const char* text : kRows) EXPECT_EQ(fault_of(text), "not_a_time") << text;
  EXPECT_EQ(fault_of(std::string_view("2026-11-21T10:15:00Z\0", 21)), "not_a_time");
}

TEST(InstantText, refuses_moments_outside_1900_to_9999_in_utc) {
  for (const char* text : {"1899-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
                           "1900-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
    EXPECT_EQ(fault_of(text), "out_of_range") << text;
  }
}

TEST(InstantText, reads_back_every_moment_it_writes) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> moments(
      at("1900-01-01T00:00:00Z").time_since_epoch().count(),
      at("9999-12-31T23:59:59.999Z").time_since_epoch().count());
  for (int i = 0; i < 20'000; ++i) {
    const Instant moment{Duration{moments(random)}};
    ASSERT_EQ(at(to_text(moment)), moment);
  }
}

TEST(InstantText, calls_an_open_end_never) { EXPECT_EQ(to_text(kNever), "never"); }

TEST(DateText, is_a_day_of_the_calendar) {
  EXPECT_EQ(to_text(parse_date("2024-02-29").value()), "2024-02-29");
  for (const char* text : {"", "2026-02-29", "2026-2-9", "2026-02-9 ", "2026-02-00", "2026/02/09",
                           "2026-02-09T", "20260209", "26-02-09"}) {
    EXPECT_EQ(parse_date(text).error().faults[0].code, "not_a_date") << text;
  }
  EXPECT_EQ(parse_date("1899-12-31").error().faults[0].code, "out_of_range");
}

TEST(DurationText, is_one_number_and_one_unit) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("90s"), 90s);
  EXPECT_EQ(*parse_duration("15m"), 15min);
  EXPECT_EQ(*parse_duration("2h"), 2h);
  EXPECT_EQ(*parse_duration("14d"), std::chrono::days{14});
  EXPECT_EQ(*parse_duration("0s"), 0s);
  EXPECT_EQ(*parse_duration("36525d"), std::chrono::days{36'525});
}

TEST(DurationText, refuses_everything_else) {
  for (const char* text : {"", "15", "m", "-1s", "+1s", "1.5h", "1h30m", "1 h", "015m", "15M", "1w",
                           "1e3s", "٥s", " 1s", "1s "}) {
    EXPECT_EQ(parse_duration(text).error().faults[0].code, "not_a_duration") << text;
  }
  for (const char* text : {"36526d", "9223372036854775808ms", "99999999999999999999999999h"}) {
    EXPECT_EQ(parse_duration(text).error().faults[0].code, "out_of_range") << text;
  }
}

TEST(Clocks, the_manual_one_stands_still_until_it_is_set) {
  ManualClock clock(at("2026-11-21T10:15:00Z"));
  EXPECT_EQ(clock.now(), at("2026-11-21T10:15:00Z"));
  clock.advance(90s);
  EXPECT_EQ(clock.now(), at("2026-11-21T10:16:30Z"));
  clock.set(at("2020-01-01T00:00:00Z"));
  EXPECT_EQ(clock.now(), at("2020-01-01T00:00:00Z"));
}

TEST(Clocks, the_system_one_does_not_run_backwards_between_two_readings) {
  const SystemClock clock;
  const Instant first = clock.now();
  EXPECT_GE(clock.now() + 1s, first);
  EXPECT_GT(first, at("2020-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace laurel
