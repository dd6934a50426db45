// Members who may spend each other's points.

#include "app/answer_json.hpp"
#include "app/handlers.hpp"
#include "app/transaction_json.hpp"
#include "laurel/pool.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kManualSource = "manual";

struct Asked {
  TransactionKey key;
  MemberId member;
  std::string actor, reason;
  bool spends = false, contributes = true;
};

Asked read_asked(json::ObjectReader& object, std::string_view member, bool joins) {
  Asked asked;
  asked.key.id = read_text(object, "id", json::kRequired);
  asked.key.source = read_text(object, "source", json::kOptional, 64);
  asked.member = read_member(object, member, json::kRequired);
  asked.actor = read_text(object, "actor");
  asked.reason = read_text(object, "reason", json::kRequired, 512);
  if (joins) {
    asked.spends = object.boolean("spends", json::kOptional).value_or(false);
    asked.contributes = object.boolean("contributes", json::kOptional).value_or(true);
  }
  object.reject_misspelt();
  return asked;
}

Result<Asked> asked_by(const Call& call, std::string_view member, bool joins = false) {
  auto asked = read_body(call.request.body, [&](json::ObjectReader& object) {
    return read_asked(object, member, joins);
  });
  if (!asked) return asked.error();
  if (asked->key.source.empty()) asked->key.source = kManualSource;
  if (asked->key.source != kManualSource) {
    if (auto allowed = check_source(call, asked->key.source); !allowed) return allowed.error();
  }
  if (asked->actor.empty()) asked->actor = actor_of(call);
  return asked;
}

void write_pool(json::Writer& writer, const Pool& pool) {
  writer.begin_object().field_object("pool").field("id", pool.id.text());
  writer.field_array("members");
  for (const auto& one : pool.members) {
    writer.begin_object().field("member", one.member.text()).field("head", one.head);
    writer.field("spends", one.spends).field("contributes", one.contributes);
    writer.field("active", one.active).field("since", laurel::to_text(one.since)).end_object();
  }
  writer.end_array().end_object().field("replayed", pool.replayed);
  write_balances(writer, pool.wallets);
  writer.end_object();
}

Result<http::Response> answer_pool(const Result<Pool>& pool, int made) {
  if (!pool) return pool.error();
  return answer(pool->replayed ? 200 : made,
                [&](json::Writer& writer) { write_pool(writer, *pool); });
}

}  // namespace

Result<http::Response> open_pool(const Call& call) {
  const auto asked = asked_by(call, "head");
  if (!asked) return asked.error();
  const auto engine = call.service.engine();
  return answer_pool(engine->pools().open({asked->key, asked->member, asked->actor, asked->reason}),
                     201);
}

Result<http::Response> join_pool(const Call& call) {
  const auto id = PoolId::parse(call.captures[0]);
  if (!id) return Error{ErrorCode::kNotFound, "no pool has this id"};
  const auto asked = asked_by(call, "member", true);
  if (!asked) return asked.error();
  const auto engine = call.service.engine();
  return answer_pool(engine->pools().join({asked->key, *id, asked->member, asked->spends,
                                           asked->contributes, asked->actor, asked->reason}),
                     201);
}

Result<http::Response> leave_pool(const Call& call) {
  const auto id = PoolId::parse(call.captures[0]);
  if (!id) return Error{ErrorCode::kNotFound, "no pool has this id"};
  const auto asked = asked_by(call, "member");
  if (!asked) return asked.error();
  const auto engine = call.service.engine();
  return answer_pool(
      engine->pools().leave({asked->key, *id, asked->member, asked->actor, asked->reason}), 201);
}

Result<http::Response> get_pool(const Call& call) {
  const auto id = PoolId::parse(call.captures[0]);
  if (!id) return Error{ErrorCode::kNotFound, "no pool has this id"};
  const auto engine = call.service.engine();
  return answer_pool(engine->pools().get(*id), 200);
}

}  // namespace laurel::daemon
