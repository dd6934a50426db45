#include "cli/bench/world.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

namespace laurel::daemon::cli::bench {

namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr std::array<std::string_view, 6> kDepartments = {"fashion",   "handbags",   "jewellery",
                                                          "food-hall", "restaurant", "beauty"};
constexpr std::size_t kEnrollers = 64;
// Sales begin here and are a second apart; the programme is older.
constexpr std::int64_t kFirstSaleSeconds = 1'790'000'000;  // September 2026

constexpr const char* kHead = R"(programme: bench
effective_from: 2020-01-01
time_zone: Europe/London
currency: GBP
departments: [fashion, handbags, jewellery, food-hall, restaurant, beauty]
channels: [store, online]
wallets:
  points:
    name: { en: Points }
    scale: 0
    rounding: { mode: floor, at: transaction }
    pending: 14 days
    expires: { end_of: year, after: 2 years }
    on_shortfall: debt
tiers:
  metric: spend
  window: calendar_year
  valid_until: end_of_next_year
  crossing: next_day
  on_return: immediate
  downgrade: one_level
  levels:
    - { id: green, from: 0.00, rate: 1 point per 1.00 }
    - { id: gold, from: 5000.00, rate: 2 points per 1.00 }
identity:
  types:
    card: { strength: strong, may: [earn, redeem], check: luhn }
  precedence: [card]
  unknown: keep
rules:
)";

// Twenty: what matches a third of the sales, what matches few, and what never does.
std::string rules_text() {
  std::string text;
  for (int i = 0; i < 10; ++i) {
    text += "  - { id: brand-" + std::to_string(i) + ", when: { department: " +
            std::string(kDepartments[static_cast<std::size_t>(i) % kDepartments.size()]) +
            ", brand: B" + std::to_string(i) + " }, multiply: 2 }\n";
  }
  for (int i = 0; i < 6; ++i) {
    text += "  - { id: basket-" + std::to_string(i) +
            ", when: { basket: { at_least: " + std::to_string(100 * (i + 1)) +
            ".00 } }, bonus: " + std::to_string(10 * (i + 1)) + " points }\n";
  }
  text += "  - { id: online, when: { channel: online }, bonus: 5 points }\n";
  text += "  - { id: gold-beauty, when: { department: beauty, tier: gold }, multiply: 3 }\n";
  text += "  - { id: restaurant-flat, when: { department: restaurant }, rate: 1 point per 2.00 }\n";
  text += "  - { id: category, when: { category: scarf }, bonus: 3 points }\n";
  return text;
}

char luhn_digit(const std::string& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

struct SaleLine {
  std::string_view department;
  std::string brand;
  std::string amount;
};

SaleLine line_of(std::uint64_t chance, std::uint64_t line) {
  const std::uint64_t own = scattered(chance + line);
  return {kDepartments[own % kDepartments.size()], "B" + std::to_string(own / 7 % 30),
          std::to_string(5 + own / 11 % 195) + "." + std::to_string(10 + own / 13 % 90)};
}

Instant time_of_sale(std::int64_t number) {
  return Instant(std::chrono::seconds(kFirstSaleSeconds + number % 4'000'000));
}

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

Rate run(std::size_t threads, const std::function<bool(std::int64_t)>& go_on,
         const std::function<bool(std::int64_t)>& work) {
  std::atomic<std::int64_t> next{0}, failed{0}, done{0};
  const auto begin = steady_clock::now();
  const double cpu_before = cpu_seconds();
  const auto loop = [&] {
    for (std::int64_t n = next++; go_on(n); n = next++) {
      if (!work(n)) ++failed;
      ++done;
    }
  };
  std::vector<std::jthread> all;
  for (std::size_t i = 0; i < threads; ++i) all.emplace_back(loop);
  all.clear();
  const double seconds = duration<double>(steady_clock::now() - begin).count();
  return {static_cast<double>(done) / seconds, done, failed, cpu_seconds() - cpu_before};
}

Result<void> enrol_up_to(Engine& engine, std::int64_t members) {
  const auto enrol = [&](std::int64_t n) {
    const Enrolment enrolment{.key = TransactionKey{"bench-desk", std::to_string(n)},
                              .identifiers = {{"card", card_of(n)}},
                              .at = Instant(std::chrono::seconds(kFirstSaleSeconds - 1))};
    return engine.enrol(enrolment).ok();
  };
  const Rate rate = rate_of_times(kEnrollers, members, enrol);
  if (rate.failed > 0) return Error{ErrorCode::kBroken, "members could not be enrolled"};
  return {};
}

}  // namespace

