// `laurel rules diff`: what changed, in words of the domain.

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <ostream>

#include "app/publishing_json.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

// A version by its number, or by the start of its digest.
Result<Programme> version_of(const Engine& engine, const std::string& name) {
  std::int64_t number = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, fault] = std::from_chars(name.data(), end, number);
  if (fault == std::errc{} && stop == end) return engine.version(number);
  const auto versions = engine.versions();
  if (!versions) return versions.error();
  const auto found = std::ranges::find_if(*versions, [&](const Publication& version) {
    return version.digest.starts_with(name) || version.digest.starts_with("sha256:" + name);
  });
  if (found != versions->end()) return engine.version(found->version);
  return Error{ErrorCode::kUnknownVersion, "\"" + name + "\" is no folder and no version"};
}

// A folder wins over a version of the same name.
ProgrammeRead read_side(const std::string& name, const std::string& store, Terminal& terminal) {
  std::error_code ignored;
  if (store.empty() || std::filesystem::is_directory(name, ignored)) {
    return read_programme(name, terminal);
  }
  const auto session = open_session(store, Access::kRead);
  if (!session) return {{}, fail(terminal, session.error())};
  auto programme = version_of(*session->engine, name);
  if (!programme) return {{}, fail(terminal, programme.error())};
  return {*std::move(programme), kFine};
}

}  // namespace

int run(const RulesDiff& command, Terminal& terminal) {
  const auto was = read_side(command.was, command.store, terminal);
  if (!was.programme) return kCouldNotDo;
  const auto becomes = read_side(command.becomes, command.store, terminal);
  if (!becomes.programme) return kCouldNotDo;
  const auto changes = difference(*was.programme, *becomes.programme);
  if (command.format == Format::kJson) {
    std::string text;
    json::Writer json(text);
    json.begin_object().field("same", changes.empty());
    write_changes(json, changes);
    json.end_object();
    terminal.out << text << "\n";
  } else {
    for (const auto& change : changes) terminal.out << to_text(change) << "\n";
    if (changes.empty()) terminal.out << "no difference\n";
  }
  return changes.empty() ? kFine : kNo;
}

}  // namespace laurel::daemon::cli
