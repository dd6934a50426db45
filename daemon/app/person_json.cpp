#include "app/person_json.hpp"

#include <array>
#include <charconv>

#include "app/review_json.hpp"

namespace laurel::daemon {

namespace {

void write_key(json::Writer& writer, std::string_view name, const TransactionKey& key) {
  writer.field_object(name).field("source", key.source).field("id", key.id).end_object();
}

void write_unless_empty(json::Writer& writer, std::string_view name, const std::string& text) {
  if (!text.empty()) writer.field(name, text);
}

void write_texts(json::Writer& writer, std::string_view name,
                 const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  writer.field_array(name);
  for (const auto& text : texts) writer.value(text);
  writer.end_array();
}

void write_line(json::Writer& writer, const Line& line) {
  writer.begin_object().field("id", line.id);
  write_unless_empty(writer, "sku", line.sku);
  write_unless_empty(writer, "department", line.department);
  write_unless_empty(writer, "category", line.category);
  write_unless_empty(writer, "brand", line.brand);
  writer.field("quantity", line.quantity.text());
  write_unless_empty(writer, "amount", line.amount);
  write_unless_empty(writer, "tax", line.tax);
  write_unless_empty(writer, "associate", line.associate);
  write_texts(writer, "tags", line.tags);
  if (!line.attributes.empty()) {
    writer.field_object("attributes");
    for (const auto& [name, value] : line.attributes) writer.field(name, value);
    writer.end_object();
  }
  if (line.origin) write_key(writer, "origin", *line.origin);
  writer.end_object();
}

// A number that is no amount: a weight or a probability.
void write_number(json::Writer& writer, std::string_view name, double number, int places) {
  std::array<char, 64> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number,
                                 std::chars_format::fixed, places);
  writer.field_raw(name, std::string_view(digits.data(), end.ptr));
}

void write_candidate(json::Writer& writer, const Candidate& candidate) {
  const PairExplanation& explained = candidate.explained;
  writer.begin_object().field("member", candidate.member.text());
  write_number(writer, "weight", explained.weight, 2);
  write_number(writer, "probability", explained.probability, 9);
  write_number(writer, "before", explained.prior, 2);
  writer.field_array("fields");
  for (const FieldWeight& step : explained.fields) {
    writer.begin_object().field("field", to_text(step.field)).field("level", step.level);
    write_number(writer, "weight", step.weight, 2);
    writer.end_object();
  }
  writer.end_array().key("review");
  if (candidate.item) {
    write_review_item(writer, *candidate.item);
  } else {
    writer.null();
  }
  writer.end_object();
}

// As it was reported, in the words of POST /v1/transactions.
void write_document(json::Writer& writer, const Transaction& document) {
  writer.field_object("document").field("kind", text_of(document.kind));
  write_unless_empty(writer, "store", document.store);
  write_unless_empty(writer, "channel", document.channel);
  write_unless_empty(writer, "currency", document.currency);
  write_unless_empty(writer, "associate", document.associate);
  write_unless_empty(writer, "event", document.event);
  write_unless_empty(writer, "department", document.department);
  write_unless_empty(writer, "amount", document.amount);
  write_texts(writer, "tags", document.tags);
  if (document.original) write_key(writer, "original", *document.original);
  writer.field_array("identifiers");
  for (const auto& each : document.identifiers) {
    writer.begin_object().field("type", each.type).field("value", each.value);
    writer.field("role", to_text(each.role)).end_object();
  }
  writer.end_array().field_array("lines");
  for (const auto& line : document.lines) write_line(writer, line);
  writer.end_array().field_array("tenders");
  for (const auto& tender : document.tenders) {
    writer.begin_object().field("type", tender.type).field("amount", tender.amount).end_object();
  }
  writer.end_array().end_object();
}

}  // namespace

void write_merge(json::Writer& writer, std::string_view what, const TransactionKey& key,
                 const MergeReceipt& receipt) {
  writer.begin_object();
  write_key(writer, what, key);
  writer.field("replayed", receipt.replayed).field("entry", receipt.entry.number());
  writer.field("member", receipt.member.text()).field("other", receipt.other.text());
  write_balances(writer, receipt.wallets);
  writer.end_object();
}

void write_erasure(json::Writer& writer, const TransactionKey& key, const ErasureReceipt& receipt,
                   const Display& display) {
  writer.begin_object();
  write_key(writer, "erasure", key);
  writer.field("replayed", receipt.replayed).field("entry", receipt.entry.number());
  writer.field("member", receipt.member.text());
  writer.field("identifiers", receipt.identifiers).field("entries", receipt.entries);
  writer.field_array("closed");
  for (const auto& posting : receipt.closed) {
    writer.begin_object().field("wallet", posting.wallet).field("account", posting.account);
    writer.field_raw("points", posting.amount.text(display.scale_of(posting.wallet))).end_object();
  }
  writer.end_array().end_object();
}

void write_candidates(json::Writer& writer, const std::vector<Candidate>& candidates) {
  writer.begin_object().field_array("candidates");
  for (const Candidate& candidate : candidates) write_candidate(writer, candidate);
  writer.end_array().end_object();
}

void write_personal_data(json::Writer& writer, const PersonalData& data, const Display& display) {
  writer.begin_object().key("member");
  write_member(writer, data.member);
  writer.field_array("identifiers");
  for (const auto& held : data.identifiers) {
    writer.begin_object().field("type", held.identifier.type);
    writer.field("value", held.identifier.value).field("verified", held.identifier.verified);
    writer.field("linked_at", to_text(held.linked_at)).field("member", held.member.text());
    writer.end_object();
  }
  writer.end_array().field_array("entries");
  for (const auto& held : data.entries) {
    writer.begin_object().key("entry");
    write_entry(writer, held.entry, display, Audience::kStaff);
    if (held.document) write_document(writer, *held.document);
    if (held.attribution) write_evidence(writer, held.attribution->evidence);
    writer.end_object();
  }
  writer.end_array().end_object();
}

}  // namespace laurel::daemon
