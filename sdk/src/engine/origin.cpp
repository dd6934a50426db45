#include "engine/origin.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/review.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

constexpr int kLookBack = 8;  // entries
constexpr auto kNear = std::chrono::hours(24);

// The sale of the entry with all that was said about it, where it has earned.
Result<std::optional<Sale>> earning_sale(const store::View& view, EntryId id) {
  std::optional<Sale> found;
  LAUREL_TRY(auto entry, view.entry(id));
  LAUREL_CHECK(entry.has_value(), "a transaction names an entry that is not stored");
  if (entry->kind != EntryKind::kSale) return found;
  LAUREL_TRY(auto record, view.transaction(entry->key));
  LAUREL_CHECK(record.has_value(), "a sale is stored under its key");
  LAUREL_TRY(auto sale, load_sale(view, *std::move(record), *std::move(entry)));
  if (sale.holder() != nullptr && sale.valuation() != nullptr) found = std::move(sale);
  return found;
}

std::int64_t total_minor(const Transaction& document) { return Valuable(document).total_minor(); }

}  // namespace

Result<std::vector<std::int32_t>> linked_lines(const store::View& view,
                                               const Transaction& document) {
  std::vector<std::int32_t> linked;
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    const auto& origin = document.lines[i].origin;
    if (!origin || *origin == document.key) continue;
    LAUREL_TRY(const auto record, view.transaction(*origin));
    if (!record || !record->entry) continue;
    LAUREL_TRY(const auto sale, earning_sale(view, record->entry));
    if (sale) linked.push_back(static_cast<std::int32_t>(i));
  }
  return linked;
}

Result<bool> earned_elsewhere(const store::View& view, const store::TransactionRecord& record) {
  for (const EntryId id : record.related) {
    LAUREL_TRY(const auto sale, earning_sale(view, id));
    if (!sale) continue;
    const auto& lines = sale->entry.document->lines;
    const auto& linked = sale->valuation()->linked;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool is_linked =
          std::ranges::find(linked, static_cast<std::int32_t>(i)) != linked.end();
      if (lines[i].origin == record.key && !is_linked) return true;
    }
  }
  return false;
}

Result<void> note_origins(Unit& unit, const Transaction& document, EntryId entry) {
  std::vector<TransactionKey> origins;
  for (const auto& line : document.lines) {
    if (line.origin && *line.origin != document.key) origins.push_back(*line.origin);
  }
  std::sort(origins.begin(), origins.end());
  origins.erase(std::unique(origins.begin(), origins.end()), origins.end());
  for (const auto& origin : origins) {
    LAUREL_TRY(auto record, unit.view.transaction(origin));
    if (!record) record = store::TransactionRecord{origin, {}, {}};
    record->related.push_back(entry);
    unit.change.transactions.push_back(*std::move(record));
  }
  return {};
}

Result<void> look_for_duplicate(Unit& unit, const MemberSession& session, const Entry& entry) {
  const auto& record = session.record();
  const bool same_source = entry.key.source == record.latest_source;
  const Instant elsewhere = same_source ? record.elsewhere_until : record.latest_deed;
  const bool may_be_near = elsewhere != Instant::min() && elsewhere > entry.event_time - kNear;
  if (!may_be_near || entry.kind != EntryKind::kSale) return {};
  const Transaction& document = *entry.document;
  const std::int64_t total = total_minor(document);
  EntryId id = session.stored_last_entry();
  for (int i = 0; i < kLookBack && id; ++i) {
    LAUREL_TRY(const auto other, unit.view.entry(id));
    LAUREL_CHECK(other.has_value(), "a member's chain of entries is broken");
    id = other->previous;
    if (other->kind != EntryKind::kSale || !other->valuation || !other->document) continue;
    const bool alike = other->key.source != entry.key.source &&
                       other->document->currency == document.currency &&
                       std::chrono::abs(other->event_time - entry.event_time) < kNear &&
                       total_minor(*other->document) == total && total > 0;
    const auto says = [](const Transaction& one, const TransactionKey& of) {
      return std::ranges::any_of(one.lines, [&](const Line& line) { return line.origin == of; });
    };
    if (!alike || says(document, other->key) || says(*other->document, entry.key)) continue;
    ReviewItem item;
    item.kind = ReviewKind::kDuplicate;
    item.subject = subject_of(entry.key) + " " + subject_of(other->key);
    item.members = {record.id};
    item.entry = entry.id;
    item.text = "two sources report the same amount within a day";
    item.opened_at = unit.now;
    unit.change.reviews.push_back(std::move(item));
  }
  return {};
}

}  // namespace laurel::engine
