#pragma once
// A server whose handler says what it got: "POST /path peer body-size header-x". It remembers every
// path, so that a test can tell that a request never reached a handler.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.hpp"
#include "raw_client.hpp"

namespace laurel::daemon::http {

class EchoServer {
 public:
  explicit EchoServer(const ServerOptions& options = with_workers(4), Handler handler = nullptr)
      : server(
            options, handler ? std::move(handler)
                             : [this](const Request& request) { return echo(request); }) {
    const auto started = server.start("127.0.0.1:0");
    EXPECT_TRUE(started) << started.error().detail;
    port = started ? *started : std::uint16_t{0};
  }

  static ServerOptions with_workers(std::size_t count) {
    ServerOptions options;
    options.workers = count;
    return options;
  }

  // A well-behaved client on a new connection is answered.
  void expect_served() const {
    test::RawClient client(port);
    const test::Answer answer = client.ask(test::get_request("/alive"));
    EXPECT_EQ(answer.status, 200) << answer.head;
    EXPECT_EQ(answer.body, "GET /alive 127.0.0.1 0 -");
  }

  bool has_seen(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return std::find(paths_.begin(), paths_.end(), path) != paths_.end();
  }

 private:
  Response echo(const Request& request) {
    {
      const std::lock_guard lock(mutex_);
      paths_.emplace_back(request.path);
    }
    std::string body(request.method);
    body.append(" ").append(request.path).append(" ").append(request.peer).append(" ");
    body.append(std::to_string(request.body.size())).append(" ");
    body.append(request.header("x").value_or("-"));
    return {200, "text/plain", std::move(body)};
  }

  std::mutex mutex_;
  std::vector<std::string> paths_;

 public:
  // Last, so that it is gone before what its handler uses.
  Server server;
  std::uint16_t port = 0;
};

}  // namespace laurel::daemon::http
