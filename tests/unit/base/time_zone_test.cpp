#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>
#include <vector>

#include "base/calendar.hpp"
#include "base/posix_zone.hpp"

namespace laurel {
namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }
Date day(std::string_view text) { return parse_date(text).value(); }
LocalTime wall(std::string_view text) { return parse_local_time(text).value(); }
TimeZone zone(std::string_view name) { return TimeZone::load(name).value(); }

TEST(F4_an_end_date_includes_its_last_day, in_the_zone_of_the_programme) {
  const TimeZone rome = zone("Europe/Rome");
  EXPECT_EQ(rome.local_date(at("2025-06-30T21:59:59Z")), day("2025-06-30"));
  EXPECT_EQ(rome.local_date(at("2025-06-30T22:00:00Z")), day("2025-07-01"));
  EXPECT_EQ(rome.start_of_day(day("2025-07-01")), at("2025-06-30T22:00:00Z"));
}

TEST(TimeZones, know_local_days_far_east_and_far_west) {
  const Instant noon = at("2026-11-21T12:00:00Z");
  EXPECT_EQ(to_text(zone("Pacific/Kiritimati").local_time(noon)), "2026-11-22 02:00");
  EXPECT_EQ(to_text(zone("Pacific/Pago_Pago").local_time(noon)), "2026-11-21 01:00");
  EXPECT_EQ(to_text(zone("Asia/Kathmandu").local_time(noon)), "2026-11-21 17:45");
  EXPECT_EQ(to_text(TimeZone::utc().local_time(noon)), "2026-11-21 12:00");
}

struct DayRow {
  const char *zone, *date, *start;
};

