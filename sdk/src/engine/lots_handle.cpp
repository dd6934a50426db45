#include "base/try.hpp"
#include "engine/engine_state.hpp"
#include "engine/extension.hpp"
#include "engine/opening.hpp"

namespace laurel {

using namespace engine;

namespace {

constexpr std::size_t kPage = 256;

Error missing(const char* pointer, const char* detail) {
  return {ErrorCode::kInvalid, "one or more fields are wrong", {{pointer, "required", detail}}};
}

Result<std::vector<MemberId>> page_of(const store::Store& store, const LotOrder& order,
                                      MemberId after) {
  std::vector<MemberId> members;
  if (order.member) {
    if (!after) members.push_back(*order.member);
    return members;
  }
  LAUREL_TRY_VOID(store.read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(const auto records, view.members(after, kPage));
    for (const auto& record : records) members.push_back(record.id);
    return {};
  }));
  return members;
}

}  // namespace

Lots Engine::lots() { return Lots(*this); }

// One unit of work a member, a page of them at a time.
template <class Work>
Result<LotsChanged> Lots::for_members(const LotOrder& order, Work work) {
  auto& state = *engine_->state_;
  LotsChanged changed;
  changed.dry_run = order.dry_run;
  LAUREL_TRY(const auto versions, state.known_versions());
  if (versions->empty()) {
    return Error{ErrorCode::kNoProgramme, "no programme has been published in this store"};
  }
  const auto& compiled = versions->in_force(state.now()).compiled();
  LAUREL_TRY_VOID(check_order(order, compiled));
  const auto& wallet =
      compiled.wallets[order.wallet.empty() ? 0 : *compiled.wallet_index(order.wallet)];
  changed.wallet = wallet.id;
  changed.scale = wallet.scale;
  for (MemberId after;;) {
    LAUREL_TRY(const auto members, page_of(state.store(), order, after));
    if (members.empty()) return changed;
    std::vector<LotsChanged> parts(members.size());
    std::vector<store::UnitOfWork> units;
    for (std::size_t i = 0; i < members.size(); ++i) {
      units.push_back(state.unit_of(
          [&work, &order, member = members[i], &part = parts[i]](Unit& unit) -> Result<void> {
            part = {};
            LAUREL_TRY_VOID(work(unit, member, part));
            if (order.dry_run) {
              unit.change = {};
              unit.entries_given = 0;
            }
            return {};
          }));
    }
    for (const auto& done : state.write(units)) {
      if (!done) return done.error();
    }
    for (auto& part : parts) {
      changed.members += part.members;
      changed.lots += part.lots;
      changed.points += part.points;
      for (auto& change : part.first) {
        if (changed.first.size() < 100) changed.first.push_back(change);
      }
    }
    after = members.back();
  }
}

std::vector<Result<Opened>> Lots::open(std::span<const Opening> openings) {
  auto& state = *engine_->state_;
  std::vector<Result<Opened>> opened(openings.size(), Opened{});
  std::vector<store::UnitOfWork> units;
  for (std::size_t i = 0; i < openings.size(); ++i) {
    units.push_back(
        state.unit_of([&opening = openings[i], &answer = opened[i]](Unit& unit) -> Result<void> {
          LAUREL_TRY(answer, open_balance(unit, opening));
          return {};
        }));
  }
  const auto done = state.write(units);
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (!done[i]) opened[i] = done[i].error();
  }
  return opened;
}

Result<LotsChanged> Lots::extend(const LotOrder& order) {
  return for_members(order, [&](Unit& unit, MemberId member, LotsChanged& changed) {
    return extend_lots(unit, member, order, changed);
  });
}

Result<LotsChanged> Lots::unexpire(const LotOrder& order) {
  if (!order.until) return missing("/until", "their new last day");
  if (!order.since) return missing("/since", "what died from when on");
  return for_members(order, [&](Unit& unit, MemberId member, LotsChanged& changed) {
    return unexpire_lots(unit, member, order, changed);
  });
}

Result<LotsChanged> Lots::undo(const LotOrder& order, const TransactionKey& undone) {
  return for_members(order, [&](Unit& unit, MemberId member, LotsChanged& changed) {
    return undo_lots(unit, member, order, undone, changed);
  });
}

}  // namespace laurel
