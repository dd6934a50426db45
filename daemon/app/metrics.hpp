#pragma once
// Counters and histograms in the text format of Prometheus. Counting is a relaxed atomic add; the
// text is put together when it is asked for. Labels are route patterns, closed lists and the ids of
// webhooks, which are few, so that neither identifiers nor an attacker's words become series.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"
#include "laurel/error.hpp"
#include "laurel/receipt.hpp"

namespace laurel::daemon {

enum class Outcome : std::uint8_t {
  kAccepted,
  kReplayed,
  kWaiting,
  kUnmatched,
  kReview,
  kConflict,
  kRefused,
  kInvalid,
  kFailed,
};
inline constexpr std::size_t kOutcomes = 9;

struct RouteName {
  std::string_view method, pattern;  // live as long as the metrics
};

struct WebhookGauge {
  std::string id;
  std::int64_t lag = 0;       // events behind the newest one
  std::int64_t failures = 0;  // in a row
  bool is_off = false;
  std::uint64_t delivered = 0, failed = 0;  // attempts of this process
};

// What is not counted here, taken when the text is made.
struct Gauges {
  http::ServerMetrics server;
  std::string version, programme, digest;
  std::int64_t programme_version = 0;
  bool writable = false;
  bool programme_stale = false;
  std::int64_t uptime_seconds = 0;
  std::int64_t keys = 0;
  bool delivers_webhooks = false;
  std::vector<WebhookGauge> webhooks = {};
};

class Metrics {
 public:
  // Requests that match no route are counted under the number behind the last.
  explicit Metrics(const std::vector<RouteName>& routes);

  void count_request(std::size_t route, int status, std::int64_t micros);
  void count_transaction(TransactionKind kind, Outcome outcome);
  void count_error(ErrorCode code);

  std::string text(const Gauges& gauges) const;

 private:
  static constexpr std::size_t kBuckets = 14;
  static constexpr std::size_t kKinds = 4;
  using Counter = std::atomic<std::uint64_t>;

  struct Route {
    RouteName name;
    std::array<Counter, 600> by_status{};
    std::array<Counter, kBuckets + 1> by_bucket{};
    Counter micros_sum{0};
  };

  void write_requests(std::string& text) const;
  void write_latencies(std::string& text) const;
  void write_transactions(std::string& text) const;
  void write_errors(std::string& text) const;

  std::deque<Route> routes_;
  std::array<std::array<Counter, kOutcomes>, kKinds> transactions_{};
  std::array<Counter, 1000> errors_{};  // by code
};

}  // namespace laurel::daemon
