// A sale and what is brought back with it, on one receipt.

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/booking.hpp"
#include "engine/planned.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// A key that no source can use.
TransactionKey part_key(const TransactionKey& exchange, std::size_t index) {
  return {"@exchange/" + exchange.source, exchange.id + "/" + std::to_string(index + 1)};
}

Transaction part_of(const Transaction& exchange, std::size_t index) {
  const ReturnPart& part = exchange.returns[index];
  Transaction document;
  document.key = part_key(exchange.key, index);
  document.kind = TransactionKind::kReturn;
  document.at = exchange.at;
  document.store = exchange.store;
  document.channel = exchange.channel;
  document.associate = exchange.associate;
  document.original = part.original;
  document.return_lines = part.lines;
  document.amount = part.amount;
  return document;
}

// "/lines/0/quantity" of the return is "/returns/2/lines/0/quantity" of the exchange.
Error of_part(Error error, std::size_t index) {
  for (auto& fault : error.faults) {
    fault.pointer = "/returns/" + std::to_string(index) + fault.pointer;
  }
  error.detail = "return " + std::to_string(index + 1) + ": " + error.detail;
  return error;
}

}  // namespace

std::vector<TransactionKey> part_keys(const Transaction& exchange) {
  std::vector<TransactionKey> keys;
  for (std::size_t i = 0; i < exchange.returns.size(); ++i) {
    keys.push_back(part_key(exchange.key, i));
  }
  return keys;
}

Result<EntryId> post_exchange(Unit& unit, Transaction document,
                              const std::vector<GivenIdentifier>& given,
                              const StoredRecord& record) {
  const Transaction exchange = document;
  LAUREL_TRY(const auto id, post_sale(unit, std::move(document), given, record));
  for (std::size_t i = 0; i < exchange.returns.size(); ++i) {
    const auto posted = then(unit, [&](Unit& next) {
      return post_return(next, part_of(exchange, i), {}, std::nullopt);
    });
    if (!posted) return of_part(posted.error(), i);
  }
  // A void that came before it takes all of it back.
  for (const auto related : record ? record->related : std::vector<EntryId>{}) {
    LAUREL_TRY(const auto entry, unit.view.entry(related));
    LAUREL_CHECK(entry.has_value(), "a transaction names an entry that is not stored");
    if (entry->kind == EntryKind::kVoid) {
      LAUREL_TRY_VOID(void_parts(unit, exchange, *entry->document));
    }
  }
  align_answers(unit.change.entries);
  return id;
}

Result<void> void_parts(Unit& unit, const Transaction& exchange, const Transaction& document) {
  for (std::size_t i = 0; i < exchange.returns.size(); ++i) {
    Transaction undo;
    undo.key = part_key(document.key, i);
    undo.kind = TransactionKind::kVoid;
    undo.at = document.at;
    undo.original = part_key(exchange.key, i);
    LAUREL_TRY_VOID(then(unit, [&](Unit& next) { return post_void(next, undo, std::nullopt); }));
  }
  if (!exchange.returns.empty()) align_answers(unit.change.entries);
  return {};
}

Result<std::vector<Entry>> parts_of(const store::View& view, const Transaction& exchange) {
  std::vector<Entry> parts;
  for (const auto& key : part_keys(exchange)) {
    LAUREL_TRY(const auto record, view.transaction(key));
    LAUREL_CHECK(record && record->entry, "an exchange is stored with all its returns");
    LAUREL_TRY(auto entry, view.entry(record->entry));
    LAUREL_CHECK(entry.has_value(), "a key names an entry that is not stored");
    parts.push_back(*std::move(entry));
  }
  return parts;
}

}  // namespace laurel::engine