std::string programme_text() { return kHead + rules_text(); }

void write_programme(const std::string& folder) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/programme.yaml") << programme_text();
}

std::uint64_t scattered(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31);
}

std::string card_of(std::int64_t member) {
  std::string digits = std::to_string(630'100'000'000'000 + member);
  return digits + luhn_digit(digits);
}

Transaction sale_of(std::int64_t number, std::int64_t member) {
  const std::uint64_t chance = scattered(static_cast<std::uint64_t>(number)) << 2U;
  Transaction sale;
  sale.key = {"bench-till", std::to_string(number)};
  sale.at = time_of_sale(number);
  sale.store = "knightsbridge";
  sale.channel = "store";
  sale.currency = "GBP";
  sale.identifiers = {{"card", card_of(member)}};
  for (std::uint64_t line = 0; line < 3; ++line) {
    SaleLine made = line_of(chance, line);
    sale.lines.push_back({.id = std::to_string(line + 1),
                          .department = std::string(made.department),
                          .brand = std::move(made.brand),
                          .amount = std::move(made.amount)});
  }
  return sale;
}

void append_sale_json(std::string& body, std::int64_t number, std::int64_t member) {
  const std::uint64_t chance = scattered(static_cast<std::uint64_t>(number)) << 2U;
  body += R"({"id":")" + std::to_string(number) +
          R"(","source":"bench-till","kind":"sale","at":")" + to_text(time_of_sale(number)) +
          R"(","store":"knightsbridge","channel":"store","currency":"GBP",)"
          R"("identifiers":[{"type":"card","value":")" +
          card_of(member) + R"("}],"lines":[)";
  for (std::uint64_t line = 0; line < 3; ++line) {
    const SaleLine made = line_of(chance, line);
    body += std::string(line == 0 ? "" : ",") + R"({"id":")" + std::to_string(line + 1) +
            R"(","department":")" + std::string(made.department) + R"(","brand":")" + made.brand +
            R"(","amount":")" + made.amount + R"("})";
  }
  body += "]}";
}

Result<Session> open_world(const WorldOptions& options) {
  auto store = open_store("sqlite:" + options.file, {.sync_delay = options.sync_delay});
  if (!store) return std::move(store).error();
  Session session{*store, std::make_unique<SystemClock>(), nullptr};
  auto engine = Engine::open({.store = session.store, .clock = session.clock.get()});
  if (!engine) return std::move(engine).error();
  session.engine = *std::move(engine);
  const std::vector<SourceFile> files = {{"programme.yaml", programme_text()}};
  LoadedProgramme loaded = load_programme(files);
  if (!loaded.programme) return Error{ErrorCode::kInvalidProgramme, render(loaded.faults)};
  if (auto published = session.engine->publish(*loaded.programme, {.by = "laurel bench"});
      !published) {
    return std::move(published).error();
  }
  if (auto enrolled = enrol_up_to(*session.engine, options.members); !enrolled) {
    return std::move(enrolled).error();
  }
  return session;
}

Rate rate_of(std::size_t threads, std::chrono::milliseconds time,
             const std::function<bool(std::int64_t)>& work) {
  const auto end = steady_clock::now() + time;
  return run(
      threads, [&](std::int64_t) { return steady_clock::now() < end; }, work);
}

Rate rate_of_times(std::size_t threads, std::int64_t times,
                   const std::function<bool(std::int64_t)>& work) {
  return run(
      threads, [&](std::int64_t n) { return n < times; }, work);
}

Syncs measure_syncs(const std::string& folder, std::chrono::milliseconds time) {
  const std::string file = folder + "/syncs";
  const int descriptor = open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  if (descriptor < 0) return {};
  const std::string page(4096, 'x');
  Syncs syncs;
  const Rate rate = rate_of(1, time, [&](std::int64_t) {
    const auto begin = steady_clock::now();
    const bool done = write(descriptor, page.data(), page.size()) > 0 && fdatasync(descriptor) == 0;
    syncs.took_ms.push_back(duration<double, std::milli>(steady_clock::now() - begin).count());
    return done;
  });
  close(descriptor);
  std::filesystem::remove(file);
  if (rate.failed == 0) syncs.per_second = rate.per_second;
  return syncs;
}

}  // namespace laurel::daemon::cli::bench
