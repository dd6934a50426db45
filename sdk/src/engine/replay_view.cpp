#include "engine/replay_view.hpp"

#include "base/try.hpp"

namespace laurel::engine {

void Counters::put(const store::UsageRow& row) {
  rows_[{row.counter, row.member, row.day}] = {row.units, row.times};
}

std::vector<store::UsageRow> Counters::rows(const std::string& counter, MemberId member, Date first,
                                            Date last) const {
  std::vector<store::UsageRow> found;
  for (auto at = rows_.lower_bound({counter, member, first}); at != rows_.end(); ++at) {
    const auto& [name, who, day] = at->first;
    if (name != counter || who != member || day > last) break;
    found.push_back({name, who, day, at->second.first, at->second.second});
  }
  return found;
}

Result<std::optional<store::TransactionRecord>> ReplayView::transaction(
    const TransactionKey& key) const {
  LAUREL_TRY(auto record, now_.transaction(key));
  if (!record) return record;
  if (record->entry > until_) record->entry = EntryId{};
  std::erase_if(record->related, [this](EntryId id) { return id > until_; });
  if (!record->entry && record->related.empty()) record.reset();
  return record;
}

Result<std::optional<ledger::MemberRecord>> ReplayView::member(MemberId id) const {
  LAUREL_TRY(auto record, now_.member(id));
  if (!record) return record;
  if (const auto gone = joined_.find(id); gone != joined_.end()) {
    record->status = MemberStatus::kMerged;
    record->merged_into = gone->second.into;
    record->merge = gone->second.merge;
    record->last_entry = gone->second.last_entry;
  } else if (record->status == MemberStatus::kMerged) {
    record->status = MemberStatus::kActive;
    record->merged_into = {};
    record->merge = {};
  }
  return record;
}

}  // namespace laurel::engine
