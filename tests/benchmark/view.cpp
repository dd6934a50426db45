// A look-up and a view of a member with very many purchases, none of whose points were spent.
//
//   benchmark_view [purchases] [rounds]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "laurel/laurel.hpp"
#include "laurel/view.hpp"
#include "store_fixture.hpp"

namespace laurel {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kProgramme = R"(programme: view
effective_from: 2020-01-01
time_zone: Europe/Rome
currency: EUR
departments: [retail, hotel, spa, restaurant]
channels: [store]
wallets:
  points:
    rounding: { mode: floor, at: transaction }
    expires: { after: 120 months }
tiers:
  levels:
    - { id: silver, from: 0.00, rate: 1 point per 1.00 }
identity:
  types:
    card: { strength: strong, may: [earn, redeem] }
  precedence: [card]
  unknown: enrol
)";

Line line(const char* id, const char* amount, int i) {
  static constexpr const char* kDepartments[] = {"retail", "hotel", "spa", "restaurant"};
  Line made;
  made.id = id;
  made.amount = amount;
  made.department = kDepartments[i % 4];
  made.brand = "brand-" + std::to_string(i % 30);
  return made;
}

Transaction sale(int i) {
  Transaction made;
  made.key = {"till-1", "R-" + std::to_string(i)};
  made.at = *parse_instant("2024-03-01T10:00:00Z") + std::chrono::minutes(50 * i);
  made.currency = "EUR";
  made.channel = "store";
  made.associate = "A-" + std::to_string(i % 7);
  made.identifiers = {{"card", "anna"}};
  made.lines = {line("1", "20.00", i), line("2", "30.00", i + 1)};
  return made;
}

Transaction return_of(const Transaction& sale) {
  Transaction made;
  made.key = {"till-1", "X" + sale.key.id};
  made.kind = TransactionKind::kReturn;
  made.original = sale.key;
  made.return_lines = {{"1"}};
  return made;
}

// Every tenth is returned in part.
void live(Engine& engine, int purchases) {
  std::vector<Transaction> batch;
  for (int i = 0; i < purchases; ++i) {
    batch.push_back(sale(i));
    if (i % 10 == 9) batch.push_back(return_of(batch.back()));
    if (batch.size() < 500 && i + 1 < purchases) continue;
    for (const auto& receipt : engine.post_all(batch)) {
      if (receipt) continue;
      std::printf("not posted: %s\n", receipt.error().detail.c_str());
      std::abort();
    }
    batch.clear();
  }
}

template <class Work>
void measure(const char* name, int rounds, Work work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    if (!work()) std::abort();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::ranges::sort(times);
  const auto at_share = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  std::printf("%-8s p50 %7.3f ms   p99 %7.3f ms   worst %7.3f ms\n", name, at_share(0.5),
              at_share(0.99), times.back());
}

}  // namespace
}  // namespace laurel

int main(int count, char** words) {
  using namespace laurel;
  const int purchases = count > 1 ? std::atoi(words[1]) : 10'000;
  const int rounds = count > 2 ? std::atoi(words[2]) : 1'000;
  const store::Folder folder;
  ManualClock clock(*parse_instant("2025-03-01T10:00:00Z"));
  const auto engine = *Engine::open({*open_store(folder.uri()), &clock});
  const std::vector<SourceFile> files{{"programme.yaml", kProgramme}};
  const auto loaded = load_programme(files);
  if (!loaded.programme || !engine->publish(*loaded.programme, {"benchmark", {}, true})) return 1;
  live(*engine, purchases);
  const std::vector<Identifier> card{{"card", "anna"}};
  const ViewQuestion question{.identifiers = card};
  const auto view = engine->views().lookup(question)->view;
  std::printf("%d purchases: %lld counted, %zu shown, %zu entries of expiry, all %d\n", purchases,
              static_cast<long long>(view.favourites.purchases), view.purchases.size(),
              view.expiring.size(), view.all_expiring ? 1 : 0);
  measure("lookup", rounds / 10, [&] { return engine->lookup(card).ok(); });
  measure("view", rounds, [&] { return engine->views().lookup(question).ok(); });
  return 0;
}
