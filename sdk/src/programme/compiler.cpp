#include "programme/compiler.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"

namespace laurel::programme {
namespace {

constexpr std::uint32_t kBitsPerWord = 64;
constexpr std::size_t kMaxSlots = 1000;

// Facts that are texts of a dictionary; tags have one of their own.
bool is_text(Field field) {
  switch (field) {
    case Field::kChannel:
    case Field::kStore:
    case Field::kSource:
    case Field::kCurrency:
    case Field::kTier:
    case Field::kEvent:
    case Field::kSegment:
    case Field::kLanguage:
    case Field::kDay:
    case Field::kDepartment:
    case Field::kCategory:
    case Field::kBrand:
    case Field::kSku:
    case Field::kAssociate:
    case Field::kAttribute: return true;
    case Field::kHours:
    case Field::kDate:
    case Field::kAge:
    case Field::kEnrolled:
    case Field::kBirthday:
    case Field::kBirthMonth:
    case Field::kHistory:
    case Field::kNth:
    case Field::kBasket:
    case Field::kBasketGross:
    case Field::kTag:
    case Field::kQuantity:
    case Field::kAmount: return false;
  }
  return false;
}

bool is_of_member(Field field) {
  return field == Field::kSegment || field == Field::kLanguage || field == Field::kAge ||
         field == Field::kEnrolled || field == Field::kBirthday || field == Field::kBirthMonth;
}

// Strict, so that the same programme has the same limits in the same order.
bool comes_before(const Limit& a, const Limit& b) {
  const auto key = [](const Limit& limit) {
    return std::tuple(limit.is_budget, limit.per_member, limit.every.kind, limit.every.length,
                      limit.units, limit.times);
  };
  return key(a) < key(b);
}

class Compiler {
 public:
  Compiler(const Draft& draft, Tables& tables, Past& past)
      : draft_(draft), tables_(tables), past_(past) {}

  void intern_all() {
    for (const RuleDraft& rule : draft_.rules) intern(rule.when);
    for (const auto& [field, values] : draft_.eligible.exclude) {
      intern(Condition{.field = field, .values = values});
    }
  }

  void compile_rule(const RuleDraft& rule) {
    RuleRow row{.days = rule.active.days,
                .effect = rule.effect,
                .per = rule.bonus_per,
                .keep_bonus = rule.keep_bonus,
                .wallet = static_cast<std::uint16_t>(rule.wallet),
                .lane = rule.lane ? static_cast<std::uint16_t>(*rule.lane) : kNoLane,
                .rank = rule.rank.value_or(kNoRank)};
    const auto milliseconds = [this](Date day) {
      return draft_.zone->start_of_day(day).time_since_epoch().count();
    };
    if (rule.active.from) row.from_ms = milliseconds(*rule.active.from);
    if (rule.active.until) row.until_ms = milliseconds(add_days(*rule.active.until, 1));
    row.hours = {size_of(tables_.hours), static_cast<std::uint32_t>(rule.active.hours.size())};
    tables_.hours.insert(tables_.hours.end(), rule.active.hours.begin(), rule.active.hours.end());
    row.questions.first = size_of(tables_.rule_questions);
    row.transaction_tests = add_tests(rule.when, false);
    row.line_tests = add_tests(rule.when, true);
    row.groups = add_groups(rule.when.groups);
    row.questions.count = size_of(tables_.rule_questions) - row.questions.first;
    if (rule.effect == RuleDraft::Effect::kGrant) row.amount = add_grant(rule.grant);
    if (rule.effect == RuleDraft::Effect::kVoucher) {
      row.amount = size_of(tables_.gifts);
      tables_.gifts.push_back(rule.reward);
    }
    row.limits = add_limits(rule.limits);
    tables_.rules.push_back(row);
    tables_.rule_ids.push_back(rule.id);
  }

  // After those of the rules: "rule:…" comes before "wallet:…".
  void compile_wallet_limits() {
    tables_.wallets.resize(draft_.wallets.size());
    std::vector<std::size_t> order(draft_.wallet_limits.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [this](std::size_t i) { return draft_.wallets[i].id; });
    for (const std::size_t i : order) {
      tables_.wallets[i].limits = add_limits(draft_.wallet_limits[i]);
    }
  }

  void compile_exclude() {
    for (const auto& [field, values] : draft_.eligible.exclude) {
      tables_.exclude.push_back(
          test_of({.field = field, .values = values, .text = "excluded " + name_of(field)}));
    }
  }

