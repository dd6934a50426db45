// Conditions on the member and on her past.

#include <algorithm>
#include <set>

#include "programme/matching.hpp"

namespace laurel::programme {
namespace {

constexpr int kMonthsOfYear = 12;

std::chrono::year_month_day parts_of(Date date) { return std::chrono::year_month_day(date); }

// Whole years; who was born on 29 February is a year older on 28 February of other years.
std::int64_t age_on(Date day, Date born) {
  std::int64_t years = int(parts_of(day).year()) - int(parts_of(born).year());
  if (add_months(born, years * kMonthsOfYear) > day) --years;
  return years;
}

Date birthday_in(std::chrono::year year, Date born) {
  return add_months(born, std::int64_t{(year - parts_of(born).year()).count()} * kMonthsOfYear);
}

// Days from the nearest birthday, before or after.
std::int64_t days_from_birthday(Date day, Date born) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (int other = -1; other <= 1; ++other) {
    const auto year = parts_of(day).year() + std::chrono::years(other);
    least = std::min<std::int64_t>(least, std::abs((birthday_in(year, born) - day).count()));
  }
  return least;
}

// So long after, to the day.
bool is_within(Date day, Date start, const SpanRow& span, const Range& open) {
  if (span.least) {
    const Date least = add(start, *span.least);
    if (open.least_open ? day <= least : day < least) return false;
  }
  if (span.most) {
    const Date most = add(start, *span.most);
    if (open.most_open ? day >= most : day > most) return false;
  }
  return true;
}

bool admits(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::ranges::binary_search(wanted, value);
}

// What the transaction itself adds to a question, as the engine counts those before it.
class Own {
 public:
  Own(const Question& question, const Facts& facts, std::span<const std::int64_t> line_spend)
      : question_(question), facts_(facts), line_spend_(line_spend) {}

  bool is_sale() const { return facts_.event.empty(); }

  // Calls with each department, and what is spent there, that the question admits.
  template <class Visit>
  void each_place(Visit visit) const {
    if (!admits(question_.channels, facts_.channel) || !admits(question_.stores, facts_.store)) {
      return;
    }
    if (!is_sale()) {
      const bool here = admits(question_.departments, facts_.department);
      if (here && question_.categories.empty()) visit(facts_.department, 0);
      return;
    }
    for (std::size_t i = 0; i < facts_.lines.size(); ++i) {
      const LineFacts& line = facts_.lines[i];
      if (line.quantity == Quantity{} || !admits(question_.departments, line.department)) continue;
      if (admits(question_.categories, line.category)) visit(line.department, line_spend_[i]);
    }
  }

  bool is_one() const {
    if (question_.of == Question::Of::kPurchases && !is_sale()) return false;
    if (question_.of == Question::Of::kEvents) {
      if (is_sale() || !admits(question_.events, facts_.event)) return false;
    }
    bool any = false;
    each_place([&any](std::string_view, std::int64_t) { any = true; });
    return any;
  }

  std::int64_t spend() const {
    std::int64_t sum = 0;
    each_place([&sum](std::string_view, std::int64_t minor) { sum += minor; });
    return sum;
  }

  std::int64_t departments(const std::vector<std::string>& before) const {
    std::set<std::string_view> all(before.begin(), before.end());
    each_place([&](std::string_view department, std::int64_t minor) {
      if (!department.empty() && (minor > 0 || !is_sale())) all.insert(department);
    });
    return static_cast<std::int64_t>(all.size());
  }

 private:
  const Question& question_;
  const Facts& facts_;
  std::span<const std::int64_t> line_spend_;
};

}  // namespace

void Matcher::intern_segments() {
  work_.segments.clear();
  if (facts_.member == nullptr) return;
  const auto slot = std::ranges::find(tables_.transaction_slots, Field::kSegment, &Slot::field);
  for (const std::string& segment : facts_.member->segments) {
    work_.segments.push_back(slot->values.find(segment));
  }
}

Truth Matcher::segment_test(const Test& test) const {
  const bool known = !work_.segments.empty();
  if (test.op == Test::Op::kSegmentExists || test.op == Test::Op::kSegmentMissing) {
    return truth_of(known == (test.op == Test::Op::kSegmentExists));
  }
  const bool in =
      std::ranges::any_of(work_.segments, [&](ValueId segment) { return has_bit(test, segment); });
  return truth_of(in == (test.op == Test::Op::kSegmentIn));
}

Truth Matcher::birthday_test(const Test& test, Date born) const {
  const Date day = local().date;
  if (test.op == Test::Op::kBirthMonth) {
    return truth_of(parts_of(day).month() == parts_of(born).month());
  }
  return truth_of(is_within(days_from_birthday(day, born), test.range));
}

Truth Matcher::member_test(const Test& test) const {
  if (facts_.member == nullptr) {
    return test.op == Test::Op::kSegmentMissing ? Truth::kTrue : Truth::kMissing;
  }
  const MemberFacts& member = *facts_.member;
  if (test.field == Field::kSegment) return segment_test(test);
  if (test.op == Test::Op::kSpan) {
    const Date enrolled = programme_.zone.local_date(member.enrolled_at);
    return truth_of(is_within(local().date, enrolled, tables_.spans[test.bits], test.range));
  }
  if (!member.born) return Truth::kMissing;
  if (test.op != Test::Op::kAge) return birthday_test(test, *member.born);
  return truth_of(is_within(age_on(local().date, *member.born), test.range));
}

std::optional<std::int64_t> Matcher::counted(std::uint32_t index) const {
  const auto answer = std::ranges::lower_bound(facts_.answers, index, {}, &Answer::question);
  if (answer == facts_.answers.end() || answer->question != index) return std::nullopt;
  const Question& question = programme_.questions[index];
  const Own own(question, facts_, line_spend_);
  switch (question.of) {
    case Question::Of::kPurchases:
    case Question::Of::kEvents: return answer->number + (own.is_one() ? 1 : 0);
    case Question::Of::kVisits: return answer->number + (own.is_one() && !answer->today ? 1 : 0);
    case Question::Of::kSpend: return answer->number + own.spend();
    case Question::Of::kDepartments: return own.departments(answer->departments);
  }
  return std::nullopt;
}

Truth Matcher::past_test(const Test& test) const {
  const auto number = counted(test.bits);
  if (!number) return Truth::kMissing;
  if (test.op == Test::Op::kHistory) return truth_of(is_within(*number, test.range));
  if (!Own(programme_.questions[test.bits], facts_, line_spend_).is_one()) return Truth::kFalse;
  if (test.words == 0) return truth_of(is_within(*number, test.range));
  return truth_of(*number % *test.range.least == 0);
}

}  // namespace laurel::programme
