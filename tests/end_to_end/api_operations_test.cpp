// Keys, counters, request ids, and the reference against the routes.

#include <fstream>
#include <regex>
#include <sstream>

#include "api_fixture.hpp"
#include "app/docs_page.hpp"
#include "app/routes.hpp"
#include "app/signature.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

using daemon::Scope;

class ApiOperations : public ApiTest {};

TEST(Reference, describes_every_route_and_no_other) {
  std::set<std::string> routes;
  for (const daemon::Route& route : daemon::all_routes()) {
    routes.insert(std::string(route.method) + " " + std::string(route.pattern));
  }
  EXPECT_EQ(Openapi(LAUREL_SOURCE_DIR "/docs/reference/openapi.yaml").operations(), routes);
}

TEST(Reference, lists_every_error_as_the_sdk_does) {
  const std::string file = LAUREL_SOURCE_DIR "/docs/reference/errors.md";
  if (std::getenv("LAUREL_UPDATE_DOCS") != nullptr) std::ofstream(file) << daemon::errors_page();
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), daemon::errors_page())
      << "run the test with LAUREL_UPDATE_DOCS=1 to write the page anew";
}

TEST_F(ApiOperations, the_reference_is_served) {
  std::ostringstream text;
  text << std::ifstream(LAUREL_SOURCE_DIR "/docs/reference/openapi.yaml").rdbuf();
  EXPECT_EQ(get("/openapi.yaml").body, text.str());
  const Answer docs = get("/docs");
  EXPECT_NE(docs.body.find("/v1/transactions/batch"), std::string::npos);
  EXPECT_NE(docs.body.find("id=\"insufficient_points\""), std::string::npos);
  EXPECT_EQ(docs.body.find("<script"), std::string::npos);
}

TEST_F(ApiOperations, a_request_id_is_taken_over_or_made) {
  EXPECT_TRUE(
      ask("GET", "/healthz", "", "X-Request-Id: till-7.42\r\n").has("X-Request-Id: till-7.42"));
  const Answer made = ask("GET", "/healthz", "", "X-Request-Id: a b\r\n");
  EXPECT_FALSE(made.has("X-Request-Id: a b"));
  EXPECT_NE(made.head.find("X-Request-Id: "), std::string::npos);
  const Answer problem = ask("POST", "/v1/quotes", "[", "X-Request-Id: q-1\r\n");
  EXPECT_EQ(at(problem.body, "/request_id"), "q-1");
}

TEST_F(ApiOperations, a_trace_goes_on) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const Answer answer = ask("GET", "/healthz", "", "traceparent: " + trace + "\r\n");
  const auto place = answer.head.find("traceparent: " + trace.substr(0, 36));
  EXPECT_NE(place, std::string::npos);
  EXPECT_EQ(answer.head.find(trace), std::string::npos);
}

TEST_F(ApiOperations, unknown_addresses_and_methods_are_problems) {
  RawClient client(daemon_->port());
  EXPECT_EQ(verdict(client.ask(get_request("/v1/nothing"))), "404 not_found");
  const Answer method = client.ask(get_request("/v1/quotes"));
  EXPECT_EQ(verdict(method), "405 method_not_allowed");
  EXPECT_TRUE(method.has("Allow: POST"));
}

TEST_F(ApiOperations, counters_tell_what_was_posted_without_saying_by_whom) {
  enrol();
  post(sale("till", "1", "5.00"));
  post(sale("till", "1", "5.00"));
  post(sale("till", "1", "6.00"));
  const std::string text = get("/metrics").body;
  for (const char* line :
       {"laurel_transactions_total{kind=\"sale\",outcome=\"accepted\"} 1\n",
        "laurel_transactions_total{kind=\"sale\",outcome=\"replayed\"} 1\n",
        "laurel_transactions_total{kind=\"sale\",outcome=\"conflict\"} 1\n",
        "laurel_requests_total{method=\"POST\",route=\"/v1/transactions\",status=\"201\"} 1\n",
        "laurel_errors_total{code=\"idempotency_conflict\"} 1\n", "laurel_writable 1\n",
        "laurel_build_info{version=\""}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(text.find("6301001234567897"), std::string::npos);
}

TEST_F(ApiOperations, every_metric_is_a_line_that_prometheus_reads) {
  post(sale("till", "1", "5.00"));
  const std::regex shape(
      R"((# (HELP|TYPE) [a-z_]+ .+)|([a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.]+))");
  std::istringstream lines(get("/metrics").body);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(std::regex_match(line, shape)) << line;
  }
}

