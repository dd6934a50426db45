#include "engine/versions.hpp"

#include <algorithm>

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

std::vector<std::string> Versions::stopped_at(Instant at) const {
  std::vector<std::string> rules;
  if (!decided_) return rules;
  for (const auto& stop : decided_->stops) {
    if (stop.from <= at && at < stop.until) rules.push_back(stop.rule);
  }
  std::ranges::sort(rules);
  const auto repeated = std::ranges::unique(rules);
  rules.erase(repeated.begin(), repeated.end());
  return rules;
}

void Decided::add(const store::Directive& directive) {
  using Kind = store::Directive::Kind;
  last_number = directive.number;
  const Approval given{directive.by, directive.at};
  switch (directive.kind) {
    case Kind::kPublish: {
      auto& story = stories[directive.version];
      story = {directive.reason, directive.restores, directive.about, {}};
      const auto at = std::ranges::find(proposals, directive.about, &Proposal::number);
      if (at == proposals.end()) return;
      at->version = directive.version;
      story.approvals = at->approvals;
      return;
    }
    case Kind::kPropose:
      proposals.push_back({.number = directive.number,
                           .programme = directive.programme,
                           .digest = directive.subject,
                           .effective_from = directive.from,
                           .proposed_at = directive.at,
                           .by = directive.by,
                           .reason = directive.reason,
                           .restores = directive.restores,
                           .approvals_needed = directive.needs});
      return;
    case Kind::kApprove:
    case Kind::kWithdraw: {
      const auto at = std::ranges::find(proposals, directive.about, &Proposal::number);
      if (at == proposals.end()) return;
      if (directive.kind == Kind::kWithdraw) {
        at->withdrawn = given;
      } else {
        at->approvals.push_back(given);
      }
      return;
    }
    case Kind::kStop:
      stops.push_back({.rule = directive.subject,
                       .from = directive.from,
                       .until = kNever,
                       .stopped = given,
                       .reason = directive.reason});
      return;
    case Kind::kResume:
      for (auto& stop : stops) {
        if (stop.rule != directive.subject || stop.until != kNever) continue;
        stop.until = directive.from;
        stop.resumed = given;
        stop.resume_reason = directive.reason;
      }
      return;
  }
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
  LAUREL_TRY(const auto directives, view.directives(before->last_directive()));
  if (stored.empty() && directives.empty()) return before;
  auto decided = before->decided();
  if (!directives.empty()) {
    auto more = decided ? *decided : Decided{};
    for (const auto& directive : directives) more.add(directive);
    decided = std::make_shared<const Decided>(std::move(more));
  }
  auto versions = before->by_number();
  for (const auto& version : stored) {
    LAUREL_TRY(auto compiled, compile(version));
    versions.push_back(std::move(compiled));
  }
  auto after = std::make_shared<const Versions>(std::move(versions), std::move(decided));
  const std::lock_guard lock(mutex_);
  const bool newer = known_->last_number() <= after->last_number() &&
                     known_->last_directive() <= after->last_directive();
  if (newer) known_ = after;
  return after;
}

}  // namespace laurel::engine
