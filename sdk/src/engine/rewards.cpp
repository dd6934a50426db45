// The facet of rewards.

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/automatic.hpp"
#include "engine/engine_state.hpp"
#include "engine/request.hpp"
#include "engine/reward_offer.hpp"

namespace laurel {

using namespace engine;

namespace {

// The store's fault, not the member's: tried again, it may succeed.
bool may_pass(const Error& error) {
  return error.error_class() == ErrorClass::kBusy || error.code == ErrorCode::kStoreFailed ||
         error.code == ErrorCode::kOutcomeUnknown;
}

}  // namespace

Result<std::vector<RewardOffer>> Rewards::list(const RewardQuestion& question) const {
  const auto& state = *engine_->state_;
  return state.read<std::vector<RewardOffer>>(
      [&](const store::View& view, const Versions& versions) -> Result<std::vector<RewardOffer>> {
        Unit unit{view, {}, state.now(), std::make_shared<const Versions>(versions)};
        const auto& compiled = unit.in_force(unit.now);
        std::optional<ledger::MemberRecord> member;
        if (question.member) {
          LAUREL_TRY(member, view.member(question.member));
          if (!member) return Error{ErrorCode::kUnknownMember, "no member has this id"};
        } else if (!question.identifiers.empty()) {
          LAUREL_TRY(member, who_asks(unit, {{}, question.identifiers, ""}));
        }
        LAUREL_TRY(const auto seeker, seeker_of(unit, member ? &*member : nullptr, compiled,
                                                question.department, question.channel));
        const std::string language =
            question.language.empty() && member ? member->language : question.language;
        std::vector<RewardOffer> offers;
        for (const auto& reward : compiled.catalogue.rewards) {
          LAUREL_TRY(auto offer, offer_of(unit, compiled, reward, seeker, language));
          offers.push_back(std::move(offer));
        }
        return offers;
      });
}

Result<RewardTaken> Rewards::take(const RewardRequest& request) const {
  RewardTaken taken;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, take_reward(unit, request));
    const auto& entry = posted.entry(unit);
    const auto* version = unit.versions->with_digest(entry.programme);
    LAUREL_CHECK(version != nullptr, "an entry names a version that is not stored");
    taken = taken_of(entry, version->compiled(), posted.replayed);
    return {};
  }));
  return taken;
}

Result<AutomaticWork> Rewards::settle(std::size_t limit) const {
  const auto& state = *engine_->state_;
  std::optional<Sweep> sweep;
  LAUREL_TRY_VOID(state.store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(const auto versions, state.refresh(view));
    const Unit unit{view, {}, state.now(), versions};
    LAUREL_TRY(sweep, look_for_due(unit, limit));
    return {};
  }));
  AutomaticWork work;
  if (!sweep) return work;
  std::vector<std::int64_t> issued(sweep->due.size() * sweep->kinds);
  std::vector<store::UnitOfWork> units;
  for (std::size_t i = 0; i < issued.size(); ++i) {
    const MemberId id = sweep->due[i / sweep->kinds];
    units.push_back(state.unit_of([id, &count = issued[i]](Unit& unit) {
      count = 0;
      return give_due(unit, id, count);
    }));
  }
  // Units of work fail one by one. Whom the store failed, the next call finds again: the round goes
  // on in a write of its own, once all have been given theirs. It does not wait for a member who
  // can be given nothing.
  Result<void> failed;
  for (const auto& result : state.write(units)) {
    if (result) continue;
    if (may_pass(result.error())) return result.error();
    if (failed) failed = result.error();
  }
  LAUREL_TRY_VOID(state.write_one([&sweep](Unit& unit) { return go_on(unit, *sweep); }));
  if (!failed) return failed.error();
  for (const auto count : issued) work.vouchers += count;
  work.members = sweep->looked_at;
  work.more = !sweep->finished;
  return work;
}

Rewards Engine::rewards() const { return Rewards(*this); }

}  // namespace laurel
