#include "app/redemption_json.hpp"

#include <charconv>
#include <chrono>

#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

std::optional<Points> read_points(json::ObjectReader& object, int scale, json::Presence presence) {
  const auto text = object.decimal_text("points", presence);
  if (!text) return std::nullopt;
  const auto points = Points::parse(*text, scale);
  if (points && *points > Points{}) return *points;
  object.fault("points", points ? "out_of_range" : "not_points", "a number of points above zero");
  return std::nullopt;
}

// "90s", "15m", "2h", "1d".
std::optional<Duration> read_length(json::ObjectReader& object, std::string_view name,
                                    json::Presence presence) {
  const auto text = object.string(name, presence);
  if (!text) return std::nullopt;
  constexpr int kMax = 1'000'000;
  int number = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  const bool one_letter = error == std::errc() && rest + 1 == end;
  if (one_letter && number > 0 && number <= kMax) {
    switch (*rest) {
      case 's': return std::chrono::seconds(number);
      case 'm': return std::chrono::minutes(number);
      case 'h': return std::chrono::hours(number);
      case 'd': return std::chrono::hours(24) * number;
      default: break;
    }
  }
  object.fault(name, "not_a_length_of_time", "a whole number and s, m, h or d, such as 15m");
  return std::nullopt;
}

std::optional<PointsBasket> read_basket(json::ObjectReader& request) {
  auto object = request.object("basket", json::kOptional);
  if (!object) return std::nullopt;
  PointsBasket basket;
  basket.currency = read_text(object, "currency");
  basket.amount = std::string(object.decimal_text("amount", json::kOptional).value_or(""));
  auto lines = object.array("lines", json::kOptional, {.size_max = kLinesMax});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines.object(i);
    basket.lines.push_back(read_line(line, i, std::nullopt));
  }
  if (basket.amount.empty() && basket.lines.empty() && !object.has("amount")) {
    object.fault("amount", "required", "what is to be paid");
  }
  object.reject_misspelt();
  return basket;
}

}  // namespace

RedemptionRequest read_redemption_request(json::ObjectReader& object, const Display& display) {
  RedemptionRequest request;
  request.key = read_key(object);
  request.identifiers = read_identifiers(object, json::kRequired);
  request.wallet = read_text(object, "wallet");
  request.points = read_points(object, display.scale_of(request.wallet), json::kOptional);
  request.basket = read_basket(object);
  request.hold = read_length(object, "hold", json::kOptional);
  request.step_up = object.boolean("step_up", json::kOptional).value_or(false);
  request.offline = object.boolean("offline", json::kOptional).value_or(false);
  request.at = read_instant(object, "at");
  request.associate = read_text(object, "associate");
  request.reward = read_text(object, "reward");
  request.department = read_text(object, "department");
  request.channel = read_text(object, "channel");
  request.pool = object.boolean("pool", json::kOptional).value_or(false);
  object.reject_misspelt();
  return request;
}

Resolution read_resolution(json::ObjectReader& object, const Display& display) {
  Resolution resolution;
  resolution.redemption.source = read_text(object, "source", json::kRequired, 64);
  resolution.id = read_text(object, "id");
  resolution.points = read_points(object, display.scale_of({}), json::kOptional);
  resolution.reason = read_text(object, "reason", json::kOptional, 512);
  object.reject_misspelt();
  return resolution;
}

Extension read_extension(json::ObjectReader& object, const Display&) {
  Extension extension;
  extension.redemption.source = read_text(object, "source", json::kRequired, 64);
  extension.id = read_text(object, "id");
  extension.hold = read_length(object, "hold", json::kRequired).value_or(Duration{});
  object.reject_misspelt();
  return extension;
}

Transfer read_transfer(json::ObjectReader& object, const Display& display) {
  Transfer transfer;
  transfer.key.id = read_text(object, "id", json::kRequired);
  transfer.key.source = read_text(object, "source", json::kOptional, 64);
  transfer.to = read_member(object, "to", json::kRequired);
  transfer.wallet = read_text(object, "wallet");
  transfer.points =
      read_points(object, display.scale_of(transfer.wallet), json::kRequired).value_or(Points{});
  transfer.actor = read_text(object, "actor");
  transfer.reason = read_text(object, "reason", json::kRequired, 512);
  object.reject_misspelt();
  return transfer;
}

void write_paid(json::Writer& writer, const Receipt& receipt, const Display& display) {
  if (receipt.paid.empty()) return;
  writer.field_array("paid_with_points");
  for (const PointsPaid& paid : receipt.paid) {
    writer.begin_object().field("wallet", paid.wallet);
    writer.field_raw("points", paid.points.text(display.scale_of(paid.wallet)));
    writer.field("worth", paid.worth).end_object();
  }
  writer.end_array();
}

void write_redemption(json::Writer& writer, const Redemption& redemption) {
  writer.begin_object().field_object("redemption");
  writer.field("id", redemption.key.id).field("source", redemption.key.source);
  writer.field("state", to_text(redemption.state)).field("member", redemption.member.text());
  writer.field("wallet", redemption.wallet);
  writer.field_raw("points", redemption.points.text(redemption.scale));
  if (!redemption.currency.empty()) {
    writer.field("worth", redemption.worth).field("currency", redemption.currency);
  }
  if (redemption.expires_at) writer.field("expires_at", laurel::to_text(*redemption.expires_at));
  if (redemption.sale) {
    writer.field_object("sale")
        .field("source", redemption.sale->source)
        .field("id", redemption.sale->id)
        .end_object();
  }
  if (!redemption.reward.empty()) writer.field("reward", redemption.reward);
  if (!redemption.voucher.empty()) writer.field("voucher", redemption.voucher);
  if (redemption.valid_until && *redemption.valid_until != kNever) {
    writer.field("valid_until", laurel::to_text(*redemption.valid_until - std::chrono::seconds(1)));
  }
  if (!redemption.shares.empty()) {
    writer.field_array("shares");
    for (const auto& share : redemption.shares) {
      writer.begin_object().field("member", share.member.text());
      writer.field_raw("points", share.points.text(redemption.scale)).end_object();
    }
    writer.end_array();
  }
  if (!redemption.flags.empty()) {
    writer.field_array("flags");
    for (const auto& flag : redemption.flags) writer.value(flag);
    writer.end_array();
  }
  writer.end_object().field("replayed", redemption.replayed);
  write_balances(writer, redemption.wallets);
  writer.end_object();
}

void write_transfer(json::Writer& writer, const TransferReceipt& receipt, const Display& display) {
  writer.begin_object().field_object("transfer");
  writer.field("id", receipt.key.id).field("from", receipt.from.text());
  writer.field("to", receipt.to.text()).field("wallet", receipt.wallet);
  writer.field_raw("points", receipt.points.text(display.scale_of(receipt.wallet)));
  writer.end_object().field("replayed", receipt.replayed);
  write_balances(writer, receipt.wallets);
  writer.end_object();
}

}  // namespace laurel::daemon
