#pragma once
// Who put which programme in force, when and why. Versions, proposals and stops are kept for ever;
// going back to an old version is publishing it again.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "laurel/programme.hpp"
#include "laurel/time.hpp"

namespace laurel {

// Runs all of the tasks, in any order, on any threads, and returns when all are done. The SDK
// starts no thread by itself: without an executor the tasks run one after the other.
using Executor = std::function<void(std::span<const std::function<void()>> tasks)>;

struct Publish {
  std::string by = {};
  // Absent: the first version from its own `effective_from` on, a later one not before now.
  std::optional<Instant> effective_from = {};
  // Puts it in force as it is: no cases, no limits, no second person. The sandbox only.
  bool skip_cases = false;
  std::string reason = {};
  // The operator's own act: no second person is asked where nothing is in force yet.
  bool first_alone = false;
  std::size_t parts = 1;  // how many tasks the declared simulation may be cut into
  Executor executor = {};
};

// Publishes the content of a stored version again, under a new number.
struct Rollback {
  std::int64_t to = 0;
  std::string by = {};
  std::string reason = {};
  std::optional<Instant> effective_from = {};  // absent: now
};

struct Approval {
  std::string by;
  Instant at;
};

struct Publication {
  std::int64_t version = 0;  // 0: proposed, waiting for another person
  std::string programme;
  std::string digest;
  Instant effective_from;
  Instant published_at;
  std::string by;
  bool unchanged = false;     // the same content was in force already; nothing was stored
  std::int64_t proposal = 0;  // under which it was approved, or waits; 0: it needed none
  std::string reason = {};
  std::int64_t restores = 0;             // the version whose content it is again; 0: none
  std::vector<Approval> approvals = {};  // beside that of `by`
};

// A programme that passed its gates and waits for more people to agree.
struct Proposal {
  std::int64_t number = 0;
  std::string programme, digest;
  Instant effective_from;
  Instant proposed_at;
  std::string by;
  std::string reason;
  std::int64_t restores = 0;
  std::int64_t approvals_needed = 2;  // people, `by` included
  std::vector<Approval> approvals = {};
  std::optional<Approval> withdrawn = {};
  std::int64_t version = 0;  // 0: not in force

  bool is_open() const { return version == 0 && !withdrawn; }
};

// What a person says to a proposal.
struct Judgement {
  std::int64_t proposal = 0;
  std::string by = {};
  std::string reason = {};
};

// A rule that gives nothing to what happens from `from` up to, not including, `until`. What was
// sold before keeps what it was promised.
struct RuleStop {
  std::string rule;
  Instant from;
  Instant until = kNever;
  Approval stopped;
  std::string reason;
  std::optional<Approval> resumed = {};
  std::string resume_reason = {};
};

// Stops a rule, or lets it go on.
struct RuleOrder {
  std::string rule = {};
  std::string by = {};
  std::string reason = {};
  std::optional<Instant> from = {};  // absent: now; never before
};

// Runs the programme's own test cases, each on an empty store with a standing clock.
std::vector<CaseOutcome> check_cases(const Programme& programme);

}  // namespace laurel
