#include "app/problem.hpp"

#include "app/answer_json.hpp"
#include "http/problem.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kContentType = "application/problem+json";
constexpr std::string_view kRetryAfterSeconds = "1";

void begin_problem(json::Writer& writer, int status, std::string_view code, std::string_view title,
                   std::string_view request_id) {
  writer.begin_object().field("type", "/docs#" + std::string(code)).field("title", title);
  writer.field("status", status).field("code", code);
  if (!request_id.empty()) writer.field("request_id", request_id);
}

http::Response response_of(int status, std::string body) {
  http::Response response{status, std::string(kContentType), std::move(body)};
  if (status == 429 || status == 503) {
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  }
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"laurel\"");
  return response;
}

}  // namespace

int http_status_of(ErrorCode code) { return http::status_of(Error{code, {}}); }

void write_problem(json::Writer& writer, const Error& error, std::string_view request_id) {
  const ErrorInfo& about = info(error.code);
  begin_problem(writer, http_status_of(error.code), about.name, about.title, request_id);
  if (!error.detail.empty()) writer.field("detail", error.detail);
  if (!error.faults.empty()) {
    writer.field_array("errors");
    for (const FieldFault& fault : error.faults) {
      writer.begin_object().field("pointer", fault.pointer).field("code", fault.code);
      writer.field("detail", fault.detail).end_object();
    }
    writer.end_array();
  }
  writer.end_object();
}

http::Response problem(const Error& error, std::string_view request_id) {
  std::string body;
  json::Writer writer(body);
  write_problem(writer, error, request_id);
  return response_of(http_status_of(error.code), std::move(body));
}

http::Response programme_problem(std::span<const ProgrammeFault> faults,
                                 std::string_view request_id) {
  const ErrorInfo& about = info(ErrorCode::kInvalidProgramme);
  const int status = http_status_of(ErrorCode::kInvalidProgramme);
  std::string body;
  json::Writer writer(body);
  begin_problem(writer, status, about.name, about.title, request_id);
  write_faults(writer, faults);
  writer.end_object();
  return response_of(status, std::move(body));
}

http::Response problem(int status, std::string_view code, std::string_view title,
                       std::string_view request_id) {
  std::string body;
  json::Writer writer(body);
  begin_problem(writer, status, code, title, request_id);
  writer.end_object();
  return response_of(status, std::move(body));
}

}  // namespace laurel::daemon
