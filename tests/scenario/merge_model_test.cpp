// Merges, partings, sales and returns by chance, beside a model that knows nothing of ledgers: each
// card earned what it earned, and a person has what the cards of all who are she have.

#include <map>
#include <random>

#include "each_store.hpp"
#include "laurel/merging.hpp"
#include "shop.hpp"

namespace laurel::test {
namespace {

constexpr int kCards = 5;
constexpr int kSteps = 60;

class World {
 public:
  World(Shop& shop, unsigned seed) : shop_(shop), chance_(seed) {
    for (int card = 0; card < kCards; ++card) {
      const auto name = "card-" + std::to_string(card);
      members_.push_back(
          shop_.engine().enrol({TransactionKey{"web", name}, {{"card", name}}})->member.id);
      into_.push_back(card);
      merge_of_.emplace_back();
    }
    earned_.resize(kCards);
  }

  void step() {
    ++now_;
    shop_.clock().set(at("2025-03-01T10:00:00Z") + std::chrono::minutes(now_));
    switch (pick(6)) {
      case 0: return merge();
      case 1: return part();
      case 2: return take_back();
      default: return sell();
    }
  }

  void agrees() {
    for (int card = 0; card < kCards; ++card) {
      const auto member = shop_.engine().member(members_[index(card)]);
      ASSERT_TRUE(member.ok());
      std::int64_t points = 0;
      for (int other = 0; other < kCards; ++other) {
        if (root(other) == root(card)) points += earned_[index(other)];
      }
      EXPECT_EQ(member->id, members_[index(root(card))]);
      EXPECT_EQ(member->wallets.at(0).balance.available.units(), points) << "card " << card;
      EXPECT_EQ(member->wallets.at(0).balance.debt.units(), 0);
      EXPECT_EQ(member->tier.spend_minor, 100 * points);
      EXPECT_EQ(shop_.member("card-" + std::to_string(card)).id, member->id);
    }
  }

 private:
  struct Sold {
    std::string id;
    int card;
    int amount;
  };

  static std::size_t index(int card) { return static_cast<std::size_t>(card); }
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(chance_); }
  int root(int card) const {
    while (into_[index(card)] != card) card = into_[index(card)];
    return card;
  }

  void sell() {
    const int card = pick(kCards);
    const int amount = 1 + pick(50);
    const auto id = "R-" + std::to_string(now_);
    // Some of them come late.
    const auto when = shop_.clock().now() - std::chrono::hours(pick(3) == 0 ? pick(100) : 0);
    shop_.posts(sale(id, {std::to_string(amount) + ".00"}, "card-" + std::to_string(card), when));
    earned_[index(card)] += amount;
    sold_.push_back({id, card, amount});
  }

  void take_back() {
    if (sold_.empty()) return;
    const auto place = index(pick(static_cast<int>(sold_.size())));
    const auto one = sold_[place];
    sold_.erase(sold_.begin() + static_cast<std::ptrdiff_t>(place));
    shop_.posts(return_of("X-" + one.id, one.id));
    earned_[index(one.card)] -= one.amount;
  }

  void merge() {
    const int into = pick(kCards), from = pick(kCards);
    if (root(into) == root(from)) return;
    const int goes = root(from);
    const auto id = "M-" + std::to_string(now_);
    const auto merged = shop_.engine().merging().merge(
        {{"desk", id}, members_[index(into)], members_[index(from)], "clerk", "one person"});
    ASSERT_TRUE(merged.ok()) << Shop::describe(merged.error());
    into_[index(goes)] = root(into);
    merge_of_[index(goes)] = id;
  }

  void part() {
    std::vector<int> merged;
    for (int card = 0; card < kCards; ++card) {
      if (into_[index(card)] != card) merged.push_back(card);
    }
    if (merged.empty()) return;
    const int back = merged[index(pick(static_cast<int>(merged.size())))];
    const auto parted = shop_.engine().merging().unmerge({{"desk", "U-" + std::to_string(now_)},
                                                          {"desk", merge_of_[index(back)]},
                                                          {},
                                                          "clerk",
                                                          "two people"});
    ASSERT_TRUE(parted.ok()) << Shop::describe(parted.error());
    into_[index(back)] = back;
  }

  Shop& shop_;
  std::mt19937 chance_;
  int now_ = 0;
  std::vector<MemberId> members_;
  std::vector<int> into_;  // of each card's member; herself: she was not merged
  std::vector<std::string> merge_of_;
  std::vector<std::int64_t> earned_;
  std::vector<Sold> sold_;
};

class ByChance : public EachStore {};
INSTANTIATE_TEST_SUITE_P(Stores, ByChance, each_store(), store_name);

TEST_P(ByChance, merges_and_partings_agree_with_a_model) {
  const unsigned seeds = std::string(GetParam()) == "memory" ? 12 : 2;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    Shop shop(kReference, seed == 1 ? uri() : "memory:");
    World world(shop, seed);
    for (int i = 0; i < kSteps; ++i) {
      SCOPED_TRACE("step " + std::to_string(i + 1));
      world.step();
      world.agrees();
      if (HasFailure()) return;
    }
    shop.adds_up();
  }
}

}  // namespace
}  // namespace laurel::test
