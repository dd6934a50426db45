// What the packaged cpp-httplib falls for, over a real socket. Every test ends with a well-behaved
// client being served.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
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
using testing::StartsWith;

const std::string kSmuggled = get_request("/smuggled");

std::string post(const std::string& headers, const std::string& body = "") {
  return "POST /a HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

// One answer with that status, then the end of the connection.
void expect_refused(EchoServer& echo, const std::string& bytes, int status) {
  RawClient client(echo.port);
  client.send(bytes);
  client.finish_sending();
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, status) << bytes.substr(0, 200);
  EXPECT_TRUE(answer.has("Connection: close")) << answer.head;
  EXPECT_TRUE(answer.has("Content-Type: application/problem+json")) << answer.head;
  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(echo.has_seen("/smuggled")) << bytes.substr(0, 200);
  echo.expect_served();
}

TEST(HttpAttacks, silent_and_dripping_clients_leave_a_normal_one_served) {
  const EchoServer echo(EchoServer::with_workers(2));
  std::vector<RawClient> silent;
  std::vector<RawClient> drippers;
  for (int i = 0; i < 1'000; ++i) silent.emplace_back(echo.port);
  for (int i = 0; i < 200; ++i) drippers.emplace_back(echo.port);
  RawClient client(echo.port);
  const std::string drips = "GET /a HTTP/1.1\r\nHost: ";
  for (int i = 0; i < 100; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::string drip = at < drips.size() ? drips.substr(at, 1) : "x";
    for (RawClient& dripper : drippers) ASSERT_TRUE(dripper.send(drip));
    ASSERT_EQ(client.ask(get_request("/a")).status, 200);
  }
  EXPECT_EQ(echo.server.metrics().connections_open, 1'201U);
  echo.expect_served();
}

TEST(HttpAttacks, no_request_is_smuggled_behind_another) {
  EchoServer echo;
  const std::string chunk_of_smuggled = "0\r\n\r\n" + kSmuggled;
  struct Row {
    std::string bytes;
    int status;
  };
  for (const Row& row : std::vector<Row>{
           {post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", chunk_of_smuggled), 400},
           {post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", chunk_of_smuggled), 400},
           {post("Content-Length: 0\r\nContent-Length: 44\r\n", kSmuggled), 400},
           {post("Content-Length: 0, 44\r\n", kSmuggled), 400},
           {post("Content-Length: 5abc\r\n", "hello" + kSmuggled), 400},
           {post("Content-Length: 18446744073709551621\r\n", "hello" + kSmuggled), 413},
           {post("Content-Length : 44\r\n", kSmuggled), 400},
           {post("Content-Length: +5\r\n", "hello" + kSmuggled), 400},
           {post("Transfer-Encoding: gzip, chunked\r\n", chunk_of_smuggled), 501},
           {post("Transfer-Encoding: xchunked\r\n", chunk_of_smuggled), 501},
           {post("Transfer-Encoding : chunked\r\n", chunk_of_smuggled), 400},
           {post("Transfer-Encoding:\r\n chunked\r\n", chunk_of_smuggled), 501},
           {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", chunk_of_smuggled), 400},
           {post("A: b\r\n Content-Length: 44\r\n", kSmuggled), 400},
           {post("A: b\nContent-Length: 44\r\n", kSmuggled), 400},
           {post("A: b\rContent-Length: 44\r\n", kSmuggled), 400},
           {post("Transfer-Encoding: chunked\r\n", "zz\r\n" + kSmuggled), 400},
           {post("Transfer-Encoding: chunked\r\n", "-1\r\n" + kSmuggled), 400},
           {post("Transfer-Encoding: chunked\r\n", "5;a=b\r\nhello\r\n" + chunk_of_smuggled), 400},
           {post("Transfer-Encoding: chunked\r\n", "1\r\nxx\r\n" + chunk_of_smuggled), 400},
           {post("Transfer-Encoding: chunked\r\n", "100000000000000001\r\n" + kSmuggled), 400},
           {"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\n\r\n" + kSmuggled, 400},
           {"GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + kSmuggled, 400},
       }) {
    expect_refused(echo, row.bytes, row.status);
  }
}

TEST(HttpAttacks, header_floods_are_refused_early) {
  EchoServer echo;
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  expect_refused(echo, post(many), 431);
  expect_refused(echo, post("A: " + std::string(1'000'000, 'a') + "\r\n"), 431);
  expect_refused(echo, "GET /" + std::string(1'000'000, 'a'), 414);
  EXPECT_EQ(echo.server.metrics().refused[static_cast<std::size_t>(Refusal::kHeadTooLarge)], 2U);
}

TEST(HttpAttacks, compressed_bodies_are_not_looked_into) {
  EchoServer echo;
  const std::string bomb("\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\xED\xC1\x01\x0D", 14);
  expect_refused(echo, post("Content-Encoding: gzip\r\nContent-Length: 14\r\n", bomb), 415);
  expect_refused(echo, post("Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n"), 415);
}

TEST(HttpAttacks, answers_are_not_compressed_or_cut_on_request) {
  const EchoServer echo;
  RawClient client(echo.port);
  const Answer answer = client.ask(
      "GET /a HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\nRange: bytes=0-1,3-4\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /a 127.0.0.1 0 -");
}

TEST(HttpAttacks, large_bodies_are_refused_and_the_refusal_arrives) {
  EchoServer echo;
  const std::string body(std::size_t{10} << 20, 'x');
  expect_refused(echo, post_request("/a", body), 413);
  std::string chunks;
  for (int i = 0; i < 160; ++i) chunks += "10000\r\n" + body.substr(0, 65'536) + "\r\n";
  expect_refused(echo, post("Transfer-Encoding: chunked\r\n", chunks), 413);
}

TEST(HttpAttacks, a_body_that_dribbles_in_is_timed_out) {
  ServerOptions options = EchoServer::with_workers(1);
  options.request_deadline = milliseconds(100);
  const EchoServer echo(options);
  RawClient client(echo.port);
  client.send(post("Content-Length: 10\r\n", "hell"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(echo.server.metrics().requests_timed_out, 1U);
  echo.expect_served();
}

TEST(HttpAttacks, who_says_nothing_is_closed_without_a_word) {
  ServerOptions options = EchoServer::with_workers(1);
  options.request_deadline = milliseconds(100);
  options.idle_timeout = milliseconds(100);
  const EchoServer echo(options);
  RawClient silent(echo.port);
  RawClient idle(echo.port);
  EXPECT_EQ(idle.ask(get_request("/a")).status, 200);
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(idle.ended());
  echo.expect_served();
}

TEST(HttpAttacks, truncated_requests_do_no_harm) {
  EchoServer echo;
  const std::string whole = post("Content-Length: 5\r\n", "hello");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    RawClient client(echo.port);
    client.send(whole.substr(0, size));
  }
  echo.expect_served();
  EXPECT_FALSE(echo.has_seen("/a"));
}

TEST(HttpAttacks, the_peer_is_who_holds_the_socket) {
  const EchoServer echo;
  RawClient client(echo.port);
  for (const std::string header : {"REMOTE_ADDR", "X-Forwarded-For", "Forwarded", "Remote-Addr"}) {
    const Answer answer =
        client.ask("GET /a HTTP/1.1\r\nHost: a\r\n" + header + ": 10.9.8.7\r\n\r\n");
    EXPECT_EQ(answer.body, "GET /a 127.0.0.1 0 -");
  }
  echo.expect_served();
}

TEST(HttpAttacks, header_values_stay_as_they_were_sent) {
  const EchoServer echo;
  RawClient client(echo.port);
  const Answer answer = client.ask("GET /a HTTP/1.1\r\nHost: a\r\nX: a%0d%0aB:+c%41\r\n\r\n");
  EXPECT_EQ(answer.body, "GET /a 127.0.0.1 0 a%0d%0aB:+c%41");
  echo.expect_served();
}

TEST(HttpAttacks, line_breaks_do_not_get_into_targets_or_answers) {
  EchoServer echo;
  expect_refused(echo, get_request("/a%0d%0aX:%20y"), 400);
  const EchoServer careless(EchoServer::with_workers(1), [](const Request& request) {
    Response response{200, "text/plain\r\nA: b", "GET /alive 127.0.0.1 0 -"};
    response.headers.emplace_back("X-Good", "good");
    response.headers.emplace_back("X-Bad", "a\r\nInjected: yes");
    response.headers.emplace_back("X-Bad\r\nInjected", "yes");
    response.headers.emplace_back("Content-Length", "1");
    response.headers.emplace_back("X-Path", std::string(request.path));
    return response;
  });
  RawClient client(careless.port);
  const Answer answer = client.ask(get_request("/a"));
  EXPECT_TRUE(answer.has("X-Good: good")) << answer.head;
  EXPECT_THAT(answer.head, Not(HasSubstr("Injected")));
  EXPECT_THAT(answer.head, Not(HasSubstr("A: b")));
  EXPECT_TRUE(answer.has("Content-Length: 24")) << answer.head;
  careless.expect_served();
}

TEST(HttpAttacks, bytes_of_unfinished_requests_are_bounded_together) {
  ServerOptions options = EchoServer::with_workers(1);
  options.buffered_bytes_max = 1'000'000;
  const EchoServer echo(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 10; ++i) {
    clients.emplace_back(echo.port);
    clients.back().send(post("Content-Length: 200000\r\n", std::string(150'000, 'x')));
  }
  std::string answers;
  for (RawClient& client : clients) {
    client.finish_sending();
    answers += client.read_all();
  }
  EXPECT_THAT(answers, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_GE(echo.server.metrics().requests_shed, 1U);
  echo.expect_served();
}

TEST(HttpAttacks, other_protocols_are_shown_out) {
  EchoServer echo;
  expect_refused(echo, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\n", 12), 400);
  expect_refused(echo, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
  expect_refused(echo, "SSH-2.0-OpenSSH_9.2\r\n", 400);
  expect_refused(echo, "CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501);
}

}  // namespace
}  // namespace laurel::daemon::http
