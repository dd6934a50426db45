// `when`, as far as it speaks of time, of the member and of her past.

#include <algorithm>

#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::string_view kBounds[] = {"at_least", "above", "at_most", "below"};
constexpr int kDaysOfWeek = 7;
constexpr int kMonthsOfYear = 12;
constexpr int kMaxStretch = 36'600;  // a hundred years of days

// As the words say: N days, weeks, months or years; else this day, week, month, quarter, year.
Stretch stretch_of(const Phrase& within) {
  constexpr Stretch::Kind kThis[] = {Stretch::Kind::kThisDay, Stretch::Kind::kThisWeek,
                                     Stretch::Kind::kThisMonth, Stretch::Kind::kThisQuarter,
                                     Stretch::Kind::kThisYear};
  constexpr std::size_t kCounted = 4;
  if (within.which >= kCounted) return {kThis[within.which - kCounted]};
  const bool months = within.which >= 2;
  const bool large = within.which % 2 == 1;
  const int unit = large ? (months ? kMonthsOfYear : kDaysOfWeek) : 1;
  return {months ? Stretch::Kind::kMonths : Stretch::Kind::kDays, within.number * unit};
}

class PastReader {
 public:
  PastReader(const Block& when, const Draft& draft, Faults& faults, ConditionGroup& out)
      : when_(when), draft_(draft), faults_(faults), out_(out) {}

  void read() {
    read_hours();
    read_date();
    if (const auto member = when_.map("member")) {
      if (const auto enrolled = member->map("enrolled")) read_enrolled(*enrolled);
    }
    read_birthday();
    read_nth();
    read_first_purchase();
    if (const auto one = when_.map("history")) read_history(*one);
    for (const Block& one : when_.maps("history")) read_history(one);
  }

 private:
  Condition blank(std::string_view key, Field field) const {
    return {.field = field, .kind = Condition::Kind::kRange, .place = when_.place_of(key)};
  }

  // ---- Time

  void read_hours() {
    Condition condition = blank("hours", Field::kHours);
    for (const Node* node : when_.values("hours")) {
      condition.hours.push_back(*parse_hours(node->text));
      condition.text += (condition.text.empty() ? "hours: " : ", ") + node->text;
    }
    if (!condition.hours.empty()) out_.conditions.push_back(std::move(condition));
  }

  void read_date() {
    Condition condition = blank("date", Field::kDate);
    const auto days = [](const std::string& text) {
      return std::int64_t{parse_date(text)->time_since_epoch().count()};
    };
    if (const auto dates = when_.map("date")) {
      const auto from = dates->text("from");
      const auto until = dates->text("until");
      if (from) condition.range.least = days(*from);
      if (until) condition.range.most = days(*until);
      condition.text = "date:" + (from ? " from " + *from : std::string()) +
                       (until ? " until " + *until : std::string());
      if (from && until && *until < *from) {
        faults_.add(dates->place_of("until"), "empty_window", "it ends before it begins");
        return;
      }
      if (from || until) out_.conditions.push_back(std::move(condition));
    } else if (const auto date = when_.text("date")) {
      condition.range = {.least = days(*date), .most = days(*date)};
      condition.text = "date: " + *date;
      out_.conditions.push_back(std::move(condition));
    }
  }

  // ---- The member

  void read_enrolled(const Block& enrolled) {
    Condition condition{
        .field = Field::kEnrolled, .kind = Condition::Kind::kRange, .place = enrolled.place()};
    condition.text = "enrolled:";
    bool any = false;
    for (const std::string_view bound : kBounds) {
      const auto text = enrolled.text(bound);
      if (!text) continue;
      const bool lower = bound == "at_least" || bound == "above";
      auto& span = lower ? condition.least_span : condition.most_span;
      if (span) {
        faults_.add(enrolled.place_of(bound), "contradiction",
                    lower ? "`at_least` and `above` stand together"
                          : "`at_most` and `below` stand together");
      }
      span = *parse_period(*text);
      const bool open = bound == "above" || bound == "below";
      (lower ? condition.range.least_open : condition.range.most_open) = open;
      condition.text += " " + std::string(bound) + " " + *text;
      any = true;
    }
    if (any) return add_enrolled(std::move(condition));
    if (!enrolled.node().keys.empty() && !enrolled.has_strange_keys() &&
        std::ranges::none_of(kBounds, [&](auto bound) { return enrolled.has(bound); })) {
      faults_.add(enrolled.place(), "missing_key", "no bound stands here",
                  "one of `at_least`, `above`, `at_most` and `below`");
    }
  }

