// Members, their history, and what is done by hand.

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

class ApiMembers : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    member_ = enrol();
    path_ = "/v1/members/" + member_;
  }
  Answer adjust(std::string_view id, std::string_view points) {
    return ask("POST", path_ + "/adjustments",
               "{\"id\":" + quoted_json(id) + ",\"points\":" + std::string(points) +
                   R"(,"actor":"desk-4","reason":"delayed delivery"})");
  }
  std::string member_, path_;
};

TEST_F(ApiMembers, an_identifier_belongs_to_one_member) {
  const Answer other =
      ask("POST", "/v1/members", R"({"identifiers":[{"type":"card","value":"6301001234567897"}]})");
  EXPECT_EQ(verdict(other), "409 identifier_taken");
}

TEST_F(ApiMembers, H3_each_identifier_of_an_enrolment_says_whether_it_was_verified) {
  const auto verified = [&](std::string_view fields) {
    const Answer answer = ask("POST", "/v1/members", "{\"identifiers\":[" + std::string(fields));
    return at(answer.body, "/identifiers/0/verified") + " " +
           at(answer.body, "/identifiers/1/verified");
  };
  EXPECT_EQ(verified(R"({"type":"email","value":"b@example.com","verified":false},)"
                     R"({"type":"phone","value":"+447700900001"}]})"),
            "false true");
  EXPECT_EQ(verified(R"({"type":"email","value":"c@example.com","verified":true},)"
                     R"({"type":"phone","value":"+447700900002"}],"verified":false})"),
            "true false");
}

TEST_F(ApiMembers, identifiers_are_linked_and_unlinked) {
  const std::string target = path_ + "/identifiers/email/anna%40example.com";
  EXPECT_EQ(at(ask("PUT", target).body, "/identifiers/1/value"), "anna@example.com");
  EXPECT_EQ(at(ask("DELETE", target).body, "/identifiers"), "[1]");
}

TEST_F(ApiMembers, a_frozen_member_says_so_and_an_active_one_again) {
  const auto change = [&](std::string_view status) {
    return at(ask("PATCH", path_,
                  "{\"status\":" + quoted_json(status) + R"(,"actor":"desk","reason":"lost"})")
                  .body,
              "/status");
  };
  EXPECT_EQ(change("frozen"), "frozen");
  EXPECT_EQ(change("active"), "active");
  EXPECT_EQ(change("freeze"), "frozen");
}

TEST_F(ApiMembers, what_she_told_of_herself_is_merged_field_by_field) {
  const auto change = [&](std::string_view fields) {
    return ask("PATCH", path_,
               "{" + std::string(fields) + R"(,"actor":"desk","reason":"she said so"})");
  };
  Answer answer =
      change(R"("profile":{"given_name":"Anna","family_name":"Rossi","birth_date":"1980-02-29"},)"
             R"("consents":{"sms":true,)"
             R"("post":{"granted":false,"at":"2025-01-01T00:00:00Z","where":"t7"}})");
  EXPECT_EQ(at(answer.body, "/profile/family_name"), "Rossi");
  EXPECT_EQ(at(answer.body, "/born"), "1980-02-29");
  EXPECT_EQ(at(answer.body, "/consents/sms/granted"), "true");
  EXPECT_EQ(at(answer.body, "/consents/sms/by"), "desk");
  EXPECT_EQ(at(answer.body, "/consents/post/at"), "2025-01-01T00:00:00Z");
  answer = change(R"("profile":{"family_name":null,"birth_date":null},"consents":{"sms":null})");
  EXPECT_EQ(at(answer.body, "/profile/given_name"), "Anna");
  EXPECT_EQ(at(answer.body, "/profile/family_name"), "null");
  EXPECT_EQ(at(answer.body, "/profile/birth_date"), "null");
  EXPECT_EQ(at(answer.body, "/consents"), "{1}");
  EXPECT_EQ(at(get(path_ + "/export").body, "/member/profile/given_name"), "Anna");
}

TEST_F(ApiMembers, what_a_profile_cannot_be_is_told_by_its_pointer) {
  const auto pointer = [&](std::string_view fields) {
    const Answer answer =
        ask("PATCH", path_, "{" + std::string(fields) + R"(,"actor":"desk","reason":"x"})");
    return at(answer.body, "/errors/0/pointer");
  };
  EXPECT_EQ(pointer(R"("profile":{"given_name":7})"), "/profile/given_name");
  EXPECT_EQ(pointer(R"("profile":{"given_nam":"Anna"})"), "/profile/given_nam");
  EXPECT_EQ(pointer(R"("profile":{"birth_date":"1980-02-30"})"), "/profile/birth_date");
  EXPECT_EQ(pointer(R"("born":"1980-02-28","profile":{"birth_date":"1980-02-29"})"),
            "/profile/birth_date");
  EXPECT_EQ(pointer(R"("consents":{"sms":"yes"})"), "/consents/sms");
  EXPECT_EQ(pointer(R"("consents":{"sms":{"at":"2025-01-01T00:00:00Z"}})"),
            "/consents/sms/granted");
}

TEST_F(ApiMembers, an_enrolment_may_tell_who_she_is) {
  const Answer answer = ask("POST", "/v1/members",
                            R"({"profile":{"given_name":"Zo\u00eb","birth_date":"1990-01-01"},)"
                            R"("consents":{"email_marketing":{"granted":true}}})");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(at(answer.body, "/profile/given_name"), "Zo\xc3\xab");
  EXPECT_EQ(at(answer.body, "/born"), "1990-01-01");
  EXPECT_EQ(at(answer.body, "/consents/email_marketing/granted"), "true");
}

