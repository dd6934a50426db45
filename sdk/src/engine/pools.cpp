#include "engine/pools.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/engine_state.hpp"
#include "engine/person.hpp"
#include "engine/request.hpp"

namespace laurel {

namespace engine {
namespace {

using ledger::Entry;
using ledger::EntryKind;
using ledger::Pooling;
using What = ledger::Pooling::What;

void take_in(PoolFile& file, const Entry& entry) {
  const auto& pooling = *entry.pooling;
  auto at = std::ranges::find(file.places, entry.member, &PoolPlace::member);
  if (pooling.what == What::kLeave) {
    if (at != file.places.end()) file.places.erase(at);
    return;
  }
  if (at == file.places.end()) {
    at = file.places.insert(at, {entry.member, {}, false, false, entry.event_time});
  }
  at->spends = pooling.spends;
  at->contributes = pooling.contributes;
  if (pooling.what == What::kChange) at->changed = entry.id;
}

// Of two places of one person the earlier: she may what either may, unless it was decided since.
void take_in(PoolPlace& place, const PoolPlace& other) {
  if (place.changed == other.changed) {
    place.spends = place.spends || other.spends;
    place.contributes = place.contributes || other.contributes;
  } else if (other.changed > place.changed) {
    place.spends = other.spends;
    place.contributes = other.contributes;
    place.changed = other.changed;
  }
  place.beside.push_back(other.member);
  if (other.member == place.now.id) std::swap(place.member, place.beside.back());
}

// Two of the pool who were merged have one place in it as long as they are one.
void join_places(std::vector<PoolPlace>& places) {
  std::vector<PoolPlace> joined;
  for (auto& place : places) {
    const auto same = [&](const PoolPlace& earlier) { return earlier.now.id == place.now.id; };
    const auto at = std::ranges::find_if(joined, same);
    if (at == joined.end()) {
      joined.push_back(std::move(place));
    } else {
      take_in(*at, place);
    }
  }
  places = std::move(joined);
}

Result<void> check_change(const TransactionKey& key, const std::string& actor,
                          const std::string& reason) {
  std::vector<FieldFault> faults;
  check_key(key, "", faults);
  check_person(actor, reason, faults);
  if (!faults.empty()) return faulty_fields(std::move(faults));
  return {};
}

// What is asked for, by whom, for whom.
struct PoolChange {
  const TransactionKey key;
  const MemberId member;
  const std::string& actor;
  const std::string& reason;
  Pooling pooling;
};

// The answer of the first time, where it was about the same.
Result<std::optional<Posted>> answered(const Unit& unit, const PoolChange& change) {
  LAUREL_TRY(auto stored, first_answer(unit.view, change.key));
  if (!stored) return std::optional<Posted>{};
  const auto& before = *stored->pooling;
  if (change.pooling.pool && pool_named(*stored) != change.pooling.pool) {
    return used_for_other_content("/pool");
  }
  LAUREL_TRY(const auto then, existing_now(unit.view, stored->member));
  LAUREL_TRY(const auto now, existing_now(unit.view, change.member));
  if (then.id != now.id) return used_for_other_content("/member");
  if (stored->reason != change.reason) return used_for_other_content("/reason");
  const bool joins = before.what == What::kJoin || before.what == What::kChange;
  if (joins && before.spends != change.pooling.spends) return used_for_other_content("/spends");
  if (joins && before.contributes != change.pooling.contributes) {
    return used_for_other_content("/contributes");
  }
  const EntryId id = stored->id;
  return std::optional(Posted{id, std::move(stored), true});
}

Entry begin_change(MemberSession& session, const Unit& unit, const programme::Compiled& compiled,
                   const std::string& actor, Pooling pooling) {
  Entry entry = session.begin(EntryKind::kPool, unit.now);
  entry.actor = actor;
  entry.programme = compiled.digest;
  entry.about = pooling.pool;
  entry.pooling = pooling;
  return entry;
}

// Books it in the chain of the member that it names, and in the pool's record.
Result<Posted> book(Unit& unit, const PoolChange& change, ledger::MemberRecord record,
                    store::TransactionRecord pool) {
  const auto& compiled = unit.in_force(unit.now);
  MemberSession session(unit, std::move(record));
  LAUREL_TRY_VOID(session.settle(compiled));
  Entry entry = begin_change(session, unit, compiled, change.actor, change.pooling);
  entry.key = change.key;
  entry.reason = change.reason;
  const EntryId id = entry.id;
  const bool leaves = change.pooling.what == What::kLeave;
  session.books().record.pool = leaves ? EntryId{} : pool_named(entry);
  LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
  unit.change.transactions.push_back({change.key, id, {}});
  if (pool.entry) {
    pool.related.push_back(id);
    unit.change.transactions.push_back(std::move(pool));
  }
  LAUREL_TRY_VOID(session.close());
  return Posted{id};
}

Result<ledger::MemberRecord> active_now(const Unit& unit, MemberId id) {
  LAUREL_TRY(auto record, existing_now(unit.view, id));
  if (record.status == MemberStatus::kActive) return record;
  return Error{ErrorCode::kMemberNotActive, "a pool is of active members"};
}

Error in_a_pool() {
  return {ErrorCode::kInvalidState, "she is in a pool already: she must leave it first"};
}

}  // namespace

EntryId pool_named(const Entry& entry) {
  return entry.pooling->pool ? entry.pooling->pool : entry.id;
}

Result<PoolFile> pool_file(const store::View& view, EntryId id) {
  const Error unknown{ErrorCode::kNotFound, "no pool has this id"};
  LAUREL_TRY(const auto opened, id ? view.entry(id) : Result<std::optional<Entry>>(std::nullopt));
  if (!opened || !opened->pooling || opened->pooling->what != What::kOpen) return unknown;
  LAUREL_TRY(auto record, view.transaction(opened->key));
  LAUREL_CHECK(record.has_value(), "a pool is stored under its key");
  PoolFile file{id, *std::move(record)};
  take_in(file, *opened);
  for (const EntryId related : file.record.related) {
    LAUREL_TRY(const auto entry, view.entry(related));
    LAUREL_CHECK(entry && entry->pooling, "a pool names an entry that is not about it");
    take_in(file, *entry);
  }
  for (auto& place : file.places) {
    LAUREL_TRY(place.now, existing_now(view, place.member));
  }
  join_places(file.places);
  if (!file.places.empty()) file.places.front().spends = true;  // the head
  return file;
}

Result<EntryId> pool_of(const store::View& view, const ledger::MemberRecord& member) {
  if (member.pool || member.absorbed.empty()) return member.pool;
  LAUREL_TRY(const auto ids, known_as(view, member));
  for (const MemberId id : ids) {
    LAUREL_TRY(const auto record, view.member(id));
    if (record && record->pool) return record->pool;
  }
  return EntryId{};
}

Result<PoolSpending> pool_spending(const Unit& unit, const ledger::MemberRecord& spender) {
  LAUREL_TRY(const auto id, pool_of(unit.view, spender));
  if (!id) return Error{ErrorCode::kNotRedeemable, "she is in no pool"};
  LAUREL_TRY(auto file, pool_file(unit.view, id));
  PoolSpending spending{id};
  bool may_spend = false;
  for (auto& place : file.places) {
    const bool is_she = place.now.id == spender.id;
    may_spend = may_spend || (is_she && place.spends);
    if (!place.contributes || place.now.status != MemberStatus::kActive) continue;
    auto& members = spending.members;
    members.insert(is_she ? members.begin() : members.end(), std::move(place.now));
  }
  if (may_spend) return spending;
  return Error{ErrorCode::kNotRedeemable, "she may not spend the points of her pool"};
}

Result<Posted> open_pool(Unit& unit, const PoolOpening& opening) {
  LAUREL_TRY_VOID(check_change(opening.key, opening.actor, opening.reason));
  const PoolChange change{request_key("pool", opening.key),
                          opening.head,
                          opening.actor,
                          opening.reason,
                          {{}, What::kOpen, true, true}};
  LAUREL_TRY(auto before, answered(unit, change));
  if (before) return *std::move(before);
  LAUREL_TRY(auto head, active_now(unit, opening.head));
  LAUREL_TRY(const auto pool, pool_of(unit.view, head));
  if (pool) return in_a_pool();
  return book(unit, change, std::move(head), {});
}

Result<Posted> join_pool(Unit& unit, const PoolJoining& joining) {
  LAUREL_TRY_VOID(check_change(joining.key, joining.actor, joining.reason));
  const EntryId id(joining.pool.number());
  PoolChange change{request_key("pool-joining", joining.key),
                    joining.member,
                    joining.actor,
                    joining.reason,
                    {id, What::kJoin, joining.spends, joining.contributes}};
  LAUREL_TRY(auto before, answered(unit, change));
  if (before) return *std::move(before);
  LAUREL_TRY(auto file, pool_file(unit.view, id));
  LAUREL_TRY(auto member, active_now(unit, joining.member));
  LAUREL_TRY(const auto pool, pool_of(unit.view, member));
  if (pool && pool != id) return in_a_pool();
  if (file.places.empty()) return Error{ErrorCode::kInvalidState, "all have left the pool"};
  if (pool) {
    // Under the id by which she joined.
    const auto place = std::ranges::find_if(
        file.places, [&](const PoolPlace& one) { return one.now.id == member.id; });
    LAUREL_CHECK(place != file.places.end(), "a member's pool has a place for her");
    if (place->member != member.id) {
      return Error{ErrorCode::kInvalidState,
                   "she joined before she was merged: let her leave, and join again"};
    }
    change.pooling.what = What::kChange;
  } else if (file.places.size() >= kPoolMembersMax) {
    return Error{ErrorCode::kLimitReached, "a pool has at most sixteen members"};
  }
  return book(unit, change, std::move(member), std::move(file.record));
}

namespace {

// Who has two places by a merge leaves both.
Result<void> leave_beside(Unit& unit, const PoolChange& change, const PoolPlace& place,
                          store::TransactionRecord& pool) {
  const auto& compiled = unit.in_force(unit.now);
  for (const MemberId other : place.beside) {
    LAUREL_TRY(auto record, unit.view.member(other));
    LAUREL_CHECK(record.has_value(), "a pool names a member that is not stored");
    MemberSession session(unit, *std::move(record));
    Entry entry = begin_change(session, unit, compiled, change.actor, change.pooling);
    entry.reason = change.reason;
    session.books().record.pool = {};
    pool.related.push_back(entry.id);
    LAUREL_TRY_VOID(session.end(std::move(entry), compiled));
    LAUREL_TRY_VOID(session.close());
  }
  return {};
}

}  // namespace

Result<Posted> leave_pool(Unit& unit, const PoolLeaving& leaving) {
  LAUREL_TRY_VOID(check_change(leaving.key, leaving.actor, leaving.reason));
  const EntryId id(leaving.pool.number());
  const PoolChange change{request_key("pool-leaving", leaving.key),
                          leaving.member,
                          leaving.actor,
                          leaving.reason,
                          {id, What::kLeave, false, false}};
  LAUREL_TRY(auto before, answered(unit, change));
  if (before) return *std::move(before);
  LAUREL_TRY(auto file, pool_file(unit.view, id));
  LAUREL_TRY(auto member, existing_now(unit.view, leaving.member));
  LAUREL_TRY(const auto pool, pool_of(unit.view, member));
  if (pool != id) return Error{ErrorCode::kInvalidState, "she is not in this pool"};
  // A place taken by one who was merged since is given up in her own chain.
  const auto place = std::ranges::find_if(
      file.places, [&](const PoolPlace& one) { return one.now.id == member.id; });
  LAUREL_CHECK(place != file.places.end(), "a member's pool has a place for her");
  LAUREL_TRY(auto joined, unit.view.member(place->member));
  LAUREL_CHECK(joined.has_value(), "a pool names a member that is not stored");
  LAUREL_TRY_VOID(leave_beside(unit, change, *place, file.record));
  return book(unit, change, *std::move(joined), std::move(file.record));
}

Result<void> leave_erased(Unit& unit, MemberSession& session, const programme::Compiled& compiled,
                          const std::string& actor) {
  const EntryId id = session.record().pool;
  if (!id) return {};
  LAUREL_TRY(auto file, pool_file(unit.view, id));
  Entry entry = begin_change(session, unit, compiled, actor, {id, What::kLeave, false, false});
  entry.reason = "the member was erased";
  session.books().record.pool = {};
  file.record.related.push_back(entry.id);
  unit.change.transactions.push_back(std::move(file.record));
  return session.end(std::move(entry), compiled);
}

namespace {

void add(std::vector<WalletBalance>& sum, const std::vector<WalletBalance>& balances) {
  if (sum.empty()) {
    sum = balances;
    return;
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i].available += balances[i].available;
    sum[i].pending += balances[i].pending;
    sum[i].held += balances[i].held;
    sum[i].debt += balances[i].debt;
  }
}

}  // namespace

Result<Pool> pool_view(const store::View& view, const Version& version, Instant now, EntryId id) {
  LAUREL_TRY(const auto file, pool_file(view, id));
  const auto& compiled = version.compiled();
  Pool pool;
  pool.id = PoolId(id.number());
  pool.entry = file.record.related.empty() ? id : file.record.related.back();
  for (const auto& place : file.places) {
    const bool active = place.now.status == MemberStatus::kActive;
    pool.members.push_back(
        {place.now.id, pool.members.empty(), place.spends, place.contributes, active, place.since});
    if (!active || !place.contributes) continue;
    LAUREL_TRY(const auto books, books_now(view, place.now, now, compiled));
    add(pool.wallets, ledger::booked_balances(books.record, compiled.wallets));
  }
  return pool;
}

}  // namespace engine

