// By chance: members of a household hold, capture, release and reverse, are merged and parted,
// leave and join, while time passes. Nothing is lost or spent twice, and the entries explain all.

#include <map>
#include <random>

#include "laurel/merging.hpp"
#include "redeeming.hpp"

namespace laurel::test {
namespace {

constexpr int kSteps = 60;
const std::vector<std::string> kCards{"anna", "berta", "carla"};

class Chance {
 public:
  explicit Chance(unsigned seed) : dice_(seed) {
    for (const auto& card : kCards) {
      shop_.is("2025-0" + std::to_string(1 + pick(2)) + "-10T10:00:00Z");
      shop_.gives(100 * (1 + pick(5)), card);
    }
    shop_.is("2025-03-01T10:00:00Z");
    for (const auto& card : kCards) total_ += shop_.available(card);
    home_ = shop_.engine().pools().open({{"desk", "P"}, id(0), "clerk", "asked"})->id;
    for (std::size_t i = 1; i < kCards.size(); ++i) joins(i);
  }

  void run() {
    for (step_ = 0; step_ < kSteps; ++step_) {
      once();
      if (testing::Test::HasFailure()) return;
    }
    shop_.clock().advance(std::chrono::hours(2));
    agrees();
    shop_.adds_up();
  }

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(dice_); }
  MemberId id(std::size_t i) { return shop_.member(kCards[i]).id; }
  std::string name(const char* what) const { return what + std::to_string(step_); }

  void once() {
    const auto some = static_cast<std::size_t>(pick(3));
    switch (pick(9)) {
      case 0:
      case 1:
      case 2: holds(kCards[some]); break;
      case 3: ends(&Redemptions::capture, true); break;
      case 4: ends(&Redemptions::release, pick(2) == 0); break;
      case 5: reverses(); break;
      case 6: merges(some); break;
      case 7: parts(); break;
      default: pick(3) == 0 ? joins(some) : leaves(some); break;
    }
    if (pick(4) == 0) shop_.clock().advance(std::chrono::minutes(pick(12)));
    agrees();
  }

  void holds(const std::string& card) {
    auto request = asking(name("RD-"), 10 * (1 + pick(60)), card);
    request.pool = pick(3) != 0;
    if (shop_.redemptions().hold(request)) open_.push_back(request.key);
  }
  void ends(Result<Redemption> (Redemptions::*end)(const Resolution&) const, bool part) {
    if (open_.empty()) return;
    Resolution resolution{open_[static_cast<std::size_t>(pick(static_cast<int>(open_.size())))]};
    resolution.id = name("E-");
    if (part) resolution.points = Points(10 * (1 + pick(30)));
    const auto ended = (shop_.redemptions().*end)(resolution);
    if (ended) return;
    EXPECT_NE(ended.error().error_class(), ErrorClass::kBroken) << Shop::describe(ended.error());
  }
  void reverses() {
    if (!open_.empty()) ends(&Redemptions::reverse, false);
  }
  void merges(std::size_t from) {
    const auto into = id((from + 1) % 3);
    const auto key = name("M-");
    const auto merged =
        shop_.engine().merging().merge({{"desk", key}, into, id(from), "ana", "one"});
    if (merged && !merged->replayed) merges_.push_back(key);
    if (merged) return;
    EXPECT_NE(merged.error().error_class(), ErrorClass::kBroken) << Shop::describe(merged.error());
  }
  void parts() {
    if (merges_.empty()) return;
    const auto parted = shop_.engine().merging().unmerge(
        {{"desk", name("U-")}, {"desk", merges_.back()}, {}, "ana", "two"});
    EXPECT_TRUE(parted.ok()) << Shop::describe(parted.error());
    merges_.pop_back();
  }
  void joins(std::size_t i) {
    static_cast<void>(shop_.engine().pools().join(
        {{"desk", name("J-") + kCards[i]}, home_, id(i), true, true, "clerk", "asked"}));
  }
  void leaves(std::size_t i) {
    static_cast<void>(
        shop_.engine().pools().leave({{"desk", name("L-")}, home_, id(i), "clerk", "asked"}));
  }

  // What all have, and what was captured and stands, is what there was.
  void agrees() {
    std::map<MemberId, std::int64_t> have;
    for (const auto& card : kCards) {
      const auto member = shop_.member(card);
      const auto& balance = member.wallets.front().balance;
      EXPECT_GE(balance.available, Points{});
      have[member.id] = balance.available.units() + balance.held.units() - balance.debt.units();
    }
    std::int64_t sum = 0;
    for (const auto& [who, points] : have) sum += points;
    for (const auto& key : open_) {
      const auto redemption = shop_.redemptions().get(key);
      ASSERT_TRUE(redemption.ok());
      if (redemption->state == RedemptionState::kCaptured) sum += redemption->points.units();
    }
    EXPECT_EQ(sum, total_) << "after step " << step_;
  }

  std::mt19937 dice_;
  Counter shop_;
  PoolId home_;
  std::int64_t total_ = 0;
  int step_ = 0;
  std::vector<TransactionKey> open_;
  std::vector<std::string> merges_;
};

class HouseholdByChance : public testing::TestWithParam<unsigned> {};

TEST_P(HouseholdByChance, neither_loses_nor_makes_a_point) { Chance(GetParam()).run(); }

INSTANTIATE_TEST_SUITE_P(Seeds, HouseholdByChance, testing::Range(1U, 41U));

}  // namespace
}  // namespace laurel::test
