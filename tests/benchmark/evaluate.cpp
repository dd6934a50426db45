// What the value of a basket costs: rules that are found by the facts they test, and none that
// cannot match is looked at.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "laurel/programme.hpp"
#include "programme/compiled.hpp"
#include "programme/workspace.hpp"

namespace laurel {
namespace {

constexpr const char* kDepartments[] = {"fashion", "handbags", "jewellery", "beauty", "food-hall"};

std::string head() {
  return R"(programme: benchmark
effective_from: 2020-01-01
time_zone: Europe/London
currency: GBP
wallets: { points: { rounding: { mode: floor, at: transaction }, expires: never } }
eligible: { exclude: { tags: [gift-card, delivery] }, tenders_that_do_not_earn: [points] }
identity: { types: { card: { strength: strong, may: [earn] } }, precedence: [card] }
tiers:
  metric: spend
  window: calendar_year
  valid_until: end_of_year
  crossing: next_day
  on_return: immediate
  downgrade: to_qualified
  levels:
    - { id: green, from: 0.00, rate: 1 point per 1.00 }
    - { id: gold, from: 5000.00, rate: 2 points per 1.00 }
rules:
)";
}

// Campaigns on a brand in a department, in some channel and for some level; four conditions each.
std::string text_of(std::int64_t rules) {
  std::string text = head();
  for (std::int64_t i = 0; i < rules; ++i) {
    const std::string brand = "brand-" + std::to_string(i / 2);
    text += "  - { id: rule-" + std::to_string(i) + ", " +
            (i % 4 == 3 ? "bonus: 5 points per line" : "multiply: 1." + std::to_string(i % 9 + 1)) +
            ", active: { from: 2026-01-01, until: 2026-12-31 }, when: { department: " +
            kDepartments[i % 5] + ", brand: [" + brand + ", " + brand + "-plus], channel: [" +
            "store, phone], tier: { not: green } } }\n";
  }
  return text;
}

Programme programme_of(std::int64_t rules) {
  const SourceFile file{"benchmark.yaml", text_of(rules)};
  const auto loaded = load_programme({&file, 1});
  if (loaded.programme) return *loaded.programme;
  std::cerr << render(loaded.faults);
  std::abort();
}

struct Basket {
  std::vector<std::string> brands;
  std::vector<programme::LineFacts> lines;
  programme::Facts facts;

  Basket(std::int64_t count, std::int64_t rules, Quantity quantity = Quantity::of(2)) {
    for (std::int64_t i = 0; i < count; ++i) {
      brands.push_back("brand-" + std::to_string(i * 7 % (rules / 2 + 3)));
    }
    for (std::int64_t i = 0; i < count; ++i) {
      programme::LineFacts line;
      line.id = "1";
      line.department = kDepartments[i * 14 % 5];
      line.brand = brands[static_cast<std::size_t>(i)];
      line.quantity = quantity;
      line.amount_minor = 1999 + 731 * i;
      lines.push_back(line);
    }
    facts.at = parse_instant("2026-11-21T11:00:00Z").value();
    facts.currency = Currency::of("GBP").value();
    facts.channel = "store";
    facts.store = "knightsbridge";
    facts.tier = "gold";
    facts.lines = lines;
  }
};

// Arguments: lines of the basket, rules of the programme.
void evaluate(benchmark::State& state) {
  const auto programme = programme_of(state.range(1));
  const Basket basket(state.range(0), state.range(1));
  programme::Workspace workspace;
  programme::Decision decision;
  for (auto _ : state) {
    programme.compiled().evaluate(basket.facts, workspace, decision);
    benchmark::DoNotOptimize(decision.awards.data());
  }
  state.counters["awards"] = static_cast<double>(decision.awards.size());
}
BENCHMARK(evaluate)->Args({5, 20})->Args({5, 1000})->Args({3, 20})->Args({100, 1000});

void evaluate_without_workspace(benchmark::State& state) {
  const auto programme = programme_of(20);
  const Basket basket(5, 20);
  for (auto _ : state) {
    benchmark::DoNotOptimize(programme.compiled().evaluate(basket.facts));
  }
}
BENCHMARK(evaluate_without_workspace);

void evaluate_large_quantity(benchmark::State& state) {
  const auto programme = programme_of(20);
  const Basket basket(5, 20, Quantity::of(state.range(0)));
  programme::Workspace workspace;
  programme::Decision decision;
  for (auto _ : state) {
    programme.compiled().evaluate(basket.facts, workspace, decision);
    benchmark::DoNotOptimize(decision.awards.data());
  }
}
BENCHMARK(evaluate_large_quantity)->Arg(1)->Arg(6000);

// The same campaigns, each with a limit, a segment or a question about the past.
std::string limited_text_of(std::int64_t rules) {
  std::string text = head();
  for (std::int64_t i = 0; i < rules; ++i) {
    const std::string asked = i % 3 == 0 ? ", segment: vip"
                              : i % 3 == 1
                                  ? ", history: { visits: { at_least: 2, within: 30 days } }"
                                  : "";
    text += "  - { id: rule-" + std::to_string(i) +
            ", bonus: 5 points per line, limit: { points: " + std::to_string(50 + i) +
            ", every: month }, when: { department: " + kDepartments[i % 5] + ", brand: brand-" +
            std::to_string(i / 2) + asked + " } }\n";
  }
  return text;
}

// Arguments: lines of the basket, rules of the programme. With what the rules need to be told.
void evaluate_limited(benchmark::State& state) {
  const SourceFile file{"benchmark.yaml", limited_text_of(state.range(1))};
  const auto loaded = load_programme({&file, 1});
  const auto& compiled = loaded.programme.value().compiled();
  Basket basket(state.range(0), state.range(1));
  const programme::MemberFacts member{.enrolled_at = basket.facts.at, .segments = {"vip"}};
  const std::vector<programme::Answer> answers{{.question = 0, .number = 5}};
  basket.facts.member = &member;
  basket.facts.answers = answers;
  const auto needs = compiled.needs(basket.facts);
  std::vector<programme::Room> rooms;
  for (const auto limit : needs.limits) rooms.push_back({.limit = limit, .units = 7});
  basket.facts.rooms = rooms;
  programme::Workspace workspace;
  programme::Decision decision;
  for (auto _ : state) {
    compiled.evaluate(basket.facts, workspace, decision);
    benchmark::DoNotOptimize(decision.awards.data());
  }
  state.counters["uses"] = static_cast<double>(decision.uses.size());
}
BENCHMARK(evaluate_limited)->Args({5, 20})->Args({100, 1000});

void needs(benchmark::State& state) {
  const SourceFile file{"benchmark.yaml", limited_text_of(state.range(1))};
  const auto loaded = load_programme({&file, 1});
  const Basket basket(state.range(0), state.range(1));
  for (auto _ : state) {
    benchmark::DoNotOptimize(loaded.programme.value().compiled().needs(basket.facts));
  }
}
BENCHMARK(needs)->Args({5, 20})->Args({100, 1000});

void explain(benchmark::State& state) {
  const auto programme = programme_of(20);
  const Basket basket(5, 20);
  for (auto _ : state) benchmark::DoNotOptimize(programme.compiled().explain(basket.facts));
}
BENCHMARK(explain);

void load(benchmark::State& state) {
  const SourceFile file{"benchmark.yaml", text_of(state.range(0))};
  for (auto _ : state) benchmark::DoNotOptimize(load_programme({&file, 1}));
}
BENCHMARK(load)->Arg(20)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace laurel

BENCHMARK_MAIN();
