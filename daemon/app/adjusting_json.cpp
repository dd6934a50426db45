#include "app/adjusting_json.hpp"

#include "app/answer_json.hpp"

namespace laurel::daemon {

namespace {

void write_key_of(json::Writer& writer, std::string_view name, const TransactionKey& key) {
  writer.field_object(name).field("source", key.source).field("id", key.id).end_object();
}

void write_number(json::Writer& writer, std::string_view name, Points points, int scale) {
  writer.field_raw(name, points.text(scale));
}

// Of its object; the wallet is said already.
void write_taken(json::Writer& writer, const TakenBack& taken) {
  write_number(writer, "points", taken.points, taken.scale);
  write_number(writer, "from_pending", taken.from_pending, taken.scale);
  write_number(writer, "from_available", taken.from_available, taken.scale);
  write_number(writer, "from_expired", taken.from_expired, taken.scale);
  write_number(writer, "debt", taken.debt, taken.scale);
  write_number(writer, "written_off", taken.written_off, taken.scale);
}

void write_wallets(json::Writer& writer, const BatchStanding& batch) {
  writer.field_array("wallets");
  for (const auto& wallet : batch.wallets) {
    writer.begin_object().field("wallet", wallet.wallet);
    write_number(writer, "given", wallet.given, wallet.scale);
    write_number(writer, "taken", wallet.taken, wallet.scale);
    write_number(writer, "total", wallet.given - wallet.taken, wallet.scale);
    write_number(writer, "most", wallet.most, wallet.scale);
    writer.field("most_of", wallet.most_of.text()).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string_view text_of(AdjustmentState state) {
  switch (state) {
    case AdjustmentState::kBooked: return "booked";
    case AdjustmentState::kWaiting: return "waiting";
    case AdjustmentState::kRejected: return "rejected";
  }
  return "";
}

std::string_view text_of(BatchState state) {
  switch (state) {
    case BatchState::kPlanned: return "planned";
    case BatchState::kWaiting: return "waiting";
    case BatchState::kRejected: return "rejected";
    case BatchState::kPosting: return "posting";
    case BatchState::kPosted: return "posted";
    case BatchState::kReversing: return "reversing";
    case BatchState::kReversed: return "reversed";
  }
  return "";
}

void write_flags(json::Writer& writer, std::span<const std::string> flags) {
  if (flags.empty()) return;
  writer.field_array("flags");
  for (const auto& flag : flags) writer.value(flag);
  writer.end_array();
}

void write_adjustment(json::Writer& writer, const Adjustment& adjustment,
                      const AdjustmentReceipt& receipt, int scale) {
  writer.begin_object();
  write_key_of(writer, "adjustment", adjustment.key);
  writer.field("replayed", receipt.replayed).field("state", text_of(receipt.state));
  if (receipt.review != 0) writer.field("review", receipt.review);
  writer.field("entry", receipt.entry.number()).field("member", adjustment.member.text());
  writer.field("wallet", receipt.wallet);
  write_number(writer, "points", receipt.points, scale);
  write_balances(writer, receipt.wallets);
  writer.end_object();
}

void write_adjustment_undone(json::Writer& writer, const AdjustmentUndo& undo,
                             const AdjustmentUndone& undone) {
  writer.begin_object();
  write_key_of(writer, "adjustment", undo.adjustment);
  writer.field("replayed", undone.replayed).field("entry", undone.entry.number());
  writer.field("member", undone.member.text()).field("wallet", undone.taken.wallet);
  write_taken(writer, undone.taken);
  write_balances(writer, undone.wallets);
  writer.end_object();
}

void write_batch(json::Writer& writer, const BatchStanding& batch) {
  writer.begin_object();
  write_key_of(writer, "batch", batch.key);
  writer.field("state", text_of(batch.state)).field("replayed", batch.replayed);
  writer.field("actor", batch.actor).field("reason", batch.reason);
  writer.field("at", to_text(batch.at)).field("count", batch.count);
  writer.field("posted", batch.posted).field("reversed", batch.reversed);
  writer.field("needs_second_person", batch.needs_second_person);
  if (batch.review != 0) writer.field("review", batch.review);
  write_wallets(writer, batch);
  writer.field("unknown", batch.unknown).field_array("faults");
  for (const auto& fault : batch.faults) {
    writer.begin_object();
    if (fault.line != 0) writer.field("line", fault.line);
    if (fault.member) writer.field("member", fault.member.text());
    writer.field("code", fault.code).end_object();
  }
  writer.end_array();
  if (!batch.taken_back.empty()) {
    writer.field_array("taken_back");
    for (const auto& taken : batch.taken_back) {
      writer.begin_object().field("wallet", taken.wallet);
      write_taken(writer, taken);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.end_object();
}

}  // namespace laurel::daemon
