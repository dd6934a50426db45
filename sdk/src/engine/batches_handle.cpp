#include <algorithm>

#include "base/try.hpp"
#include "engine/batches.hpp"
#include "engine/engine_state.hpp"

namespace laurel {

using namespace engine;

namespace {

constexpr std::size_t kAtOnce = 256;
constexpr std::size_t kShown = 100;

// That of one member says no; the others' go on.
bool is_of_one(const Error& error) {
  return error.error_class() == ErrorClass::kRefused && error.code != ErrorCode::kAlreadyReversed;
}

}  // namespace

Result<BatchStanding> Adjustments::batch(const TransactionKey& key) const {
  const auto& state = *engine_->state_;
  return state.read<BatchStanding>(
      [&](const store::View& view, const Versions& versions) -> Result<BatchStanding> {
        LAUREL_TRY(const auto stored, load_batch(view, key));
        return standing_of(view, versions.in_force(state.now()).compiled(), stored);
      });
}

Result<std::vector<BatchFault>> Adjustments::book(const TransactionKey& key, bool back,
                                                  const BatchProgress& progress) {
  auto& state = *engine_->state_;
  StoredBatch batch;
  std::vector<ledger::AdjustmentTerms> items;
  LAUREL_TRY_VOID(state.store().read([&](const store::View& view) -> Result<void> {
    LAUREL_TRY(batch, load_batch(view, key));
    LAUREL_TRY(items, items_of(view, batch));
    return {};
  }));
  std::vector<BatchFault> faults;
  const auto all = static_cast<std::int64_t>(items.size());
  for (std::size_t first = 0; first < items.size(); first += kAtOnce) {
    const std::size_t end = std::min(first + kAtOnce, items.size());
    std::vector<store::UnitOfWork> units;
    for (std::size_t i = first; i < end; ++i) {
      units.push_back(state.unit_of([&batch, &item = items[i], back](Unit& unit) {
        return back ? take_back_item(unit, batch, item) : book_item(unit, batch, item);
      }));
    }
    const auto done = state.write(units);
    for (std::size_t i = 0; i < done.size(); ++i) {
      if (done[i]) continue;
      const auto& error = done[i].error();
      if (!is_of_one(error)) return error;
      if (faults.size() >= kShown) continue;
      faults.push_back({0, items[first + i].member, std::string(error.name())});
    }
    if (progress) progress(static_cast<std::int64_t>(end), all);
  }
  return faults;
}

Result<BatchStanding> Adjustments::resume(const TransactionKey& key,
                                          const BatchProgress& progress) {
  LAUREL_TRY(auto standing, batch(key));
  const bool back = standing.state == BatchState::kReversing;
  if (!back && standing.state != BatchState::kPosting) return standing;
  LAUREL_TRY(auto faults, book(key, back, progress));
  LAUREL_TRY(standing, batch(key));
  standing.faults = std::move(faults);
  return standing;
}

Result<BatchStanding> Adjustments::post(const Batch& batch, const BatchProgress& progress) {
  auto& state = *engine_->state_;
  if (batch.dry_run) {
    return state.read<BatchStanding>(
        [&](const store::View& view, const Versions& versions) -> Result<BatchStanding> {
          const Unit unit{view, {}, state.now(), std::make_shared<const Versions>(versions)};
          LAUREL_TRY(auto planned, plan(unit, batch));
          return std::move(planned.standing);
        });
  }
  bool replayed = false;
  LAUREL_TRY_VOID(state.write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(replayed, keep(unit, batch));
    return {};
  }));
  LAUREL_TRY(auto standing, resume(batch.key, progress));
  standing.replayed = replayed;
  return standing;
}

Result<BatchStanding> Adjustments::reverse(const BatchReversal& reversal,
                                           const BatchProgress& progress) {
  bool replayed = false;
  LAUREL_TRY_VOID(engine_->state_->write_one([&](Unit& unit) -> Result<void> {
    LAUREL_TRY(replayed, order_reversal(unit, reversal));
    return {};
  }));
  LAUREL_TRY(auto standing, resume(reversal.batch, progress));
  standing.replayed = replayed;
  return standing;
}

}  // namespace laurel
