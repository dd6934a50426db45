// Points by hand: of one member, taken back, and of many at once.

#include "app/adjusting_json.hpp"
#include "app/handlers.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::string_view kManualSource = "manual";
constexpr std::size_t kReasonBytesMax = 1'024;
constexpr std::size_t kBatchLinesMax = 1'000'000;
constexpr std::size_t kFaultsMax = 100;

TransactionKey read_own_key(json::ObjectReader& object) {
  TransactionKey key;
  key.id = read_text(object, "id", json::kRequired);
  key.source = read_text(object, "source", json::kOptional, 64);
  if (key.source.empty()) key.source = kManualSource;
  return key;
}

Points read_points(json::ObjectReader& object, int scale) {
  const auto text = object.decimal_text("points", json::kRequired);
  if (!text) return {};
  const auto points = Points::parse(*text, scale);
  if (points && points->units() != 0) return *points;
  object.fault("points", points ? "zero" : "not_points",
               points ? "must not be zero" : points.error().detail);
  return {};
}

Adjustment read_adjustment(json::ObjectReader& object, const Display& display) {
  Adjustment adjustment;
  adjustment.key = read_own_key(object);
  adjustment.wallet = read_text(object, "wallet");
  adjustment.points = read_points(object, display.scale_of(adjustment.wallet));
  adjustment.actor = read_text(object, "actor", json::kRequired);
  adjustment.reason = read_text(object, "reason", json::kRequired, kReasonBytesMax);
  adjustment.at = read_instant(object, "at");
  object.reject_misspelt();
  return adjustment;
}

Result<void> check_own_source(const Call& call, const TransactionKey& key) {
  if (key.source == kManualSource) return {};
  return check_source(call, key.source);
}

BatchLine read_line(json::ObjectReader& object, const Display& display) {
  BatchLine line;
  const bool named = object.has("member");
  line.member = read_member(object, "member");
  if (!named) {
    if (auto identifier = object.object("identifier", json::kRequired)) {
      line.identifier.type = read_text(identifier, "type", json::kRequired);
      line.identifier.value = read_text(identifier, "value", json::kRequired, 256);
    }
  }
  line.wallet = read_text(object, "wallet");
  line.points = read_points(object, display.scale_of(line.wallet));
  object.reject_misspelt();
  return line;
}

Result<Batch> read_batch(const Call& call, const Display& display) {
  return read_body(call.request.body, [&](json::ObjectReader& object) {
    Batch batch;
    batch.key = read_own_key(object);
    batch.actor = read_text(object, "actor", json::kRequired);
    batch.reason = read_text(object, "reason", json::kRequired, kReasonBytesMax);
    batch.dry_run = object.boolean("dry_run", json::kOptional).value_or(false);
    batch.skip_unknown = object.boolean("skip_unknown", json::kOptional).value_or(false);
    auto lines =
        object.array("lines", json::kRequired, {.size_max = kBatchLinesMax, .size_min = 1});
    for (std::size_t i = 0; i < lines.size(); ++i) {
      auto line = lines.object(i);
      batch.lines.push_back(read_line(line, display));
    }
    object.reject_misspelt();
    return batch;
  });
}

bool says(const Call& call, std::string_view name) {
  return call.request.parameter(name).value_or("false") != "false";
}

// One line of the list on each; everything else is in the query.
Result<Batch> read_batch_lines(const Call& call, const Display& display) {
  Batch batch;
  batch.key = {call.request.parameter("source").value_or(std::string(kManualSource)),
               call.request.parameter("id").value_or("")};
  batch.actor = call.request.parameter("actor").value_or("");
  batch.reason = call.request.parameter("reason").value_or("");
  batch.dry_run = says(call, "dry_run");
  batch.skip_unknown = says(call, "skip_unknown");
  std::vector<FieldFault> faults;
  std::string_view text = call.request.body;
  while (!text.empty() && faults.size() < kFaultsMax) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line == "\r") continue;
    const std::string pointer = "/lines/" + std::to_string(batch.lines.size());
    auto read =
        read_body(line, [&](json::ObjectReader& object) { return read_line(object, display); });
    if (!read && read.error().faults.empty()) {
      faults.push_back({pointer, std::string(read.error().name()), read.error().detail});
    } else if (!read) {
      for (const auto& fault : read.error().faults) {
        faults.push_back({pointer + fault.pointer, fault.code, fault.detail});
      }
    }
    batch.lines.push_back(read ? *std::move(read) : BatchLine{});
  }
  if (faults.empty()) return batch;
  return Error{ErrorCode::kInvalid, "one or more lines are wrong", std::move(faults)};
}

