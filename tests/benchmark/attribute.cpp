// What attribution adds to a sale: sales are posted, and then their identifiers are recognised and
// attributed again, with everything read from the store that the sale read for it.
//
//   benchmark_attribute [members] [sales] [folder]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "cli/bench/world.hpp"
#include "engine/attribution.hpp"
#include "engine/versions.hpp"
#include "laurel/laurel.hpp"
#include "store_fixture.hpp"

namespace laurel {
namespace {

using daemon::cli::bench::sale_of;
using daemon::cli::bench::scattered;

constexpr std::size_t kBatch = 64;
constexpr int kRounds = 5;

double cpu_us() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "not done: %s\n", why.c_str());
  std::abort();
}

std::vector<Transaction> sales(std::int64_t first, std::int64_t count, std::int64_t members) {
  std::vector<Transaction> made;
  for (std::int64_t n = first; n < first + count; ++n) {
    const auto chance = scattered(static_cast<std::uint64_t>(n));
    made.push_back(
        sale_of(n, static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(members))));
  }
  return made;
}

// In processor time, each sale.
double post(Engine& engine, std::span<const Transaction> sales) {
  const double begin = cpu_us();
  for (std::size_t at = 0; at < sales.size(); at += kBatch) {
    const auto batch = sales.subspan(at, std::min(kBatch, sales.size() - at));
    for (const auto& receipt : engine.post_all(batch)) {
      if (!receipt) give_up(receipt.error().detail);
    }
  }
  return (cpu_us() - begin) / static_cast<double>(sales.size());
}

// Within one reading of the store, as the sales of a batch are.
double attribute(store::Store& store, std::span<const Transaction> sales) {
  const double begin = cpu_us();
  const auto done = store.read([&](const store::View& view) -> Result<void> {
    engine::VersionCatalogue catalogue;
    const auto versions = catalogue.refresh(view);
    if (!versions) return versions.error();
    for (const auto& sale : sales) {
      const auto& recogniser = *(*versions)->in_force(*sale.at).recogniser;
      const auto places = engine::places_of(sale);
      const auto given = engine::recognise({recogniser, view, places}, sale.identifiers);
      if (!given) return given.error();
      const auto whose =
          engine::attribute(view, recogniser, *given, places, identity::Purpose::kEarn);
      if (!whose) return whose.error();
      if (!whose->member) give_up("a sale was nobody's");
    }
    return {};
  });
  if (!done) give_up(done.error().detail);
  return (cpu_us() - begin) / static_cast<double>(sales.size());
}

}  // namespace
}  // namespace laurel

int main(int count, char** words) {
  using namespace laurel;
  const std::int64_t members = count > 1 ? std::atoll(words[1]) : 100'000;
  const std::int64_t number = count > 2 ? std::atoll(words[2]) : 20'000;
  if (count > 3) setenv("TMPDIR", words[3], 1);
  const store::Folder folder;
  const auto world = daemon::cli::bench::open_world({.file = folder.file(), .members = members});
  if (!world) give_up(world.error().detail);
  for (int round = 0; round < kRounds; ++round) {
    const auto made = sales(round * number, number, members);
    const double sale = post(*world->engine, made);
    const double whose = attribute(*world->store, made);
    std::printf("a sale %6.1f us, of which attribution %5.1f us: adds %4.1f %% (at most 15 %%)\n",
                sale, whose, 100 * whose / (sale - whose));
  }
  return 0;
}
