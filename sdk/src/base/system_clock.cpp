#include "laurel/time.hpp"

namespace laurel {

Instant SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace laurel