  // No day lies between them, whenever she was enrolled.
  void add_enrolled(Condition condition) {
    if (condition.least_span && condition.most_span) {
      const Date least = add(draft_day(), *condition.least_span);
      const Date most = add(draft_day(), *condition.most_span);
      if (most < least ||
          (most == least && (condition.range.least_open || condition.range.most_open))) {
        faults_.add(condition.place, "never_matches", "no time lies in `" + condition.text + "`");
      }
    }
    out_.conditions.push_back(std::move(condition));
  }

  static Date draft_day() {
    return std::chrono::year(2024) / std::chrono::January / 1;  // any day will do
  }

  void read_birthday() {
    if (const auto phrase = when_.phrase("birthday"); phrase && when_.has("birthday")) {
      const bool month = phrase->which == 1;
      Condition condition = blank("birthday", month ? Field::kBirthMonth : Field::kBirthday);
      condition.range.most = 0;
      condition.text = month ? "birthday: month" : "birthday: today";
      out_.conditions.push_back(std::move(condition));
    } else if (const auto map = when_.map("birthday")) {
      const auto within = map->phrase("within");
      if (!within) return;
      constexpr int kHalfYear = 182;
      if (within->number > kHalfYear) {
        faults_.add(map->place_of("within"), "out_of_range", "at most 182 days, half a year");
      }
      Condition condition = blank("birthday", Field::kBirthday);
      condition.range.most = within->number;
      condition.text = "birthday: within " + *map->text("within");
      out_.conditions.push_back(std::move(condition));
    }
  }

  // ---- The past

  void read_nth() {
    std::optional<std::int64_t> number = when_.whole("nth");
    Condition condition = blank("nth", Field::kNth);
    if (const auto map = when_.map("nth")) {
      number = map->whole("every");
      condition.every = true;
    }
    if (!number) return;
    condition.text =
        std::string(condition.every ? "nth: every " : "nth: ") + std::to_string(*number);
    if (*number == 0) {
      return faults_.add(when_.place_of("nth"), "never_matches", "the first is number 1");
    }
    if (condition.every && *number == 1) {
      return faults_.add(when_.place_of("nth"), "no_effect", "every single one is full");
    }
    condition.range = {.least = *number, .most = *number};
    count_same(condition.question);
    out_.conditions.push_back(std::move(condition));
  }

  // What is of the same kind as the transaction, by the conditions beside `nth`.
  void count_same(Question& question) {
    const std::pair<Field, std::vector<std::string>*> filters[] = {
        {Field::kEvent, &question.events},
        {Field::kDepartment, &question.departments},
        {Field::kCategory, &question.categories},
        {Field::kChannel, &question.channels},
        {Field::kStore, &question.stores}};
    for (const Condition& condition : out_.conditions) {
      for (const auto& [field, values] : filters) {
        if (condition.field != field) continue;
        if (condition.kind == Condition::Kind::kAnyOf && values->empty()) {
          *values = condition.values;
        } else {
          faults_.add(condition.place, "contradiction",
                      "`nth` cannot count by `" + condition.text + "`",
                      "name what is counted, one or a list");
        }
      }
    }
    if (question.events.empty()) return;
    question.of = Question::Of::kEvents;
    if (!question.categories.empty()) {
      faults_.add(when_.place_of("nth"), "never_matches", "an event has no category");
    }
  }

