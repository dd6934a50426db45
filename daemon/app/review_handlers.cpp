// What waits for a person, and what she decides.

#include <charconv>

#include "app/handlers.hpp"
#include "app/review_json.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::int64_t kPageDefault = 100;
constexpr std::int64_t kPageMax = 1'000;

Result<ReviewFilter> read_filter(const Call& call) {
  ReviewFilter filter;
  if (const auto state = call.request.parameter("state"); state && *state != "any") {
    filter.state = review_state_of(*state);
    if (!filter.state) {
      return wrong_parameter("state", "unknown_value", "open, accepted, rejected or any");
    }
  } else if (state) {
    filter.state.reset();
  }
  if (const auto kind = call.request.parameter("kind")) {
    filter.kind = review_kind_of(*kind);
    if (!filter.kind) {
      return wrong_parameter(
          "kind", "unknown_value",
          "transaction, conflict, merge, duplicate, anomaly, adjustment, orphan");
    }
  }
  const auto after = integer_parameter(call, "after", 0, {.min = 0});
  if (!after) return after.error();
  const auto limit = integer_parameter(call, "limit", kPageDefault, {.min = 1, .max = kPageMax});
  if (!limit) return limit.error();
  filter.after = *after;
  filter.limit = static_cast<std::size_t>(*limit);
  return filter;
}

struct DecisionInput {
  std::string member;
  ReviewDecision decision;
};

Result<ReviewDecision> read_decision(const Call& call, bool takes_member) {
  auto input = read_body(call.request.body, [&](json::ObjectReader& object) {
    DecisionInput read;
    read.decision.by = read_text(object, "by", json::kRequired);
    read.decision.reason = read_text(object, "reason", json::kRequired, 512);
    if (takes_member) read.member = read_text(object, "member");
    object.reject_misspelt();
    return read;
  });
  if (!input) return input.error();
  if (!input->member.empty()) {
    const auto member = MemberId::parse(input->member);
    if (!member) return member.error();
    input->decision.member = *member;
  }
  const std::string& text = call.captures.front();
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, input->decision.item);
  if (fault != std::errc{} || stop != end) {
    return Error{ErrorCode::kUnknownReviewItem, "no item has this number"};
  }
  return std::move(input->decision);
}

Result<http::Response> answer_item(const Result<ReviewItem>& item) {
  if (!item) return item.error();
  return answer(200, [&](json::Writer& writer) { write_review_item(writer, *item); });
}

}  // namespace

Result<http::Response> list_review(const Call& call) {
  const auto filter = read_filter(call);
  if (!filter) return filter.error();
  const auto page = call.service.engine()->review().list(*filter);
  if (!page) return page.error();
  return answer(200, [&](json::Writer& writer) { write_review_page(writer, *page); });
}

Result<http::Response> accept_review(const Call& call) {
  const auto decision = read_decision(call, true);
  if (!decision) return decision.error();
  return answer_item(call.service.engine()->review().accept(*decision));
}

Result<http::Response> reject_review(const Call& call) {
  const auto decision = read_decision(call, false);
  if (!decision) return decision.error();
  return answer_item(call.service.engine()->review().reject(*decision));
}

}  // namespace laurel::daemon
