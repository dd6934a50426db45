#pragma once
// Random programmes and baskets, for properties.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "kit.hpp"

namespace laurel::kit {

inline const char* const kDepartments[] = {"beauty", "fashion", "food"};
inline const char* const kBrands[] = {"acme", "bolt", "cord", "dune"};
inline const char* const kChannels[] = {"store", "online"};
inline const char* const kTags[] = {"new", "sale"};
inline const char* const kSegments[] = {"vip", "staff"};

struct Rule {
  std::string id;
  int effect = 0;  // 0 rate, 1 step, 2 multiply, 3 bonus, 4 per line, 5 per unit
  std::int64_t number = 1, per_minor = 100;
  int wallet = 0, lane = -1, rank = 0;
  std::vector<std::string> departments, not_brands, brands;
  std::string channel, not_tier, tag;
  std::int64_t basket_minor = 0, quantity = 0;
  std::string not_segment;
  std::int64_t age = 0, visited = 0;  // at least so old, at least so many departments so far
  bool limited = false;

  std::string text() const;
  // `visited_now`: departments so far, this sale counted; none: nobody knows.
  bool matches(const programme::Facts& facts, const programme::LineFacts& line, std::int64_t basket,
               std::optional<std::int64_t> visited_now) const;
};

inline std::string decimal(std::int64_t hundredths) {
  std::string digits = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (digits.size() < 2 ? "0" : "") + digits;
}

inline std::string list(const std::vector<std::string>& values) {
  std::string text = "[";
  for (const auto& value : values) text += (text.size() > 1 ? ", " : "") + value;
  return text + "]";
}

inline std::string Rule::text() const {
  std::string out = "- { id: " + id + ", wallet: " + (wallet == 0 ? "points" : "status");
  const std::string amount = decimal(per_minor);
  switch (effect) {
    case 0: out += ", rate: " + std::to_string(number) + " points per " + amount; break;
    case 1: out += ", rate: " + std::to_string(number) + " points per full " + amount; break;
    case 2: out += ", multiply: " + decimal(100 + number); break;
    case 3: out += ", bonus: " + std::to_string(number) + " points"; break;
    case 4: out += ", bonus: " + std::to_string(number) + " points per line"; break;
    default: out += ", bonus: " + std::to_string(number) + " points per unit"; break;
  }
  if (effect < 2) out += ", rank: " + std::to_string(rank);
  if (lane >= 0) out += ", lane: lane-" + std::to_string(wallet) + std::to_string(effect > 2);
  std::string when;
  const auto add = [&when](const std::string& part) { when += (when.empty() ? "" : ", ") + part; };
  if (!departments.empty()) add("department: " + list(departments));
  if (!brands.empty()) add("brand: " + list(brands));
  if (!not_brands.empty()) add("all: [ { brand: { not: " + list(not_brands) + " } } ]");
  if (!channel.empty()) add("channel: " + channel);
  if (!not_tier.empty()) add("tier: { not: " + not_tier + " }");
  if (!tag.empty()) add("tag: " + tag);
  if (basket_minor > 0) add("basket: { at_least: " + decimal(basket_minor) + " }");
  if (quantity > 0) add("quantity: { above: " + std::to_string(quantity) + " }");
  if (!not_segment.empty()) add("segment: { not: " + not_segment + " }");
  if (age > 0) add("none: [ { member: { age: { below: " + std::to_string(age) + " } } } ]");
  if (visited > 0) add("history: { departments: { at_least: " + std::to_string(visited) + " } }");
  if (limited) out += ", limit: { points: 9, every: day }";
  return out + (when.empty() ? "" : ", when: { " + when + " }") + " }\n";
}

inline bool has(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

inline bool Rule::matches(const programme::Facts& facts, const programme::LineFacts& line,
                          std::int64_t basket, std::optional<std::int64_t> visited_now) const {
  if (visited > 0 && visited_now.value_or(0) < visited) return false;
  if (!not_segment.empty() && (facts.member == nullptr || has(facts.member->segments, not_segment)))
    return false;
  if (age > 0) {
    if (facts.member == nullptr || !facts.member->born) return false;
    const std::chrono::year_month_day born(*facts.member->born);  // on 1 January
    if (2026 - int(born.year()) < age) return false;
  }
  if (!departments.empty() && !has(departments, line.department)) return false;
  if (!brands.empty() && !has(brands, line.brand)) return false;
  if (!not_brands.empty() && (line.brand.empty() || has(not_brands, line.brand))) return false;
  if (!channel.empty() && facts.channel != channel) return false;
  if (!not_tier.empty() && (facts.tier.empty() || facts.tier == not_tier)) return false;
  const auto tagged = [this](const std::string& value) { return value == tag; };
  if (!tag.empty() && std::ranges::none_of(line.tags, tagged)) return false;
  if (basket < basket_minor) return false;
  return quantity == 0 || line.quantity > Quantity::of(quantity);
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::int64_t upto(std::int64_t n) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(n + 1));
  }
  bool one_in(int n) { return upto(n - 1) == 0; }
  template <std::size_t N>
  const char* of(const char* const (&names)[N]) {
    return names[upto(N - 1)];
  }
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) {
      std::swap(values[i - 1], values[static_cast<std::size_t>(upto(static_cast<int>(i) - 1))]);
    }
  }

 private:
  std::mt19937_64 engine_;
};

