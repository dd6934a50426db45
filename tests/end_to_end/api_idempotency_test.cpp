// Acceptance cases of retries and offline tills, over the wire.

#include <thread>
#include <vector>

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

class ApiIdempotency : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    member_ = enrol();
  }
  std::string entry_of(const Answer& answer) const { return at(answer.body, "/entry"); }
  std::string member_;
};

TEST_F(ApiIdempotency, A1_the_same_sale_five_times_is_one_entry) {
  const std::string body = sale("RETAIL", "R-1001", "500.00");
  std::vector<Answer> answers(2);
  {
    std::jthread left([&] { answers[0] = post(body); });
    std::jthread right([&] { answers[1] = post(body); });
  }
  EXPECT_EQ(answers[0].status + answers[1].status, 201 + 200);
  answers.push_back(post(body));
  set_clock("2026-12-31T12:00:00Z");
  answers.push_back(post(body));
  answers.push_back(ask("POST", "/v1/transactions/batch", body + "\n"));
  EXPECT_EQ(at(answers[4].body, "/receipt/entry"), entry_of(answers[0]));
  EXPECT_EQ(at(answers[4].body, "/receipt/replayed"), "true");
  answers.pop_back();
  for (const Answer& answer : answers) EXPECT_EQ(entry_of(answer), entry_of(answers[0]));
  const auto balance = get("/v1/members/" + member_);
  EXPECT_EQ(at(balance.body, "/wallets/points/available"), "500");
}

TEST_F(ApiIdempotency, A2_the_same_key_with_other_content_is_a_conflict_that_names_the_field) {
  post(sale("RETAIL", "K", "500.00"));
  const Answer other = post(sale("RETAIL", "K", "900.00"));
  EXPECT_EQ(verdict(other), "409 idempotency_conflict");
  EXPECT_EQ(at(other.body, "/errors/0/pointer"), "/lines/0/amount");
  EXPECT_EQ(pending_of(member_), "500");
}

TEST_F(ApiIdempotency, A2_reordered_fields_and_other_ways_to_write_an_amount_are_a_replay) {
  post(sale("RETAIL", "K", "500.00"));
  const Answer again = post(
      R"({"lines":[{"amount":500.0,"quantity":"1.000","id":"1","department":"fashion"}],)"
      R"("currency":"GBP","at":"2026-11-21T11:15:00+01:00","kind":"sale",)"
      R"("identifiers":[{"value":"6301001234567897","type":"card"}],"source":"RETAIL","id":"K"})");
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(at(again.body, "/replayed"), "true");
}

TEST_F(ApiIdempotency, A2_a_sale_without_a_time_is_replayed_later) {
  const std::string body = R"({"id":"K","source":"RETAIL","kind":"sale","currency":"GBP",)"
                           R"("lines":[{"department":"fashion","amount":"5.00"}]})";
  EXPECT_EQ(post(body).status, 201);
  set_clock("2026-11-21T13:00:00Z");
  const Answer again = post(body);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/at"), "2026-11-21T12:00:00Z");
}

TEST_F(ApiIdempotency, A3_two_departments_may_use_the_same_number) {
  EXPECT_EQ(post(sale("HOTEL", "1001", "80.00")).status, 201);
  EXPECT_EQ(post(sale("SPA", "1001", "120.00")).status, 201);
  EXPECT_EQ(pending_of(member_), "200");
}

TEST_F(ApiIdempotency, A5_a_replay_after_400_days_is_still_a_replay) {
  const std::string body = sale("RETAIL", "R-1001", "500.00");
  const std::string entry = entry_of(post(body));
  for (const char* day : {"2026-11-22", "2026-11-23", "2026-12-22", "2027-12-26"}) {
    set_clock(std::string(day) + "T10:15:00Z");
    const Answer again = post(body);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(entry_of(again), entry);
  }
}

TEST_F(ApiIdempotency, A7_enrolling_twice_with_one_key_is_one_member) {
  const std::string body =
      R"({"id":"E-1","source":"web","identifiers":[{"type":"email","value":"anna@example.com"}]})";
  const Answer first = ask("POST", "/v1/members", body);
  const Answer again = ask("POST", "/v1/members", body);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/id"), at(first.body, "/id"));
  EXPECT_EQ(at(again.body, "/replayed"), "true");
}

TEST_F(ApiIdempotency, A11_an_answer_that_was_lost_is_given_to_whoever_asks_again) {
  const std::string body = sale("RETAIL", "R-1001", "500.00");
  {
    RawClient till(daemon_->port());
    till.send(post_request("/v1/transactions", body));
  }  // gone before the answer
  Answer second = post(body);
  EXPECT_TRUE(second.status == 200 || second.status == 201);
  const Answer third = post(body);
  EXPECT_EQ(third.status, 200);
  EXPECT_EQ(entry_of(third), entry_of(second));
  EXPECT_EQ(pending_of(member_), "500");
}

TEST_F(ApiIdempotency, a_batch_answers_every_line_in_order) {
  const Answer answer =
      ask("POST", "/v1/transactions/batch",
          sale("till", "1", "10.00") + "\n" + sale("till", "2", "1.234") + "\nnot json\n" +
              sale("till", "1", "10.00") + "\n" + sale("till", "1", "11.00") + "\n");
  EXPECT_EQ(answer.status, 200);
  std::vector<std::string> statuses;
  std::istringstream lines(answer.body);
  for (std::string line; std::getline(lines, line);) {
    statuses.push_back(at(line, "/line") + " " + at(line, "/status") + " " +
                       at(line, "/problem/code"));
  }
  EXPECT_EQ(statuses, (std::vector<std::string>{"1 201 absent", "2 400 invalid", "3 400 malformed",
                                                "4 200 absent", "5 409 idempotency_conflict"}));
}

TEST_F(ApiIdempotency, a_batch_has_at_most_10000_lines) {
  std::string body;
  for (int i = 0; i <= 10'000; ++i) body += "{}\n";
  EXPECT_EQ(verdict(ask("POST", "/v1/transactions/batch", body)), "413 too_large");
}

}  // namespace
}  // namespace laurel::test
