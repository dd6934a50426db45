// Random programmes and baskets: what the compiled programme earns is what a plain reading of its
// rules earns, whatever the order they are written in.

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "kit.hpp"
#include "programme/workspace.hpp"

namespace laurel {
namespace {

using kit::Basket;

struct Ratio {
  Int128 up = 0, down = 1;
};

Ratio reduced(Int128 up, Int128 down) {
  Int128 a = up < 0 ? -up : up;
  Int128 b = down;
  while (b != 0) std::tie(a, b) = std::pair(b, a % b);
  return a == 0 ? Ratio{} : Ratio{up / a, down / a};
}
Ratio operator+(Ratio a, Ratio b) {
  return reduced(a.up * b.down + b.up * a.down, a.down * b.down);
}
Ratio operator*(Ratio a, Ratio b) { return reduced(a.up * b.up, a.down * b.down); }
bool operator<(Ratio a, Ratio b) { return a.up * b.down < b.up * a.down; }
std::int64_t floor_of(Ratio a) { return static_cast<std::int64_t>(a.up / a.down); }
std::int64_t rounded(Ratio a, Rounding mode) {
  return static_cast<std::int64_t>(round(a.up, a.down, mode));
}

const char* const kDepartments[] = {"beauty", "fashion", "food"};
const char* const kBrands[] = {"acme", "bolt", "cord", "dune"};
const char* const kChannels[] = {"store", "online"};
const char* const kTags[] = {"new", "sale"};

struct Rule {
  std::string id;
  int effect = 0;  // 0 rate, 1 step, 2 multiply, 3 bonus, 4 per line, 5 per unit
  std::int64_t number = 1, per_minor = 100;
  int wallet = 0, lane = -1, rank = 0;
  std::vector<std::string> departments, not_brands, brands;
  std::string channel, not_tier, tag;
  std::int64_t basket_minor = 0, quantity = 0;

