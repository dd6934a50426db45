// Members who are one person, and what a person may ask of us.

#include "app/handlers.hpp"
#include "app/person_json.hpp"
#include "app/transaction_json.hpp"
#include "laurel/merging.hpp"
#include "laurel/privacy.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kManualSource = "manual";

// Its own key, and who does it and why.
struct Order {
  TransactionKey key;
  std::string actor, reason;
};

Order read_order(json::ObjectReader& object) {
  Order order;
  order.key.id = read_text(object, "id", json::kRequired);
  order.key.source = read_text(object, "source", json::kOptional, 64);
  if (order.key.source.empty()) order.key.source = kManualSource;
  order.actor = read_text(object, "actor", json::kRequired);
  order.reason = read_text(object, "reason", json::kRequired, 1'024);
  return order;
}

Result<void> check_order(const Call& call, const TransactionKey& key) {
  if (key.source == kManualSource) return {};
  return check_source(call, key.source);
}

Merge read_merge(json::ObjectReader& object) {
  Merge merge;
  merge.from = read_member(object, "from", json::kRequired);
  auto order = read_order(object);
  merge.key = std::move(order.key);
  merge.actor = std::move(order.actor);
  merge.reason = std::move(order.reason);
  object.reject_misspelt();
  return merge;
}

Unmerge read_unmerge(json::ObjectReader& object) {
  Unmerge unmerge;
  unmerge.merge.id = read_text(object, "merge", json::kRequired);
  auto order = read_order(object);
  unmerge.merge.source = order.key.source;
  unmerge.key = std::move(order.key);
  unmerge.actor = std::move(order.actor);
  unmerge.reason = std::move(order.reason);
  object.reject_misspelt();
  return unmerge;
}

Erasure read_erasure(json::ObjectReader& object) {
  auto order = read_order(object);
  object.reject_misspelt();
  return {std::move(order.key), {}, std::move(order.actor), std::move(order.reason)};
}

template <class Receipt, class Write>
Result<http::Response> answer_once(const Result<Receipt>& receipt, Write write) {
  if (!receipt) return receipt.error();
  return answer(receipt->replayed ? 200 : 201,
                [&](json::Writer& writer) { write(writer, *receipt); });
}

}  // namespace

Result<http::Response> merge_members(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  auto merge = read_body(call.request.body, read_merge);
  if (!merge) return merge.error();
  if (auto allowed = check_order(call, merge->key); !allowed) return allowed.error();
  merge->into = *id;
  return answer_once(call.service.engine()->merging().merge(*merge),
                     [&](json::Writer& writer, const MergeReceipt& receipt) {
                       write_merge(writer, "merge", merge->key, receipt);
                     });
}

Result<http::Response> unmerge_members(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  auto unmerge = read_body(call.request.body, read_unmerge);
  if (!unmerge) return unmerge.error();
  if (auto allowed = check_order(call, unmerge->key); !allowed) return allowed.error();
  unmerge->member = *id;
  return answer_once(call.service.engine()->merging().unmerge(*unmerge),
                     [&](json::Writer& writer, const MergeReceipt& receipt) {
                       write_merge(writer, "unmerge", unmerge->key, receipt);
                     });
}

Result<http::Response> erase_member(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  auto erasure = read_body(call.request.body, read_erasure);
  if (!erasure) return erasure.error();
  if (auto allowed = check_order(call, erasure->key); !allowed) return allowed.error();
  erasure->member = *id;
  const Display display = call.service.display();
  return answer_once(call.service.engine()->privacy().erase(*erasure),
                     [&](json::Writer& writer, const ErasureReceipt& receipt) {
                       write_erasure(writer, erasure->key, receipt, display);
                     });
}

Result<http::Response> list_duplicates(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto candidates = call.service.engine()->merging().candidates(*id);
  if (!candidates) return candidates.error();
  return answer(200, [&](json::Writer& writer) { write_candidates(writer, *candidates); });
}

Result<http::Response> export_member(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto data = call.service.engine()->privacy().everything(*id);
  if (!data) return data.error();
  return answer(200, [&](json::Writer& writer) {
    write_personal_data(writer, *data, call.service.display());
  });
}

}  // namespace laurel::daemon
