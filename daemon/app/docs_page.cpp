#include "app/docs_page.hpp"

#include "app/problem.hpp"
#include "app/routes.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;"
    "color:#1c2321;background:#fbfbf9}h1,h2{font-weight:600}table{border-collapse:collapse;"
    "width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #dfe3df;"
    "vertical-align:top}code,pre{font:13px/1.45 ui-monospace,monospace}pre{background:#f1f3ef;"
    "padding:1rem;overflow:auto}tr:target{background:#fff3c4}details{margin:.4rem 0}"
    "summary{cursor:pointer}@media(prefers-color-scheme:dark){body{background:#151917;"
    "color:#e4e8e4}th,td{border-color:#333b36}pre{background:#1e2421}tr:target{background:#4a3f12}"
    "}";

std::string escaped(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char each : text) {
    if (each == '<') {
      html += "&lt;";
    } else if (each == '>') {
      html += "&gt;";
    } else if (each == '&') {
      html += "&amp;";
    } else {
      html.push_back(each);
    }
  }
  return html;
}

void append(std::string& html, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) html.append(part);
}

void append_routes(std::string& html) {
  html += "<h2>Calls</h2><table><tr><th>Call<th>Does<th>Scope</tr>";
  for (const Route& route : all_routes()) {
    append(html,
           {"<tr><td><code>", route.method, " ", route.pattern, "</code><td>", route.summary,
            route.only_in_sandbox ? " (sandbox)" : "", "<td>", text_of(route.scope), "</tr>"});
  }
  html += "</table>";
}

void append_errors(std::string& html) {
  html +=
      "<h2>Errors</h2><p>Problem details (RFC 9457); <code>code</code> never changes.</p>"
      "<table><tr><th>Code<th>Status<th>Means</tr>";
  for (const ErrorInfo& each : all_errors()) {
    append(html, {"<tr id=\"", each.name, "\"><td><code>", each.name, "</code><td>",
                  std::to_string(http_status_of(each.code)), "<td>", each.title, "</tr>"});
  }
  html += "</table>";
}

// The description, folded at its paths and schemas: keys that stand two spaces deep.
void append_openapi(std::string& html, std::string_view text) {
  html += "<h2>Description</h2><p>OpenAPI 3.1: <a href=\"/openapi.yaml\">/openapi.yaml</a></p>";
  bool open = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    const bool is_head =
        line.starts_with("  /") || (line.starts_with("    ") && line.size() > 6 && line[4] >= 'A' &&
                                    line[4] <= 'Z' && line.ends_with(":\n"));
    if (is_head) {
      append(html, {open ? "</pre></details>" : "", "<details><summary><code>",
                    escaped(line.substr(line.find_first_not_of(' '))), "</code></summary><pre>"});
      open = true;
    } else if (open) {
      html += escaped(line);
    }
  }
  if (open) html += "</pre></details>";
}

std::string make_page() {
  std::string html =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>Laurel</title><style>";
  append(html, {kStyle, "</style><h1>Laurel ", LAUREL_VERSION, "</h1>"});
  append_routes(html);
  append_errors(html);
  append_openapi(html, openapi_text());
  return html + "</html>\n";
}

std::string_view retry_text(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kInvalid: return "no: it can never succeed";
    case ErrorClass::kUnauthorised: return "with a valid key";
    case ErrorClass::kForbidden: return "with a key that may";
    case ErrorClass::kNotFound: return "no";
    case ErrorClass::kConflict: return "no: the key stands for other content";
    case ErrorClass::kRefused: return "after the state has changed";
    case ErrorClass::kTooMany:
    case ErrorClass::kBusy: return "yes, with the same key, after `Retry-After`";
    case ErrorClass::kBroken: return "operators first; then with the same key";
  }
  return "no";
}

}  // namespace

const std::string& docs_page() {
  static const std::string page = make_page();
  return page;
}

std::string errors_page() {
  std::string text =
      "# Errors\n\n"
      "Every answer that is not a success is a problem detail (RFC 9457) with one of these codes.\n"
      "A code keeps its name and its number for ever; new ones are added. Where several faults\n"
      "apply, the one that stands first here is reported. `invalid` and `malformed` list every\n"
      "faulty field in `errors`, each with its JSON pointer.\n\n"
      "| code | number | HTTP | means | retry |\n|---|---|---|---|---|\n";
  for (const ErrorInfo& each : all_errors()) {
    append(text, {"| `", each.name, "` | ", std::to_string(static_cast<int>(each.code)), " | ",
                  std::to_string(http_status_of(each.code)), " | ", each.title, " | ",
                  retry_text(each.error_class), " |\n"});
  }
  return text;
}

}  // namespace laurel::daemon
