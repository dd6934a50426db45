#include "engine/transfers.hpp"

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/check.hpp"
#include "engine/request.hpp"

namespace laurel::engine {
namespace {

using ledger::Account;
using ledger::Entry;
using ledger::EntryKind;

constexpr std::size_t kLotsOfAnEntry = 64;  // as a lot's number counts them

Result<void> check_transfer(const Transfer& transfer) {
  std::vector<FieldFault> faults;
  check_key(transfer.key, "", faults);
  check_person(transfer.actor, transfer.reason, faults);
  if (transfer.points <= Points{} || transfer.points.units() > kMaxPoints) {
    faults.push_back({"/points", "out_of_range", "a number of points above zero"});
  }
  if (transfer.from == transfer.to) {
    faults.push_back({"/to", "same_member", "another member than the one who gives"});
  }
  if (!faults.empty()) return faulty_fields(std::move(faults));
  return {};
}

Result<ledger::MemberRecord> active(const Unit& unit, MemberId id) {
  LAUREL_TRY(auto member, existing(unit.view, id));
  if (member.status == MemberStatus::kActive) return member;
  return Error{ErrorCode::kMemberNotActive, "points move between active members only"};
}

// Points by the day on which they die, as they left.
using ByEnd = std::vector<std::pair<Instant, Points>>;

ByEnd points_by_end(MemberSession& session, const Entry& entry) {
  std::map<Instant, Points> sums;
  for (const auto& move : entry.lot_moves) {
    const auto* lot = ledger::find_lot(session.books(), move.lot);
    if (move.kind == ledger::LotMoveKind::kSpend) {
      sums[ledger::lot_end(session.record(), *lot)] += move.points;
    }
  }
  return {sums.begin(), sums.end()};
}

Entry begin_half(MemberSession& session, const Unit& unit, const Transfer& transfer,
                 const programme::Compiled& compiled) {
  Entry entry = session.begin(EntryKind::kTransfer, unit.now);
  entry.actor = transfer.actor;
  entry.reason = transfer.reason;
  entry.programme = compiled.digest;
  return entry;
}

Result<void> receive(Unit& unit, const Transfer& transfer, const programme::Compiled& compiled,
                     const std::string& wallet, EntryId cause, const ByEnd& lots) {
  LAUREL_TRY(auto record, active(unit, transfer.to));
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY_VOID(session.load_open_lots());
  for (std::size_t first = 0; first < lots.size(); first += kLotsOfAnEntry) {
    Entry entry = begin_half(session, unit, transfer, compiled);
    entry.about = cause;
    ledger::EntryWriter writer(session.books(), entry);
    for (std::size_t i = first; i < std::min(first + kLotsOfAnEntry, lots.size()); ++i) {
      LAUREL_TRY_VOID(writer.earn(wallet, lots[i].second, {unit.now, lots[i].first}, entry.id,
                                  Account::kTransferred));
    }
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  }
  return session.close();
}

Points given(const Entry& entry) {
  Points sum;
  for (const auto& posting : entry.postings) {
    if (posting.account == Account::kTransferred) sum += posting.amount;
  }
  return sum;
}

}  // namespace

std::string transferred_wallet(const Entry& entry) {
  for (const auto& posting : entry.postings) {
    if (posting.account == Account::kTransferred) return posting.wallet;
  }
  return {};
}

Result<Posted> transfer(Unit& unit, const Transfer& transfer) {
  LAUREL_TRY_VOID(check_transfer(transfer));
  const auto& compiled = unit.in_force(unit.now);
  const auto index = transfer.wallet.empty() ? std::optional<std::size_t>(0)
                                             : compiled.wallet_index(transfer.wallet);
  if (!index) return faulty_field("/wallet", "unknown_wallet", "the programme has no such wallet");
  const std::string& wallet = compiled.wallets[*index].id;
  const auto key = request_key("transfer", transfer.key);
  LAUREL_TRY(auto stored, first_answer(unit.view, key));
  if (stored) {
    LAUREL_TRY(const auto record, unit.view.transaction(key));
    LAUREL_ASSERT(record && !record->related.empty(), "a booked transfer names its other half");
    LAUREL_TRY(const auto other, unit.view.entry(record->related.front()));
    if (stored->member != transfer.from) return used_for_other_content("/from");
    if (!other || other->member != transfer.to) return used_for_other_content("/to");
    if (transferred_wallet(*stored) != wallet) return used_for_other_content("/wallet");
    if (given(*stored) != transfer.points) return used_for_other_content("/points");
    if (stored->reason != transfer.reason) return used_for_other_content("/reason");
    const EntryId id = stored->id;
    return Posted{id, std::move(stored), true};
  }
  LAUREL_TRY_VOID(active(unit, transfer.to));
  LAUREL_TRY(auto record, active(unit, transfer.from));
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  LAUREL_TRY_VOID(session.load_open_lots());
  Entry entry = begin_half(session, unit, transfer, compiled);
  entry.key = key;
  ledger::EntryWriter writer(session.books(), entry);
  LAUREL_TRY_VOID(writer.spend(wallet, transfer.points, Account::kTransferred));
  const auto lots = points_by_end(session, entry);
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  const EntryId id = session.last().id;
  LAUREL_TRY_VOID(session.close());
  LAUREL_TRY_VOID(receive(unit, transfer, compiled, wallet, id, lots));
  unit.change.transactions.push_back({key, id, {unit.change.entries.back().id}});
  return Posted{id};
}

}  // namespace laurel::engine
