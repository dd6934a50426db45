#pragma once
// The whole API as rows.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/keys.hpp"
#include "app/metrics.hpp"
#include "http/message.hpp"
#include "laurel/result.hpp"

namespace laurel::daemon {

class Service;

// One request on its way through a handler.
struct Call {
  const http::Request& request;
  std::span<const std::string> captures;  // the braces of the pattern, decoded, in order
  const Key* key;                         // null: an open route, or the sandbox
  Service& service;
  std::string_view request_id;
};

using Handle = Result<http::Response> (*)(const Call& call);

struct Route {
  std::string_view method;
  std::string_view pattern;
  Scope scope;  // what a key needs
  Handle handle;
  std::string_view summary;
  bool only_in_sandbox = false;
};

std::span<const Route> all_routes();
std::vector<RouteName> route_names();  // in the same order

}  // namespace laurel::daemon
