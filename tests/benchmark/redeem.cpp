// What points cost on their way out, beside what the sale cost that brought them: holds, captures,
// returns, one redemption out of very many lots, and looking up a code among very many.
//
//   benchmark_redeem [members] [operations] [lots] [codes] [folder]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "cli/bench/world.hpp"
#include "laurel/laurel.hpp"
#include "store_fixture.hpp"

namespace laurel {
namespace {

using daemon::cli::bench::card_of;
using daemon::cli::bench::rate_of_times;
using daemon::cli::bench::sale_of;
using daemon::cli::bench::scattered;
using Wall = std::chrono::steady_clock;

constexpr std::size_t kCallers = 64;
constexpr std::int64_t kCodesAnOrder = 1'000;
constexpr int kRounds = 9;

struct Setting {
  std::int64_t members = 20'000, operations = 20'000, lots = 10'000, codes = 1'000'000;
};

// The programme of `laurel bench`, whose points may be spent at once and are worth something.
std::string programme_text() {
  std::string text = daemon::cli::bench::programme_text();
  const std::string pending = "    pending: 14 days\n";
  text.erase(text.find(pending), pending.size());
  return text +
         "rewards:\n"
         "  pay_with_points: { points: 1, worth: 0.01 }\n"
         "  catalogue:\n"
         "    - id: tea\n"
         "      cost: 100 points\n"
         "      gives: { experience: tea }\n";
}

void expect(bool held, const std::string& what) {
  if (held) return;
  std::fprintf(stderr, "not done: %s\n", what.c_str());
  std::abort();
}

template <class T>
void expect(const Result<T>& done, const char* what) {
  if (!done) expect(false, what + (": " + done.error().detail));
}

struct World {
  std::unique_ptr<SystemClock> clock = std::make_unique<SystemClock>();
  std::unique_ptr<Engine> engine = {};
};

World open_world(const std::string& uri) {
  World world;
  world.engine = *Engine::open({.store = *open_store(uri), .clock = world.clock.get()});
  const std::vector<SourceFile> files{{"programme.yaml", programme_text()}};
  const auto loaded = load_programme(files);
  expect(loaded.programme.has_value(), render(loaded.faults));
  expect(world.engine->publish(*loaded.programme, {.by = "benchmark", .skip_cases = true}),
         "publish");
  return world;
}

void enrol(Engine& engine, std::int64_t members) {
  const auto rate = rate_of_times(kCallers, members, [&](std::int64_t n) {
    return engine
        .enrol({.key = TransactionKey{"desk", std::to_string(n)},
                .identifiers = {{"card", card_of(n)}},
                .at = *parse_instant("2026-01-01T00:00:00Z")})
        .ok();
  });
  expect(rate.failed == 0, "enrolments");
}

void print(const char* what, double per_second, double limit, double wanted) {
  std::printf("%-44s %9.0f /s", what, per_second);
  if (limit > 0) std::printf("   %4.2f of a sale's   at least %.2f", per_second / limit, wanted);
  std::printf("\n");
}

Transaction return_of(std::int64_t n, bool whole) {
  Transaction made;
  made.key = {"bench-desk", "X-" + std::to_string(n)};
  made.kind = TransactionKind::kReturn;
  made.original = TransactionKey{"bench-till", std::to_string(n)};
  if (!whole) made.return_lines = {{.original_line = "2"}};
  return made;
}

// Many members, each with a few sales; whoever comes next is anybody.
void measure_rates(Engine& engine, const Setting& setting) {
  const auto member_of = [&](std::int64_t n) {
    return static_cast<std::int64_t>(scattered(static_cast<std::uint64_t>(n)) %
                                     static_cast<std::uint64_t>(setting.members));
  };
  double sales = 0;
  const auto measure = [&](const char* what, double wanted, std::int64_t times,
                           const std::function<bool(std::int64_t)>& work) {
    const auto rate = rate_of_times(kCallers, times, work);
    expect(rate.failed == 0, what);
    print(what, rate.per_second, sales, wanted);
    return rate.per_second;
  };
  sales = measure("sales of three lines, 64 callers", 0, setting.operations,
                  [&](std::int64_t n) { return engine.post(sale_of(n, member_of(n))).ok(); });
  measure("hold and capture", 0.5, setting.operations, [&](std::int64_t n) {
    const TransactionKey key{"web-shop", "RD-" + std::to_string(n)};
    const auto held = engine.redemptions().hold({.key = key,
                                                 .identifiers = {{"card", card_of(member_of(n))}},
                                                 .points = Points(1),
                                                 .basket = PointsBasket{"60.00"}});
    return held && engine.redemptions().capture({.redemption = key}).ok();
  });
  measure("returns of one line", 1.0 / 3, setting.operations / 2,
          [&](std::int64_t n) { return engine.post(return_of(2 * n, false)).ok(); });
  measure("returns of the whole sale", 1.0 / 3, setting.operations / 2,
          [&](std::int64_t n) { return engine.post(return_of(2 * n + 1, true)).ok(); });
}

double timed_ms(const std::function<void()>& work) {
  const auto start = Wall::now();
  work();
  return std::chrono::duration<double, std::milli>(Wall::now() - start).count();
}

// One member, very many lots of 100 points each, all of them redeemed at once.
void measure_lots(Engine& engine, const Setting& setting) {
  const std::int64_t member = setting.members;
  const auto enrolled = engine.enrol(
      {.identifiers = {{"card", card_of(member)}}, .at = *parse_instant("2026-01-01T00:00:00Z")});
  expect(enrolled, "enrol");
  std::vector<Transaction> sales;
  const Instant first = *parse_instant("2026-01-10T10:00:00Z");
  for (std::int64_t n = 0; n < setting.lots; ++n) {
    Transaction sale = sale_of(n, member);
    sale.key = {"lots", std::to_string(n)};
    sale.at = first + std::chrono::minutes(n);
    sale.lines = {{.id = "1", .department = "fashion", .amount = "100.00"}};
    sales.push_back(std::move(sale));
  }
  const double build = timed_ms([&] {
    for (const auto& receipt : engine.post_all(sales)) expect(receipt, "a sale of many");
  });
  const auto wallets = engine.member(enrolled->member.id)->wallets;
  const Points all = wallets[0].balance.available;
  std::printf("%lld lots built in %.0f ms, %s points\n", static_cast<long long>(setting.lots),
              build, std::to_string(all.units()).c_str());
  std::vector<double> hold, capture, reversal;
  for (int round = 0; round < kRounds; ++round) {
    const TransactionKey key{"web-shop", "all-" + std::to_string(round)};
    const RedemptionRequest request{
        .key = key, .identifiers = {{"card", card_of(member)}}, .points = all};
    hold.push_back(timed_ms([&] { expect(engine.redemptions().hold(request), "hold"); }));
    capture.push_back(
        timed_ms([&] { expect(engine.redemptions().capture({.redemption = key}), "capture"); }));
    reversal.push_back(timed_ms([&] {
      expect(engine.redemptions().reverse({.redemption = key, .id = key.id + "-back"}), "reverse");
    }));
  }
  const auto report = [](const char* what, std::vector<double>& took) {
    std::ranges::sort(took);
    std::printf("%-44s %9.1f ms   at most 50 (the middle of %d)\n", what, took[kRounds / 2],
                kRounds);
  };
  report("hold of all of them", hold);
  report("capture", capture);
  report("reversal", reversal);
}

double looks_per_second(const Engine& engine, const std::vector<std::string>& codes) {
  const auto rate = rate_of_times(1, 5'000, [&](std::int64_t n) {
    const auto at = scattered(static_cast<std::uint64_t>(n)) % codes.size();
    const auto seen = engine.vouchers().look(
        {.code = codes[at], .basket = {.id = "basket", .lines = {{"1", "60.00"}}}});
    if (!seen) std::fprintf(stderr, "%s\n", seen.error().detail.c_str());
    return seen.ok();
  });
  expect(rate.failed == 0, "looking at codes");
  return rate.per_second;
}

void measure_codes(Engine& engine, const Setting& setting) {
  std::vector<std::string> codes;
  double few = 0, took = 0;
  for (std::int64_t order = 0; order * kCodesAnOrder < setting.codes; order += 10) {
    std::vector<VoucherOrder> orders;
    for (std::int64_t n = order; n < order + 10; ++n) {
      orders.push_back({.key = {"print", std::to_string(n)},
                        .actor = "benchmark",
                        .reason = "a mailing",
                        .reward = "tea",
                        .pool = "mailing",
                        .count = kCodesAnOrder});
    }
    took += timed_ms([&] {
      for (const auto& ordered : engine.vouchers().issue(orders)) {
        expect(ordered, "issue");
        codes.insert(codes.end(), ordered->codes.begin(), ordered->codes.end());
      }
    });
    if (order == 0) few = looks_per_second(engine, codes);
  }
  std::printf("%-44s %9.0f /s\n", "codes made", static_cast<double>(codes.size()) * 1'000 / took);
  const double many = looks_per_second(engine, codes);
  std::printf("a code looked up among 10,000: %.0f /s, among %zu: %.0f /s   %.2f, at least 0.50\n",
              few, codes.size(), many, many / few);
}

}  // namespace
}  // namespace laurel

int main(int count, char** words) {
  using namespace laurel;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  Setting setting;
  const auto take = [&](int at, std::int64_t& number) {
    if (count > at) number = std::atoll(words[at]);
  };
  take(1, setting.members);
  take(2, setting.operations);
  take(3, setting.lots);
  take(4, setting.codes);
  if (count > 5) setenv("TMPDIR", words[5], 1);
  const store::Folder folder;
  const auto world = open_world(folder.uri());
  enrol(*world.engine, setting.members);
  measure_rates(*world.engine, setting);
  measure_lots(*world.engine, setting);
  measure_codes(*world.engine, setting);
  return 0;
}
