#include "laurel/time.hpp"

#include <cstdint>
#include <optional>

#include "base/fault.hpp"
#include "base/text.hpp"

namespace laurel {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Date kFirstDay = std::chrono::year{1900} / 1 / 1;
constexpr Date kLastDay = std::chrono::year{9999} / 12 / 31;

// Eats text from the left; the first thing that does not fit makes it fail for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int number(std::size_t digits, int least, int most) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_.empty() || !is_digit(rest_.front())) return fail();
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value >= least && value <= most ? value : fail();
  }

  bool take(char either, char other) {
    if (rest_.empty() || (rest_.front() != either && rest_.front() != other)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(char wanted) { return take(wanted, wanted); }
  void expect(char wanted) { expect(wanted, wanted); }
  void expect(char either, char other) {
    if (!take(either, other)) fail();
  }

  // The digits after a decimal point, cut to milliseconds.
  Duration fraction() {
    std::int64_t parts = 0;
    std::int64_t weight = 100;
    if (rest_.empty() || !is_digit(rest_.front())) fail();
    while (!rest_.empty() && is_digit(rest_.front())) {
      parts += weight * (rest_.front() - '0');
      weight /= 10;
      rest_.remove_prefix(1);
    }
    return Duration{parts};
  }

  bool complete() const { return good_ && rest_.empty(); }
  int fail() {
    good_ = false;
    return 0;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

Date read_date(Scanner& scanner) {
  const int year = scanner.number(4, 0, 9999);
  scanner.expect('-');
  const int month = scanner.number(2, 1, 12);
  scanner.expect('-');
  const int day = scanner.number(2, 1, 31);
  const auto date = std::chrono::year{year} / month / day;
  if (!date.ok()) scanner.fail();
  return date;
}

minutes read_offset(Scanner& scanner) {
  if (scanner.take('Z', 'z')) return minutes{0};
  const int sign = scanner.take('-') ? -1 : 1;
  if (sign > 0) scanner.expect('+');
  const int offset_hours = scanner.number(2, 0, 23);
  scanner.expect(':');
  const int offset_minutes = scanner.number(2, 0, 59);
  return sign * (hours{offset_hours} + minutes{offset_minutes});
}

// Leap seconds are inserted at the end of a month of UTC, nowhere else.
bool may_be_leap_second(Instant second_after) {
  const Date day = std::chrono::floor<days>(second_after);
  return second_after - day < seconds{1} &&
         std::chrono::year_month_day{day}.day() == std::chrono::day{1};
}

std::optional<Instant> read_instant(std::string_view text) {
  Scanner scanner(text);
  const Date date = read_date(scanner);
  scanner.expect('T', 't');
  const int hour = scanner.number(2, 0, 23);
  scanner.expect(':');
  const int minute = scanner.number(2, 0, 59);
  scanner.expect(':');
  const int second = scanner.number(2, 0, 60);
  const Duration fraction = scanner.take('.') ? scanner.fraction() : Duration{0};
  const minutes offset = read_offset(scanner);
  if (!scanner.complete()) return std::nullopt;
  const Instant instant =
      date + hours{hour} + minutes{minute} - offset + seconds{second} + fraction;
  if (second == 60 && !may_be_leap_second(instant)) return std::nullopt;
  return instant;
}

void append_padded(std::string& text, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) text.append(width - digits.size(), '0');
  text += digits;
}

std::optional<Duration> unit_of(std::string_view name) {
  if (name == "ms") return Duration{1};
  if (name == "s") return seconds{1};
  if (name == "m") return minutes{1};
  if (name == "h") return hours{1};
  if (name == "d") return days{1};
  return std::nullopt;
}

}  // namespace

Result<Instant> parse_instant(std::string_view text) {
  const std::optional<Instant> instant = read_instant(text);
  if (!instant) {
    return invalid(
        "not_a_time",
        in_quotes(text) + " is not a time with its offset such as 2026-11-21T10:15:00+00:00");
  }
  if (*instant < kFirstDay || *instant >= kLastDay + days{1}) {
    return invalid("out_of_range", in_quotes(text) + " is outside the years 1900 to 9999");
  }
  return *instant;
}

std::string to_text(Instant instant) {
  if (instant == kNever) return "never";
  const Date date = std::chrono::floor<days>(instant);
  const std::chrono::hh_mm_ss<Duration> time{instant - date};
  std::string text = to_text(date);
  text += 'T';
  append_padded(text, time.hours().count(), 2);
  text += ':';
  append_padded(text, time.minutes().count(), 2);
  text += ':';
  append_padded(text, time.seconds().count(), 2);
  if (time.subseconds() != Duration{0}) {
    text += '.';
    append_padded(text, time.subseconds().count(), 3);
  }
  return text += 'Z';
}

Result<Date> parse_date(std::string_view text) {
  Scanner scanner(text);
  const Date date = read_date(scanner);
  if (!scanner.complete()) {
    return invalid("not_a_date", in_quotes(text) + " is not a date such as 2026-11-21");
  }
  if (date < kFirstDay || date > kLastDay) {
    return invalid("out_of_range", in_quotes(text) + " is outside the years 1900 to 9999");
  }
  return date;
}

std::string to_text(Date date) {
  const std::chrono::year_month_day parts{date};
  std::string text;
  append_padded(text, static_cast<int>(parts.year()), 4);
  text += '-';
  append_padded(text, static_cast<unsigned>(parts.month()), 2);
  text += '-';
  append_padded(text, static_cast<unsigned>(parts.day()), 2);
  return text;
}

Result<Duration> parse_duration(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const std::optional<Duration> unit = unit_of(text.substr(digits));
  if (digits == 0 || (digits > 1 && text[0] == '0') || !unit) {
    return invalid("not_a_duration",
                   in_quotes(text) + " is not a duration such as 250ms, 90s, 15m, 2h or 14d");
  }
  constexpr std::int64_t kMost = Duration{days{36'525}}.count();
  std::int64_t count = 0;
  for (const char digit : text.substr(0, digits)) {
    count = count * 10 + (digit - '0');
    if (count > kMost / unit->count()) {
      return invalid("out_of_range", in_quotes(text) + " is longer than 36525 days");
    }
  }
  return count * *unit;
}

}  // namespace laurel
