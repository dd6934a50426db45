// Reports, lots by hand and exchanges over HTTP.

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

class ApiReports : public ApiTest {};

TEST_F(ApiReports, liability_tiers_and_departments_as_of_a_moment) {
  enrol();
  post(sale("till", "1", "10.00"));
  const std::string moment = "?as_of=2026-11-21T12:00:00Z";
  const Answer liability = get("/v1/reports/liability" + moment);
  EXPECT_EQ(at(liability.body, "/wallets/0/outstanding"), "10");
  EXPECT_EQ(at(liability.body, "/wallets/0/pending"), "10");
  EXPECT_EQ(at(get("/v1/reports/tiers" + moment + "&basis=event").body, "/tiers/1/members"), "1");
  EXPECT_EQ(at(get("/v1/reports/departments").body, "/departments/0/kept"), "10.00");
  EXPECT_EQ(at(get("/v1/reports/liability?through=0").body, "/entries"), "0");
  EXPECT_EQ(verdict(get("/v1/reports/liability?as_of=2027-01-01T00:00:00Z")), "400 invalid");
  EXPECT_EQ(verdict(get("/v1/reports/tiers?basis=gossip")), "400 invalid");
}

TEST_F(ApiReports, lots_are_extended_with_a_preview_and_undone) {
  enrol();
  post(sale("till", "1", "10.00"));
  const std::string who = R"("source":"desk","actor":"ann","reason":"goodwill")";
  const std::string extend = R"({"id":"E-1",)" + who + R"(,"until":"2030-12-31")";
  const Answer preview = ask("POST", "/v1/lots/extend", extend + R"(,"dry_run":true})");
  EXPECT_EQ(at(preview.body, "/lots"), "1");
  EXPECT_EQ(at(preview.body, "/first/0/becomes"), "2030-12-31T23:59:59Z");
  EXPECT_EQ(at(ask("POST", "/v1/lots/extend", extend + "}").body, "/lots"), "1");
  EXPECT_EQ(at(ask("POST", "/v1/lots/extend", extend + "}").body, "/lots"), "0");
  const Answer undone = ask("POST", "/v1/lots/undo",
                            R"({"id":"E-2",)" + who + R"(,"undo":{"source":"desk","id":"E-1"}})");
  EXPECT_EQ(at(undone.body, "/first/0/becomes"), "2028-12-31T23:59:59Z");
  EXPECT_EQ(verdict(ask("POST", "/v1/lots/unexpire", R"({"id":"U-1",)" + who + "}")),
            "400 invalid");
}

TEST_F(ApiReports, an_exchange_answers_for_both_halves) {
  enrol();
  post(sale("till", "1", "10.00"));
  const Answer exchanged =
      post(sale("till", "2", "25.00", R"(,"returns":[{"original":{"source":"till","id":"1"}}])"));
  EXPECT_EQ(exchanged.status, 201) << exchanged.body;
  EXPECT_EQ(at(exchanged.body, "/points/0/earned"), "25");
  EXPECT_EQ(at(exchanged.body, "/returns/0/reversed/0/points"), "10");
  EXPECT_EQ(at(exchanged.body, "/returns/0/refund/money"), "10.00");
  EXPECT_EQ(at(exchanged.body, "/wallets/points/pending"), "25");
  EXPECT_EQ(verdict(post(sale("till", "3", "1.00", R"(,"returns":[{}])"))), "400 invalid");
}

}  // namespace
}  // namespace laurel::test
