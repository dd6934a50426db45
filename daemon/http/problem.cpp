#include "http/problem.hpp"

#include <string>

#include "json/writer.hpp"

namespace laurel::daemon::http {

namespace {

constexpr std::string_view kContentType = "application/problem+json";
constexpr std::string_view kRetryAfterSeconds = "1";

struct Reason {
  int status;
  std::string_view text;
};

constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

int status_of(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kInvalid: return 400;
    case ErrorClass::kUnauthorised: return 401;
    case ErrorClass::kForbidden: return 403;
    case ErrorClass::kNotFound: return 404;
    case ErrorClass::kConflict: return 409;
    case ErrorClass::kRefused: return 422;
    case ErrorClass::kTooMany: return 429;
    case ErrorClass::kBusy: return 503;
    case ErrorClass::kBroken: return 500;
  }
  return 500;
}

void write_head(json::Writer& writer, int status, std::string_view title, std::string_view code,
                std::string_view detail) {
  writer.begin_object();
  writer.field("type", "about:blank");
  writer.field("title", title);
  writer.field("status", status);
  writer.field("code", code);
  if (!detail.empty()) writer.field("detail", detail);
}

void write_faults(json::Writer& writer, const Error& error) {
  writer.field_array("errors");
  for (const FieldFault& fault : error.faults) {
    writer.begin_object();
    writer.field("pointer", fault.pointer);
    writer.field("code", fault.code);
    writer.field("detail", fault.detail);
    writer.end_object();
  }
  writer.end_array();
}

Response finish(int status, std::string body) {
  Response response{status, std::string(kContentType), std::move(body)};
  if (status == 429 || status == 503) {
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  }
  return response;
}

}  // namespace

std::string_view reason_of(int status) {
  for (const Reason& reason : kReasons) {
    if (reason.status == status) return reason.text;
  }
  return "";
}

int status_of(const Error& error) {
  if (error.code == ErrorCode::kTooLarge) return 413;
  return status_of(error.error_class());
}

Response problem(const Error& error) {
  const int status = status_of(error);
  const ErrorInfo& known = info(error.code);
  std::string body;
  json::Writer writer(body);
  write_head(writer, status, known.title, known.name, error.detail);
  if (!error.faults.empty()) write_faults(writer, error);
  writer.end_object();
  return finish(status, std::move(body));
}

Response problem(int status, std::string_view code, std::string_view detail) {
  std::string body;
  json::Writer writer(body);
  write_head(writer, status, reason_of(status), code, detail);
  writer.end_object();
  return finish(status, std::move(body));
}

}  // namespace laurel::daemon::http
