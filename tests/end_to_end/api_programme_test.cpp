// The programme: published, checked, reloaded; and the sandbox around it.

#include <algorithm>
#include <atomic>
#include <fstream>
#include <stop_token>
#include <thread>
#include <vector>

#include "api_fixture.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

std::string doubled() {
  std::string yaml(kProgramme);
  const std::string_view rate = "rate: 1 point per 1.00";
  return yaml.replace(yaml.find(rate), rate.size(), "rate: 2 points per 1.00");
}

class ApiProgramme : public ApiTest {};

TEST_F(ApiProgramme, the_programme_in_force_is_shown_with_its_files) {
  const Answer answer = get("/v1/programme");
  EXPECT_TRUE(contains(answer.body, R"({"id":"department-store","digest":"sha256:…",
    "currency":"GBP","time_zone":"Europe/London","wallets":[{"id":"points","scale":0}],
    "tiers":[{"id":"green","from":"0.00"},{"id":"gold","from":"5000.00"}]})"));
  EXPECT_EQ(at(answer.body, "/files/programme.yaml"), kProgramme);
}

TEST_F(ApiProgramme, the_same_files_again_are_no_new_version) {
  const Answer again = ask("PUT", "/v1/sandbox/programme", programme_body(kProgramme));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/unchanged"), "true");
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[1]");
}

TEST_F(ApiProgramme, a_sale_is_valued_under_the_version_in_force_at_its_own_time) {
  const std::string member = enrol();
  std::string body = programme_body(doubled());
  body.insert(1, R"("effective_from":"2026-11-22T00:00:00Z","by":"ann",)");
  EXPECT_EQ(ask("POST", "/v1/programme/publish", body).status, 201);
  set_clock("2026-11-23T12:00:00Z");
  EXPECT_EQ(at(post(sale("till", "1", "10.00")).body, "/points/0/earned"), "10");
  std::string later = sale("till", "2", "10.00");
  later.replace(later.find("2026-11-21"), 10, "2026-11-22");
  EXPECT_EQ(at(post(later).body, "/points/0/earned"), "20");
}

TEST_F(ApiProgramme, a_broken_programme_is_refused_with_file_line_and_column) {
  const std::string yaml = std::string(kProgramme) + "walets: {}\n";
  const auto last_line = std::to_string(std::ranges::count(yaml, '\n'));
  const Answer answer = ask("PUT", "/v1/sandbox/programme", programme_body(yaml));
  EXPECT_EQ(verdict(answer), "400 invalid_programme");
  EXPECT_EQ(at(answer.body, "/faults/0/file"), "programme.yaml");
  EXPECT_EQ(at(answer.body, "/faults/0/line"), last_line);
  EXPECT_EQ(at(answer.body, "/faults/0/column"), "1");
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[1]");
}

std::string beginning_in(std::string_view year) {
  std::string yaml(kProgramme);
  return yaml.replace(yaml.find("2020-01-01"), 4, year);
}

TEST_F(ApiProgramme, in_a_sandbox_an_earlier_programme_takes_the_place_of_a_later_one) {
  ask("PUT", "/v1/sandbox/programme", programme_body(beginning_in("2025")));
  const Answer earlier = ask("PUT", "/v1/sandbox/programme", programme_body(doubled()));
  EXPECT_EQ(at(earlier.body, "/effective_from"), "2020-01-01T00:00:00Z");
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[1]");
  EXPECT_EQ(at(get("/v1/programme").body, "/digest"), at(earlier.body, "/digest"));
}

TEST_F(ApiProgramme, in_a_sandbox_in_use_an_earlier_programme_holds_from_the_later_one_on) {
  ask("PUT", "/v1/sandbox/programme", programme_body(beginning_in("2025")));
  enrol();
  const Answer earlier = ask("PUT", "/v1/sandbox/programme", programme_body(doubled()));
  EXPECT_EQ(at(earlier.body, "/effective_from"), "2025-01-01T00:00:00Z");
  EXPECT_EQ(at(get("/v1/programme").body, "/digest"), at(earlier.body, "/digest"));
  EXPECT_EQ(at(get("/v1/programme/versions").body, "/versions"), "[3]");
}

