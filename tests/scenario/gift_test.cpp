// Vouchers that nobody asked for: given by rules, taken back with their sale, and given by jobs.

#include "each_store.hpp"
#include "reward_kit.hpp"

namespace laurel::test {
namespace {

constexpr const char* kRules = R"(  automatic:
    - { id: quarterly, every: quarter, for: 1000 points, gives: ten-off }
    - { id: birthday, on: birthday, gives: coffee }
    - { id: welcome-gold, on: tier, tier: gold, gives: coffee }
rules:
  - id: tenth-coffee
    when: { category: coffee, nth: { every: 10, of: purchases } }
    voucher: coffee
  - id: big-basket
    when: { basket: { at_least: 300.00 } }
    voucher: ten-off
)";

std::string rules() {
  std::string text = kRules;
  return replaced(text, "nth: { every: 10, of: purchases }", "nth: { every: 10 }");
}

class Gifts : public EachStore {
 protected:
  void SetUp() override { shop_ = std::make_unique<RewardShop>(rules(), uri()); }
  void TearDown() override { shop_->adds_up(); }

  Receipt drinks(const std::string& id) {
    auto cup = sale(id, {"3.00"});
    cup.lines[0].category = "coffee";
    return shop_->posts(cup);
  }
  std::int64_t job() {
    std::int64_t vouchers = 0;
    for (;;) {
      const auto work = shop_->engine().rewards().settle(2);
      EXPECT_TRUE(work.ok());
      if (!work) return -1;
      vouchers += work->vouchers;
      if (!work->more) return vouchers;
    }
  }
  std::size_t vouchers() {
    return shop_->engine().vouchers().of_member(shop_->member().id, "", 100)->size();
  }

  std::unique_ptr<RewardShop> shop_;
};

INSTANTIATE_TEST_SUITE_P(Stores, Gifts, each_store(), store_name);

TEST_P(Gifts, every_tenth_coffee_is_free) {
  shop_->has("anna", 0);
  for (int i = 1; i <= 20; ++i) {
    const auto receipt = drinks("C-" + std::to_string(i));
    ASSERT_EQ(receipt.vouchers.size(), i % 10 == 0 ? 1u : 0u) << i;
  }
  EXPECT_EQ(vouchers(), 2u);
}

TEST_P(Gifts, are_given_once_however_often_the_sale_is_sent) {
  shop_->has("anna", 0);
  const auto first = shop_->posts(sale("R-1", {"300.00"}));
  const auto again = shop_->posts(sale("R-1", {"300.00"}));
  ASSERT_EQ(first.vouchers.size(), 1u);
  EXPECT_EQ(first.vouchers.front().rule, "big-basket");
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.vouchers.front().code, first.vouchers.front().code);
  EXPECT_EQ(vouchers(), 1u);
}

TEST_P(Gifts, are_promised_by_a_quote_without_their_code) {
  shop_->has("anna", 0);
  const auto quote = shop_->engine().quote(sale("R-1", {"300.00"}));
  ASSERT_TRUE(quote.ok());
  ASSERT_EQ(quote->vouchers.size(), 1u);
  EXPECT_EQ(quote->vouchers.front().code, "");
  EXPECT_EQ(vouchers(), 0u);
}

TEST_P(Gifts, go_back_with_the_return_that_leaves_too_little) {
  shop_->has("anna", 0);
  const auto code = shop_->posts(sale("R-1", {"200.00", "100.00"})).vouchers.front().code;
  const auto returned = shop_->posts(return_of_line("X-1", "R-1", "2"));
  ASSERT_EQ(returned.vouchers_taken.size(), 1u);
  EXPECT_EQ(shop_->engine().vouchers().show(code)->state, "cancelled");
  EXPECT_EQ(returned.refund->withheld, "0.00");
  const auto undone = shop_->posts(void_of("V-1", "X-1"));
  EXPECT_EQ(shop_->engine().vouchers().show(code)->state, "valid");
  ASSERT_EQ(undone.vouchers.size(), 1u);
  EXPECT_EQ(undone.vouchers[0].valid_until, shop_->engine().vouchers().show(code)->valid_until);
  EXPECT_EQ(vouchers(), 1u);
}

TEST_P(Gifts, that_were_used_are_charged) {
  shop_->has("anna", 0);
  const auto code = shop_->posts(sale("R-1", {"300.00"})).vouchers.front().code;
  shop_->posts(paid_with(sale("R-2", {"60.00"}), code, "10.00"));
  const auto returned = shop_->posts(return_of("X-1", "R-1"));
  EXPECT_EQ(returned.refund->money, "300.00");
  EXPECT_EQ(returned.refund->withheld, "10.00");
}

TEST_P(Gifts, of_a_quarter_come_from_the_balance_and_carry_the_rest_over) {
  shop_->has("anna", 2'300);
  EXPECT_EQ(job(), 0);
  shop_->is("2025-04-01T00:30:00Z");
  EXPECT_EQ(job(), 1);
  EXPECT_EQ(job(), 0);
  EXPECT_EQ(shop_->available(), 300);
  const auto voucher = shop_->engine().vouchers().of_member(shop_->member().id, "", 9)->front();
  EXPECT_EQ(voucher.amount, "20.00");
  // Later in the quarter nothing more, whatever is earned; the rest counts at its end.
  shop_->posts(sale("R-1", {"800.00"}));
  shop_->is("2025-05-15T10:00:00Z");
  EXPECT_EQ(job(), 0);
  shop_->is("2025-07-01T10:00:00Z");
  EXPECT_EQ(job(), 1);
  EXPECT_EQ(shop_->available(), 100);
}

TEST_P(Gifts, F6_on_the_birthday_come_once_every_year_for_the_29th_of_february_too) {
  const auto anna = shop_->has("anna", 0);
  MemberChange born;
  born.born = parse_date("1996-02-29").value();
  born.actor = "web";
  born.reason = "told us";
  ASSERT_TRUE(shop_->engine().change(anna, born).ok());
  EXPECT_EQ(job(), 0);  // it was before she came
  std::int64_t given = 0;
  for (const auto* day : {"2026-02-27T12:00:00Z", "2026-02-28T12:00:00Z", "2026-03-01T12:00:00Z",
                          "2027-02-28T12:00:00Z", "2028-02-28T12:00:00Z", "2028-02-29T12:00:00Z"}) {
    shop_->is(day);
    given += job();
  }
  EXPECT_EQ(given, 3);
}

TEST_P(Gifts, for_a_level_come_once_it_is_reached) {
  shop_->has("anna", 0);
  EXPECT_EQ(job(), 0);
  shop_->posts(sale("R-1", {"299.00"}));
  shop_->posts(sale("R-2", {"1000.00"}));
  shop_->clock().advance(std::chrono::hours(2));
  EXPECT_EQ(job(), 1);
  shop_->clock().advance(std::chrono::hours(24 * 10));
  EXPECT_EQ(job(), 0);
}

}  // namespace
}  // namespace laurel::test
