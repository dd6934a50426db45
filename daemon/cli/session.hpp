#pragma once
// What the commands share: a programme read from its folder, an engine on a store.

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "cli/terminal.hpp"
#include "laurel/engine.hpp"

namespace laurel::daemon::cli {

// Says what is wrong on `terminal` where the result is empty; `exit_code` is then what to return.
struct ProgrammeRead {
  std::optional<Programme> programme = {};
  int exit_code = 0;
};
ProgrammeRead read_programme(const std::string& folder, Terminal& terminal);

// An engine and all it needs to live.
struct Session {
  StoreHandle store;
  std::unique_ptr<SystemClock> clock;
  std::unique_ptr<Engine> engine;
};

enum class Access : std::uint8_t {
  kRead,    // the store must be there
  kWrite,   // the store must be there
  kCreate,  // made where it is not
};
Result<Session> open_session(const std::string& store_uri, Access access);

// Shows an error at the end of a command, and gives the exit code: it could not be done.
int fail(Terminal& terminal, const Error& error);
// The same for what was asked of the ledger: where it says no, that is an answer.
int answer_no(Terminal& terminal, const Error& error);

// "-" is standard input. kNotFound. `size` is 0 where it is not known.
struct InputFile {
  std::unique_ptr<std::istream> owned;
  std::istream* stream = nullptr;
  std::int64_t bytes_all = 0;
};
Result<InputFile> open_input(const std::string& path);
Result<std::string> read_all(const std::string& path, std::size_t bytes_max);

}  // namespace laurel::daemon::cli