TEST_F(ApiProgramme, sales_go_on_while_programmes_change_and_the_sandbox_is_reset) {
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> tills;
    for (int till = 0; till < 4; ++till) {
      tills.emplace_back([this, till, &refused](const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested(); ++i) {
          const auto body = sale("till-" + std::to_string(till), std::to_string(i), "5.00");
          const int status =
              RawClient(daemon_->port()).ask(post_request("/v1/transactions", body)).status;
          if (status != 200 && status != 201) ++refused;
        }
      });
    }
    for (int i = 0; i < 20; ++i) {
      EXPECT_LT(ask("PUT", "/v1/sandbox/programme",
                    programme_body(i % 2 == 0 ? doubled() : std::string(kProgramme)))
                    .status,
                300);
      if (i % 5 == 4) {
        EXPECT_EQ(ask("POST", "/v1/sandbox/reset").status, 200);
      }
    }
  }
  EXPECT_EQ(refused, 0);
}

TEST_F(ApiProgramme, validating_changes_nothing_and_runs_the_cases) {
  const std::string wrong_case =
      std::string(kProgramme) +
      "cases:\n  - name: too much\n    when:\n"
      "      - sale: { at: 2026-11-21 11:00, lines: [ { department: fashion, amount: 10.00 } ] }\n"
      "        then: { points: 99 }\n";
  const Answer answer = ask("POST", "/v1/programme/validate", programme_body(wrong_case));
  EXPECT_EQ(at(answer.body, "/valid"), "false");
  EXPECT_EQ(at(answer.body, "/cases/0/name"), "too much");
  EXPECT_EQ(at(answer.body, "/cases/0/passed"), "false");
  std::string body = programme_body(wrong_case);
  body.insert(1, R"("by":"ann",)");
  EXPECT_EQ(verdict(ask("POST", "/v1/programme/publish", body)), "422 cases_failed");
}

TEST_F(ApiProgramme, a_reset_empties_the_store_and_keeps_programme_and_clock) {
  const std::string member = enrol();
  post(sale("till", "1", "10.00"));
  const std::string digest = at(get("/v1/programme").body, "/digest");
  EXPECT_EQ(at(ask("POST", "/v1/sandbox/reset").body, "/now"), "2026-11-21T12:00:00Z");
  EXPECT_EQ(get("/v1/members/" + member).status, 404);
  EXPECT_EQ(at(get("/v1/programme").body, "/digest"), digest);
  EXPECT_EQ(post(sale("till", "1", "20.00")).status, 201);
}

// A folder with one programme file.
class Folder {
 public:
  void write(std::string_view yaml) { std::ofstream(folder_.file("programme.yaml")) << yaml; }
  std::string path() const { return folder_.path().string(); }

 private:
  TemporaryFolder folder_;
};

TEST_F(ApiProgramme, a_folder_that_breaks_leaves_the_version_before_in_force_and_says_so) {
  Folder folder;
  folder.write(kProgramme);
  daemon::ServeOptions options{.programme = folder.path(), .store = "memory:"};
  options.listen = "127.0.0.1:0";
  options.sandbox = true;
  options.log_level = "off";
  start(options);
  const std::string digest = at(get("/readyz").body, "/programme/digest");
  folder.write("programme: [");
  EXPECT_FALSE(daemon_->service().reload_programme());
  const Answer stale = get("/readyz");
  EXPECT_EQ(stale.status, 200);
  EXPECT_EQ(at(stale.body, "/programme/digest"), digest);
  EXPECT_NE(at(stale.body, "/stale/reason"), "absent");
  folder.write(doubled());
  EXPECT_TRUE(daemon_->service().reload_programme());
  EXPECT_EQ(at(get("/readyz").body, "/stale"), "absent");
  EXPECT_NE(at(get("/readyz").body, "/programme/digest"), digest);
}

TEST(Daemon, refuses_to_start_on_a_broken_folder_when_nothing_is_stored) {
  Folder folder;
  folder.write("programme: [");
  daemon::ServeOptions options{.programme = folder.path(), .store = "memory:"};
  options.listen = "127.0.0.1:0";
  options.log_level = "off";
  const auto started = daemon::Daemon::start(options);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kInvalidProgramme);
}

TEST(Daemon, refuses_a_sandbox_that_others_could_reach) {
  daemon::ServeOptions options{.store = "memory:", .listen = "0.0.0.0:0", .sandbox = true};
  EXPECT_FALSE(daemon::Daemon::start(options));
}

}  // namespace
}  // namespace laurel::test
