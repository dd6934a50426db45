#include <algorithm>
#include <map>
#include <set>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/duplicates.hpp"
#include "engine/handover.hpp"
#include "engine/hold_handover.hpp"
#include "engine/merging.hpp"
#include "engine/person.hpp"
#include "engine/request.hpp"

namespace laurel::engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;

// One lot of who stayed, and where what is left of it goes.
struct Returning {
  ledger::Lot lot;
  ledger::LotId home;  // the lot of hers that it came from; 0: it was opened since, and is hers
  Points held = {};    // of it under holds
  Points points() const { return lot.remaining + held; }
};

class Parter {
 public:
  Parter(Unit& unit, const Unmerge& unmerge, const Entry& merged, ledger::MemberRecord stayed,
         ledger::MemberRecord back)
      : unit_(unit),
        compiled_(unit.in_force(unit.now)),
        order_{EntryKind::kUnmerge, unmerge.actor, unmerge.reason, compiled_},
        merged_(merged),
        direct_(merged.member == stayed.id),
        went_(back.id),
        stayed_(unit, std::move(stayed)),
        back_(unit, std::move(back)) {}

  Result<EntryId> run(const TransactionKey& key) {
    LAUREL_TRY_VOID(stayed_.settle(compiled_));
    LAUREL_TRY_VOID(stayed_.load_open_lots());
    LAUREL_TRY_VOID(part_histories());
    LAUREL_TRY_VOID(open_record());
    if (direct_) LAUREL_TRY_VOID(undo_payments());
    LAUREL_TRY_VOID(find_returning());
    LAUREL_TRY_VOID(part_debts());
    LAUREL_TRY_VOID(let_go(key));
    LAUREL_TRY_VOID(take_back());
    LAUREL_TRY_VOID(stayed_.stand_on(std::move(others_)));
    LAUREL_TRY_VOID(back_.stand_on(std::move(hers_)));
    unit_.change.transactions.push_back({key, parted_, {}});
    LAUREL_TRY_VOID(stayed_.close());
    LAUREL_TRY_VOID(back_.close());
    in_order_of_booking(unit_);
    return parted_;
  }

 private:
  // Whether what came by `side` is hers once they are parted.
  Result<bool> is_hers(MemberId side) {
    if (const auto known = sides_.find(side); known != sides_.end()) return known->second;
    bool hers = side == went_;
    MemberId id = side;
    while (!hers) {
      LAUREL_TRY(const auto record, unit_.view.member(id));
      LAUREL_CHECK(record.has_value(), "an entry names a member that is not stored");
      if (record->status != MemberStatus::kMerged) break;
      id = record->merged_into;
      hers = id == went_;
    }
    return sides_[side] = hers;
  }

  Result<void> part_histories() {
    LAUREL_TRY(auto all, history_of(unit_.view, stayed_));
    LAUREL_TRY(const auto ids, known_as(unit_.view, back_.record()));
    for (auto& entry : all) {
      LAUREL_TRY(const bool hers, is_hers(side_of(entry)));
      const bool elsewhere = std::find(ids.begin(), ids.end(), entry.member) == ids.end();
      if (hers && elsewhere) moved_.push_back(entry.id);
      (hers ? hers_ : others_).push_back(std::move(entry));
    }
    return {};
  }

  // Who she was, and who those through whose hands she went were before.
  Result<void> open_record() {
    auto& back = back_.books().record;
    LAUREL_TRY(const auto gone, unit_.view.entry(merged_.about));
    LAUREL_CHECK(gone.has_value(), "a merge names an entry that is not stored");
    LAUREL_TRY(back.status, status_before(*gone));
    back.merged_into = {};
    back.merge = {};
    auto took = *merged_.merging;
    MemberId holder = merged_.member;
    while (holder != stayed_.record().id) {
      LAUREL_TRY(auto between, unit_.view.member(holder));
      LAUREL_CHECK(between.has_value(), "a merge names a member that is not stored");
      std::erase(between->absorbed, went_);
      restore_profile(*between, back, took);
      LAUREL_TRY_VOID(restore_enrolment(*between));
      LAUREL_TRY(const auto next, unit_.view.entry(between->merge));
      LAUREL_CHECK(next && next->merging, "a merge names an entry that is not stored");
      took = took_through(took, *next->merging);
      holder = between->merged_into;
      unit_.change.members.push_back(*std::move(between));
    }
    auto& stayed = stayed_.books().record;
    std::erase(stayed.absorbed, went_);
    restore_profile(stayed, back, took);
    return restore_enrolment(stayed);
  }

