#include <array>
#include <filesystem>
#include <ostream>
#include <thread>

#include "app/keys.hpp"
#include "cli/bench/child.hpp"
#include "cli/bench/load.hpp"
#include "cli/bench/measurements.hpp"
#include "cli/bench/world.hpp"

namespace laurel::daemon::cli::bench {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t kConnections = 64;
constexpr std::size_t kCallers = 64;
// The numbers of the first sales: those measured later are younger, as they would be in a shop. A
// sale that arrives after younger ones of its member is more work, and would be told of the daemon.
constexpr std::int64_t kInProcessSales = 8'000'000;
constexpr std::int64_t kFullRateSales = 9'000'000;
constexpr std::int64_t kEasedSales = 10'000'000;
constexpr std::int64_t kSalesBeforeKill = 2'000'000;  // those stored begin with 0

// A daemon on a store of its own, and a key to it.
struct Site {
  std::string folder;
  std::string key;
  std::int64_t members = 0;

  std::string file() const { return folder + "/laurel.db"; }
  std::vector<std::string> arguments() const {
    return {"serve",       "--programme",      folder + "/programme",
            "--store",     "sqlite:" + file(), "--listen",
            "127.0.0.1:0", "--keys",           folder + "/keys.jsonl",
            "--log-level", "warning"};
  }
};

Result<Site> make_site(const Plan& plan, const std::string& name) {
  Site site{plan.folder + "/" + name, "", plan.members()};
  std::filesystem::remove_all(site.folder);
  write_programme(site.folder + "/programme");
  const NewKey wanted{.name = "bench", .sources = {"*"}, .scopes = {Scope::kAdmin}};
  const auto key = create_key(site.folder + "/keys.jsonl", wanted, SystemClock().now());
  if (!key) return key.error();
  site.key = key->secret;
  const auto world = open_world({.file = site.file(), .members = site.members});
  if (!world) return world.error();
  return site;
}

// Requests of sales no two of which are the same.
std::function<void(std::string&, std::int64_t)> sales(const Site& site, std::int64_t first) {
  return [&site, first, body = std::string()](std::string& out, std::int64_t n) mutable {
    body.clear();
    const auto chance = scattered(static_cast<std::uint64_t>(first + n));
    append_sale_json(body, first + n,
                     static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(site.members)));
    out += request_text("POST", "/v1/transactions", site.key, body);
  };
}

struct Loaded {
  LoadResult load;
  double cpu_seconds = 0;  // of the daemon
  double per_cpu_second() const { return static_cast<double>(load.answered) / cpu_seconds; }
};

Result<Loaded> load(const Plan& plan, const Child& daemon, double rate,
                    std::function<void(std::string&, std::int64_t)> request) {
  const double before = daemon.cpu_seconds();
  auto result = make_load({.port = daemon.port(),
                           .connections = kConnections,
                           .time = seconds(plan.seconds()),
                           .requests_per_second = rate,
                           .request = std::move(request)});
  if (!result) return std::move(result).error();
  if (result->failed > 0) {
    return Error{ErrorCode::kBroken, grouped(result->failed) + " requests were not taken"};
  }
  return Loaded{*std::move(result), daemon.cpu_seconds() - before};
}

// In this process, on the same store: what the daemon is held against.
Result<Rate> in_process(const Plan& plan, const Site& site) {
  const auto world = open_world({.file = site.file()});
  if (!world) return world.error();
  const Rate rate = rate_of(kCallers, seconds(plan.seconds()), [&](std::int64_t n) {
    const std::int64_t number = kInProcessSales + n;
    const auto chance = scattered(static_cast<std::uint64_t>(number));
    const auto member = chance % static_cast<std::uint64_t>(site.members);
    return world->engine->post(sale_of(number, static_cast<std::int64_t>(member))).ok();
  });
  if (rate.failed > 0) return Error{ErrorCode::kBroken, "sales were not taken"};
  return rate;
}

