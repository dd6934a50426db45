// What no single rule shows: rules that can meet where their order would matter, lanes whose rules
// cannot be compared, rules that can never match.

#include <algorithm>
#include <map>

#include "base/fault.hpp"
#include "programme/compiler.hpp"
#include "programme/meeting.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

using Kind = Condition::Kind;

class Analysis {
 public:
  Analysis(const Draft& draft, Faults& faults) : draft_(draft), faults_(faults) {}

  void run() {
    for (const RuleDraft& rule : draft_.rules) {
      check_can_match(rule);
      check_base(rule);
      check_when(rule);
    }
    check_rates();
    check_lanes();
  }

 private:
  void never(Place place, std::string message) {
    faults_.add(place, "never_matches", std::move(message));
  }

  // `outer`: what must be true beside the group.
  void check_group(const ConditionGroup& group, const std::vector<Condition>& outer) {
    if (group.kind == ConditionGroup::Kind::kNone) {
      check_none(group, outer);
    } else if (group.kind == ConditionGroup::Kind::kAny && group.groups.size() > 1) {
      check_any(group, outer);
    } else {
      for (const ConditionGroup& inner : group.groups) check_group(inner, outer);
    }
  }

  // Conditions that must all be true. True: they cannot be.
  bool check_needs(const std::vector<Condition>& needs) {
    bool found = false;
    const auto tell = [&](Place place, std::string message) {
      found = true;
      never(place, std::move(message));
    };
    for (std::size_t i = 0; i < needs.size() && !faults_.is_full(); ++i) {
      if (has_no_number(needs[i])) {
        tell(needs[i].place, "no number lies in `" + needs[i].text + "`");
      }
      if (names_all(needs[i])) {
        tell(needs[i].place, "`" + needs[i].text + "` names all that there are");
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (!exclude_each_other(needs[j], needs[i])) continue;
        tell(needs[i].place,
             "`" + needs[j].text + "` and `" + needs[i].text + "` exclude each other");
      }
    }
    return found;
  }

  // A `not` of all that there are.
  bool names_all(const Condition& condition) const {
    if (condition.kind != Kind::kNoneOf) return false;
    const auto all = all_names(condition.field);
    return !all.empty() && all_in(all, condition.values);
  }

  // Empty: there may be any.
  std::vector<std::string> all_names(Field field) const {
    if (field == Field::kDepartment) return draft_.departments;
    if (field == Field::kChannel) return draft_.channels;
    if (field == Field::kDay) return {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    std::vector<std::string> names;
    if (field == Field::kTier) {
      for (const TierLevel& level : draft_.tiers.levels) names.push_back(level.id);
    } else if (field == Field::kCurrency) {
      names = currencies_of(draft_);
    }
    return names;
  }

  void check_any(const ConditionGroup& any, const std::vector<Condition>& outer) {
    bool possible = false;
    for (const ConditionGroup& inner : any.groups) {
      const auto needs = needs_of(inner, {});
      check_needs(needs);
      check_group(inner, needs);
      possible = possible || can_meet(outer, needs);
    }
    if (!possible) never(any.place, "each of `any` excludes what stands beside it");
  }

  void check_none(const ConditionGroup& none, const std::vector<Condition>& outer) {
    for (const ConditionGroup& inner : none.groups) {
      const auto refused = needs_of(inner, {});
      check_needs(refused);
      if (refused.size() != 1 || !inner.groups.empty()) continue;
      const auto same = std::ranges::find_if(
          outer, [&](const Condition& one) { return implies(one, refused.front()); });
      if (same == outer.end()) continue;
      never(refused.front().place,
            "`" + same->text + "` and `none: " + refused.front().text + "` exclude each other");
    }
  }

  void check_when(const RuleDraft& rule) {
    if (rule.active.from && rule.active.until && *rule.active.until < *rule.active.from) {
      return;  // said where it was read
    }
    const auto needs = needs_of(rule);
    if (check_needs(needs)) return;
    check_group(rule.when, needs);
    check_days(rule, needs);
    check_first_purchase(needs);
    if (std::ranges::any_of(needs, is_of_events)) check_of_event(needs);
  }

  // `active` by itself was looked at when it was read.
  void check_days(const RuleDraft& rule, const std::vector<Condition>& needs) {
    if (!leave_no_day(needs)) return;
    const auto asked = needs_of(rule.when, {});
    const auto of_days = std::ranges::find_if(asked, [](const Condition& one) {
      return one.field == Field::kDay || one.field == Field::kDate;
    });
    if (of_days == asked.end()) return;
    never(of_days->place, "`" + of_days->text + "` lies on no day that is left");
  }

  static bool is_of_events(const Condition& condition) {
    return condition.field == Field::kEvent && condition.kind != Kind::kMissing;
  }

  // An event has a department and an associate, and nothing is bought.
  void check_of_event(const std::vector<Condition>& needs) {
    constexpr Field kOfGoods[] = {Field::kCategory,  Field::kBrand,    Field::kSku,
                                  Field::kAttribute, Field::kQuantity, Field::kAmount};
    const bool is_counted = std::ranges::find(needs, Field::kNth, &Condition::field) != needs.end();
    for (const Condition& need : needs) {
      if (need.field == Field::kCategory && is_counted) continue;  // said where `nth` was read
      const bool goods = std::ranges::find(kOfGoods, need.field) != std::end(kOfGoods) &&
                         need.kind != Kind::kMissing;
      const bool basket = need.field == Field::kBasket || need.field == Field::kBasketGross;
      const bool above_zero = need.range.least && (*need.range.least > 0 || need.range.least_open);
      if (goods || (basket && above_zero)) {
        never(need.place, "an event has nothing of which `" + need.text + "` could be true");
      }
    }
  }

  // Whatever is counted of her purchases, there is one.
  void check_first_purchase(const std::vector<Condition>& needs) {
    const auto of_purchases = [](const Condition& need) {
      return (need.field == Field::kNth || need.field == Field::kHistory) &&
             need.question.of == Question::Of::kPurchases;
    };
    const auto first = std::ranges::find_if(needs, [&](const Condition& need) {
      return of_purchases(need) && need.range.most == 1 && need.question == Question{};
    });
    if (first == needs.end()) return;
    for (const Condition& need : needs) {
      const auto& range = need.range;
      if (!of_purchases(need) || !range.least || *range.least + (range.least_open ? 1 : 0) < 2)
        continue;
      if (need.question == first->question && need.field == first->field && !need.every) {
        continue;  // said already
      }
      never(need.place, "`" + first->text + "` and `" + need.text + "` exclude each other");
    }
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
      std::vector<std::vector<Condition>> needs;
      for (const RuleDraft* rule : rules) needs.push_back(needs_of(*rule));
      for (std::size_t i = 0; i < rules.size(); ++i) {
        for (std::size_t j = 0; j < i && !faults_.is_full(); ++j) {
          if (can_meet(needs[j], needs[i]) && share_a_day(needs[j], needs[i])) {
            collide(*rules[j], *rules[i]);
          }
        }
      }
    }
  }

  static bool share_a_day(std::vector<Condition> a, const std::vector<Condition>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return !leave_no_day(a);
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
