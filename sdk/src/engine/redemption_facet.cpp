// Engine::redemptions() and Engine::transfers().

#include "engine/engine_state.hpp"
#include "engine/redemptions.hpp"
#include "engine/transfers.hpp"
#include "laurel/redemption.hpp"
#include "laurel/transfer.hpp"

namespace laurel {

using namespace engine;

namespace {

constexpr store::NextIds kIdsOfNothing{EntryId(INT64_MAX / 128), MemberId(INT64_MAX / 2)};

// The answer to a request, given by the entry that it made, now or the first time.
Result<Redemption> answer_of(const Unit& unit, const Posted& posted) {
  const auto& entry = posted.entry(unit);
  std::optional<ledger::Entry> opened;
  const bool opens = entry.document.has_value();
  if (!opens) {
    LAUREL_TRY(opened, unit.view.entry(entry.about));
    LAUREL_CHECK(opened.has_value(), "a resolution names the entry of its redemption");
  }
  auto answer = redemption_of(opened ? *opened : entry, entry, unit.in_force(unit.now));
  answer.replayed = posted.replayed;
  return answer;
}

}  // namespace

Redemptions Engine::redemptions() { return Redemptions(*this); }
Transfers Engine::transfers() { return Transfers(*this); }

Result<Redemption> Redemptions::hold(const RedemptionRequest& request) const {
  Result<Redemption> out = Error{ErrorCode::kBroken, "not held"};
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, engine::hold(unit, request));
    LAUREL_TRY(out, answer_of(unit, posted));
    return {};
  }));
  return out;
}

Result<Redemption> Redemptions::capture(const Resolution& resolution) const {
  Result<Redemption> out = Error{ErrorCode::kBroken, "not captured"};
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, engine::capture(unit, resolution));
    LAUREL_TRY(out, answer_of(unit, posted));
    return {};
  }));
  return out;
}

Result<Redemption> Redemptions::release(const Resolution& resolution) const {
  Result<Redemption> out = Error{ErrorCode::kBroken, "not released"};
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, engine::release(unit, resolution));
    LAUREL_TRY(out, answer_of(unit, posted));
    return {};
  }));
  return out;
}

Result<Redemption> Redemptions::extend(const Extension& extension) const {
  Result<Redemption> out = Error{ErrorCode::kBroken, "not extended"};
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, engine::extend(unit, extension));
    LAUREL_TRY(out, answer_of(unit, posted));
    return {};
  }));
  return out;
}

Result<Redemption> Redemptions::reverse(const Resolution& resolution) const {
  Result<Redemption> out = Error{ErrorCode::kBroken, "not reversed"};
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto posted, engine::reverse(unit, resolution));
    LAUREL_TRY(out, answer_of(unit, posted));
    return {};
  }));
  return out;
}

Result<Redemption> Redemptions::get(const TransactionKey& key) const {
  const auto& state = *engine_->state_;
  return state.read<Redemption>([&](const store::View& view,
                                    const Versions& versions) -> Result<Redemption> {
    const Unit unit{view, kIdsOfNothing, state.now(), std::make_shared<const Versions>(versions)};
    LAUREL_TRY(const auto file, find_redemption(unit, key));
    if (!file) return Error{ErrorCode::kUnknownRedemption, "no redemption has this id"};
    return redemption_of(*file, unit.in_force(unit.now));
  });
}

Result<TransferReceipt> Transfers::move(const Transfer& transfer) const {
  TransferReceipt receipt;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(const auto moved, engine::transfer(unit, transfer));
    const auto& entry = moved.entry(unit);
    receipt = {transfer.key,    transfer.from,
               transfer.to,     moved.replayed,
               moved.id,        transferred_wallet(entry),
               transfer.points, entry.balances_after};
    return {};
  }));
  return receipt;
}

}  // namespace laurel
