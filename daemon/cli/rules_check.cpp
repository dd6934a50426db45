// `laurel rules check`: every fault of every file, then the programme's own cases.

#include <algorithm>
#include <optional>
#include <ostream>
#include <set>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "json/writer.hpp"

namespace laurel::daemon::cli {

namespace {

struct Checked {
  std::optional<Programme> programme;
  std::vector<ProgrammeFault> faults;
  std::vector<CaseOutcome> cases;

  std::int64_t errors() const { return count(Severity::kError); }
  std::int64_t warnings() const { return count(Severity::kWarning); }
  std::int64_t failed() const {
    return std::count_if(cases.begin(), cases.end(),
                         [](const CaseOutcome& c) { return !c.differences.empty(); });
  }
  bool fine() const { return errors() == 0 && failed() == 0; }

 private:
  std::int64_t count(Severity severity) const {
    return std::count_if(faults.begin(), faults.end(),
                         [&](const ProgrammeFault& f) { return f.severity == severity; });
  }
};

std::string_view name_of(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

std::string counted(std::int64_t count, const std::string& what) {
  return grouped(count) + " " + what + (count == 1 ? "" : "s");
}

// ---- Text --------------------------------------------------------------------------------------

void write_cases(const Checked& checked, Terminal& terminal) {
  for (const CaseOutcome& outcome : checked.cases) {
    if (outcome.differences.empty()) continue;
    terminal.out << outcome.file << ":" << outcome.line << ": "
                 << painted("case failed: ", Style::kBad, terminal.out_colour) << outcome.name
                 << "\n";
    for (const std::string& difference : outcome.differences) {
      terminal.out << "    " << difference << "\n";
    }
  }
}

void write_text(const Checked& checked, Terminal& terminal) {
  terminal.out << render(checked.faults, {.colour = terminal.out_colour});
  write_cases(checked, terminal);
  const Style style = checked.fine() ? Style::kGood : Style::kBad;
  std::string summary = checked.programme ? checked.programme->id() + ": " : "";
  summary += counted(checked.errors(), "error") + ", " + counted(checked.warnings(), "warning");
  if (checked.programme) {
    const auto passed = static_cast<std::int64_t>(checked.cases.size()) - checked.failed();
    summary += ", " + grouped(passed) + " of " +
               counted(static_cast<std::int64_t>(checked.cases.size()), "case") + " passed";
  }
  terminal.out << painted(summary, style, terminal.out_colour) << "\n";
  if (checked.fine()) terminal.out << checked.programme->digest() << "\n";
}

// ---- JSON --------------------------------------------------------------------------------------

void write_fault(json::Writer& json, const ProgrammeFault& fault) {
  json.begin_object()
      .field("severity", name_of(fault.severity))
      .field("file", fault.file)
      .field("line", fault.line)
      .field("column", fault.column)
      .field("code", fault.code)
      .field("message", fault.message);
  if (!fault.hint.empty()) json.field("hint", fault.hint);
  json.end_object();
}

void write_case(json::Writer& json, const CaseOutcome& outcome) {
  json.begin_object()
      .field("name", outcome.name)
      .field("file", outcome.file)
      .field("line", outcome.line)
      .field("passed", outcome.differences.empty());
  json.field_array("differences");
  for (const std::string& difference : outcome.differences) json.value(difference);
  json.end_array().end_object();
}

std::string to_json(const Checked& checked) {
  std::string text;
  json::Writer json(text);
  json.begin_object().field("ok", checked.fine());
  if (checked.programme) {
    json.field("programme", checked.programme->id()).field("digest", checked.programme->digest());
  }
  json.field("errors", checked.errors()).field("warnings", checked.warnings());
  json.field_array("faults");
  for (const ProgrammeFault& fault : checked.faults) write_fault(json, fault);
  json.end_array().field_array("cases");
  for (const CaseOutcome& outcome : checked.cases) write_case(json, outcome);
  json.end_array().end_object();
  return text + "\n";
}

// ---- SARIF 2.1.0, for code review
// ----------------------------------------------------------------

struct Finding {
  std::string_view level;
  std::string rule;
  std::string message;
  std::string hint;
  std::string file;
  int line = 0;
  int column = 0;
};

std::vector<Finding> findings_of(const Checked& checked) {
  std::vector<Finding> findings;
  for (const ProgrammeFault& fault : checked.faults) {
    const std::string hint = fault.hint.empty() ? "" : " (" + fault.hint + ")";
    findings.push_back({name_of(fault.severity), fault.code, fault.message + hint, fault.hint,
                        fault.file, fault.line, fault.column});
  }
  for (const CaseOutcome& outcome : checked.cases) {
    for (const std::string& difference : outcome.differences) {
      findings.push_back({"error", "case_failed", outcome.name + ": " + difference, "",
                          outcome.file, outcome.line, 1});
    }
  }
  return findings;
}

void write_location(json::Writer& json, const Finding& finding) {
  json.field_array("locations");
  if (!finding.file.empty()) {
    json.begin_object().field_object("physicalLocation");
    json.field_object("artifactLocation").field("uri", finding.file).end_object();
    if (finding.line > 0) {
      json.field_object("region").field("startLine", finding.line);
      json.field("startColumn", std::max(finding.column, 1)).end_object();
    }
    json.end_object().end_object();
  }
  json.end_array();
}

void write_finding(json::Writer& json, const Finding& finding) {
  json.begin_object().field("ruleId", finding.rule).field("level", finding.level);
  json.field_object("message").field("text", finding.message).end_object();
  write_location(json, finding);
  if (!finding.hint.empty()) {
    json.field_object("properties").field("hint", finding.hint).end_object();
  }
  json.end_object();
}

// What the findings may name.
void write_driver(json::Writer& json, const std::vector<Finding>& findings) {
  std::set<std::string_view> rules;
  for (const Finding& finding : findings) rules.insert(finding.rule);
  json.field_object("tool").field_object("driver").field("name", "laurel rules check");
  json.field("version", LAUREL_VERSION).field_array("rules");
  for (const auto rule : rules) json.begin_object().field("id", rule).end_object();
  json.end_array().end_object().end_object();
}

std::string to_sarif(const Checked& checked) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .field("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      .field("version", "2.1.0");
  const auto findings = findings_of(checked);
  json.field_array("runs").begin_object();
  write_driver(json, findings);
  json.field("columnKind", "unicodeCodePoints").field_array("results");
  for (const Finding& finding : findings) write_finding(json, finding);
  json.end_array().end_object().end_array().end_object();
  return text + "\n";
}

}  // namespace

int run(const RulesCheck& command, Terminal& terminal) {
  const auto files = read_programme_folder(command.folder);
  if (!files) return fail(terminal, files.error());
  LoadedProgramme loaded = load_programme(*files);
  Checked checked{std::move(loaded.programme), std::move(loaded.faults), {}};
  if (checked.programme) checked.cases = check_cases(*checked.programme);
  switch (command.format) {
    case Format::kCsv:  // not among what this command takes
    case Format::kText: write_text(checked, terminal); break;
    case Format::kJson: terminal.out << to_json(checked); break;
    case Format::kSarif: terminal.out << to_sarif(checked); break;
  }
  return checked.fine() ? kFine : kNo;
}

}  // namespace laurel::daemon::cli
