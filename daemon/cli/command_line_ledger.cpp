// The commands about what is booked: what waits for a person, and reports.

#include "cli/command_line_parts.hpp"

namespace laurel::daemon::cli {

namespace {

void add_decision(CLI::App& review, Chosen& chosen, ReviewAction action, const std::string& name,
                  const std::string& description, const std::string& examples) {
  ReviewCommand& command = chosen.review;
  CLI::App* sub = review.add_subcommand(name, description);
  sub->footer("Examples:\n" + examples);
  sub->callback([&chosen, &command, action] {
    command.action = action;
    chosen.command = command;
  });
  sub->add_option("item", command.item, "Its number, as listed")->required()->option_text("NUMBER");
  sub->add_option("--by", command.by, "Who decides")->required()->option_text("NAME");
  sub->add_option("--reason", command.reason, "Why")->required()->option_text("TEXT");
  if (action == ReviewAction::kAccept) {
    sub->add_option("--member", command.member,
                    "Whose the transaction is; left out: whom its identifiers name")
        ->option_text("ID");
  }
  add_store(*sub, command.store)->required();
  add_format(*sub, command.format);
}

CLI::App* add_lots_action(CLI::App& lots, Chosen& chosen, LotsAction action,
                          const std::string& name, const std::string& description,
                          const std::string& examples) {
  LotsCommand& command = chosen.lots;
  CLI::App* sub = lots.add_subcommand(name, description);
  sub->footer("Examples:\n" + examples);
  sub->callback([&chosen, &command, action] {
    command.action = action;
    chosen.command = command;
  });
  sub->add_option("--id", command.id, "Its own number: called again, it goes on")
      ->required()
      ->option_text("ID");
  sub->add_option("--by", command.by, "Who does this")->required()->option_text("NAME");
  sub->add_option("--reason", command.reason, "Why")->required()->option_text("TEXT");
  sub->add_option("--member", command.member, "Only hers; left out: everybody's")
      ->option_text("ID");
  sub->add_option("--wallet", command.wallet, "Left out: the programme's first")
      ->option_text("WALLET");
  sub->add_flag("--dry-run", command.dry_run, "Only show what would be done");
  add_store(*sub, command.store)->required();
  add_format(*sub, command.format);
  return sub;
}

CLI::App* add_kind(CLI::App& report, Chosen& chosen, ReportOf of, const std::string& name,
                   const std::string& description) {
  ReportCommand& command = chosen.report;
  CLI::App* sub = report.add_subcommand(name, description);
  sub->footer("Examples:\n  laurel report " + name +
              " --as-of 2025-06-30T21:59:59Z --store sqlite:laurel.db");
  sub->callback([&chosen, &command, of] {
    command.of = of;
    chosen.command = command;
  });
  sub->add_option("--as-of", command.as_of, "The moment, with its offset; left out: now")
      ->option_text("TIME");
  sub->add_option("--basis", command.basis, "What counts as before it")
      ->check(CLI::IsMember({"booking", "event"}))
      ->option_text("booking|event [booking]");
  add_store(*sub, command.store)->required();
  add_format(*sub, command.format);
  return sub;
}

}  // namespace

void add_report(CLI::App& app, Chosen& chosen) {
  CLI::App* report = app.add_subcommand("report", "What stood at a moment, in points and money");
  report->require_subcommand(1);
  add_kind(*report, chosen, ReportOf::kLiability, "liability", "What the house owes its members");
  add_kind(*report, chosen, ReportOf::kTiers, "tiers", "How many members were on each level");
  add_kind(*report, chosen, ReportOf::kDepartments, "departments",
           "What was kept, and what it was worth");
  CLI::App* staff = add_kind(*report, chosen, ReportOf::kStaff, "staff",
                             "Members who make up much of what an associate or a till sells");
  ReportCommand& command = chosen.report;
  staff->add_option("--from", command.from, "Sales from then on; left out: all")
      ->option_text("TIME");
  staff->add_option("--share", command.share, "More than this share of the sales, in percent")
      ->check(CLI::Range(0, 100))
      ->option_text("PERCENT [20]");
}

void add_lots(CLI::App& app, Chosen& chosen) {
  CLI::App* lots = app.add_subcommand("lots", "Points that live longer, or again");
  lots->require_subcommand(1);
  LotsCommand& command = chosen.lots;
  CLI::App* extend = add_lots_action(
      *lots, chosen, LotsAction::kExtend, "extend", "Let points that have not died live longer",
      "  laurel lots extend --id E-1 --by ann --reason '24 months now' --dry-run");
  extend
      ->add_option("--until", command.until,
                   "Their new last day; left out: as the programme in force says")
      ->option_text("DAY");
  CLI::App* unexpire = add_lots_action(
      *lots, chosen, LotsAction::kUnexpire, "unexpire", "Let points that died live again",
      "  laurel lots unexpire --id U-1 --since 2026-01-01T00:00:00Z --until 2026-03-31 \\\n"
      "      --by ann --reason 'the mail went out late' --dry-run");
  unexpire->add_option("--since", command.since, "What died from then on")
      ->required()
      ->option_text("TIME");
  unexpire->add_option("--until", command.until, "Their new last day")
      ->required()
      ->option_text("DAY");
  CLI::App* undo =
      add_lots_action(*lots, chosen, LotsAction::kUndo, "undo", "Take one of the others back",
                      "  laurel lots undo E-1 --id E-2 --by ben --reason 'the wrong wallet'");
  undo->add_option("undone", command.undone, "Its number")->required()->option_text("ID");
}

void add_review(CLI::App& app, Chosen& chosen) {
  CLI::App* review = app.add_subcommand("review", "What waits for a person to decide");
  review->require_subcommand(1);
  ReviewCommand& command = chosen.review;
  CLI::App* list = add_command(*review, chosen, command, "list", "What waits, oldest first",
                               "  laurel review list --store sqlite:laurel.db\n"
                               "  laurel review list --state any --kind orphan");
  list->add_option("--state", command.state, "Only those in this state")
      ->check(CLI::IsMember({"open", "accepted", "rejected", "any"}))
      ->option_text("open|accepted|rejected|any [open]");
  list->add_option("--kind", command.kind, "Only those of this kind")
      ->check(CLI::IsMember(
          {"transaction", "conflict", "merge", "duplicate", "anomaly", "adjustment", "orphan"}))
      ->option_text("KIND");
  add_store(*list, command.store)->required();
  add_format(*list, command.format);
  add_decision(*review, chosen, ReviewAction::kAccept, "accept",
               "Let it count, as of its own moment",
               "  laurel review accept 7 --by ann --reason 'the till was offline'");
  add_decision(*review, chosen, ReviewAction::kReject, "reject", "It never counts",
               "  laurel review reject 7 --by ann --reason 'posted twice'");
}

}  // namespace laurel::daemon::cli
