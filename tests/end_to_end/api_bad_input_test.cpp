// What must never get in: each row is refused with every faulty field, stores nothing, and leaves
// the daemon able to take the next request.

#include <algorithm>
#include <vector>

#include "api_fixture.hpp"

namespace laurel::test {
namespace {

struct Row {
  const char* name;
  std::string body;
  std::string verdict;
  std::vector<std::string> pointers;
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// A sale in which the named part is written differently.
std::string with(std::string_view fields, std::string_view line = R"("amount":"5.00")") {
  return R"({"id":"bad","source":"till",)" + std::string(fields) + R"(,"lines":[{)" +
         std::string(line) + "}]}";
}
std::string with_lines(const std::string& lines) {
  return R"({"id":"bad","source":"till","kind":"sale","currency":"GBP","lines":[)" + lines + "]}";
}
const std::string kGood = R"("kind":"sale","currency":"GBP")";

std::vector<Row> unreadable() {
  return {
      {"no body", "", "400 malformed", {""}},
      {"not JSON", "hello", "400 malformed", {""}},
      {"truncated", R"({"id":"bad","source":"ti)", "400 malformed", {"/source"}},
      {"two documents", "{}{}", "400 malformed", {""}},
      {"an array", "[]", "400 invalid", {""}},
      {"repeated name", R"({"id":"bad","id":"bad","source":"till"})", "400 malformed", {"/id"}},
      {"repeated name in a line",
       with(kGood, R"("amount":"1.00","amount":"2.00")"),
       "400 malformed",
       {"/lines/0/amount"}},
      {"depth of 100,000", repeated("[", 100'000), "400 malformed", {repeated("/0", 64)}},
      {"NaN", with(kGood, R"("amount":NaN)"), "400 malformed", {"/lines/0/amount"}},
      {"10 MB",
       with(kGood, R"("amount":"5.00","sku":")" + repeated("x", 10'000'000) + "\""),
       "413 too_large",
       {}},
      {"invalid UTF-8",
       with(kGood, "\"amount\":\"5.00\",\"sku\":\"\xff\xfe\""),
       "400 malformed",
       {}},
  };
}

std::vector<Row> wrong_fields() {
  return {
      {"nothing given", "{}", "400 invalid", {"/id", "/source", "/kind"}},
      {"wrong types",
       R"({"id":1,"source":[],"kind":true,"lines":{},"at":0})",
       "400 invalid",
       {"/id", "/source", "/kind", "/at", "/lines"}},
      {"unknown kind", with(R"("kind":"sael","currency":"GBP")"), "400 invalid", {"/kind"}},
      {"1e400", with(kGood, R"("amount":1e400)"), "400 malformed", {"/lines/0/amount"}},
      {"5e2 as text", with(kGood, R"("amount":"5e2")"), "400 invalid", {"/lines/0/amount"}},
      {"other digits", with(kGood, R"("amount":"٥")"), "400 invalid", {"/lines/0/amount"}},
      {"negative amount", with(kGood, R"("amount":"-5.00")"), "400 invalid", {"/lines/0/amount"}},
      {"a third decimal", with(kGood, R"("amount":"5.001")"), "400 invalid", {"/lines/0/amount"}},
      {"overflow",
       with(kGood, R"("amount":"99999999999999999999.00")"),
       "400 invalid",
       {"/lines/0/amount"}},
      {"amount of a wrong type", with(kGood, R"("amount":{})"), "400 invalid", {"/lines/0/amount"}},
      {"no amount", with(kGood, R"("sku":"1")"), "400 invalid", {"/lines/0/amount"}},
      {"misspelt amount",
       with(kGood, R"("ammount":"5.00")"),
       "400 invalid",
       {"/lines/0/amount", "/lines/0/ammount"}},
      {"negative quantity",
       with(kGood, R"("amount":"5.00","quantity":-1)"),
       "400 invalid",
       {"/lines/0/quantity"}},
      {"no quantity at all",
       with(kGood, R"("amount":"5.00","quantity":0)"),
       "400 invalid",
       {"/lines/0/quantity"}},
      {"unknown currency", with(R"("kind":"sale","currency":"GBX")"), "400 invalid", {"/currency"}},
      {"a time without offset",
       with(kGood + R"(,"at":"2026-11-21T10:15:00")"),
       "400 invalid",
       {"/at"}},
      {"an offset that does not exist",
       with(kGood + R"(,"at":"2026-11-21T10:15:00+25:00")"),
       "400 invalid",
       {"/at"}},
      {"a day that does not exist",
       with(kGood + R"(,"at":"2026-02-30T10:15:00Z")"),
       "400 invalid",
       {"/at"}},
      {"no lines",
       R"({"id":"bad","source":"till","kind":"sale","currency":"GBP","lines":[]})",
       "400 invalid",
       {"/lines"}},
      {"100,000 lines",
       with_lines(repeated(R"({"amount":"1.00"},)", 99'999) + R"({"amount":"1"})"),
       "400 invalid",
       {"/lines"}},
      {"a control character",
       with(kGood, R"("amount":"5.00","sku":"a\u0000b")"),
       "400 invalid",
       {"/lines/0/sku"}},
  };
}

std::vector<Row> wrong_together() {
  return {
      {"a sale that takes back",
       with(kGood + R"(,"original":{"source":"a","id":"b"})"),
       "400 invalid",
       {"/original"}},
      {"a void of some lines",
       R"({"id":"bad","source":"till","kind":"void","lines":[],)"
       R"("original":{"source":"a","id":"b"}})",
       "400 invalid",
       {"/lines"}},
      {"an original without its id",
       R"({"id":"bad","source":"till","kind":"return","original":{"source":"a"}})",
       "400 invalid",
       {"/original/id"}},
      {"everything at once",
       R"({"source":"till","kind":"sale","currency":"ZZZ","at":"yesterday",)"
       R"("identifiers":[{"type":"card"}],"tenders":[{"type":"cash","amount":"x"}],)"
       R"("lines":[{"amount":"1.00"},{"amount":"-1","quantity":"NaN"},7]})",
       "400 invalid",
       {"/id", "/at", "/identifiers/0/value", "/currency", "/lines/1/quantity", "/lines/1/amount",
        "/lines/2", "/tenders/0/amount"}},
  };
}

std::vector<std::string> pointers_of(const Answer& answer) {
  std::vector<std::string> pointers;
  for (int i = 0;; ++i) {
    auto pointer = at(answer.body, "/errors/" + std::to_string(i) + "/pointer");
    if (pointer == "absent") return pointers;
    pointers.push_back(std::move(pointer));
  }
}

TEST_F(ApiTest, bad_input_is_refused_with_every_faulty_field_and_stores_nothing) {
  for (const auto& rows : {unreadable(), wrong_fields(), wrong_together()}) {
    for (const Row& row : rows) {
      SCOPED_TRACE(row.name);
      const Answer answer = post(row.body);
      EXPECT_EQ(verdict(answer), row.verdict) << answer.body.substr(0, 500);
      EXPECT_THAT(pointers_of(answer), testing::UnorderedElementsAreArray(row.pointers));
      EXPECT_EQ(at(get("/v1/events?after=0").body, "/events"), "[0]");
    }
  }
  EXPECT_EQ(post(sale("till", "good", "5.00")).status, 201);
}

TEST_F(ApiTest, a_misspelt_field_is_answered_with_a_hint) {
  const Answer answer = post(with(kGood, R"("ammount":"5.00")"));
  EXPECT_NE(answer.body.find("did you mean \\\"amount\\\"?"), std::string::npos) << answer.body;
}

TEST_F(ApiTest, E11_what_a_client_claims_about_points_and_tiers_is_ignored) {
  const std::string member = enrol();
  const Answer answer =
      post(sale("till", "1", "5.00", R"(,"balance":100000,"points":[],"tier":"gold","price":"1")"));
  EXPECT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(at(answer.body, "/points/0/earned"), "5");
  EXPECT_EQ(at(answer.body, "/tier/id"), "green");
}

TEST_F(ApiTest, E3_only_plain_numbers_of_points_are_taken) {
  const std::string member = enrol();
  for (const char* points : {"0", "1e30", "\"5e2\"", "\"٥\"", "\"NaN\"", "\"\"", "1.5", "true",
                             "99999999999999999999"}) {
    SCOPED_TRACE(points);
    const Answer answer =
        ask("POST", "/v1/members/" + member + "/adjustments",
            R"({"id":"A-1","actor":"desk","reason":"test","points":)" + std::string(points) + "}");
    EXPECT_EQ(verdict(answer), "400 invalid");
    EXPECT_EQ(at(answer.body, "/errors/0/pointer"), "/points");
  }
  const Answer taken = ask("POST", "/v1/members/" + member + "/adjustments",
                           R"({"id":"A-1","actor":"desk","reason":"test","points":-500})");
  EXPECT_EQ(verdict(taken), "422 insufficient_points");
  EXPECT_EQ(at(get("/v1/members/" + member).body, "/wallets/points/available"), "0");
}

TEST_F(ApiTest, broken_requests_to_other_routes_are_answered_alike) {
  const std::string member = enrol();
  const std::vector<std::tuple<const char*, std::string, const char*, const char*>> requests = {
      {"POST", "/v1/quotes", "[", "400 malformed"},
      {"POST", "/v1/members", R"({"identifiers":7})", "400 invalid"},
      {"POST", "/v1/members/lookup", R"({"identifiers":[]})", "400 invalid"},
      {"PATCH", "/v1/members/" + member, R"({"status":"asleep"})", "400 invalid"},
      {"GET", "/v1/members/m_nobody", "", "404 unknown_member"},
      {"GET", "/v1/members/" + member + "/ledger?limit=0", "", "400 invalid"},
      {"GET", "/v1/members/" + member + "/statement?as_of=now", "", "400 invalid"},
      {"GET", "/v1/members/" + member + "/statement?basis=mood", "", "400 invalid"},
      {"GET", "/v1/transactions/till/none", "", "404 unknown_transaction"},
      {"POST", "/v1/transactions/till/none/claim", R"({"member":"x"})", "400 invalid"},
      {"PUT", "/v1/sandbox/clock", R"({"now":"soon"})", "400 invalid"},
      {"POST", "/v1/programme/publish", R"({"files":{},"by":"me"})", "400 invalid"},
      {"GET", "/v1/events?after=-1", "", "400 invalid"},
  };
  for (const auto& [method, target, body, wanted] : requests) {
    EXPECT_EQ(verdict(ask(method, target, body)), wanted) << method << " " << target;
  }
}

}  // namespace
}  // namespace laurel::test
