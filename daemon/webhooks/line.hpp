#pragma once
// The connection to one receiver, kept open between messages. Follows no redirect, verifies the
// certificate of the server against those the machine trusts (SSL_CERT_FILE, SSL_CERT_DIR), and
// reads no more of an answer than it needs.

#include <chrono>
#include <memory>
#include <string>

#include "laurel/webhook.hpp"
#include "webhooks/message.hpp"

namespace laurel::daemon {

struct Reply {
  int status = 0;          // 0: there was none
  std::string fault = {};  // then: why
  std::chrono::seconds retry_after{0};
  bool is_success() const { return status >= 200 && status < 300; }
};

class Line {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kConnectMax{5};
  static constexpr std::chrono::seconds kAttemptMax{15};

  explicit Line(const WebhookUrl& url);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // By one thread. Ends after kAttemptMax only if somebody watches.
  Reply post(const Message& message);

  // From any thread: ends an attempt that has taken too long by `now`.
  void watch(Clock::time_point now);
  // From any thread: ends the attempt that is under way, and every further one.
  void cut();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace laurel::daemon
