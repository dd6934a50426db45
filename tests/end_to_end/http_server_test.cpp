#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "echo_server.hpp"

namespace laurel::daemon::http {
namespace {

using std::chrono::milliseconds;
using test::Answer;
using test::get_request;
using test::post_request;
using test::RawClient;
using testing::HasSubstr;
using testing::Not;

constexpr milliseconds kLong{60'000};

// Holds handlers back until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void await_waiting(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

Handler gated(Gate& gate) {
  return [&gate](const Request& request) {
    if (request.path != "/alive") gate.pass();
    return Response{200, "text/plain", std::string(request.path)};
  };
}

void wait_until(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::sleep_for(milliseconds(1));
}

TEST(HttpServer, answers_and_keeps_the_connection) {
  const EchoServer echo;
  RawClient client(echo.port);
  const Answer first = client.ask(post_request("/a?b=c", "hello"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "POST /a 127.0.0.1 5 -");
  EXPECT_TRUE(first.has("Content-Type: text/plain")) << first.head;
  EXPECT_THAT(first.head, HasSubstr("\r\nDate: "));
  EXPECT_THAT(first.head, Not(HasSubstr("Connection:")));
  EXPECT_EQ(client.ask(get_request("/b")).body, "GET /b 127.0.0.1 0 -");
}

TEST(HttpServer, serves_ten_thousand_requests_on_one_connection) {
  const EchoServer echo;
  RawClient client(echo.port);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(client.ask(get_request("/a")).status, 200) << i;
  EXPECT_EQ(echo.server.metrics().connections_total, 1U);
  EXPECT_EQ(echo.server.metrics().requests_total, 10'000U);
}

TEST(HttpServer, answers_pipelined_requests_in_order) {
  const EchoServer echo;
  RawClient client(echo.port);
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes += post_request("/" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
  }
  ASSERT_TRUE(client.send(bytes));
  for (int i = 0; i < 100; ++i) {
    const std::string number = std::to_string(i);
    ASSERT_EQ(client.read_answer().body, "POST /" + number + " 127.0.0.1 " + number + " -");
  }
}

TEST(HttpServer, answers_a_head_without_its_body) {
  const EchoServer echo;
  RawClient client(echo.port);
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer answer = client.read_answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Content-Length: 21")) << answer.head;
  EXPECT_EQ(client.ask(get_request("/b")).body, "GET /b 127.0.0.1 0 -");
}

TEST(HttpServer, closes_when_asked_to) {
  const EchoServer echo;
  RawClient client(echo.port);
  const Answer answer = client.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.has("Connection: close")) << answer.head;
  EXPECT_TRUE(client.ended());
  RawClient old(echo.port);
  EXPECT_EQ(old.ask("GET / HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.ended());
}

TEST(HttpServer, asks_for_the_body_of_who_waits_to_be_asked) {
  const EchoServer echo;
  RawClient client(echo.port);
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).status, 100);
  EXPECT_EQ(client.ask("ok").body, "POST /a 127.0.0.1 2 -");
}

TEST(HttpServer, has_no_length_where_there_is_no_content) {
  const EchoServer none(EchoServer::with_workers(1), [](const Request&) {
    return Response{204, "", ""};
  });
  RawClient client(none.port);
  const Answer answer = client.ask(get_request("/"));
  EXPECT_EQ(answer.status, 204);
  EXPECT_THAT(answer.head, Not(HasSubstr("Content-")));
  EXPECT_EQ(client.ask(get_request("/")).status, 204);
}

TEST(HttpServer, says_nothing_about_an_exception) {
  const EchoServer failing(EchoServer::with_workers(1), [](const Request& request) -> Response {
    if (request.path == "/alive") return {200, "text/plain", "GET /alive 127.0.0.1 0 -"};
    throw std::runtime_error("secret");
  });
  RawClient client(failing.port);
  const Answer answer = client.ask(get_request("/a"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.head + answer.body, Not(HasSubstr("secret")));
  EXPECT_THAT(answer.head, Not(HasSubstr("EXCEPTION")));
  EXPECT_TRUE(answer.has("Content-Type: application/problem+json"));
  EXPECT_EQ(failing.server.metrics().handlers_failed, 1U);
  failing.expect_served();
}

TEST(HttpServer, sends_a_large_answer_whole_to_a_slow_reader) {
  const std::string large(std::size_t{20} << 20, 'x');
  const EchoServer server(EchoServer::with_workers(1), [&](const Request&) {
    return Response{200, "text/plain", large};
  });
  RawClient client(server.port);
  client.send(get_request("/"));
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_TRUE(client.read_answer().body == large);
  EXPECT_TRUE(client.ask(get_request("/")).body == large);
}

TEST(HttpServer, survives_who_leaves_before_the_answer) {
  Gate gate;
  const EchoServer server(EchoServer::with_workers(2), gated(gate));
  {
    RawClient client(server.port);
    client.send(get_request("/a"));
    gate.await_waiting(1);
  }
  gate.open();
  RawClient client(server.port);
  EXPECT_EQ(client.ask(get_request("/alive")).body, "/alive");
  wait_until([&] { return server.server.metrics().requests_in_flight == 0; });
}

TEST(HttpServer, sheds_load_when_the_queue_is_full) {
  Gate gate;
  ServerOptions options = EchoServer::with_workers(1);
  options.queue_max = 1;
  const EchoServer server(options, gated(gate));
  RawClient running(server.port);
  running.send(get_request("/running"));
  gate.await_waiting(1);
  RawClient queued(server.port);
  queued.send(get_request("/queued"));
  wait_until([&] { return server.server.metrics().requests_in_flight == 2; });
  RawClient shed(server.port);
  const Answer answer = shed.ask(get_request("/shed"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.has("Retry-After: 1")) << answer.head;
  gate.open();
  EXPECT_EQ(running.read_answer().body, "/running");
  EXPECT_EQ(queued.read_answer().body, "/queued");
  EXPECT_EQ(shed.ask(get_request("/again")).body, "/again");  // the connection was kept
  EXPECT_EQ(server.server.metrics().requests_shed, 1U);
}

TEST(HttpServer, runs_as_many_handlers_at_once_as_it_has_workers) {
  Gate gate;
  const EchoServer server(EchoServer::with_workers(16), gated(gate));
  std::vector<RawClient> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back(server.port);
    clients.back().send(get_request("/a"));
  }
  gate.await_waiting(16);
  gate.open();
  for (RawClient& client : clients) EXPECT_EQ(client.read_answer().body, "/a");
}

TEST(HttpServer, answers_everything_accepted_before_it_stops) {
  Gate gate;
  EchoServer server(EchoServer::with_workers(2), gated(gate));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port));
    clients.back()->send(get_request("/" + std::to_string(i)));
  }
  RawClient half(server.port);
  half.send("GET /half HTTP/1.1\r\n");
  RawClient idle(server.port);
  gate.await_waiting(2);
  wait_until([&] { return server.server.metrics().connections_total == 22; });
  auto stopped = std::async(std::launch::async, [&] { return server.server.stop(kLong); });
  EXPECT_TRUE(idle.ended());  // it had asked for nothing
  half.send("Host: a\r\n\r\n");
  gate.open();
  for (int i = 0; i < 20; ++i) {
    const Answer answer = clients[static_cast<std::size_t>(i)]->read_answer();
    EXPECT_EQ(answer.body, "/" + std::to_string(i));
    clients[static_cast<std::size_t>(i)]->disconnect();
  }
  EXPECT_EQ(half.read_answer().body, "/half");
  half.disconnect();
  EXPECT_TRUE(stopped.get());
  EXPECT_FALSE(RawClient(server.port).connected());
}

TEST(HttpServer, cuts_off_at_the_deadline_what_never_comes) {
  EchoServer server;
  RawClient half(server.port);
  half.send("GET /half HTTP/1.1\r\n");
  wait_until([&] { return server.server.metrics().bytes_in > 0; });
  EXPECT_FALSE(server.server.stop(milliseconds(50)));
  EXPECT_TRUE(half.ended());
}

TEST(HttpServer, stops_at_once_when_nothing_is_asked) {
  EchoServer server;
  RawClient client(server.port);
  EXPECT_EQ(client.ask(get_request("/a")).status, 200);
  EXPECT_TRUE(server.server.stop(kLong));
  EXPECT_TRUE(server.server.stop(kLong));
  EXPECT_TRUE(client.ended());
}

TEST(HttpServer, says_why_it_cannot_listen) {
  const EchoServer first;
  Server second({}, [](const Request&) { return Response{}; });
  const auto taken = second.start("127.0.0.1:" + std::to_string(first.port));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kBusy);
  for (const std::string address : {"", "127.0.0.1", "localhost:80", "127.0.0.1:",
                                    "127.0.0.1:99999", "127.0.0.1:8x", "::1:80", "1.2.3:80"}) {
    Server server({}, [](const Request&) { return Response{}; });
    const auto wrong = server.start(address);
    ASSERT_FALSE(wrong) << address;
    EXPECT_EQ(wrong.error().code, ErrorCode::kInvalid) << address;
  }
}

TEST(HttpServer, makes_room_by_closing_who_waits_longest_for_nothing) {
  ServerOptions options = EchoServer::with_workers(1);
  options.connections_max = 3;
  const EchoServer echo(options);
  RawClient oldest(echo.port);
  wait_until([&] { return echo.server.metrics().connections_open == 1; });
  RawClient second(echo.port);
  RawClient third(echo.port);
  wait_until([&] { return echo.server.metrics().connections_open == 3; });
  RawClient fourth(echo.port);
  EXPECT_EQ(fourth.ask(get_request("/a")).status, 200);
  EXPECT_TRUE(oldest.ended());
  EXPECT_EQ(second.ask(get_request("/b")).status, 200);
  EXPECT_EQ(echo.server.metrics().connections_evicted, 1U);
}

TEST(HttpServer, refuses_a_connection_when_all_are_busy) {
  ServerOptions options = EchoServer::with_workers(1);
  options.connections_max = 1;
  const EchoServer echo(options);
  RawClient busy(echo.port);
  busy.send("GET / HTTP/1.1\r\n");
  wait_until([&] { return echo.server.metrics().bytes_in > 0; });
  RawClient refused(echo.port);
  EXPECT_EQ(refused.read_answer().status, 503);
  EXPECT_TRUE(refused.ended());
  EXPECT_EQ(busy.ask("Host: a\r\n\r\n").status, 200);
  EXPECT_EQ(echo.server.metrics().connections_refused, 1U);
}

}  // namespace
}  // namespace laurel::daemon::http
