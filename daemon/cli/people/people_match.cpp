// `laurel people match`: who may be the same person in a file.

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "app/executor.hpp"
#include "cli/commands.hpp"
#include "cli/people/profiles.hpp"
#include "cli/people/report.hpp"
#include "cli/session.hpp"
#include "json/writer.hpp"
#include "laurel/merging.hpp"

namespace laurel::daemon::cli {

namespace {

// One bar for the step that takes long.
class Progress {
 public:
  explicit Progress(Terminal& terminal) : terminal_(terminal) {}

  void operator()(MatchProgress progress) {
    if (progress.all == 0) {
      bar_.reset();
      return;
    }
    if (!bar_) bar_ = std::make_unique<ProgressBar>(terminal_, "comparing", "pairs", progress.all);
    bar_->show(progress.done);
  }

 private:
  Terminal& terminal_;
  std::unique_ptr<ProgressBar> bar_;
};

Result<ProfileFile> profiles_in(const std::string& path) {
  auto input = open_input(path);
  if (!input) return std::move(input).error();
  return read_profiles(*input->stream);
}

Result<PersonIds> ids_in(const std::string& path) {
  if (path.empty()) return PersonIds{};
  auto input = open_input(path);
  if (!input) return std::move(input).error();
  return read_person_ids(*input->stream);
}

std::optional<std::uint32_t> place_of(std::span<const Profile> profiles, const std::string& id) {
  const auto found = std::ranges::find(profiles, id, &Profile::id);
  if (found == profiles.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - profiles.begin());
}

int explain(const PeopleMatch& command, const Matcher& matcher, std::span<const Profile> profiles,
            Terminal& terminal) {
  const std::string& one = command.explain[0];
  const std::string& other = command.explain[1];
  const auto left = place_of(profiles, one);
  const auto right = place_of(profiles, other);
  if (!left || !right || *left == *right) {
    const std::string& wrong = !left ? one : other;
    show_error(terminal,
               {ErrorCode::kNotFound, left && right ? "\"" + one + "\" is one profile, not two"
                                                    : "no profile has the id \"" + wrong + "\""});
    return kNo;
  }
  const PairExplanation explained = matcher.explain(*left, *right);
  if (command.format == Format::kJson) {
    terminal.out << waterfall_json(explained, one, other) << "\n";
  } else {
    write_waterfall(explained, one, other, terminal);
  }
  return kFine;
}

MatchSettings settings_of(const PeopleMatch& command, Progress& progress) {
  MatchSettings settings;
  settings.suggest_from = command.from;
  settings.keep_from = std::min(settings.keep_from, command.from);
  settings.parts = worthwhile_threads(command.threads);
  settings.executor = on_threads();
  settings.progress = std::ref(progress);
  return settings;
}

// The members of a store, into its review queue.
int match_members(const PeopleMatch& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  Progress progress(terminal);
  const auto done = session->engine->merging().suggest(settings_of(command, progress));
  if (!done) return fail(terminal, done.error());
  if (command.format == Format::kJson) {
    std::string text;
    json::Writer(text)
        .begin_object()
        .field("members", done->members)
        .field("compared", done->compared)
        .field("likely", done->likely)
        .field("opened", done->opened)
        .end_object();
    terminal.out << text << "\n";
  } else {
    terminal.out << grouped(done->members) << " members, " << grouped(done->compared)
                 << " pairs compared: " << grouped(done->likely) << " are likely one person, "
                 << grouped(done->opened) << " of them new in the review queue\n";
  }
  return kFine;
}

int wrongly(Terminal& terminal, const char* why) {
  show_error(terminal, {ErrorCode::kInvalid, why});
  return kUsage;
}

}  // namespace

int run(const PeopleMatch& command, Terminal& terminal) {
  if (command.file.empty() == command.store.empty()) {
    return wrongly(terminal, "name a file, or a store with --store");
  }
  if (!command.store.empty()) {
    const bool of_file =
        !command.explain.empty() || !command.known.empty() || command.format == Format::kCsv;
    if (of_file) return wrongly(terminal, "--explain, --known and csv are for a file");
    return match_members(command, terminal);
  }
  const auto known = ids_in(command.known);
  if (!known) return fail(terminal, known.error());
  const auto file = profiles_in(command.file);
  if (!file) return fail(terminal, file.error());
  Progress progress(terminal);
  const MatchSettings settings = settings_of(command, progress);
  const auto matcher = Matcher::over(file->profiles, settings);
  if (!matcher) return fail(terminal, matcher.error());
  if (!command.explain.empty()) return explain(command, *matcher, file->profiles, terminal);
  const PersonIds ids = continue_ids(*known, file->profiles, matcher->clusters());
  const MatchReport report{*matcher, file->profiles, ids, command.from};
  switch (command.format) {
    case Format::kSarif:  // not among what this command takes
    case Format::kText: write_match_text(report, command.top, terminal); break;
    case Format::kJson: terminal.out << match_json(report) << "\n"; break;
    case Format::kCsv: write_person_ids(terminal.out, ids); break;
  }
  return kFine;
}

}  // namespace laurel::daemon::cli
