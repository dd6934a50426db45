#pragma once
// The daemon as an object: what `laurel serve` runs, and what tests run in their own process.

#include <cstdint>
#include <memory>

#include "app/application.hpp"
#include "app/log.hpp"
#include "app/serve.hpp"
#include "http/server.hpp"
#include "laurel/result.hpp"
#include "webhooks/courier.hpp"

namespace laurel::daemon {

class Daemon {
 public:
  // Serving when it returns. A sandbox listens on loopback only: kInvalid for any other address.
  static Result<std::unique_ptr<Daemon>> start(const ServeOptions& options);
  ~Daemon();  // stop(0)
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  std::uint16_t port() const { return port_; }
  Service& service() { return *service_; }
  Log& log() { return log_; }
  // Lets what was accepted finish; false if the time was up first. Once; not from a handler.
  bool stop(std::chrono::milliseconds drain);

 private:
  explicit Daemon(const ServeOptions& options);
  Result<void> listen(const ServeOptions& options);

  class Ticker;

  Log log_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Ticker> ticker_;
  std::unique_ptr<Courier> courier_;
  std::uint16_t port_ = 0;
};

// "127.0.0.1:8080" -> "127.0.0.1"; whether only this machine can reach it.
bool is_loopback(std::string_view listen);

}  // namespace laurel::daemon