  void read_first_purchase() {
    const auto first = when_.text("first_purchase");
    if (!first) return;
    Condition condition = blank("first_purchase", Field::kNth);
    condition.text = "first_purchase: " + *first;
    if (*first == "true") {
      condition.range = {.least = 1, .most = 1};
    } else {
      condition.range = {.least = 2};
    }
    out_.conditions.push_back(std::move(condition));
  }

  void read_history(const Block& history) {
    constexpr std::pair<std::string_view, Question::Of> kKinds[] = {
        {"visits", Question::Of::kVisits},
        {"purchases", Question::Of::kPurchases},
        {"departments", Question::Of::kDepartments},
        {"events", Question::Of::kEvents},
        {"spend", Question::Of::kSpend}};
    for (const auto& [key, of] : kKinds) {
      if (const auto map = history.map(key)) read_count(*map, key, of);
    }
  }

  void read_count(const Block& map, std::string_view key, Question::Of of) {
    if (!draft_.currency) return;
    Condition condition{
        .field = Field::kHistory, .kind = Condition::Kind::kRange, .place = map.place()};
    condition.question.of = of;
    const int scale = of == Question::Of::kSpend ? draft_.currency->exponent() : 0;
    const auto bounds = read_bounds(map, scale, true, faults_, condition.range);
    std::string text = std::string(key) + ":" + bounds.value_or("");
    if (const auto within = map.phrase("within"); within && map.has("within")) {
      condition.question.within = stretch_of(*within);
      text += " within " + *map.text("within");
      if (condition.question.within.length > kMaxStretch) {
        faults_.add(map.place_of("within"), "out_of_range", "at most a hundred years");
      }
    }
    if (const auto place = map.map("in")) read_place(*place, condition.question, text);
    if (!bounds) return;
    condition.text = std::move(text);
    check_count(condition);
    out_.conditions.push_back(std::move(condition));
  }

  void read_place(const Block& place, Question& question, std::string& text) {
    const std::pair<std::string_view, std::vector<std::string>*> filters[] = {
        {"department", &question.departments},
        {"category", &question.categories},
        {"channel", &question.channels},
        {"store", &question.stores},
        {"event", &question.events}};
    for (const auto& [key, values] : filters) {
      for (const Node* node : place.values(key)) {
        values->push_back(node->text);
        text += (values->size() == 1 ? " in " + std::string(key) + " " : ", ") + node->text;
        if (key == "department" && !draft_.departments.empty()) {
          is_known(*node, key, draft_.departments, faults_);
        } else if (key == "channel" && !draft_.channels.empty()) {
          is_known(*node, key, draft_.channels, faults_);
        }
      }
      std::ranges::sort(*values);
    }
    if (!question.events.empty() && question.of != Question::Of::kEvents) {
      faults_.add(place.place_of("event"), "contradiction", "only `events` have names");
    }
    if (!question.categories.empty() && question.of == Question::Of::kEvents) {
      faults_.add(place.place_of("category"), "never_matches", "an event has no category");
    }
  }

  // The most that can ever be counted: so many departments, or days.
  void check_count(const Condition& condition) {
    const Question& question = condition.question;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    if (question.of == Question::Of::kDepartments) {
      const auto& there = question.departments.empty() ? draft_.departments : question.departments;
      if (!there.empty()) most = static_cast<std::int64_t>(there.size());
    }
    if (question.of == Question::Of::kVisits && question.within.kind == Stretch::Kind::kDays) {
      most = question.within.length;
    }
    const Range& range = condition.range;
    if (!range.least || *range.least + (range.least_open ? 1 : 0) <= most) return;
    faults_.add(
        condition.place, "never_matches",
        "`" + condition.text + "` is more than the " + std::to_string(most) + " that there can be");
  }

  const Block& when_;
  const Draft& draft_;
  Faults& faults_;
  ConditionGroup& out_;
};

}  // namespace

void read_past(const Block& when, const Draft& draft, Faults& faults, ConditionGroup& out) {
  PastReader(when, draft, faults, out).read();
}

}  // namespace laurel::programme
