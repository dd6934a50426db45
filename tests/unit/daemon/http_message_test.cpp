#include "http/message.hpp"

#include <gtest/gtest.h>

#include <array>

#include "http/problem.hpp"

namespace laurel::daemon::http {
namespace {

TEST(HttpMessage, decodes_percent_escapes_to_utf8_or_not_at_all) {
  EXPECT_EQ(decode_percent("a%20b+c%2F%C3%A9"), "a b+c/é");
  EXPECT_EQ(decode_percent(""), "");
  for (const std::string_view bad : {"%", "%2", "%zz", "%-1", "%+1", "%FF", "%C3"}) {
    EXPECT_FALSE(decode_percent(bad)) << bad;
  }
}

TEST(HttpMessage, keeps_the_plus_of_offsets_and_phone_numbers) {
  Request request;
  request.query = "as_of=2026-11-21T11:15:00+01:00&phone=%2B393331234567&flag&empty=&as_of=second";
  EXPECT_EQ(request.parameter("as_of"), "2026-11-21T11:15:00+01:00");
  EXPECT_EQ(request.parameter("phone"), "+393331234567");
  EXPECT_EQ(request.parameter("flag"), "");
  EXPECT_EQ(request.parameter("empty"), "");
  EXPECT_FALSE(request.parameter("other"));
  EXPECT_EQ(request.parameters().size(), 5U);
}

TEST(HttpMessage, finds_the_first_header_of_a_name) {
  const std::array<Header, 2> headers = {{{"accept", "a"}, {"accept", "b"}}};
  Request request;
  request.headers = headers;
  EXPECT_EQ(request.header("accept"), "a");
  EXPECT_FALSE(request.header("cookie"));
}

TEST(HttpProblem, has_code_detail_and_faults) {
  const Response response = problem(
      Error{ErrorCode::kInvalid, "one field is wrong", {{"/a", "required", "must be given"}}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","title":"one or more fields are wrong","status":400,)"
            R"("code":"invalid","detail":"one field is wrong",)"
            R"("errors":[{"pointer":"/a","code":"required","detail":"must be given"}]})");
}

TEST(HttpProblem, has_the_status_of_the_class) {
  struct Row {
    ErrorCode code;
    int status;
  };
  for (const Row& row :
       {Row{ErrorCode::kMalformed, 400}, Row{ErrorCode::kTooLarge, 413},
        Row{ErrorCode::kUnauthorised, 401}, Row{ErrorCode::kForbidden, 403},
        Row{ErrorCode::kUnknownMember, 404}, Row{ErrorCode::kConflict, 409},
        Row{ErrorCode::kInsufficientPoints, 422}, Row{ErrorCode::kTooManyRequests, 429},
        Row{ErrorCode::kBusy, 503}, Row{ErrorCode::kBroken, 500}}) {
    EXPECT_EQ(status_of(Error{row.code, ""}), row.status);
    const Response response = problem(Error{row.code, ""});
    const bool retries = row.status == 429 || row.status == 503;
    EXPECT_EQ(!response.headers.empty() && response.headers[0].first == "Retry-After", retries);
  }
}

}  // namespace
}  // namespace laurel::daemon::http
