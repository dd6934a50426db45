// Durable sales through the store against the bare SQLite statements that write the same rows.
//
//   benchmark_store_floor [members] [sales] [folder]

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <random>
#include <thread>

#include "child.hpp"
#include "store_fixture.hpp"
#include "store_floor.hpp"

namespace laurel::store {
namespace {

struct Setting {
  std::int64_t members = 100'000;
  int sales = 100'000;
  std::string folder;
  std::string file() const { return folder + "/store.db"; }
  std::string copy() const { return folder + "/floor.db"; }
};

void remove(const std::string& file) {
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(file + suffix);
}

void enrol(const Setting& setting) {
  const auto store = *open_store("sqlite:" + setting.file());
  std::vector<UnitOfWork> units(20'000, enrolment());
  for (std::int64_t done = 0; done < setting.members;) {
    const auto count = std::min<std::int64_t>(setting.members - done, 20'000);
    for (auto& result : store->write(std::span(units).first(static_cast<std::size_t>(count)))) {
      floor::expect(result.ok(), "enrol");
    }
    done += count;
  }
}

struct Outcome {
  double per_second = 0;
  double batch = 0;
};

// Of all threads; what a busy machine does not blur.
double processor_seconds() {
  timespec used = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

Outcome sell(const Setting& setting, int callers, int sales, std::chrono::microseconds delay) {
  std::atomic<std::int64_t> commits = 0;
  static std::atomic<int> run = 0;
  const std::string tag = std::to_string(++run) + "-";
  const auto store =
      *open_store("sqlite:" + setting.file(), {.sync_delay = delay, .probe = [&](auto step) {
                                                 if (step == "commit") ++commits;
                                               }});
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&, caller] {
        std::mt19937_64 random(static_cast<std::uint64_t>(caller) + 1);
        const TransactionKey base{.source = "till-" + std::to_string(caller), .id = {}};
        for (int i = 0; i < sales / callers; ++i) {
          const auto pick =
              static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(setting.members));
          TransactionKey key = base;
          key.id = tag + std::to_string(10'000'000 + i);
          floor::expect(write(*store, sale(key, MemberId(pick + 1))).ok(), "sale");
        }
      });
    }
  }
  const double seconds = floor::Seconds(std::chrono::steady_clock::now() - start).count();
  const double done = sales / callers * callers;
  return {.per_second = done / seconds, .batch = done / static_cast<double>(commits)};
}

std::int64_t last_entry(const Setting& setting) {
  const auto store = *open_store("sqlite:" + setting.file());
  NextIds seen;
  floor::expect(write(*store,
                      [&](const View&, const NextIds& next) -> Result<Change> {
                        seen = next;
                        return Change{};
                      })
                    .ok(),
                "look");
  return seen.entry.number() - 1;
}

void compare(const Setting& setting, int callers, int sales, std::chrono::microseconds delay) {
  const std::int64_t before = last_entry(setting);
  remove(setting.copy());
  std::filesystem::copy_file(setting.file(), setting.copy());
  const auto size_before = std::filesystem::file_size(setting.file());
  double processor = processor_seconds();
  const Outcome outcome = sell(setting, callers, sales, delay);
  const double store_us = (processor_seconds() - processor) / sales * 1e6;
  const auto grown = std::filesystem::file_size(setting.file()) - size_before;
  auto rows = floor::Rows::read(setting.file(), before + 1);
  const auto batch = static_cast<std::size_t>(outcome.batch + 0.5);
  processor = processor_seconds();
  const double bare =
      floor::write_again(setting.copy(), rows, {.batch = batch, .sync_delay = delay});
  const double bare_us = (processor_seconds() - processor) / sales * 1e6;
  std::printf("%8d %9lld %7.1f %12.0f %12.0f %7.2f %9.1f %9.1f %7.0f\n", callers,
              static_cast<long long>(delay.count()), outcome.batch, outcome.per_second, bare,
              outcome.per_second / bare, store_us, bare_us, static_cast<double>(grown) / sales);
  std::fflush(stdout);
}

// How long a store takes to open that was killed when its log was as long as it gets.
void reopen_after_kill(const Setting& setting) {
  Child child([&](const auto&) {
    const auto store = *open_store("sqlite:" + setting.file(), {.probe = [](auto step) {
                                     if (step == "checkpoint") die();
                                   }});
    std::vector<UnitOfWork> units;
    for (std::int64_t i = 0; i < setting.members; ++i) {
      const TransactionKey key{.source = "till-killed", .id = std::to_string(i)};
      units.push_back(sale(key, MemberId(i * 7'919 % setting.members + 1)));
    }
    static_cast<void>(store->write(units));
  });
  floor::expect(!child.wait(), "the log never grew long enough");
  const auto log = std::filesystem::file_size(setting.file() + "-wal");
  const auto start = std::chrono::steady_clock::now();
  const auto opened = open_store("sqlite:" + setting.file());
  const double seconds = floor::Seconds(std::chrono::steady_clock::now() - start).count();
  floor::expect(opened.ok(), "open");
  std::printf("opened %.1f ms after a kill that left %.1f MB of log\n", seconds * 1e3,
              static_cast<double>(log) / 1e6);
}

}  // namespace
}  // namespace laurel::store

int main(int count, char** arguments) {
  using namespace laurel::store;
  const Folder folder;
  Setting setting;
  if (count > 1) setting.members = std::atoll(arguments[1]);
  if (count > 2) setting.sales = std::atoi(arguments[2]);
  setting.folder = count > 3 ? arguments[3] : folder.file(".");
  std::filesystem::create_directories(setting.folder);
  remove(setting.file());
  std::printf("%lld members; this machine syncs %.0f times a second\n",
              static_cast<long long>(setting.members),
              laurel::floor::syncs_per_second(setting.folder));
  const auto start = std::chrono::steady_clock::now();
  enrol(setting);
  std::printf("enrolled %.0f members a second\n",
              static_cast<double>(setting.members) /
                  laurel::floor::Seconds(std::chrono::steady_clock::now() - start).count());
  std::printf("%8s %9s %7s %12s %12s %7s %9s %9s %7s\n", "callers", "delay/us", "batch", "store/s",
              "bare/s", "ratio", "cpu/us", "bare cpu", "bytes");
  using std::chrono::microseconds;
  reopen_after_kill(setting);
  compare(setting, 1, setting.sales / 4, microseconds(0));
  compare(setting, 64, setting.sales, microseconds(0));
  compare(setting, 1, setting.sales / 100, microseconds(1'000));
  compare(setting, 64, setting.sales / 4, microseconds(1'000));
  remove(setting.file());
  remove(setting.copy());
}