  void compile_index() {
    tables_.transaction_postings.resize(tables_.transaction_slots.size());
    tables_.line_postings.resize(tables_.line_slots.size());
    std::vector<std::vector<std::vector<std::uint32_t>>> by_slot[2];
    by_slot[0].resize(tables_.transaction_slots.size());
    by_slot[1].resize(tables_.line_slots.size());
    std::vector<std::vector<std::uint32_t>> by_tag(tables_.tags.size());
    for (std::uint32_t i = 0; i < tables_.rules.size(); ++i) {
      const Test* key = key_of(tables_.rules[i]);
      if (key == nullptr) {
        tables_.unkeyed.push_back(i);
      } else if (key->op == Test::Op::kTagIn) {
        file_rule(*key, i, by_tag);
      } else {
        auto& values = by_slot[is_of_line(key->field) ? 1 : 0][key->slot];
        values.resize(slot_of(*key).values.size());
        file_rule(*key, i, values);
      }
    }
    for (std::size_t i = 0; i < by_slot[0].size(); ++i) {
      tables_.transaction_postings[i] = flattened(by_slot[0][i]);
    }
    for (std::size_t i = 0; i < by_slot[1].size(); ++i) {
      tables_.line_postings[i] = flattened(by_slot[1][i]);
    }
    tables_.tag_postings = flattened(by_tag);
  }

 private:
  template <class T>
  static std::uint32_t size_of(const std::vector<T>& values) {
    return static_cast<std::uint32_t>(values.size());
  }

  static std::string name_of(Field field) {
    switch (field) {
      case Field::kTag: return "tag";
      case Field::kDepartment: return "department";
      case Field::kCategory: return "category";
      case Field::kBrand: return "brand";
      case Field::kSku: return "sku";
      case Field::kChannel:
      case Field::kStore:
      case Field::kSource:
      case Field::kCurrency:
      case Field::kTier:
      case Field::kEvent:
      case Field::kSegment:
      case Field::kLanguage:
      case Field::kDay:
      case Field::kHours:
      case Field::kDate:
      case Field::kAge:
      case Field::kEnrolled:
      case Field::kBirthday:
      case Field::kBirthMonth:
      case Field::kHistory:
      case Field::kNth:
      case Field::kBasket:
      case Field::kBasketGross:
      case Field::kAssociate:
      case Field::kAttribute:
      case Field::kQuantity:
      case Field::kAmount: break;
    }
    return {};
  }

  // ---- Interning

  std::vector<Slot>& slots_of(Field field) {
    return is_of_line(field) ? tables_.line_slots : tables_.transaction_slots;
  }

  const Slot& slot_of(const Test& test) { return slots_of(test.field)[test.slot]; }

  std::uint16_t slot_for(Field field, std::string_view attribute) {
    auto& slots = slots_of(field);
    const auto found = std::ranges::find_if(slots, [&](const Slot& slot) {
      return slot.field == field && slot.attribute == attribute;
    });
    if (found != slots.end()) return static_cast<std::uint16_t>(found - slots.begin());
    slots.push_back({.field = field, .attribute = std::string(attribute)});
    return static_cast<std::uint16_t>(slots.size() - 1);
  }

  void intern(const ConditionGroup& group) {
    for (const Condition& condition : group.conditions) intern(condition);
    for (const ConditionGroup& inner : group.groups) intern(inner);
  }

  void intern(const Condition& condition) {
    if (condition.field == Field::kTag) {
      tables_.uses_tags = true;
      for (const std::string& value : condition.values) tables_.tags.add(value);
    } else if (is_text(condition.field) && condition.kind != Condition::Kind::kRange) {
      if (slots_of(condition.field).size() >= kMaxSlots) return;
      auto& values =
          slots_of(condition.field)[slot_for(condition.field, condition.attribute)].values;
      for (const std::string& value : condition.values) values.add(value);
    }
  }

  // ---- Tests

  static Test::Op op_of(const Condition& condition) {
    const bool tag = condition.field == Field::kTag;
    if (condition.field == Field::kSegment) return segment_op(condition.kind);
    switch (condition.kind) {
      case Condition::Kind::kAnyOf: return tag ? Test::Op::kTagIn : Test::Op::kIn;
      case Condition::Kind::kNoneOf: return tag ? Test::Op::kTagNotIn : Test::Op::kNotIn;
      case Condition::Kind::kExists: return tag ? Test::Op::kTagExists : Test::Op::kExists;
      case Condition::Kind::kMissing: return tag ? Test::Op::kTagMissing : Test::Op::kMissing;
      case Condition::Kind::kRange: return range_op(condition.field);
    }
    return Test::Op::kIn;
  }