  // What the next one took of what the one before had taken of her.
  static ledger::Merging took_through(const ledger::Merging& first, const ledger::Merging& next) {
    auto took = next;
    took.took_language = took.took_language && first.took_language;
    took.took_born = took.took_born && first.took_born;
    took.took_associate = took.took_associate && first.took_associate;
    std::erase_if(took.took_segments, [&](const auto& segment) {
      return std::ranges::find(first.took_segments, segment) == first.took_segments.end();
    });
    return took;
  }

  // Told by the first entry of the half that went.
  Result<MemberStatus> status_before(Entry entry) {
    while (!entry.merging) {
      LAUREL_TRY(auto previous, unit_.view.entry(entry.previous));
      LAUREL_CHECK(previous.has_value(), "a member's chain of entries is broken");
      entry = *std::move(previous);
    }
    return entry.merging->status;
  }

  static void restore_profile(ledger::MemberRecord& stayed, const ledger::MemberRecord& back,
                              const ledger::Merging& took) {
    if (back.status == MemberStatus::kFrozen && stayed.status == MemberStatus::kFrozen) {
      stayed.status = took.status;
    }
    if (took.took_language && stayed.language == back.language) stayed.language.clear();
    if (took.took_born && stayed.born == back.born) stayed.born.reset();
    if (took.took_associate && stayed.associate == back.associate) stayed.associate.clear();
    for (const auto& segment : took.took_segments) std::erase(stayed.segments, segment);
  }

  // As her own entries say, and those of others who are still one with her.
  Result<void> restore_enrolment(ledger::MemberRecord& member) const {
    LAUREL_TRY(const auto ids, known_as(unit_.view, member));
    Instant first = kNever;
    for (const auto& entry : others_) {
      const bool hers = std::ranges::find(ids, entry.member) != ids.end();
      if (entry.previous || !hers) continue;
      first = std::min({first, entry.event_time, entry.booked_at});
    }
    if (first != kNever) member.enrolled_at = first;
    return {};
  }

  // The points of one that paid the debt of the other come back, and the debt.
  Result<void> undo_payments() {
    for (const auto& payment : others_) {
      if (payment.kind != EntryKind::kMerge || payment.about != merged_.id) continue;
      if (payment.merging || !payment.lots_opened.empty()) continue;
      LAUREL_TRY_VOID(stayed_.load_lots_of(payment));
      Entry entry = begin_half(stayed_, unit_, order_, merged_.id);
      ledger::EntryWriter writer(stayed_.books(), entry);
      for (const auto& move : payment.lot_moves) {
        LAUREL_TRY_VOID(writer.unpay_debt(move.lot, move.points));
      }
      undone_ = payment.id;
      return stayed_.end(std::move(entry), compiled_);
    }
    return {};
  }

  Result<void> find_returning() {
    LAUREL_TRY(const auto lots, lots_with_points(stayed_));
    auto held = held_by_lot(stayed_.record());
    std::set<ledger::LotId> returning;
    for (const auto& lot : lots) {
      LAUREL_TRY(auto home, home_of(lot));
      if (!home) continue;
      returning_.push_back({lot, *home, held[lot.id]});
      returning.insert(lot.id);
    }
    for (const auto& hold : stayed_.record().holds) {
      LAUREL_TRY_VOID(find_moving(hold, returning));
    }
    return {};
  }

  // What of a hold stands on lots that return goes with them. What it counts beside points goes to
  // whose redemption it is, as far as she has a part of it.
  Result<void> find_moving(const ledger::Hold& hold, const std::set<ledger::LotId>& returning) {
    MovingHold moving{hold, {}};
    moving.hold.parts.clear();
    for (const auto& part : hold.parts) {
      (returning.contains(part.lot) ? moving.hold.parts : moving.stays).push_back(part);
    }
    if (moving.hold.parts.empty()) return {};
    LAUREL_TRY(const auto opened, unit_.view.entry(hold.entry));
    LAUREL_CHECK(opened.has_value(), "a hold names the entry that opened it");
    LAUREL_TRY(const bool hers, is_hers(side_of(*opened)));
    moving.takes_reserved = hers || moving.stays.empty();
    moving_.push_back(std::move(moving));
    return {};
  }

