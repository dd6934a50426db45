// The campaigns and random baskets as JSON, for other rule engines (peers/compare.mjs): which rules
// apply to which lines, as Laurel finds it, and what finding it costs.
//
//   benchmark_peers RULES LINES BASKETS > world.json

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <random>

#include "campaigns.hpp"
#include "programme/workspace.hpp"

namespace laurel::campaigns {
namespace {

struct Size {
  std::int64_t rules, lines, baskets;
};

// A basket with its texts; not moved once it is made.
struct RandomBasket {
  std::vector<std::string> brands;
  std::vector<std::string> ids;
  std::vector<programme::LineFacts> lines;
  programme::Facts facts;

  RandomBasket(const Size& size, std::mt19937_64& random) {
    const auto below = [&](std::int64_t end) {
      return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end));
    };
    constexpr std::array kChannels = {"store", "online", "phone"};
    constexpr std::array kTiers = {"green", "gold"};
    for (std::int64_t i = 0; i < size.lines; ++i) {
      // Half of the lines are of a brand that some campaign is about, in a department that fits.
      const std::int64_t rule = below(size.rules * 2);
      brands.push_back("brand-" + std::to_string(rule / 2));
      ids.push_back(std::to_string(i));
      programme::LineFacts line;
      line.department = kDepartments[(below(2) == 0 ? rule : below(5)) % 5];
      line.quantity = Quantity::of(1 + below(3));
      line.amount_minor = 1'000 + below(50'000);
      lines.push_back(line);
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].id = ids[i];
      lines[i].brand = brands[i];
    }
    facts.at = parse_instant("2026-11-21T11:00:00Z").value();
    facts.currency = Currency::of("GBP").value();
    facts.channel = kChannels[static_cast<std::size_t>(below(3))];
    facts.tier = kTiers[static_cast<std::size_t>(below(2))];
    facts.lines = lines;
  }
  RandomBasket(const RandomBasket&) = delete;
};

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// As text_of writes it.
std::string rule_json(std::int64_t i) {
  const std::string brand = "brand-" + std::to_string(i / 2);
  return "{\"id\":\"rule-" + std::to_string(i) + "\",\"from\":" +
         std::to_string(parse_instant("2026-01-01T00:00:00Z").value().time_since_epoch().count()) +
         ",\"until\":" +
         std::to_string(parse_instant("2027-01-01T00:00:00Z").value().time_since_epoch().count()) +
         ",\"departments\":[" + quoted(kDepartments[i % 5]) + "],\"brands\":[" + quoted(brand) +
         "," + quoted(brand + "-plus") +
         "],\"channels\":[\"store\",\"phone\"],\"not_tiers\":[\"green\"]}";
}

std::string basket_json(const RandomBasket& basket, const programme::Compiled& compiled) {
  std::string text = "{\"at\":" + std::to_string(basket.facts.at.time_since_epoch().count()) +
                     ",\"channel\":" + quoted(basket.facts.channel) +
                     ",\"tier\":" + quoted(basket.facts.tier) + ",\"lines\":[";
  for (const auto& line : basket.lines) {
    if (&line != basket.lines.data()) text += ',';
    text += "{\"id\":" + quoted(line.id) + ",\"department\":" + quoted(line.department) +
            ",\"brand\":" + quoted(line.brand) +
            ",\"amount\":" + std::to_string(line.amount_minor) + "}";
  }
  text += "],\"applied\":[";
  std::vector<std::string> applied;
  for (const auto& reason : compiled.explain(basket.facts).reasons) {
    if (reason.applied && reason.rule.starts_with("rule-")) {
      applied.push_back(quoted(reason.rule + "@" + reason.line));
    }
  }
  std::sort(applied.begin(), applied.end());
  for (std::size_t i = 0; i < applied.size(); ++i) text += (i == 0 ? "" : ",") + applied[i];
  return text + "]}";
}

// Nanoseconds a basket: all of its rates, campaigns, rounding and splitting.
std::int64_t cost(const std::vector<std::unique_ptr<RandomBasket>>& baskets,
                  const programme::Compiled& compiled) {
  using Clock = std::chrono::steady_clock;
  programme::Workspace workspace;
  programme::Decision decision;
  std::int64_t done = 0;
  const auto begin = Clock::now();
  auto now = begin;
  for (; now - begin < std::chrono::seconds(2); now = Clock::now()) {
    for (const auto& basket : baskets) compiled.evaluate(basket->facts, workspace, decision);
    done += static_cast<std::int64_t>(baskets.size());
  }
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now - begin).count() / done;
}

void write_world(const Size& size) {
  const auto programme = programme_of(size.rules);
  std::mt19937_64 random(20261121);
  std::vector<std::unique_ptr<RandomBasket>> baskets;
  for (std::int64_t i = 0; i < size.baskets; ++i) {
    baskets.push_back(std::make_unique<RandomBasket>(size, random));
  }
  std::cout << "{\"nanoseconds\":" << cost(baskets, programme.compiled()) << ",\"rules\":[";
  for (std::int64_t i = 0; i < size.rules; ++i) std::cout << (i == 0 ? "" : ",") << rule_json(i);
  std::cout << "],\"baskets\":[";
  for (const auto& basket : baskets) {
    std::cout << (basket == baskets.front() ? "" : ",")
              << basket_json(*basket, programme.compiled());
  }
  std::cout << "]}\n";
}

}  // namespace
}  // namespace laurel::campaigns

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "usage: benchmark_peers RULES LINES BASKETS > world.json\n";
    return 2;
  }
  laurel::campaigns::write_world(
      {std::atoll(arguments[1]), std::atoll(arguments[2]), std::atoll(arguments[3])});
}
