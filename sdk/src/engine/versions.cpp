#include "engine/versions.hpp"

#include "base/check.hpp"
#include "base/try.hpp"

namespace laurel::engine {
namespace {

Result<Version> compile(const store::ProgrammeVersion& stored) {
  std::vector<SourceFile> files;
  files.reserve(stored.files.size());
  for (const auto& [name, text] : stored.files) files.push_back({name, text});
  auto loaded = load_programme(files);
  if (!loaded.programme) {
    return Error{ErrorCode::kInvalidProgramme, "stored version " + std::to_string(stored.number) +
                                                   " of the programme does not " +
                                                   "load: " + render(loaded.faults)};
  }
  auto recogniser = std::make_shared<const identity::Recogniser>(loaded.programme->identity());
  return Version{stored.number,       stored.effective_from,        stored.published_at,
                 stored.published_by, *std::move(loaded.programme), std::move(recogniser)};
}

}  // namespace

const Version& Versions::in_force(Instant at) const {
  LAUREL_ASSERT(!empty(), "a programme has been published");
  const Version* best = nullptr;
  const Version* first = nullptr;
  for (const auto& version : by_number_) {
    if (first == nullptr || version.effective_from < first->effective_from) first = &version;
    if (version.effective_from > at) continue;
    if (best == nullptr || version.effective_from >= best->effective_from) best = &version;
  }
  return best != nullptr ? *best : *first;
}

bool Versions::began_by(Instant at) const {
  for (const auto& version : by_number_) {
    if (version.effective_from <= at) return true;
  }
  return false;
}

const Version* Versions::with_digest(const std::string& digest) const {
  for (const auto& version : by_number_) {
    if (version.programme.digest() == digest) return &version;
  }
  return nullptr;
}

const Version* Versions::with_number(std::int64_t number) const {
  for (const auto& version : by_number_) {
    if (version.number == number) return &version;
  }
  return nullptr;
}

std::shared_ptr<const Versions> VersionCatalogue::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

void VersionCatalogue::forget() {
  const std::lock_guard lock(mutex_);
  known_ = std::make_shared<const Versions>(std::vector<Version>{});
}

Result<std::shared_ptr<const Versions>> VersionCatalogue::refresh(const store::View& view) {
  const auto before = known();
  LAUREL_TRY(const auto stored, view.programmes(before->last_number()));
  if (stored.empty()) return before;
  auto versions = before->by_number();
  for (const auto& version : stored) {
    LAUREL_TRY(auto compiled, compile(version));
    versions.push_back(std::move(compiled));
  }
  auto after = std::make_shared<const Versions>(std::move(versions));
  const std::lock_guard lock(mutex_);
  if (known_->last_number() < after->last_number()) known_ = after;
  return after;
}

}  // namespace laurel::engine
