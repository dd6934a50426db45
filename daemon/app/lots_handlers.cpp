// Lots that live longer, or again, by hand.

#include "app/handlers.hpp"
#include "app/lots_json.hpp"
#include "app/transaction_json.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kReasonBytesMax = 512;

struct LotInput {
  LotOrder order;
  TransactionKey undone;
};

std::optional<Date> read_day(json::ObjectReader& object, std::string_view name) {
  const auto text = object.string(name, json::kOptional);
  if (!text) return std::nullopt;
  const auto day = parse_date(*text);
  if (day) return *day;
  object.fault(name, "not_a_date", "a day, such as 2027-12-31");
  return std::nullopt;
}

LotInput read_order(json::ObjectReader& object, bool undoes) {
  LotInput input;
  LotOrder& order = input.order;
  order.key = read_key(object);
  const std::string member = read_text(object, "member");
  if (!member.empty()) {
    const auto id = MemberId::parse(member);
    if (!id) object.fault("member", "not_a_member", "a member's id");
    if (id) order.member = *id;
  }
  order.wallet = read_text(object, "wallet");
  order.until = read_day(object, "until");
  order.since = read_instant(object, "since");
  order.actor = read_text(object, "actor", json::kRequired);
  order.reason = read_text(object, "reason", json::kRequired, kReasonBytesMax);
  order.dry_run = object.boolean("dry_run", json::kOptional).value_or(false);
  if (undoes) {
    auto undone = object.object("undo", json::kRequired);
    if (undone) input.undone = read_key(undone);
  }
  object.reject_misspelt();
  return input;
}

template <class Work>
Result<http::Response> change_lots(const Call& call, bool undoes, Work work) {
  const auto input = read_body(
      call.request.body, [&](json::ObjectReader& object) { return read_order(object, undoes); });
  if (!input) return input.error();
  const auto engine = call.service.engine();
  const auto changed = work(engine->lots(), *input);
  if (!changed) return changed.error();
  return answer(200, [&](json::Writer& writer) { write_lots_changed(writer, *changed); });
}

}  // namespace

Result<http::Response> extend_lots(const Call& call) {
  return change_lots(call, false,
                     [](Lots lots, const LotInput& input) { return lots.extend(input.order); });
}

Result<http::Response> unexpire_lots(const Call& call) {
  return change_lots(call, false,
                     [](Lots lots, const LotInput& input) { return lots.unexpire(input.order); });
}

Result<http::Response> undo_lots(const Call& call) {
  return change_lots(call, true, [](Lots lots, const LotInput& input) {
    return lots.undo(input.order, input.undone);
  });
}

}  // namespace laurel::daemon
