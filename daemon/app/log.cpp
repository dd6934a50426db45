#include "app/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "json/writer.hpp"
#include "laurel/time.hpp"

namespace laurel::daemon {

namespace {

spdlog::level::level_enum level_of(std::string_view text) {
  if (text == "debug") return spdlog::level::debug;
  if (text == "warning") return spdlog::level::warn;
  if (text == "error") return spdlog::level::err;
  if (text == "off") return spdlog::level::off;
  return spdlog::level::info;
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
  }
  return "error";
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \"=\\\n\r\t") != std::string_view::npos;
}

}  // namespace

std::string log_line(bool as_json, std::string_view time, std::string_view level,
                     std::string_view message, std::initializer_list<Log::Field> fields) {
  std::string line;
  if (as_json) {
    json::Writer writer(line);
    writer.begin_object().field("time", time).field("level", level).field("message", message);
    for (const auto& [name, value] : fields) {
      if (!value.empty()) writer.field(name, value);
    }
    writer.end_object();
    return line;
  }
  line.append(time).append(" ").append(level).append(" ").append(message);
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    line.append(" ").append(name).append("=");
    if (needs_quotes(value)) {
      json::append_string(line, value);
    } else {
      line.append(value);
    }
  }
  return line;
}

struct Log::State {
  explicit State(const LogOptions& options)
      : logger("laurel", std::make_shared<spdlog::sinks::stderr_sink_mt>()),
        as_json(options.format == "json") {
    logger.set_pattern("%v");
    logger.set_level(level_of(options.level));
    logger.flush_on(spdlog::level::warn);
  }

  spdlog::logger logger;
  bool as_json;
  SystemClock clock;
};

Log::Log(const LogOptions& options) : state_(std::make_unique<State>(options)) {}
Log::~Log() = default;

void Log::event(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
  const auto severity = level_of(level);
  if (!state_->logger.should_log(severity)) return;
  state_->logger.log(severity, log_line(state_->as_json, to_text(state_->clock.now()),
                                        name_of(level), message, fields));
}

void Log::access(const Access& access) {
  if (!state_->logger.should_log(spdlog::level::info)) return;
  event(LogLevel::kInfo, "request",
        {{"request_id", access.request_id},
         {"method", access.method},
         {"route", access.route},
         {"status", std::to_string(access.status)},
         {"us", std::to_string(access.micros)},
         {"key", access.key},
         {"code", access.code}});
}

}  // namespace laurel::daemon
