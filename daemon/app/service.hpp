#pragma once
// What every handler works with: the engine on its store, the clock, the keys, the counters. Any
// thread.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/answer_json.hpp"
#include "app/attempts.hpp"
#include "app/keys.hpp"
#include "app/log.hpp"
#include "app/metrics.hpp"
#include "app/rate_limit.hpp"
#include "app/sandbox_clock.hpp"
#include "app/serve.hpp"
#include "laurel/engine.hpp"

namespace laurel::daemon {

// Why the programme on disk is not in force.
struct Stale {
  Instant since;
  std::string reason;
};
// "current", or "stale since … reason …".
std::string text_of(const std::optional<Stale>& stale);

class Service {
 public:
  // Opens the store and puts the programme folder in force. Fails where the store does, and where
  // the folder is broken and no version is stored that could go on serving.
  static Result<std::unique_ptr<Service>> open(const ServeOptions& options, Log& log);

  // Hold on to it for one request only. Waits while the sandbox is being reset, which waits for all
  // who hold it: whoever does must not ask for it again.
  std::shared_ptr<Engine> engine() const;
  Display display() const;
  Instant now() const { return clock().now(); }
  bool is_sandbox() const { return options_.sandbox; }

  // Publishes the folder where it differs from what is in force. A broken folder changes nothing
  // but what stale() says.
  Result<void> reload_programme();
  std::optional<Stale> stale() const;
  // Puts a programme in force; the one way for handlers.
  Result<Publication> publish(const Programme& programme, const Publish& how);
  Result<Publication> rollback(const Rollback& back);
  Result<Publication> approve(const Judgement& judgement);
  // The same at once, without its cases: where a version is stored that begins later and would
  // stand in its way, an empty store forgets that version, and any other takes this one from its
  // beginning on. Sandbox only.
  Result<Publication> publish_at_once(const Programme& programme, Publish how);

  // Some of the due work, keys and the programme read again where they have changed: once a second.
  void tick();

  // Sandbox only.
  Result<void> set_clock(Instant now);  // does all due work before it returns
  Result<void> reset();                 // an empty store under the same programme

  Metrics& metrics() const { return *metrics_; }
  Log& log() const { return log_; }
  KeyRing& keys() { return keys_; }
  RateLimit& rate_limit() { return rate_limit_; }
  Attempts& attempts() { return attempts_; }
  // The rest of what /metrics shows; `server_metrics` and `add_webhooks` are set by who runs the
  // server and who delivers.
  Gauges gauges() const;
  std::function<http::ServerMetrics()> server_metrics = [] { return http::ServerMetrics(); };
  std::function<void(Gauges&)> add_webhooks = [](Gauges&) {};

 private:
  Service(const ServeOptions& options, Log& log);
  const Clock& clock() const;
  Result<void> open_engine();  // with engine_mutex_ held, or before any other thread
  Result<void> publish_folder();
  Result<Publication> published(Result<Publication> publication);
  void refresh_programme();
  Result<void> give_what_is_due(Engine& engine, int steps) const;
  Result<void> retain(Engine& engine, int steps) const;
  // Nobody sees the new store before it has these programmes.
  using Programmes = std::vector<std::pair<Programme, Publish>>;
  Result<Programmes> stored_programmes() const;
  Result<void> empty_store(const Programmes& programmes);
  void drop_store_files();

  ServeOptions options_;
  Log& log_;
  SystemClock machine_clock_;
  SandboxClock sandbox_clock_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

  mutable std::mutex engine_mutex_;
  std::shared_ptr<Engine> engine_;

  mutable std::mutex programme_mutex_;
  std::optional<Programme> in_force_;
  std::optional<Stale> stale_;
  bool own_files_ = false;  // the store's files are from after the first reset

  std::unique_ptr<Metrics> metrics_;
  KeyRing keys_;
  RateLimit rate_limit_;
  Attempts attempts_;
};

}  // namespace laurel::daemon
