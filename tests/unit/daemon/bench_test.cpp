#include <gtest/gtest.h>

#include "app/transaction_json.hpp"
#include "cli/bench/figure.hpp"
#include "cli/bench/load.hpp"
#include "cli/bench/world.hpp"

namespace laurel::daemon::cli::bench {
namespace {

TEST(BenchFigure, meets_its_goal_or_says_so) {
  Figure share{.name = "n",
               .what = "sales",
               .value = 60,
               .unit = "/s",
               .limit_what = "bare",
               .limit = 100,
               .goal = Goal::kShareAtLeast,
               .wanted = 0.6};
  EXPECT_TRUE(share.met());
  share.value = 59;
  EXPECT_FALSE(share.met());
  EXPECT_NE(to_text({share}, false).find("0.59  at least 0.60  MISSED"), std::string::npos);
  EXPECT_NE(to_json({share}, true).find(R"("met":false)"), std::string::npos);
  share.limit = 0;  // not measured: nothing to be held against
  EXPECT_TRUE(share.met());
  const Figure bound{
      .name = "n", .what = "w", .value = 5.1, .unit = "ms", .goal = Goal::kAtMost, .wanted = 5};
  EXPECT_FALSE(bound.met());
}

TEST(BenchFigure, finds_quantiles_in_any_order) {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  EXPECT_EQ(quantile(values, 0.5), 50);
  EXPECT_EQ(quantile(values, 0.99), 99);
  EXPECT_EQ(quantile(values, 1), 100);
  std::vector<double> none;
  EXPECT_EQ(quantile(none, 0.5), 0);
}

TEST(BenchWorld, has_a_programme_of_twenty_rules_without_faults) {
  const std::vector<SourceFile> files = {{"programme.yaml", programme_text()}};
  const LoadedProgramme loaded = load_programme(files);
  EXPECT_TRUE(loaded.programme) << render(loaded.faults);
  std::size_t rules = 0;
  for (std::size_t at = 0; (at = programme_text().find("\n  - { id:", at)) != std::string::npos;) {
    ++rules;
    ++at;
  }
  EXPECT_EQ(rules, 20U);
}

TEST(BenchWorld, writes_the_same_sale_as_a_value_and_as_json) {
  for (const std::int64_t number : {0, 1, 77, 123'456'789}) {
    std::string body;
    append_sale_json(body, number, number % 1'000);
    const auto read = transaction_from_json(body);
    ASSERT_TRUE(read) << body;
    EXPECT_EQ(*read, sale_of(number, number % 1'000));
  }
}

TEST(BenchLoad, gives_the_generators_share_of_the_cores_back) {
  const LoadResult result{.per_second = 1'000, .generator_cpu_seconds = 0.5, .seconds = 1};
  EXPECT_DOUBLE_EQ(result.per_second_alone(2), 1'000 / 0.75);
}

TEST(BenchLoad, writes_requests_with_a_length_and_a_key) {
  EXPECT_EQ(request_text("POST", "/v1/x", "k", "{}"),
            "POST /v1/x HTTP/1.1\r\nHost: laurel\r\nAuthorization: Bearer k\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(request_text("GET", "/healthz", "", ""),
            "GET /healthz HTTP/1.1\r\nHost: laurel\r\n\r\n");
}

}  // namespace
}  // namespace laurel::daemon::cli::bench
