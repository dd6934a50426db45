// The only file that knows date/tz.
#include <date/tz.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <vector>

#include "base/calendar.hpp"
#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/posix_zone.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace laurel {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2200;
constexpr Instant kTableBegin = Date{std::chrono::year{kFirstYear} / 1 / 1};
constexpr Instant kTableEnd = Date{std::chrono::year{kLastYear} / 12 / 31};
// What std::chrono's calendar can still name, with room for an offset.
constexpr Instant kEarliest = Date{std::chrono::year{-30'000} / 1 / 1};
constexpr Instant kLatest = Date{std::chrono::year{30'000} / 1 / 1};

void append_change(std::vector<OffsetChange>& changes, OffsetChange next) {
  if (changes.empty() || changes.back().offset != next.offset) changes.push_back(next);
}

// What the file lists, change by change.
std::vector<OffsetChange> listed_changes(const date::time_zone& zone) {
  std::vector<OffsetChange> changes;
  date::sys_seconds at = std::chrono::floor<std::chrono::seconds>(kTableBegin);
  while (at < kTableEnd) {
    const date::sys_info info = zone.get_info(at);
    append_change(changes, {std::max<Instant>(info.begin, kTableBegin), info.offset});
    at = info.end;
  }
  return changes;
}

// The rule for the years after: the last line of the file, which date/tz leaves unread.
std::optional<std::string> closing_rule(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!content.starts_with("TZif") || content.back() != '\n') return std::nullopt;
  const std::size_t start = content.rfind('\n', content.size() - 2);
  if (start == std::string::npos) return std::nullopt;
  return content.substr(start + 1, content.size() - start - 2);
}

std::optional<std::vector<OffsetChange>> all_changes(const date::time_zone& zone) {
  std::vector<OffsetChange> changes = listed_changes(zone);
  const auto rule = closing_rule(zone.name());
  if (!rule) return std::nullopt;
  if (rule->empty()) return changes;  // the file promises nothing for later years
  const auto later = changes_by_rule(*rule, kFirstYear, kLastYear);
  if (!later) return std::nullopt;
  const Instant last_listed = changes.back().at;
  for (const OffsetChange& change : *later) {
    if (change.at > last_listed) append_change(changes, change);
  }
  return changes;
}

std::string nearest_zone(std::string_view name) {
  std::vector<std::string_view> names;
  for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  return std::string(nearest_name(name, names));
}

Error unknown_zone(std::string_view name) {
  std::string detail = in_quotes(name) + " is not a time zone of this machine's database";
  const std::string nearest = nearest_zone(name);
  if (!nearest.empty()) detail += "; did you mean " + nearest + "?";
  return invalid("unknown_time_zone", std::move(detail));
}

}  // namespace

// Changes in order, and for every stretch of 2^33 ms (99 days) the change in force at its start, so
// that finding the one in force at a moment takes a step or two.
struct TimeZone::Table {
  static constexpr unsigned kStretchBits = 33;

  std::string name;
  std::vector<OffsetChange> changes;  // the first also holds for all time before
  std::vector<std::uint16_t> in_force;

  Table(std::string zone_name, std::vector<OffsetChange> zone_changes)
      : name(std::move(zone_name)), changes(std::move(zone_changes)) {
    std::size_t index = 0;
    for (Instant start = kTableBegin; start < kTableEnd;
         start += Duration{std::int64_t{1} << kStretchBits}) {
      while (index + 1 < changes.size() && changes[index + 1].at <= start) ++index;
      in_force.push_back(static_cast<std::uint16_t>(index));
    }
  }

  std::size_t index_at(Instant instant) const {
    if (instant < kTableBegin) return 0;
    const auto stretch = static_cast<std::size_t>((instant - kTableBegin).count() >> kStretchBits);
    std::size_t index = in_force[std::min(stretch, in_force.size() - 1)];
    while (index + 1 < changes.size() && changes[index + 1].at <= instant) ++index;
    return index;
  }
};

Result<TimeZone> TimeZone::load(std::string_view name) {
  // date/tz reads its database and each zone of it at their first use; one thread at a time does.
  static std::mutex reading;
  const std::lock_guard lock(reading);
  try {
    const date::time_zone* zone = date::locate_zone(name);
    if (auto changes = all_changes(*zone)) {
      return TimeZone(std::make_shared<const Table>(std::string(name), std::move(*changes)));
    }
  } catch (const std::exception&) {
    // date/tz says "not found" and "not readable" in the same way.
  }
  try {
    return unknown_zone(name);
  } catch (const std::exception& error) {
    return Error{ErrorCode::kBroken, std::string("no time zone database: ") + error.what()};
  }
}

TimeZone TimeZone::utc() {
  std::vector<OffsetChange> none{{kTableBegin, Duration{0}}};
  return TimeZone(std::make_shared<const Table>("UTC", std::move(none)));
}

const std::string& TimeZone::name() const { return table_->name; }

Duration TimeZone::offset(Instant instant) const {
  return table_->changes[table_->index_at(instant)].offset;
}

LocalTime TimeZone::local_time(Instant instant) const {
  LAUREL_ASSERT(instant >= kEarliest && instant < kLatest, "an open end has no local time");
  const Instant local = instant + offset(instant);
  const Date date = std::chrono::floor<std::chrono::days>(local);
  return {date, local - date};
}

Instant TimeZone::instant(LocalTime time) const {
  const Instant local = time.date + time.time;
  LAUREL_ASSERT(local >= kEarliest && local < kLatest, "a local time far outside any calendar");
  // No zone is this far from Greenwich: the change in force then began before the moment sought.
  std::size_t index = table_->index_at(local - std::chrono::hours{26});
  const std::vector<OffsetChange>& changes = table_->changes;
  while (index + 1 < changes.size()) {
    const Instant end = changes[index + 1].at;
    if (local - changes[index].offset < end) return local - changes[index].offset;
    // The clock jumped over the time: its next moment is the end of the gap.
    if (local - changes[index + 1].offset < end) return end;
    ++index;
  }
  return local - changes[index].offset;
}

Result<LocalTimeReader> local_time_reader(std::string_view zone) {
  LAUREL_TRY(TimeZone known, TimeZone::load(zone));
  return LocalTimeReader([known = std::move(known)](std::string_view text) -> Result<Instant> {
    LAUREL_TRY(const LocalTime time, parse_local_time(text));
    return known.instant(time);
  });
}

}  // namespace laurel
