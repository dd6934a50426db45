#include <iostream>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"

namespace laurel::daemon::cli {

int run(const Serve& command, Terminal&) { return run_daemon(command.options); }

int run(const Show& command, Terminal& terminal) {
  terminal.out << command.text << std::flush;
  return kFine;
}

int run_command_line(int argument_count, const char* const* arguments) {
  Terminal terminal = Terminal::of_process();
  const std::vector<std::string> words(arguments + 1, arguments + argument_count);
  auto command = read_command_line(words);
  if (!command) {
    terminal.err << painted("laurel: ", Style::kBad, terminal.err_colour) << command.error().detail
                 << "\n";
    return kUsage;
  }
  const int code = std::visit([&](const auto& chosen) { return run(chosen, terminal); }, *command);
  terminal.out.flush();
  return terminal.out.good() || code != kFine ? code : static_cast<int>(kCouldNotDo);
}

}  // namespace laurel::daemon::cli
