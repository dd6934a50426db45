// `laurel import members`: enrolments, each with its own key, so that again is harmless.

#include <ostream>

#include "cli/import/lines.hpp"
#include "json/writer.hpp"

namespace laurel::daemon::cli {

namespace {

struct Counts {
  std::int64_t enrolled = 0, replayed = 0;
};

void write_text(const LinesRead& read, const Counts& counts, Terminal& terminal) {
  terminal.out << table({{"lines", grouped(read.lines)},
                         {"enrolled", grouped(counts.enrolled)},
                         {"replayed (stood already)", grouped(counts.replayed)},
                         {"refused", grouped(read.refused())}},
                        "lr");
  for (const std::string& refused : read.refused_first) {
    terminal.out << "  " << painted(refused, Style::kWarning, terminal.out_colour) << "\n";
  }
}

std::string to_json(const LinesRead& read, const Counts& counts) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .field("import", "members")
      .field("lines", read.lines)
      .field("enrolled", counts.enrolled)
      .field("replayed", counts.replayed)
      .field_object("refused_why");
  for (const auto& [why, count] : read.refused_why) json.field(why, count);
  json.end_object().field_array("refused_first");
  for (const std::string& refused : read.refused_first) json.value(refused);
  json.end_array().end_object();
  return text + "\n";
}

bool is_refusal(const Error& error) {
  return error.error_class() != ErrorClass::kBusy && error.error_class() != ErrorClass::kBroken;
}

}  // namespace

int import_members(const Import& command, Session& session, InputFile& input, Terminal& terminal) {
  ProgressBar bar(terminal, "importing", "bytes", input.bytes_all);
  Counts counts;
  LinesRead refused;
  const auto enrol = [&](const Enrolment& enrolment, std::int64_t bytes) -> Result<void> {
    bar.show(bytes);
    const auto enrolled = session.engine->enrol(enrolment);
    if (enrolled) {
      ++(enrolled->replayed ? counts.replayed : counts.enrolled);
    } else if (is_refusal(enrolled.error())) {
      refused.refuse(enrolment.key->id, enrolled.error());
    } else {
      return enrolled.error();
    }
    return {};
  };
  auto read = read_members(*input.stream, enrol);
  if (!read) return fail(terminal, read.error());
  for (const auto& [why, count] : refused.refused_why) read->refused_why[why] += count;
  read->refused_first.insert(read->refused_first.end(), refused.refused_first.begin(),
                             refused.refused_first.end());
  if (command.format == Format::kJson) {
    terminal.out << to_json(*read, counts);
  } else {
    write_text(*read, counts, terminal);
  }
  return read->refused() > 0 ? kNo : kFine;
}

}  // namespace laurel::daemon::cli
