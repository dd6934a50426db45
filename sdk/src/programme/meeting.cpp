#include "programme/meeting.hpp"

#include <algorithm>

namespace laurel::programme {
namespace {

using Kind = Condition::Kind;

constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::int64_t kDaysOfWeek = 7;

bool share_a_value(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (auto at_a = a.begin(), at_b = b.begin(); at_a != a.end() && at_b != b.end();) {
    if (*at_a == *at_b) return true;
    *at_a < *at_b ? ++at_a : ++at_b;
  }
  return false;
}

// All that is counted is counted in whole units, but an attribute may have any number of digits.
Range closed(const Condition& condition) {
  Range range = condition.range;
  if (condition.field == Field::kAttribute) return range;
  if (range.least && range.least_open) ++*range.least;
  if (range.most && range.most_open) --*range.most;
  range.least_open = range.most_open = false;
  const bool is_count = condition.field == Field::kAge || condition.field == Field::kHistory;
  if (is_count && range.least.value_or(-1) < 0) range.least = 0;
  return range;
}

bool is_empty(const Range& range) {
  if (!range.least || !range.most) return false;
  if (*range.least > *range.most) return true;
  return *range.least == *range.most && (range.least_open || range.most_open);
}

Range intersection(Range a, const Range& b) {
  if (b.least && (!a.least || *b.least > *a.least || (*b.least == *a.least && b.least_open))) {
    a.least = b.least;
    a.least_open = b.least_open;
  }
  if (b.most && (!a.most || *b.most < *a.most || (*b.most == *a.most && b.most_open))) {
    a.most = b.most;
    a.most_open = b.most_open;
  }
  return a;
}

bool is_within(const Range& one, const Range& other) {
  const Range both = intersection(one, other);
  return both.least == one.least && both.most == one.most && both.least_open == one.least_open &&
         both.most_open == one.most_open;
}

// Whether both ranges are of the same number.
bool is_of_one_number(const Condition& a, const Condition& b) {
  if (a.field == Field::kHistory) return a.question == b.question;
  if (a.field == Field::kNth) return !a.every && !b.every && a.question == b.question;
  return a.field != Field::kEnrolled && a.field != Field::kBirthday &&
         a.field != Field::kBirthMonth;
}

// Whether two windows of the day share a minute.
bool share_an_hour(const std::vector<Hours>& a, const std::vector<Hours>& b) {
  const auto holds = [](const Hours& hours, TimeOfDay time) {
    if (hours.from < hours.until) return hours.from <= time && time < hours.until;
    return hours.from <= time || time < hours.until;
  };
  for (const Hours& one : a) {
    for (const Hours& other : b) {
      if (holds(one, other.from) || holds(other, one.from)) return true;
    }
  }
  return false;
}

bool may_be_several(Field field) { return field == Field::kTag || field == Field::kSegment; }

Condition blank(const RuleDraft& rule, Field field, Kind kind, std::string text) {
  return {.field = field, .kind = kind, .text = "active: " + text, .place = rule.place};
}

void add_active_dates(const RuleDraft& rule, std::vector<Condition>& out) {
  const auto day = [](Date date) { return std::int64_t{date.time_since_epoch().count()}; };
  const Window& active = rule.active;
  if (!active.from && !active.until) return;
  std::string text;
  if (active.from) text += "from " + to_text(*active.from);
  if (active.until) text += (text.empty() ? "until " : " until ") + to_text(*active.until);
  Condition dates = blank(rule, Field::kDate, Kind::kRange, std::move(text));
  if (active.from) dates.range.least = day(*active.from);
  if (active.until) dates.range.most = day(*active.until);
  out.push_back(std::move(dates));
}

void add_active(const RuleDraft& rule, std::vector<Condition>& out) {
  add_active_dates(rule, out);
  if (rule.active.days != kEveryDay) {
    Condition days = blank(rule, Field::kDay, Kind::kAnyOf, "days");
    for (std::size_t day = 0; day < std::size(kDays); ++day) {
      if ((rule.active.days >> day & 1U) != 0) days.values.emplace_back(kDays[day]);
    }
    std::ranges::sort(days.values);
    out.push_back(std::move(days));
  }
  if (!rule.active.hours.empty()) {
    Condition hours = blank(rule, Field::kHours, Kind::kRange, "hours");
    hours.hours = rule.active.hours;
    out.push_back(std::move(hours));
  }
}

bool meets_day(const Condition& condition, std::string_view day) {
  const bool named = std::ranges::find(condition.values, day) != condition.values.end();
  return condition.kind == Kind::kNoneOf ? !named : named;
}

}  // namespace

std::vector<Condition> needs_of(const ConditionGroup& group, std::vector<Condition> outer) {
  if (group.kind == ConditionGroup::Kind::kNone) return outer;
  if (group.kind == ConditionGroup::Kind::kAny && group.groups.size() != 1) return outer;
  outer.insert(outer.end(), group.conditions.begin(), group.conditions.end());
  for (const ConditionGroup& inner : group.groups) outer = needs_of(inner, std::move(outer));
  return outer;
}

std::vector<Condition> needs_of(const RuleDraft& rule) {
  std::vector<Condition> needs;
  add_active(rule, needs);
  return needs_of(rule.when, std::move(needs));
}

bool exclude_each_other(const Condition& a, const Condition& b) {
  if (a.field != b.field || a.attribute != b.attribute) return false;
  if (a.kind > b.kind) return exclude_each_other(b, a);
  if (a.field == Field::kHours) return !share_an_hour(a.hours, b.hours);
  if (b.kind == Kind::kRange && a.kind == Kind::kRange) {
    return is_of_one_number(a, b) && is_empty(intersection(closed(a), closed(b)));
  }
  const bool several = may_be_several(a.field);
  if (b.kind == Kind::kMissing || a.kind == Kind::kMissing) {
    const Kind other = b.kind == Kind::kMissing ? a.kind : b.kind;
    return several ? other == Kind::kAnyOf || other == Kind::kExists : other != Kind::kMissing;
  }
  if (a.kind != Kind::kAnyOf) return false;
  if (b.kind == Kind::kAnyOf) return !several && !share_a_value(a.values, b.values);
  return b.kind == Kind::kNoneOf && std::ranges::includes(b.values, a.values);
}

bool can_meet(const std::vector<Condition>& a, const std::vector<Condition>& b) {
  for (const Condition& one : a) {
    for (const Condition& other : b) {
      if (exclude_each_other(one, other)) return false;
    }
  }
  return true;
}

bool implies(const Condition& one, const Condition& other) {
  if (one.field != other.field || one.attribute != other.attribute || one.kind != other.kind) {
    return false;
  }
  switch (one.kind) {
    case Kind::kAnyOf: return std::ranges::includes(other.values, one.values);
    case Kind::kNoneOf: return std::ranges::includes(one.values, other.values);
    case Kind::kExists:
    case Kind::kMissing: return true;
    case Kind::kRange:
      return one.field != Field::kHours && is_of_one_number(one, other) &&
             is_within(closed(one), closed(other));
  }
  return false;
}

bool has_no_number(const Condition& condition) {
  return condition.kind == Kind::kRange && is_empty(closed(condition));
}

bool leave_no_day(const std::vector<Condition>& needs) {
  Range dates;
  for (const Condition& need : needs) {
    if (need.field == Field::kDate) dates = intersection(dates, need.range);
  }
  const bool few = dates.least && dates.most && *dates.most - *dates.least < kDaysOfWeek;
  const std::int64_t first = few ? *dates.least : 0;
  const std::int64_t last = few ? *dates.most : kDaysOfWeek - 1;
  if (last < first) return false;  // no day at all, which is said of the dates
  for (std::int64_t day = first; day <= last; ++day) {
    const Date date{std::chrono::days(static_cast<int>(day))};
    const std::string_view name = kDays[weekday(date).iso_encoding() - 1];
    const bool meets_all = std::ranges::all_of(needs, [&](const Condition& need) {
      return need.field != Field::kDay || meets_day(need, name);
    });
    if (meets_all) return false;
  }
  return true;
}

}  // namespace laurel::programme
