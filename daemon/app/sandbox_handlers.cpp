#include "app/handlers.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

http::Response answer_clock(const Call& call) {
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field("now", to_text(call.service.now())).end_object();
  });
}

}  // namespace

Result<http::Response> get_sandbox_clock(const Call& call) { return answer_clock(call); }

Result<http::Response> set_sandbox_clock(const Call& call) {
  const auto now = read_body(call.request.body, [](json::ObjectReader& object) {
    const auto read = read_instant(object, "now", json::kRequired);
    object.reject_misspelt();
    return read.value_or(Instant());
  });
  if (!now) return now.error();
  if (auto set = call.service.set_clock(*now); !set) return set.error();
  return answer_clock(call);
}

Result<http::Response> reset_sandbox(const Call& call) {
  if (auto emptied = call.service.reset(); !emptied) return emptied.error();
  return answer_clock(call);
}

}  // namespace laurel::daemon
