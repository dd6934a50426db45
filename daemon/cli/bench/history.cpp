#include <filesystem>
#include <functional>

#include "app/executor.hpp"
#include "cli/bench/measurements.hpp"
#include "cli/bench/world.hpp"

namespace laurel::daemon::cli::bench {

namespace {

// What goes through all that was stored: the same by one thread and by two.
using Walk = std::function<Result<void>(std::size_t parts)>;

Result<Figures> measure_walk(const std::string& name, const std::string& what, std::int64_t sales,
                             double wanted, const Walk& walk) {
  Result<void> failed;
  const auto walk_once = [&](std::size_t parts) {
    return rate_of_times(1, 1, [&](std::int64_t) {
      auto walked = walk(parts);
      if (!walked) failed = walked.error();
      return walked.ok();
    });
  };
  const Rate one = walk_once(1), two = walk_once(2);
  if (!failed) return failed.error();
  const auto count = static_cast<double>(sales);
  return Figures{{.name = name + ".one",
                  .what = what + ", in a second of its processor time",
                  .value = count * one.per_cpu_second(),
                  .unit = "/s",
                  .goal = Goal::kAtLeast,
                  .wanted = wanted},
                 {.name = name + ".two",
                  .what = what + ", two threads",
                  .value = count * two.per_second,
                  .unit = "/s",
                  .limit_what = "one thread",
                  .limit = count * one.per_second,
                  .goal = Goal::kShareAtLeast,
                  .wanted = 1.8}};
}

}  // namespace

Result<Figures> measure_history(const Plan& plan) {
  const auto session = open_world({.file = plan.folder + "/history.db", .members = plan.members()});
  if (!session) return session.error();
  Engine& engine = *session->engine;
  plan.terminal->err << "measuring: verify and simulate\n";
  const std::int64_t sales = plan.history_sales();
  const Rate posted = rate_of_times(64, sales, [&](std::int64_t n) {
    const auto chance = scattered(static_cast<std::uint64_t>(n));
    const auto member =
        static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(plan.members()));
    return engine.post(sale_of(n, member)).ok();
  });
  if (posted.failed > 0) return Error{ErrorCode::kBroken, "sales were not taken"};
  auto figures = measure_walk("verify", "sales verified", sales, 100'000, [&](std::size_t parts) {
    const auto report = engine.verify({.parts = parts, .executor = on_threads()});
    if (!report) return Result<void>(report.error());
    if (report->drift.empty() && report->transactions_revalued == sales) return Result<void>();
    return Result<void>(Error{ErrorCode::kBroken, "the store was not proved"});
  });
  if (!figures) return figures;
  const auto in_force = engine.programme(session->clock->now());
  if (!in_force) return in_force.error();
  const Simulate period{.from = *parse_instant("2026-01-01T00:00:00Z"),
                        .to = *parse_instant("2028-01-01T00:00:00Z")};
  auto simulated =
      measure_walk("simulate", "sales simulated", sales, 300'000, [&](std::size_t parts) {
        Simulate how = period;
        how.parts = parts;
        how.executor = on_threads();
        const auto simulation = engine.simulate(*in_force, how);
        if (!simulation) return Result<void>(simulation.error());
        if (simulation->sales == sales) return Result<void>();
        return Result<void>(Error{ErrorCode::kBroken, "not every sale was simulated"});
      });
  if (!simulated) return simulated;
  figures->insert(figures->end(), simulated->begin(), simulated->end());
  std::filesystem::remove(plan.folder + "/history.db");
  return figures;
}

}  // namespace laurel::daemon::cli::bench