  // Follows a lot back through the hands it went, to the lot that was hers or to what opened the
  // first of them. None: it stays.
  Result<std::optional<ledger::LotId>> home_of(const ledger::Lot& lot) {
    ledger::LotId at = lot.id;
    bool parted_before = false;  // what was whose earlier says nothing any more
    for (;;) {
      LAUREL_TRY(const auto opener, unit_.view.entry(at.entry()));
      LAUREL_CHECK(opener.has_value(), "a lot was opened by an entry that is not stored");
      const auto opening = std::find_if(opener->lots_opened.begin(), opener->lots_opened.end(),
                                        [at](const auto& made) { return made.lot == at; });
      LAUREL_CHECK(opening != opener->lots_opened.end(), "a lot was never opened");
      if (!opening->carries) {
        LAUREL_TRY(const bool hers, is_hers(side_of(*opener)));
        return hers ? std::optional(ledger::LotId{}) : std::nullopt;
      }
      parted_before = parted_before || opener->kind == EntryKind::kUnmerge;
      at = opening->carries;
      LAUREL_TRY(const auto before, unit_.view.lot(at));
      LAUREL_CHECK(before.has_value(), "an entry names a lot that is not stored");
      if (before->member == went_ && !parted_before) return std::optional(at);
    }
  }

  // Who owes what: each what she brought or came to owe, less what was paid, her own first.
  Result<void> part_debts() {
    std::map<std::string, std::pair<Points, Points>> debts;  // hers, the other's
    std::vector<std::pair<const Entry*, bool>> entries;
    for (const auto& entry : hers_) entries.emplace_back(&entry, true);
    for (const auto& entry : others_) entries.emplace_back(&entry, false);
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.first->id < b.first->id; });
    for (const auto& [entry, hers] : entries) {
      const bool between = is_merging(*entry) && (entry->merging || !entry->lots_opened.empty());
      if (between || entry->id == undone_) continue;
      for (const auto& posting : entry->postings) {
        if (posting.account != ledger::Account::kDebt) continue;
        auto& [own, other] = debts[posting.wallet];
        auto& first = hers ? own : other;
        auto& second = hers ? other : own;
        const Points paid = std::min(first, posting.amount);
        first -= paid;
        second -= posting.amount - paid;
      }
    }
    for (const auto& [wallet, debt] : debts) {
      const auto* state = ledger::find_wallet(stayed_.record(), wallet);
      if (state == nullptr) continue;
      const Points part = std::clamp(debt.first, Points{}, state->debt);
      if (part > Points{}) debts_.emplace_back(wallet, part);
    }
    return {};
  }

  Result<void> let_go(const TransactionKey& key) {
    Entry entry = begin_half(stayed_, unit_, order_, merged_.id);
    parted_ = entry.id;
    entry.key = key;
    entry.merging = ledger::Merging{went_, false, merged_.id};
    entry.uses = own_uses(hers_, -1);
    ledger::EntryWriter writer(stayed_.books(), entry);
    for (const auto& [wallet, debt] : debts_) LAUREL_TRY_VOID(writer.receive_debt(wallet, -debt));
    for (const auto& moving : moving_) LAUREL_TRY_VOID(let_hold_go(stayed_, entry, moving));
    for (const auto& one : returning_) {
      LAUREL_TRY_VOID(shift_held(stayed_, entry, one.lot.id, one.held, false));
      LAUREL_TRY_VOID(writer.hand_over(one.lot.id, one.points()));
    }
    if (direct_) restore_lives(writer);
    return stayed_.end(std::move(entry), compiled_);
  }

  // Where nothing was done with a wallet since, it dies again when it would have.
  void restore_lives(ledger::EntryWriter& writer) {
    for (const auto& life : merged_.merging->lives) {
      const auto* now = ledger::find_wallet(stayed_.record(), life.wallet);
      const auto* hers = ledger::find_wallet(back_.record(), life.wallet);
      if (now == nullptr || hers == nullptr || now->dies_at != hers->dies_at) continue;
      writer.keep(life.wallet, life.dies_at);
    }
  }

  // Wallets that were used since the merge are alive for both.
  void share_lives(ledger::EntryWriter& writer) {
    for (const auto& wallet : stayed_.record().wallets) {
      if (wallet.dies_at == kNever) continue;
      const auto* hers = ledger::find_wallet(back_.record(), wallet.wallet);
      const bool used =
          hers == nullptr || hers->dies_at == kNever || hers->dies_at < wallet.dies_at;
      if (used) writer.keep(wallet.wallet, wallet.dies_at);
    }
  }

  Result<void> take_back() {
    std::vector<ledger::Lot> opened;
    std::map<ledger::LotId, Points> held;
    for (const auto& one : returning_) {
      if (one.home) continue;
      opened.push_back(one.lot);
      held[one.lot.id] = one.held;
    }
    const std::int64_t count = entries_for(opened.size());
    for (std::int64_t i = 0; i < count; ++i) {
      Entry entry = begin_half(back_, unit_, order_, parted_);
      ledger::EntryWriter writer(back_.books(), entry);
      if (i == 0) LAUREL_TRY_VOID(come_back(entry, writer));
      for (const auto& lot : lots_of_entry(opened, i)) {
        LAUREL_TRY_VOID(writer.receive(lot, lot.remaining + held[lot.id]));
        become_[lot.id] = entry.lots_opened.back().lot;
        LAUREL_TRY_VOID(shift_held(back_, entry, become_[lot.id], held[lot.id], true));
      }
      LAUREL_TRY_VOID(note_carrier(unit_, lots_of_entry(opened, i), entry.id));
      if (i + 1 == count) LAUREL_TRY_VOID(take_holds(entry));
      LAUREL_TRY_VOID(back_.end(std::move(entry), compiled_));
    }
    return {};
  }

  Result<void> take_holds(Entry& entry) {
    for (const auto& moving : moving_) {
      LAUREL_TRY_VOID(take_hold(back_, entry, moving, become_));
      LAUREL_TRY_VOID(note_holders(unit_, moving.hold, {parted_, entry.id}));
    }
    return {};
  }

  Result<void> come_back(Entry& entry, ledger::EntryWriter& writer) {
    entry.merging = ledger::Merging{stayed_.record().id, false, merged_.id};
    entry.merging->moved = moved_;
    entry.uses = own_uses(hers_, 1);
    share_lives(writer);
    for (const auto& [wallet, debt] : debts_) LAUREL_TRY_VOID(writer.receive_debt(wallet, debt));
    for (const auto& one : returning_) {
      const auto& [lot, home, held] = one;
      if (!home) continue;
      LAUREL_TRY_VOID(back_.load_lot(home));
      const auto* own = ledger::find_lot(back_.books(), home);
      const bool dated =
          own->available_from != lot.available_from || own->expires_at != lot.expires_at;
      if (dated) LAUREL_TRY_VOID(writer.date(home, {lot.available_from, lot.expires_at}));
      LAUREL_TRY_VOID(writer.hand_over(home, -one.points()));
      become_[lot.id] = home;
      LAUREL_TRY_VOID(shift_held(back_, entry, home, held, true));
    }
    return {};
  }

  Unit& unit_;
  const programme::Compiled& compiled_;
  const Order order_;
  const Entry& merged_;  // the entry of who stayed
  const bool direct_;    // she was merged into the one whose account it is now
  const MemberId went_;
  MemberSession stayed_, back_;
  std::map<MemberId, bool> sides_;
  std::vector<Entry> hers_, others_;
  std::vector<EntryId> moved_;  // hers, in chains of others
  std::vector<Returning> returning_;
  std::vector<MovingHold> moving_;
  std::map<ledger::LotId, ledger::LotId> become_;
  std::vector<std::pair<std::string, Points>> debts_;
  EntryId undone_;  // the payment of debts that was
  EntryId parted_;
};

}  // namespace

