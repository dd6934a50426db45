// A year of a gift shop, replayed with the invoices of each week in another order: the same points,
// tiers and spend stand in the end.

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "cli/import/online_retail.hpp"
#include "laurel/laurel.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

using Weeks = std::map<std::int64_t, std::vector<Transaction>>;

// Gold earns twice, so that the order in which a tier is reached matters.
std::string programme_text() {
  std::ostringstream text;
  text << std::ifstream(LAUREL_SOURCE_DIR "/rules/online-retail/programme.yaml").rdbuf();
  return replaced(text.str(), "from: 1000.00, rate: 1 point", "from: 1000.00, rate: 2 points");
}

Weeks weeks_of_the_excerpt() {
  std::ifstream file(LAUREL_SOURCE_DIR "/examples/data/online-retail-excerpt.csv");
  const auto read = daemon::cli::OnlineRetail::read(file);
  EXPECT_TRUE(read.ok());
  Weeks weeks;
  for (std::size_t i = 0; read && i < read->invoices(); ++i) {
    for (auto& transaction : read->transactions(i)) {
      const auto week = std::chrono::floor<std::chrono::weeks>(*transaction.at);
      weeks[week.time_since_epoch().count()].push_back(std::move(transaction));
    }
  }
  return weeks;
}

// What every member has and is in the end, by her customer number.
std::map<std::string, std::string> standing(Engine& engine, const Weeks& weeks) {
  std::map<std::string, std::string> members;
  for (const auto& [week, transactions] : weeks) {
    for (const auto& transaction : transactions) {
      if (transaction.identifiers.empty()) continue;
      const auto& customer = transaction.identifiers.front().value;
      if (members.contains(customer)) continue;
      const auto found = engine.lookup(transaction.identifiers);
      if (!found) continue;
      const auto& wallet = found->member.wallets.at(0);
      members[customer] = found->member.tier.id + " " +
                          std::to_string(found->member.tier.spend_minor) + " " +
                          std::to_string(wallet.balance.available.units()) + " " +
                          std::to_string(wallet.balance.debt.units());
    }
  }
  return members;
}

std::map<std::string, std::string> replay(Weeks weeks, std::uint64_t seed) {
  ManualClock clock(at("2012-01-01T00:00:00Z"));
  auto engine = *Engine::open({*open_store("memory:"), &clock, nullptr});
  EXPECT_TRUE(engine->publish(programme_of(programme_text()), {"test", {}, true}).ok());
  std::mt19937_64 random(seed);
  for (auto& [week, transactions] : weeks) {
    if (seed != 0) std::shuffle(transactions.begin(), transactions.end(), random);
    for (const auto& receipt : engine->post_all(transactions)) {
      EXPECT_TRUE(receipt.ok()) << Shop::describe(receipt.error());
    }
  }
  const auto report = engine->verify({});
  EXPECT_TRUE(report.ok() && report->drift.empty());
  return standing(*engine, weeks);
}

TEST(ShuffledWeeks, every_order_within_a_week_ends_alike) {
  const auto weeks = weeks_of_the_excerpt();
  const auto in_order = replay(weeks, 0);
  EXPECT_GT(in_order.size(), 10u);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    EXPECT_EQ(replay(weeks, seed), in_order);
  }
}

}  // namespace
}  // namespace laurel::test
