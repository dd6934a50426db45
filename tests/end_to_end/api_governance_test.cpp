// Who decides about the programme, over HTTP.

#include <atomic>
#include <fstream>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "api_fixture.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

std::string replaced(std::string yaml, std::string_view what, std::string_view with) {
  const auto place = yaml.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  return yaml.replace(place, what.size(), with);
}

std::string with_rules(std::string_view rules) {
  return std::string(kProgramme) + "rules:\n" + std::string(rules);
}

const std::string kFlood =
    with_rules("  - { id: flood, when: { department: fashion }, multiply: 9 }\n");

std::string body_of(std::string_view yaml, std::string_view more) {
  std::string body = programme_body(yaml);
  return body.insert(1, std::string(more) + ",");
}

class ApiGovernance : public ApiTest {};

TEST_F(ApiGovernance, a_rule_is_stopped_and_resumed) {
  enrol();
  ask("PUT", "/v1/sandbox/programme", programme_body(kFlood));
  EXPECT_EQ(at(post(sale("till", "1", "10.00")).body, "/points/0/earned"), "90");
  const std::string order = R"({"by":"ann","reason":"gives too much"})";
  set_clock("2026-11-21T10:15:00Z");
  const Answer stopped = ask("POST", "/v1/programme/rules/flood/stop", order);
  EXPECT_EQ(stopped.status, 200) << stopped.body;
  EXPECT_EQ(at(get("/v1/programme").body, "/stopped/0/rule"), "flood");
  EXPECT_EQ(at(post(sale("till", "2", "10.00")).body, "/points/0/earned"), "10");
  const Answer why = get("/v1/transactions/till/2?explain=true");
  EXPECT_NE(why.body.find("\"stopped\""), std::string::npos) << why.body;
  EXPECT_EQ(ask("POST", "/v1/programme/rules/flood/resume", order).status, 200);
  EXPECT_EQ(at(post(sale("till", "3", "10.00")).body, "/points/0/earned"), "90");
  EXPECT_EQ(verdict(ask("POST", "/v1/programme/rules/none/stop", order)), "404 unknown_rule");
  EXPECT_EQ(verdict(ask("POST", "/v1/programme/rules/flood/stop", R"({"by":"ann"})")),
            "400 invalid");
}

TEST_F(ApiGovernance, going_back_is_a_new_version) {
  const Answer published =
      ask("POST", "/v1/programme/publish", body_of(kFlood, R"("by":"ann","reason":"try it")"));
  EXPECT_EQ(published.status, 201) << published.body;
  const Answer back =
      ask("POST", "/v1/programme/rollback", R"({"to":1,"by":"ben","reason":"gave too much"})");
  EXPECT_EQ(back.status, 201) << back.body;
  EXPECT_EQ(at(back.body, "/version"), "3");
  EXPECT_EQ(at(back.body, "/restores"), "1");
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions/1/reason"), "try it");
  EXPECT_EQ(verdict(ask("POST", "/v1/programme/rollback", R"({"to":9,"by":"ben","reason":"x"})")),
            "404 unknown_version");
}

TEST_F(ApiGovernance, a_second_person_agrees) {
  const std::string yaml = kFlood + "publishing: { approvals: 2 }\n";
  const Answer proposed = ask("POST", "/v1/programme/publish", body_of(yaml, R"("by":"ann")"));
  EXPECT_EQ(proposed.status, 202) << proposed.body;
  const std::string path = "/v1/programme/proposals/" + at(proposed.body, "/proposal");
  EXPECT_EQ(verdict(ask("POST", path + "/approve", R"({"by":"ann"})")), "422 not_approved");
  EXPECT_EQ(at(get("/v1/programme/proposals").body, "/proposals/0/open"), "true");
  const Answer agreed = ask("POST", path + "/approve", R"({"by":"ben"})");
  EXPECT_EQ(agreed.status, 201) << agreed.body;
  EXPECT_EQ(at(agreed.body, "/approvals/0/by"), "ben");
  EXPECT_EQ(verdict(ask("POST", path + "/withdraw", R"({"by":"ann"})")), "422 not_approved");
}

TEST_F(ApiGovernance, a_refusal_lists_every_gate_that_failed) {
  enrol();
  post(sale("till", "1", "10.00"));
  const std::string yaml = kFlood +
                           "publishing: { simulate: 30 days, at_most: { more_points: 15%, "
                           "largest_receipt: 50 points } }\n";
  const Answer refused = ask("POST", "/v1/programme/publish", body_of(yaml, R"("by":"ann")"));
  EXPECT_EQ(verdict(refused), "422 limits_exceeded");
  EXPECT_EQ(at(refused.body, "/errors/0/pointer"), "/publishing/at_most/more_points");
  EXPECT_EQ(at(refused.body, "/errors/1/pointer"), "/publishing/at_most/largest_receipt");
}

