// What the value of a basket costs: rules that are found by the facts they test, and none that
// cannot match is looked at.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "campaigns.hpp"
#include "laurel/engine.hpp"
#include "programme/workspace.hpp"

namespace laurel {
namespace {

using campaigns::Basket;
using campaigns::head;
using campaigns::kDepartments;
using campaigns::programme_of;
using campaigns::text_of;

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

// With a case for each rule, as a save hook runs them.
void load_and_check(benchmark::State& state) {
  std::string text = text_of(state.range(0)) + "cases:\n";
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    text += "  - { name: case " + std::to_string(i) +
            ", given: { member: { tier: gold, spend: 6000.00 } }, when: [ { sale: { at: 2026-06-01 "
            "11:00, channel: store, lines: [ { department: " +
            kDepartments[i % 5] + ", brand: brand-" + std::to_string(i / 2) +
            ", amount: 100.00 } ] }, then: { tier: gold } } ] }\n";
  }
  const SourceFile file{"benchmark.yaml", text};
  for (auto _ : state) {
    const auto loaded = load_programme({&file, 1});
    const auto outcomes = check_cases(loaded.programme.value());
    for (const auto& outcome : outcomes) {
      if (!outcome.differences.empty()) state.SkipWithError("a case fails");
    }
    state.counters["cases"] = static_cast<double>(outcomes.size());
  }
}
BENCHMARK(load_and_check)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace laurel

BENCHMARK_MAIN();
