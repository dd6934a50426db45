#include "cli/import/report.hpp"

#include <algorithm>
#include <ostream>

#include "json/writer.hpp"

namespace laurel::daemon::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string heading(std::string_view text, const Terminal& terminal) {
  return painted(text, Style::kStrong, terminal.out_colour) + "\n";
}

void write_facts(const ImportReport& report, Terminal& terminal) {
  Rows rows;
  for (const auto& fact : report.facts) rows.push_back({"  " + fact.text, fact.value});
  terminal.out << heading("The file", terminal) << table(rows, "lr");
  if (report.lines_refused.empty()) return;
  rows.clear();
  for (const auto& [why, count] : report.lines_refused)
    rows.push_back({"  " + why, grouped(count)});
  terminal.out << heading("Lines left out, and why", terminal) << table(rows, "lr");
}

void write_outcome(const Tally& tally, Terminal& terminal) {
  const Rows rows = {{"  posted", grouped(tally.posted)},
                     {"  replayed (stood already)", grouped(tally.replayed)},
                     {"  refused", grouped(tally.refused)}};
  terminal.out << heading("Transactions", terminal) << table(rows, "lr");
  for (const auto& [why, count] : tally.refused_why) {
    terminal.out << "    " << why << ": " << grouped(count) << "\n";
  }
  for (const std::string& refused : tally.refused_first) {
    terminal.out << "    " << painted(refused, Style::kWarning, terminal.out_colour) << "\n";
  }
}

void write_kinds(const Tally& tally, Terminal& terminal) {
  Rows rows = {{"  sales", grouped(tally.sales)},
               {"  - of nobody known", grouped(tally.unattributed)},
               {"  returns", grouped(tally.returns)},
               {"  - without their sale", grouped(tally.returns_unmatched)}};
  if (tally.waiting > 0) rows.push_back({"  - that wait for their sale", grouped(tally.waiting)});
  if (tally.others > 0) rows.push_back({"  voids and events", grouped(tally.others)});
  if (tally.for_review > 0) rows.push_back({"  kept for review", grouped(tally.for_review)});
  terminal.out << heading("Posted and replayed", terminal) << table(rows, "lr");
}

void write_points(const Tally& tally, Terminal& terminal) {
  if (tally.points.empty()) return;
  Rows rows;
  for (const auto& [wallet, moved] : tally.points) {
    rows.push_back({"  " + wallet + " earned", moved.earned.text(moved.scale)});
    rows.push_back({"  " + wallet + " taken back", moved.reversed.text(moved.scale)});
  }
  terminal.out << heading("Moved by this run", terminal) << table(rows, "lr");
}

void write_text(const ImportReport& report, Terminal& terminal) {
  write_facts(report, terminal);
  write_outcome(report.tally, terminal);
  write_kinds(report.tally, terminal);
  write_points(report.tally, terminal);
  const std::int64_t done = report.tally.posted + report.tally.replayed + report.tally.refused;
  const std::int64_t elapsed_ms = std::max<std::int64_t>(report.elapsed_ms, 1);
  terminal.out << grouped(done) << " transactions in " << grouped(elapsed_ms) << " ms, "
               << grouped(done * 1000 / elapsed_ms) << " a second\n";
}

void write_counts(json::Writer& json, const Tally& tally) {
  json.field("posted", tally.posted)
      .field("replayed", tally.replayed)
      .field("refused", tally.refused)
      .field("sales", tally.sales)
      .field("unattributed", tally.unattributed)
      .field("returns", tally.returns)
      .field("returns_unmatched", tally.returns_unmatched)
      .field("waiting", tally.waiting)
      .field("others", tally.others)
      .field("for_review", tally.for_review);
  json.field_object("refused_why");
  for (const auto& [why, count] : tally.refused_why) json.field(why, count);
  json.end_object().field_array("refused_first");
  for (const std::string& refused : tally.refused_first) json.value(refused);
  json.end_array().field_object("points");
  for (const auto& [wallet, moved] : tally.points) {
    json.field_object(wallet)
        .field_raw("earned", moved.earned.text(moved.scale))
        .field_raw("reversed", moved.reversed.text(moved.scale))
        .end_object();
  }
  json.end_object();
}

std::string to_json(const ImportReport& report) {
  std::string text;
  json::Writer json(text);
  json.begin_object().field("import", report.what).field_object("file");
  for (const auto& fact : report.facts) json.field(fact.name, fact.value);
  json.end_object().field_object("lines_refused");
  for (const auto& [why, count] : report.lines_refused) json.field(why, count);
  json.end_object().field_object("transactions");
  write_counts(json, report.tally);
  json.end_object().field("elapsed_ms", report.elapsed_ms).end_object();
  return text + "\n";
}

}  // namespace

void write_report(const ImportReport& report, Format format, Terminal& terminal) {
  if (format == Format::kJson) {
    terminal.out << to_json(report);
  } else {
    write_text(report, terminal);
  }
}

}  // namespace laurel::daemon::cli
