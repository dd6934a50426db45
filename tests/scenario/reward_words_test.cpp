// What the words of a voucher do that no case of a programme can see.

#include "reward_kit.hpp"

namespace laurel::test {
namespace {

std::string reward(const std::string& gives, const std::string& voucher = "") {
  return "    - id: tried\n      gives: " + gives + "\n      approved_by: the director\n" +
         (voucher.empty() ? "" : "      voucher: " + voucher + "\n");
}

std::string off(RewardShop& shop, const std::string& code, const std::string& amount) {
  const auto answer =
      shop.engine().vouchers().look(RewardShop::request(code, "look", {{"1", amount}}));
  return answer ? answer->worth.off : std::string(answer.error().name());
}

bool redeems(RewardShop& shop, const std::string& code, const std::string& id,
             const std::string& amount = "20.00") {
  return shop.engine().vouchers().redeem(RewardShop::request(code, id, {{"1", amount}})).ok();
}

TEST(RewardWords, bound_a_percentage) {
  RewardShop bound(reward("{ percent_off: 20%, at_most: 15.00 }"));
  RewardShop free(reward("{ percent_off: 20% }"));
  EXPECT_EQ(off(bound, bound.voucher("tried"), "100.00"), "15.00");
  EXPECT_EQ(off(free, free.voucher("tried"), "100.00"), "20.00");
}

TEST(RewardWords, end_a_voucher_on_a_day) {
  RewardShop shop(reward("{ money_off: 5.00 }", "{ until: 2025-03-02 }"));
  const auto code = shop.voucher("tried");
  shop.is("2025-03-02T22:59:59Z");
  EXPECT_EQ(off(shop, code, "100.00"), "5.00");
  shop.is("2025-03-02T23:00:00Z");
  EXPECT_EQ(off(shop, code, "100.00"), "voucher_not_valid");
}

TEST(RewardWords, allow_several_uses) {
  RewardShop shop(reward("{ money_off: 5.00 }", "{ uses: 2 }"));
  const auto code = shop.voucher("tried");
  EXPECT_TRUE(redeems(shop, code, "1"));
  EXPECT_TRUE(redeems(shop, code, "2"));
  EXPECT_FALSE(redeems(shop, code, "3"));
  shop.adds_up();
}

TEST(RewardWords, let_a_bearer_use_it) {
  for (const auto* held_by : {"owner", "bearer"}) {
    RewardShop shop(reward("{ product: scarf }", std::string("{ held_by: ") + held_by + " }") +
                    "      cost: 1 point\n");
    shop.has("anna", 5);
    const auto taken = shop.takes("1", "tried");
    ASSERT_TRUE(taken.ok());
    EXPECT_EQ(redeems(shop, taken->voucher, "1"), std::string(held_by) == "bearer");
  }
}

TEST(RewardWords, keep_the_remainder) {
  for (const auto* remainder : {"lost", "kept"}) {
    RewardShop shop(
        reward("{ money_off: 50.00 }", std::string("{ remainder: ") + remainder + " }"));
    const auto code = shop.voucher("tried");
    EXPECT_TRUE(redeems(shop, code, "1"));
    EXPECT_EQ(redeems(shop, code, "2"), std::string(remainder) == "kept");
    shop.adds_up();
  }
}

TEST(RewardWords, keep_a_voucher_used) {
  for (const auto* on_return : {"given_back", "stays_used"}) {
    RewardShop shop(reward("{ money_off: 5.00 }", std::string("{ on_return: ") + on_return + " }"));
    const auto code = shop.voucher("tried");
    shop.posts(paid_with(sale("R-1", {"60.00"}), code, "5.00"));
    EXPECT_EQ(shop.posts(return_of("X-1", "R-1")).refund->money, "55.00");
    EXPECT_EQ(redeems(shop, code, "2"), std::string(on_return) == "given_back");
    shop.adds_up();
  }
}

TEST(RewardWords, expected_vouchers_can_fail) {
  std::string yaml = with_catalogue(
      "rules:\n  - { id: present, voucher: coffee }\n"
      "cases:\n  - name: one\n    when:\n      - sale: { at: 2025-03-01 10:00, lines: "
      "[ { department: retail, amount: 5.00 } ] }\n        then: { vouchers: coffee }\n");
  EXPECT_TRUE(check_cases(programme_of(yaml)).front().differences.empty());
  yaml = replaced(yaml, "then: { vouchers: coffee }", "then: { vouchers: none }");
  EXPECT_EQ(check_cases(programme_of(yaml)).front().differences.size(), 1u);
}

}  // namespace
}  // namespace laurel::test
