#pragma once
// What an engine holds. Its methods stand in engine.cpp and, for programmes, in publishing.cpp.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/posting.hpp"
#include "engine/receipt.hpp"
#include "engine/session.hpp"
#include "engine/versions.hpp"
#include "laurel/engine.hpp"

namespace laurel {

namespace engine {

// A programme on its way into the store.
struct PublishingPlan {
  const Programme& programme;
  std::string by, reason;
  Instant effective_from;
  std::int64_t restores = 0, proposal = 0;
};

}  // namespace engine

struct Engine::State {
  EngineOptions options;
  mutable engine::VersionCatalogue catalogue;
  mutable std::atomic<bool> writable{true};

  store::Store& store() const { return *options.store; }
  Instant now() const { return options.clock->now(); }

  Result<std::shared_ptr<const engine::Versions>> refresh(const store::View& view) const {
    LAUREL_TRY(auto versions, catalogue.refresh(view));
    if (versions->empty()) {
      return Error{ErrorCode::kNoProgramme, "no programme has been published in this store"};
    }
    return versions;
  }

  std::optional<Currency> default_currency(const Transaction& transaction) const {
    const auto versions = catalogue.known();
    if (versions->empty()) return std::nullopt;
    return versions->in_force(transaction.at.value_or(now())).programme.currency();
  }

  // Wraps a step on a unit of work for the store; `work` sets its outputs afresh each time.
  template <class Work>
  store::UnitOfWork unit_of(Work work) const {
    return
        [this, work = std::move(work)](const store::View& view,
                                       const store::NextIds& ids) mutable -> Result<store::Change> {
          LAUREL_TRY(auto versions, refresh(view));
          engine::Unit unit{view, ids, now(), std::move(versions)};
          unit.entropy = options.entropy;
          auto worked = work(unit);
          whisper(unit);
          if (!worked) return std::move(worked).error();
          return std::move(unit.change);
        };
  }

  // What the log may know of a refusal, and whoever asked may not.
  void whisper(const engine::Unit& unit) const {
    if (unit.whisper.empty() || options.log == nullptr) return;
    options.log->write(LogLevel::kInfo, unit.whisper);
  }

  std::vector<Result<void>> write(std::span<const store::UnitOfWork> units) const {
    auto done = store().write(units);
    for (const auto& result : done) {
      if (result) continue;
      const auto& error = result.error();
      if (error.code == ErrorCode::kOutcomeUnknown || error.code == ErrorCode::kReadOnly) {
        writable = false;
      }
      if (error.error_class() != ErrorClass::kBroken) continue;
      catalogue.forget();
      if (options.log != nullptr) options.log->write(LogLevel::kError, error.detail);
    }
    return done;
  }

  template <class Work>
  Result<void> write_one(Work work) const {
    const store::UnitOfWork unit = unit_of(std::move(work));
    return std::move(write(std::span(&unit, 1)).front());
  }

  // A reading step with the versions as they stand.
  template <class T, class Read>
  Result<T> read(Read reader) const {
    std::optional<T> out;
    LAUREL_TRY_VOID(store().read([&](const store::View& view) -> Result<void> {
      LAUREL_TRY(const auto versions, refresh(view));
      LAUREL_TRY(out, reader(view, *versions));
      return {};
    }));
    return *std::move(out);
  }

  Result<void> claim_proven(std::span<const Identifier> identifiers) const;

  Receipt receipt(const engine::Versions& versions, const ledger::Entry& entry,
                  bool replayed) const {
    const auto* version = versions.with_digest(entry.programme);
    LAUREL_ASSERT(version != nullptr, "an entry names a stored version of the programme");
    auto receipt = engine::receipt_of(entry, version->compiled());
    receipt.replayed = replayed;
    return receipt;
  }

  Receipt receipt(const engine::Unit& unit, const engine::Posted& posted) const {
    auto made = receipt(*unit.versions, posted.entry(unit), posted.replayed);
    for (const auto& part : posted.parts) {
      made.returns.push_back(receipt(*unit.versions, part, posted.replayed));
    }
    return made;
  }

  // ---- publishing.cpp

  // The versions as they stand, none included.
  Result<std::shared_ptr<const engine::Versions>> known_versions() const;
  // A write that needs no programme to be in force. Retried with the others of its batch.
  using Decide =
      std::function<Result<void>(const store::View&, const engine::Versions&, store::Change&)>;
  Result<void> decide(const Decide& work) const;
  Result<void> pass_gates(const Programme& programme, const engine::Versions& versions,
                          const Publish& how, bool limits_too) const;
  // Into force, or among the proposals.
  Result<void> put(const engine::PublishingPlan& plan, const engine::Versions& versions,
                   store::Change& change, bool alone, Publication& published) const;
  Result<RuleStop> order(const RuleOrder& given, bool stop) const;
};
}  // namespace laurel
