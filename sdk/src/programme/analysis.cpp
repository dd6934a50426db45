// What no single rule shows: rules that can meet where their order would matter, lanes whose rules
// cannot be compared, rules that can never match.

#include <algorithm>
#include <iterator>
#include <map>

#include "base/fault.hpp"
#include "programme/compiler.hpp"

namespace laurel::programme {
namespace {

using Kind = Condition::Kind;

bool share_a_value(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (auto at_a = a.begin(), at_b = b.begin(); at_a != a.end() && at_b != b.end();) {
    if (*at_a == *at_b) return true;
    *at_a < *at_b ? ++at_a : ++at_b;
  }
  return false;
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

// Whether both ranges are of the same number.
bool is_of_one_number(const Condition& a, const Condition& b) {
  if (a.field == Field::kHistory) return a.question == b.question;
  return a.field != Field::kNth && a.field != Field::kEnrolled && a.field != Field::kHours &&
         a.field != Field::kBirthday && a.field != Field::kBirthMonth;
}

// Whether no fact can meet both; false where that is not known.
bool exclude_each_other(const Condition& a, const Condition& b) {
  if (a.field != b.field || a.attribute != b.attribute) return false;
  if (a.kind > b.kind) return exclude_each_other(b, a);
  if (b.kind == Kind::kRange && a.kind == Kind::kRange) {
    if (!is_of_one_number(a, b)) return false;
    return is_empty(intersection(a.range, b.range));
  }
  const bool tag = a.field == Field::kTag || a.field == Field::kSegment;  // there may be several
  if (b.kind == Kind::kMissing || a.kind == Kind::kMissing) {
    const Kind other = b.kind == Kind::kMissing ? a.kind : b.kind;
    return tag ? other == Kind::kAnyOf || other == Kind::kExists : other != Kind::kMissing;
  }
  if (a.kind != Kind::kAnyOf) return false;
  if (b.kind == Kind::kAnyOf) return !tag && !share_a_value(a.values, b.values);
  return b.kind == Kind::kNoneOf && std::ranges::includes(b.values, a.values);
}

// The time of day as minutes; whether two windows share one.
bool share_an_hour(const std::vector<Hours>& a, const std::vector<Hours>& b) {
  if (a.empty() || b.empty()) return true;
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

bool share_a_time(const Window& a, const Window& b) {
  if (a.from && b.until && *b.until < *a.from) return false;
  if (b.from && a.until && *a.until < *b.from) return false;
  return (a.days & b.days) != 0 && share_an_hour(a.hours, b.hours);
}

bool can_meet(const RuleDraft& a, const RuleDraft& b) {
  if (!share_a_time(a.active, b.active)) return false;
  for (const Condition& one : a.when.conditions) {
    for (const Condition& other : b.when.conditions) {
      if (exclude_each_other(one, other)) return false;
    }
  }
  return true;
}

class Analysis {
 public:
  Analysis(const Draft& draft, Faults& faults) : draft_(draft), faults_(faults) {}

  void run() {
    for (const RuleDraft& rule : draft_.rules) {
      check_can_match(rule);
      check_base(rule);
      check_group(rule.when);
    }
    check_rates();
    check_lanes();
  }

 private:
  void never(Place place, std::string message) {
    faults_.add(place, "never_matches", std::move(message));
  }

  void check_group(const ConditionGroup& group) {
    if (group.kind != ConditionGroup::Kind::kAll) {
      for (const ConditionGroup& inner : group.groups) check_group(inner);
      return;
    }
    const auto& conditions = group.conditions;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      if (conditions[i].kind == Kind::kRange && is_empty(conditions[i].range)) {
        never(conditions[i].place, "no number lies in `" + conditions[i].text + "`");
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (exclude_each_other(conditions[j], conditions[i])) {
          never(conditions[i].place,
                "`" + conditions[j].text + "` and `" + conditions[i].text + "` exclude each other");
        }
      }
    }
    for (const ConditionGroup& inner : group.groups) check_group(inner);
  }

  void check_can_match(const RuleDraft& rule) {
    const bool on_lines =
        rule.effect != RuleDraft::Effect::kBonus || rule.bonus_per != Bonus::Per::kTransaction;
    for (const Condition& condition : rule.when.conditions) {
      const bool known = condition.kind != Kind::kMissing;
      if (condition.field == Field::kEvent && known && on_lines) {
        never(condition.place, "an event has no lines, so this rule gives nothing");
      }
      if (condition.field == Field::kNth && condition.question.of == Question::Of::kPurchases &&
          asks_for_event(rule)) {
        never(condition.place, "an event is no purchase");
      }
      for (const auto& [field, values] : draft_.eligible.exclude) {
        if (field == condition.field && condition.kind == Kind::kAnyOf && field != Field::kTag &&
            all_in(condition.values, values)) {
          never(condition.place, "`" + condition.text + "` is excluded under `eligible`");
        }
      }
    }
    if (rule.active.until && draft_.zone &&
        draft_.zone->start_of_day(add_days(*rule.active.until, 1)) <= draft_.effective_from) {
      never(rule.place, "the rule ends before the programme begins");
    }
  }

  static bool asks_for_event(const RuleDraft& rule) {
    return std::ranges::any_of(rule.when.conditions, [](const Condition& condition) {
      return condition.field == Field::kEvent && condition.kind != Kind::kMissing;
    });
  }

  // A multiplier needs a rate to multiply.
  void check_base(const RuleDraft& rule) {
    if (rule.effect != RuleDraft::Effect::kMultiply) return;
    const bool by_level =
        draft_.default_wallet == rule.wallet &&
        std::ranges::any_of(draft_.level_rates, [](const auto& rate) { return rate.has_value(); });
    const bool by_rule = std::ranges::any_of(draft_.rules, [&rule](const RuleDraft& other) {
      return other.effect == RuleDraft::Effect::kRate && other.wallet == rule.wallet;
    });
    if (by_level || by_rule) return;
    faults_.add(rule.place, "no_effect",
                "no rate earns in the wallet " + in_quotes(draft_.wallets[rule.wallet].id) +
                    ", so there is nothing to multiply");
  }

  static bool all_in(const std::vector<std::string>& some, const std::vector<std::string>& all) {
    return std::ranges::all_of(some, [&all](const std::string& value) {
      return std::ranges::find(all, value) != all.end();
    });
  }

  // Of two rates for one line one must be known to go first.
  void check_rates() {
    std::map<std::tuple<std::size_t, bool, std::int64_t>, std::vector<const RuleDraft*>> equals;
    for (const RuleDraft& rule : draft_.rules) {
      if (rule.effect != RuleDraft::Effect::kRate) continue;
      equals[{rule.wallet, rule.rank.has_value(), rule.rank.value_or(0)}].push_back(&rule);
    }
    for (const auto& [key, rules] : equals) {
      for (std::size_t i = 0; i < rules.size(); ++i) {
        for (std::size_t j = 0; j < i && !faults_.is_full(); ++j) {
          if (can_meet(*rules[j], *rules[i])) collide(*rules[j], *rules[i]);
        }
      }
    }
  }

  void collide(const RuleDraft& a, const RuleDraft& b) {
    faults_.add(b.place, "order_matters",
                "the rates of " + in_quotes(a.id) + " and " + in_quotes(b.id) +
                    " can meet on one line, and a line has one rate",
                "give them a `rank`, the smaller one to the rule that goes first");
  }

  void check_lanes() {
    for (std::size_t lane = 0; lane < draft_.lanes.size(); ++lane) {
      if (draft_.lanes[lane].kind == LaneKind::kAll) continue;
      std::vector<const RuleDraft*> rules;
      for (const RuleDraft& rule : draft_.rules) {
        if (rule.lane == lane) rules.push_back(&rule);
      }
      for (const RuleDraft* rule : rules) check_in_lane(draft_.lanes[lane], *rules.front(), *rule);
      if (draft_.lanes[lane].kind == LaneKind::kFirst) check_ranks(rules);
    }
  }

  void check_in_lane(const LaneDraft& lane, const RuleDraft& first, const RuleDraft& rule) {
    const auto of_transaction = [](const RuleDraft& one) {
      return one.effect == RuleDraft::Effect::kBonus && one.bonus_per == Bonus::Per::kTransaction;
    };
    if (first.wallet != rule.wallet || of_transaction(first) != of_transaction(rule)) {
      faults_.add(rule.place, "mixed_lane",
                  "the lane " + in_quotes(lane.id) + " holds " + in_quotes(first.id) +
                      " already, with which this rule cannot be compared",
                  "a lane has rules of one wallet, all for lines or all for the transaction");
    }
    if (lane.kind == LaneKind::kFirst && !rule.rank) {
      faults_.add(rule.place, "order_matters",
                  "in the lane " + in_quotes(lane.id) + " the smallest `rank` wins, and " +
                      in_quotes(rule.id) + " has none");
    }
  }

  void check_ranks(const std::vector<const RuleDraft*>& rules) {
    std::map<std::int64_t, const RuleDraft*> seen;
    for (const RuleDraft* rule : rules) {
      if (!rule->rank) continue;
      const auto [other, added] = seen.try_emplace(*rule->rank, rule);
      if (added) continue;
      faults_.add(rule->place, "order_matters",
                  in_quotes(other->second->id) + " and " + in_quotes(rule->id) +
                      " have the same `rank` in one lane");
    }
  }

  const Draft& draft_;
  Faults& faults_;
};

}  // namespace

void analyse(const Draft& draft, Faults& faults) { Analysis(draft, faults).run(); }

}  // namespace laurel::programme
