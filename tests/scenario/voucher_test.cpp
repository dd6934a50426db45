// Vouchers at the till: what they take off, who may use them, and what comes back.

#include <set>

#include "each_store.hpp"
#include "reward_kit.hpp"

namespace laurel::test {
namespace {

class Vouchers : public EachStore {
 protected:
  void SetUp() override { shop_ = std::make_unique<RewardShop>("", uri()); }
  void TearDown() override { shop_->adds_up(); }

  std::string to_pay(const std::string& code, const std::vector<VoucherBasketLine>& lines,
                     bool tax_on_top = false) {
    auto request = RewardShop::request(code, "look", lines);
    request.basket.tax_on_top = tax_on_top;
    const auto answer = shop_->engine().vouchers().look(request);
    return answer ? answer->worth.to_pay : std::string(answer.error().name());
  }

  std::unique_ptr<RewardShop> shop_;
};

INSTANTIATE_TEST_SUITE_P(Stores, Vouchers, each_store(), store_name);

TEST_P(Vouchers, D11_a_whole_percentage_leaves_nothing_in_both_tax_modes) {
  const auto all = shop_->voucher("everything");
  constexpr std::pair<const char*, const char*> kAmounts[] = {{"5.60", "0.84"},
                                                              {"8.92", "1.34"},
                                                              {"44.91", "6.74"},
                                                              {"217.26", "32.59"},
                                                              {"2400.00", "360.00"}};
  for (const auto& [amount, tax] : kAmounts) {
    EXPECT_EQ(to_pay(all, {{"1", amount, tax}}, false), "0.00") << amount;
    EXPECT_EQ(to_pay(all, {{"1", amount, tax}}, true), "0.00") << amount;
  }
  const auto three =
      RewardShop::request(all, "three", {{"1", "3.34"}, {"2", "3.33"}, {"3", "3.33"}});
  const auto answer = shop_->engine().vouchers().look(three);
  ASSERT_TRUE(answer.ok());
  for (const auto& line : answer->worth.lines) EXPECT_EQ(line.amount, "0.00");
}

TEST_P(Vouchers, D11_the_parts_of_a_voucher_sum_to_the_whole) {
  const auto ten = shop_->voucher("ten-off");
  const auto equal =
      RewardShop::request(ten, "equal", {{"1", "20.00"}, {"2", "20.00"}, {"3", "20.00"}});
  const auto answer = shop_->engine().vouchers().look(equal);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->worth.lines[0].off, "3.34");
  EXPECT_EQ(answer->worth.lines[1].off, "3.33");
  EXPECT_EQ(answer->worth.lines[2].off, "3.33");
  EXPECT_EQ(answer->worth.to_pay, "50.00");
}

TEST_P(Vouchers, D18_fifteen_percent_off_is_rounded_half_up) {
  EXPECT_EQ(to_pay(shop_->voucher("fifteen"), {{"1", "10.50"}}), "8.93");
}

TEST_P(Vouchers, E6_a_threshold_is_not_defeated_by_its_own_reward) {
  const auto fifth = shop_->voucher("fifth");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(to_pay(fifth, {{"1", "105.00"}}), "84.00");
  EXPECT_EQ(to_pay(fifth, {{"1", "99.99"}}), "basket_too_small");
  // Posted with what it took off: the basket is the one before the reward.
  auto sold = sale("R-1", {"84.00"}, "");
  sold.discounts = {{fifth, "21.00"}};
  EXPECT_TRUE(shop_->engine().post(sold).ok());
}

TEST_P(Vouchers, E8_what_is_left_of_a_voucher_follows_the_policy) {
  const auto left_of = [&](const char* reward, bool two_shipments) {
    const auto code = shop_->voucher(reward);
    const bool covers = std::string(reward) == "card-shipping";
    const int shipments = two_shipments ? 2 : 1;
    for (int i = 0; i < shipments; ++i) {
      auto sold = sale(code + std::to_string(i), two_shipments
                                                     ? std::vector<std::string>{"25.00", "5.00"}
                                                     : std::vector<std::string>{"50.00", "10.00"});
      sold.lines[1].tags = {"delivery"};
      sold.basket = "B-" + code;
      const std::string amount =
          two_shipments ? (covers ? "30.00" : "25.00") : (covers ? "60.00" : "50.00");
      EXPECT_TRUE(shop_->engine().post(paid_with(sold, code, amount)).ok());
    }
    return shop_->engine().vouchers().show(code)->left;
  };
  EXPECT_EQ(left_of("card-shipping", false), "40.00");
  EXPECT_EQ(left_of("card-100", false), "50.00");
  EXPECT_EQ(left_of("card-shipping", true), "40.00");
  EXPECT_EQ(left_of("card-100", true), "50.00");
}

TEST_P(Vouchers, E11_belong_to_their_owner_or_to_whoever_shows_them) {
  const auto anna = shop_->has("anna", 0);
  shop_->has("berta", 0);
  const auto hers = shop_->voucher("ten-off", anna);
  const auto card = shop_->voucher("card-100");
  auto& vouchers = shop_->engine();
  const std::vector<VoucherBasketLine> lines{{"1", "60.00"}};
  const auto stolen = vouchers.vouchers().redeem(RewardShop::request(hers, "1", lines, "berta"));
  EXPECT_EQ(stolen.error().code, ErrorCode::kVoucherNotValid);
  EXPECT_TRUE(vouchers.vouchers().redeem(RewardShop::request(hers, "2", lines, "anna")).ok());
  EXPECT_TRUE(vouchers.vouchers().redeem(RewardShop::request(card, "3", lines, "berta")).ok());
}

TEST_P(Vouchers, are_used_once_however_often_the_request_is_sent) {
  const auto code = shop_->voucher("ten-off");
  const auto request = RewardShop::request(code, "1", {{"1", "60.00"}});
  auto& engine = shop_->engine();
  const auto first = engine.vouchers().redeem(request);
  const auto again = engine.vouchers().redeem(request);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->entry, first->entry);
  EXPECT_EQ(again->worth.off, "10.00");
  const auto other = engine.vouchers().redeem(RewardShop::request(code, "2", {{"1", "60.00"}}));
  EXPECT_EQ(other.error().code, ErrorCode::kVoucherNotValid);
}

