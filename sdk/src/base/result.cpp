#include "laurel/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace laurel::detail {

void wrong_access(const Error* error) {
  if (error == nullptr) {
    std::fputs("laurel: the error of a Result that has a value was asked for\n", stderr);
  } else {
    std::fprintf(stderr, "laurel: the value of a failed Result was asked for: %.*s: %s\n",
                 static_cast<int>(error->name().size()), error->name().data(),
                 error->detail.c_str());
  }
  std::fflush(stderr);
  std::abort();
}

}  // namespace laurel::detail
