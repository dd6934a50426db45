#include "programme/matching.hpp"

#include <algorithm>

#include "base/decimal.hpp"

namespace laurel::programme {
namespace {

constexpr std::size_t kBitsPerWord = 64;
constexpr int kAttributeScale = 6;

bool is_in(const Tables& tables, const Test& test, ValueId value) {
  const std::size_t word = value / kBitsPerWord - std::size_t{test.first_word};
  if (word >= test.words) return false;  // below the first word it wraps around
  return (tables.bits[test.bits + word] >> (value % kBitsPerWord) & 1U) != 0;
}

bool holds(Truth truth) { return truth == Truth::kTrue || truth == Truth::kOpen; }

constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

bool in_hours(TimeOfDay time, const Hours& hours) {
  if (hours.from < hours.until) return hours.from <= time && time < hours.until;
  return hours.from <= time || time < hours.until;
}

}  // namespace

bool is_within(std::int64_t value, const Range& range) {
  if (range.least && (range.least_open ? value <= *range.least : value < *range.least))
    return false;
  return !(range.most && (range.most_open ? value >= *range.most : value > *range.most));
}

Matcher::Matcher(const Compiled& programme, const Facts& facts, Fraction factor, bool asking,
                 Workspace& workspace)
    : programme_(programme),
      tables_(*programme.tables),
      facts_(facts),
      factor_(factor),
      asking_(asking),
      work_(workspace) {
  tag_words_ = tables_.uses_tags ? (tables_.tags.size() + kBitsPerWord - 1) / kBitsPerWord : 0;
  // An event has no lines; where it took place stands in the row of line 0.
  const std::size_t rows = std::max<std::size_t>(facts.lines.size(), 1);
  work_.line_values.assign(rows * tables_.line_slots.size(), kMissingValue);
  work_.tag_bits.assign(rows * tag_words_, 0);
  intern_transaction();
}

void Matcher::intern_transaction() {
  work_.transaction_values.clear();
  for (const Slot& slot : tables_.transaction_slots) {
    std::string_view text;
    switch (slot.field) {
      case Field::kChannel: text = facts_.channel; break;
      case Field::kStore: text = facts_.store; break;
      case Field::kSource: text = facts_.source; break;
      case Field::kCurrency:
        if (facts_.currency) text = facts_.currency->code();
        break;
      case Field::kTier: text = facts_.tier; break;
      case Field::kEvent: text = facts_.event; break;
      case Field::kLanguage:
        if (facts_.member != nullptr) text = facts_.member->language;
        break;
      case Field::kDay: text = kDays[weekday(local().date).iso_encoding() - 1]; break;
      case Field::kSegment: intern_segments(); break;
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
      case Field::kDepartment:
      case Field::kCategory:
      case Field::kBrand:
      case Field::kSku:
      case Field::kAssociate:
      case Field::kTag:
      case Field::kAttribute:
      case Field::kQuantity:
      case Field::kAmount: break;
    }
    work_.transaction_values.push_back(slot.values.find(text));
  }
}

void Matcher::intern(std::int64_t basket_minor, std::int64_t gross_basket_minor,
                     std::span<const std::int64_t> line_spend_minor) {
  basket_minor_ = basket_minor;
  gross_basket_minor_ = gross_basket_minor;
  line_spend_ = line_spend_minor;
}

const LocalTime& Matcher::local() const {
  if (!local_) local_ = programme_.zone.local_time(facts_.at);
  return *local_;
}

std::string_view Matcher::line_text(const Slot& slot, std::int32_t line) const {
  if (facts_.lines.empty()) {
    if (slot.field == Field::kAssociate) return facts_.associate;
    return slot.field == Field::kDepartment ? facts_.department : std::string_view();
  }
  const LineFacts& facts = facts_.lines[static_cast<std::size_t>(line)];
  switch (slot.field) {
    case Field::kDepartment: return facts.department;
    case Field::kCategory: return facts.category;
    case Field::kBrand: return facts.brand;
    case Field::kSku: return facts.sku;
    case Field::kAssociate: return facts.associate.empty() ? facts_.associate : facts.associate;
    case Field::kAttribute:
      for (const auto& [name, value] : facts.attributes) {
        if (name == slot.attribute) return value;
      }
      return {};
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
    case Field::kTag:
    case Field::kQuantity:
    case Field::kAmount: break;
  }
  return {};
}

void Matcher::intern_line(std::int32_t line) {
  const std::size_t slots = tables_.line_slots.size();
  ValueId* row = work_.line_values.data() + static_cast<std::size_t>(line) * slots;
  for (std::size_t i = 0; i < slots; ++i) {
    const Slot& slot = tables_.line_slots[i];
    row[i] = slot.values.find(line_text(slot, line));
  }
  if (tables_.uses_tags) intern_tags(line);
}

void Matcher::intern_tags(std::int32_t line) {
  std::uint64_t* row = work_.tag_bits.data() + static_cast<std::size_t>(line) * tag_words_;
  const auto add = [&](std::span<const std::string> tags) {
    for (const std::string& tag : tags) {
      const ValueId id = tables_.tags.find(tag);
      if (id != kMissingValue) row[id / kBitsPerWord] |= std::uint64_t{1} << (id % kBitsPerWord);
    }
  };
  add(facts_.tags);
  if (!facts_.lines.empty()) add(facts_.lines[static_cast<std::size_t>(line)].tags);
}

const Test* Matcher::excluding_test(std::int32_t line) const {
  for (const Test& exclude : tables_.exclude) {
    if (test(exclude, line) == Truth::kTrue) return &exclude;
  }
  return nullptr;
}

std::string Matcher::exclusion(const Test& test, std::int32_t line) const {
  const std::string text = tables_.sources[test.source].text + ": ";
  if (test.field != Field::kTag) {
    return text + std::string(line_text(tables_.line_slots[test.slot], line));
  }
  for (const auto tags : {facts_.tags, facts_.lines[static_cast<std::size_t>(line)].tags}) {
    for (const std::string& tag : tags) {
      if (is_in(tables_, test, tables_.tags.find(tag))) {
        return text + tag;
      }
    }
  }
  return text;
}

Truth Matcher::text_test(const Test& test, ValueId value) const {
  if (test.op == Test::Op::kExists) return truth_of(value != kMissingValue);
  if (test.op == Test::Op::kMissing) return truth_of(value == kMissingValue);
  if (value == kMissingValue) return Truth::kMissing;
  const bool in = is_in(tables_, test, value);
  return truth_of(in == (test.op == Test::Op::kIn));
}

Truth Matcher::tag_test(const Test& test, std::int32_t line) const {
  const std::uint64_t* row = work_.tag_bits.data() + static_cast<std::size_t>(line) * tag_words_;
  bool any = false;
  if (test.op == Test::Op::kTagExists || test.op == Test::Op::kTagMissing) {
    any = std::any_of(row, row + tag_words_, [](std::uint64_t word) { return word != 0; });
    return truth_of(any == (test.op == Test::Op::kTagExists));
  }
  for (std::uint32_t i = 0; i < test.words; ++i) {
    any = any || (row[test.first_word + i] & tables_.bits[test.bits + i]) != 0;
  }
  return truth_of(any == (test.op == Test::Op::kTagIn));
}

bool Matcher::has_bit(const Test& test, ValueId value) const { return is_in(tables_, test, value); }

// An amount of the facts' currency against bounds in the programme's.
bool Matcher::in_range(std::int64_t minor, const Range& range) const {
  if (factor_ == Fraction(1)) return is_within(minor, range);
  const Int128 value = Int128{minor} * factor_.numerator();
  const auto side = [&](std::int64_t bound) {
    const Int128 scaled = Int128{bound} * factor_.denominator();
    return value < scaled ? -1 : (value > scaled ? 1 : 0);
  };
  if (range.least && side(*range.least) < (range.least_open ? 1 : 0)) return false;
  return !(range.most && side(*range.most) > (range.most_open ? -1 : 0));
}

Truth Matcher::attribute_range(const Test& test, std::int32_t line) const {
  const Slot slot{.field = Field::kAttribute, .attribute = tables_.sources[test.source].attribute};
  const std::string_view text = line_text(slot, line);
  if (text.empty()) return Truth::kMissing;
  const auto value = parse_scaled(text, kAttributeScale);
  return value ? truth_of(is_within(*value, test.range)) : Truth::kMissing;
}

Truth Matcher::range_test(const Test& test, std::int32_t line) const {
  if (test.field == Field::kAttribute) return attribute_range(test, line);
  if (facts_.lines.empty()) return Truth::kMissing;
  if (test.field == Field::kBasket) return truth_of(in_range(basket_minor_, test.range));
  if (test.field == Field::kBasketGross) return truth_of(in_range(gross_basket_minor_, test.range));
  const LineFacts& facts = facts_.lines[static_cast<std::size_t>(line)];
  if (test.field == Field::kQuantity) {
    return truth_of(is_within(facts.quantity.thousandths(), test.range));
  }
  return truth_of(in_range(facts.amount_minor, test.range));
}

Truth Matcher::test(const Test& test, std::int32_t line) const {
  switch (test.op) {
    case Test::Op::kIn:
    case Test::Op::kNotIn:
    case Test::Op::kExists:
    case Test::Op::kMissing: {
      if (!is_of_line(test.field)) return text_test(test, work_.transaction_values[test.slot]);
      const std::size_t row = static_cast<std::size_t>(line) * tables_.line_slots.size();
      return text_test(test, work_.line_values[row + test.slot]);
    }
    case Test::Op::kTagIn:
    case Test::Op::kTagNotIn:
    case Test::Op::kTagExists:
    case Test::Op::kTagMissing: return tag_test(test, line);
    case Test::Op::kRange: return range_test(test, line);
    case Test::Op::kHours: {
      const auto first = tables_.hours.begin() + test.bits;
      return truth_of(std::any_of(first, first + test.words, [this](const Hours& hours) {
        return in_hours(local().time, hours);
      }));
    }
    case Test::Op::kDate:
      return truth_of(is_within(local().date.time_since_epoch().count(), test.range));
    case Test::Op::kAge:
    case Test::Op::kSpan:
    case Test::Op::kBirthday:
    case Test::Op::kBirthMonth:
    case Test::Op::kSegmentIn:
    case Test::Op::kSegmentNotIn:
    case Test::Op::kSegmentExists:
    case Test::Op::kSegmentMissing: return member_test(test);
    case Test::Op::kHistory:
    case Test::Op::kNth: return asking_ ? Truth::kOpen : past_test(test);
  }
  return Truth::kFalse;
}

Truth Matcher::group(const GroupRow& row, std::int32_t line) const {
  bool missing = false;
  bool any_true = false;
  bool any_false = false;
  bool open = false;
  const auto count = [&](Truth truth) {
    open = open || truth == Truth::kOpen;
    missing = missing || truth == Truth::kMissing;
    any_true = any_true || truth == Truth::kTrue;
    any_false = any_false || truth == Truth::kFalse;
  };
  for (std::uint32_t i = 0; i < row.tests.count; ++i) {
    count(test(tables_.tests[row.tests.first + i], line));
  }
  for (std::uint32_t i = 0; i < row.groups.count; ++i) {
    count(group(tables_.groups[row.groups.first + i], line));
  }
  const Truth rest = missing ? Truth::kMissing : (open ? Truth::kOpen : Truth::kTrue);
  switch (row.kind) {
    case ConditionGroup::Kind::kAll: return any_false ? Truth::kFalse : rest;
    // What is open may yet be true, and then nothing else matters.
    case ConditionGroup::Kind::kAny:
      if (any_true || open) return any_true ? Truth::kTrue : Truth::kOpen;
      return missing ? Truth::kMissing : Truth::kFalse;
    case ConditionGroup::Kind::kNone: return any_true ? Truth::kFalse : rest;
  }
  return Truth::kFalse;
}

std::optional<Failure> Matcher::window_failure(const RuleRow& rule) {
  const std::int64_t at_ms = facts_.at.time_since_epoch().count();
  if (at_ms < rule.from_ms || at_ms >= rule.until_ms) {
    return Failure{.why = Failure::Why::kOutsideDates};
  }
  if (rule.days == kEveryDay && rule.hours.count == 0) return std::nullopt;
  const unsigned day = weekday(local().date).iso_encoding() - 1;
  if ((rule.days >> day & 1U) == 0) return Failure{.why = Failure::Why::kOutsideDays};
  if (rule.hours.count == 0) return std::nullopt;
  const auto first = tables_.hours.begin() + rule.hours.first;
  const bool within = std::any_of(first, first + rule.hours.count, [this](const Hours& hours) {
    return in_hours(local().time, hours);
  });
  if (within) return std::nullopt;
  return Failure{.why = Failure::Why::kOutsideHours};
}

std::optional<Failure> Matcher::transaction_failure(const RuleRow& rule) {
  if (auto failure = window_failure(rule)) return failure;
  for (std::uint32_t i = 0; i < rule.transaction_tests.count; ++i) {
    const std::uint32_t index = rule.transaction_tests.first + i;
    const Truth truth = test(tables_.tests[index], 0);
    if (!holds(truth)) return Failure{.truth = truth, .index = index};
  }
  return std::nullopt;
}

std::optional<Failure> Matcher::line_failure(const RuleRow& rule, std::int32_t line) const {
  for (std::uint32_t i = 0; i < rule.line_tests.count; ++i) {
    const std::uint32_t index = rule.line_tests.first + i;
    const Truth truth = test(tables_.tests[index], line);
    if (!holds(truth)) return Failure{.truth = truth, .index = index};
  }
  for (std::uint32_t i = 0; i < rule.groups.count; ++i) {
    const std::uint32_t index = rule.groups.first + i;
    const Truth truth = group(tables_.groups[index], line);
    if (!holds(truth)) {
      return Failure{.why = Failure::Why::kGroup, .truth = truth, .index = index};
    }
  }
  return std::nullopt;
}

}  // namespace laurel::programme
