#include "app/handlers.hpp"
#include "app/transaction_json.hpp"
#include "app/voucher_json.hpp"

namespace laurel::daemon {

namespace {

using Use = Result<VoucherAnswer> (Vouchers::*)(const VoucherRequest&) const;

// Who is counted: the key; in the sandbox, which has none, the source.
std::string client_of(const Call& call, const std::string& source) {
  return call.key == nullptr ? "source " + source : call.key->id;
}

Result<http::Response> use_voucher(const Call& call, Use use, int status) {
  auto request = read_body(call.request.body, read_voucher_request);
  if (!request) return request.error();
  if (auto allowed = check_source(call, request->key.source); !allowed) return allowed.error();
  request->code = call.captures[0];
  const auto answered = guess_voucher(call, request->key.source, [&] {
    return (call.service.engine()->vouchers().*use)(*request);
  });
  if (!answered) return answered.error();
  return answer(answered->replayed ? 200 : status,
                [&](json::Writer& writer) { write_voucher_answer(writer, *answered); });
}

std::string parameter(const Call& call, std::string_view name) {
  return std::string(call.request.parameter(name).value_or(""));
}

}  // namespace

Result<void> may_guess(const Call& call, const std::string& source) {
  const auto now = std::chrono::steady_clock::now();
  if (call.service.attempts().may_try(client_of(call, source), now)) return {};
  return Error{ErrorCode::kTooManyRequests,
               "too many vouchers that cannot be used within a minute; try again later"};
}

void note_guess(const Call& call, const std::string& source, const Error& error) {
  if (error.code != ErrorCode::kVoucherNotValid) return;
  call.service.attempts().failed(client_of(call, source), std::chrono::steady_clock::now());
}

Result<http::Response> quote_voucher(const Call& call) {
  return use_voucher(call, &Vouchers::look, 200);
}
Result<http::Response> reserve_voucher(const Call& call) {
  return use_voucher(call, &Vouchers::reserve, 201);
}
Result<http::Response> redeem_voucher(const Call& call) {
  return use_voucher(call, &Vouchers::redeem, 201);
}
Result<http::Response> release_voucher(const Call& call) {
  return use_voucher(call, &Vouchers::release, 200);
}

Result<http::Response> issue_vouchers(const Call& call) {
  auto order = read_body(call.request.body, read_voucher_order);
  if (!order) return order.error();
  if (auto allowed = check_source(call, order->key.source); !allowed) return allowed.error();
  if (order->actor.empty()) order->actor = actor_of(call);
  const auto issued = call.service.engine()->vouchers().issue({&*order, 1}).front();
  if (!issued) return issued.error();
  return answer(issued->replayed ? 200 : 201, [&](json::Writer& writer) {
    writer.begin_object().field("replayed", issued->replayed);
    writer.field("entry", issued->entry.number()).field_array("codes");
    for (const auto& code : issued->codes) writer.value(code);
    writer.end_array().end_object();
  });
}

Result<http::Response> list_vouchers(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto limit = integer_parameter(call, "limit", 100, {.min = 1, .max = 1'000});
  if (!limit) return limit.error();
  const auto vouchers = call.service.engine()->vouchers().of_member(
      *id, parameter(call, "after"), static_cast<std::size_t>(*limit));
  if (!vouchers) return vouchers.error();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field_array("vouchers");
    for (const auto& voucher : *vouchers) write_voucher(writer, voucher);
    writer.end_array().key("next");
    if (std::ssize(*vouchers) == *limit) {
      writer.value(vouchers->back().code);
    } else {
      writer.null();
    }
    writer.end_object();
  });
}

Result<http::Response> list_rewards(const Call& call) {
  RewardQuestion question;
  const std::string member = parameter(call, "member");
  if (!member.empty()) {
    const auto id = MemberId::parse(member);
    if (!id) return wrong_parameter("member", "not_a_member_id", id.error().detail);
    question.member = *id;
  }
  question.language = parameter(call, "language");
  question.department = parameter(call, "department");
  question.channel = parameter(call, "channel");
  const auto offers = call.service.engine()->rewards().list(question);
  if (!offers) return offers.error();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field_array("rewards");
    for (const auto& offer : *offers) write_offer(writer, offer);
    writer.end_array().end_object();
  });
}

Result<http::Response> take_reward(const Call& call) {
  auto request = read_body(call.request.body, read_reward_request);
  if (!request) return request.error();
  if (auto allowed = check_source(call, request->key.source); !allowed) return allowed.error();
  if (!call.captures.empty()) request->reward = call.captures[0];
  const auto taken = call.service.engine()->rewards().take(*request);
  if (!taken) return taken.error();
  return answer(taken->replayed ? 200 : 201,
                [&](json::Writer& writer) { write_taken(writer, *taken, request->key); });
}

}  // namespace laurel::daemon
