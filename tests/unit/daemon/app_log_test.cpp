#include "app/log.hpp"

#include <gtest/gtest.h>

#include "json/document.hpp"

namespace laurel::daemon {
namespace {

constexpr std::string_view kTime = "2026-11-21T10:15:00Z";

TEST(Log, writes_a_line_for_people) {
  EXPECT_EQ(log_line(false, kTime, "info", "request",
                     {{"route", "/v1/members/{id}"}, {"status", "200"}, {"key", ""}}),
            "2026-11-21T10:15:00Z info request route=/v1/members/{id} status=200");
}

TEST(Log, writes_a_line_for_machines) {
  const std::string line = log_line(true, kTime, "error", "not taken", {{"reason", "a \"b\""}});
  EXPECT_EQ(line, R"({"time":"2026-11-21T10:15:00Z","level":"error","message":"not taken",)"
                  R"("reason":"a \"b\""})");
}

TEST(Log, no_value_can_begin_another_line) {
  const char* reason = "x\n2026 info forged";
  EXPECT_EQ(log_line(false, kTime, "info", "m", {{"reason", reason}}).find('\n'),
            std::string::npos);
  EXPECT_TRUE(json::Document::parse(log_line(true, kTime, "info", "m", {{"reason", reason}})));
}

}  // namespace
}  // namespace laurel::daemon