TEST(TimeZones, start_a_day_at_its_first_moment_whatever_the_clocks_do) {
  const DayRow kRows[] = {
      {"Europe/London", "2026-03-29", "2026-03-29T00:00:00Z"},
      {"Europe/London", "2026-03-30", "2026-03-29T23:00:00Z"},
      {"Europe/London", "2026-10-25", "2026-10-24T23:00:00Z"},
      {"Europe/London", "2026-10-26", "2026-10-26T00:00:00Z"},
      // Midnight is skipped: the day starts at 01:00.
      {"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
      {"Africa/Cairo", "2023-04-28", "2023-04-27T22:00:00Z"},
      // At midnight the clock goes back to 23:00 of the day before, which is an hour longer.
      {"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"},
      // Midnight comes twice: the day starts at the first.
      {"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"},
      // The day does not exist at all: its start is the next day's.
      {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
      {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
  };
  for (const DayRow& row : kRows) {
    EXPECT_EQ(to_text(zone(row.zone).start_of_day(day(row.date))), row.start)
        << row.zone << row.date;
  }
}

TEST(TimeZones, take_the_earlier_of_two_equal_wall_clocks) {
  EXPECT_EQ(zone("Europe/London").instant(wall("2026-10-25 01:30")), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(zone("America/New_York").instant(wall("2026-11-01 01:30")), at("2026-11-01T05:30:00Z"));
}

TEST(TimeZones, take_the_end_of_the_gap_for_a_wall_clock_that_is_never_shown) {
  EXPECT_EQ(zone("Europe/London").instant(wall("2026-03-29 01:30")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone("Europe/London").instant(wall("2026-03-29 01:00")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone("Europe/London").instant(wall("2026-03-29 02:00")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone("Pacific/Apia").instant(wall("2011-12-30 12:00")), at("2011-12-30T10:00:00Z"));
}

TEST(TimeZones, go_on_with_daylight_saving_beyond_what_the_files_list) {
  const TimeZone london = zone("Europe/London");
  EXPECT_EQ(london.local_date(at("2037-07-01T23:30:00Z")), day("2037-07-02"));
  EXPECT_EQ(london.local_date(at("2038-07-01T23:30:00Z")), day("2038-07-02"));
  EXPECT_EQ(london.local_date(at("2099-07-01T23:30:00Z")), day("2099-07-02"));
  EXPECT_EQ(london.local_date(at("2099-12-01T23:30:00Z")), day("2099-12-01"));
  EXPECT_EQ(zone("Australia/Sydney").offset(at("2099-01-01T00:00:00Z")), std::chrono::hours{11});
}

TEST(TimeZones, agree_with_themselves_in_both_directions) {
  for (const char* name : {"Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo",
                           "Africa/Casablanca", "Pacific/Apia", "America/St_Johns", "UTC"}) {
    const TimeZone here = zone(name);
    for (Instant moment = at("1900-01-01T00:00:00Z"); moment < at("2199-01-01T00:00:00Z");
         moment += std::chrono::hours{1789}) {
      const Instant back = here.instant(here.local_time(moment));
      // Not the same only in the second showing of an ambiguous hour.
      ASSERT_LE(back, moment);
      ASSERT_EQ(here.local_time(back), here.local_time(moment));
    }
  }
}

TEST(TimeZones, split_time_into_days_without_gap_or_overlap) {
  for (const char* name : {"Europe/London", "America/Sao_Paulo", "Asia/Beirut", "America/Havana"}) {
    const TimeZone here = zone(name);
    for (Date date = day("2005-01-01"); date < day("2045-01-01"); date += std::chrono::days{1}) {
      const Instant start = here.start_of_day(date);
      ASSERT_EQ(here.local_date(start), date) << name;
      ASSERT_EQ(here.local_date(start - Duration{1}), date - std::chrono::days{1}) << name;
    }
  }
}

std::vector<std::string> zones_in_use() {
  std::ifstream table("/usr/share/zoneinfo/zone1970.tab");
  std::vector<std::string> names;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::string countries, coordinates, name;
    fields >> countries >> coordinates >> name;
    names.push_back(name);
  }
  return names;
}

// The C library reads the same files by its own code.
Duration offset_by_c_library(Instant instant) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  std::tm local{};
  localtime_r(&seconds, &local);
  return std::chrono::seconds{local.tm_gmtoff};
}

TEST(TimeZones, of_the_whole_world_agree_with_the_c_library) {
  const std::vector<std::string> names = zones_in_use();
  ASSERT_GT(names.size(), 300U);
  std::mt19937_64 random(1970);
  const Instant first = at("1970-01-01T00:00:00Z");
  for (const std::string& name : names) {
    const TimeZone here = zone(name);
    setenv("TZ", name.c_str(), 1);
    tzset();
    for (int i = 0; i < 300; ++i) {
      const Instant moment = first + std::chrono::minutes{random() % (229ULL * 365 * 24 * 60)};
      ASSERT_EQ(here.offset(moment), offset_by_c_library(moment)) << name << ' ' << to_text(moment);
    }
  }
  unsetenv("TZ");
  tzset();
}

TEST(TimeZones, hold_their_first_offset_before_and_their_last_after_the_table) {
  const TimeZone tokyo = zone("Asia/Tokyo");
  EXPECT_EQ(tokyo.offset(at("1900-01-01T00:00:00Z") - std::chrono::days{365}),
            std::chrono::hours{9});
  EXPECT_EQ(tokyo.local_date(at("9999-12-31T15:00:00Z")), day("9999-12-31") + std::chrono::days{1});
}

TEST(TimeZones, that_do_not_exist_are_refused_with_the_nearest_name) {
  for (const char* name :
       {"", "Europe/Lundon", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "europe/london",
        "Europe", "right/Europe/London", "BST"}) {
    const auto loaded = TimeZone::load(name);
    ASSERT_FALSE(loaded.ok()) << name;
    EXPECT_EQ(loaded.error().faults.at(0).code, "unknown_time_zone") << name;
  }
  const auto misspelt = TimeZone::load("Europe/Lundon");
  EXPECT_NE(misspelt.error().detail.find("did you mean Europe/London?"), std::string::npos);
  EXPECT_FALSE(TimeZone::load(std::string(100'000, 'x')).ok());
  EXPECT_FALSE(TimeZone::load(std::string_view("UTC\0", 4)).ok());
}

TEST(TimeZones, can_be_copied_and_read_by_many_threads_at_once) {
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&right] {
      const TimeZone london = zone("Europe/London");
      right += london.local_date(at("2026-07-01T23:30:00Z")) == day("2026-07-02") ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 8);
}

TEST(TimeZonesDeathTest, an_open_end_has_no_local_day) {
  EXPECT_DEATH(static_cast<void>(TimeZone::utc().local_date(kNever)), "open end");
}

std::string first_change(std::string_view rule, int year) {
  const auto changes = changes_by_rule(rule, year, year);
  if (!changes) return "unreadable";
  return changes->empty() ? "none" : to_text(changes->front().at);
}

TEST(ClosingRules, are_read_in_all_three_ways_of_naming_a_day) {
  EXPECT_EQ(first_change("GMT0BST,M3.5.0/1,M10.5.0", 2026), "2026-03-29T01:00:00Z");
  EXPECT_EQ(first_change("EST5EDT,M3.2.0,M11.1.0", 2026), "2026-03-08T07:00:00Z");
  EXPECT_EQ(first_change("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026), "2026-03-29T01:00:00Z");
  EXPECT_EQ(first_change("EET-2EEST,M3.4.4/50,M10.4.4/50", 2026), "2026-03-28T00:00:00Z");
  EXPECT_EQ(first_change("XXX0YYY,J60,J300", 2024), "2024-03-01T02:00:00Z");
  EXPECT_EQ(first_change("XXX0YYY,J60,J300", 2026), "2026-03-01T02:00:00Z");
  EXPECT_EQ(first_change("XXX0YYY,59/0,300", 2024), "2024-02-29T00:00:00Z");
  EXPECT_EQ(first_change("IST-1GMT0,M10.5.0,M3.5.0/1", 2026), "2026-03-29T01:00:00Z");
  EXPECT_EQ(first_change("JST-9", 2026), "none");
  EXPECT_EQ(first_change("<+0330>-3:30", 2026), "none");
}

TEST(ClosingRules, that_cannot_be_read_are_no_rules) {
  for (const char* rule :
       {"", "GMT", "G0", "GMT0BST", "GMT0BST,M3.5.0", "GMT0BST,M13.5.0,M10.5.0",
        "GMT0BST,M3.6.0,M10.5.0", "GMT0BST,M3.5.7,M10.5.0", "GMT0BST,M3.5.0,M10.5.0x", "<GMT0",
        "GMT200", "GMT0BST,J0,J1", "GMT0BST,M3.5.0/,M10.5.0"}) {
    EXPECT_EQ(first_change(rule, 2026), "unreadable") << rule;
  }
}

}  // namespace
}  // namespace laurel
