#pragma once
// A sandbox daemon in the test's own process, asked over a real socket. Every answer is held
// against the published description of the interface.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "app/daemon.hpp"
#include "json/writer.hpp"
#include "json_expect.hpp"
#include "openapi.hpp"
#include "raw_client.hpp"

namespace laurel::test {

// One point per 1.00, gold from 5,000.00; points wait 14 days and live to the end of the second
// year after.
inline constexpr std::string_view kProgramme = R"yaml(programme: department-store
effective_from: 2020-01-01
time_zone: Europe/London
currency: GBP
departments: [fashion, handbags, beauty, food-hall, restaurant, hair-salon, hotel]
channels: [store, online, phone]
wallets:
  points:
    name: { en: Points }
    scale: 0
    rounding: { mode: floor, at: transaction }
    pending: 14 days
    expires: { end_of: year, after: 2 years }
    on_shortfall: debt
tiers:
  metric: spend
  window: calendar_year
  valid_until: end_of_next_year
  crossing: next_purchase
  on_return: immediate
  downgrade: to_qualified
  levels:
    - { id: green, from: 0.00, rate: 1 point per 1.00 }
    - { id: gold, from: 5000.00, rate: 2 points per 1.00, benefits: [private-shopping] }
identity:
  types:
    card: { strength: strong, may: [earn, redeem], normalise: digits }
    email: { strength: medium, may: [earn], normalise: email }
    phone: { strength: weak, may: [earn], normalise: phone, region: GB }
  precedence: [card, email, phone]
  on_conflict: strongest
  unknown: keep
  claim_within: 30 days
)yaml";

inline constexpr std::string_view kCard = "6301001234567897";  // as the tests' members show it

// "400 invalid" for a problem, "201" for anything else.
inline std::string verdict(const Answer& answer) {
  const std::string code = at(answer.body, "/code");
  return std::to_string(answer.status) + (answer.status >= 400 ? " " + code : "");
}

inline std::string quoted_json(std::string_view text) {
  std::string out;
  daemon::json::append_string(out, text);
  return out;
}

inline std::string programme_body(std::string_view yaml) {
  return "{\"files\":{\"programme.yaml\":" + quoted_json(yaml) + "}}";
}

// A sale of one line.
inline std::string sale(std::string_view source, std::string_view id, std::string_view amount,
                        std::string_view more = "") {
  return "{\"id\":" + quoted_json(id) + ",\"source\":" + quoted_json(source) +
         R"(,"kind":"sale","at":"2026-11-21T10:15:00Z","currency":"GBP",)" +
         R"("identifiers":[{"type":"card","value":"6301001234567897"}],)" +
         R"("lines":[{"department":"fashion","amount":)" + quoted_json(amount) + "}]" +
         std::string(more) + "}";
}

class ApiTest : public testing::Test {
 protected:
  void SetUp() override { serve("memory:"); }

  void serve(const std::string& store) {
    daemon::ServeOptions options;
    options.store = store;
    options.listen = "127.0.0.1:0";
    options.sandbox = true;
    options.log_level = "off";
    start(options);
    ask("PUT", "/v1/sandbox/clock", R"({"now":"2026-11-21T12:00:00Z"})");
    const Answer published = ask("PUT", "/v1/sandbox/programme", programme_body(kProgramme));
    ASSERT_EQ(published.status, 201) << published.body;
  }

  void start(const daemon::ServeOptions& options) {
    daemon_.reset();
    auto started = daemon::Daemon::start(options);
    ASSERT_TRUE(started) << started.error().detail;
    daemon_ = *std::move(started);
  }

  Answer ask(std::string_view method, std::string_view target, std::string_view body = "",
             std::string_view headers = "") {
    RawClient client(daemon_->port());
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: laurel\r\n").append(headers);
    if (method != "GET" && method != "DELETE") {
      request.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
    }
    const Answer answer = client.ask(request.append("\r\n").append(body));
    const std::string_view path = target.substr(0, target.find('?'));
    const std::string wrong = openapi().check(method, path, answer.status, answer.body);
    EXPECT_EQ(wrong, "") << method << " " << target << "\n" << answer.status << " " << answer.body;
    return answer;
  }
  Answer get(std::string_view target) { return ask("GET", target); }
  Answer post(std::string_view body) { return ask("POST", "/v1/transactions", body); }

  // The id of a new member with the tests' card.
  std::string enrol(
      std::string_view identifiers = R"([{"type":"card","value":"6301 0012 3456 7897"}])") {
    const Answer answer =
        ask("POST", "/v1/members", "{\"identifiers\":" + std::string(identifiers) + "}");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return at(answer.body, "/id");
  }
  std::string pending_of(const std::string& member) {
    return at(get("/v1/members/" + member).body, "/wallets/points/pending");
  }
  void set_clock(std::string_view now) {
    const auto body = "{\"now\":" + quoted_json(now) + "}";
    ASSERT_EQ(ask("PUT", "/v1/sandbox/clock", body).status, 200);
  }

  static const Openapi& openapi() {
    static const Openapi description(LAUREL_SOURCE_DIR "/docs/reference/openapi.yaml");
    return description;
  }

  std::unique_ptr<daemon::Daemon> daemon_;
};

}  // namespace laurel::test
