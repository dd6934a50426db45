#pragma once
// Finds the route of a request. A pattern is "/v1/members/{id}/ledger": a segment in braces matches
// any one segment that is not empty, and a literal segment goes before it. The path is cut at its
// slashes before %XX is decoded, so "%2F" may stand in a captured segment.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace laurel::daemon::http {

inline constexpr std::size_t kCapturesMax = 4;

struct RouteMatch {
  enum class Kind : std::uint8_t {
    kFound,
    kNotFound,          // 404; also for a segment that does not decode to UTF-8
    kMethodNotAllowed,  // 405
  };
  Kind kind = Kind::kNotFound;
  std::size_t route = 0;  // kFound: the number given to add()
  std::array<std::string, kCapturesMax> captures =
      {};                  // kFound: decoded, in the order of the braces
  std::string allow = {};  // kMethodNotAllowed: for the Allow header
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // `method` is "GET", "POST" …; a GET route answers HEAD too. At most four braces. Adding the same
  // method and pattern twice replaces the number.
  void add(std::string_view method, std::string_view pattern, std::size_t route);
  RouteMatch match(std::string_view method, std::string_view path) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace laurel::daemon::http
