// Rewards and vouchers over HTTP; every answer is held against the reference.

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

constexpr std::string_view kRewards = R"yaml(rewards:
  catalogue:
    - id: ten-off
      name: { en: Ten pounds off }
      cost: 100 points
      gives: { money_off: 10.00 }
      limit: { times: 2, per: member, every: year }
      voucher: { valid: 30 days }
    - id: card
      gives: { gift_card: 100.00 }
  automatic:
    - { id: yearly, every: year, for: 1000 points, gives: ten-off }
)yaml";

class ApiRewards : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    std::string yaml(kProgramme);
    ASSERT_EQ(
        ask("PUT", "/v1/sandbox/programme", programme_body(yaml + std::string(kRewards))).status,
        201);
    member_ = enrol();
  }

  void give(std::int64_t points) {
    const std::string body = R"({"id":"P-)" + std::to_string(points) +
                             R"(","source":"desk","points":)" + std::to_string(points) +
                             R"(,"actor":"ann","reason":"gift"})";
    ASSERT_LT(ask("POST", "/v1/members/" + member_ + "/adjustments", body).status, 300);
  }
  Answer take(const std::string& id) {
    return ask("POST", "/v1/rewards/ten-off/take",
               R"({"id":")" + id + R"(","source":"web","member":")" + member_ + "\"}");
  }
  std::string card() {
    const auto issued = ask("POST", "/v1/vouchers",
                            R"({"id":"V-1","source":"desk","reward":"card","actor":"ann"})");
    EXPECT_LT(issued.status, 300) << issued.body;
    return at(issued.body, "/codes/0");
  }
  Answer use(const std::string& code, const std::string& what, const std::string& id,
             const std::string& amount = "60.00", const std::string& source = "web") {
    return ask("POST", "/v1/vouchers/" + code + "/" + what,
               R"({"id":")" + id + R"(","source":")" + source + R"(","basket":{"id":"B-)" + id +
                   R"(","amount":")" + amount + "\"}}");
  }

  std::string member_;
};

TEST_F(ApiRewards, a_member_sees_what_she_can_have_and_takes_it) {
  give(150);
  const auto offers = get("/v1/rewards?member=" + member_);
  EXPECT_EQ(offers.status, 200);
  EXPECT_NE(offers.body.find(R"("id":"ten-off")"), std::string::npos);
  const auto taken = take("T-1");
  EXPECT_EQ(taken.status, 201) << taken.body;
  EXPECT_EQ(at(taken.body, "/redemption/points"), "100");
  EXPECT_EQ(at(take("T-1").body, "/redemption/voucher"), at(taken.body, "/redemption/voucher"));
  EXPECT_EQ(verdict(take("T-2")), "422 insufficient_points");
  give(500);
  EXPECT_EQ(verdict(take("T-2")), "201");
  EXPECT_EQ(verdict(take("T-3")), "422 limit_reached");
  EXPECT_EQ(get("/v1/members/" + member_ + "/vouchers").status, 200);
}

TEST_F(ApiRewards, one_is_held_and_given_by_the_capture) {
  give(150);
  const std::string request = R"({"id":"RD-1","source":"web","reward":"ten-off",
      "identifiers":[{"type":"card","value":"6301001234567897"}]})";
  const auto held = ask("POST", "/v1/redemptions", request);
  EXPECT_EQ(held.status, 201) << held.body;
  EXPECT_EQ(at(held.body, "/redemption/points"), "100");
  EXPECT_EQ(at(held.body, "/redemption/state"), "held");
  EXPECT_EQ(at(held.body, "/wallets/points/available"), "50");
  const auto part = ask("POST", "/v1/redemptions/RD-1/capture", R"({"source":"web","points":50})");
  EXPECT_EQ(verdict(part), "400 invalid");
  const auto taken = ask("POST", "/v1/redemptions/RD-1/capture", R"({"source":"web"})");
  EXPECT_EQ(taken.status, 200) << taken.body;
  EXPECT_FALSE(at(taken.body, "/redemption/voucher").empty());
  EXPECT_EQ(at(taken.body, "/redemption/valid_until"),
            at(get("/v1/members/" + member_ + "/vouchers").body, "/vouchers/0/valid_until"));
  EXPECT_EQ(at(ask("POST", "/v1/redemptions", request).body, "/replayed"), "true");
}

TEST_F(ApiRewards, a_voucher_is_looked_at_reserved_redeemed_and_let_go) {
  const auto code = card();
  EXPECT_EQ(at(use(code, "quote", "1").body, "/worth/to_pay"), "0.00");
  EXPECT_EQ(use(code, "reserve", "1").status, 201);
  const auto redeemed = use(code, "redeem", "1");
  EXPECT_EQ(redeemed.status, 201);
  EXPECT_EQ(at(redeemed.body, "/worth/left"), "40.00");
  EXPECT_EQ(use(code, "redeem", "1").status, 200);
  EXPECT_EQ(verdict(use(code, "redeem", "1", "61.00")), "200");
  EXPECT_EQ(use(code, "release", "1").status, 200);
  EXPECT_EQ(at(use(code, "quote", "2").body, "/voucher/left"), "100.00");
}

TEST_F(ApiRewards, a_sale_is_paid_with_a_voucher) {
  const auto code = card();
  const std::string tenders =
      R"(,"tenders":[{"type":"voucher","amount":"30.00","voucher":")" + code + "\"}]";
  // The voucher is of noon: a sale of that morning cannot have been paid with it.
  EXPECT_EQ(verdict(post(sale("till-1", "R-0", "30.00", tenders))), "422 voucher_not_valid");
  std::string at_noon = sale("till-1", "R-1", "30.00", tenders);
  at_noon.replace(at_noon.find("10:15"), 5, "12:00");
  EXPECT_EQ(post(at_noon).status, 201);
  EXPECT_EQ(at(use(code, "quote", "1").body, "/voucher/left"), "70.00");
  const std::string wrong =
      R"(,"tenders":[{"type":"voucher","amount":"30.00","voucher":"0000-0000-0000-0000-1"}])";
  EXPECT_EQ(verdict(post(sale("till-1", "R-2", "30.00", wrong))), "422 voucher_not_valid");
}

TEST_F(ApiRewards, I1_the_eleventh_guess_in_a_minute_has_to_wait) {
  std::set<std::string> details;
  for (int i = 1; i <= 10; ++i) {
    const auto answer = use("GUESS-" + std::to_string(i), "redeem", std::to_string(i));
    EXPECT_EQ(verdict(answer), "422 voucher_not_valid");
    details.insert(at(answer.body, "/detail"));
  }
  EXPECT_EQ(details.size(), 1u);
  EXPECT_EQ(verdict(use("GUESS-11", "redeem", "11")), "429 too_many_requests");
  // Another client is not held up, and those who are right never are.
  EXPECT_EQ(verdict(use(card(), "redeem", "12", "5.00", "till-9")), "201");
}

TEST_F(ApiRewards, what_is_given_by_itself_is_there_once_the_clock_says_so) {
  give(2'500);
  set_clock("2027-01-01T00:30:00Z");
  const auto vouchers = get("/v1/members/" + member_ + "/vouchers");
  EXPECT_EQ(at(vouchers.body, "/vouchers/0/amount"), "20.00") << vouchers.body;
  set_clock("2027-01-01T02:30:00Z");
  EXPECT_EQ(at(get("/v1/members/" + member_).body, "/wallets/points/available"), "500");
}

}  // namespace
}  // namespace laurel::test
