#include "http/framer.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace laurel::daemon::http {
namespace {

using State = Framer::State;

const std::string kHost = "Host: laurel\r\n";

std::string head(const std::string& line, const std::string& headers = "") {
  return line + "\r\n" + kHost + headers + "\r\n";
}
std::string post(const std::string& headers, const std::string& body = "") {
  return head("POST /v1/quotes HTTP/1.1", headers) + body;
}
std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

// What the framer makes of the bytes; the same however they are cut.
struct Outcome {
  std::vector<std::string> requests;  // "METHOD target body"
  State state = State::kNeedMore;
  Refusal refusal = Refusal::kNone;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome framed_in_parts(const std::string& bytes, std::size_t part_size,
                        const FramerLimits& limits) {
  Framer framer(limits);
  Outcome outcome;
  for (std::size_t at = 0; at < bytes.size() && framer.state() != State::kRefused;
       at += part_size) {
    framer.feed(std::string_view(bytes).substr(at, part_size));
    while (framer.state() == State::kComplete) {
      const FramedRequest request = framer.take();
      outcome.requests.push_back(std::string(request.method) + " " + std::string(request.target) +
                                 " " + std::string(request.body));
    }
  }
  outcome.state = framer.state();
  outcome.refusal = framer.refusal();
  return outcome;
}

Outcome framed(const std::string& bytes, const FramerLimits& limits = {}) {
  const Outcome outcome = framed_in_parts(bytes, bytes.size(), limits);
  for (const std::size_t part_size : {1U, 2U, 3U, 7U, 64U}) {
    EXPECT_EQ(framed_in_parts(bytes, part_size, limits), outcome) << part_size;
  }
  return outcome;
}

void expect_refused(const std::string& bytes, Refusal refusal, const FramerLimits& limits = {}) {
  const Outcome outcome = framed(bytes, limits);
  EXPECT_EQ(outcome.state, State::kRefused) << bytes;
  EXPECT_EQ(name_of(outcome.refusal), name_of(refusal)) << bytes;
  EXPECT_TRUE(outcome.requests.empty()) << bytes;
}

FramedRequest one(const std::string& bytes) {
  Framer framer;
  EXPECT_EQ(framer.feed(bytes), State::kComplete) << explain(framer.refusal());
  return framer.take();
}

TEST(Framer, takes_a_request_without_a_body) {
  const FramedRequest request =
      one("GET /v1/members/m_1?explain=true HTTP/1.1\r\nHost: laurel:8080\r\nX-Empty:\r\n"
          "X-Signature: a+b%0d%0A \t \r\n\r\n");
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/v1/members/m_1?explain=true");
  ASSERT_EQ(request.headers.size(), 3U);
  EXPECT_EQ(request.headers[0].name, "host");
  EXPECT_EQ(request.headers[0].value, "laurel:8080");
  EXPECT_EQ(request.headers[1].value, "");
  EXPECT_EQ(request.headers[2].name, "x-signature");
  EXPECT_EQ(request.headers[2].value, "a+b%0d%0A");  // raw: nothing is decoded
  EXPECT_EQ(request.body, "");
  EXPECT_TRUE(request.keep_alive);
}

TEST(Framer, takes_a_body_by_its_length) {
  EXPECT_EQ(one(post("Content-Length: 5\r\n", "hello")).body, "hello");
  EXPECT_EQ(one(post("Content-Length: 0\r\n")).body, "");
  EXPECT_EQ(one(post("")).body, "");
  EXPECT_EQ(one(post("Content-Encoding: identity\r\nContent-Length: 1\r\n", "x")).body, "x");
}

TEST(Framer, joins_chunks_and_drops_trailers) {
  const std::string body =
      "5\r\nhello\r\n00000001\r\n \r\nA\r\n0123456789\r\n0\r\nX-Trailer: y\r\n\r\n";
  EXPECT_EQ(one(chunked(body)).body, "hello 0123456789");
  EXPECT_EQ(one(post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n")).body, "");
}

TEST(Framer, decides_whether_the_connection_stays) {
  EXPECT_TRUE(one(post("Connection: keep-alive\r\n")).keep_alive);
  EXPECT_FALSE(one(post("Connection: close\r\n")).keep_alive);
  EXPECT_FALSE(one(post("Connection: x, CLOSE\r\n")).keep_alive);
  EXPECT_FALSE(one("GET / HTTP/1.0\r\n\r\n").keep_alive);
}

TEST(Framer, keeps_pipelined_requests_in_order) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    const std::string body = "body" + std::to_string(i);
    bytes += head("POST /" + std::to_string(i) + " HTTP/1.1",
                  "Content-Length: " + std::to_string(body.size()) + "\r\n") +
             body;
  }
  const Outcome outcome = framed(bytes);
  ASSERT_EQ(outcome.requests.size(), 100U);
  EXPECT_EQ(outcome.requests[99], "POST /99 body99");
  EXPECT_EQ(outcome.state, State::kNeedMore);
}

TEST(Framer, serves_what_came_before_a_broken_request) {
  const Outcome outcome = framed(head("GET /a HTTP/1.1") + "BROKEN\r\n\r\n");
  EXPECT_EQ(outcome.requests, std::vector<std::string>{"GET /a "});
  EXPECT_EQ(outcome.refusal, Refusal::kBadRequest);
}

TEST(Framer, forgives_one_empty_line_before_a_request) {
  EXPECT_EQ(framed("\r\n" + head("GET / HTTP/1.1")).requests.size(), 1U);
  expect_refused("\r\n\r\n" + head("GET / HTTP/1.1"), Refusal::kBadRequest);
}

TEST(Framer, refuses_lengths_that_could_be_read_in_two_ways) {
  for (const std::string headers :
       {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 5\r\n", "Content-Length: 5abc\r\n", "Content-Length: +5\r\n",
        "Content-Length: -5\r\n", "Content-Length: 0x5\r\n", "Content-Length: 5 5\r\n",
        "Content-Length:\r\n", "Content-Length: 000000000000000000005\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    expect_refused(post(headers, "hello"), Refusal::kBadLength);
  }
  expect_refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 Refusal::kBadLength);
}

TEST(Framer, refuses_transfer_codings_other_than_chunked) {
  for (const std::string coding : {"gzip, chunked", "chunked, gzip", "chunked, chunked", "identity",
                                   "xchunked", "chunked;q=1", "\"chunked\"", ""}) {
    expect_refused(post("Transfer-Encoding: " + coding + "\r\n"), Refusal::kTransferEncoding);
  }
}

TEST(Framer, refuses_chunks_that_are_not_plain) {
  for (const std::string body :
       {"5;ext=1\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n", " 5\r\nhello\r\n", "+5\r\nhello\r\n",
        "-5\r\nhello\r\n", "0x5\r\nhello\r\n", "g\r\n", "\r\n", "000000005\r\nhello\r\n",
        "5\nhello\r\n", "5\r\nhelloX\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n"}) {
    expect_refused(chunked(body), Refusal::kBadLength);
  }
  expect_refused(chunked("0\r\nno colon\r\n\r\n"), Refusal::kBadRequest);
  expect_refused(chunked("0\r\n folded: x\r\n\r\n"), Refusal::kBadRequest);
}

TEST(Framer, bounds_bodies_however_they_come) {
  const FramerLimits limits{.body_bytes_max = 10};
  EXPECT_EQ(framed(post("Content-Length: 10\r\n", "0123456789"), limits).requests.size(), 1U);
  for (const std::string length : {"11", "999999999999", "9999999999999", "18446744073709551621"}) {
    expect_refused(post("Content-Length: " + length + "\r\n"), Refusal::kBodyTooLarge, limits);
  }
  EXPECT_EQ(framed(chunked("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"), limits).requests.size(), 1U);
  expect_refused(chunked("5\r\n01234\r\n6\r\n"), Refusal::kBodyTooLarge, limits);
  expect_refused(chunked("FFFFFFFF\r\n"), Refusal::kBodyTooLarge, limits);
}

TEST(Framer, refuses_bodies_where_none_belongs) {
  for (const std::string method : {"GET", "HEAD", "DELETE", "OPTIONS"}) {
    expect_refused(head(method + " / HTTP/1.1", "Content-Length: 5\r\n") + "hello",
                   Refusal::kUnexpectedBody);
    expect_refused(head(method + " / HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
                   Refusal::kUnexpectedBody);
    EXPECT_EQ(framed(head(method + " / HTTP/1.1", "Content-Length: 0\r\n")).requests.size(), 1U);
  }
}

TEST(Framer, refuses_malformed_request_lines) {
  for (const std::string line : {"GET",
                                 "GET /",
                                 "GET  / HTTP/1.1",
                                 "GET /  HTTP/1.1",
                                 "GET / HTTP/1.1 ",
                                 " GET / HTTP/1.1",
                                 "GET\t/\tHTTP/1.1",
                                 "G@T / HTTP/1.1",
                                 "GET / http/1.1",
                                 "GET / HTTP/11",
                                 "GET / HTTP/1.1x",
                                 "GET x HTTP/1.1",
                                 "GET http://a/ HTTP/1.1",
                                 "OPTIONS * HTTP/1.1",
                                 "GET /a b HTTP/1.1",
                                 "GET /\x01 HTTP/1.1",
                                 "GET /\xC3\xA9 HTTP/1.1",
                                 "GET /#f HTTP/1.1",
                                 "GET /\" HTTP/1.1",
                                 "GET /a\rb HTTP/1.1",
                                 "GET /% HTTP/1.1",
                                 "GET /%2 HTTP/1.1",
                                 "GET /%zz HTTP/1.1",
                                 "GET /%0d%0aX:y HTTP/1.1",
                                 "GET /?a=%00 HTTP/1.1",
                                 "GET /%7F HTTP/1.1"}) {
    expect_refused(head(line), Refusal::kBadRequest);
  }
}

TEST(Framer, refuses_unknown_methods_and_versions) {
  for (const std::string method : {"TRACE", "CONNECT", "get", "FOO"}) {
    expect_refused(head(method + " / HTTP/1.1"), Refusal::kUnknownMethod);
  }
  for (const std::string version : {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/9.9"}) {
    expect_refused(head("GET / " + version), Refusal::kVersion);
  }
  expect_refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Refusal::kVersion);
}

TEST(Framer, refuses_malformed_header_lines) {
  for (const std::string line :
       {"no colon", ": no name", "Name : x", "Na me: x", "N\xC3\xA4me: x", "Name: a\rb",
        "Name: a\x01", "Name: a\x7F", " folded", "\tfolded: x", "Name\t: x", "(x): y"}) {
    expect_refused(head("GET / HTTP/1.1", "A: b\r\n" + line + "\r\n"), Refusal::kBadRequest);
  }
  expect_refused(head("GET / HTTP/1.1", std::string("A: b\0c\r\n", 8)), Refusal::kBadRequest);
}

TEST(Framer, refuses_bare_line_feeds) {
  expect_refused("GET / HTTP/1.1\nHost: a\n\n", Refusal::kBadRequest);
  expect_refused("GET / HTTP/1.1\r\nHost: a\nB: c\r\n\r\n", Refusal::kBadRequest);
  expect_refused("GET / HTTP/1.1\r\nHost: a\r\n\n", Refusal::kBadRequest);
  expect_refused("\n", Refusal::kBadRequest);
}

TEST(Framer, wants_exactly_one_host) {
  expect_refused("GET / HTTP/1.1\r\n\r\n", Refusal::kBadRequest);
  expect_refused(head("GET / HTTP/1.1", kHost), Refusal::kBadRequest);
  for (const std::string host : {"", "a b", "a,b", "a/b", "a@b"}) {
    expect_refused("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", Refusal::kBadRequest);
  }
  EXPECT_EQ(framed("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n").requests.size(), 1U);
}

TEST(Framer, takes_headers_that_decide_something_only_once) {
  for (const std::string name : {"Authorization", "X-Api-Key", "Content-Type", "Idempotency-Key"}) {
    expect_refused(post(name + ": a\r\n" + name + ": b\r\n"), Refusal::kBadRequest);
  }
  EXPECT_EQ(framed(post("Accept: a\r\nAccept: b\r\n")).requests.size(), 1U);
}

TEST(Framer, refuses_content_codings_and_expectations) {
  for (const std::string coding : {"gzip", "br", "deflate", "identity, gzip", ""}) {
    expect_refused(post("Content-Encoding: " + coding + "\r\n"), Refusal::kContentEncoding);
  }
  expect_refused(post("Expect: 200-ok\r\n"), Refusal::kExpectation);
}

TEST(Framer, bounds_the_head) {
  expect_refused("GET /" + std::string(5'000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n",
                 Refusal::kTargetTooLong);
  expect_refused(std::string(1'000'000, 'A'), Refusal::kTargetTooLong);
  expect_refused(post("A: " + std::string(9'000, 'a') + "\r\n"), Refusal::kHeadTooLarge);
  std::string many;
  for (int i = 0; i < 64; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  expect_refused(post(many), Refusal::kHeadTooLarge);
  std::string large;
  for (int i = 0; i < 5; ++i) large += "A: " + std::string(4'000, 'a') + "\r\n";
  expect_refused(post(large), Refusal::kHeadTooLarge);
  expect_refused(chunked("0\r\nA: " + std::string(9'000, 'a') + "\r\n\r\n"),
                 Refusal::kHeadTooLarge);
}

TEST(Framer, says_when_the_sender_waits_for_a_continue) {
  Framer framer;
  const std::string bytes = post("Expect: 100-continue\r\nContent-Length: 2\r\n", "ok");
  framer.feed(bytes.substr(0, bytes.size() - 4));
  EXPECT_FALSE(framer.wants_continue());
  framer.feed("\r\n");
  EXPECT_TRUE(framer.wants_continue());
  framer.feed("o");
  EXPECT_FALSE(framer.wants_continue());
  EXPECT_EQ(framer.feed("k"), State::kComplete);
}

TEST(Framer, holds_no_more_than_it_was_given) {
  Framer framer;
  framer.feed(post("Content-Length: 8000000\r\n", "x"));
  EXPECT_LT(framer.buffered(), 200U);
  EXPECT_TRUE(framer.started());
}

TEST(Framer, has_a_name_and_a_status_for_every_refusal) {
  for (std::size_t i = 1; i < kRefusalCount; ++i) {
    const auto refusal = static_cast<Refusal>(i);
    EXPECT_GE(status_of(refusal), 400) << i;
    EXPECT_FALSE(name_of(refusal).empty()) << i;
    EXPECT_FALSE(explain(refusal).empty()) << i;
  }
}

}  // namespace
}  // namespace laurel::daemon::http