TEST_F(ApiOperations, the_log_has_routes_and_no_identifiers_or_amounts) {
  daemon::ServeOptions options;
  options.store = "memory:";
  options.listen = "127.0.0.1:0";
  options.sandbox = true;
  options.log_format = "json";
  testing::internal::CaptureStderr();
  start(options);
  ask("PUT", "/v1/sandbox/programme", programme_body(kProgramme));
  const std::string member = enrol();
  ask("PUT", "/v1/members/" + member + "/identifiers/email/anna%40example.com");
  post(sale("till", "1", "77.77"));
  get("/v1/transactions/till/1?explain=true");
  post(sale("till", "1", "88.88"));
  daemon_.reset();
  const std::string log = testing::internal::GetCapturedStderr();
  for (const char* secret : {"6301001234567897", "anna", "77.77", "88.88", member.c_str()}) {
    EXPECT_EQ(log.find(secret), std::string::npos) << secret << " in\n" << log;
  }
  std::istringstream lines(log);
  std::string last;
  for (std::string line; std::getline(lines, line); last = line) {
    EXPECT_NE(at(line, "/time"), "absent") << line;
  }
  EXPECT_EQ(at(last, "/route") + " " + at(last, "/status") + " " + at(last, "/code"),
            "/v1/transactions 409 idempotency_conflict");
  EXPECT_NE(log.find("/v1/members/{id}/identifiers/{type}/{value}"), std::string::npos);
}

class ApiKeys : public ApiTest {
 protected:
  void SetUp() override {
    std::ofstream(folder_.file("programme.yaml")) << kProgramme;
    options_.programme = folder_.path().string();
    options_.store = "memory:";
    options_.listen = "127.0.0.1:0";
    options_.keys = folder_.file("keys.jsonl");
    options_.log_level = "off";
  }
  void TearDown() override { daemon_.reset(); }
  daemon::CreatedKey make(std::vector<Scope> scopes, std::vector<std::string> sources = {"*"}) {
    auto key = daemon::create_key(options_.keys, {"tests", std::move(sources), std::move(scopes)},
                                  SystemClock().now());
    EXPECT_TRUE(key);
    return *key;
  }
  Answer post_with(const std::string& secret, const std::string& body) {
    return ask("POST", "/v1/transactions", body, "Authorization: Bearer " + secret + "\r\n");
  }
  TemporaryFolder folder_;
  daemon::ServeOptions options_;
};

std::string sale_now(std::string_view source, std::string_view id) {
  return "{\"id\":" + quoted_json(id) + ",\"source\":" + quoted_json(source) +
         R"(,"kind":"sale","currency":"GBP","lines":[{"amount":"5.00"}]})";
}

TEST_F(ApiKeys, a_key_opens_what_its_scopes_and_sources_say) {
  const auto till = make({Scope::kTransactions}, {"till-*"});
  start(options_);
  EXPECT_EQ(post_with(till.secret, sale_now("till-7", "1")).status, 201);
  EXPECT_EQ(verdict(post_with(till.secret, sale_now("web-shop", "1"))), "403 forbidden");
  EXPECT_EQ(
      verdict(ask("POST", "/v1/members", "{}", "Authorization: Bearer " + till.secret + "\r\n")),
      "403 forbidden");
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(
      ask("GET", "/v1/transactions/till-7/1", "", "authorization: bearer " + till.secret + "\r\n")
          .status,
      200);
}

TEST_F(ApiKeys, who_may_read_events_may_not_have_them_posted_anywhere) {
  const auto reader = make({Scope::kReports}), admin = make({Scope::kAdmin});
  start(options_);
  const auto with = [](const daemon::CreatedKey& key) {
    return "Authorization: Bearer " + key.secret + "\r\n";
  };
  const std::string order = R"({"id":"shop","url":"http://127.0.0.1:9/"})";
  EXPECT_EQ(ask("GET", "/v1/events", "", with(reader)).status, 200);
  EXPECT_EQ(verdict(ask("POST", "/v1/webhooks", order, with(reader))), "403 forbidden");
  EXPECT_EQ(verdict(ask("GET", "/v1/webhooks", "", with(reader))), "403 forbidden");
  const Answer added = ask("POST", "/v1/webhooks", order, with(admin));
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(at(added.body, "/webhook/created_by"), admin.key.id);
}

