#include "engine/merging.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/duplicates.hpp"
#include "engine/engine_state.hpp"
#include "engine/handover.hpp"
#include "engine/hold_handover.hpp"
#include "engine/person.hpp"
#include "engine/pools.hpp"
#include "engine/request.hpp"

namespace laurel {
namespace engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// ---- Merging ------------------------------------------------------------------------------------

// The wallets die when the later of the two would have.
void join_lives(MemberSession& session, const ledger::MemberRecord& other, Entry& entry) {
  ledger::EntryWriter writer(session.books(), entry);
  for (const auto& wallet : other.wallets) {
    if (wallet.dies_at == kNever) continue;
    const auto* own = ledger::find_wallet(session.record(), wallet.wallet);
    const Instant before = own == nullptr ? kNever : own->dies_at;
    if (before != kNever && before >= wallet.dies_at) continue;
    entry.merging->lives.push_back({wallet.wallet, before});
    writer.keep(wallet.wallet, wallet.dies_at);
  }
}

// What the one who stays lacks she takes over from the other.
void join_profiles(ledger::MemberRecord& stays, const ledger::MemberRecord& other,
                   ledger::Merging& merging) {
  merging.status = stays.status;
  if (other.status == MemberStatus::kFrozen) stays.status = MemberStatus::kFrozen;
  if (stays.language.empty() && !other.language.empty()) {
    stays.language = other.language;
    merging.took_language = true;
  }
  if (!stays.born && other.born) {
    stays.born = other.born;
    merging.took_born = true;
  }
  if (stays.associate.empty() && !other.associate.empty()) {
    stays.associate = other.associate;
    merging.took_associate = true;
  }
  for (const auto& segment : other.segments) {
    const auto at = std::lower_bound(stays.segments.begin(), stays.segments.end(), segment);
    if (at != stays.segments.end() && *at == segment) continue;
    stays.segments.insert(at, segment);
    merging.took_segments.push_back(segment);
  }
  stays.enrolled_at = std::min(stays.enrolled_at, other.enrolled_at);
  stays.absorbed.push_back(other.id);
}

std::vector<std::pair<std::string, Points>> debts_of(const ledger::MemberRecord& record) {
  std::vector<std::pair<std::string, Points>> debts;
  for (const auto& wallet : record.wallets) {
    if (wallet.debt > Points{}) debts.emplace_back(wallet.wallet, wallet.debt);
  }
  return debts;
}

class Merger {
 public:
  Merger(Unit& unit, const Merge& merge, ledger::MemberRecord into, ledger::MemberRecord from)
      : unit_(unit),
        compiled_(unit.in_force(unit.now)),
        order_{EntryKind::kMerge, merge.actor, merge.reason, compiled_},
        stays_(unit, std::move(into)),
        goes_(unit, std::move(from)) {}

  Result<EntryId> run(const TransactionKey& key) {
    LAUREL_TRY_VOID(goes_.settle(compiled_));
    LAUREL_TRY_VOID(stays_.settle(compiled_));
    LAUREL_TRY_VOID(stays_.load_open_lots());
    LAUREL_TRY(hers_, history_of(unit_.view, goes_));
    LAUREL_TRY(lots_, lots_with_points(goes_));
    held_ = held_by_lot(goes_.record());
    for (const auto& hold : goes_.record().holds) holds_.push_back({hold, {}});
    debts_ = debts_of(goes_.record());
    count_ = entries_for(lots_.size());
    const EntryId first(unit_.ids.entry.number() + unit_.entries_given + count_);
    LAUREL_TRY_VOID(let_go(first));
    LAUREL_TRY_VOID(take_in(first, key));
    LAUREL_TRY_VOID(pay_debts(first));
    LAUREL_TRY_VOID(join_histories());
    auto& gone = goes_.books().record;
    gone.status = MemberStatus::kMerged;
    gone.merged_into = stays_.record().id;
    gone.merge = first;
    gone.next_due = kNever;
    gone.oldest_open_lot = gone.last_lot;
    unit_.change.transactions.push_back({key, first, {}});
    LAUREL_TRY_VOID(goes_.close());
    LAUREL_TRY_VOID(stays_.close());
    in_order_of_booking(unit_);
    return first;
  }