// The same twice: by the clock, and by the daemon's own processor time, which is the same however
// many others share the machine.
void add_rates(const std::string& name, const Figure& seen, double per_cpu_second,
               double limit_per_cpu_second, Figures& figures) {
  figures.push_back(seen);
  figures.push_back({.name = name + "_cpu",
                     .what = "- in a second of its processor time",
                     .value = per_cpu_second,
                     .unit = "/s",
                     .limit_what = seen.limit_what,
                     .limit = limit_per_cpu_second,
                     .goal = Goal::kShareAtLeast,
                     .wanted = 0.6});
}

void add_latencies(LoadResult& result, const std::string& name, const std::string& what,
                   Figures& figures) {
  struct Quantile {
    const char* name;
    const char* what;
    double share;
  };
  constexpr std::array<Quantile, 3> kQuantiles = {
      {{".p50", ", p50", 0.5}, {".p99", ", p99", 0.99}, {".p99_9", ", p99.9", 0.999}}};
  for (const auto& [short_name, long_name, share] : kQuantiles) {
    figures.push_back({.name = name + short_name,
                       .what = what + long_name,
                       .value = quantile(result.latencies_ms, share),
                       .unit = "ms"});
  }
}

Result<void> measure_full_rate(const Plan& plan, const Site& site, const Child& daemon,
                               const Rate& limit, Figures& figures) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  auto full = load(plan, daemon, 0, sales(site, kFullRateSales));
  if (!full) return std::move(full).error();
  figures.push_back({.name = "http.sales",
                     .what = "POST sales, 64 connections, as seen",
                     .value = full->load.per_second,
                     .unit = "/s"});
  const Figure alone{.name = "http.sales_alone",
                     .what = "- the generator's share of the cores given back",
                     .value = full->load.per_second_alone(cores),
                     .unit = "/s",
                     .limit_what = "in process",
                     .limit = limit.per_second,
                     .goal = Goal::kShareAtLeast,
                     .wanted = 0.6};
  add_rates("http.sales", alone, full->per_cpu_second(), limit.per_cpu_second(), figures);
  add_latencies(full->load, "http.sales", "POST sales, full rate", figures);
  return {};
}

// The disk's own syncs are measured just before, because no sale is faster than one.
Result<void> measure_eased(const Plan& plan, const Site& site, const Child& daemon, double rate,
                           Figures& figures) {
  auto syncs = measure_syncs(site.folder, seconds(1));
  auto eased = load(plan, daemon, rate * 0.7, sales(site, kEasedSales));
  if (!eased) return std::move(eased).error();
  const std::size_t first = figures.size();
  add_latencies(eased->load, "http.sales_70", "POST sales, 70 % of that rate", figures);
  Figure& p99 = figures[first + 1];
  p99.limit_what = "fdatasync, p99";
  p99.limit = quantile(syncs.took_ms, 0.99);
  p99.goal = Goal::kAtMost;
  p99.wanted = 5;
  return {};
}

Result<void> measure_sales(const Plan& plan, const Site& site, const Child& daemon,
                           const Rate& in_process, Figures& figures) {
  const std::size_t first = figures.size();
  if (auto done = measure_full_rate(plan, site, daemon, in_process, figures); !done) return done;
  return measure_eased(plan, site, daemon, figures[first].value, figures);
}

Result<void> measure_lookups(const Plan& plan, const Site& site, const Child& daemon,
                             Figures& figures) {
  const std::string request = request_text("GET", "/healthz", "", "");
  const auto bare = load(plan, daemon, 0, [&](std::string& out, std::int64_t) { out += request; });
  if (!bare) return bare.error();
  const auto lookups = load(plan, daemon, 0, [&](std::string& out, std::int64_t n) {
    const auto member =
        scattered(static_cast<std::uint64_t>(n)) % static_cast<std::uint64_t>(site.members);
    out += request_text("POST", "/v1/members/lookup", site.key,
                        R"({"identifiers":[{"type":"card","value":")" +
                            card_of(static_cast<std::int64_t>(member)) + R"("}]})");
  });
  if (!lookups) return lookups.error();
  const Figure seen{.name = "http.lookups",
                    .what = "member look-ups, 64 connections, as seen",
                    .value = lookups->load.per_second,
                    .unit = "/s",
                    .limit_what = "GET /healthz",
                    .limit = bare->load.per_second,
                    .goal = Goal::kShareAtLeast,
                    .wanted = 0.6};
  add_rates("http.lookups", seen, lookups->per_cpu_second(), bare->per_cpu_second(), figures);
  return {};
}

