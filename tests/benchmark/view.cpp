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
#include "shop.hpp"
#include "store_fixture.hpp"

namespace laurel::test {
namespace {

using Clock = std::chrono::steady_clock;

// Every tenth is returned in part, and every twentieth time she comes to talk.
void live(Shop& shop, int purchases) {
  const char* const departments[] = {"retail", "hotel", "spa", "restaurant"};
  std::vector<Transaction> batch;
  for (int i = 0; i < purchases; ++i) {
    const auto when = at("2024-03-01T10:00:00Z") + std::chrono::minutes(50 * i);
    auto sold = sale("R-" + std::to_string(i), {"20.00", "30.00"}, "anna", when);
    sold.lines[0].department = departments[i % 4];
    sold.lines[0].brand = "brand-" + std::to_string(i % 30);
    sold.associate = "A-" + std::to_string(i % 7);
    batch.push_back(std::move(sold));
    if (i % 10 == 9)
      batch.push_back(return_of_line("X-" + std::to_string(i), batch.back().key.id, "1"));
    if (batch.size() < 500 && i + 1 < purchases) continue;
    for (const auto& receipt : shop.engine().post_all(batch)) {
      if (!receipt) std::printf("not posted: %s\n", receipt.error().detail.c_str());
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
}  // namespace laurel::test

int main(int count, char** words) {
  using namespace laurel;
  using namespace laurel::test;
  const int purchases = count > 1 ? std::atoi(words[1]) : 10'000;
  const int rounds = count > 2 ? std::atoi(words[2]) : 1'000;
  const store::Folder folder;
  Shop shop(replaced(kReference, "12 months", "120 months"), folder.uri());
  live(shop, purchases);
  const std::vector<Identifier> card{{"card", "anna"}};
  const ViewQuestion question{.identifiers = card};
  const auto view = shop.engine().views().lookup(question)->view;
  std::printf("%d purchases: %lld counted, %zu shown, %zu entries of expiry, all %d\n", purchases,
              static_cast<long long>(view.favourites.purchases), view.purchases.size(),
              view.expiring.size(), view.all_expiring ? 1 : 0);
  measure("lookup", rounds / 10, [&] { return shop.engine().lookup(card).ok(); });
  measure("view", rounds, [&] { return shop.engine().views().lookup(question).ok(); });
  return 0;
}
