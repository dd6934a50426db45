#include "app/lots_json.hpp"

namespace laurel::daemon {

namespace {

// The last second before the moment; null: never.
void write_end(json::Writer& writer, std::string_view name, Instant end) {
  if (end == kNever) {
    writer.key(name).null();
  } else {
    writer.field(name, to_text(end - std::chrono::seconds(1)));
  }
}

}  // namespace

void write_lots_changed(json::Writer& writer, const LotsChanged& changed) {
  writer.begin_object().field("dry_run", changed.dry_run).field("wallet", changed.wallet);
  writer.field("members", changed.members).field("lots", changed.lots);
  writer.field_raw("points", changed.points.text(changed.scale)).field_array("first");
  for (const LotChange& change : changed.first) {
    writer.begin_object().field("member", change.member.text()).field("lot", change.lot);
    writer.field_raw("points", change.points.text(changed.scale));
    write_end(writer, "was", change.was);
    write_end(writer, "becomes", change.becomes);
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_notices(json::Writer& writer, std::span<const Notice> notices) {
  if (notices.empty()) return;
  writer.field_array("notices");
  for (const Notice& notice : notices) {
    writer.begin_object();
    if (notice.of == Notice::Of::kExpiry) {
      writer.field("of", "expiry").field("wallet", notice.wallet);
      writer.field_raw("points", notice.points.text(notice.scale));
    } else {
      writer.field("of", "tier_loss").field("tier", notice.tier);
    }
    write_end(writer, "at", notice.at);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace laurel::daemon
