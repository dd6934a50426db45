// `when` and `active`: what must be true for a rule.

#include <algorithm>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr int kQuantityScale = 3;
constexpr int kAttributeScale = 6;

constexpr std::pair<std::string_view, Field> kMatchers[] = {
    {"channel", Field::kChannel},     {"store", Field::kStore}, {"source", Field::kSource},
    {"currency", Field::kCurrency},   {"tier", Field::kTier},   {"event", Field::kEvent},
    {"segment", Field::kSegment},     {"day", Field::kDay},     {"department", Field::kDepartment},
    {"category", Field::kCategory},   {"brand", Field::kBrand}, {"sku", Field::kSku},
    {"associate", Field::kAssociate}, {"tag", Field::kTag}};

constexpr std::string_view kBounds[] = {"at_least", "above", "at_most", "below"};

// false: the range has an end on this side already.
bool set_bound(std::string_view bound, std::int64_t units, Range& range) {
  const bool lower = bound == "at_least" || bound == "above";
  auto& place = lower ? range.least : range.most;
  if (place) return false;
  place = units;
  (lower ? range.least_open : range.most_open) = bound == "above" || bound == "below";
  return true;
}

class ConditionReader {
 public:
  ConditionReader(const Draft& draft, Faults& faults) : draft_(draft), faults_(faults) {}

  ConditionGroup read(const Block& when, ConditionGroup::Kind kind) {
    ConditionGroup group{.kind = kind, .place = when.place()};
    for (const auto& [key, field] : kMatchers) read_matcher(when, key, field, group);
    if (const auto attributes = when.map("attributes")) {
      for (const Entry& entry : attributes->entries()) {
        read_matcher(*attributes, entry.key->text, Field::kAttribute, group);
      }
    }
    read_number(when, "quantity", Field::kQuantity, group);
    read_number(when, "amount", Field::kAmount, group);
    read_number(when, "basket", Field::kBasket, group);
    read_member(when, group);
    read_past(when, draft_, faults_, group);
    read_groups(when, "all", ConditionGroup::Kind::kAll, group);
    read_groups(when, "any", ConditionGroup::Kind::kAny, group);
    read_groups(when, "none", ConditionGroup::Kind::kNone, group);
    return group;
  }

 private:
  void read_groups(const Block& when, std::string_view key, ConditionGroup::Kind kind,
                   ConditionGroup& out) {
    const auto blocks = when.maps(key);
    if (blocks.empty()) return;
    ConditionGroup group{.kind = kind, .place = when.place_of(key)};
    for (const Block& block : blocks) {
      group.groups.push_back(read(block, ConditionGroup::Kind::kAll));
    }
    out.groups.push_back(std::move(group));
  }

  void read_matcher(const Block& block, std::string_view key, Field field, ConditionGroup& out) {
    if (!block.has(key)) return;
    Condition condition{.field = field, .place = block.place_of(key)};
    if (field == Field::kAttribute) condition.attribute = key;
    if (const auto map = block.map(key)) return read_matcher_map(*map, key, condition, out);
    add_values(block.values(key), std::string(key) + ": ", condition, out);
  }

  void read_matcher_map(const Block& map, std::string_view key, const Condition& blank,
                        ConditionGroup& out) {
    if (map.has("not")) {
      Condition condition = blank;
      condition.kind = Condition::Kind::kNoneOf;
      add_values(map.values("not"), std::string(key) + ": not ", condition, out);
    }
    if (blank.field == Field::kDay) return;  // there always is one
    if (const auto exists = map.text("exists")) {
      Condition condition = blank;
      condition.kind = *exists == "true" ? Condition::Kind::kExists : Condition::Kind::kMissing;
      condition.text = std::string(key) + ": exists " + *exists;
      out.conditions.push_back(std::move(condition));
    }
    if (blank.field == Field::kTier) read_tier_bounds(map, blank, out);
    if (blank.field == Field::kAttribute) read_range(map, key, kAttributeScale, blank, out);
  }

  void add_values(const std::vector<const Node*>& nodes, std::string text, Condition condition,
                  ConditionGroup& out) {
    if (nodes.empty()) return;  // all of them are faulty
    for (const Node* node : nodes) {
      check_name(*node, condition.field);
      condition.values.push_back(node->text);
      text += (node == nodes.front() ? "" : ", ") + node->text;
    }
    std::ranges::sort(condition.values);
    condition.text = std::move(text);
    out.conditions.push_back(std::move(condition));
  }