TEST_P(Vouchers, K3_a_reservation_ends_by_itself) {
  const auto code = shop_->voucher("ten-off");
  auto& engine = shop_->engine();
  const auto reserve = [&](const char* id) {
    return engine.vouchers().reserve(RewardShop::request(code, id, {{"1", "60.00"}}));
  };
  ASSERT_TRUE(reserve("1").ok());
  EXPECT_EQ(reserve("2").error().code, ErrorCode::kVoucherNotValid);
  shop_->clock().advance(std::chrono::minutes(15));
  EXPECT_TRUE(reserve("2").ok());
}

TEST_P(Vouchers, let_go_are_anybodys_again) {
  const auto code = shop_->voucher("ten-off");
  auto& engine = shop_->engine();
  const auto first = RewardShop::request(code, "1", {{"1", "60.00"}});
  const auto second = RewardShop::request(code, "2", {{"1", "60.00"}});
  ASSERT_TRUE(engine.vouchers().reserve(first).ok());
  ASSERT_TRUE(engine.vouchers().release(first).ok());
  EXPECT_TRUE(engine.vouchers().release(first)->replayed);
  ASSERT_TRUE(engine.vouchers().redeem(second).ok());
  EXPECT_EQ(engine.vouchers().show(code)->state, "used");
  ASSERT_TRUE(engine.vouchers().release(second).ok());
  EXPECT_EQ(engine.vouchers().show(code)->state, "valid");
}

TEST_P(Vouchers, paid_a_sale_and_come_back_with_its_return) {
  const auto code = shop_->voucher("card-100");
  ASSERT_TRUE(shop_->engine().post(paid_with(sale("R-1", {"60.00", "20.00"}), code, "40.00")).ok());
  EXPECT_EQ(shop_->engine().vouchers().show(code)->left, "60.00");
  const auto part = shop_->posts(return_of_line("X-1", "R-1", "1"));
  EXPECT_EQ(part.refund->money, "30.00");
  EXPECT_EQ(shop_->engine().vouchers().show(code)->left, "90.00");
  const auto rest = shop_->posts(return_of("X-2", "R-1"));
  EXPECT_EQ(rest.refund->money, "10.00");
  EXPECT_EQ(shop_->engine().vouchers().show(code)->left, "100.00");
  shop_->posts(void_of("V-1", "X-2"));
  EXPECT_EQ(shop_->engine().vouchers().show(code)->left, "90.00");
}

TEST_P(Vouchers, of_nobody_come_back_with_the_return_of_a_sale_of_nobody) {
  const auto code = shop_->voucher("card-100");
  ASSERT_TRUE(shop_->engine().post(paid_with(sale("R-1", {"60.00"}, ""), code, "60.00")).ok());
  EXPECT_EQ(shop_->posts(return_of("X-1", "R-1")).refund->money, "0.00");
  EXPECT_EQ(shop_->engine().vouchers().show(code)->left, "100.00");
}

