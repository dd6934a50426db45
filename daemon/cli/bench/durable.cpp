#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

#include "cli/bench/measurements.hpp"
#include "cli/bench/world.hpp"

namespace laurel::daemon::cli::bench {

namespace {

using std::chrono::microseconds;

struct Run {
  std::string name;
  std::string what;
  std::size_t callers = 1;
  std::int64_t sales = 0;
  std::int64_t members = 0;
  std::int64_t first_number = 0;  // of the sales' own numbers, so that no two runs share one
  microseconds sync_delay{0};
};

struct Outcome {
  Rate rate;
  double batch = 0;  // sales that shared a sync
  std::int64_t first_entry = 0;
  double bytes_per_sale = 0;
  double bare_per_second = 0;  // 0: not measured
};

std::int64_t size_of(const std::string& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  return none ? 0 : static_cast<std::int64_t>(size);
}

void remove_store(const std::string& file) {
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(file + suffix);
}

// Sales of members all over, or of one; counts commits and remembers the first entry.
Result<Outcome> sell(const std::string& file, const Run& run) {
  std::atomic<std::int64_t> commits{0};
  std::atomic<std::int64_t> first{std::numeric_limits<std::int64_t>::max()};
  auto store = open_store("sqlite:" + file,
                          {.sync_delay = run.sync_delay, .probe = [&](std::string_view step) {
                             if (step == "commit") ++commits;
                           }});
  if (!store) return std::move(store).error();
  const SystemClock clock;
  const auto engine = Engine::open({.store = *store, .clock = &clock});
  if (!engine) return engine.error();
  const auto post = [&](std::int64_t n) {
    const auto chance = scattered(static_cast<std::uint64_t>(n + run.first_number));
    const auto member = static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(run.members));
    const auto receipt = (*engine)->post(sale_of(run.first_number + n, member));
    if (!receipt) return false;
    std::int64_t seen = first;
    while (receipt->entry.number() < seen &&
           !first.compare_exchange_weak(seen, receipt->entry.number())) {
    }
    return true;
  };
  Outcome outcome;
  outcome.rate = rate_of_times(run.callers, run.sales, post);
  outcome.batch = static_cast<double>(outcome.rate.done) /
                  static_cast<double>(std::max<std::int64_t>(commits, 1));
  outcome.first_entry = first;
  if (outcome.rate.failed > 0) return Error{ErrorCode::kBroken, "sales were not taken"};
  return outcome;
}

// The rows of the run written again by bare statements in batches of the same size: a second. 0
// where that cannot be measured.
double bare_rate(const Plan& plan, const std::string& file, const std::string& copy, const Run& run,
                 const Outcome& outcome) {
  if (plan.floor.empty()) return 0;
  const std::string command = "'" + plan.floor + "' again '" + file + "' '" + copy + "' " +
                              std::to_string(outcome.first_entry) + " " +
                              std::to_string(std::max<long>(std::lround(outcome.batch), 1)) + " " +
                              std::to_string(run.sync_delay.count());
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return 0;
  std::array<char, 64> text{};
  const std::size_t size = fread(text.data(), 1, text.size(), pipe);
  const int status = pclose(pipe);
  double rate = 0;
  if (status == 0) std::from_chars(text.data(), text.data() + size, rate);
  return rate;
}

Result<Outcome> measure(const Plan& plan, const std::string& file, const Run& run) {
  plan.terminal->err << "measuring: " << run.what << "\n";
  const std::string copy = file + ".copy";
  if (!plan.floor.empty()) {
    remove_store(copy);
    std::filesystem::copy_file(file, copy);
  }
  const std::int64_t size_before = size_of(file) + size_of(file + "-wal");
  auto outcome = sell(file, run);
  if (!outcome) return outcome;
  const std::int64_t grown = size_of(file) + size_of(file + "-wal") - size_before;
  outcome->bytes_per_sale = static_cast<double>(grown) / static_cast<double>(run.sales);
  outcome->bare_per_second = bare_rate(plan, file, copy, run, *outcome);
  remove_store(copy);
  return outcome;
}

Figure figure_of(const Run& run, const Outcome& outcome) {
  return {.name = run.name,
          .what = run.what,
          .value = outcome.rate.per_second,
          .unit = "/s",
          .limit_what = "bare statements",
          .limit = outcome.bare_per_second,
          .goal = Goal::kShareAtLeast,
          .wanted = 0.6};
}

Result<void> make_store(const std::string& file, std::int64_t members) {
  remove_store(file);
  const auto world = open_world({.file = file, .members = members});
  if (!world) return world.error();
  return {};
}

std::vector<Run> durable_runs(const Plan& plan) {
  const std::int64_t sales = plan.sales(), members = plan.members();
  std::vector<Run> runs = {
      {"durable.callers_1", "durable sales, 1 caller", 1, sales / 4, members, 0, {}},
      {"durable.callers_64", "durable sales, 64 callers", 64, sales, members, 0, {}},
      {"durable.hot", "durable sales, 64 callers, one member", 64, sales / 2, 1, 0, {}},
      {"durable.callers_1_slow_disk", "1 caller, 1 ms added to each sync", 1, sales / 100, members,
       0, microseconds(1'000)},
      {"durable.callers_64_slow_disk", "64 callers, 1 ms added to each sync", 64, sales / 4,
       members, 0, microseconds(1'000)}};
  std::int64_t number = 0;
  for (Run& run : runs) {
    run.first_number = number;
    number += run.sales;
  }
  return runs;
}

}  // namespace

Result<Figures> measure_durable(const Plan& plan) {
  const std::string file = plan.folder + "/durable.db";
  if (auto made = make_store(file, plan.members()); !made) return std::move(made).error();
  Figures figures = {{.name = "disk.syncs",
                      .what = "fdatasync of one page",
                      .value = measure_syncs(plan.folder, std::chrono::seconds(1)).per_second,
                      .unit = "/s"}};
  double many = 0, bytes = 0;
  for (const Run& run : durable_runs(plan)) {
    const auto outcome = measure(plan, file, run);
    if (!outcome) return outcome.error();
    Figure figure = figure_of(run, *outcome);
    if (run.name == "durable.callers_64") {
      many = outcome->rate.per_second;
      bytes = outcome->bytes_per_sale;
    }
    if (run.name == "durable.hot") {
      figure.limit_what = "many members";
      figure.limit = many;
      figure.wanted = 0.5;
    }
    figures.push_back(figure);
  }
  figures.push_back({.name = "durable.bytes",
                     .what = "disk for each sale",
                     .value = bytes,
                     .unit = "bytes",
                     .goal = Goal::kAtMost,
                     .wanted = 1024});
  remove_store(file);
  return figures;
}

namespace {

// How long one look-up takes among so many members, each time of another one.
Result<Figure> measure_lookups(const Plan& plan, const std::string& file, std::int64_t members) {
  const auto store = open_store("sqlite:" + file, {});
  if (!store) return store.error();
  const SystemClock clock;
  const auto engine = Engine::open({.store = *store, .clock = &clock});
  if (!engine) return engine.error();
  std::vector<double> took_ms;
  for (std::int64_t n = 0; n < plan.sales() / 2; ++n) {
    const auto chance = scattered(static_cast<std::uint64_t>(n));
    const auto member = static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(members));
    const Identifier card{"card", card_of(member)};
    const auto begin = std::chrono::steady_clock::now();
    const auto found = (*engine)->lookup(std::span(&card, 1));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    if (!found) return found.error();
    took_ms.push_back(took.count());
  }
  return Figure{.name = "members." + std::to_string(members) + ".lookup.p99",
                .what = "look-up of one of " + grouped(members) + " members, p99",
                .value = quantile(took_ms, 0.99),
                .unit = "ms",
                .goal = Goal::kAtMost,
                .wanted = 1};
}

}  // namespace

Result<Figures> measure_members(const Plan& plan) {
  double few = 0;
  Figures figures;
  const std::string file = plan.folder + "/members.db";
  for (const std::int64_t members : {plan.members(), plan.many_members()}) {
    if (auto made = make_store(file, members); !made) return std::move(made).error();
    const Run run{"members." + std::to_string(members),
                  "durable sales, 64 callers, " + grouped(members) + " members",
                  64,
                  plan.sales(),
                  members,
                  0,
                  {}};
    const auto outcome = measure(plan, file, run);
    if (!outcome) return outcome.error();
    Figure figure = figure_of(run, *outcome);
    if (few > 0) {
      figure.limit_what = grouped(plan.members()) + " members";
      figure.limit = few;
      figure.wanted = 0.7;
    }
    few = outcome->rate.per_second;
    figures.push_back(figure);
    const auto lookups = measure_lookups(plan, file, members);
    if (!lookups) return lookups.error();
    figures.push_back(*lookups);
  }
  remove_store(file);
  return figures;
}

}  // namespace laurel::daemon::cli::bench
