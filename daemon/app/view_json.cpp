#include "app/view_json.hpp"

#include "app/answer_json.hpp"
#include "app/voucher_json.hpp"

namespace laurel::daemon {

namespace {

void or_null(json::Writer& writer, std::string_view name, const std::string& text) {
  if (text.empty()) {
    writer.key(name).null();
  } else {
    writer.field(name, text);
  }
}

// Its key, when it was, and where, and by whom; the object stays open.
template <class Deed>
void begin_deed(json::Writer& writer, const Deed& deed) {
  writer.begin_object().field_object("transaction").field("source", deed.key.source);
  writer.field("id", deed.key.id).end_object().field("at", to_text(deed.at));
  or_null(writer, "store", deed.store);
  or_null(writer, "channel", deed.channel);
  or_null(writer, "associate", deed.associate);
}

void write_purchase(json::Writer& writer, const Purchase& purchase) {
  begin_deed(writer, purchase);
  writer.field("currency", purchase.currency).field("amount", purchase.amount);
  writer.field("returned_in_part", purchase.returned_in_part).field_array("lines");
  for (const PurchasedLine& line : purchase.lines) {
    writer.begin_object().field("id", line.id);
    or_null(writer, "sku", line.sku);
    or_null(writer, "department", line.department);
    or_null(writer, "category", line.category);
    or_null(writer, "brand", line.brand);
    or_null(writer, "associate", line.associate);
    writer.field("quantity", line.quantity.text()).field("amount", line.amount).end_object();
  }
  writer.end_array().end_object();
}

void write_touchpoint(json::Writer& writer, const Touchpoint& touchpoint) {
  begin_deed(writer, touchpoint);
  or_null(writer, "department", touchpoint.department);
  writer.field("event", touchpoint.event).end_object();
}

void write_favourite(json::Writer& writer, const Favourite& favourite) {
  writer.begin_object().field("id", favourite.id).field("purchases", favourite.purchases);
  writer.end_object();
}

void write_favourites(json::Writer& writer, const Favourites& favourites) {
  writer.field_object("favourites").field_array("departments");
  for (const Favourite& department : favourites.departments) write_favourite(writer, department);
  writer.end_array().field_array("brands");
  for (const Favourite& brand : favourites.brands) write_favourite(writer, brand);
  writer.end_array().key("associate");
  if (favourites.associate) {
    write_favourite(writer, *favourites.associate);
  } else {
    writer.null();
  }
  writer.field_object("over").field("purchases", favourites.purchases);
  writer.field("since", to_text(favourites.since)).field("all", favourites.all);
  writer.end_object().end_object();
}

void write_expiring(json::Writer& writer, const MemberView& view) {
  writer.field_array("expiring");
  for (const Expiring& each : view.expiring) {
    writer.begin_object().field("wallet", each.wallet);
    writer.field_raw("points", each.points.text(each.scale));
    writer.field("expires_at", to_text(each.at - std::chrono::seconds(1))).end_object();
  }
  writer.end_array().field("all_expiring", view.all_expiring);
}

template <class List, class Write>
void write_list(json::Writer& writer, std::string_view name, const List& list, Write write) {
  writer.field_array(name);
  for (const auto& each : list) write(writer, each);
  writer.end_array();
}

void write_caution(json::Writer& writer, const Caution& caution) {
  writer.begin_object().field("code", caution.code).field("detail", caution.detail);
  if (caution.until) writer.field("until", to_text(*caution.until));
  writer.end_object();
}

}  // namespace

void write_link(json::Writer& writer, const LinkEvent& event) {
  writer.begin_object().field("what", event.what).field("at", to_text(event.at));
  writer.field("entry", event.entry.number()).field("member", event.member.text());
  or_null(writer, "type", event.type);
  or_null(writer, "value", event.value);
  or_null(writer, "other", event.other ? event.other.text() : std::string());
  or_null(writer, "actor", event.actor);
  writer.end_object();
}

void write_view(json::Writer& writer, const MemberView& view) {
  writer.begin_object().field("as_of", to_text(view.as_of)).field("past", view.past);
  writer.key("member");
  write_member(writer, view.member);
  write_expiring(writer, view);
  write_list(writer, "rewards", view.rewards, write_offer);
  write_list(writer, "vouchers", view.vouchers, write_voucher);
  write_list(writer, "purchases", view.purchases, write_purchase);
  write_list(writer, "touchpoints", view.touchpoints, write_touchpoint);
  write_favourites(writer, view.favourites);
  write_list(writer, "cautions", view.cautions, write_caution);
  writer.end_object();
}

}  // namespace laurel::daemon
