#pragma once
// A matching as people and scripts read it.

#include <span>
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "laurel/people.hpp"
#include "laurel/person_ids.hpp"

namespace laurel::daemon::cli {

struct MatchReport {
  const Matcher& matcher;
  std::span<const Profile> profiles;
  const PersonIds& ids;
  double from = 0;  // probability of a suggestion
};

void write_match_text(const MatchReport& report, std::size_t top, Terminal& terminal);
std::string match_json(const MatchReport& report);

void write_waterfall(const PairExplanation& explained, const std::string& one,
                     const std::string& other, Terminal& terminal);
std::string waterfall_json(const PairExplanation& explained, const std::string& one,
                           const std::string& other);

}  // namespace laurel::daemon::cli
