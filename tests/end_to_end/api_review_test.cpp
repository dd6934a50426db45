// What waits for a person, over HTTP.

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

class ApiReview : public ApiTest {
 protected:
  // Three days before the till said that it happened.
  void sell_from_the_future(std::string_view id) {
    std::string body = sale("till", id, "10.00");
    const std::string_view now = "2026-11-21T10:15:00Z";
    body.replace(body.find(now), now.size(), "2026-11-24T10:15:00Z");
    EXPECT_EQ(at(post(body).body, "/state"), "review");
  }
};

constexpr std::string_view kAnn = R"({"by":"ann","reason":"the till's clock was wrong"})";

TEST_F(ApiReview, an_item_is_listed_accepted_and_gone) {
  const std::string member = enrol();
  sell_from_the_future("1");
  const Answer listed = get("/v1/review");
  EXPECT_EQ(at(listed.body, "/items/0/subject"), "till/1");
  EXPECT_EQ(at(listed.body, "/items/0/members/0"), member);
  const Answer accepted = ask("POST", "/v1/review/1/accept", kAnn);
  EXPECT_EQ(accepted.status, 200) << accepted.body;
  EXPECT_EQ(at(accepted.body, "/state"), "accepted");
  EXPECT_EQ(ask("POST", "/v1/review/1/accept", kAnn).body, accepted.body);
  EXPECT_EQ(at(get("/v1/transactions/till/1").body, "/points/0/earned"), "10");
  EXPECT_EQ(get("/v1/review").body, R"({"items":[],"next":null})");
  EXPECT_EQ(at(get("/v1/review?state=any&kind=transaction").body, "/items/0/decided_by"), "ann");
}

TEST_F(ApiReview, two_who_are_likely_one_person_are_suggested_shown_and_merged) {
  const auto enrols = [&] {
    return at(ask("POST", "/v1/members",
                  R"({"profile":{"given_name":"Annunziata","family_name":"Quattrocchi",)"
                  R"("birth_date":"1971-06-24"}})")
                  .body,
              "/id");
  };
  const std::string first = enrols(), second = enrols();
  const Answer listed = get("/v1/review?kind=merge");
  EXPECT_EQ(at(listed.body, "/items/0/subject"), first + "+" + second);
  EXPECT_EQ(listed.body.find("uattrocchi"), std::string::npos);
  const Answer found = get("/v1/members/" + first + "/duplicates");
  EXPECT_EQ(at(found.body, "/candidates/0/member"), second) << found.body;
  EXPECT_EQ(at(found.body, "/candidates/0/fields/0/field"), "given_name");
  EXPECT_EQ(at(found.body, "/candidates/0/fields/0/level"), "same");
  EXPECT_EQ(at(found.body, "/candidates/0/review/state"), "open");
  EXPECT_EQ(found.body.find("uattrocchi"), std::string::npos);
  EXPECT_EQ(ask("POST", "/v1/review/1/accept", kAnn).status, 200);
  EXPECT_EQ(at(get("/v1/members/" + second).body, "/id"), first);
  EXPECT_EQ(get("/v1/members/" + first + "/duplicates").body, R"({"candidates":[]})");
}

TEST_F(ApiReview, an_item_is_rejected_for_ever) {
  enrol();
  sell_from_the_future("1");
  EXPECT_EQ(ask("POST", "/v1/review/1/reject", kAnn).status, 200);
  EXPECT_EQ(at(get("/v1/transactions/till/1").body, "/state"), "rejected");
  EXPECT_EQ(verdict(ask("POST", "/v1/review/1/accept", kAnn)), "422 already_decided");
}

TEST_F(ApiReview, what_is_wrong_is_said) {
  EXPECT_EQ(verdict(ask("POST", "/v1/review/1/accept", kAnn)), "404 unknown_review_item");
  EXPECT_EQ(verdict(ask("POST", "/v1/review/x/reject", kAnn)), "404 unknown_review_item");
  EXPECT_EQ(verdict(ask("POST", "/v1/review/1/accept", R"({"by":"ann"})")), "400 invalid");
  EXPECT_EQ(verdict(get("/v1/review?state=done")), "400 invalid");
  EXPECT_EQ(verdict(get("/v1/review?kind=rumour")), "400 invalid");
}

}  // namespace
}  // namespace laurel::test
