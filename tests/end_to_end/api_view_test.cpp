// A member in one answer, and what became of her identifiers, over HTTP.

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

class ApiView : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    member_ = enrol();
    path_ = "/v1/members/" + member_;
    const Answer sold = ask("POST", "/v1/transactions",
                            R"({"source":"till-7","id":"R-1","kind":"sale","currency":"GBP",)"
                            R"("channel":"store","associate":"A-17",)"
                            R"("identifiers":[{"type":"card","value":"6301001234567897"},)"
                            R"({"type":"phone","value":"+442079460018","role":"guest"}],)"
                            R"("lines":[{"id":"1","department":"beauty","brand":"Chanel",)"
                            R"("amount":"85.00"}]})");
    EXPECT_EQ(sold.status, 201);
    EXPECT_EQ(at(sold.body, "/attribution/evidence/1/role"), "guest");
    EXPECT_EQ(at(sold.body, "/attribution/evidence/1/verdict"), "other_role");
  }
  std::string member_, path_;
  const std::string card_ = R"({"identifiers":[{"type":"card","value":"6301001234567897"}]})";
};

TEST_F(ApiView, one_question_answers_who_she_is_and_what_she_bought) {
  const Answer found = ask("POST", "/v1/members/lookup?view=true&limit=3", card_);
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(at(found.body, "/by"), "card");
  EXPECT_EQ(at(found.body, "/member/id"), member_);
  EXPECT_EQ(at(found.body, "/view/purchases/0/amount"), "85.00");
  EXPECT_EQ(at(found.body, "/view/purchases/0/associate"), "A-17");
  EXPECT_EQ(at(found.body, "/view/favourites/brands/0/id"), "Chanel");
  EXPECT_EQ(at(found.body, "/view/cautions"), "[0]");
}

TEST_F(ApiView, by_id_it_is_the_same_and_says_of_when) {
  const Answer view = get(path_ + "/view");
  EXPECT_EQ(view.status, 200);
  EXPECT_EQ(at(view.body, "/member/id"), member_);
  EXPECT_EQ(at(view.body, "/purchases/0/lines/0/department"), "beauty");
  EXPECT_EQ(at(get(path_ + "/view?at=2001-01-01T00:00:00Z").body, "/purchases"), "[0]");
  EXPECT_EQ(verdict(get(path_ + "/view?at=yesterday")), "400 invalid");
  EXPECT_EQ(verdict(get(path_ + "/view?limit=51")), "400 invalid");
  EXPECT_EQ(verdict(get("/v1/members/m_0000000000000/view")), "404 unknown_member");
}

TEST_F(ApiView, identifiers_have_a_history) {
  const std::string target = path_ + "/identifiers/email/anna%40example.com";
  EXPECT_EQ(ask("PUT", target, R"({"actor":"ann"})").status, 200);
  EXPECT_EQ(ask("DELETE", target).status, 200);
  const Answer now = get(path_ + "/identifiers");
  EXPECT_EQ(at(now.body, "/identifiers"), "[1]");
  const Answer history = get(path_ + "/identifiers?history=true");
  EXPECT_EQ(at(history.body, "/history"), "[3]");
  EXPECT_EQ(at(history.body, "/history/0/what"), "unlinked");
  EXPECT_EQ(at(history.body, "/history/1/value"), "anna@example.com");
  EXPECT_EQ(at(history.body, "/history/1/actor"), "ann");
  EXPECT_EQ(verdict(get(path_ + "/identifiers?history=perhaps")), "400 invalid");
}

TEST_F(ApiView, a_card_is_asked_who_it_was) {
  const Answer then = ask("POST", "/v1/members/lookup?as_of=2001-01-01T00:00:00Z", card_);
  EXPECT_EQ(then.status, 200);
  EXPECT_EQ(at(then.body, "/identifiers/0/member"), "null");
  const Answer later = ask("POST", "/v1/members/lookup?as_of=2999-01-01T00:00:00Z", card_);
  EXPECT_EQ(at(later.body, "/identifiers/0/member"), member_);
}

TEST_F(ApiView, a_role_is_one_of_three) {
  const Answer refused = ask("POST", "/v1/quotes",
                             R"({"source":"till-7","id":"R-2","kind":"sale","currency":"GBP",)"
                             R"("identifiers":[{"type":"card","value":"1","role":"owner"}],)"
                             R"("lines":[{"id":"1","department":"beauty","amount":"1.00"}]})");
  EXPECT_EQ(verdict(refused), "400 invalid");
  EXPECT_EQ(at(refused.body, "/errors/0/pointer"), "/identifiers/0/role");
}

}  // namespace
}  // namespace laurel::test
