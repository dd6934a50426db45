// Who decides about the programme: going back, proposals, rules stopped.

#include <charconv>

#include "app/handlers.hpp"
#include "app/publishing_json.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kReasonBytesMax = 1'000;

std::string read_by(json::ObjectReader& object) { return read_text(object, "by", json::kRequired); }

std::string read_reason(json::ObjectReader& object, json::Presence presence) {
  return read_text(object, "reason", presence, kReasonBytesMax);
}

Result<std::int64_t> number_in_path(const Call& call) {
  const std::string& text = call.captures.front();
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault == std::errc{} && stop == end) return number;
  return Error{ErrorCode::kUnknownVersion, "no proposal has this number"};
}

Result<http::Response> answer_publication(const Result<Publication>& made) {
  if (!made) return made.error();
  return answer(made->version == 0 ? 202 : 201,
                [&](json::Writer& writer) { write_publication(writer, *made); });
}

Result<Judgement> read_judgement(const Call& call) {
  const auto number = number_in_path(call);
  if (!number) return number.error();
  auto judgement = read_body(call.request.body, [](json::ObjectReader& object) {
    Judgement said;
    said.by = read_by(object);
    said.reason = read_reason(object, json::kOptional);
    object.reject_misspelt();
    return said;
  });
  if (judgement) judgement->proposal = *number;
  return judgement;
}

Result<RuleOrder> read_order(const Call& call) {
  auto order = read_body(call.request.body, [](json::ObjectReader& object) {
    RuleOrder given;
    given.by = read_by(object);
    given.reason = read_reason(object, json::kRequired);
    given.from = read_instant(object, "from");
    object.reject_misspelt();
    return given;
  });
  if (order) order->rule = call.captures.front();
  return order;
}

Result<http::Response> answer_stop(const Result<RuleStop>& stop) {
  if (!stop) return stop.error();
  return answer(200, [&](json::Writer& writer) { write_stop(writer, *stop); });
}

}  // namespace

Result<http::Response> rollback_programme(const Call& call) {
  const auto back = read_body(call.request.body, [](json::ObjectReader& object) {
    Rollback given;
    given.to = object.integer("to", json::kRequired, {.min = 1}).value_or(0);
    given.by = read_by(object);
    given.reason = read_reason(object, json::kRequired);
    given.effective_from = read_instant(object, "effective_from");
    object.reject_misspelt();
    return given;
  });
  if (!back) return back.error();
  return answer_publication(call.service.rollback(*back));
}

Result<http::Response> list_proposals(const Call& call) {
  const auto proposals = call.service.engine()->proposals();
  if (!proposals) return proposals.error();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field_array("proposals");
    for (const Proposal& proposal : *proposals) write_proposal(writer, proposal);
    writer.end_array().end_object();
  });
}

Result<http::Response> approve_proposal(const Call& call) {
  const auto judgement = read_judgement(call);
  if (!judgement) return judgement.error();
  return answer_publication(call.service.approve(*judgement));
}

Result<http::Response> withdraw_proposal(const Call& call) {
  const auto judgement = read_judgement(call);
  if (!judgement) return judgement.error();
  const auto proposal = call.service.engine()->withdraw(*judgement);
  if (!proposal) return proposal.error();
  return answer(200, [&](json::Writer& writer) { write_proposal(writer, *proposal); });
}

Result<http::Response> stop_rule(const Call& call) {
  const auto order = read_order(call);
  if (!order) return order.error();
  return answer_stop(call.service.engine()->stop_rule(*order));
}

Result<http::Response> resume_rule(const Call& call) {
  const auto order = read_order(call);
  if (!order) return order.error();
  return answer_stop(call.service.engine()->resume_rule(*order));
}

}  // namespace laurel::daemon
