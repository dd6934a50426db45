// Redemptions over HTTP, as the contract shows them.

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

class ApiRedemptions : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    const std::string rewards = "rewards: { pay_with_points: { points: 100, worth: 1.00 } }\n";
    ask("PUT", "/v1/sandbox/programme", programme_body(std::string(kProgramme) + rewards));
    member_ = enrol();
    ask("POST", "/v1/members/" + member_ + "/adjustments",
        R"({"id":"A-1","points":800,"actor":"desk","reason":"opening"})");
  }
  Answer hold(std::string_view id, std::string_view points) {
    return ask(
        "POST", "/v1/redemptions",
        "{\"id\":" + quoted_json(id) +
            R"(,"source":"web-shop","identifiers":[{"type":"card","value":"6301001234567897"}],)" +
            "\"wallet\":\"points\",\"points\":" + std::string(points) +
            R"(,"basket":{"amount":"60.00","currency":"GBP"},"hold":"15m"})");
  }
  std::string member_;
};

TEST_F(ApiRedemptions, a_hold_is_answered_as_described) {
  const Answer held = hold("RD-5", "500");
  EXPECT_EQ(held.status, 201);
  EXPECT_TRUE(contains(held.body, R"({ "redemption": { "id": "RD-5", "state": "held",
      "points": 500, "worth": "5.00", "expires_at": "2026-11-21T12:15:00Z" },
      "wallets": { "points": { "available": 300, "pending": 0, "held": 500, "debt": 0 } } })"));
  const Answer again = hold("RD-5", "500");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/replayed"), "true");
}

TEST_F(ApiRedemptions, a_hold_is_captured_in_part_and_once) {
  hold("RD-5", "500");
  const Answer taken =
      ask("POST", "/v1/redemptions/RD-5/capture", R"({"source":"web-shop","points":250})");
  EXPECT_EQ(taken.status, 200);
  EXPECT_EQ(at(taken.body, "/redemption/state"), "captured");
  EXPECT_EQ(at(taken.body, "/wallets/points/available"), "550");
  EXPECT_EQ(verdict(ask("POST", "/v1/redemptions/RD-5/release", R"({"source":"web-shop"})")),
            "422 invalid_state");
  EXPECT_EQ(at(get("/v1/redemptions/web-shop/RD-5").body, "/redemption/points"), "250");
}

TEST_F(ApiRedemptions, a_hold_is_extended_released_and_gone) {
  hold("RD-5", "500");
  const Answer extended =
      ask("POST", "/v1/redemptions/RD-5/extend", R"({"source":"web-shop","hold":"1h"})");
  EXPECT_EQ(at(extended.body, "/redemption/expires_at"), "2026-11-21T13:00:00Z");
  EXPECT_EQ(ask("POST", "/v1/redemptions/RD-5/release", R"({"source":"web-shop"})").status, 200);
  EXPECT_EQ(verdict(ask("POST", "/v1/redemptions/RD-5/capture", R"({"source":"web-shop"})")),
            "422 invalid_state");
  EXPECT_EQ(verdict(ask("POST", "/v1/redemptions/RD-9/capture", R"({"source":"web-shop"})")),
            "404 unknown_redemption");
}

TEST_F(ApiRedemptions, the_sandbox_clock_ends_a_hold) {
  hold("RD-5", "500");
  ask("PUT", "/v1/sandbox/clock", R"({"now":"2026-11-21T12:15:01Z"})");
  EXPECT_EQ(verdict(ask("POST", "/v1/redemptions/RD-5/capture", R"({"source":"web-shop"})")),
            "422 hold_expired");
  const Answer member = get("/v1/members/" + member_);
  EXPECT_EQ(at(member.body, "/wallets/points/available"), "800");
}

TEST_F(ApiRedemptions, E3_only_a_number_of_points_above_zero_is_one) {
  for (const auto* points : {"-500", "0", "1e30", "\"5e2\"", "\"NaN\"", "\"٥\"", "true"}) {
    EXPECT_EQ(verdict(hold("RD-5", points)), "400 invalid") << points;
  }
  EXPECT_EQ(at(get("/v1/members/" + member_).body, "/wallets/points/available"), "800");
}

TEST_F(ApiRedemptions, a_sale_is_paid_with_points_and_its_return_gives_them_back) {
  hold("RD-5", "500");
  const Answer sold =
      post(sale("web-shop", "R-1", "36.09",
                R"(,"tenders":[{"type":"points","amount":"5.00","redemption":"RD-5"}])"));
  EXPECT_EQ(sold.status, 201);
  EXPECT_EQ(at(sold.body, "/paid_with_points/0/points"), "500");
  const Answer back = post(R"({"id":"X-1","source":"web-shop","kind":"return",
                              "original":{"source":"web-shop","id":"R-1"}})");
  EXPECT_TRUE(contains(back.body, R"({ "refund": { "money": "31.09", "points": 500 } })"));
  EXPECT_EQ(at(get("/v1/members/" + member_).body, "/wallets/points/available"), "800");
}

TEST_F(ApiRedemptions, a_household_spends_what_its_members_have) {
  const Answer son =
      ask("POST", "/v1/members", R"({"identifiers":[{"type":"card","value":"6301009999999991"}]})");
  const std::string id = at(son.body, "/id");
  ask("POST", "/v1/members/" + id + "/adjustments",
      R"({"id":"A-2","points":200,"actor":"desk","reason":"opening"})");
  const std::string open =
      R"({"id":"P-1","reason":"a household","head":)" + quoted_json(member_) + "}";
  const Answer opened = ask("POST", "/v1/pools", open);
  EXPECT_EQ(opened.status, 201) << opened.body;
  EXPECT_EQ(ask("POST", "/v1/pools", open).status, 200);
  const std::string pool = "/v1/pools/" + at(opened.body, "/pool/id");
  const Answer joined = ask("POST", pool + "/join",
                            R"({"id":"P-2","reason":"her son","member":)" + quoted_json(id) + "}");
  EXPECT_EQ(joined.status, 201) << joined.body;
  EXPECT_EQ(at(get(pool).body, "/wallets/points/available"), "1000");
  const Answer held = ask("POST", "/v1/redemptions", R"({"id":"RD-5","source":"web-shop",
      "identifiers":[{"type":"card","value":"6301001234567897"}],"points":900,"pool":true})");
  EXPECT_EQ(held.status, 201) << held.body;
  EXPECT_EQ(at(get(pool).body, "/wallets/points/available"), "100");
  EXPECT_EQ(ask("POST", pool + "/leave",
                R"({"id":"P-3","reason":"moved out","member":)" + quoted_json(id) + "}")
                .status,
            201);
  EXPECT_EQ(verdict(get("/v1/pools/p_nobody")), "404 not_found");
}

TEST_F(ApiRedemptions, points_move_to_another_member) {
  const Answer other =
      ask("POST", "/v1/members", R"({"identifiers":[{"type":"email","value":"berta@shop.test"}]})");
  const Answer moved = ask("POST", "/v1/members/" + member_ + "/transfers",
                           R"({"id":"T-1","points":200,"actor":"desk","reason":"a present","to":)" +
                               quoted_json(at(other.body, "/id")) + "}");
  EXPECT_EQ(moved.status, 201);
  EXPECT_EQ(at(moved.body, "/wallets/points/available"), "600");
}

}  // namespace
}  // namespace laurel::test
