// The programme of record, simulated over a store in which everything was done that can be done
// with members and their points: nothing differs.

#include "laurel/adjusting.hpp"
#include "laurel/merging.hpp"
#include "redeeming.hpp"

namespace laurel::test {
namespace {

const Simulate kMarch{at("2025-03-01T00:00:00Z"), at("2025-04-01T00:00:00Z")};

// Points that cost something, and a level that earns more.
const std::string kSteep = replaced(
    replaced(kPaying, "gold, from: 1000.00, rate: 1 point", "gold, from: 1000.00, rate: 2 points"),
    "    pending: none\n",
    "    pending: none\n    liability: { unit_cost: 0.01 EUR, expected_redemption: 50% }\n");
const std::string kCapped =
    replaced(kSteep, "    pending: none\n",
             "    pending: none\n    limit: { points: 500, per: member, every: day }\n");
const std::string kAsking = replaced(
    kSteep, "identity:",
    "rules:\n  - { id: welcome, bonus: 100 points, when: { first_purchase: true } }\nidentity:");

std::string yaml_of(std::string_view name) {
  if (name == "capped") return kCapped;
  return name == "asking" ? kAsking : kSteep;
}

class Deeds : public Counter, public testing::TestWithParam<const char*> {
 public:
  explicit Deeds(const std::string& yaml = yaml_of(GetParam())) : Counter(yaml), yaml_(yaml) {
    for (const char* card : {"anna", "berta", "carla"}) {
      EXPECT_TRUE(engine().enrol({TransactionKey{"web", card}, {{"card", card}}}).ok());
    }
  }

  void day(int number) { clock().set(at("2025-03-01T10:00:00Z") + std::chrono::days(number)); }
  void merges(const std::string& id, MemberId into, MemberId from) {
    const auto merged = engine().merging().merge({{"desk", id}, into, from, "clerk", "one person"});
    ASSERT_TRUE(merged.ok()) << describe(merged.error());
  }
  void parts(const std::string& id) {
    const auto parted =
        engine().merging().unmerge({{"desk", "U-" + id}, {"desk", id}, {}, "clerk", "two people"});
    ASSERT_TRUE(parted.ok()) << describe(parted.error());
  }

  Simulation simulated(const std::string& yaml, std::size_t parts = 1) {
    Simulate how = kMarch;
    how.parts = parts;
    auto made = engine().simulate(programme_of(yaml), how);
    EXPECT_TRUE(made.ok()) << describe(made.error());
    return made ? *made : Simulation{};
  }
  // In one part, and in parts that members are spread over.
  void differs_by_nothing() {
    for (const std::size_t parts : {1u, 2u, 7u}) {
      const auto made = simulated(yaml_, parts);
      EXPECT_TRUE(made.is_same()) << told(made);
    }
    adds_up();
  }

 private:
  static std::string told(const Simulation& made) {
    std::string text;
    const auto add = [&](const std::string& name, OldAndNew points) {
      text += name + " was " + std::to_string(points.was.units()) + " becomes " +
              std::to_string(points.becomes.units()) + "\n";
    };
    for (const auto& wallet : made.wallets) add(wallet.wallet, wallet.points);
    for (const auto& share : made.rules) add(share.name, share.points);
    for (const auto& move : made.tier_moves) text += move.was + " to " + move.becomes + "\n";
    return text;
  }

  std::string yaml_;
};

INSTANTIATE_TEST_SUITE_P(Programmes, Deeds, testing::Values("steep", "capped", "asking"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(Deeds, a_merge_takes_her_to_the_level_of_both) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"600.00"}, "anna"));
  posts(sale("R-2", {"600.00"}, "berta"));
  day(1);
  merges("M-1", anna, berta);
  posts(sale("R-3", {"100.00"}, "berta"));
  posts(sale("R-4", {"10.00"}, "anna"));
  differs_by_nothing();
}

TEST_P(Deeds, an_unmerge_takes_each_back_to_hers) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"700.00"}, "anna"));
  posts(sale("R-2", {"600.00"}, "berta"));
  day(1);
  merges("M-1", anna, berta);
  posts(sale("R-3", {"100.00"}, "berta"));
  day(2);
  parts("M-1");
  posts(sale("R-4", {"40.00"}, "anna"));
  posts(sale("R-5", {"350.00"}, "berta"));
  posts(sale("R-6", {"20.00"}, "berta"));
  differs_by_nothing();
}

