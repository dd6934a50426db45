#include "engine/handover.hpp"

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/person.hpp"

namespace laurel::engine {

using ledger::Entry;
using ledger::EntryKind;

std::int64_t entries_for(std::size_t lots) {
  return static_cast<std::int64_t>(
      std::max<std::size_t>(1, (lots + kLotsOfAnEntry - 1) / kLotsOfAnEntry));
}

std::span<const ledger::Lot> lots_of_entry(std::span<const ledger::Lot> lots, std::int64_t number) {
  const auto from = std::min(static_cast<std::size_t>(number) * kLotsOfAnEntry, lots.size());
  return lots.subspan(from, std::min(kLotsOfAnEntry, lots.size() - from));
}

Result<std::vector<Entry>> history_of(const store::View& view, const MemberSession& session) {
  std::vector<Entry> history;
  const auto take = [&](Entry&& entry) -> Result<bool> {
    history.push_back(std::move(entry));
    return true;
  };
  LAUREL_TRY_VOID(walk_back(view, session.record().id, session.stored_last_entry(), take));
  return history;
}

bool is_merging(const Entry& entry) {
  return entry.kind == EntryKind::kMerge || entry.kind == EntryKind::kUnmerge;
}

std::vector<ledger::CounterUse> own_uses(std::span<const Entry> entries, std::int64_t sign) {
  std::map<std::pair<std::string, Date>, ledger::CounterUse> sums;
  for (const auto& entry : entries) {
    if (is_merging(entry)) continue;
    for (const auto& use : entry.uses) {
      if (!use.per_member) continue;
      auto& sum = sums[{use.counter, use.day}];
      sum.counter = use.counter;
      sum.day = use.day;
      sum.per_member = true;
      sum.units += sign * use.units;
      sum.times += sign * use.times;
    }
  }
  std::vector<ledger::CounterUse> uses;
  for (auto& [key, use] : sums) {
    if (use.units != 0 || use.times != 0) uses.push_back(std::move(use));
  }
  return uses;
}

Result<void> note_carrier(Unit& unit, std::span<const ledger::Lot> lots, EntryId carrier) {
  std::vector<EntryId> causes;
  for (const auto& lot : lots) causes.push_back(lot.cause);
  std::sort(causes.begin(), causes.end());
  causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
  for (const EntryId cause : causes) {
    LAUREL_TRY(const auto sale, unit.view.entry(cause));
    const bool sold = sale && (sale->kind == EntryKind::kSale || sale->kind == EntryKind::kEvent);
    if (!sold) continue;
    auto& changed = unit.change.transactions;
    auto at = std::find_if(changed.begin(), changed.end(),
                           [&](const auto& record) { return record.key == sale->key; });
    if (at == changed.end()) {
      LAUREL_TRY(auto record, unit.view.transaction(sale->key));
      LAUREL_CHECK(record.has_value(), "a sale is stored under its key");
      at = changed.insert(changed.end(), *std::move(record));
    }
    at->related.push_back(carrier);
  }
  return {};
}

void in_order_of_booking(Unit& unit) {
  std::sort(unit.change.entries.begin(), unit.change.entries.end(),
            [](const Entry& a, const Entry& b) { return a.id < b.id; });
}

Entry begin_half(MemberSession& session, const Unit& unit, const Order& order, EntryId about) {
  Entry entry = session.begin(order.kind, unit.now);
  entry.actor = order.actor;
  entry.reason = order.reason;
  entry.programme = order.compiled.digest;
  entry.about = about;
  return entry;
}

}  // namespace laurel::engine