TEST_F(ApiKeys, unknown_expired_and_revoked_keys_get_the_same_answer) {
  const auto revoked = make({Scope::kAdmin});
  const auto expired = daemon::create_key(
      options_.keys, {"old", {"*"}, {Scope::kAdmin}, SystemClock().now() - std::chrono::hours(1)},
      SystemClock().now());
  ASSERT_TRUE(daemon::revoke_key(options_.keys, revoked.key.id, SystemClock().now()));
  start(options_);
  const auto body_for = [&](const std::string& headers) {
    const Answer answer = ask("GET", "/v1/programme", "", "X-Request-Id: same\r\n" + headers);
    EXPECT_EQ(answer.status, 401);
    return answer.body;
  };
  const std::string nothing = body_for("");
  EXPECT_EQ(body_for("Authorization: Bearer laurel_unknown\r\n"), nothing);
  EXPECT_EQ(body_for("Authorization: Bearer " + revoked.secret + "\r\n"), nothing);
  EXPECT_EQ(body_for("Authorization: Bearer " + expired->secret + "\r\n"), nothing);
}

class SignedRequests : public ApiKeys {
 protected:
  void SetUp() override {
    ApiKeys::SetUp();
    const daemon::NewKey wanted{
        .name = "web shop", .scopes = {Scope::kTransactions}, .is_signed = true};
    const auto made = daemon::create_key(options_.keys, wanted, SystemClock().now());
    ASSERT_TRUE(made);
    key_ = *made;
    start(options_);
  }
  // The headers of a sale that was signed so long ago.
  std::string headers(const std::string& body, std::chrono::seconds ago = {}) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(SystemClock().now() - ago);
    const std::string timestamp = std::to_string(now.time_since_epoch().count());
    return "X-Laurel-Key: " + key_.key.id + "\r\nX-Laurel-Timestamp: " + timestamp +
           "\r\nX-Laurel-Signature: " +
           daemon::signature_of(key_.secret, timestamp, "POST", "/v1/transactions", body) + "\r\n";
  }
  std::string post(const std::string& body, const std::string& more) {
    return verdict(ask("POST", "/v1/transactions", body, more));
  }
  daemon::CreatedKey key_;
};

TEST_F(SignedRequests, are_taken_as_they_were_signed_and_no_other_way) {
  const std::string body = sale_now("web-shop", "1"), other = sale_now("web-shop", "2");
  EXPECT_EQ(post(body, headers(body)), "201");
  EXPECT_EQ(post(body, headers(body)), "200");
  EXPECT_EQ(post(other, headers(body)), "401 unauthorised");
  EXPECT_EQ(post(other, headers(other, std::chrono::minutes(6))), "401 unauthorised");
  EXPECT_EQ(verdict(ask("POST", "/v1/quotes", body, headers(body))), "401 unauthorised");
}

TEST_F(SignedRequests, cannot_be_replaced_by_sending_the_secret) {
  const std::string body = sale_now("web-shop", "1");
  const std::string bearer = "Authorization: Bearer " + key_.secret + "\r\n";
  EXPECT_EQ(post(body, bearer), "401 unauthorised");
  EXPECT_EQ(post(body, bearer + headers(body)), "401 unauthorised");
}

TEST_F(SignedRequests, need_a_key_that_signs) {
  const auto plain = make({Scope::kTransactions});
  daemon_->service().tick();
  const std::string body = sale_now("web-shop", "1");
  key_ = plain;
  EXPECT_EQ(post(body, headers(body)), "401 unauthorised");
  EXPECT_EQ(post_with(plain.secret, body).status, 201);
}

TEST_F(ApiKeys, a_new_key_is_taken_without_a_restart) {
  start(options_);
  const auto key = make({Scope::kProgramme});
  daemon_->service().tick();
  EXPECT_EQ(ask("GET", "/v1/programme", "", "Authorization: Bearer " + key.secret + "\r\n").status,
            200);
}

TEST_F(ApiKeys, a_key_that_asks_too_often_is_told_to_wait) {
  options_.rate_limit_per_second = 1;
  const auto key = make({Scope::kTransactions});
  start(options_);
  EXPECT_EQ(post_with(key.secret, sale_now("till", "1")).status, 201);
  Answer answer = post_with(key.secret, sale_now("till", "1"));
  for (int i = 0; i < 20 && answer.status != 429; ++i) {
    answer = post_with(key.secret, sale_now("till", "1"));
  }
  EXPECT_EQ(verdict(answer), "429 too_many_requests");
  EXPECT_TRUE(answer.has("Retry-After: 1"));
}

TEST_F(ApiKeys, the_sandbox_calls_do_not_exist_outside_a_sandbox) {
  start(options_);
  RawClient client(daemon_->port());
  EXPECT_EQ(client.ask(get_request("/v1/sandbox/clock")).status, 404);
}

}  // namespace
}  // namespace laurel::test
