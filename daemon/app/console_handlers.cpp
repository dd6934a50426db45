// The console: plain files. All that it does it does through the API, as any other client.

#include <algorithm>
#include <array>
#include <utility>

#include "app/console.hpp"
#include "app/handlers.hpp"

namespace laurel::daemon {

namespace {

// The page runs and loads what is served here, speaks to nobody else, and stands in no frame.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
});

std::string_view type_of(std::string_view name) {
  const auto type =
      std::ranges::find_if(kTypes, [&](const auto& each) { return name.ends_with(each.first); });
  return type == kTypes.end() ? "application/octet-stream" : type->second;
}

// The header is a list of tags; any of them, strong or weak, stands for what the browser has.
bool is_known(const http::Request& request, const std::string& tag) {
  const auto known = request.header("if-none-match");
  return known && (*known == "*" || known->find(tag) != known->npos);
}

Result<http::Response> serve(const Call& call, std::string_view name) {
  const auto files = console_files();
  const auto file = std::ranges::find(files, name, &ConsoleFile::name);
  if (file == files.end()) return Error{ErrorCode::kNotFound, "the console has no such file"};
  const std::string tag = "\"" + std::string(file->digest.substr(0, 32)) + "\"";
  http::Response response;
  response.headers = {{"Content-Security-Policy", kPolicy},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-cache"},  // kept, and asked for again by its tag
                      {"ETag", tag}};
  if (is_known(call.request, tag)) {
    response.status = 304;
    return response;
  }
  response.content_type = type_of(name);
  response.body = file->text;
  return response;
}

}  // namespace

// Relative, so that it holds behind a proxy that puts a path before it.
Result<http::Response> get_console(const Call&) {
  http::Response response;
  response.status = 308;
  response.headers.emplace_back("Location", "console/");
  return response;
}

Result<http::Response> get_console_page(const Call& call) { return serve(call, "index.html"); }

Result<http::Response> get_console_file(const Call& call) {
  return serve(call, call.captures.front());
}

}  // namespace laurel::daemon
