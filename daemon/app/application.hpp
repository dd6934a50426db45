#pragma once
// From a framed request to its answer: request id, route, key, rate limit, handler, problem
// details, counters, log. Any thread.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/service.hpp"
#include "http/message.hpp"
#include "http/router.hpp"

namespace laurel::daemon {

class Application {
 public:
  explicit Application(Service& service);
  http::Response handle(const http::Request& request);

 private:
  struct Answered {
    http::Response response;
    std::string key = {};        // the id of the API key
    std::string_view code = {};  // of the problem
  };

  Answered dispatch(const http::Request& request, const http::RouteMatch& match,
                    std::string_view request_id);
  Answered failed(const Error& error, std::string_view request_id);
  // Null in the sandbox and on open routes. kUnauthorised, kForbidden, kTooManyRequests.
  Result<std::shared_ptr<const Key>> admit(const http::Request& request, Scope scope);
  std::shared_ptr<const Key> key_of(const http::Request& request);
  std::string id_of(const http::Request& request);
  void add_trace(const http::Request& request, http::Response& response);

  Service& service_;
  http::Router router_;
  std::string instance_;  // tells the request ids of this process from those of others
  std::atomic<std::uint64_t> requests_{0};
};

// Whether a request id or a trace may be taken over as it is.
bool is_request_id(std::string_view text);
bool is_traceparent(std::string_view text);  // W3C Trace Context, version 00

}  // namespace laurel::daemon
