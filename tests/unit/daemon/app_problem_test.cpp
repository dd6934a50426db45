#include "app/problem.hpp"

#include <gtest/gtest.h>

#include <set>

#include "json_expect.hpp"

namespace laurel::daemon {
namespace {

using test::at;

TEST(Problem, names_code_request_and_every_fault) {
  const Error error{ErrorCode::kInvalid,
                    "2 fields are wrong",
                    {{"/lines/0/amount", "negative", "must not be negative"},
                     {"/currency", "unknown_currency", "not a code"}}};
  const http::Response response = problem(error, "q-1");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"/docs#invalid","title":"one or more fields are wrong","status":400,)"
            R"("code":"invalid","request_id":"q-1","detail":"2 fields are wrong","errors":[)"
            R"({"pointer":"/lines/0/amount","code":"negative","detail":"must not be negative"},)"
            R"({"pointer":"/currency","code":"unknown_currency","detail":"not a code"}]})");
}

TEST(Problem, every_code_has_a_status_that_follows_from_its_class) {
  std::set<int> statuses;
  for (const ErrorInfo& each : all_errors()) {
    const http::Response response = problem(Error{each.code, ""}, "");
    EXPECT_EQ(at(response.body, "/code"), each.name);
    EXPECT_EQ(at(response.body, "/status"), std::to_string(response.status));
    statuses.insert(response.status);
  }
  EXPECT_EQ(statuses, (std::set<int>{400, 401, 403, 404, 409, 413, 422, 429, 500, 503}));
}

TEST(Problem, says_when_to_come_again) {
  const auto retry = [](ErrorCode code) {
    for (const auto& [name, value] : problem(Error{code, ""}, "").headers) {
      if (name == "Retry-After") return value;
    }
    return std::string();
  };
  EXPECT_EQ(retry(ErrorCode::kBusy), "1");
  EXPECT_EQ(retry(ErrorCode::kTooManyRequests), "1");
  EXPECT_EQ(retry(ErrorCode::kReadOnly), "1");
  EXPECT_EQ(retry(ErrorCode::kInsufficientPoints), "");
}

TEST(Problem, of_a_programme_shows_where_each_fault_stands) {
  const ProgrammeFault fault{.file = "rules/a.yaml",
                             .line = 7,
                             .column = 3,
                             .code = "unknown_key",
                             .message = "no such key",
                             .hint = "did you mean `min_spend`?",
                             .excerpt = "  min_spned: 5"};
  const http::Response response = programme_problem({&fault, 1}, "q");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(at(response.body, "/code"), "invalid_programme");
  EXPECT_EQ(at(response.body, "/faults/0/file"), "rules/a.yaml");
  EXPECT_EQ(at(response.body, "/faults/0/line"), "7");
  EXPECT_EQ(at(response.body, "/faults/0/column"), "3");
}

}  // namespace
}  // namespace laurel::daemon
