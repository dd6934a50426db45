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

Result<LoadResult> load(const Plan& plan, const Child& daemon, double rate,
                        std::function<void(std::string&, std::int64_t)> request) {
  auto result = make_load({.port = daemon.port(),
                           .connections = kConnections,
                           .time = seconds(plan.seconds()),
                           .requests_per_second = rate,
                           .request = std::move(request)});
  if (result && result->failed > 0) {
    return Error{ErrorCode::kBroken, grouped(result->failed) + " requests were not taken"};
  }
  return result;
}

// In this process, on the same store: what the daemon is held against.
Result<double> in_process(const Plan& plan, const Site& site, std::int64_t first) {
  const auto world = open_world({.file = site.file()});
  if (!world) return world.error();
  const Rate rate = rate_of(kCallers, seconds(plan.seconds()), [&](std::int64_t n) {
    const auto chance = scattered(static_cast<std::uint64_t>(first + n));
    const auto member = chance % static_cast<std::uint64_t>(site.members);
    return world->engine->post(sale_of(first + n, static_cast<std::int64_t>(member))).ok();
  });
  if (rate.failed > 0) return Error{ErrorCode::kBroken, "sales were not taken"};
  return rate.per_second;
}

void add_latencies(LoadResult& result, const std::string& name, const std::string& what,
                   double p99_wanted, Figures& figures) {
  figures.push_back({.name = name + ".p50",
                     .what = what + ", p50",
                     .value = quantile(result.latencies_ms, 0.5),
                     .unit = "ms"});
  figures.push_back({.name = name + ".p99",
                     .what = what + ", p99",
                     .value = quantile(result.latencies_ms, 0.99),
                     .unit = "ms",
                     .goal = p99_wanted > 0 ? Goal::kAtMost : Goal::kNone,
                     .wanted = p99_wanted});
  figures.push_back({.name = name + ".p99_9",
                     .what = what + ", p99.9",
                     .value = quantile(result.latencies_ms, 0.999),
                     .unit = "ms"});
}

Result<void> measure_sales(const Plan& plan, const Site& site, const Child& daemon,
                           double in_process_rate, Figures& figures) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  auto full = load(plan, daemon, 0, sales(site, 100'000'000));
  if (!full) return std::move(full).error();
  figures.push_back({.name = "http.sales",
                     .what = "POST sales, 64 connections, as seen",
                     .value = full->per_second,
                     .unit = "/s"});
  figures.push_back({.name = "http.sales_alone",
                     .what = "- the generator's share of the cores given back",
                     .value = full->per_second_alone(cores),
                     .unit = "/s",
                     .limit_what = "in process",
                     .limit = in_process_rate,
                     .goal = Goal::kShareAtLeast,
                     .wanted = 0.6});
  add_latencies(*full, "http.sales", "POST sales, full rate", 0, figures);
  auto eased = load(plan, daemon, full->per_second * 0.7, sales(site, 200'000'000));
  if (!eased) return std::move(eased).error();
  add_latencies(*eased, "http.sales_70", "POST sales, 70 % of that rate", 5, figures);
  return {};
}

Result<void> measure_lookups(const Plan& plan, const Site& site, const Child& daemon,
                             Figures& figures) {
  const std::string bare = request_text("GET", "/healthz", "", "");
  const auto bare_load =
      load(plan, daemon, 0, [&](std::string& out, std::int64_t) { out += bare; });
  if (!bare_load) return bare_load.error();
  const auto lookups = load(plan, daemon, 0, [&](std::string& out, std::int64_t n) {
    const auto member =
        scattered(static_cast<std::uint64_t>(n)) % static_cast<std::uint64_t>(site.members);
    out += request_text("POST", "/v1/members/lookup", site.key,
                        R"({"identifiers":[{"type":"card","value":")" +
                            card_of(static_cast<std::int64_t>(member)) + R"("}]})");
  });
  if (!lookups) return lookups.error();
  figures.push_back({.name = "http.lookups",
                     .what = "member look-ups, 64 connections",
                     .value = lookups->per_second,
                     .unit = "/s",
                     .limit_what = "GET /healthz",
                     .limit = bare_load->per_second,
                     .goal = Goal::kShareAtLeast,
                     .wanted = 0.6});
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
  const auto in_process_rate = in_process(plan, *site, 10'000'000);
  if (!in_process_rate) return in_process_rate.error();
  Figures figures = {{.name = "http.in_process",
                      .what = "durable sales in process, 64 callers",
                      .value = *in_process_rate,
                      .unit = "/s"}};
  const auto daemon = Child::start(site->arguments());
  if (!daemon) return daemon.error();
  if (auto done = measure_sales(plan, *site, *daemon, *in_process_rate, figures); !done) {
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
                           .request = sales(*site, 300'000'000)});
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
