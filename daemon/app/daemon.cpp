#include "app/daemon.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace laurel::daemon {

namespace {

constexpr std::chrono::seconds kTick{1};
http::ServerOptions server_options(const ServeOptions& options) {
  http::ServerOptions server;
  if (options.workers > 0) server.workers = options.workers;
  return server;
}

}  // namespace

// Calls the service once a second until it is destroyed.
class Daemon::Ticker {
 public:
  explicit Ticker(Service& service) : thread_([this, &service] { run(service); }) {}
  ~Ticker() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void run(Service& service) {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kTick, [this] { return stopping_; })) {
      lock.unlock();
      service.tick();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

bool is_loopback(std::string_view listen) {
  return listen.starts_with("127.") || listen.starts_with("[::1]:") ||
         listen.starts_with("localhost:");
}

Daemon::Daemon(const ServeOptions& options)
    : log_({.level = options.log_level, .format = options.log_format}) {}

Daemon::~Daemon() { stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<Daemon>> Daemon::start(const ServeOptions& options) {
  if (options.sandbox && !is_loopback(options.listen)) {
    return Error{ErrorCode::kInvalid, "a sandbox has no keys and listens on loopback only"};
  }
  std::unique_ptr<Daemon> daemon(new Daemon(options));
  auto service = Service::open(options, daemon->log_);
  if (!service) return service.error();
  daemon->service_ = *std::move(service);
  if (auto listening = daemon->listen(options); !listening) return listening.error();
  return daemon;
}

Result<void> Daemon::listen(const ServeOptions& options) {
  application_ = std::make_unique<Application>(*service_);
  server_ = std::make_unique<http::Server>(
      server_options(options),
      [this](const http::Request& request) { return application_->handle(request); });
  service_->server_metrics = [this] { return server_->metrics(); };
  service_->add_webhooks = [this](Gauges& gauges) {
    if (courier_ == nullptr) return;
    gauges.webhooks = courier_->gauges();
    gauges.delivers_webhooks = courier_->delivers();
  };
  // Whoever asks for metrics may come from here on.
  if (!options.no_webhooks) courier_ = std::make_unique<Courier>(*service_);
  const auto port = server_->start(options.listen);
  if (!port) return port.error();
  port_ = *port;
  ticker_ = std::make_unique<Ticker>(*service_);
  return {};
}

bool Daemon::stop(std::chrono::milliseconds drain) {
  if (server_ == nullptr) return true;
  const auto deadline = Line::Clock::now() + drain;
  ticker_.reset();
  if (courier_ != nullptr) courier_->finish();
  const bool drained = port_ == 0 || server_->stop(drain);
  if (courier_ != nullptr) courier_->stop(deadline);
  service_->server_metrics = [] { return http::ServerMetrics(); };
  service_->add_webhooks = [](Gauges&) {};
  courier_.reset();
  server_.reset();
  return drained;
}

}  // namespace laurel::daemon