using namespace engine;

Result<PoolId> PoolId::parse(std::string_view text) {
  if (text.starts_with("p_")) {
    if (const auto id = MemberId::parse("m_" + std::string(text.substr(2)))) {
      return PoolId(id->number());
    }
  }
  return Error{ErrorCode::kInvalid, "a pool is \"p_\" and thirteen letters and digits"};
}

std::string PoolId::text() const { return "p_" + MemberId(number_).text().substr(2); }

Pools Engine::pools() { return Pools(*this); }

namespace {

// What it is after a change of it, or after the same change came again.
template <class State, class Change>
Result<Pool> changed_pool(const State& state, const Pools& pools, Change change) {
  PoolId id;
  bool replayed = false;
  EntryId booked;
  LAUREL_TRY_VOID(state.write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, change(unit));
    const auto& entry = posted.entry(unit);
    id = PoolId(pool_named(entry).number());
    replayed = posted.replayed;
    booked = posted.id;
    return {};
  }));
  LAUREL_TRY(auto pool, pools.get(id));
  pool.replayed = replayed;
  pool.entry = booked;
  return pool;
}

}  // namespace

Result<Pool> Pools::open(const PoolOpening& opening) const {
  return changed_pool(*engine_->state_, *this,
                      [&](Unit& unit) { return open_pool(unit, opening); });
}

Result<Pool> Pools::join(const PoolJoining& joining) const {
  return changed_pool(*engine_->state_, *this,
                      [&](Unit& unit) { return join_pool(unit, joining); });
}

Result<Pool> Pools::leave(const PoolLeaving& leaving) const {
  return changed_pool(*engine_->state_, *this,
                      [&](Unit& unit) { return leave_pool(unit, leaving); });
}

Result<Pool> Pools::get(PoolId id) const {
  const auto& state = *engine_->state_;
  return state.read<Pool>([&](const store::View& view, const Versions& versions) {
    return pool_view(view, versions.in_force(state.now()), state.now(), EntryId(id.number()));
  });
}

Result<Pool> Pools::of_member(MemberId member) const {
  const auto& state = *engine_->state_;
  return state.read<Pool>([&](const store::View& view, const Versions& versions) -> Result<Pool> {
    LAUREL_TRY(const auto record, existing_now(view, member));
    LAUREL_TRY(const auto id, pool_of(view, record));
    return pool_view(view, versions.in_force(state.now()), state.now(), id);
  });
}

}  // namespace laurel
