// Who is told of what was booked.

#include <algorithm>
#include <charconv>

#include "app/answer_json.hpp"
#include "app/handlers.hpp"
#include "app/secret.hpp"
#include "app/transaction_json.hpp"
#include "laurel/webhook.hpp"
#include "webhooks/message.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kUrlBytesMax = 4'096;
constexpr std::size_t kEventsMax = 64;
constexpr std::size_t kNameDigits = 16;  // of an id that was left out

// What could be read of an order. A field that could not be is noted already, and judged no more.
class OrderReader {
 public:
  explicit OrderReader(json::ObjectReader& object)
      : object_(object),
        events_(object.array("events", json::kOptional, {.size_max = kEventsMax})) {}

  WebhookOrder read() {
    order_.id = text("id", json::kOptional, "/id", 256);
    order_.url = text("url", json::kRequired, "/url", kUrlBytesMax);
    // Of its address, so that the same request again is the same webhook.
    if (order_.id.empty()) order_.id = "wh_" + secret_hash(order_.url).substr(0, kNameDigits);
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const auto kind = events_.string(i);
      if (!kind) unread_.push_back("/events/" + std::to_string(i));
      order_.events.emplace_back(kind.value_or(""));
    }
    order_.secret = text("secret", json::kOptional, "/secret", 256);
    order_.secret_given = !order_.secret.empty();
    if (!order_.secret_given) order_.secret = make_webhook_secret();
    read_after();
    order_.tag = make_webhook_tag();
    judge();
    object_.reject_misspelt();
    return std::move(order_);
  }

 private:
  std::string text(std::string_view name, json::Presence presence, const char* pointer,
                   std::size_t bytes_max) {
    const auto read = object_.string(name, presence, {.bytes_max = bytes_max});
    if (!read) unread_.emplace_back(pointer);
    return std::string(read.value_or(""));
  }

  void read_after() {
    const auto text = object_.decimal_text("after", json::kOptional);
    if (!text) return;
    std::int64_t number = -1;
    const char* const end = text->data() + text->size();
    const auto [read_to, failure] = std::from_chars(text->data(), end, number);
    order_.after = EntryId(failure == std::errc() && read_to == end ? number : -1);
  }

  void judge() {
    for (const FieldFault& fault : faults_of(order_)) {
      constexpr std::string_view kEvents = "/events/";
      if (std::ranges::find(unread_, fault.pointer) != unread_.end()) continue;
      if (fault.pointer.starts_with(kEvents)) {
        events_.fault(std::stoul(fault.pointer.substr(kEvents.size())), fault.code, fault.detail);
      } else {
        object_.fault(fault.pointer.substr(1), fault.code, fault.detail);
      }
    }
  }

  json::ObjectReader& object_;
  json::ArrayReader events_;
  WebhookOrder order_ = {};
  std::vector<std::string> unread_ = {};
};

std::string_view state_of(const WebhookProgress& progress) {
  if (progress.state == WebhookState::kOff) return "off";
  return progress.failures > 0 ? "failing" : "active";
}

void write_moment(json::Writer& writer, std::string_view name, std::optional<Instant> moment) {
  writer.key(name);
  if (moment) {
    writer.value(laurel::to_text(*moment));
  } else {
    writer.null();
  }
}

void write_webhook(json::Writer& writer, const Webhook& webhook, EntryId newest) {
  const WebhookProgress& progress = webhook.progress;
  writer.begin_object().field("id", webhook.id).field("url", webhook.url).field_array("events");
  for (const std::string& kind : webhook.events) writer.value(kind);
  writer.end_array().field("state", state_of(progress));
  writer.field("created_at", laurel::to_text(webhook.created_at)).field("created_by", webhook.by);
  writer.field("cursor", std::to_string(progress.cursor.number()));
  writer.field("lag", std::max<std::int64_t>(newest.number() - progress.cursor.number(), 0));
  writer.field("failures", progress.failures).key("last_error");
  if (progress.last_error.empty()) {
    writer.null();
  } else {
    writer.value(progress.last_error);
  }
  write_moment(writer, "delivered_at", progress.delivered_at);
  write_moment(writer, "failed_at", progress.failed_at);
  write_moment(writer, "next_attempt_at", progress.next_attempt_at);
  writer.end_object();
}

Result<http::Response> answer_webhook(Engine& engine, const Result<Webhook>& webhook) {
  if (!webhook) return webhook.error();
  const auto newest = engine.webhooks().newest_event();
  if (!newest) return newest.error();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().key("webhook");
    write_webhook(writer, *webhook, *newest);
    writer.end_object();
  });
}

}  // namespace

Result<http::Response> add_webhook(const Call& call) {
  auto order = read_body(call.request.body,
                         [](json::ObjectReader& object) { return OrderReader(object).read(); });
  if (!order) return order.error();
  order->by = actor_of(call);
  const auto engine = call.service.engine();
  const auto added = engine->webhooks().add(*order);
  if (!added) return added.error();
  const auto newest = engine->webhooks().newest_event();
  if (!newest) return newest.error();
  return answer(added->replayed ? 200 : 201, [&](json::Writer& writer) {
    writer.begin_object().key("webhook");
    write_webhook(writer, added->webhook, *newest);
    if (!added->replayed) writer.field("secret", added->webhook.secret);
    writer.field("replayed", added->replayed).end_object();
  });
}

Result<http::Response> list_webhooks(const Call& call) {
  const auto engine = call.service.engine();
  const auto all = engine->webhooks().list();
  if (!all) return all.error();
  const auto newest = engine->webhooks().newest_event();
  if (!newest) return newest.error();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field_array("webhooks");
    for (const Webhook& webhook : *all) write_webhook(writer, webhook, *newest);
    writer.end_array().end_object();
  });
}

Result<http::Response> get_webhook(const Call& call) {
  const auto engine = call.service.engine();
  return answer_webhook(*engine, engine->webhooks().get(call.captures[0]));
}

Result<http::Response> remove_webhook(const Call& call) {
  const auto engine = call.service.engine();
  return answer_webhook(*engine, engine->webhooks().remove(call.captures[0]));
}

Result<http::Response> resume_webhook(const Call& call) {
  const auto engine = call.service.engine();
  return answer_webhook(*engine, engine->webhooks().resume(call.captures[0]));
}

}  // namespace laurel::daemon
