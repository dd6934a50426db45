#pragma once
// Moments, local days and the clock. An Instant is UTC in milliseconds; finer digits on input are
// cut off. Years 1900 to 9999. Text is RFC 3339 and always names its offset; output is in UTC
// ("Z"), with milliseconds only where they are not zero.

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "laurel/result.hpp"

namespace laurel {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;
using Date = std::chrono::sys_days;  // a local day; which zone is said by who holds it

inline constexpr Instant kNever = Instant::max();  // "never expires", "no end"

// "2026-11-21T10:15:00Z", "2026-11-21t11:15:00.25+01:00". A leap second reads as the next second.
Result<Instant> parse_instant(std::string_view text);
std::string to_text(Instant instant);            // kNever: "never"
Result<Date> parse_date(std::string_view text);  // "2026-11-21"
std::string to_text(Date date);
// "15m", "2h", "90s", "14d", "250ms": one number and one unit.
Result<Duration> parse_duration(std::string_view text);

// For sources that report what a wall clock shows: "2026-11-21 11:00", or with seconds. A reader
// gives the moment at which a clock of its zone shows that: the earlier one where it shows it
// twice, the end of the gap where it never does. May be called from any thread.
using LocalTimeReader = std::function<Result<Instant>(std::string_view)>;
Result<LocalTimeReader> local_time_reader(std::string_view zone);  // kInvalid: no such zone

// Where the SDK gets the time from. now() may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

// The machine's clock; the one place in the SDK that reads it.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// Stands still until set. For tests, simulations and the sandbox.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}
  Instant now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void set(Instant now) {
    const std::lock_guard lock(mutex_);
    now_ = now;
  }
  void advance(Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  Instant now_;
};

}  // namespace laurel
