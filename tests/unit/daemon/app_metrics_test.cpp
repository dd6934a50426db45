#include "app/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace laurel::daemon {
namespace {

using testing::HasSubstr;
using testing::Not;

class MetricsText : public testing::Test {
 protected:
  std::string text() const { return metrics_.text(Gauges{}); }
  Metrics metrics_{{{"GET", "/v1/members/{id}"}, {"POST", "/v1/quotes"}}};
};

TEST_F(MetricsText, counts_requests_by_route_and_status) {
  metrics_.count_request(0, 200, 10);
  metrics_.count_request(0, 404, 10);
  metrics_.count_request(0, 404, 10);
  EXPECT_THAT(text(), HasSubstr("laurel_requests_total{method=\"GET\",route=\"/v1/members/{id}\","
                                "status=\"404\"} 2\n"));
}

TEST_F(MetricsText, counts_what_matches_no_route_under_one_name) {
  metrics_.count_request(2, 404, 1);
  metrics_.count_request(99, 404, 1);
  EXPECT_THAT(text(), HasSubstr("{method=\"any\",route=\"none\",status=\"404\"} 2\n"));
}

TEST_F(MetricsText, a_histogram_adds_up_to_its_count) {
  for (const std::int64_t micros : {50, 100, 101, 3'000, 9'000'000}) {
    metrics_.count_request(1, 200, micros);
  }
  const std::string labels = "{method=\"POST\",route=\"/v1/quotes\"";
  const std::string name = "laurel_request_duration_seconds";
  EXPECT_THAT(text(), HasSubstr(name + "_bucket" + labels + ",le=\"0.0001\"} 2\n"));
  EXPECT_THAT(text(), HasSubstr(name + "_bucket" + labels + ",le=\"0.005\"} 4\n"));
  EXPECT_THAT(text(), HasSubstr(name + "_bucket" + labels + ",le=\"5\"} 4\n"));
  EXPECT_THAT(text(), HasSubstr(name + "_bucket" + labels + ",le=\"+Inf\"} 5\n"));
  EXPECT_THAT(text(), HasSubstr(name + "_sum" + labels + "} 9.003251\n"));
  EXPECT_THAT(text(), HasSubstr(name + "_count" + labels + "} 5\n"));
}

TEST_F(MetricsText, a_route_that_was_never_called_has_no_histogram) {
  EXPECT_THAT(text(), Not(HasSubstr("laurel_request_duration_seconds_count{")));
}

TEST_F(MetricsText, counts_transactions_and_errors_from_closed_lists) {
  metrics_.count_transaction(TransactionKind::kReturn, Outcome::kWaiting);
  metrics_.count_error(ErrorCode::kStoreFailed);
  EXPECT_THAT(text(), HasSubstr("{kind=\"return\",outcome=\"waiting\"} 1\n"));
  EXPECT_THAT(text(), HasSubstr("laurel_errors_total{code=\"store_failed\"} 1\n"));
  EXPECT_THAT(text(), HasSubstr("laurel_errors_total{code=\"busy\"} 0\n"));
}

TEST_F(MetricsText, escapes_what_stands_in_a_label) {
  Gauges gauges;
  gauges.programme = "a\"b\\c\nd";
  EXPECT_THAT(metrics_.text(gauges), HasSubstr(R"(programme="a\"b\\c d")"));
}

TEST_F(MetricsText, loses_nothing_under_many_threads) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([this] {
        for (int k = 0; k < 1'000; ++k) metrics_.count_request(1, 200, 1);
      });
    }
  }
  EXPECT_THAT(text(), HasSubstr("status=\"200\"} 4000\n"));
}

}  // namespace
}  // namespace laurel::daemon
