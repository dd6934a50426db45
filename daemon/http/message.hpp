#pragma once
// What a handler gets and gives.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laurel::daemon::http {

// As it stood on the wire: the name in lower case, the value not decoded in any way.
struct Header {
  std::string_view name;
  std::string_view value;
};

// Every view is valid while the handler runs. Lines and values are free of control bytes; the
// target has only the characters of RFC 3986, and none of its escapes stands for a control byte.
// The headers Host, Authorization, Content-Type, Content-Length and X-Api-Key stand at most once.
struct Request {
  std::string_view method;  // "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
  std::string_view target;  // "/v1/members/m_1/ledger?after=7", as sent: what a signature covers
  std::string_view path;    // "/v1/members/m_1/ledger", not decoded
  std::string_view query;   // "after=7", not decoded
  std::span<const Header> headers;  // in the order in which they came
  std::string_view body;
  std::string_view peer;  // the address at the other end of the socket: "127.0.0.1", "::1"

  // The first header of that name (in lower case).
  std::optional<std::string_view> header(std::string_view name) const;
  // The first query parameter of that name, %XX decoded; "+" stays "+", so that offsets and phone
  // numbers may be written as they are. "?flag" is an empty value.
  std::optional<std::string> parameter(std::string_view name) const;
  // All of them, decoded, in order.
  std::vector<std::pair<std::string, std::string>> parameters() const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // other than those of the content
};

// May be called from several threads at once and may block. An exception is answered with a 500
// that says nothing about it.
using Handler = std::function<Response(const Request&)>;

// %XX decoded; nothing if it is not well-formed or not valid UTF-8.
std::optional<std::string> decode_percent(std::string_view text);

}  // namespace laurel::daemon::http