 private:
  Points held_of(const ledger::Lot& lot) const {
    const auto held = held_.find(lot.id);
    return held == held_.end() ? Points{} : held->second;
  }

  Result<void> let_go(EntryId first) {
    for (std::int64_t i = 0; i < count_; ++i) {
      Entry entry = begin_half(goes_, unit_, order_, first);
      ledger::EntryWriter writer(goes_.books(), entry);
      if (i == 0) {
        entry.merging = ledger::Merging{stays_.record().id, true, {}};
        entry.merging->status = goes_.record().status;
        entry.uses = own_uses(hers_, -1);
        for (const auto& [wallet, debt] : debts_) {
          LAUREL_TRY_VOID(writer.receive_debt(wallet, -debt));
        }
        for (const auto& moving : holds_) LAUREL_TRY_VOID(let_hold_go(goes_, entry, moving));
      }
      for (const auto& lot : lots_of_entry(lots_, i)) {
        LAUREL_TRY_VOID(shift_held(goes_, entry, lot.id, held_of(lot), false));
        LAUREL_TRY_VOID(writer.hand_over(lot.id, lot.remaining + held_of(lot)));
      }
      LAUREL_TRY_VOID(goes_.end(std::move(entry), compiled_));
    }
    return {};
  }

  Result<void> take_in(EntryId first, const TransactionKey& key) {
    for (std::int64_t i = 0; i < count_; ++i) {
      Entry entry = begin_half(stays_, unit_, order_, i == 0 ? goes_.last().id : first);
      ledger::EntryWriter writer(stays_.books(), entry);
      if (i == 0) {
        entry.key = key;
        entry.merging = ledger::Merging{goes_.record().id, false, {}};
        join_profiles(stays_.books().record, goes_.record(), *entry.merging);
        join_lives(stays_, goes_.record(), entry);
        entry.uses = own_uses(hers_, 1);
        for (const auto& [wallet, debt] : debts_) {
          LAUREL_TRY_VOID(writer.receive_debt(wallet, debt));
        }
      }
      for (const auto& lot : lots_of_entry(lots_, i)) {
        LAUREL_TRY_VOID(writer.receive(lot, lot.remaining + held_of(lot)));
        become_[lot.id] = entry.lots_opened.back().lot;
        LAUREL_TRY_VOID(shift_held(stays_, entry, become_[lot.id], held_of(lot), true));
      }
      LAUREL_TRY_VOID(note_carrier(unit_, lots_of_entry(lots_, i), entry.id));
      if (i + 1 == count_) {
        for (const auto& moving : holds_) {
          LAUREL_TRY_VOID(take_hold(stays_, entry, moving, become_));
        }
      }
      LAUREL_TRY_VOID(stays_.end(std::move(entry), compiled_));
    }
    return {};
  }

  // What one of them owes the points of the other pay; by an entry of its own, so that it can be
  // undone.
  Result<void> pay_debts(EntryId first) {
    const auto owed = debts_of(stays_.record());
    const bool can = std::any_of(owed.begin(), owed.end(), [&](const auto& debt) {
      const auto* wallet = ledger::find_wallet(stays_.record(), debt.first);
      return wallet->pending + wallet->available > Points{};
    });
    if (!can) return {};
    Entry entry = begin_half(stays_, unit_, order_, first);
    ledger::EntryWriter writer(stays_.books(), entry);
    for (const auto& [wallet, debt] : owed) LAUREL_TRY_VOID(writer.pay_debt(wallet));
    return stays_.end(std::move(entry), compiled_);
  }

  Result<void> join_histories() {
    LAUREL_TRY(auto own, history_of(unit_.view, stays_));
    std::move(own.begin(), own.end(), std::back_inserter(hers_));
    return stays_.stand_on(std::move(hers_));
  }

