#include "app/application.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/problem.hpp"
#include "app/routes.hpp"
#include "app/secret.hpp"
#include "app/signature.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kBearer = "bearer ";
constexpr std::size_t kRequestIdBytesMax = 128;

std::string hex_of(std::uint64_t number, std::size_t digits) {
  std::array<char, 16> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, 16).ptr;
  const auto size = static_cast<std::size_t>(end - text.data());
  return std::string(digits > size ? digits - size : 0, '0') + std::string(text.data(), size);
}

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char each) { return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

// What stands behind "Bearer ", whose case does not matter.
std::optional<std::string_view> bearer_token(const http::Request& request) {
  const auto header = request.header("authorization");
  if (!header || header->size() < kBearer.size()) return std::nullopt;
  const bool matches = std::ranges::equal(header->substr(0, kBearer.size()), kBearer,
                                          [](char a, char b) { return a == b || (a | 0x20) == b; });
  if (!matches) return std::nullopt;
  return header->substr(kBearer.size());
}

// The same words for a key that is unknown, expired, revoked or not there, and for a signature that
// is wrong or late.
Error unauthorised() {
  return {ErrorCode::kUnauthorised,
          "send a valid key as a bearer token, or sign the request with one that signs"};
}

}  // namespace

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kRequestIdBytesMax &&
         std::ranges::all_of(text, [](char each) {
           return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') ||
                  (each >= 'A' && each <= 'Z') || each == '-' || each == '_' || each == '.' ||
                  each == ':';
         });
}

bool is_traceparent(std::string_view text) {
  if (text.size() != 55 || !text.starts_with("00-") || text[35] != '-' || text[52] != '-') {
    return false;
  }
  const std::string_view trace = text.substr(3, 32);
  const std::string_view span = text.substr(36, 16);
  return is_lower_hex(trace) && is_lower_hex(span) && is_lower_hex(text.substr(53)) &&
         !is_zero(trace) && !is_zero(span);
}

Application::Application(Service& service) : service_(service), instance_(random_hex(8)) {
  const auto routes = all_routes();
  for (std::size_t i = 0; i < routes.size(); ++i) {
    if (routes[i].only_in_sandbox && !service_.is_sandbox()) continue;
    router_.add(routes[i].method, routes[i].pattern, i);
  }
}

std::string Application::id_of(const http::Request& request) {
  const std::uint64_t number = requests_.fetch_add(1, std::memory_order_relaxed);
  const auto given = request.header("x-request-id");
  if (given && is_request_id(*given)) return std::string(*given);
  return instance_ + "-" + hex_of(number, 8);
}

// The trace goes on; the span is ours.
void Application::add_trace(const http::Request& request, http::Response& response) {
  const auto given = request.header("traceparent");
  if (!given || !is_traceparent(*given)) return;
  const std::uint64_t number = requests_.load(std::memory_order_relaxed);
  response.headers.emplace_back("traceparent", std::string(given->substr(0, 36)) + instance_ +
                                                   hex_of(number & 0xffffffffU, 8) +
                                                   std::string(given->substr(52)));
}

// The key that a request shows by its secret or, where the key signs, by a signature; null: none. A
// secret that signs is never sent, so as a bearer token it is worth nothing.
std::shared_ptr<const Key> Application::key_of(const http::Request& request) {
  const auto secret = bearer_token(request);
  if (const auto id = signing_key_id(request)) {
    auto key = service_.keys().with_id(*id);
    const bool is_good = key != nullptr && !secret && is_signed_by(request, *key, service_.now());
    return is_good ? key : nullptr;
  }
  if (!secret) return nullptr;
  auto key = service_.keys().find(*secret);
  return key != nullptr && key->signing_secret.empty() ? key : nullptr;
}

Result<std::shared_ptr<const Key>> Application::admit(const http::Request& request, Scope scope) {
  if (scope == Scope::kOpen || service_.is_sandbox()) return std::shared_ptr<const Key>();
  auto key = key_of(request);
  if (key == nullptr || !key->is_valid_at(service_.now())) return unauthorised();
  if (!service_.rate_limit().take(key->id, std::chrono::steady_clock::now())) {
    return Error{ErrorCode::kTooManyRequests, "more requests than the key may send in a second"};
  }
  if (!key->may(scope)) {
    return Error{ErrorCode::kForbidden,
                 "the API key lacks the scope " + std::string(text_of(scope))};
  }
  return key;
}

Application::Answered Application::failed(const Error& error, std::string_view request_id) {
  service_.metrics().count_error(error.code);
  if (error.error_class() == ErrorClass::kBroken) {
    service_.log().event(LogLevel::kError, "request failed",
                         {{"request_id", request_id}, {"code", error.name()}});
  }
  return {problem(error, request_id), {}, error.name()};
}

Application::Answered Application::dispatch(const http::Request& request,
                                            const http::RouteMatch& match,
                                            std::string_view request_id) {
  switch (match.kind) {
    case http::RouteMatch::Kind::kFound: break;
    case http::RouteMatch::Kind::kNotFound:
      return {problem(404, "not_found", "there is no such address", request_id), {}, "not_found"};
    case http::RouteMatch::Kind::kMethodNotAllowed: {
      constexpr std::string_view kCode = "method_not_allowed";
      auto response = problem(405, kCode, "this address does not take the method", request_id);
      response.headers.emplace_back("Allow", match.allow);
      return {std::move(response), {}, kCode};
    }
  }
  const Route& route = all_routes()[match.route];
  const auto key = admit(request, route.scope);
  if (!key) return failed(key.error(), request_id);
  const Call call{request, match.captures, key->get(), service_, request_id};
  auto response = route.handle(call);
  std::string key_id = *key == nullptr ? std::string() : (*key)->id;
  if (response) return {*std::move(response), std::move(key_id)};
  Answered answered = failed(response.error(), request_id);
  answered.key = std::move(key_id);
  return answered;
}

http::Response Application::handle(const http::Request& request) {
  const auto started = std::chrono::steady_clock::now();
  const std::string request_id = id_of(request);
  const auto match = router_.match(request.method, request.path);
  const bool found = match.kind == http::RouteMatch::Kind::kFound;
  Answered answered = dispatch(request, match, request_id);
  answered.response.headers.emplace_back("X-Request-Id", request_id);
  add_trace(request, answered.response);

  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - started)
                          .count();
  const auto routes = all_routes();
  service_.metrics().count_request(found ? match.route : routes.size(), answered.response.status,
                                   micros);
  service_.log().access({.request_id = request_id,
                         .method = request.method,
                         .route = found ? routes[match.route].pattern : "none",
                         .status = answered.response.status,
                         .micros = micros,
                         .key = answered.key,
                         .code = answered.code});
  return std::move(answered.response);
}

}  // namespace laurel::daemon