struct World {
  std::vector<Rule> rules;
  Rounding mode = Rounding::kFloor;
  RoundingStage stage = RoundingStage::kTransaction;
  bool excludes = false;

  std::string head() const;
};

inline std::string World::head() const {
  const char* modes[] = {"floor", "half_up", "half_even", "ceil"};
  const std::string rounding =
      "    rounding: { mode: " + std::string(modes[static_cast<int>(mode)]) +
      ", at: " + (stage == RoundingStage::kLine ? "line" : "transaction") +
      " }\n    expires: never\n";
  kit::Parts parts;
  parts.wallets = "wallets:\n  points:\n" + rounding + "  status:\n" + rounding;
  parts.rules = "";
  parts.eligible = excludes ? "eligible: { exclude: { tags: [sale] } }\n" : "";
  return parts.text() + kit::two_tiers("next_day") +
         "lanes: { lane-00: best, lane-01: best, lane-10: best, lane-11: best }\n";
}

inline Rule random_rule(Random& random, int number) {
  Rule rule;
  rule.id = "r" + std::to_string(number);
  rule.effect = static_cast<int>(random.upto(5));
  rule.number = 1 + random.upto(rule.effect == 2 ? 250 : 9);
  const std::int64_t amounts[] = {100, 250, 33, 700, 1000};
  rule.per_minor = amounts[random.upto(4)];
  rule.wallet = static_cast<int>(random.upto(1));
  rule.rank = 1 + number;
  const bool competes = rule.effect == 2 || rule.effect == 3;
  if (competes && random.one_in(2)) rule.lane = 0;
  if (random.one_in(2)) rule.departments.push_back(random.of(kDepartments));
  if (random.one_in(3)) rule.brands = {random.of(kBrands)};
  if (rule.brands.empty() && random.one_in(3)) rule.not_brands = {random.of(kBrands)};
  if (random.one_in(4)) rule.channel = random.of(kChannels);
  if (random.one_in(4)) rule.not_tier = "gold";
  if (random.one_in(4)) rule.tag = random.of(kTags);
  if (random.one_in(4)) rule.basket_minor = 100 * (1 + random.upto(300));
  if (random.one_in(5)) rule.quantity = 1 + random.upto(3);
  if (random.one_in(6)) rule.not_segment = random.of(kSegments);
  if (random.one_in(6)) rule.age = 18 + random.upto(2);
  if (random.one_in(6)) rule.visited = 1 + random.upto(2);
  rule.limited = rule.lane < 0 && random.one_in(4);
  return rule;
}

inline World random_world(Random& random) {
  World world;
  const auto count = 1 + random.upto(14);
  for (int i = 0; i < count; ++i) world.rules.push_back(random_rule(random, i));
  world.rules[0].effect = 0;  // so that there is a rate to multiply in every wallet
  world.rules[0].wallet = 1;
  world.rules[0].lane = -1;
  world.mode = static_cast<Rounding>(random.upto(3));
  world.stage = random.one_in(3) ? RoundingStage::kLine : RoundingStage::kTransaction;
  world.excludes = random.one_in(3);
  return world;
}

inline void fill(Random& random, Basket& basket) {
  const auto lines = 1 + random.upto(5);
  for (int i = 0; i < lines; ++i) {
    basket.line(random.upto(20'000), random.one_in(6) ? "" : random.of(kDepartments));
    basket.quantity(Quantity(500 * (1 + random.upto(9))));
    if (!random.one_in(4)) basket.brand(random.of(kBrands));
    if (random.one_in(3)) basket.tag(random.of(kTags));
  }
  if (!random.one_in(3)) basket.facts.channel = random.of(kChannels);
  if (!random.one_in(3)) basket.tier(random.one_in(2) ? "gold" : "silver", 50'000);
  if (random.one_in(4)) return;
  basket.segment(random.of(kSegments));
  if (!random.one_in(4)) basket.born(std::to_string(2006 + random.upto(3)) + "-01-01");
  std::vector<std::string> before;
  for (const char* department : kDepartments) {
    if (random.one_in(3)) before.emplace_back(department);
  }
  basket.past(std::move(before));
}

inline std::string text_of(const World& world) {
  std::string text = world.head() + "rules:\n";
  for (const Rule& rule : world.rules) text += rule.text();
  return text;
}

inline std::string written(const programme::Decision& decision) {
  std::string text = std::to_string(decision.spend_minor);
  for (const auto& award : decision.awards) {
    text += ";" + std::string(award.rule) + "," + std::to_string(award.line) + "," +
            std::to_string(award.wallet) + "," + std::to_string(award.points.units());
  }
  return text;
}

}  // namespace laurel::kit
