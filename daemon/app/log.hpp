#pragma once
// The daemon's log on standard error, by spdlog: one line an event, as text or as JSON. Never a
// path with identifiers in it, never personal data, never an amount. Any thread.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "laurel/log.hpp"

namespace laurel::daemon {

struct LogOptions {
  std::string level = "info";   // debug | info | warning | error | off
  std::string format = "text";  // text | json
};

// One request that was answered.
struct Access {
  std::string_view request_id;
  std::string_view method;
  std::string_view route;  // the pattern, never the path
  int status = 0;
  std::int64_t micros = 0;
  std::string_view key;   // the id of the API key
  std::string_view code;  // of the problem
};

class Log final : public LogSink {
 public:
  using Field = std::pair<std::string_view, std::string_view>;

  explicit Log(const LogOptions& options);
  ~Log() override;

  void write(LogLevel level, std::string_view message) override { event(level, message, {}); }
  void event(LogLevel level, std::string_view message, std::initializer_list<Field> fields);
  void access(const Access& access);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One line without its end, as the log writes it.
std::string log_line(bool as_json, std::string_view time, std::string_view level,
                     std::string_view message, std::initializer_list<Log::Field> fields);

}  // namespace laurel::daemon
