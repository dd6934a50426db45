#include "cli/session.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/commands.hpp"

namespace laurel::daemon::cli {

ProgrammeRead read_programme(const std::string& folder, Terminal& terminal) {
  const auto files = read_programme_folder(folder);
  if (!files) return {{}, fail(terminal, files.error())};
  LoadedProgramme loaded = load_programme(*files);
  if (!loaded.programme) {
    terminal.err << render(loaded.faults, {.colour = terminal.err_colour});
    return {{}, kNo};
  }
  return {std::move(loaded.programme), kFine};
}

Result<Session> open_session(const std::string& store_uri, Access access) {
  auto store = open_store(
      store_uri, {.create = access == Access::kCreate, .read_only = access == Access::kRead});
  if (!store) return std::move(store).error();
  Session session{*store, std::make_unique<SystemClock>(), nullptr};
  auto engine = Engine::open({.store = session.store, .clock = session.clock.get()});
  if (!engine) return std::move(engine).error();
  session.engine = *std::move(engine);
  return session;
}

int fail(Terminal& terminal, const Error& error) {
  show_error(terminal, error);
  return kCouldNotDo;
}

int answer_no(Terminal& terminal, const Error& error) {
  show_error(terminal, error);
  switch (error.error_class()) {
    case ErrorClass::kInvalid:
    case ErrorClass::kNotFound:
    case ErrorClass::kConflict:
    case ErrorClass::kRefused: return kNo;
    case ErrorClass::kUnauthorised:
    case ErrorClass::kForbidden:
    case ErrorClass::kTooMany:
    case ErrorClass::kBusy:
    case ErrorClass::kBroken: return kCouldNotDo;
  }
  return kCouldNotDo;
}

Result<InputFile> open_input(const std::string& path) {
  if (path == "-") return InputFile{nullptr, &std::cin, 0};
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  std::error_code no_size;
  const auto status = std::filesystem::status(path, no_size);
  if (!*file || std::filesystem::is_directory(status)) {
    return Error{ErrorCode::kNotFound, "cannot read the file \"" + path + "\""};
  }
  const auto size = std::filesystem::is_regular_file(status)
                        ? std::filesystem::file_size(path, no_size)
                        : std::uintmax_t{0};
  std::istream* stream = file.get();
  return InputFile{std::move(file), stream, no_size ? 0 : static_cast<std::int64_t>(size)};
}

Result<std::string> read_all(const std::string& path, std::size_t bytes_max) {
  auto input = open_input(path);
  if (!input) return std::move(input).error();
  std::string text(bytes_max + 1, '\0');
  input->stream->read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(input->stream->gcount()));
  if (text.size() > bytes_max) {
    return Error{ErrorCode::kTooLarge, "\"" + path + "\" is larger than " +
                                           grouped(static_cast<std::int64_t>(bytes_max)) +
                                           " bytes"};
  }
  return text;
}

}  // namespace laurel::daemon::cli
