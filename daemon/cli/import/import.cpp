// `laurel import …`: a file, through the engine, into a store.

#include <chrono>
#include <optional>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/import/complete_journey.hpp"
#include "cli/import/lines.hpp"
#include "cli/import/online_retail.hpp"
#include "cli/import/poster.hpp"
#include "cli/import/report.hpp"
#include "cli/import/thousandths.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

using std::chrono::steady_clock;

// What every kind of import is given.
struct Job {
  const Import& command;
  Session& session;
  InputFile& input;
  Terminal& terminal;
};

std::string count_text(std::int64_t count) { return grouped(count); }

Result<void> post_each(Job& job, Poster& poster, std::size_t all, const char* unit,
                       const std::function<std::vector<Transaction>(std::size_t)>& transactions) {
  ProgressBar bar(job.terminal, "importing", unit, static_cast<std::int64_t>(all));
  for (std::size_t i = 0; i < all; ++i) {
    for (Transaction& transaction : transactions(i)) {
      if (auto added = poster.add(std::move(transaction)); !added) return added;
    }
    bar.show(static_cast<std::int64_t>(i));
  }
  return poster.finish();
}

// ---- Online Retail -----------------------------------------------------------------------------

void add_facts(const OnlineRetail& retail, ImportReport& report) {
  const OnlineRetailFacts& facts = retail.facts();
  report.facts = {
      {"lines", "lines", count_text(facts.lines)},
      {"invoices", "invoices", count_text(facts.invoices)},
      {"customers", "customers", count_text(facts.customers)},
      {"value", "quantity x price of all lines", thousandths_text(facts.value_thousandths)},
      {"cancelled", "- of cancellations", thousandths_text(facts.cancelled_thousandths)},
      {"quantity_below_zero", "lines with a quantity below zero",
       count_text(facts.quantity_below_zero)},
      {"stock_corrections", "- that cancel nothing", count_text(facts.stock_corrections)},
      {"price_not_above_zero", "lines with a price of zero or less",
       count_text(facts.price_not_above_zero)},
      {"anonymous_lines", "lines of nobody, cancellations aside",
       count_text(facts.anonymous_lines)},
      {"anonymous_invoices", "- invoices", count_text(facts.anonymous_invoices)},
      {"anonymous_value", "- quantity x price", thousandths_text(facts.anonymous_thousandths)},
      {"repeated_lines", "lines equal to an earlier one (kept)", count_text(facts.repeated_lines)},
      {"cancelled_lines_of_customers", "cancelled lines with a customer",
       count_text(facts.cancelled_lines_of_customers)},
      {"cancelled_lines_with_a_sale", "- for which one earlier line had sold enough",
       count_text(facts.cancelled_lines_with_a_sale)},
      {"cancelled_lines_matched", "- matched to goods not returned before",
       count_text(facts.cancelled_lines_matched)}};
  report.lines_refused = {{"stock_correction", retail.refused(RowKind::kStockCorrection)},
                          {"nothing_charged", retail.refused(RowKind::kNoPrice)},
                          {"bad_debt", retail.refused(RowKind::kBadDebt)}};
}

Result<void> import_online_retail(Job& job, Poster& poster, ImportReport& report) {
  const auto retail = OnlineRetail::read(*job.input.stream);
  if (!retail) return retail.error();
  add_facts(*retail, report);
  return post_each(job, poster, retail->invoices(), "invoices",
                   [&](std::size_t i) { return retail->transactions(i); });
}

// ---- Complete Journey --------------------------------------------------------------------------

void add_facts(const CompleteJourneyFacts& facts, ImportReport& report) {
  report.facts = {{"products", "products", count_text(facts.products)},
                  {"departments", "departments", count_text(facts.departments)},
                  {"lines", "lines", count_text(facts.lines)},
                  {"baskets", "baskets", count_text(facts.baskets)},
                  {"households", "households", count_text(facts.households)},
                  {"stores", "stores", count_text(facts.stores)},
                  {"value", "sales value of all lines", thousandths_text(facts.value_cents * 10)},
                  {"unknown_products", "lines of unknown products (kept, of no department)",
                   count_text(facts.unknown_products)}};
  report.lines_refused = {{"nothing_charged", facts.nothing_charged},
                          {"not_money", facts.not_money}};
}

