// `laurel rules publish`, `approve`, `withdraw`, `rollback`, `versions`, `stop` and `resume`: who
// decides what is in force.

#include <ostream>

#include "app/answer_json.hpp"
#include "app/executor.hpp"
#include "app/publishing_json.hpp"
#include "cli/commands.hpp"
#include "cli/moments.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

template <class Write>
int show_json(Terminal& terminal, Write write) {
  std::string text;
  json::Writer json(text);
  write(json);
  terminal.out << text << "\n";
  return kFine;
}

void write_text(const Publication& made, Terminal& terminal) {
  if (made.version == 0) {
    terminal.out << painted("proposed", Style::kWarning, terminal.out_colour) << " as "
                 << made.proposal << " by " << made.by << ": waits for another person\n"
                 << "  laurel rules approve " << made.proposal << " --by NAME\n";
  } else {
    terminal.out << painted(made.unchanged ? "unchanged" : "published", Style::kGood,
                            terminal.out_colour)
                 << ": version " << made.version << " of " << made.programme << "\n";
  }
  if (made.restores != 0) terminal.out << "content of version " << made.restores << "\n";
  terminal.out << "in force from " << to_text(made.effective_from) << "\n" << made.digest << "\n";
}

// Another version may take over later; whoever goes back should know.
void warn_of_later(const Engine& engine, const Publication& made, Terminal& terminal) {
  const auto versions = engine.versions();
  if (!versions || made.version == 0) return;
  for (const auto& other : *versions) {
    if (other.version == made.version || other.effective_from <= made.effective_from) continue;
    terminal.err << painted("note: ", Style::kWarning, terminal.err_colour) << "version "
                 << other.version << " is in force from " << to_text(other.effective_from)
                 << " on\n";
  }
}

int show(const Result<Publication>& made, Format format, const Engine& engine, Terminal& terminal) {
  if (!made) return answer_no(terminal, made.error());
  if (format == Format::kJson) {
    return show_json(terminal, [&](json::Writer& json) { write_publication(json, *made); });
  }
  write_text(*made, terminal);
  warn_of_later(engine, *made, terminal);
  return kFine;
}

std::string state_of(const Proposal& proposal) {
  if (proposal.withdrawn) return "withdrawn by " + proposal.withdrawn->by;
  if (proposal.version != 0) return "version " + std::to_string(proposal.version);
  return "waits: " + std::to_string(proposal.approvals.size() + 1) + " of " +
         std::to_string(proposal.approvals_needed) + " agree";
}

std::string more_of(const Publication& version) {
  std::string text = version.by;
  for (const auto& approval : version.approvals) text += " + " + approval.by;
  if (version.restores != 0) text += ", content of " + std::to_string(version.restores);
  if (!version.reason.empty()) text += ": " + version.reason;
  return text;
}

constexpr std::size_t kShortDigest = 19;  // "sha256:" and twelve digits

}  // namespace

int run(const RulesPublish& command, Terminal& terminal) {
  ProgrammeRead read = read_programme(command.folder, terminal);
  if (!read.programme) return read.exit_code;
  const auto session = open_session(command.store, Access::kCreate);
  if (!session) return fail(terminal, session.error());
  const auto from = optional_moment(command.effective_from, *read.programme);
  if (!from) return answer_no(terminal, from.error());
  const std::size_t threads = worthwhile_threads(0);
  return show(session->engine->publish(*read.programme, {.by = command.by,
                                                         .effective_from = *from,
                                                         .reason = command.reason,
                                                         .parts = threads,
                                                         .executor = on_threads()}),
              command.format, *session->engine, terminal);
}

int run(const RulesRollback& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  const auto programme = session->engine->version(command.to);
  if (!programme) return answer_no(terminal, programme.error());
  const auto from = optional_moment(command.effective_from, *programme);
  if (!from) return answer_no(terminal, from.error());
  return show(session->engine->rollback({command.to, command.by, command.reason, *from}),
              command.format, *session->engine, terminal);
}

int run(const RulesJudge& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  const Judgement judgement{command.proposal, command.by, command.reason};
  if (command.approve) {
    return show(session->engine->approve(judgement), command.format, *session->engine, terminal);
  }
  const auto proposal = session->engine->withdraw(judgement);
  if (!proposal) return answer_no(terminal, proposal.error());
  if (command.format == Format::kJson) {
    return show_json(terminal, [&](json::Writer& json) { write_proposal(json, *proposal); });
  }
  terminal.out << "proposal " << proposal->number << ": " << state_of(*proposal) << "\n";
  return kFine;
}

int run(const RulesVersions& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  const auto versions = session->engine->versions();
  const auto proposals = session->engine->proposals();
  const auto stops = session->engine->stops();
  if (!versions) return fail(terminal, versions.error());
  if (!proposals) return fail(terminal, proposals.error());
  if (!stops) return fail(terminal, stops.error());
  if (command.format == Format::kJson) {
    return show_json(terminal, [&](json::Writer& json) {
      json.begin_object().field_array("versions");
      for (const auto& version : *versions) write_publication(json, version);
      json.end_array().field_array("proposals");
      for (const auto& proposal : *proposals) write_proposal(json, proposal);
      json.end_array().field_array("stops");
      for (const auto& stop : *stops) write_stop(json, stop);
      json.end_array().end_object();
    });
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& version : *versions) {
    rows.push_back({std::to_string(version.version), to_text(version.effective_from),
                    version.digest.substr(0, kShortDigest), more_of(version)});
  }
  terminal.out << table(rows, "rlll");
  for (const auto& proposal : *proposals) {
    terminal.out << "proposal " << proposal.number << " by " << proposal.by << ": "
                 << state_of(proposal) << "\n";
  }
  for (const auto& stop : *stops) {
    terminal.out << "rule " << stop.rule << " stopped from " << to_text(stop.from)
                 << (stop.until == kNever ? "" : " until " + to_text(stop.until)) << " by "
                 << stop.stopped.by << ": " << stop.reason << "\n";
  }
  return kFine;
}

int run(const RulesStop& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  const auto programme = session->engine->programme(session->clock->now());
  if (!programme) return answer_no(terminal, programme.error());
  const auto from = optional_moment(command.from, *programme);
  if (!from) return answer_no(terminal, from.error());
  const RuleOrder order{command.rule, command.by, command.reason, *from};
  const auto stop =
      command.stop ? session->engine->stop_rule(order) : session->engine->resume_rule(order);
  if (!stop) return answer_no(terminal, stop.error());
  if (command.format == Format::kJson) {
    return show_json(terminal, [&](json::Writer& json) { write_stop(json, *stop); });
  }
  terminal.out << "rule " << stop->rule
               << (command.stop ? " is stopped from " + to_text(stop->from)
                                : " goes on from " + to_text(stop->until))
               << "\n";
  return kFine;
}

}  // namespace laurel::daemon::cli
