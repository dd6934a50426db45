// `laurel batch`: points given or taken, many members at once.

#include <algorithm>
#include <istream>
#include <memory>
#include <ostream>

#include "app/adjusting_json.hpp"
#include "app/answer_json.hpp"
#include "cli/commands.hpp"
#include "cli/csv.hpp"
#include "cli/session.hpp"
#include "json/document.hpp"
#include "json/reader.hpp"

namespace laurel::daemon::cli {

namespace {

// "SOURCE/ID"; an id alone is of the same source as over HTTP.
TransactionKey key_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return TransactionKey{"manual", text};
  return TransactionKey{text.substr(0, slash), text.substr(slash + 1)};
}

Error wrong_line(std::int64_t line, const std::string& why) {
  return {ErrorCode::kInvalid, "line " + std::to_string(line) + ": " + why};
}

// "m_…", or TYPE=VALUE.
Result<BatchLine> line_of(std::string_view who, std::string_view points, std::string_view wallet,
                          const Display& display, std::int64_t number) {
  BatchLine line;
  line.wallet = wallet;
  const auto sum = Points::parse(points, display.scale_of(line.wallet));
  if (!sum) return wrong_line(number, sum.error().detail);
  line.points = *sum;
  if (const auto equals = who.find('='); equals != std::string_view::npos) {
    line.identifier = {std::string(who.substr(0, equals)), std::string(who.substr(equals + 1))};
    return line;
  }
  const auto member = MemberId::parse(who);
  if (!member) return wrong_line(number, "member is an id, or TYPE=VALUE");
  line.member = *member;
  return line;
}

Result<std::vector<BatchLine>> read_csv(std::istream& input, const Display& display) {
  constexpr std::string_view kWanted[] = {"member", "points"};
  auto reader = CsvReader::open(input, kWanted);
  if (!reader) return reader.error();
  const auto& columns = reader->columns();
  const auto wallet = std::ranges::find(columns, "wallet");
  const auto place = static_cast<std::size_t>(wallet - columns.begin());
  std::vector<BatchLine> lines;
  for (;;) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) return lines;
    auto line = line_of(reader->field(0), reader->field(1),
                        wallet == columns.end() ? std::string_view() : reader->column(place),
                        display, reader->line());
    if (!line) return line.error();
    lines.push_back(*std::move(line));
  }
}

Result<BatchLine> read_object(std::string_view text, const Display& display, std::int64_t number) {
  const auto document = json::Document::parse(text);
  if (!document) return wrong_line(number, document.error().detail);
  json::Reader reader;
  auto object = reader.object(document->root());
  std::string who(object.string("member", json::kOptional).value_or(""));
  if (who.empty()) {
    auto identifier = object.object("identifier", json::kRequired);
    if (identifier) {
      who = std::string(identifier.string("type", json::kRequired).value_or("")) + "=" +
            std::string(identifier.string("value", json::kRequired).value_or(""));
    }
  }
  const std::string points(object.decimal_text("points", json::kRequired).value_or(""));
  const std::string wallet(object.string("wallet", json::kOptional).value_or(""));
  object.reject_misspelt();
  if (!reader.ok()) {
    const Error error = reader.take_error();
    return wrong_line(number, error.faults.empty() ? error.detail
                                                   : error.faults.front().pointer + " " +
                                                         error.faults.front().detail);
  }
  return line_of(who, points, wallet, display, number);
}

Result<std::vector<BatchLine>> read_lines(const std::string& file, const Display& display) {
  const auto input = open_input(file);
  if (!input) return input.error();
  if (input->stream->peek() != '{') return read_csv(*input->stream, display);
  std::vector<BatchLine> lines;
  std::string text;
  for (std::int64_t number = 1; std::getline(*input->stream, text); ++number) {
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) continue;
    auto line = read_object(text, display, number);
    if (!line) return line.error();
    lines.push_back(*std::move(line));
  }
  return lines;
}

void write_text(const BatchStanding& batch, Terminal& terminal) {
  terminal.out << "batch " << batch.key.source << "/" << batch.key.id << ": "
               << text_of(batch.state) << ", " << grouped(batch.count) << " adjustments, "
               << grouped(batch.posted) << " booked, " << grouped(batch.reversed)
               << " taken back\n";
  for (const auto& wallet : batch.wallets) {
    terminal.out << "  " << wallet.wallet << ": " << wallet.given.text(wallet.scale) << " given, "
                 << wallet.taken.text(wallet.scale) << " taken; at most "
                 << wallet.most.text(wallet.scale) << " (" << wallet.most_of.text() << ")\n";
  }
  for (const auto& taken : batch.taken_back) {
    terminal.out << "  " << taken.wallet << ": " << taken.points.text(taken.scale)
                 << " taken back, " << taken.debt.text(taken.scale) << " of them owed\n";
  }
  if (batch.unknown > 0) terminal.out << "  " << batch.unknown << " lines name nobody\n";
  for (const auto& fault : batch.faults) {
    terminal.out << "  "
                 << (fault.line > 0 ? "line " + std::to_string(fault.line) : fault.member.text())
                 << ": " << fault.code << "\n";
  }
  if (batch.state == BatchState::kPlanned && batch.needs_second_person) {
    terminal.out << "  it needs a second person\n";
  }
  if (batch.state == BatchState::kWaiting) {
    terminal.out << "  it waits for a second person: laurel review accept " << batch.review << "\n";
  }
}

Result<BatchStanding> adjust(const BatchCommand& command, Engine& engine, Display display,
                             const BatchProgress& progress) {
  auto lines = read_lines(command.file, display);
  if (!lines) return lines.error();
  return engine.adjustments().post({.key = key_of(command.id),
                                    .lines = *std::move(lines),
                                    .actor = command.by,
                                    .reason = command.reason,
                                    .skip_unknown = command.skip_unknown,
                                    .dry_run = command.dry_run},
                                   progress);
}

Result<BatchStanding> carry_out(const BatchCommand& command, const Session& session,
                                const BatchProgress& progress) {
  Engine& engine = *session.engine;
  switch (command.action) {
    case BatchAction::kAdjust: {
      auto programme = engine.programme(session.clock->now());
      if (!programme) return programme.error();
      return adjust(command, engine, Display(*std::move(programme)), progress);
    }
    case BatchAction::kShow: return engine.adjustments().batch(key_of(command.id));
    case BatchAction::kResume: return engine.adjustments().resume(key_of(command.id), progress);
    case BatchAction::kReverse: break;
  }
  return engine.adjustments().reverse({key_of(command.id), command.by, command.reason}, progress);
}

}  // namespace

int run(const BatchCommand& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  std::unique_ptr<ProgressBar> bar;
  const auto batch = carry_out(command, *session, [&](std::int64_t done, std::int64_t all) {
    if (!bar) bar = std::make_unique<ProgressBar>(terminal, "booking", "members", all);
    bar->show(done);
  });
  bar.reset();
  if (!batch) return answer_no(terminal, batch.error());
  if (command.format == Format::kText) {
    write_text(*batch, terminal);
  } else {
    std::string text;
    json::Writer writer(text);
    write_batch(writer, *batch);
    terminal.out << text << "\n";
  }
  const bool done = batch->state != BatchState::kPosting && batch->state != BatchState::kReversing;
  return done ? kFine : kNo;
}

}  // namespace laurel::daemon::cli
