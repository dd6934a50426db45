// `laurel import balances`: what members had in another system, each with its own key, so that
// again is harmless.

#include <chrono>
#include <ostream>
#include <thread>

#include "cli/import/lines.hpp"
#include "json/writer.hpp"

namespace laurel::daemon::cli {

namespace {

constexpr int kTries = 8;
constexpr std::chrono::milliseconds kFirstPause{50};  // then twice as long each time

class Balances {
 public:
  Balances(Engine& engine, std::size_t chunk) : engine_(engine), chunk_(chunk) {}

  Result<void> add(Opening opening) {
    waiting_.push_back(std::move(opening));
    return waiting_.size() < chunk_ ? Result<void>() : flush();
  }

  Result<void> flush() {
    auto pause = kFirstPause;
    for (int tries = 1; !waiting_.empty(); ++tries, pause *= 2) {
      const auto answers = engine_.lots().open(waiting_);
      std::vector<Opening> again;
      for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i]) {
          count(waiting_[i], *answers[i]);
        } else if (answers[i].error().error_class() == ErrorClass::kBroken || tries == kTries) {
          return answers[i].error();
        } else if (answers[i].error().error_class() == ErrorClass::kBusy) {
          again.push_back(std::move(waiting_[i]));
        } else {
          refused.refuse(waiting_[i].key.id, answers[i].error());
        }
      }
      waiting_ = std::move(again);
      if (!waiting_.empty()) std::this_thread::sleep_for(pause);
    }
    return {};
  }

  std::int64_t opened = 0, replayed = 0;
  LinesRead refused = {};
  // By wallet and the month in which they end ("never"): all that stand, to be held against the
  // source.
  std::map<std::pair<std::string, std::string>, Points> months = {};

 private:
  void count(const Opening& opening, const Opened& answer) {
    ++(answer.replayed ? replayed : opened);
    for (const auto& lot : opening.lots) {
      constexpr std::size_t kMonth = 7;  // 2027-03
      const std::string month = lot.until ? to_text(*lot.until).substr(0, kMonth) : "by the rules";
      months[{lot.wallet, month}] += lot.points;
    }
  }

  Engine& engine_;
  const std::size_t chunk_;
  std::vector<Opening> waiting_ = {};
};

int scale_in(const Programme& programme, const std::string& wallet) {
  for (const auto& each : programme.wallets()) {
    if (wallet.empty() || each.id == wallet) return each.scale;
  }
  return 0;
}

void write_text(const LinesRead& read, const Balances& balances, const Programme& programme,
                Terminal& terminal) {
  terminal.out << table({{"lines", grouped(read.lines)},
                         {"opened", grouped(balances.opened)},
                         {"replayed (stood already)", grouped(balances.replayed)},
                         {"refused", grouped(read.refused())}},
                        "lr");
  for (const std::string& refused : read.refused_first) {
    terminal.out << "  " << painted(refused, Style::kWarning, terminal.out_colour) << "\n";
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& [where, points] : balances.months) {
    const auto& wallet = where.first.empty() ? programme.wallets().front().id : where.first;
    rows.push_back({wallet, where.second, points.text(scale_in(programme, where.first))});
  }
  if (!rows.empty())
    terminal.out << "Points by the month of their last day\n" << table(rows, "llr");
}

std::string to_json(const LinesRead& read, const Balances& balances, const Programme& programme) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .field("import", "balances")
      .field("lines", read.lines)
      .field("opened", balances.opened)
      .field("replayed", balances.replayed)
      .field_object("refused_why");
  for (const auto& [why, count] : read.refused_why) json.field(why, count);
  json.end_object().field_array("refused_first");
  for (const std::string& refused : read.refused_first) json.value(refused);
  json.end_array().field_array("months");
  for (const auto& [where, points] : balances.months) {
    const auto& wallet = where.first.empty() ? programme.wallets().front().id : where.first;
    json.begin_object()
        .field("wallet", wallet)
        .field("month", where.second)
        .field("points", points.text(scale_in(programme, where.first)))
        .end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

}  // namespace

int import_balances(const Import& command, Session& session, InputFile& input, Terminal& terminal) {
  const auto programme = session.engine->programme(session.clock->now());
  if (!programme) return fail(terminal, programme.error());
  ProgressBar bar(terminal, "importing", "bytes", input.bytes_all);
  Balances balances(*session.engine, command.chunk);
  auto read = read_balances(*input.stream, *programme, [&](Opening opening, std::int64_t bytes) {
    bar.show(bytes);
    return balances.add(std::move(opening));
  });
  if (!read) return fail(terminal, read.error());
  if (const auto done = balances.flush(); !done) return fail(terminal, done.error());
  for (const auto& [why, count] : balances.refused.refused_why) read->refused_why[why] += count;
  read->refused_first.insert(read->refused_first.end(), balances.refused.refused_first.begin(),
                             balances.refused.refused_first.end());
  if (command.format == Format::kJson) {
    terminal.out << to_json(*read, balances, *programme);
  } else {
    write_text(*read, balances, *programme, terminal);
  }
  return read->refused() > 0 ? kNo : kFine;
}

}  // namespace laurel::daemon::cli
