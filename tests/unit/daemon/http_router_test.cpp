#include "http/router.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace laurel::daemon::http {
namespace {

using Kind = RouteMatch::Kind;

Router api() {
  Router router;
  router.add("POST", "/v1/transactions", 1);
  router.add("POST", "/v1/transactions/batch", 2);
  router.add("GET", "/v1/transactions/{source}/{id}", 3);
  router.add("POST", "/v1/transactions/{source}/{id}/claim", 4);
  router.add("GET", "/v1/members/{id}", 5);
  router.add("PATCH", "/v1/members/{id}", 6);
  router.add("POST", "/v1/members/lookup", 7);
  router.add("PUT", "/v1/members/{id}/identifiers/{type}/{value}", 8);
  router.add("GET", "/", 9);
  router.add("GET", "/console/", 10);
  return router;
}

TEST(Router, finds_the_route) {
  struct Row {
    std::string method, path;
    std::size_t route;
    std::vector<std::string> captures;
  };
  const Router router = api();
  for (const Row& row : std::vector<Row>{
           {"POST", "/v1/transactions", 1, {}},
           {"POST", "/v1/transactions/batch", 2, {}},
           {"GET", "/v1/transactions/till-7/R-1", 3, {"till-7", "R-1"}},
           {"GET", "/v1/transactions/batch/7", 3, {"batch", "7"}},
           {"POST", "/v1/transactions/a/b/claim", 4, {"a", "b"}},
           {"GET", "/v1/members/m_1", 5, {"m_1"}},
           {"HEAD", "/v1/members/m_1", 5, {"m_1"}},
           {"PATCH", "/v1/members/m_1", 6, {"m_1"}},
           {"POST", "/v1/members/lookup", 7, {}},
           {"PUT",
            "/v1/members/m/identifiers/email/a%2Fb%40c%20d+e",
            8,
            {"m", "email", "a/b@c d+e"}},
           {"GET", "/", 9, {}},
           {"GET", "/console/", 10, {}},
       }) {
    const RouteMatch match = router.match(row.method, row.path);
    EXPECT_EQ(match.kind, Kind::kFound) << row.path;
    EXPECT_EQ(match.route, row.route) << row.path;
    for (std::size_t i = 0; i < row.captures.size(); ++i) {
      EXPECT_EQ(match.captures[i], row.captures[i]);
    }
  }
}

TEST(Router, finds_nothing_where_there_is_nothing) {
  const Router router = api();
  for (const std::string path :
       {"/v1", "/v1/", "/v1/transactions/", "/v1/transactions/a", "/v1/members", "/v1/members/",
        "//v1/members/x", "/v1/members/x/", "/V1/transactions", "/v1/members/a/b", "/console",
        "/v1/members/%FF", "/v1/members/%zz"}) {
    EXPECT_EQ(router.match("GET", path).kind, Kind::kNotFound) << path;
  }
}

TEST(Router, names_the_methods_that_are_allowed) {
  const RouteMatch match = api().match("DELETE", "/v1/members/m_1");
  EXPECT_EQ(match.kind, Kind::kMethodNotAllowed);
  EXPECT_EQ(match.allow, "GET, HEAD, PATCH");
}

// "lookup" is only the literal's: GET has no route there, though "{id}" would take the word.
TEST(Router, does_not_fall_back_to_a_capture_because_of_the_method) {
  const RouteMatch match = api().match("GET", "/v1/members/lookup");
  EXPECT_EQ(match.kind, Kind::kMethodNotAllowed);
  EXPECT_EQ(match.allow, "POST");
}

}  // namespace
}  // namespace laurel::daemon::http
