#include "app/voucher_json.hpp"

#include "app/answer_json.hpp"
#include "app/transaction_json.hpp"
#include "laurel/time.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kLinesMaxOfBasket = 1'000;
constexpr std::size_t kCodesMax = 1'000;

void or_null(json::Writer& writer, std::string_view name, std::string_view text) {
  if (text.empty()) {
    writer.key(name).null();
  } else {
    writer.field(name, text);
  }
}

// The last second of what ends before `instant`.
void last_second(json::Writer& writer, std::string_view name, Instant instant) {
  or_null(writer, name,
          instant == kNever ? std::string() : to_text(instant - std::chrono::seconds(1)));
}

std::string amount(json::ObjectReader& object, std::string_view name,
                   json::Presence presence = json::kOptional) {
  const auto text = object.decimal_text(name, presence);
  if (text && text->front() == '-') object.fault(name, "negative", "must not be negative");
  return std::string(text.value_or(""));
}

// {id, amount, shipping, tax, currency}, or lines of their own.
VoucherBasket read_basket(json::ObjectReader& object) {
  VoucherBasket basket;
  auto given = object.object("basket", json::kRequired);
  if (!given) return basket;
  basket.id = read_text(given, "id", json::kRequired);
  basket.currency = read_text(given, "currency");
  basket.tax_on_top = given.boolean("tax_on_top", json::kOptional).value_or(false);
  const std::string whole = amount(given, "amount");
  const std::string shipping = amount(given, "shipping");
  if (!whole.empty()) basket.lines.push_back({"1", whole, amount(given, "tax")});
  if (!shipping.empty()) basket.lines.push_back({"shipping", shipping, "", true});
  auto lines = given.array("lines", json::kOptional, {.size_max = kLinesMaxOfBasket});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines.object(i);
    VoucherBasketLine& out = basket.lines.emplace_back();
    out.id = read_text(line, "id");
    if (out.id.empty()) out.id = std::to_string(i + 1);
    out.amount = amount(line, "amount", json::kRequired);
    out.tax = amount(line, "tax");
    out.shipping = line.boolean("shipping", json::kOptional).value_or(false);
    line.reject_misspelt();
  }
  given.reject_misspelt();
  return basket;
}

// "15m", "90s", "1h".
Duration read_hold(json::ObjectReader& object) {
  const std::string text = read_text(object, "hold");
  if (text.empty()) return std::chrono::minutes(15);
  constexpr std::int64_t kLongest = 100'000;
  std::int64_t number = 0;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9' && number < kLongest; ++i) {
    number = number * 10 + (text[i] - '0');
  }
  const std::string unit = text.substr(i);
  if (i > 0 && unit == "s") return std::chrono::seconds(number);
  if (i > 0 && unit == "m") return std::chrono::minutes(number);
  if (i > 0 && unit == "h") return std::chrono::hours(number);
  object.fault("hold", "not_a_duration", "such as \"15m\"; up to 24h");
  return std::chrono::minutes(15);
}

void write_worth(json::Writer& writer, const VoucherWorth& worth) {
  writer.field_object("worth").field("off", worth.off).field("to_pay", worth.to_pay);
  or_null(writer, "left", worth.left);
  or_null(writer, "item", worth.item);
  writer.field_array("lines");
  for (const auto& line : worth.lines) {
    writer.begin_object().field("id", line.line).field("off", line.off);
    writer.field("amount", line.amount).field("tax", line.tax).end_object();
  }
  writer.end_array().end_object();
}

}  // namespace

VoucherRequest read_voucher_request(json::ObjectReader& object) {
  VoucherRequest request;
  request.key = read_key(object);
  request.member = read_member(object, "member");
  request.identifiers = read_identifiers(object, json::kOptional);
  request.hold = read_hold(object);
  if (object.has("basket")) request.basket = read_basket(object);
  object.reject_misspelt();
  return request;
}