  Unit& unit_;
  const programme::Compiled& compiled_;
  const Order order_;
  MemberSession stays_, goes_;
  std::vector<ledger::Lot> lots_;  // that go over
  HeldByLot held_;                 // of them
  std::vector<MovingHold> holds_;
  std::map<ledger::LotId, ledger::LotId> become_;
  std::vector<std::pair<std::string, Points>> debts_;
  std::vector<Entry> hers_;  // all that is history of the one who goes
  std::int64_t count_ = 0;   // of entries on either side
};

// The merge by which the two are one.
Result<EntryId> merge_between(const store::View& view, MemberId a, MemberId b) {
  for (const MemberId id : {a, b}) {
    LAUREL_TRY(const auto record, view.member(id));
    if (record && record->merge) return record->merge;
  }
  return Error{ErrorCode::kBroken, "one member has two ids, and was never merged"};
}

}  // namespace

Result<Posted> merge(Unit& unit, const Merge& merge) {
  std::vector<FieldFault> faults;
  check_key(merge.key, "", faults);
  check_person(merge.actor, merge.reason, faults);
  if (merge.into == merge.from) {
    faults.push_back({"/from", "same_member", "another member than the one she is merged into"});
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  LAUREL_TRY(auto into, existing_now(unit.view, merge.into));
  LAUREL_TRY(auto from, existing_now(unit.view, merge.from));
  const auto key = request_key("merge", merge.key);
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  if (stored) {
    LAUREL_TRY(const auto stayed, existing_now(unit.view, stored->member));
    if (stayed.id != into.id) return used_for_other_content("/member");
    if (stored->reason != merge.reason) return used_for_other_content("/reason");
    const bool parted = from.id == stored->merging->other;
    if (from.id != into.id && !parted) return used_for_other_content("/from");
    return Posted{stored->id, std::move(stored), true};
  }
  if (into.id == from.id) {
    LAUREL_TRY(const auto id, merge_between(unit.view, merge.from, merge.into));
    LAUREL_TRY(auto entry, unit.view.entry(id));
    return Posted{id, std::move(entry), true};
  }
  if (into.status == MemberStatus::kClosed || from.status == MemberStatus::kClosed) {
    return Error{ErrorCode::kMemberNotActive, "a closed member is merged with nobody"};
  }
  LAUREL_TRY(const auto pool, pool_of(unit.view, into));
  LAUREL_TRY(const auto other_pool, pool_of(unit.view, from));
  if (pool && other_pool && pool != other_pool) {
    return Error{ErrorCode::kInvalidState, "they are in two pools, " +
                                               PoolId(pool.number()).text() + " and " +
                                               PoolId(other_pool.number()).text() +
                                               ": let one of them leave hers, and merge them then"};
  }
  LAUREL_TRY(const auto id, Merger(unit, merge, std::move(into), std::move(from)).run(key));
  return Posted{id};
}

}  // namespace engine

namespace {

MergeReceipt receipt_of(const ledger::Entry& entry, bool replayed) {
  MergeReceipt receipt;
  receipt.entry = entry.id;
  receipt.replayed = replayed;
  receipt.member = entry.member;
  receipt.other = entry.merging->other;
  receipt.wallets = entry.balances_after;
  return receipt;
}

}  // namespace

Merging Engine::merging() { return Merging(*this); }

Result<MergeReceipt> Merging::merge(const Merge& merge) {
  MergeReceipt receipt;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](engine::Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto merged, engine::merge(unit, merge));
    receipt = receipt_of(merged.entry(unit), merged.replayed);
    if (!merged.replayed) return engine::close_suggestion(unit, merged.entry(unit));
    return {};
  }));
  return receipt;
}

Result<MergeReceipt> Merging::unmerge(const Unmerge& unmerge) {
  MergeReceipt receipt;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](engine::Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto parted, engine::unmerge(unit, unmerge));
    receipt = receipt_of(parted.entry(unit), parted.replayed);
    return {};
  }));
  return receipt;
}

}  // namespace laurel
