#pragma once
// A programme: everything the loyalty team edits, read from YAML, checked and compiled. Immutable,
// so it may be used from any thread and copied for nothing; the digest names its content for ever.
//
//   auto files = laurel::read_programme_folder("rules/department-store");
//   auto loaded = laurel::load_programme(*files);
//   if (!loaded.programme) std::cerr << laurel::render(loaded.faults, {.colour = true});

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "laurel/policy.hpp"

namespace laurel {

namespace programme {
class Compiled;  // sdk/src/programme/compiled.hpp
}

struct SourceFile {
  std::string name;  // relative to the programme's folder, e.g. "rules/beauty.yaml"
  std::string text;
};

enum class Severity : std::uint8_t { kError, kWarning };

struct ProgrammeFault {
  Severity severity = Severity::kError;
  std::string file;
  int line = 0;  // from 1; 0: the programme as a whole
  int column = 0;
  std::string code;     // stable, e.g. "unknown_key"; listed in docs/reference/rules.md
  std::string message;  // what is wrong
  std::string hint;     // what would be right; may be empty
  std::string excerpt;  // the line, for the caret
};

class Programme {
 public:
  explicit Programme(std::shared_ptr<const programme::Compiled> compiled);

  const std::string& id() const;
  const std::string& digest() const;  // "sha256:…", over the names and texts of its files
  Instant effective_from() const;
  Currency currency() const;
  const std::string& time_zone() const;
  Date local_date(Instant instant) const;  // the day it is then in that zone
  const TierPolicy& tiers() const;
  const std::vector<WalletPolicy>& wallets() const;
  const IdentityPolicy& identity() const;
  const std::vector<SourceFile>& files() const;
  std::size_t case_count() const;

  const programme::Compiled& compiled() const { return *compiled_; }  // for the engine

 private:
  std::shared_ptr<const programme::Compiled> compiled_;
};

struct LoadedProgramme {
  std::optional<Programme> programme;  // absent where any fault is an error
  std::vector<ProgrammeFault> faults;  // all of all files, by file, line and column
};

// All *.yaml and *.yml files below the folder. kNotFound, kTooLarge (a file above 4 MB, a folder
// above 64 MB or 10,000 files).
Result<std::vector<SourceFile>> read_programme_folder(const std::string& folder);

// Never throws, whatever the text; the same files in any order give the same programme and digest.
LoadedProgramme load_programme(std::span<const SourceFile> files);

struct RenderOptions {
  bool colour = false;
};
// file:line:column: error: message, the line, a caret, the hint; for people.
std::string render(std::span<const ProgrammeFault> faults, RenderOptions options = {});

// One test case of the programme after it has been run; see check_cases in laurel/engine.hpp.
struct CaseOutcome {
  std::string name;
  std::string file;
  int line = 0;
  std::vector<std::string> differences;  // empty: passed; "step 2: points: expected 20, got 10"
};

}  // namespace laurel
