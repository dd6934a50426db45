#include "app/handlers.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::int64_t kPageDefault = 50;
constexpr std::int64_t kPageMax = 1'000;
constexpr std::string_view kManualSource = "manual";

TierGift read_tier_gift(json::ObjectReader& object) {
  TierGift gift;
  gift.key.id = read_text(object, "id", json::kRequired);
  gift.key.source = read_text(object, "source", json::kOptional, 64);
  if (gift.key.source.empty()) gift.key.source = kManualSource;
  gift.tier = read_text(object, "tier", json::kRequired);
  if (const std::string until = read_text(object, "until"); !until.empty()) {
    if (const auto day = parse_date(until)) {
      gift.until = *day;
    } else {
      object.fault("until", "not_a_date", "a local day such as 2026-12-31");
    }
  }
  gift.actor = read_text(object, "actor", json::kRequired);
  gift.reason = read_text(object, "reason", json::kRequired, 1'024);
  object.reject_misspelt();
  return gift;
}

// "before" and its other name "cursor".
Result<EntryId> place_in_ledger(const Call& call, std::string_view name) {
  const auto place = integer_parameter(call, name, 0, {.min = 0});
  if (!place) return place.error();
  return EntryId(*place);
}

}  // namespace

Result<http::Response> get_ledger(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto limit = integer_parameter(call, "limit", kPageDefault, {.min = 1, .max = kPageMax});
  if (!limit) return limit.error();
  const auto before = place_in_ledger(call, call.request.parameter("cursor") ? "cursor" : "before");
  if (!before) return before.error();
  const auto page = call.service.engine()->ledger(*id, *before, static_cast<std::size_t>(*limit));
  if (!page) return page.error();
  const Display display = call.service.display();
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field_array("entries");
    for (const EntryView& entry : page->entries) {
      write_entry(writer, entry, display, Audience::kStaff);
    }
    writer.end_array().key("next");
    if (page->next) {
      writer.value(std::to_string(page->next.number()));
    } else {
      writer.null();
    }
    writer.end_object();
  });
}

Result<http::Response> get_statement(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  const auto as_of = instant_parameter(call, "as_of", call.service.now());
  if (!as_of) return as_of.error();
  const std::string basis = call.request.parameter("basis").value_or("event");
  if (basis != "event" && basis != "booking") {
    return wrong_parameter("basis", "unknown_value", "event or booking");
  }
  const auto engine = call.service.engine();
  const auto statement =
      engine->statement(*id, *as_of, basis == "event" ? TimeBasis::kEvent : TimeBasis::kBooking);
  if (!statement) return statement.error();
  return answer(200, [&](json::Writer& writer) {
    write_statement(writer, *statement, call.service.display());
  });
}

Result<http::Response> grant_tier(const Call& call) {
  const auto id = member_in_path(call);
  if (!id) return id.error();
  auto gift = read_body(call.request.body, read_tier_gift);
  if (!gift) return gift.error();
  if (gift->key.source != kManualSource) {
    if (auto allowed = check_source(call, gift->key.source); !allowed) return allowed.error();
  }
  gift->member = *id;
  const auto receipt = call.service.engine()->grant_tier(*gift);
  if (!receipt) return receipt.error();
  return answer(receipt->replayed ? 200 : 201,
                [&](json::Writer& writer) { write_tier_gift(writer, *gift, *receipt); });
}

Result<http::Response> list_events(const Call& call) {
  const auto limit = integer_parameter(call, "limit", kPageDefault, {.min = 1, .max = kPageMax});
  if (!limit) return limit.error();
  const auto after = place_in_ledger(call, "after");
  if (!after) return after.error();
  const auto page = call.service.engine()->entries(*after, static_cast<std::size_t>(*limit));
  if (!page) return page.error();
  const Display display = call.service.display();
  const EntryId last = page->entries.empty() ? *after : page->entries.back().id;
  return answer(200, [&](json::Writer& writer) {
    writer.begin_object().field_array("events");
    for (const EntryView& entry : page->entries) {
      write_entry(writer, entry, display, Audience::kSubscriber);
    }
    writer.end_array().field("cursor", std::to_string(last.number()));
    writer.field("more", static_cast<bool>(page->next)).end_object();
  });
}

}  // namespace laurel::daemon
