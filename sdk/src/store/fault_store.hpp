#pragma once
// A store that fails on demand, for tests of what stands above it: it passes everything on to
// another store until the call it was told to fail.

#include <atomic>
#include <cstdint>
#include <memory>

#include "laurel/store.hpp"
#include "store/store.hpp"

namespace laurel::store {

enum class FaultPoint : std::uint8_t {
  kNone,
  kRead,          // read() fails before its reader runs: kStoreFailed
  kView,          // a verb of a View fails: kStoreFailed
  kBeforeCommit,  // a unit of work was planned, and nothing is written: kStoreFailed
  kAfterCommit,   // it is written, but the answer is lost: kOutcomeUnknown
};

class FaultStore final : public Store {
 public:
  explicit FaultStore(StoreHandle inner) : inner_(std::move(inner)) {}

  // The `call`-th call from now on, from 1, that passes `point` fails, and only that one.
  // kBeforeCommit and kAfterCommit count units of work, kView counts the verbs of all views.
  void fail(FaultPoint point, std::int64_t call);
  // Whether the fault has happened.
  bool failed() const { return left_ <= 0 && point_ != FaultPoint::kNone; }

  std::vector<Result<void>> write(std::span<const UnitOfWork> units) override;
  Result<void> read(const std::function<Result<void>(const View&)>& reader) const override;
  Result<std::shared_ptr<void>> reserve(const std::string& role) override;
  Result<void> copy_to(const std::string& file,
                       const std::function<void(BackupProgress)>& progress) const override;

  // For the views: whether this call is the one.
  bool hits(FaultPoint point) const;

 private:
  const StoreHandle inner_;
  std::atomic<FaultPoint> point_ = FaultPoint::kNone;
  mutable std::atomic<std::int64_t> left_ = 0;
};

}  // namespace laurel::store
