#pragma once
// One function a route: read the request, run the engine, write the answer.

#include <functional>
#include <string>

#include "app/routes.hpp"
#include "app/service.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace laurel::daemon {

// transactions
Result<http::Response> post_transaction(const Call& call);
Result<http::Response> post_batch(const Call& call);
Result<http::Response> get_transaction(const Call& call);
Result<http::Response> claim_transaction(const Call& call);
Result<http::Response> quote_transaction(const Call& call);
// members
Result<http::Response> enrol_member(const Call& call);
Result<http::Response> get_member(const Call& call);
Result<http::Response> change_member(const Call& call);
Result<http::Response> link_identifier(const Call& call);
Result<http::Response> unlink_identifier(const Call& call);
// what whoever serves a member sees (view_handlers.cpp)
Result<http::Response> lookup_member(const Call& call);
Result<http::Response> view_member(const Call& call);
Result<http::Response> list_identifiers(const Call& call);
// history
Result<http::Response> get_ledger(const Call& call);
Result<http::Response> get_statement(const Call& call);
Result<http::Response> adjust_points(const Call& call);
Result<http::Response> undo_adjustment(const Call& call);
Result<http::Response> post_adjustment_batch(const Call& call);
Result<http::Response> get_adjustment_batch(const Call& call);
Result<http::Response> reverse_adjustment_batch(const Call& call);
Result<http::Response> grant_tier(const Call& call);
Result<http::Response> list_events(const Call& call);
// webhooks (webhook_handlers.cpp)
Result<http::Response> add_webhook(const Call& call);
Result<http::Response> list_webhooks(const Call& call);
Result<http::Response> get_webhook(const Call& call);
Result<http::Response> remove_webhook(const Call& call);
Result<http::Response> resume_webhook(const Call& call);
// persons (person_handlers.cpp)
Result<http::Response> merge_members(const Call& call);
Result<http::Response> unmerge_members(const Call& call);
Result<http::Response> erase_member(const Call& call);
Result<http::Response> export_member(const Call& call);
Result<http::Response> list_duplicates(const Call& call);
// review
Result<http::Response> list_review(const Call& call);
Result<http::Response> accept_review(const Call& call);
Result<http::Response> reject_review(const Call& call);
// redemptions
Result<http::Response> hold_points(const Call& call);
Result<http::Response> capture_redemption(const Call& call);
Result<http::Response> release_redemption(const Call& call);
Result<http::Response> extend_redemption(const Call& call);
Result<http::Response> reverse_redemption(const Call& call);
Result<http::Response> get_redemption(const Call& call);

// pools
Result<http::Response> open_pool(const Call& call);
Result<http::Response> join_pool(const Call& call);
Result<http::Response> leave_pool(const Call& call);
Result<http::Response> get_pool(const Call& call);
Result<http::Response> transfer_points(const Call& call);
// reports
Result<http::Response> report_liability(const Call& call);
Result<http::Response> report_tiers(const Call& call);
Result<http::Response> report_departments(const Call& call);
Result<http::Response> report_staff(const Call& call);
// lots
Result<http::Response> extend_lots(const Call& call);
Result<http::Response> unexpire_lots(const Call& call);
Result<http::Response> undo_lots(const Call& call);
// programme
Result<http::Response> get_programme(const Call& call);
Result<http::Response> list_versions(const Call& call);
Result<http::Response> validate_programme(const Call& call);
Result<http::Response> publish_programme(const Call& call);
Result<http::Response> diff_programme(const Call& call);
Result<http::Response> simulate_programme(const Call& call);
// who decides (decision_handlers.cpp)
Result<http::Response> rollback_programme(const Call& call);
Result<http::Response> list_proposals(const Call& call);
Result<http::Response> approve_proposal(const Call& call);
Result<http::Response> withdraw_proposal(const Call& call);
Result<http::Response> stop_rule(const Call& call);
Result<http::Response> resume_rule(const Call& call);
Result<http::Response> put_sandbox_programme(const Call& call);
// rewards and vouchers (voucher_handlers.cpp)
Result<http::Response> list_rewards(const Call& call);
Result<http::Response> take_reward(const Call& call);
Result<http::Response> issue_vouchers(const Call& call);
Result<http::Response> list_vouchers(const Call& call);
Result<http::Response> quote_voucher(const Call& call);
Result<http::Response> reserve_voucher(const Call& call);
Result<http::Response> redeem_voucher(const Call& call);
Result<http::Response> release_voucher(const Call& call);
// sandbox
Result<http::Response> get_sandbox_clock(const Call& call);
Result<http::Response> set_sandbox_clock(const Call& call);
Result<http::Response> reset_sandbox(const Call& call);
// operations
Result<http::Response> get_health(const Call& call);
Result<http::Response> get_readiness(const Call& call);
Result<http::Response> get_metrics(const Call& call);
Result<http::Response> get_openapi(const Call& call);
Result<http::Response> get_docs(const Call& call);
Result<http::Response> get_console(const Call& call);
Result<http::Response> get_console_page(const Call& call);
Result<http::Response> get_console_file(const Call& call);

// ---- What they share

// Reads the body as a JSON object. kMalformed, kTooLarge, or kInvalid with every fault noted.
template <class Read>
auto read_body(std::string_view text, Read read)
    -> Result<decltype(read(std::declval<json::ObjectReader&>()))> {
  const auto document = json::Document::parse(text);
  if (!document) return document.error();
  json::Reader reader;
  auto object = reader.object(document->root());
  auto input = read(object);
  if (!reader.ok()) return reader.take_error();
  return input;
}

template <class Write>
http::Response answer(int status, Write write) {
  http::Response response;
  response.status = status;
  response.body.reserve(2'048);  // most answers
  json::Writer writer(response.body);
  write(writer);
  return response;
}

// kForbidden where the key may not post for the source.
Result<void> check_source(const Call& call, std::string_view source);
// kUnknownMember where the text is no member id.
Result<MemberId> member_in_path(const Call& call);
// Who does it, where the request does not say: the key's id.
std::string actor_of(const Call& call);

// kTooManyRequests where the client was wrong about vouchers too often; `source` stands for it
// where there is no key. What fails counts.
Result<void> may_guess(const Call& call, const std::string& source);
void note_guess(const Call& call, const std::string& source, const Error& error);
template <class Work>
auto guess_voucher(const Call& call, const std::string& source, Work work) -> decltype(work()) {
  if (auto may = may_guess(call, source); !may) return may.error();
  auto result = work();
  if (!result) note_guess(call, source, result.error());
  return result;
}

// Query parameters; kInvalid with the parameter's name as the pointer.
Result<std::int64_t> integer_parameter(const Call& call, std::string_view name,
                                       std::int64_t otherwise, json::IntegerLimits limits);
Result<Instant> instant_parameter(const Call& call, std::string_view name, Instant otherwise);
Error wrong_parameter(std::string_view name, std::string_view code, std::string detail);

}  // namespace laurel::daemon