Result<Posted> unmerge(Unit& unit, const Unmerge& unmerge) {
  std::vector<FieldFault> faults;
  check_key(unmerge.key, "", faults);
  check_key(unmerge.merge, "/merge", faults);
  check_person(unmerge.actor, unmerge.reason, faults);
  if (!faults.empty()) return faulty_fields(std::move(faults));
  const auto of = request_key("merge", unmerge.merge);
  LAUREL_TRY(auto merged, first_answer(unit.view, of));
  const auto key = request_key("unmerge", unmerge.key);
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  if (stored) {
    if (!merged || stored->merging->merge != merged->id) return used_for_other_content("/merge");
    if (stored->reason != unmerge.reason) return used_for_other_content("/reason");
    return Posted{stored->id, std::move(stored), true};
  }
  if (!merged) return Error{ErrorCode::kUnknownTransaction, "no merge has this key"};
  LAUREL_TRY(auto back, unit.view.member(merged->merging->other));
  LAUREL_CHECK(back.has_value(), "a merge names a member that is not stored");
  if (back->merge != merged->id) {
    return Error{ErrorCode::kAlreadyReversed, "they have been parted again already"};
  }
  LAUREL_TRY(auto stayed, existing_now(unit.view, merged->member));
  if (unmerge.member) {
    LAUREL_TRY(const auto asked, existing_now(unit.view, unmerge.member));
    if (asked.id != stayed.id) {
      return faulty_fields({{"/member", "not_merged", "the merge was of other members"}});
    }
  }
  LAUREL_TRY(const auto id,
             Parter(unit, unmerge, *merged, std::move(stayed), *std::move(back)).run(key));
  keep_apart(unit, merged->member, merged->merging->other, unmerge.actor, unmerge.reason);
  return Posted{id};
}

}  // namespace laurel::engine
