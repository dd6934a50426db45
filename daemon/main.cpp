#include "cli/commands.hpp"

int main(int argument_count, char** arguments) {
  return laurel::daemon::cli::run_command_line(argument_count, arguments);
}