  std::string text() const;
  bool matches(const programme::Facts& facts, const programme::LineFacts& line,
               std::int64_t basket) const;
};

std::string decimal(std::int64_t hundredths) {
  std::string digits = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (digits.size() < 2 ? "0" : "") + digits;
}

std::string list(const std::vector<std::string>& values) {
  std::string text = "[";
  for (const auto& value : values) text += (text.size() > 1 ? ", " : "") + value;
  return text + "]";
}

std::string Rule::text() const {
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
  return out + (when.empty() ? "" : ", when: { " + when + " }") + " }\n";
}

bool has(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

bool Rule::matches(const programme::Facts& facts, const programme::LineFacts& line,
                   std::int64_t basket) const {
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

std::string World::head() const {
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

Rule random_rule(Random& random, int number) {
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
  return rule;
}

World random_world(Random& random) {
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

void fill(Random& random, Basket& basket) {
  const auto lines = 1 + random.upto(5);
  for (int i = 0; i < lines; ++i) {
    basket.line(random.upto(20'000), random.one_in(6) ? "" : random.of(kDepartments));
    basket.quantity(Quantity(500 * (1 + random.upto(9))));
    if (!random.one_in(4)) basket.brand(random.of(kBrands));
    if (random.one_in(3)) basket.tag(random.of(kTags));
  }
  if (!random.one_in(3)) basket.facts.channel = random.of(kChannels);
  if (!random.one_in(3)) basket.tier(random.one_in(2) ? "gold" : "silver", 50'000);
}

// ---- The plain reading

class Naive {
 public:
  Naive(const World& world, const programme::Facts& facts) : world_(world), facts_(facts) {
    for (const auto& line : facts.lines) {
      const auto on_sale = [](const std::string& tag) { return tag == "sale"; };
      excluded_.push_back(world.excludes && std::ranges::any_of(line.tags, on_sale));
      if (!excluded_.back()) basket_ += line.amount_minor;
    }
  }

  std::int64_t points(int wallet) {
    lines_.assign(facts_.lines.size(), {});
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!excluded_[i]) lines_[i] = rate_of(wallet, i);
    }
    share_steps(wallet);
    Ratio sum;
    std::int64_t whole = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (excluded_[i]) continue;
      const Ratio value = lines_[i].base + extras(wallet, i, lines_[i].base);
      sum = sum + value;
      whole += rounded(value, world_.mode);
    }
    const std::int64_t on_lines =
        world_.stage == RoundingStage::kLine ? whole : rounded(sum + bonuses(wallet), world_.mode);
    return on_lines +
           (world_.stage == RoundingStage::kLine ? floor_of(bonuses(wallet)) : std::int64_t{0});
  }

 private:
  struct OnLine {
    const Rule* step = nullptr;
    Ratio base;
  };

  bool matches(const Rule& rule, std::size_t line) const {
    return !excluded_[line] && rule.matches(facts_, facts_.lines[line], basket_);
  }

  OnLine rate_of(int wallet, std::size_t line) const {
    const Rule* best = nullptr;
    for (const Rule& rule : world_.rules) {
      if (rule.effect > 1 || rule.wallet != wallet || !matches(rule, line)) continue;
      if (best == nullptr || rule.rank < best->rank) best = &rule;
    }
    const std::int64_t minor = facts_.lines[line].amount_minor;
    if (best != nullptr && best->effect == 1) return {best, {}};
    if (best != nullptr) return {nullptr, reduced(Int128{minor} * best->number, best->per_minor)};
    if (wallet != 0) return {};
    return {nullptr, reduced(Int128{minor} * (facts_.tier == "gold" ? 2 : 1), 100)};
  }

  void share_steps(int) {
    std::map<const Rule*, std::vector<std::int64_t>> by_rule;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].step == nullptr) continue;
      auto& weights = by_rule[lines_[i].step];
      weights.resize(lines_.size());
      weights[i] = facts_.lines[i].amount_minor;
    }
    for (const auto& [rule, weights] : by_rule) {
      const auto steps = [&, step = rule](std::int64_t minor) {
        return minor / step->per_minor * step->number;
      };
      const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
      if (sum == 0) continue;
      const auto parts = split(steps(sum), weights);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (lines_[i].step != rule) continue;
        const bool by_line = world_.stage == RoundingStage::kLine;
        lines_[i].base = {by_line ? steps(weights[i]) : parts[i], 1};
      }
    }
  }

  Ratio extras(int wallet, std::size_t line, Ratio base) const {
    Ratio sum, best;
    for (const Rule& rule : world_.rules) {
      if (rule.wallet != wallet || !matches(rule, line)) continue;
      Ratio value;
      if (rule.effect == 2) value = base * Ratio{rule.number, 100};
      if (rule.effect == 4) value = {rule.number, 1};
      if (rule.effect == 5) {
        value = reduced(Int128{rule.number} * facts_.lines[line].quantity.thousandths(), 1000);
      }
      if (rule.lane < 0 || rule.effect == 3) {
        sum = sum + value;
      } else if (best < value) {
        best = value;
      }
    }
    return sum + best;
  }

  Ratio bonuses(int wallet) const {
    std::int64_t sum = 0;
    std::int64_t best = 0;
    for (const Rule& rule : world_.rules) {
      if (rule.effect != 3 || rule.wallet != wallet) continue;
      bool any = false;
      for (std::size_t i = 0; i < lines_.size(); ++i) any = any || matches(rule, i);
      if (!any) continue;
      if (rule.lane < 0) sum += rule.number;
      best = std::max(best, rule.lane < 0 ? 0 : rule.number);
    }
    return {sum + best, 1};
  }

  const World& world_;
  const programme::Facts& facts_;
  std::vector<bool> excluded_;
  std::int64_t basket_ = 0;
  std::vector<OnLine> lines_;
};

std::string text_of(const World& world) {
  std::string text = world.head() + "rules:\n";
  for (const Rule& rule : world.rules) text += rule.text();
  return text;
}

class Property : public testing::TestWithParam<unsigned> {};

constexpr int kBaskets = 25;

TEST_P(Property, compiled_evaluation_equals_a_plain_reading) {
  Random random(GetParam());
  const World world = random_world(random);
  const auto programme = kit::programme(text_of(world));
  programme::Workspace workspace;
  programme::Decision decision;
  for (int i = 0; i < kBaskets; ++i) {
    Basket basket;
    fill(random, basket);
    programme.compiled().evaluate(basket(), workspace, decision);
    Naive naive(world, basket.facts);
    ASSERT_EQ(kit::points(decision, 0), naive.points(0)) << text_of(world);
    ASSERT_EQ(kit::points(decision, 1), naive.points(1)) << text_of(world);
  }
}

std::string written(const programme::Decision& decision) {
  std::string text = std::to_string(decision.spend_minor);
  for (const auto& award : decision.awards) {
    text += ";" + std::string(award.rule) + "," + std::to_string(award.line) + "," +
            std::to_string(award.wallet) + "," + std::to_string(award.points.units());
  }
  return text;
}

TEST_P(Property, order_of_files_and_rules_changes_nothing) {
  Random random(GetParam());
  World world = random_world(random);
  const auto programme = kit::programme(text_of(world));
  std::vector<SourceFile> files{{"head.yaml", world.head()}};
  random.shuffle(world.rules);
  for (std::size_t i = 0; i < world.rules.size(); ++i) {
    files.push_back({std::to_string(i) + ".yaml", "rules:\n" + world.rules[i].text()});
  }
  random.shuffle(files);
  const auto shuffled = load_programme(files);
  ASSERT_TRUE(shuffled.programme);
  random.shuffle(files);
  EXPECT_EQ(load_programme(files).programme->digest(), shuffled.programme->digest());
  for (int i = 0; i < kBaskets; ++i) {
    Basket basket;
    fill(random, basket);
    ASSERT_EQ(written(programme.compiled().evaluate(basket())),
              written(shuffled.programme->compiled().evaluate(basket())));
  }
}

TEST_P(Property, a_rule_that_cannot_match_changes_nothing) {
  Random random(GetParam());
  const World world = random_world(random);
  const auto before = kit::programme(text_of(world));
  const auto after =
      kit::programme(text_of(world) +
                     "- { id: a, wallet: points, multiply: 9, when: { brand: nobody } }\n"
                     "- { id: z, wallet: points, bonus: 9 points, when: { store: nowhere } }\n");
  for (int i = 0; i < kBaskets; ++i) {
    Basket basket;
    fill(random, basket);
    ASSERT_EQ(written(before.compiled().evaluate(basket())),
              written(after.compiled().evaluate(basket())));
  }
}

TEST_P(Property, explaining_tells_what_evaluating_gives) {
  Random random(GetParam());
  const World world = random_world(random);
  const auto programme = kit::programme(text_of(world));
  for (int i = 0; i < kBaskets; ++i) {
    Basket basket;
    fill(random, basket);
    const auto decision = programme.compiled().evaluate(basket());
    std::int64_t told = 0;
    std::map<std::string, int> rules;
    for (const auto& reason : programme.compiled().explain(basket()).reasons) {
      ++rules[reason.rule];
      if (reason.wallet == "points") told += reason.points.units();
    }
    ASSERT_EQ(told, kit::points(decision));
    for (const Rule& rule : world.rules) ASSERT_GT(rules[rule.id], 0) << rule.id;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Property, testing::Range(1U, 21U));

}  // namespace
}  // namespace laurel