Figure memory_of(const Child& daemon) {
  return {.name = "http.memory",
          .what = "resident memory of the daemon after all that",
          .value = static_cast<double>(daemon.resident_kb()) / 1024,
          .unit = "MB",
          .goal = Goal::kAtMost,
          .wanted = 200};
}

}  // namespace

Result<Figures> measure_http(const Plan& plan) {
  plan.terminal->err << "measuring: over HTTP\n";
  const auto site = make_site(plan, "http");
  if (!site) return site.error();
  const auto limit = in_process(plan, *site);
  if (!limit) return limit.error();
  Figures figures = {{.name = "http.in_process",
                      .what = "durable sales in process, 64 callers",
                      .value = limit->per_second,
                      .unit = "/s"}};
  const auto daemon = Child::start(site->arguments());
  if (!daemon) return daemon.error();
  if (auto done = measure_sales(plan, *site, *daemon, *limit, figures); !done) {
    return std::move(done).error();
  }
  if (auto done = measure_lookups(plan, *site, *daemon, figures); !done) {
    return std::move(done).error();
  }
  figures.push_back(memory_of(*daemon));
  std::filesystem::remove_all(site->folder);
  return figures;
}

Result<Figures> measure_ready(const Plan& plan) {
  plan.terminal->err << "measuring: ready after kill -9\n";
  const auto site = make_site(plan, "ready");
  if (!site) return site.error();
  {
    const auto world = open_world({.file = site->file()});
    if (!world) return world.error();
    const Rate rate = rate_of_times(kCallers, plan.stored_sales(), [&](std::int64_t n) {
      return world->engine->post(sale_of(n, n % site->members)).ok();
    });
    if (rate.failed > 0) return Error{ErrorCode::kBroken, "sales were not taken"};
  }
  auto killed = Child::start(site->arguments());
  if (!killed) return killed.error();
  // Killed with work in the log that was never checkpointed.
  auto worked = make_load({.port = killed->port(),
                           .connections = kConnections,
                           .time = milliseconds(500),
                           .request = sales(*site, kSalesBeforeKill)});
  if (!worked) return std::move(worked).error();
  killed->kill_at_once();

  const auto begin = steady_clock::now();
  const auto daemon = Child::start(site->arguments());
  if (!daemon) return daemon.error();
  const std::string ready = request_text("GET", "/readyz", "", "");
  const auto answer = make_load({.port = daemon->port(),
                                 .connections = 1,
                                 .time = milliseconds(1),
                                 .request = [&](std::string& out, std::int64_t) { out += ready; }});
  const double took =
      std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
  if (!answer || answer->answered == 0 || answer->failed > 0) {
    return Error{ErrorCode::kBroken, "the daemon is not ready"};
  }
  Figures figures = {{.name = "ready.after_kill",
                      .what = "ready after kill -9, " + grouped(plan.stored_sales()) + " sales",
                      .value = took,
                      .unit = "ms",
                      .goal = Goal::kAtMost,
                      .wanted = 200}};
  figures.push_back(memory_of(*daemon));
  figures.back().name = "ready.memory";
  figures.back().what = "resident memory with " + grouped(plan.stored_sales()) + " sales stored";
  std::filesystem::remove_all(site->folder);
  return figures;
}

}  // namespace laurel::daemon::cli::bench