  void check_name(const Node& node, Field field) {
    if (field == Field::kDepartment && !draft_.departments.empty()) {
      is_known(node, "department", draft_.departments, faults_);
    } else if (field == Field::kChannel && !draft_.channels.empty()) {
      is_known(node, "channel", draft_.channels, faults_);
    } else if (field == Field::kTier) {
      level_of(node);
    } else if (field == Field::kCurrency && draft_.currency) {
      is_known(node, "currency", currencies_of(draft_), faults_);
    }
  }

  std::optional<std::size_t> level_of(const Node& node) {
    std::vector<std::string> ids;
    for (const TierLevel& level : draft_.tiers.levels) ids.push_back(level.id);
    if (!is_known(node, "tier", ids, faults_)) return std::nullopt;
    return static_cast<std::size_t>(std::ranges::find(ids, node.text) - ids.begin());
  }

  void read_tier_bounds(const Block& map, const Condition& blank, ConditionGroup& out) {
    for (const std::string_view key : {"at_least", "at_most"}) {
      for (const Node* node : map.values(key)) {
        const auto level = level_of(*node);
        if (!level) continue;
        Condition condition = blank;
        const bool lower = key == "at_most";
        for (std::size_t i = lower ? 0 : *level;
             i < (lower ? *level + 1 : draft_.tiers.levels.size()); ++i) {
          condition.values.push_back(draft_.tiers.levels[i].id);
        }
        std::ranges::sort(condition.values);
        condition.text = "tier: " + std::string(key) + " " + node->text;
        out.conditions.push_back(std::move(condition));
      }
    }
  }

  void read_number(const Block& when, std::string_view key, Field field, ConditionGroup& out) {
    if (!when.has(key) || !draft_.currency) return;
    const int scale = field == Field::kAge        ? 0
                      : field == Field::kQuantity ? kQuantityScale
                                                  : draft_.currency->exponent();
    Condition condition{
        .field = field, .kind = Condition::Kind::kRange, .place = when.place_of(key)};
    if (const auto map = when.map(key)) {
      if (field == Field::kBasket) {
        const auto base = map->phrase("threshold_base");
        if (base && base->which == 1) condition.field = Field::kBasketGross;
      }
      return read_range(*map, key, scale, condition, out);
    }
    for (const Node* node : when.values(key)) {
      const auto units = units_of(*node, node->text, scale, faults_);
      if (!units) continue;
      condition.range = {.least = *units, .most = *units};
      condition.text = std::string(key) + ": " + node->text;
      out.conditions.push_back(std::move(condition));
    }
  }

  void read_range(const Block& map, std::string_view key, int scale, Condition condition,
                  ConditionGroup& out) {
    condition.kind = Condition::Kind::kRange;
    const bool alone = condition.field != Field::kAttribute;
    const auto text = read_bounds(map, scale, alone, faults_, condition.range);
    if (!text) return;
    condition.text = std::string(key) + ":" + *text;
    out.conditions.push_back(std::move(condition));
  }

  void read_member(const Block& when, ConditionGroup& out) {
    const auto member = when.map("member");
    if (!member) return;
    read_matcher(*member, "language", Field::kLanguage, out);
    read_number(*member, "age", Field::kAge, out);
  }

  const Draft& draft_;
  Faults& faults_;
};

}  // namespace

std::optional<std::string> read_bounds(const Block& map, int scale, bool must_have_one,
                                       Faults& faults, Range& range) {
  std::string text;
  for (const std::string_view bound : kBounds) {
    for (const Node* node : map.values(bound)) {
      const auto units = units_of(*node, node->text, scale, faults);
      if (!units) continue;
      if (!set_bound(bound, *units, range)) {
        const bool lower = bound == "above";
        faults.add(node->place, "contradiction",
                   lower ? "`at_least` and `above` stand together"
                         : "`at_most` and `below` stand together");
      }
      text += " " + std::string(bound) + " " + node->text;
    }
  }
  if (!text.empty()) return text;
  if (must_have_one && !map.has_strange_keys() &&
      std::ranges::none_of(kBounds, [&](auto bound) { return map.has(bound); })) {
    faults.add(map.place(), "missing_key", "no bound stands here",
               "one of `at_least`, `above`, `at_most` and `below`");
  }
  return std::nullopt;
}

ConditionGroup read_when(const Block& when, const Draft& draft, Faults& faults) {
  return ConditionReader(draft, faults).read(when, ConditionGroup::Kind::kAll);
}

}  // namespace laurel::programme