TEST_P(Vouchers, refuse_a_sale_before_anything_is_booked) {
  const auto code = shop_->voucher("ten-off");
  ASSERT_TRUE(shop_->engine().post(paid_with(sale("R-1", {"60.00"}, ""), code, "10.00")).ok());
  const auto refused = shop_->refuses(paid_with(sale("R-2", {"60.00"}), code, "10.00"));
  EXPECT_EQ(refused.code, ErrorCode::kVoucherNotValid);
  EXPECT_FALSE(shop_->engine().transaction({"till-1", "R-2"}).ok());
  const auto other = shop_->voucher("ten-off");
  EXPECT_EQ(shop_->refuses(paid_with(sale("R-3", {"60.00"}), other, "10.01")).code,
            ErrorCode::kInvalid);
}

TEST_P(Vouchers, are_read_as_people_write_them) {
  const auto code = shop_->voucher("ten-off");
  auto readable = shop_->engine().vouchers().show(code)->readable;
  EXPECT_EQ(readable.size(), 21u);
  for (char& c : readable) c = static_cast<char>(std::tolower(c));
  EXPECT_EQ(shop_->engine().vouchers().show(readable)->code, code);
}

TEST_P(Vouchers, orders_answer_with_the_same_codes_for_ever) {
  VoucherOrder order{{"desk", "pool"}, "clerk", "for the fair", "ten-off"};
  order.count = 500;
  order.pool = "fair";
  const auto first = shop_->engine().vouchers().issue({&order, 1}).front();
  shop_->reopen();
  const auto again = shop_->engine().vouchers().issue({&order, 1}).front();
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->codes, first->codes);
  EXPECT_EQ(std::set(first->codes.begin(), first->codes.end()).size(), 500u);
}

TEST_P(Vouchers, of_a_pool_are_given_one_by_one_until_it_is_empty) {
  shop_->has("anna", 500);
  VoucherOrder order{{"desk", "opera"}, "clerk", "from the opera", ""};
  order.pool = "opera";
  order.codes = {"OPERA-2", "OPERA-1"};
  order.waits = order.partner = true;
  ASSERT_TRUE(shop_->engine().vouchers().issue({&order, 1}).front().ok());
  EXPECT_EQ(shop_->takes("1", "partner")->voucher, "OPERA1");
  EXPECT_EQ(shop_->takes("2", "partner")->voucher, "OPERA2");
  EXPECT_EQ(shop_->takes("3", "partner").error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(shop_->available(), 400);
  const auto here = shop_->engine().vouchers().redeem(
      RewardShop::request("OPERA1", "9", {{"1", "9.00"}}, "anna"));
  EXPECT_EQ(here.error().code, ErrorCode::kVoucherNotValid);
}

// Keeps what it is told.
class Ears final : public LogSink {
 public:
  void write(LogLevel, std::string_view message) override { heard.emplace_back(message); }
  std::vector<std::string> heard;
};

TEST(VoucherSecrecy, I1_the_same_is_answered_whatever_is_wrong_and_the_log_alone_is_told_why) {
  RewardShop shop;
  const auto anna = shop.has("anna", 0);
  const auto expired = shop.voucher("ten-off", anna);
  const auto used = shop.voucher("ten-off");
  const auto theirs = shop.voucher("coffee", anna);
  EXPECT_GE(used.size(), 12u);
  const std::vector<VoucherBasketLine> lines{{"1", "60.00"}};
  ASSERT_TRUE(shop.engine().vouchers().redeem(RewardShop::request(used, "1", lines)).ok());
  shop.clock().advance(std::chrono::hours(24 * 31 * 3));
  Ears ears;
  ManualClock clock(shop.clock().now());
  const auto engine = *Engine::open({shop.store(), &clock, &ears});
  std::set<std::string> answers;
  for (const auto& [code, id] : std::vector<std::pair<std::string, std::string>>{
           {"0000000000000000000", "2"}, {expired, "3"}, {used, "4"}, {theirs, "5"}}) {
    const auto refused = engine->vouchers().redeem(RewardShop::request(code, id, lines));
    ASSERT_FALSE(refused.ok());
    answers.insert(Shop::describe(refused.error()));
  }
  EXPECT_EQ(answers, std::set<std::string>{"voucher_not_valid: the voucher cannot be used here"});
  ASSERT_EQ(ears.heard.size(), 4u);
  EXPECT_NE(ears.heard[0].find("unknown"), std::string::npos);
  EXPECT_NE(ears.heard[1].find("expired"), std::string::npos);
  EXPECT_NE(ears.heard[2].find("used"), std::string::npos);
  for (const auto& line : ears.heard) {
    EXPECT_EQ(line.find(expired.substr(0, 6)), std::string::npos);
    EXPECT_EQ(line.find(used.substr(0, 6)), std::string::npos);
  }
}

}  // namespace
}  // namespace laurel::test
