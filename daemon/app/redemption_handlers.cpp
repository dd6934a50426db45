// Points as money off, and points between members.

#include "app/handlers.hpp"
#include "app/redemption_json.hpp"
#include "app/transaction_json.hpp"
#include "laurel/redemption.hpp"
#include "laurel/transfer.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kManualSource = "manual";

Result<http::Response> answer_redemption(const Result<Redemption>& redemption, int made = 200) {
  if (!redemption) return redemption.error();
  return answer(redemption->replayed ? 200 : made,
                [&](json::Writer& writer) { write_redemption(writer, *redemption); });
}

template <class Input, class Do>
Result<http::Response> resolve(const Call& call, Input (*read)(json::ObjectReader&, const Display&),
                               Do act) {
  const Display display = call.service.display();
  auto input = read_body(call.request.body,
                         [&](json::ObjectReader& object) { return read(object, display); });
  if (!input) return input.error();
  input->redemption.id = call.captures[0];
  if (auto allowed = check_source(call, input->redemption.source); !allowed) {
    return allowed.error();
  }
  const auto engine = call.service.engine();
  return answer_redemption(act(engine->redemptions(), *input));
}

Result<http::Response> resolve(const Call& call,
                               Result<Redemption> (Redemptions::*act)(const Resolution&) const) {
  return resolve(call, read_resolution,
                 [act](const Redemptions& all, const Resolution& one) { return (all.*act)(one); });
}

}  // namespace

Result<http::Response> hold_points(const Call& call) {
  const Display display = call.service.display();
  const auto request = read_body(call.request.body, [&](json::ObjectReader& object) {
    return read_redemption_request(object, display);
  });
  if (!request) return request.error();
  if (auto allowed = check_source(call, request->key.source); !allowed) return allowed.error();
  const auto engine = call.service.engine();
  return answer_redemption(engine->redemptions().hold(*request), 201);
}

Result<http::Response> capture_redemption(const Call& call) {
  return resolve(call, &Redemptions::capture);
}

Result<http::Response> release_redemption(const Call& call) {
  return resolve(call, &Redemptions::release);
}

Result<http::Response> reverse_redemption(const Call& call) {
  return resolve(call, &Redemptions::reverse);
}

Result<http::Response> extend_redemption(const Call& call) {
  return resolve(call, read_extension, [](const Redemptions& all, const Extension& extension) {
    return all.extend(extension);
  });
}

Result<http::Response> get_redemption(const Call& call) {
  const TransactionKey key{call.captures[0], call.captures[1]};
  if (auto allowed = check_source(call, key.source); !allowed) return allowed.error();
  const auto engine = call.service.engine();
  return answer_redemption(engine->redemptions().get(key));
}

Result<http::Response> transfer_points(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const Display display = call.service.display();
  auto transfer = read_body(call.request.body, [&](json::ObjectReader& object) {
    return read_transfer(object, display);
  });
  if (!transfer) return transfer.error();
  if (transfer->key.source.empty()) transfer->key.source = kManualSource;
  if (transfer->key.source != kManualSource) {
    if (auto allowed = check_source(call, transfer->key.source); !allowed) return allowed.error();
  }
  transfer->from = *id;
  if (transfer->actor.empty()) transfer->actor = actor_of(call);
  const auto engine = call.service.engine();
  const auto moved = engine->transfers().move(*transfer);
  if (!moved) return moved.error();
  return answer(moved->replayed ? 200 : 201,
                [&](json::Writer& writer) { write_transfer(writer, *moved, display); });
}

}  // namespace laurel::daemon
