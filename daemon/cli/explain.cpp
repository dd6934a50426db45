// `laurel explain`: why this many points, rule by rule.

#include <filesystem>
#include <ostream>

#include "app/answer_json.hpp"
#include "app/transaction_json.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

constexpr std::size_t kTransactionBytesMax = std::size_t{8} << 20;

// An explanation, with the programme it is shown by.
struct Explained {
  Explanation explanation;
  Programme programme;
};

Result<Explained> explain_stored(const Session& session, const TransactionKey& key) {
  auto explanation = session.engine->explain(key);
  if (!explanation) return std::move(explanation).error();
  auto programme = session.engine->programme(session.clock->now());
  if (!programme) return std::move(programme).error();
  return Explained{*std::move(explanation), *std::move(programme)};
}

// A sale that nobody has posted: on an empty store, under the programme of the folder.
Result<Explained> explain_file(const std::string& file, Programme programme) {
  const auto text = read_all(file, kTransactionBytesMax);
  if (!text) return text.error();
  const auto transaction = transaction_from_json(*text);
  if (!transaction) return transaction.error();
  const auto session = open_session("memory:", Access::kCreate);
  if (!session) return session.error();
  const Publish how{.by = "laurel explain", .effective_from = {}, .skip_cases = true};
  if (const auto published = session->engine->publish(programme, how); !published) {
    return published.error();
  }
  auto explanation = session->engine->explain(*transaction);
  if (!explanation) return std::move(explanation).error();
  return Explained{*std::move(explanation), std::move(programme)};
}

std::string why_not(const Reason& reason) {
  std::string text = reason.code;
  if (!reason.condition.empty()) text += ": " + reason.condition;
  if (!reason.seen.empty()) text += " (was " + reason.seen + ")";
  return text;
}

void write_text(const Explained& explained, Terminal& terminal) {
  const Explanation& explanation = explained.explanation;
  const Display display(explained.programme);
  terminal.out << "programme " << explanation.programme << " " << explanation.digest << "\n"
               << "tier      " << (explanation.tier.empty() ? "-" : explanation.tier) << "\n";
  for (const auto& line : explanation.lines) {
    terminal.out << "line " << line.line << ": " << line.charged << " charged, " << line.eligible
                 << " earns\n";
    for (const std::string& excluded : line.excluded) terminal.out << "    " << excluded << "\n";
  }
  std::vector<std::vector<std::string>> rows;
  for (const Reason& reason : explanation.reasons) {
    const std::string points =
        reason.applied ? reason.points.text(display.scale_of(reason.wallet)) : "-";
    rows.push_back({reason.rule, reason.line.empty() ? "all" : "line " + reason.line, points,
                    reason.applied ? "applied" : why_not(reason)});
  }
  terminal.out << table(rows, "llrl");
}

int show(const Result<Explained>& explained, Format format, Terminal& terminal) {
  if (!explained) return answer_no(terminal, explained.error());
  if (format != Format::kJson) {
    write_text(*explained, terminal);
    return kFine;
  }
  std::string text;
  json::Writer json(text);
  write_explanation(json, explained->explanation, Display(explained->programme));
  terminal.out << text << "\n";
  return kFine;
}

}  // namespace

int run(const Explain& command, Terminal& terminal) {
  std::error_code ignored;
  const bool is_file =
      command.what == "-" || std::filesystem::is_regular_file(command.what, ignored);
  const std::size_t slash = command.what.find('/');
  if (is_file && !command.programme.empty()) {
    ProgrammeRead read = read_programme(command.programme, terminal);
    if (!read.programme) return read.exit_code;
    return show(explain_file(command.what, *std::move(read.programme)), command.format, terminal);
  }
  if (slash == std::string::npos || command.store.empty()) {
    terminal.err << "explain takes SOURCE/ID with --store, or a file with --programme\n";
    return kUsage;
  }
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  const TransactionKey key{command.what.substr(0, slash), command.what.substr(slash + 1)};
  return show(explain_stored(*session, key), command.format, terminal);
}

}  // namespace laurel::daemon::cli