VoucherOrder read_voucher_order(json::ObjectReader& object) {
  VoucherOrder order;
  order.key = read_key(object);
  order.actor = read_text(object, "actor");
  order.reason = read_text(object, "reason", json::kOptional, 512);
  order.reward = read_text(object, "reward");
  order.member = read_member(object, "member");
  order.pool = read_text(object, "pool");
  order.waits = object.boolean("waits", json::kOptional).value_or(false);
  order.partner = object.boolean("partner", json::kOptional).value_or(false);
  order.count = object.integer("count", json::kOptional, {.min = 1, .max = 1'000}).value_or(1);
  auto codes = object.array("codes", json::kOptional, {.size_max = kCodesMax});
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (const auto code = codes.string(i)) order.codes.emplace_back(*code);
  }
  object.reject_misspelt();
  return order;
}

RewardRequest read_reward_request(json::ObjectReader& object) {
  RewardRequest request;
  request.key = read_key(object);
  request.reward = read_text(object, "reward");
  request.member = read_member(object, "member");
  request.identifiers = read_identifiers(object, json::kOptional);
  request.department = read_text(object, "department");
  request.channel = read_text(object, "channel");
  object.reject_misspelt();
  return request;
}

void write_voucher(json::Writer& writer, const VoucherView& voucher) {
  writer.begin_object().field("code", voucher.readable).field("kind", voucher.kind);
  writer.field("state", voucher.state);
  or_null(writer, "reward", voucher.reward);
  or_null(writer, "pool", voucher.pool);
  or_null(writer, "item", voucher.item);
  or_null(writer, "amount", voucher.amount);
  or_null(writer, "left", voucher.left);
  or_null(writer, "percent", voucher.percent);
  or_null(writer, "at_most", voucher.at_most);
  or_null(writer, "minimum", voucher.minimum);
  or_null(writer, "currency", voucher.currency);
  or_null(writer, "owner", voucher.owner ? voucher.owner.text() : std::string());
  writer.field("uses_left", voucher.uses_left);
  writer.field("valid_from", to_text(voucher.valid_from));
  last_second(writer, "valid_until", voucher.valid_until);
  writer.end_object();
}

void write_voucher_answer(json::Writer& writer, const VoucherAnswer& answer) {
  writer.begin_object().field("replayed", answer.replayed).key("voucher");
  write_voucher(writer, answer.voucher);
  if (!answer.worth.to_pay.empty()) write_worth(writer, answer.worth);
  if (answer.held_until) writer.field("held_until", to_text(*answer.held_until));
  writer.end_object();
}

void write_offer(json::Writer& writer, const RewardOffer& offer) {
  writer.begin_object().field("id", offer.id).field("name", offer.name);
  or_null(writer, "terms", offer.terms);
  writer.field("kind", offer.kind).field("worth", offer.worth);
  writer.field("wallet", offer.wallet).key("cost");
  if (offer.cost) {
    writer.raw(offer.cost->text(offer.scale));
  } else {
    writer.null();
  }
  writer.field("available", offer.available).field_array("missing");
  for (const auto& missing : offer.missing) {
    writer.begin_object().field("code", missing.code).field("detail", missing.detail).end_object();
  }
  writer.end_array();
  writer.field_raw("points_missing", offer.points_missing.text(offer.scale));
  const auto count = [&](std::string_view name, const std::optional<std::int64_t>& number) {
    writer.key(name);
    if (number) {
      writer.value(*number);
    } else {
      writer.null();
    }
  };
  count("stock_left", offer.stock_left);
  count("left_for_member", offer.left_for_member);
  writer.end_object();
}

void write_taken(json::Writer& writer, const RewardTaken& taken, const TransactionKey& key) {
  writer.begin_object().field_object("redemption").field("id", key.id).field("source", key.source);
  writer.field("state", "captured").field("reward", taken.reward).field("wallet", taken.wallet);
  writer.field_raw("points", taken.cost.text(taken.scale));
  writer.field("member", taken.member.text()).field("voucher", taken.voucher);
  last_second(writer, "valid_until", taken.valid_until);
  writer.end_object().field("replayed", taken.replayed);
  write_balances(writer, taken.wallets);
  writer.end_object();
}

}  // namespace laurel::daemon
