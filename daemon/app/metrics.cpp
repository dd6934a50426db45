#include "app/metrics.hpp"

#include <algorithm>

namespace laurel::daemon {

namespace {

// Upper bounds in microseconds and as they are written.
constexpr std::array<std::int64_t, 14> kBoundsMicros = {
    100,    250,    500,     1'000,   2'500,   5'000,     10'000,
    25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 5'000'000};
constexpr std::array<std::string_view, 14> kBoundsText = {
    "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01",
    "0.025",  "0.05",    "0.1",    "0.25",  "0.5",    "1",     "5"};
constexpr std::array<std::string_view, 4> kKindNames = {"sale", "return", "void", "event"};
constexpr std::array<std::string_view, kOutcomes> kOutcomeNames = {
    "accepted", "replayed", "waiting", "unmatched", "review",
    "conflict", "refused",  "invalid", "failed"};

void head(std::string& text, std::string_view name, std::string_view type, std::string_view help) {
  text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  text.append(name).append(" ").append(type).append("\n");
}

void sample(std::string& text, std::string_view name, std::string_view labels,
            std::uint64_t value) {
  text.append(name);
  if (!labels.empty()) text.append("{").append(labels).append("}");
  text.append(" ").append(std::to_string(value)).append("\n");
}

void single(std::string& text, std::string_view name, std::string_view type, std::string_view help,
            std::uint64_t value) {
  head(text, name, type, help);
  sample(text, name, {}, value);
}

std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  text.append("=\"");
  for (const char each : value) {
    if (each == '"' || each == '\\') text.push_back('\\');
    text.push_back(each == '\n' ? ' ' : each);
  }
  return text.append("\"");
}

std::string route_labels(const RouteName& route) {
  return label("method", route.method) + "," + label("route", route.pattern);
}

// Microseconds as seconds, by digits.
std::string seconds_text(std::uint64_t micros) {
  std::string fraction = std::to_string(micros % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return std::to_string(micros / 1'000'000) + "." + fraction;
}

void write_server(std::string& text, const http::ServerMetrics& server) {
  single(text, "laurel_http_connections_open", "gauge", "Connections open now.",
         server.connections_open);
  single(text, "laurel_http_connections_total", "counter", "Connections accepted.",
         server.connections_total);
  single(text, "laurel_http_connections_refused_total", "counter",
         "Connections refused because too many were open.", server.connections_refused);
  single(text, "laurel_http_connections_evicted_total", "counter",
         "Idle connections closed to make room.", server.connections_evicted);
  single(text, "laurel_http_requests_in_flight", "gauge", "Requests queued or being handled.",
         server.requests_in_flight);
  single(text, "laurel_http_requests_shed_total", "counter",
         "Requests answered 503 because the queue was full.", server.requests_shed);
  single(text, "laurel_http_requests_timed_out_total", "counter",
         "Requests that did not arrive in time.", server.requests_timed_out);
  single(text, "laurel_http_received_bytes_total", "counter", "Bytes read.", server.bytes_in);
  single(text, "laurel_http_sent_bytes_total", "counter", "Bytes written.", server.bytes_out);
  head(text, "laurel_http_refused_total", "counter", "Requests refused before they were read.");
  for (std::size_t i = 1; i < server.refused.size(); ++i) {
    const auto refusal = static_cast<http::Refusal>(i);
    sample(text, "laurel_http_refused_total", label("reason", http::name_of(refusal)),
           server.refused[i]);
  }
}

void write_gauges(std::string& text, const Gauges& gauges) {
  head(text, "laurel_build_info", "gauge", "The version that runs.");
  sample(text, "laurel_build_info", label("version", gauges.version), 1);
  head(text, "laurel_programme_info", "gauge", "The programme in force.");
  sample(text, "laurel_programme_info",
         label("programme", gauges.programme) + "," + label("digest", gauges.digest), 1);
  single(text, "laurel_programme_version", "gauge", "Number of the version published last.",
         static_cast<std::uint64_t>(gauges.programme_version));
  single(text, "laurel_programme_stale", "gauge",
         "1 while the programme on disk is broken and the one before it is in force.",
         gauges.programme_stale ? 1 : 0);
  single(text, "laurel_writable", "gauge", "1 while writes are taken.", gauges.writable ? 1 : 0);
  single(text, "laurel_api_keys", "gauge", "API keys known.",
         static_cast<std::uint64_t>(gauges.keys));
  single(text, "laurel_uptime_seconds", "gauge", "Seconds since the start.",
         static_cast<std::uint64_t>(gauges.uptime_seconds));
}

std::uint64_t counted(std::int64_t number) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
}

void write_webhooks(std::string& text, const Gauges& gauges) {
  const auto each = [&](std::string_view name, std::string_view help, auto value) {
    head(text, name, "gauge", help);
    for (const WebhookGauge& webhook : gauges.webhooks) {
      sample(text, name, label("webhook", webhook.id), value(webhook));
    }
  };
  single(text, "laurel_webhooks_delivering", "gauge",
         "1 while this process delivers for the store.", gauges.delivers_webhooks ? 1 : 0);
  each("laurel_webhook_lag_events", "Events that were not delivered yet.",
       [](const WebhookGauge& webhook) { return counted(webhook.lag); });
  each("laurel_webhook_failures", "Attempts that failed since the last that succeeded.",
       [](const WebhookGauge& webhook) { return counted(webhook.failures); });
  each("laurel_webhook_off", "1 while it is switched off, because its receiver said 410.",
       [](const WebhookGauge& webhook) { return webhook.is_off ? 1U : 0U; });
  constexpr std::string_view kAttempts = "laurel_webhook_attempts_total";
  head(text, kAttempts, "counter", "Attempts of this process to deliver an event.");
  for (const WebhookGauge& webhook : gauges.webhooks) {
    const std::string labels = label("webhook", webhook.id) + ",";
    sample(text, kAttempts, labels + label("result", "delivered"), webhook.delivered);
    sample(text, kAttempts, labels + label("result", "failed"), webhook.failed);
  }
}

}  // namespace

