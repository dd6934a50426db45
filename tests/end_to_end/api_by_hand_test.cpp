// Points by hand, batches, guards and the staff report over HTTP.

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

constexpr std::string_view kWho = R"("actor":"desk-4","reason":"late delivery")";

class ApiByHand : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    member_ = enrol();
    path_ = "/v1/members/" + member_;
  }
  Answer adjust(std::string_view id, std::string_view points) {
    return ask("POST", path_ + "/adjustments",
               "{\"id\":" + quoted_json(id) + ",\"points\":" + std::string(points) + "," +
                   std::string(kWho) + "}");
  }
  Answer decide(const std::string& item, std::string_view verb, std::string_view by) {
    return ask("POST", "/v1/review/" + item + "/" + std::string(verb),
               "{\"by\":" + quoted_json(by) + R"(,"reason":"looked at it"})");
  }
  std::string available() { return at(get(path_).body, "/wallets/points/available"); }

  std::string member_, path_;
};

TEST_F(ApiByHand, I5_a_person_and_a_reason_are_needed_and_above_a_limit_a_second_person) {
  EXPECT_EQ(verdict(ask("POST", path_ + "/adjustments", R"({"id":"A-0","points":5})")),
            "400 invalid");
  const Answer held = adjust("A-1", "5001");
  EXPECT_EQ(held.status, 202);
  EXPECT_EQ(at(held.body, "/state"), "waiting");
  EXPECT_EQ(available(), "0");
  const std::string item = at(held.body, "/review");
  EXPECT_EQ(verdict(decide(item, "accept", "desk-4")), "422 not_approved");
  EXPECT_EQ(decide(item, "accept", "ann").status, 200);
  EXPECT_EQ(available(), "5001");
  EXPECT_EQ(at(adjust("A-1", "5001").body, "/state"), "booked");
}

TEST_F(ApiByHand, I5_an_adjustment_is_undone_once) {
  adjust("A-1", "100");
  const std::string undo = path_ + "/adjustments/A-1/undo";
  const Answer undone = ask("POST", undo, R"({"actor":"ann","reason":"the wrong member"})");
  EXPECT_EQ(undone.status, 201);
  EXPECT_EQ(at(undone.body, "/from_available"), "100");
  EXPECT_EQ(ask("POST", undo, R"({"actor":"ann","reason":"the wrong member"})").status, 200);
  EXPECT_EQ(verdict(ask("POST", undo, R"({"actor":"ben","reason":"again"})")),
            "422 already_reversed");
  EXPECT_EQ(verdict(ask("POST", path_ + "/adjustments/A-9/undo",
                        R"({"actor":"ann","reason":"no such thing"})")),
            "404 unknown_adjustment");
  EXPECT_EQ(available(), "0");
}

TEST_F(ApiByHand, I5_one_person_makes_two_hundred_a_day) {
  for (int i = 0; i < 200; ++i) ASSERT_EQ(adjust("A-" + std::to_string(i), "1").status, 201);
  EXPECT_EQ(verdict(adjust("A-200", "1")), "422 adjustment_limit");
}

TEST_F(ApiByHand, I6_a_batch_is_planned_posted_and_reversed) {
  const auto body = [&](std::string_view more) {
    return R"({"id":"B-1",)" + std::string(kWho) + std::string(more) + R"(,"lines":[{"member":")" +
           member_ + R"(","points":60},{"identifier":{"type":"card","value":"6301001234567897"},)" +
           R"("points":40}]})";
  };
  const Answer plan = ask("POST", "/v1/batches", body(R"(,"dry_run":true)"));
  EXPECT_EQ(plan.status, 200);
  EXPECT_EQ(at(plan.body, "/wallets/0/total"), "100");
  EXPECT_EQ(at(plan.body, "/wallets/0/most"), "100");
  EXPECT_EQ(at(plan.body, "/state"), "planned");
  EXPECT_EQ(verdict(get("/v1/batches/B-1")), "404 unknown_adjustment");
  EXPECT_EQ(ask("POST", "/v1/batches", body("")).status, 201);
  EXPECT_EQ(ask("POST", "/v1/batches", body("")).status, 200);
  EXPECT_EQ(available(), "100");
  EXPECT_EQ(at(get("/v1/batches/B-1").body, "/posted"), "1");
  const std::string why = R"({"actor":"ben","reason":"the wrong list"})";
  const Answer back = ask("POST", "/v1/batches/B-1/reverse", why);
  EXPECT_EQ(back.status, 201);
  EXPECT_EQ(at(back.body, "/taken_back/0/points"), "100");
  EXPECT_EQ(at(ask("POST", "/v1/batches/B-1/reverse", why).body, "/replayed"), "true");
  EXPECT_EQ(available(), "0");
}

TEST_F(ApiByHand, I6_a_batch_by_line_over_the_limits_waits) {
  const std::string target = "/v1/batches?id=B-2&actor=desk-4&reason=late&skip_unknown=true";
  const std::string lines = R"({"member":")" + member_ + "\",\"points\":6000}\n" +
                            R"({"identifier":{"type":"card","value":"1"},"points":5})" + "\n";
  const Answer held = ask("POST", target, lines, "Content-Type: application/x-ndjson\r\n");
  EXPECT_EQ(held.status, 202) << held.body;
  EXPECT_EQ(at(held.body, "/needs_second_person"), "true");
  EXPECT_EQ(decide(at(held.body, "/review"), "accept", "ann").status, 200);
  EXPECT_EQ(available(), "6000");
  const Answer wrong = ask("POST", "/v1/batches?id=B-3&actor=a&reason=b", "{}\n",
                           "Content-Type: application/x-ndjson\r\n");
  EXPECT_EQ(at(wrong.body, "/errors/0/pointer"), "/lines/0/identifier");
}

TEST_F(ApiByHand, I3_a_guard_flags_holds_or_refuses_and_staff_are_reported) {
  const std::string words =
      "guards:\n"
      "  - { id: often, sales: { at_most: 1, same: source }, then: flag }\n"
      "  - { id: own-card, own_sale: true, then: refuse }\n";
  ask("PUT", "/v1/sandbox/programme", programme_body(std::string(kProgramme) + words));
  EXPECT_EQ(at(post(sale("till", "1", "10.00", R"(,"associate":"A-3")")).body, "/flags"), "absent");
  const Answer flagged = post(sale("till", "2", "10.00", R"(,"associate":"A-3")"));
  EXPECT_EQ(at(flagged.body, "/flags/0"), "guard:often");
  EXPECT_EQ(at(get("/v1/review?kind=anomaly").body, "/items/0/subject"), "till/2");
  const Answer works =
      ask("PATCH", path_, R"({"associate":"A-17","actor":"hr","reason":"joined the house"})");
  EXPECT_EQ(at(works.body, "/associate"), "A-17");
  EXPECT_EQ(verdict(post(sale("till-2", "3", "10.00", R"(,"associate":"A-17")"))),
            "422 refused_by_guard");
  const Answer report = get("/v1/reports/staff?sales_min=1&from=2026-11-01T00:00:00Z");
  EXPECT_EQ(at(report.body, "/pairs/0/associate"), "A-3");
  EXPECT_EQ(at(report.body, "/pairs/0/member"), member_);
  EXPECT_EQ(at(report.body, "/pairs/0/percent"), "100");
}

}  // namespace
}  // namespace laurel::test
