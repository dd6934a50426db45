// Holds at random against a model that is nothing but a balance and a list.

#include <algorithm>
#include <map>
#include <random>

#include "redeeming.hpp"

namespace laurel::test {
namespace {

// What a member has, by the plainest of means.
struct Model {
  struct Held {
    std::int64_t points;
    Instant until;
  };
  std::int64_t available = 0, redeemed = 0;
  std::map<std::string, Held> holds;

  std::int64_t held() const {
    std::int64_t sum = 0;
    for (const auto& [id, hold] : holds) sum += hold.points;
    return sum;
  }
  void pass_to(Instant now) {
    for (auto hold = holds.begin(); hold != holds.end();) {
      if (hold->second.until > now) {
        ++hold;
        continue;
      }
      available += hold->second.points;
      hold = holds.erase(hold);
    }
  }
  void capture(const std::string& id, std::int64_t points) {
    available += holds[id].points - points;
    redeemed += points;
    holds.erase(id);
  }
  void let_go(const std::string& id, std::int64_t points) {
    available += points;
    holds[id].points -= points;
    if (holds[id].points == 0) holds.erase(id);
  }
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::int64_t below(std::int64_t end) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(end));
  }

 private:
  std::mt19937_64 engine_;
};

class HoldModel : public testing::TestWithParam<unsigned> {
 protected:
  void holds() {
    const std::int64_t points = 1 + random_.below(120);
    const auto id = "RD-" + std::to_string(next_++);
    const auto held = shop_.redemptions().hold(asking(id, points));
    ASSERT_EQ(held.ok(), points <= model_.available);
    if (!held) return;
    model_.available -= points;
    model_.holds[id] = {points, shop_.clock().now() + std::chrono::minutes(15)};
  }
  std::string any() {
    if (next_ == 0) return "RD-none";
    return "RD-" + std::to_string(random_.below(next_));
  }
  void captures() {
    const auto id = any();
    const bool open = model_.holds.contains(id);
    const auto points = open ? 1 + random_.below(model_.holds[id].points) : 1;
    const auto done = shop_.redemptions().capture({{"web", id}, "C-" + fresh(), Points(points)});
    ASSERT_EQ(done.ok(), open) << id;
    if (open) model_.capture(id, points);
  }
  void releases() {
    const auto id = any();
    const bool open = model_.holds.contains(id);
    const auto points = open ? 1 + random_.below(model_.holds[id].points) : 1;
    const auto done = shop_.redemptions().release({{"web", id}, "L-" + fresh(), Points(points)});
    ASSERT_EQ(done.ok(), open) << id;
    if (open) model_.let_go(id, points);
  }
  void extends() {
    const auto id = any();
    const bool open = model_.holds.contains(id);
    const auto done = shop_.redemptions().extend({{"web", id}, "", std::chrono::minutes(20)});
    ASSERT_EQ(done.ok(), open) << id;
    if (open) model_.holds[id].until = *done->expires_at;
  }
  void earns() {
    const std::int64_t points = 1 + random_.below(90);
    shop_.posts(sale("R-" + fresh(), {std::to_string(points) + ".00"}));
    model_.available += points;
  }
  void waits() {
    shop_.clock().set(shop_.clock().now() + std::chrono::minutes(random_.below(9)));
    if (random_.below(3) == 0) {
      EXPECT_TRUE(shop_.engine().settle_due(10).ok());
    }
    model_.pass_to(shop_.clock().now());
  }
  std::string fresh() { return std::to_string(fresh_++); }

  Random random_{GetParam()};
  Counter shop_;
  Model model_;
  std::int64_t next_ = 0;
  int fresh_ = 0;
};

TEST_P(HoldModel, the_books_say_what_the_model_says) {
  earns();
  for (int step = 0; step < 300; ++step) {
    switch (random_.below(6)) {
      case 0: holds(); break;
      case 1: captures(); break;
      case 2: releases(); break;
      case 3: extends(); break;
      case 4: earns(); break;
      case 5: waits(); break;
      default: break;
    }
    ASSERT_FALSE(HasFatalFailure());
    const auto balance = shop_.balance();
    ASSERT_EQ(balance.available, Points(model_.available)) << step;
    ASSERT_EQ(balance.held, Points(model_.held())) << step;
  }
  shop_.adds_up();
}

INSTANTIATE_TEST_SUITE_P(Seeds, HoldModel, testing::Range(1U, 9U));

}  // namespace
}  // namespace laurel::test