TEST_F(ApiMembers, a_profile_is_kept_and_what_it_cannot_be_is_refused) {
  const auto change = [&](std::string_view fields) {
    return ask("PATCH", path_,
               "{" + std::string(fields) + R"(,"actor":"desk","reason":"she said so"})");
  };
  const Answer changed = change(R"("born":"1980-02-29","segments":["vip","press","vip"])");
  EXPECT_EQ(at(changed.body, "/born"), "1980-02-29");
  EXPECT_EQ(at(changed.body, "/segments/0"), "press");
  EXPECT_EQ(at(changed.body, "/segments"), "[2]");
  EXPECT_EQ(at(change(R"("born":"1981-02-29")").body, "/errors/0/pointer"), "/born");
  EXPECT_EQ(at(change(R"("born":"2999-01-01")").body, "/errors/0/code"), "out_of_range");
  EXPECT_EQ(at(change(R"("segments":[7])").body, "/errors/0/pointer"), "/segments/0");
  EXPECT_EQ(at(get(path_).body, "/born"), "1980-02-29");
}

TEST_F(ApiMembers, a_change_is_the_keys_own_where_it_names_nobody) {
  const Answer answer = ask("PATCH", path_, R"({"status":"freeze","language":"fr"})");
  EXPECT_EQ(at(answer.body, "/status") + " " + at(answer.body, "/language"), "frozen fr");
  EXPECT_EQ(at(ask("GET", path_ + "/ledger").body, "/entries/0/actor"), "sandbox");
  EXPECT_EQ(verdict(ask("PATCH", path_, R"({"status":"froze"})")), "400 invalid");
}

TEST_F(ApiMembers, an_adjustment_counts_once) {
  EXPECT_EQ(adjust("A-1", "250").status, 201);
  EXPECT_EQ(adjust("A-1", "250").status, 200);
  EXPECT_EQ(verdict(adjust("A-1", "251")), "409 idempotency_conflict");
  EXPECT_EQ(at(get(path_).body, "/wallets/points/available"), "250");
}

TEST_F(ApiMembers, a_level_is_given_by_hand_once) {
  const auto give = [&](std::string_view until) {
    return ask("POST", path_ + "/tier",
               R"({"id":"T-1","tier":"gold","actor":"desk-4","reason":"welcome","until":)" +
                   quoted_json(until) + "}");
  };
  const Answer given = give("2999-12-31");
  EXPECT_EQ(given.status, 201) << given.body;
  EXPECT_EQ(at(given.body, "/tier/id") + " " + at(given.body, "/tier/reason"), "gold granted");
  EXPECT_EQ(give("2999-12-31").status, 200);
  EXPECT_EQ(verdict(give("2998-12-31")), "409 idempotency_conflict");
  EXPECT_EQ(at(get(path_).body, "/tier/until"), "2999-12-31");
}

TEST_F(ApiMembers, the_ledger_is_read_page_by_page) {
  for (const char* id : {"1", "2", "3"}) adjust(id, "10");
  const Answer first = get(path_ + "/ledger?limit=2");
  EXPECT_EQ(at(first.body, "/entries/0/kind"), "adjustment");
  EXPECT_EQ(at(first.body, "/entries/0/transaction/id"), "3");
  EXPECT_EQ(at(first.body, "/entries/0/actor"), "desk-4");
  const Answer second = get(path_ + "/ledger?limit=10&cursor=" + at(first.body, "/next"));
  EXPECT_EQ(at(second.body, "/entries/0/transaction/id"), "1");
  EXPECT_EQ(at(second.body, "/next"), "null");
}

TEST_F(ApiMembers, a_statement_tells_what_stood_at_a_moment_by_event_or_by_booking) {
  set_clock("2026-11-24T12:00:00Z");
  post(sale("till", "1", "30.00"));  // of the 21st, booked on the 24th
  const auto pending = [&](std::string_view basis) {
    return at(get(path_ + "/statement?as_of=2026-11-22T00:00:00Z&basis=" + std::string(basis)).body,
              "/wallets/points/pending");
  };
  EXPECT_EQ(pending("event"), "30");
  EXPECT_EQ(pending("booking"), "0");
}

TEST_F(ApiMembers, events_come_in_order_by_cursor_without_persons_words) {
  adjust("1", "10");
  const Answer first = get("/v1/events?limit=1");
  EXPECT_EQ(at(first.body, "/more"), "true");
  const Answer second = get("/v1/events?after=" + at(first.body, "/cursor"));
  EXPECT_EQ(at(second.body, "/events/0/kind"), "adjustment");
  EXPECT_EQ(at(second.body, "/events/0/reason"), "absent");
  EXPECT_EQ(at(second.body, "/events/0/actor"), "absent");
  EXPECT_EQ(second.body.find("delayed delivery"), std::string::npos);
  const Answer end = get("/v1/events?after=" + at(second.body, "/cursor"));
  EXPECT_EQ(at(end.body, "/cursor"), at(second.body, "/cursor"));
  EXPECT_EQ(at(end.body, "/events"), "[0]");
}

TEST_F(ApiMembers, points_become_available_when_the_clock_passes_their_day) {
  post(sale("till", "1", "30.00"));
  set_clock("2026-12-04T23:59:59Z");
  EXPECT_EQ(at(get(path_).body, "/wallets/points/available"), "0");
  set_clock("2026-12-05T00:00:00Z");
  EXPECT_EQ(at(get(path_).body, "/wallets/points/available"), "30");
  EXPECT_EQ(at(get(path_ + "/ledger?limit=1").body, "/entries/0/kind"), "activation");
}

}  // namespace
}  // namespace laurel::test
