// `laurel verify` and `laurel due`: the truth of a store, and the work that waits in it.

#include <memory>
#include <ostream>

#include "app/executor.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "json/writer.hpp"
#include "laurel/privacy.hpp"

namespace laurel::daemon::cli {

namespace {

// Where a drift stands: "entry 704, m_3N1Q8ZK4T7WXA".
std::string place_of(const Drift& drift) {
  std::string place;
  if (drift.entry) place = "entry " + grouped(drift.entry.number());
  if (drift.member) place += (place.empty() ? "" : ", ") + drift.member.text();
  return place.empty() ? "the store" : place;
}

void write_text(const VerifyReport& report, Terminal& terminal) {
  for (const Drift& drift : report.drift) {
    terminal.out << painted("drift: ", Style::kBad, terminal.out_colour) << place_of(drift) << ": "
                 << drift.what << ": stored " << drift.stored << ", rebuilt " << drift.rebuilt
                 << "\n";
  }
  std::vector<std::vector<std::string>> rows;
  for (const PostingView& total : report.totals) {
    rows.push_back({total.wallet, total.account, grouped(total.amount.units())});
  }
  terminal.out << table(rows, "llr");
  const bool clean = report.drift.empty();
  const std::string verdict =
      clean ? "clean" : grouped(static_cast<std::int64_t>(report.drift.size())) + " differences";
  terminal.out << painted(verdict, clean ? Style::kGood : Style::kBad, terminal.out_colour) << ": "
               << grouped(report.entries) << " entries, " << grouped(report.members) << " members, "
               << grouped(report.transactions_revalued) << " transactions valued again\n";
}

void write_drift(json::Writer& json, const Drift& drift) {
  json.begin_object();
  if (drift.member) json.field("member", drift.member.text());
  if (drift.entry) json.field("entry", drift.entry.number());
  json.field("what", drift.what)
      .field("stored", drift.stored)
      .field("rebuilt", drift.rebuilt)
      .end_object();
}

std::string to_json(const VerifyReport& report) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .field("clean", report.drift.empty())
      .field("entries", report.entries)
      .field("members", report.members)
      .field("transactions_revalued", report.transactions_revalued);
  json.field_array("drift");
  for (const Drift& drift : report.drift) write_drift(json, drift);
  json.end_array().field_array("totals");
  for (const PostingView& total : report.totals) {
    json.begin_object()
        .field("wallet", total.wallet)
        .field("account", total.account)
        .field("units", total.amount.units())
        .end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

Result<VerifyReport> verify(const Engine& engine, std::uint32_t threads, Terminal& terminal) {
  std::unique_ptr<ProgressBar> bar;
  Verification how;
  how.parts = worthwhile_threads(threads);
  how.executor = on_threads();
  how.progress = [&](VerifyProgress progress) {
    if (!bar) {
      bar = std::make_unique<ProgressBar>(terminal, "verifying", "entries", progress.entries_all);
    }
    bar->show(progress.entries_done);
  };
  return engine.verify(how);
}

constexpr std::size_t kDueMembersAtOnce = 1'000;

// What the programme gives by itself.
Result<std::int64_t> give(Engine& engine) {
  std::int64_t vouchers = 0;
  while (true) {
    const auto portion = engine.rewards().settle(kDueMembersAtOnce);
    if (!portion) return portion.error();
    vouchers += portion->vouchers;
    if (!portion->more) return vouchers;
  }
}

// What the programme keeps no longer.
Result<RetentionWork> retain(Engine& engine) {
  RetentionWork all;
  while (true) {
    const auto portion = engine.privacy().retain(kDueMembersAtOnce);
    if (!portion) return portion.error();
    all.forgotten += portion->forgotten;
    all.transactions += portion->transactions;
    if (!portion->more) return all;
  }
}

// Everything that is due, in portions.
Result<DueWork> settle(Engine& engine, Terminal& terminal) {
  ProgressBar bar(terminal, "booking", "members", 0);
  DueWork all;
  while (true) {
    const auto portion = engine.settle_due(kDueMembersAtOnce);
    if (!portion) return portion.error();
    all.members += portion->members;
    all.activated_lots += portion->activated_lots;
    all.expired_lots += portion->expired_lots;
    if (!portion->more) return all;
    bar.show(all.members);
  }
}

}  // namespace

int run(const Verify& command, Terminal& terminal) {
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  const auto report = verify(*session->engine, command.threads, terminal);
  if (!report) return fail(terminal, report.error());
  if (command.format == Format::kJson) {
    terminal.out << to_json(*report);
  } else {
    write_text(*report, terminal);
  }
  return report->drift.empty() ? kFine : kNo;
}

int run(const Due& command, Terminal& terminal) {
  auto session = open_session(command.store, Access::kWrite);
  if (!session) return fail(terminal, session.error());
  const auto work = settle(*session->engine, terminal);
  if (!work) return fail(terminal, work.error());
  const auto vouchers = give(*session->engine);
  if (!vouchers) return fail(terminal, vouchers.error());
  const auto kept = retain(*session->engine);
  if (!kept) return fail(terminal, kept.error());
  if (command.format == Format::kJson) {
    std::string text;
    json::Writer(text)
        .begin_object()
        .field("members", work->members)
        .field("vouchers", *vouchers)
        .field("activated_lots", work->activated_lots)
        .field("expired_lots", work->expired_lots)
        .field("forgotten_members", kept->forgotten)
        .field("forgotten_transactions", kept->transactions)
        .end_object();
    terminal.out << text << "\n";
  } else {
    terminal.out << grouped(work->members) << " members: " << grouped(work->activated_lots)
                 << " lots became available, " << grouped(work->expired_lots) << " expired\n";
    if (*vouchers > 0) terminal.out << grouped(*vouchers) << " vouchers were given\n";
    if (kept->forgotten > 0) terminal.out << grouped(kept->forgotten) << " members forgotten\n";
    if (kept->transactions > 0) {
      terminal.out << grouped(kept->transactions) << " transactions that stayed nobody's lost "
                   << "their identifiers\n";
    }
  }
  return kFine;
}

}  // namespace laurel::daemon::cli
