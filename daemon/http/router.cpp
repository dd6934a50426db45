#include "http/router.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "http/message.hpp"

namespace laurel::daemon::http {

// One segment of a path. The children are few (a level of the API), so they are looked through.
struct Router::Node {
  struct Method {
    std::string name;
    std::size_t route;
  };

  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;
  std::unique_ptr<Node> capture;
  std::vector<Method> methods;

  const Node* literal(std::string_view segment) const {
    for (const auto& [name, node] : literals) {
      if (name == segment) return node.get();
    }
    return nullptr;
  }
  Node& child(std::string_view segment);
};

namespace {

// "/a/b" is "a", "b"; "/" is "", and so is nothing at all.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  segments.reserve(8);
  if (!path.empty()) path.remove_prefix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

template <class Node>
struct Walk {
  std::span<const std::string_view> segments;
  std::vector<std::string_view> captured;

  // Literal before capture, and back again where the literal leads nowhere.
  const Node* find(const Node& node, std::size_t depth) {
    if (depth == segments.size()) return node.methods.empty() ? nullptr : &node;
    const std::string_view segment = segments[depth];
    if (const Node* next = node.literal(segment)) {
      if (const Node* found = find(*next, depth + 1)) return found;
    }
    if (!node.capture || segment.empty()) return nullptr;
    captured.push_back(segment);
    if (const Node* found = find(*node.capture, depth + 1)) return found;
    captured.pop_back();
    return nullptr;
  }
};

template <class Methods>
std::optional<std::size_t> route_for(const Methods& methods, std::string_view method) {
  for (const auto& each : methods) {
    if (each.name == method) return each.route;
  }
  if (method == "HEAD") return route_for(methods, "GET");
  return std::nullopt;
}

template <class Methods>
std::string allow_of(const Methods& methods) {
  std::string allow;
  for (const auto& each : methods) {
    if (!allow.empty()) allow += ", ";
    allow += each.name;
    if (each.name == "GET") allow += ", HEAD";
  }
  return allow;
}

}  // namespace

Router::Node& Router::Node::child(std::string_view segment) {
  if (segment.size() >= 2 && segment.front() == '{' && segment.back() == '}') {
    if (!capture) capture = std::make_unique<Node>();
    return *capture;
  }
  for (const auto& [name, node] : literals) {
    if (name == segment) return *node;
  }
  return *literals.emplace_back(std::string(segment), std::make_unique<Node>()).second;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::string_view method, std::string_view pattern, std::size_t route) {
  Node* node = root_.get();
  for (const std::string_view segment : segments_of(pattern)) node = &node->child(segment);
  for (auto& each : node->methods) {
    if (each.name == method) {
      each.route = route;
      return;
    }
  }
  node->methods.push_back({std::string(method), route});
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
  RouteMatch match;
  const std::vector<std::string_view> segments = segments_of(path);
  Walk<Node> walk{segments, {}};
  const Node* node = walk.find(*root_, 0);
  if (node == nullptr || walk.captured.size() > kCapturesMax) return match;
  for (std::size_t i = 0; i < walk.captured.size(); ++i) {
    auto decoded = decode_percent(walk.captured[i]);
    if (!decoded) return match;
    match.captures[i] = std::move(*decoded);
  }
  const auto route = route_for(node->methods, method);
  match.kind = route ? RouteMatch::Kind::kFound : RouteMatch::Kind::kMethodNotAllowed;
  match.route = route.value_or(0);
  if (!route) match.allow = allow_of(node->methods);
  return match;
}

}  // namespace laurel::daemon::http
