#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace laurel::detail {

void assertion_failed(const char* file, int line, const char* condition, const char* message) {
  std::fprintf(stderr, "%s:%d: %s (%s)\n", file, line, message, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace laurel::detail
