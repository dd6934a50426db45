#pragma once
// What an import has to say at its end.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/import/poster.hpp"

namespace laurel::daemon::cli {

struct ImportReport {
  std::string what;  // "online-retail"
  // About the file alone: a name fit for JSON, a sentence for people, the value.
  struct Fact {
    std::string name;
    std::string text;
    std::string value;
  };
  std::vector<Fact> facts = {};
  // Lines of the file that are no sales, and why.
  std::vector<std::pair<std::string, std::int64_t>> lines_refused = {};
  Tally tally = {};
  std::int64_t elapsed_ms = 0;
};

void write_report(const ImportReport& report, Format format, Terminal& terminal);

}  // namespace laurel::daemon::cli
