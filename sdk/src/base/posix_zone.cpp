#include "base/posix_zone.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace laurel {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// When in a year daylight saving starts or ends, as a local wall clock shows it.
struct Edge {
  enum class Kind : std::uint8_t { kWeekdayOfMonth, kDayWithoutLeapDay, kDayOfYear };
  Kind kind = Kind::kDayOfYear;
  int month = 0;
  int week = 0;  // 5: the last
  int day = 0;   // of the week, or of the year
  seconds time = hours{2};
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void name() {
    const bool in_brackets = take('<');
    const auto in_name = [in_brackets](char c) {
      const bool letter = to_lower(c) >= 'a' && to_lower(c) <= 'z';
      return letter || (in_brackets && (is_digit(c) || c == '+' || c == '-'));
    };
    const auto end = std::ranges::find_if_not(rest_, in_name);
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    good_ = good_ && length >= 3;
    rest_.remove_prefix(length);
    if (in_brackets) expect('>');
  }

  int number(int least, int most) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < std::min<std::size_t>(3, rest_.size()) && is_digit(rest_[digits]); ++digits) {
      value = value * 10 + (rest_[digits] - '0');
    }
    good_ = good_ && digits > 0 && value >= least && value <= most;
    rest_.remove_prefix(digits);
    return value;
  }

  seconds time() {
    const int sign = take('-') ? -1 : 1;
    if (sign > 0) take('+');
    seconds value = hours{number(0, 167)};
    if (take(':')) value += minutes{number(0, 59)};
    if (take(':')) value += seconds{number(0, 59)};
    return sign * value;
  }

  Edge edge() {
    Edge edge;
    expect(',');
    if (take('M')) {
      edge.kind = Edge::Kind::kWeekdayOfMonth;
      edge.month = number(1, 12);
      expect('.');
      edge.week = number(1, 5);
      expect('.');
      edge.day = number(0, 6);
    } else if (take('J')) {
      edge.kind = Edge::Kind::kDayWithoutLeapDay;
      edge.day = number(1, 365);
    } else {
      edge.day = number(0, 365);
    }
    if (take('/')) edge.time = time();
    return edge;
  }

  void expect(char wanted) { good_ = take(wanted) && good_; }
  bool at_end() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

Date day_of(const Edge& edge, std::chrono::year year) {
  switch (edge.kind) {
    case Edge::Kind::kWeekdayOfMonth: {
      const auto month = year / std::chrono::month{static_cast<unsigned>(edge.month)};
      const std::chrono::weekday weekday{static_cast<unsigned>(edge.day)};
      if (edge.week == 5) return month / weekday[std::chrono::last];
      return month / weekday[static_cast<unsigned>(edge.week)];
    }
    case Edge::Kind::kDayWithoutLeapDay: {
      const bool after_leap_day = year.is_leap() && edge.day >= 60;
      return Date{year / 1 / 1} + days{edge.day - (after_leap_day ? 0 : 1)};
    }
    case Edge::Kind::kDayOfYear: return Date{year / 1 / 1} + days{edge.day};
  }
  return {};
}

}  // namespace

std::optional<std::vector<OffsetChange>> changes_by_rule(std::string_view rule, int first_year,
                                                         int last_year) {
  Reader reader(rule);
  reader.name();
  const seconds standard = -reader.time();  // POSIX counts west of Greenwich
  std::vector<OffsetChange> changes;
  if (reader.good() && reader.at_end()) return changes;

  reader.name();
  const seconds daylight = reader.next() == ',' ? standard + hours{1} : -reader.time();
  const Edge start = reader.edge();
  const Edge end = reader.edge();
  if (!reader.good() || !reader.at_end()) return std::nullopt;
  for (int year = first_year; year <= last_year; ++year) {
    const std::chrono::year in_year{year};
    changes.push_back({day_of(start, in_year) + start.time - standard, daylight});
    changes.push_back({day_of(end, in_year) + end.time - daylight, standard});
  }
  std::ranges::sort(changes, {}, &OffsetChange::at);
  return changes;
}

}  // namespace laurel