TEST_P(Deeds, merges_follow_one_another_and_the_first_is_undone) {
  const auto anna = member("anna").id, berta = member("berta").id, carla = member("carla").id;
  posts(sale("R-1", {"400.00"}, "anna"));
  posts(sale("R-2", {"500.00"}, "berta"));
  merges("M-1", berta, anna);
  day(1);
  posts(sale("R-3", {"200.00"}, "carla"));
  merges("M-2", carla, berta);
  posts(sale("R-4", {"50.00"}, "anna"));
  day(2);
  parts("M-1");
  posts(sale("R-5", {"60.00"}, "anna"));
  posts(sale("R-6", {"70.00"}, "berta"));
  merges("M-3", anna, berta);
  posts(sale("R-7", {"10.00"}, "carla"));
  differs_by_nothing();
}

TEST_P(Deeds, returns_after_a_merge_and_after_an_unmerge) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"700.00", "50.00"}, "anna"));
  posts(sale("R-2", {"600.00"}, "berta"));
  day(1);
  merges("M-1", anna, berta);
  posts(sale("R-3", {"100.00", "5.00"}, "berta"));
  posts(return_of_line("X-1", "R-1", "2"));
  posts(return_of_line("X-3", "R-3", "1"));
  day(2);
  parts("M-1");
  posts(return_of("X-2", "R-2"));
  posts(return_of_line("X-4", "R-3", "2"));
  posts(void_of("V-1", "X-1"));
  posts(sale("R-4", {"300.00"}, "anna"));
  differs_by_nothing();
}

TEST_P(Deeds, late_sales_of_merged_and_parted_members) {
  const auto anna = member("anna").id, berta = member("berta").id;
  day(3);
  posts(sale("R-1", {"400.00"}, "anna"));
  posts(sale("R-2", {"300.00"}, "berta"));
  day(4);
  merges("M-1", anna, berta);
  posts(sale("R-3", {"100.00"}, "berta"));
  posts(sale("R-4", {"700.00"}, "anna", at("2025-03-02T10:00:00Z")));
  day(5);
  posts(sale("R-5", {"90.00"}, "anna"));
  parts("M-1");
  posts(sale("R-6", {"8.00"}, "anna", at("2025-03-03T10:00:00Z")));
  posts(sale("R-7", {"900.00"}, "berta", at("2025-03-03T10:00:00Z")));
  posts(sale("R-8", {"11.00"}, "berta"));
  differs_by_nothing();
}

TEST_P(Deeds, late_sales_of_one_member) {
  day(3);
  posts(sale("R-1", {"400.00"}));
  posts(sale("R-2", {"300.00"}));
  posts(sale("R-3", {"450.00"}, "anna", at("2025-03-04T09:00:00Z")));
  posts(sale("R-4", {"700.00"}, "anna", at("2025-03-02T10:00:00Z")));
  posts(return_of("X-3", "R-3"));
  posts(sale("R-5", {"700.00"}));
  differs_by_nothing();
}

TEST_P(Deeds, a_merge_after_the_period_and_its_end_before_now) {
  const auto anna = member("anna").id, berta = member("berta").id, carla = member("carla").id;
  posts(sale("R-1", {"600.00"}, "anna"));
  posts(sale("R-2", {"600.00"}, "berta"));
  merges("M-1", carla, anna);
  is("2025-04-02T10:00:00Z");
  merges("M-2", berta, carla);
  posts(sale("R-3", {"100.00"}, "anna", at("2025-03-30T10:00:00Z")));
  parts("M-1");
  posts(sale("R-4", {"100.00"}, "anna", at("2025-03-31T10:00:00Z")));
  differs_by_nothing();
}

TEST_P(Deeds, claims_by_those_who_are_merged) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"800.00"}, "anna"));
  posts(sale("R-2", {"300.00", "20.00"}, ""));
  day(2);
  merges("M-1", anna, berta);
  ASSERT_TRUE(engine().claim({"till-1", "R-2"}, berta, "desk").ok());
  posts(sale("R-3", {"50.00"}, "anna"));
  posts(return_of_line("X-2", "R-2", "2"));
  parts("M-1");
  posts(sale("R-4", {"50.00"}, "anna"));
  posts(return_of("X-3", "R-2"));
  differs_by_nothing();
}

