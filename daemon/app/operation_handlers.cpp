#include "app/docs_page.hpp"
#include "app/handlers.hpp"

namespace laurel::daemon {

Result<http::Response> get_health(const Call&) {
  return answer(
      200, [](json::Writer& writer) { writer.begin_object().field("status", "ok").end_object(); });
}

Result<http::Response> get_readiness(const Call& call) {
  const Gauges gauges = call.service.gauges();
  const auto stale = call.service.stale();
  const bool ready = gauges.writable;
  return answer(ready ? 200 : 503, [&](json::Writer& writer) {
    writer.begin_object().field("status", ready ? "ready" : "not_ready");
    writer.field("writable", gauges.writable).field("sandbox", call.service.is_sandbox());
    if (gauges.digest.empty()) {
      writer.key("programme").null();
    } else {
      writer.field_object("programme").field("id", gauges.programme);
      writer.field("digest", gauges.digest).field("version", gauges.programme_version);
      writer.end_object();
    }
    writer.field("rules", text_of(stale));
    if (stale) {
      writer.field_object("stale").field("since", to_text(stale->since));
      writer.field("reason", stale->reason).end_object();
    }
    writer.end_object();
  });
}

Result<http::Response> get_metrics(const Call& call) {
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = call.service.metrics().text(call.service.gauges());
  return response;
}

Result<http::Response> get_openapi(const Call&) {
  http::Response response;
  response.content_type = "application/yaml; charset=utf-8";
  response.body = openapi_text();
  return response;
}

Result<http::Response> get_docs(const Call&) {
  http::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = docs_page();
  // The page runs nothing and loads nothing.
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'");
  return response;
}

}  // namespace laurel::daemon