  static Test::Op segment_op(Condition::Kind kind) {
    switch (kind) {
      case Condition::Kind::kNoneOf: return Test::Op::kSegmentNotIn;
      case Condition::Kind::kExists: return Test::Op::kSegmentExists;
      case Condition::Kind::kMissing: return Test::Op::kSegmentMissing;
      case Condition::Kind::kAnyOf:
      case Condition::Kind::kRange: break;
    }
    return Test::Op::kSegmentIn;
  }

  static Test::Op range_op(Field field) {
    constexpr std::pair<Field, Test::Op> kOps[] = {
        {Field::kHours, Test::Op::kHours},       {Field::kDate, Test::Op::kDate},
        {Field::kAge, Test::Op::kAge},           {Field::kEnrolled, Test::Op::kSpan},
        {Field::kBirthday, Test::Op::kBirthday}, {Field::kBirthMonth, Test::Op::kBirthMonth},
        {Field::kHistory, Test::Op::kHistory},   {Field::kNth, Test::Op::kNth}};
    const auto found = std::ranges::find(kOps, field, &std::pair<Field, Test::Op>::first);
    return found == std::end(kOps) ? Test::Op::kRange : found->second;
  }

  // What tests of time and of the member have beside their range.
  void add_member_test(const Condition& condition, Test& test) {
    if (test.op == Test::Op::kHours) {
      test.bits = size_of(tables_.hours);
      test.words = static_cast<std::uint32_t>(condition.hours.size());
      tables_.hours.insert(tables_.hours.end(), condition.hours.begin(), condition.hours.end());
    } else if (test.op == Test::Op::kSpan) {
      test.bits = size_of(tables_.spans);
      tables_.spans.push_back({condition.least_span, condition.most_span});
    } else if (test.op == Test::Op::kHistory || test.op == Test::Op::kNth) {
      test.bits = question_for(condition.question);
      test.words = condition.every ? 1 : 0;
      tables_.rule_questions.push_back(test.bits);
    }
  }

  std::uint32_t question_for(const Question& question) {
    const auto found = std::ranges::find(past_.questions, question);
    if (found != past_.questions.end()) {
      return static_cast<std::uint32_t>(found - past_.questions.begin());
    }
    past_.questions.push_back(question);
    return size_of(past_.questions) - 1;
  }

  std::int64_t add_grant(const GrantDraft& grant) {
    GrantRow row{.ends = grant.ends,
                 .level = grant.level,
                 .after = grant.after,
                 .unit = grant.unit,
                 .reason = grant.reason};
    if (grant.ends == GrantDraft::Ends::kOn) {
      row.until = draft_.zone->start_of_day(add_days(grant.on, 1));
    }
    tables_.grants.push_back(std::move(row));
    return size_of(tables_.grants) - 1;
  }

  Part add_limits(std::vector<Limit> limits) {
    const Part part{size_of(past_.limits), static_cast<std::uint32_t>(limits.size())};
    std::ranges::sort(limits, comes_before);
    past_.limits.insert(past_.limits.end(), limits.begin(), limits.end());
    return part;
  }

  Test test_of(const Condition& condition) {
    Test test{.op = op_of(condition), .field = condition.field};
    test.source = size_of(tables_.sources);
    tables_.sources.push_back({condition.text, condition.attribute});
    past_.asks_member = past_.asks_member || is_of_member(condition.field);
    if (condition.kind == Condition::Kind::kRange) {
      test.range = condition.range;
      add_member_test(condition, test);
      return test;
    }
    const bool tag = condition.field == Field::kTag;
    if (!tag) test.slot = slot_for(condition.field, condition.attribute);
    const Dictionary& values = tag ? tables_.tags : slot_of(test).values;
    test.bits = size_of(tables_.bits);
    std::vector<ValueId> ids;
    for (const std::string& text : condition.values) ids.push_back(values.find(text));
    std::ranges::sort(ids);
    if (ids.empty()) return test;
    // Only the words that hold a bit, as a slot may have many values and a test few of them.
    test.first_word = ids.front() / kBitsPerWord;
    test.words = ids.back() / kBitsPerWord - test.first_word + 1;
    tables_.bits.resize(tables_.bits.size() + test.words);
    for (const ValueId id : ids) {
      tables_.bits[test.bits + id / kBitsPerWord - test.first_word] |= std::uint64_t{1}
                                                                       << (id % kBitsPerWord);
    }
    return test;
  }

  Part add_tests(const ConditionGroup& group, bool of_line) {
    Part part{size_of(tables_.tests), 0};
    for (const Condition& condition : group.conditions) {
      if (is_of_line(condition.field) != of_line) continue;
      tables_.tests.push_back(test_of(condition));
      ++part.count;
    }
    return part;
  }

