#pragma once
// The published versions of the programme, compiled once each and kept. Versions are never changed
// or removed, so what is known stays true; what other processes publish is looked up in every unit
// of work. Safe from any thread.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "identity/recogniser.hpp"
#include "laurel/programme.hpp"
#include "laurel/publishing.hpp"
#include "store/store.hpp"

namespace laurel::engine {

struct Version {
  std::int64_t number = 0;
  Instant effective_from;
  Instant published_at;
  std::string published_by;
  Programme programme;
  std::shared_ptr<const identity::Recogniser> recogniser;

  const programme::Compiled& compiled() const { return programme.compiled(); }
};

// Why and by whom a version was put in force, beside what its row says.
struct VersionStory {
  std::string reason;
  std::int64_t restores = 0;
  std::int64_t proposal = 0;
  std::vector<Approval> approvals;
};

// What was decided beside the versions, from the store's directives in their order.
struct Decided {
  std::int64_t last_number = 0;
  std::vector<Proposal> proposals;               // by number
  std::vector<RuleStop> stops;                   // in the order of their being given
  std::map<std::int64_t, VersionStory> stories;  // of versions, by number

  void add(const store::Directive& directive);
};

// An immutable list of versions, with what was decided about them; units of work hold on to the one
// they began with.
class Versions {
 public:
  explicit Versions(std::vector<Version> by_number, std::shared_ptr<const Decided> decided = {})
      : by_number_(std::move(by_number)), decided_(std::move(decided)) {}

  bool empty() const { return by_number_.empty(); }
  std::int64_t last_number() const { return empty() ? 0 : by_number_.back().number; }
  std::int64_t last_directive() const { return decided_ ? decided_->last_number : 0; }
  const std::shared_ptr<const Decided>& decided() const { return decided_; }
  // Ids of the rules that give nothing to what happens at `at`, sorted.
  std::vector<std::string> stopped_at(Instant at) const;
  const std::vector<Version>& by_number() const { return by_number_; }
  // The version with the latest effective_from at or before `at`, the later published among equals;
  // before the first of all, that first one. Requires that there is one.
  const Version& in_force(Instant at) const;
  bool began_by(Instant at) const;  // whether any version was in force at `at`
  const Version* with_digest(const std::string& digest) const;
  const Version* with_number(std::int64_t number) const;

 private:
  std::vector<Version> by_number_;
  std::shared_ptr<const Decided> decided_;  // null: nothing
};

class VersionCatalogue {
 public:
  // What is in force as this view sees it. kInvalidProgramme where a stored version no longer
  // loads.
  Result<std::shared_ptr<const Versions>> refresh(const store::View& view);
  std::shared_ptr<const Versions> known() const;
  void forget();  // after a failed write: what was seen may never have been committed

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Versions> known_ = std::make_shared<const Versions>(std::vector<Version>{});
};

}  // namespace laurel::engine