Result<void> import_complete_journey(Job& job, Poster& poster, ImportReport& report) {
  auto products = open_input(job.command.products);
  if (!products) return std::move(products).error();
  const auto programme = job.session.engine->programme(job.session.clock->now());
  if (!programme) return programme.error();
  const auto journey =
      CompleteJourney::read(*job.input.stream, *products->stream, programme->time_zone());
  if (!journey) return journey.error();
  add_facts(journey->facts(), report);
  return post_each(job, poster, journey->transactions().size(), "baskets", [&](std::size_t i) {
    return std::vector<Transaction>{journey->transactions()[i]};
  });
}

// ---- Lines of NDJSON or CSV
// ----------------------------------------------------------------------

Result<void> import_sales(Job& job, Poster& poster, ImportReport& report) {
  ProgressBar bar(job.terminal, "importing", "bytes", job.input.bytes_all);
  auto facts = read_sales(*job.input.stream, [&](Transaction transaction, std::int64_t bytes) {
    bar.show(bytes);
    return poster.add(std::move(transaction));
  });
  if (!facts) return std::move(facts).error();
  report.facts = {{"lines", "lines", count_text(facts->lines)}};
  for (const auto& [why, count] : facts->refused_why) report.lines_refused.emplace_back(why, count);
  report.tally.refused_first = facts->refused_first;
  return poster.finish();
}

Result<void> run_import(Job& job, Poster& poster, ImportReport& report) {
  switch (job.command.kind) {
    case ImportKind::kOnlineRetail:
      report.what = "online-retail";
      return import_online_retail(job, poster, report);
    case ImportKind::kCompleteJourney:
      report.what = "complete-journey";
      return import_complete_journey(job, poster, report);
    case ImportKind::kSales: report.what = "sales"; return import_sales(job, poster, report);
    case ImportKind::kMembers:
    case ImportKind::kBalances: break;
  }
  return Error{ErrorCode::kBroken, "no such import"};
}

// Puts the programme in force where it is not. False: it has faults, which have been shown.
Result<bool> publish(const std::string& folder, Session& session, Terminal& terminal) {
  if (folder.empty()) return true;
  const ProgrammeRead read = read_programme(folder, terminal);
  if (!read.programme) return false;
  const auto published =
      session.engine->publish(*read.programme, {.by = "laurel import", .first_alone = true});
  if (!published) return published.error();
  return true;
}

// Lines that are no sales are part of the data sets; in a file of sales they are faults.
bool has_refusals(const ImportReport& report, ImportKind kind) {
  return report.tally.refused > 0 || (kind == ImportKind::kSales && !report.lines_refused.empty());
}

}  // namespace

int run(const Import& command, Terminal& terminal) {
  auto input = open_input(command.file);
  if (!input) return fail(terminal, input.error());
  auto session = open_session(command.store, Access::kCreate);
  if (!session) return fail(terminal, session.error());
  const auto published = publish(command.programme, *session, terminal);
  if (!published) return fail(terminal, published.error());
  if (!*published) return kNo;

  const auto begin = steady_clock::now();
  Job job{command, *session, *input, terminal};
  if (command.kind == ImportKind::kMembers)
    return import_members(command, *session, *input, terminal);
  if (command.kind == ImportKind::kBalances)
    return import_balances(command, *session, *input, terminal);
  Poster poster(*session->engine, command.chunk);
  ImportReport report;
  const auto done = run_import(job, poster, report);
  if (!done) return fail(terminal, done.error());
  const auto refused_first = std::move(report.tally.refused_first);
  report.tally = poster.tally();
  report.tally.refused_first.insert(report.tally.refused_first.begin(), refused_first.begin(),
                                    refused_first.end());
  report.elapsed_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin).count();
  write_report(report, command.format, terminal);
  return has_refusals(report, command.kind) ? kNo : kFine;
}

}  // namespace laurel::daemon::cli
