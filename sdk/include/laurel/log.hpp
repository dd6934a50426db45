#pragma once
// Where the SDK says what an operator should know. It never passes personal data or amounts.

#include <cstdint>
#include <string_view>

namespace laurel {

enum class LogLevel : std::uint8_t { kInfo, kWarning, kError };

// write() may be called from any thread and must not throw.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(LogLevel level, std::string_view message) = 0;
};

}  // namespace laurel