int status_of(const BatchStanding& batch) {
  if (batch.state == BatchState::kPlanned || batch.replayed) return 200;
  return batch.state == BatchState::kWaiting ? 202 : 201;
}

TransactionKey batch_in_path(const Call& call) {
  return {call.request.parameter("source").value_or(std::string(kManualSource)),
          call.captures.front()};
}

struct Who {
  std::string actor, reason, source;
};

Result<Who> read_who(const Call& call) {
  return read_body(call.request.body, [](json::ObjectReader& object) {
    Who who;
    who.source = read_text(object, "source", json::kOptional, 64);
    if (who.source.empty()) who.source = kManualSource;
    who.actor = read_text(object, "actor", json::kRequired);
    who.reason = read_text(object, "reason", json::kRequired, kReasonBytesMax);
    object.reject_misspelt();
    return who;
  });
}

}  // namespace

Result<http::Response> adjust_points(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const Display display = call.service.display();
  auto adjustment = read_body(call.request.body, [&](json::ObjectReader& object) {
    return read_adjustment(object, display);
  });
  if (!adjustment) return adjustment.error();
  if (auto allowed = check_own_source(call, adjustment->key); !allowed) return allowed.error();
  adjustment->member = *id;
  const auto receipt = call.service.engine()->adjust(*adjustment);
  if (!receipt) return receipt.error();
  const bool waits = receipt->state == AdjustmentState::kWaiting;
  return answer(receipt->replayed ? 200
                : waits           ? 202
                                  : 201,
                [&](json::Writer& writer) {
                  write_adjustment(writer, *adjustment, *receipt,
                                   display.scale_of(receipt->wallet));
                });
}

Result<http::Response> undo_adjustment(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto who = read_who(call);
  if (!who) return who.error();
  const AdjustmentUndo undo{{who->source, call.captures[1]}, *id, who->actor, who->reason};
  if (auto allowed = check_own_source(call, undo.adjustment); !allowed) return allowed.error();
  const auto undone = call.service.engine()->adjustments().undo(undo);
  if (!undone) return undone.error();
  return answer(undone->replayed ? 200 : 201,
                [&](json::Writer& writer) { write_adjustment_undone(writer, undo, *undone); });
}

Result<http::Response> post_adjustment_batch(const Call& call) {
  const Display display = call.service.display();
  const auto type = call.request.header("content-type").value_or("");
  const bool by_line = type.starts_with("application/x-ndjson");
  const auto batch = by_line ? read_batch_lines(call, display) : read_batch(call, display);
  if (!batch) return batch.error();
  if (auto allowed = check_own_source(call, batch->key); !allowed) return allowed.error();
  const auto standing = call.service.engine()->adjustments().post(*batch);
  if (!standing) return standing.error();
  return answer(status_of(*standing),
                [&](json::Writer& writer) { write_batch(writer, *standing); });
}

Result<http::Response> get_adjustment_batch(const Call& call) {
  const TransactionKey key = batch_in_path(call);
  if (auto allowed = check_own_source(call, key); !allowed) return allowed.error();
  const auto standing = call.service.engine()->adjustments().batch(key);
  if (!standing) return standing.error();
  return answer(200, [&](json::Writer& writer) { write_batch(writer, *standing); });
}

Result<http::Response> reverse_adjustment_batch(const Call& call) {
  const auto who = read_who(call);
  if (!who) return who.error();
  const BatchReversal reversal{{who->source, call.captures.front()}, who->actor, who->reason};
  if (auto allowed = check_own_source(call, reversal.batch); !allowed) return allowed.error();
  const auto standing = call.service.engine()->adjustments().reverse(reversal);
  if (!standing) return standing.error();
  return answer(standing->replayed ? 200 : 201,
                [&](json::Writer& writer) { write_batch(writer, *standing); });
}

}  // namespace laurel::daemon
