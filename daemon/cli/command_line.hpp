#pragma once
// The command line as a Command. The one place that knows CLI11.
//
// `laurel serve` takes its settings from a configuration file, then the environment, then its
// flags; the later wins.

#include <span>
#include <string>

#include "cli/commands.hpp"
#include "laurel/result.hpp"

namespace laurel::daemon::cli {

// `arguments` without the program's name. kInvalid: used wrongly; the detail says how, and where to
// read more.
Result<Command> read_command_line(std::span<const std::string> arguments);

}  // namespace laurel::daemon::cli