  Part add_all_tests(const ConditionGroup& group) {
    Part part = add_tests(group, false);
    part.count += add_tests(group, true).count;
    return part;
  }

  // Groups of one level stand together, those within them after them.
  Part add_groups(const std::vector<ConditionGroup>& groups) {
    const Part part{size_of(tables_.groups), static_cast<std::uint32_t>(groups.size())};
    tables_.groups.resize(tables_.groups.size() + groups.size());
    for (std::uint32_t i = 0; i < part.count; ++i) {
      GroupRow row{.kind = groups[i].kind};
      row.tests = add_all_tests(groups[i]);
      row.groups = add_groups(groups[i].groups);
      tables_.groups[part.first + i] = row;
    }
    return part;
  }

  // ---- The index

  static std::size_t count_bits(const std::vector<std::uint64_t>& bits, const Test& test) {
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < test.words; ++i) {
      count += static_cast<std::size_t>(std::popcount(bits[test.bits + i]));
    }
    return count;
  }

  // Whether `a` lets fewer transactions pass than `b`, roughly: it asks for fewer of the texts that
  // its fact is known to have.
  bool is_rarer(const Test& a, const Test& b) {
    const auto known = [this](const Test& test) {
      return test.op == Test::Op::kTagIn ? tables_.tags.size() : slot_of(test).values.size();
    };
    return count_bits(tables_.bits, a) * known(b) < count_bits(tables_.bits, b) * known(a);
  }

  const Test* key_of(const RuleRow& rule) {
    const Test* best = nullptr;
    for (const Part part : {rule.transaction_tests, rule.line_tests}) {
      for (std::uint32_t i = part.first; i < part.first + part.count; ++i) {
        const Test& test = tables_.tests[i];
        // A line may have two of several tags; it would find the rule twice.
        const bool usable = test.op == Test::Op::kIn ||
                            (test.op == Test::Op::kTagIn && count_bits(tables_.bits, test) == 1);
        if (usable && (best == nullptr || is_rarer(test, *best))) best = &test;
      }
    }
    return best;
  }

  void file_rule(const Test& key, std::uint32_t rule,
                 std::vector<std::vector<std::uint32_t>>& by_value) {
    for (std::uint32_t i = 0; i < key.words; ++i) {
      for (std::uint64_t word = tables_.bits[key.bits + i]; word != 0; word &= word - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(word));
        by_value[(key.first_word + i) * kBitsPerWord + bit].push_back(rule);
      }
    }
  }

  static Postings flattened(const std::vector<std::vector<std::uint32_t>>& by_value) {
    Postings out;
    for (const auto& rules : by_value) {
      out.first.push_back(size_of(out.rules));
      out.rules.insert(out.rules.end(), rules.begin(), rules.end());
    }
    if (!out.rules.empty()) out.first.push_back(size_of(out.rules));
    if (out.rules.empty()) out.first.clear();
    return out;
  }

  const Draft& draft_;
  Tables& tables_;
  Past& past_;
};

void compile_exchange(const Draft& draft, Tables& tables) {
  for (const auto& [code, rates] : draft.exchange) {
    ExchangeRow row{*Currency::of(code), {}};
    for (const RateFrom& rate : rates) {
      const auto factor = minor_unit_rate(rate.rate, row.currency, *draft.currency);
      LAUREL_ASSERT(factor.ok(), "an exchange rate that was read has a factor");
      const Instant from =
          rate.from == Date::min() ? Instant::min() : draft.zone->start_of_day(rate.from);
      row.rates.push_back({from, rate.rate, *factor});
    }
    tables.exchange.push_back(std::move(row));
  }
}

}  // namespace

std::unique_ptr<const Tables> compile(const Draft& draft, Past& past, Faults& faults) {
  auto tables = std::make_unique<Tables>();
  Compiler compiler(draft, *tables, past);
  compiler.intern_all();
  if (tables->line_slots.size() >= kMaxSlots) {
    faults.add({}, "too_large", "the rules ask for more than 1,000 different attributes");
    return tables;
  }
  for (const RuleDraft& rule : draft.rules) compiler.compile_rule(rule);
  compiler.compile_wallet_limits();
  compiler.compile_exclude();
  compiler.compile_index();
  compile_rates(draft, *tables, faults);
  compile_exchange(draft, *tables);
  for (const LaneDraft& lane : draft.lanes) tables->lanes.push_back(lane.kind);
  tables->crossing = draft.tiers.crossing;
  tables->eligible = draft.eligible.amount;
  tables->earn_on = draft.eligible.earn_on;
  tables->tenders_that_do_not_earn = draft.eligible.tenders;
  return tables;
}

}  // namespace laurel::programme
