#pragma once
// Who decided what about the programme, and what a simulation found, as JSON; the same over HTTP
// and on the command line.

#include <span>

#include "json/writer.hpp"
#include "laurel/difference.hpp"
#include "laurel/publishing.hpp"
#include "laurel/simulation.hpp"

namespace laurel::daemon {

void write_proposal(json::Writer& writer, const Proposal& proposal);
void write_stop(json::Writer& writer, const RuleStop& stop);
void write_simulation(json::Writer& writer, const Simulation& simulation);
// A field "changes".
void write_changes(json::Writer& writer, std::span<const ProgrammeChange> changes);
// A field `name`: an array of who agreed when.
void write_approvals(json::Writer& writer, std::string_view name,
                     std::span<const Approval> approvals);

}  // namespace laurel::daemon