TEST_F(ApiGovernance, a_period_is_simulated_and_a_difference_told) {
  enrol();
  post(sale("till", "1", "10.00"));
  const Answer made =
      ask("POST", "/v1/programme/simulate", body_of(kFlood, R"("from":"2026-11-01T00:00:00Z")"));
  EXPECT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(at(made.body, "/wallets/0/points/becomes"), "90");
  EXPECT_EQ(at(made.body, "/largest/0/transaction/id"), "1");
  const Answer same = ask("POST", "/v1/programme/simulate",
                          body_of(kProgramme, R"("from":"2026-11-01T00:00:00Z")"));
  EXPECT_EQ(at(same.body, "/same"), "true");
  EXPECT_EQ(verdict(ask("POST", "/v1/programme/simulate",
                        body_of(kFlood, R"("from":"2027-11-01T00:00:00Z")"))),
            "400 invalid");
  const Answer differs = ask("POST", "/v1/programme/diff", programme_body(kFlood));
  EXPECT_EQ(at(differs.body, "/changes/0/subject"), "rule flood");
}

// G8
TEST_F(ApiGovernance, G8_each_sale_uses_one_version_while_the_programme_changes_a_hundred_times) {
  const std::string member = enrol();
  const std::string yaml[] = {
      std::string(kProgramme),
      replaced(std::string(kProgramme), "rate: 1 point per 1.00", "rate: 7 points per 1.00")};
  std::atomic<int> wrong{0}, sold{0};
  {
    std::vector<std::jthread> tills;
    for (int till = 0; till < 2; ++till) {
      tills.emplace_back([&, till](const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested(); ++i) {
          // Two lines of 1.00: 2 or 14 points (4 once she is gold), and nothing between.
          std::string body = sale("till-" + std::to_string(till), std::to_string(i), "1.00");
          body = replaced(body, "T10:15:00Z", "T12:00:00Z");
          body = replaced(body, "\"lines\":[",
                          R"("lines":[{"id":"a","department":"beauty","amount":"1.00"},)");
          const Answer answer =
              RawClient(daemon_->port()).ask(post_request("/v1/transactions", body));
          const std::string earned = at(answer.body, "/points/0/earned");
          const bool is_one = earned == "2" || earned == "14" || earned == "4";
          if (answer.status != 201 || !is_one) ++wrong;
          ++sold;
        }
      });
    }
    for (int i = 1; i <= 100; ++i) {
      const Answer answer =
          ask("POST", "/v1/programme/publish", body_of(yaml[i % 2], R"("by":"ann")"));
      EXPECT_EQ(answer.status, 201) << answer.body;
    }
  }
  EXPECT_GT(sold, 0);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[101]");
}

class Folder {
 public:
  explicit Folder(std::string_view yaml) { write(yaml); }
  void write(std::string_view yaml) const {
    std::ofstream(folder_.path() / "programme.yaml") << yaml;
  }
  std::string path() const { return folder_.path().string(); }

 private:
  TemporaryFolder folder_;
};

class ApiReload : public ApiTest {
 protected:
  void SetUp() override {}
  void serve_folder() {
    daemon::ServeOptions options;
    options.programme = folder_.path();
    options.store = "memory:";
    options.listen = "127.0.0.1:0";
    options.sandbox = true;
    options.log_level = "off";
    start(options);
  }
  Folder folder_{kProgramme};
};

TEST_F(ApiReload, G8_the_same_folder_again_is_no_version_and_a_broken_one_is_said) {
  serve_folder();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(daemon_->service().reload_programme());
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[1]");
  EXPECT_EQ(at(get("/readyz").body, "/rules"), "current");
  folder_.write(std::string(kProgramme) + "walets: {}\n");
  EXPECT_FALSE(daemon_->service().reload_programme());
  for (const char* path : {"/readyz", "/v1/programme"}) {
    const std::string rules = at(get(path).body, "/rules");
    EXPECT_EQ(rules.find("stale since "), 0U) << rules;
    EXPECT_NE(rules.find(" reason programme.yaml:"), std::string::npos) << rules;
  }
  EXPECT_EQ(get("/readyz").status, 200);
  folder_.write(kProgramme);
  EXPECT_TRUE(daemon_->service().reload_programme());
  EXPECT_EQ(at(get("/readyz").body, "/rules"), "current");
}

TEST_F(ApiReload, a_folder_that_was_gone_back_from_stays_out_until_it_changes) {
  serve_folder();
  folder_.write(kFlood);
  EXPECT_TRUE(daemon_->service().reload_programme());
  ask("POST", "/v1/programme/rollback", R"({"to":1,"by":"ann","reason":"too much"})");
  EXPECT_TRUE(daemon_->service().reload_programme());
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[3]");
  folder_.write(replaced(kFlood, "multiply: 9", "multiply: 2"));
  EXPECT_TRUE(daemon_->service().reload_programme());
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[4]");
}

}  // namespace
}  // namespace laurel::test
