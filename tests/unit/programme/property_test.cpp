// Random programmes and baskets: what the compiled programme earns is what a plain reading of its
// rules earns, whatever the order they are written in.

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "programme/workspace.hpp"
#include "worlds.hpp"

namespace laurel {
namespace {

using kit::Basket;
using kit::fill;
using kit::Random;
using kit::random_world;
using kit::Rule;
using kit::text_of;
using kit::World;
using kit::written;

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

// ---- The plain reading

class Naive {
 public:
  Naive(const World& world, const programme::Facts& facts) : world_(world), facts_(facts) {
    for (const auto& line : facts.lines) {
      const auto on_sale = [](const std::string& tag) { return tag == "sale"; };
      excluded_.push_back(world.excludes && std::ranges::any_of(line.tags, on_sale));
      if (!excluded_.back()) basket_ += line.amount_minor;
    }
    if (facts.answers.empty()) return;
    std::set<std::string_view> visited(facts.answers[0].departments.begin(),
                                       facts.answers[0].departments.end());
    for (std::size_t i = 0; i < facts.lines.size(); ++i) {
      const auto& line = facts.lines[i];
      if (!excluded_[i] && line.amount_minor > 0 && !line.department.empty()) {
        visited.insert(line.department);
      }
    }
    visited_ = static_cast<std::int64_t>(visited.size());
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
    return !excluded_[line] && rule.matches(facts_, facts_.lines[line], basket_, visited_);
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
  std::optional<std::int64_t> visited_;
  std::vector<OnLine> lines_;
};

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