TEST_P(Deeds, adjustments_transfers_and_redemptions_across_merges) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"700.00"}, "anna"));
  posts(sale("R-2", {"500.00"}, "berta"));
  spends(100, "anna");
  const auto moved = engine().transfers().move(
      {{"desk", "T-1"}, anna, berta, "", Points(50), "clerk", "a present"});
  ASSERT_TRUE(moved.ok()) << describe(moved.error());
  holds("RD-1", 100, "anna");
  merges("M-1", anna, berta);
  ASSERT_TRUE(redemptions().capture({.redemption = {"web", "RD-1"}}).ok());
  holds("RD-2", 200, "berta");
  posts(sale("R-3", {"60.00"}, "berta"));
  ASSERT_TRUE(redemptions().release({.redemption = {"web", "RD-2"}}).ok());
  posts(paid_with("R-4", "40.00", "2.00"));
  day(2);
  posts(return_of("X-4", "R-4"));
  parts("M-1");
  posts(sale("R-5", {"60.00"}, "berta"));
  posts(return_of("X-1", "R-1"));
  differs_by_nothing();
}

TEST_P(Deeds, levels_given_by_hand_and_merged) {
  const auto anna = member("anna").id, berta = member("berta").id;
  const Date until = std::chrono::year(2025) / 3 / 20;
  const auto given =
      engine().grant_tier({{"desk", "G-1"}, anna, "gold", until, "clerk", "a friend"});
  ASSERT_TRUE(given.ok()) << describe(given.error());
  posts(sale("R-1", {"10.00"}, "anna"));
  posts(sale("R-2", {"10.00"}, "berta"));
  merges("M-1", berta, anna);
  posts(sale("R-3", {"10.00"}, "berta"));
  parts("M-1");
  posts(sale("R-4", {"10.00"}, "berta"));
  day(25);
  posts(sale("R-5", {"10.00"}, "anna"));
  differs_by_nothing();
}

TEST_P(Deeds, a_period_that_begins_between_them) {
  const auto anna = member("anna").id, berta = member("berta").id;
  clock().set(at("2025-03-01T10:00:00Z"));
  posts(sale("R-1", {"600.00"}, "anna"));
  merges("M-1", anna, berta);
  posts(sale("R-2", {"500.00"}, "berta"));
  day(20);
  parts("M-1");
  posts(sale("R-3", {"500.00"}, "berta"));
  posts(return_of("X-2", "R-2"));
  posts(sale("R-4", {"100.00"}, "anna"));
  const Simulate how{at("2025-03-15T00:00:00Z"), kMarch.to};
  EXPECT_TRUE(engine().simulate(programme_of(yaml_of(GetParam())), how)->is_same());
  differs_by_nothing();
}

// What another programme would have made of it.
struct OtherProgramme : Deeds {
  OtherProgramme() : Deeds(kSteep) {}
};

TEST_F(OtherProgramme, sees_two_who_are_one_as_one) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"300.00"}, "anna"));
  posts(sale("R-2", {"300.00"}, "berta"));
  day(1);
  merges("M-1", anna, berta);
  posts(sale("R-3", {"10.00"}, "berta"));
  for (const std::size_t parts : {1u, 3u}) {
    const auto made =
        simulated(replaced(kSteep, "gold, from: 1000.00", "gold, from: 500.00"), parts);
    EXPECT_EQ(made.wallets.front().points.was, Points(610));
    EXPECT_EQ(made.wallets.front().points.becomes, Points(620));
    EXPECT_EQ(made.members, 1);
    EXPECT_EQ(made.members_up, 1);
    ASSERT_EQ(made.gain_most.size(), 1u);
    EXPECT_EQ(made.gain_most.front().member, anna);
  }
}

TEST_F(OtherProgramme, sees_them_as_two_at_the_end_of_a_period_before_they_were_one) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"300.00"}, "anna"));
  posts(sale("R-2", {"300.00"}, "berta"));
  is("2025-04-02T10:00:00Z");
  merges("M-1", anna, berta);
  const auto made = simulated(replaced(kSteep, "gold, from: 1000.00", "gold, from: 500.00"));
  EXPECT_EQ(made.members, 2);
  EXPECT_EQ(made.members_up, 0);
}

TEST_F(OtherProgramme, counts_its_limits_of_both_together) {
  const auto anna = member("anna").id, berta = member("berta").id;
  posts(sale("R-1", {"400.00"}, "anna"));
  posts(sale("R-2", {"300.00"}, "berta"));
  merges("M-1", anna, berta);
  posts(sale("R-3", {"10.00"}, "berta"));
  parts("M-1");
  posts(sale("R-4", {"150.00"}, "anna"));
  posts(sale("R-5", {"150.00"}, "berta"));
  EXPECT_EQ(simulated(kCapped).wallets.front().points.becomes, Points(400 + 300 + 100 + 150));
}

}  // namespace
}  // namespace laurel::test