Metrics::Metrics(const std::vector<RouteName>& routes) {
  for (const RouteName& name : routes) routes_.emplace_back().name = name;
  routes_.emplace_back().name = {"any", "none"};
}

void Metrics::count_request(std::size_t route, int status, std::int64_t micros) {
  Route& counted = routes_[std::min(route, routes_.size() - 1)];
  const auto slot = static_cast<std::size_t>(std::clamp(status, 0, 599));
  const auto bucket = std::ranges::lower_bound(kBoundsMicros, micros) - kBoundsMicros.begin();
  counted.by_status[slot].fetch_add(1, std::memory_order_relaxed);
  counted.by_bucket[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  counted.micros_sum.fetch_add(static_cast<std::uint64_t>(micros), std::memory_order_relaxed);
}

void Metrics::count_transaction(TransactionKind kind, Outcome outcome) {
  transactions_[static_cast<std::size_t>(kind)][static_cast<std::size_t>(outcome)].fetch_add(
      1, std::memory_order_relaxed);
}

void Metrics::count_error(ErrorCode code) {
  errors_[static_cast<std::size_t>(code)].fetch_add(1, std::memory_order_relaxed);
}

void Metrics::write_requests(std::string& text) const {
  head(text, "laurel_requests_total", "counter", "Requests answered.");
  for (const Route& route : routes_) {
    for (std::size_t status = 0; status < route.by_status.size(); ++status) {
      const std::uint64_t count = route.by_status[status].load(std::memory_order_relaxed);
      if (count == 0) continue;
      sample(text, "laurel_requests_total",
             route_labels(route.name) + "," + label("status", std::to_string(status)), count);
    }
  }
}

void Metrics::write_latencies(std::string& text) const {
  constexpr std::string_view kName = "laurel_request_duration_seconds";
  head(text, kName, "histogram", "From the complete request to its answer.");
  for (const Route& route : routes_) {
    const std::string labels = route_labels(route.name);
    const std::string bucket = std::string(kName) + "_bucket";
    std::uint64_t sum = 0;
    std::string lines;
    for (std::size_t i = 0; i <= kBuckets; ++i) {
      sum += route.by_bucket[i].load(std::memory_order_relaxed);
      const std::string_view bound = i < kBuckets ? kBoundsText[i] : "+Inf";
      sample(lines, bucket, labels + "," + label("le", bound), sum);
    }
    if (sum == 0) continue;
    text.append(lines).append(kName).append("_sum{").append(labels).append("} ");
    text.append(seconds_text(route.micros_sum.load(std::memory_order_relaxed))).append("\n");
    sample(text, std::string(kName) + "_count", labels, sum);
  }
}

void Metrics::write_transactions(std::string& text) const {
  head(text, "laurel_transactions_total", "counter", "Transactions posted, by what came of them.");
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t outcome = 0; outcome < kOutcomes; ++outcome) {
      sample(text, "laurel_transactions_total",
             label("kind", kKindNames[kind]) + "," + label("outcome", kOutcomeNames[outcome]),
             transactions_[kind][outcome].load(std::memory_order_relaxed));
    }
  }
}

void Metrics::write_errors(std::string& text) const {
  head(text, "laurel_errors_total", "counter", "Errors answered, by their code.");
  for (const ErrorInfo& each : all_errors()) {
    const auto& counter = errors_[static_cast<std::size_t>(each.code)];
    const std::uint64_t count = counter.load(std::memory_order_relaxed);
    sample(text, "laurel_errors_total", label("code", each.name), count);
  }
}

std::string Metrics::text(const Gauges& gauges) const {
  std::string text;
  write_requests(text);
  write_latencies(text);
  write_transactions(text);
  write_errors(text);
  write_server(text, gauges.server);
  write_gauges(text, gauges);
  write_webhooks(text, gauges);
  return text;
}

}  // namespace laurel::daemon
