// `laurel report`: what the house owes, as of a moment.

#include <ostream>

#include "app/report_json.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string text_or_dash(const std::optional<Money>& money) {
  return money ? money->text() + " " + std::string(money->currency().code()) : "-";
}

void write_head(const ReportHead& head, Terminal& terminal) {
  terminal.out << "as of " << to_text(head.as_of) << ", by "
               << (head.basis == TimeBasis::kEvent ? "event" : "booking") << ", " << head.entries
               << " entries up to " << head.through.number() << "\n";
}

void write_text(const LiabilityReport& report, Terminal& terminal) {
  write_head(report.head, terminal);
  Rows rows = {
      {"wallet", "outstanding", "pending", "held", "debt", "expected", "cost", "expected cost"}};
  for (const WalletLiability& each : report.wallets) {
    const auto points = [&](Points sum) { return sum.text(each.scale); };
    rows.push_back({each.wallet, points(each.outstanding), points(each.pending), points(each.held),
                    points(each.debt), points(each.expected), text_or_dash(each.cost),
                    text_or_dash(each.expected_cost)});
  }
  terminal.out << table(rows, "lrrrrrrr");
}

void write_text(const TierReport& report, Terminal& terminal) {
  write_head(report.head, terminal);
  Rows rows = {{"tier", "members"}};
  for (const TierCount& each : report.tiers) {
    rows.push_back({each.tier.empty() ? "-" : each.tier, std::to_string(each.members)});
  }
  terminal.out << table(rows, "lr");
}

void write_text(const DepartmentReport& report, Terminal& terminal) {
  write_head(report.head, terminal);
  Rows rows = {{"department", "sales", "kept", "points"}};
  for (const DepartmentTotals& each : report.departments) {
    std::string points;
    for (const DepartmentPoints& sum : each.points) {
      points += (points.empty() ? "" : ", ") + sum.points.text(sum.scale) + " " + sum.wallet;
    }
    rows.push_back({each.department.empty() ? "-" : each.department, std::to_string(each.sales),
                    each.kept.text(), points});
  }
  terminal.out << table(rows, "lrrl");
}

void write_text(const StaffReport& report, Terminal& terminal) {
  write_head(report.head, terminal);
  Rows rows = {{"seller", "member", "sales", "of", "share", report.wallet}};
  for (const StaffPair& pair : report.pairs) {
    const std::string what = pair.of == StaffPair::Of::kAssociate ? "associate " : "till ";
    const std::string who =
        pair.member.text() + (pair.member_is.empty() ? "" : " (" + pair.member_is + ")");
    rows.push_back(
        {what + pair.name, who, std::to_string(pair.sales), std::to_string(pair.sales_all),
         std::to_string(pair.sales * 100 / pair.sales_all) + "%", pair.points.text(report.scale)});
  }
  terminal.out << table(rows, "llrrrr");
  if (report.pairs.empty()) terminal.out << "nobody makes up more than that\n";
}

template <class Report>
int show(const Result<Report>& report, Format format, Terminal& terminal) {
  if (!report) return answer_no(terminal, report.error());
  if (format == Format::kText) {
    write_text(*report, terminal);
    return kFine;
  }
  std::string text;
  json::Writer writer(text);
  write_report(writer, *report);
  terminal.out << text << "\n";
  return kFine;
}

Result<StaffQuery> staff_of(const ReportCommand& command, const ReportAt& at) {
  StaffQuery query{.at = at, .share_percent = command.share};
  if (command.from.empty()) return query;
  const auto from = parse_instant(command.from);
  if (!from) return from.error();
  query.from = *from;
  return query;
}

Result<ReportAt> moment_of(const ReportCommand& command) {
  ReportAt at;
  if (command.basis == "event") at.basis = TimeBasis::kEvent;
  if (command.as_of.empty()) return at;
  const auto as_of = parse_instant(command.as_of);
  if (!as_of) return as_of.error();
  at.as_of = *as_of;
  return at;
}

}  // namespace

int run(const ReportCommand& command, Terminal& terminal) {
  const auto at = moment_of(command);
  if (!at) {
    show_error(terminal, at.error());
    return kUsage;
  }
  const auto staff = staff_of(command, *at);
  if (!staff) {
    show_error(terminal, staff.error());
    return kUsage;
  }
  const auto session = open_session(command.store, Access::kRead);
  if (!session) return fail(terminal, session.error());
  const auto reports = session->engine->reports();
  switch (command.of) {
    case ReportOf::kLiability: return show(reports.liability(*at), command.format, terminal);
    case ReportOf::kTiers: return show(reports.tiers(*at), command.format, terminal);
    case ReportOf::kDepartments: return show(reports.departments(*at), command.format, terminal);
    case ReportOf::kStaff: return show(reports.staff(*staff), command.format, terminal);
  }
  return kFine;
}

}  // namespace laurel::daemon::cli
