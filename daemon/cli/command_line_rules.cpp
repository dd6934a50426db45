// `laurel rules …`: what may be said to it.

#include "cli/command_line_parts.hpp"
#include "laurel/time.hpp"

namespace laurel::daemon::cli {

void add_explain(CLI::App& parent, Chosen& chosen) {
  CLI::App* sub = add_command(
      parent, chosen, chosen.explain, "explain", "Why this many points: each rule, applied or not",
      "  laurel explain till-7/R-1001 --store sqlite:laurel.db\n"
      "  laurel explain sale.json --programme rules/department-store\n"
      "  curl -s shop.test/last-sale | laurel explain - --programme rules/department-store");
  sub->add_option("what", chosen.explain.what,
                  "A stored transaction, or a file with one as JSON (-: standard input)")
      ->required()
      ->option_text("SOURCE/ID|FILE");
  add_store(*sub, chosen.explain.store);
  add_programme(*sub, chosen.explain.programme);
  add_format(*sub, chosen.explain.format);
}

namespace {

void add_folder(CLI::App& sub, std::string& folder) {
  sub.add_option("folder", folder, "Folder with the programme's YAML files")
      ->required()
      ->option_text("DIR");
}

void add_person(CLI::App& sub, std::string& by, std::string& reason, bool must_say_why) {
  sub.add_option("--by", by, "Who decides it; kept for ever")->required()->option_text("NAME");
  auto* why = sub.add_option("--reason", reason, "Why; kept for ever")->option_text("TEXT");
  if (must_say_why) why->required();
}

// Whether it is one at all; which one it is says the programme's zone.
std::string moment_fault(const std::string& text) {
  if (parse_date(text) || parse_instant(text)) return {};
  return "\"" + text + "\" is no day such as 2026-12-01, and no time such as 2026-12-01T09:00:00Z";
}

CLI::Option* add_moment(CLI::App& sub, const char* name, std::string& moment, const char* text) {
  return sub.add_option(name, moment, text)
      ->option_text("DAY|TIME")
      ->check(CLI::Validator(moment_fault, ""));
}

void add_versions(CLI::App& rules, Chosen& chosen) {
  CLI::App* sub = add_command(rules, chosen, chosen.rules_versions, "versions",
                              "Every version of a store, its proposals and stopped rules",
                              "  laurel rules versions --store sqlite:laurel.db");
  add_store(*sub, chosen.rules_versions.store)->required();
  add_format(*sub, chosen.rules_versions.format);
}

void add_diff(CLI::App& rules, Chosen& chosen) {
  RulesDiff& diff = chosen.rules_diff;
  CLI::App* sub = add_command(
      rules, chosen, diff, "diff", "What changed, in words of the domain; 1 where they differ",
      "  laurel rules diff rules/department-store new-rules\n"
      "  laurel rules diff 3 4 --store sqlite:laurel.db\n"
      "  laurel rules diff 4 rules/department-store --store sqlite:laurel.db --format json");
  sub->add_option("old", diff.was, "A folder, or a version's number or digest")
      ->required()
      ->option_text("OLD");
  sub->add_option("new", diff.becomes, "The same")->required()->option_text("NEW");
  add_store(*sub, diff.store);
  add_format(*sub, diff.format);
}

void add_simulate(CLI::App& rules, Chosen& chosen) {
  RulesSimulate& simulate = chosen.rules_simulate;
  CLI::App* sub = add_command(rules, chosen, simulate, "simulate",
                              "A stored period under old and new rules; changes nothing",
                              "  laurel rules simulate new-rules --against sqlite:laurel.db \\\n"
                              "      --from 2026-10-01 --to 2026-10-31");
  add_folder(*sub, simulate.folder);
  sub->add_option("--against,--store", simulate.store, "The store: sqlite:FILE")
      ->envname("LAUREL_STORE")
      ->required()
      ->option_text("URI");
  add_moment(*sub, "--from", simulate.from, "Where the period begins")->required();
  add_moment(*sub, "--to", simulate.to, "Its last day, or where it ends; left out: now");
  sub->add_option("--top", simulate.top, "How many receipts and members to list")
      ->check(CLI::Range(0U, 1'000U))
      ->option_text("N [10]");
  sub->add_option("--threads", simulate.threads, "How many at once; 0: all the machine has")
      ->check(CLI::Range(0U, 64U))
      ->option_text("N [0]");
  add_format(*sub, simulate.format);
}

void add_publish(CLI::App& rules, Chosen& chosen) {
  RulesPublish& publish = chosen.rules_publish;
  CLI::App* sub = add_command(
      rules, chosen, publish, "publish", "Put a programme in force once it has passed its gates",
      "  laurel rules publish rules/department-store --by ann --store sqlite:laurel.db\n"
      "  laurel rules publish rules/department-store --by ann --effective-from 2026-12-01 \\\n"
      "      --reason 'Christmas' --store sqlite:laurel.db");
  add_folder(*sub, publish.folder);
  add_person(*sub, publish.by, publish.reason, false);
  add_moment(*sub, "--effective-from", publish.effective_from,
             "From when on; left out: as the programme says, and not before now");
  add_store(*sub, publish.store)->required();
  add_format(*sub, publish.format);
}

void add_judge(CLI::App& rules, Chosen& chosen, bool approve) {
  RulesJudge& judge = chosen.rules_judge;
  CLI::App* sub = approve
                      ? add_command(rules, chosen, judge, "approve",
                                    "Agree to a proposal; the last one needed puts it in force",
                                    "  laurel rules approve 7 --by ben --store sqlite:laurel.db")
                      : add_command(rules, chosen, judge, "withdraw", "Take a proposal back",
                                    "  laurel rules withdraw 7 --by ann --store sqlite:laurel.db");
  sub->callback([&chosen, &judge, approve] {
    judge.approve = approve;
    chosen.command = judge;
  });
  sub->add_option("proposal", judge.proposal, "The proposal's number")
      ->required()
      ->option_text("N");
  add_person(*sub, judge.by, judge.reason, false);
  add_store(*sub, judge.store)->required();
  add_format(*sub, judge.format);
}

void add_rollback(CLI::App& rules, Chosen& chosen) {
  RulesRollback& back = chosen.rules_rollback;
  CLI::App* sub = add_command(
      rules, chosen, back, "rollback", "Put the content of an old version in force again",
      "  laurel rules rollback --to 3 --by ann --reason 'gave too much' --store sqlite:laurel.db");
  sub->add_option("--to", back.to, "The version's number")->required()->option_text("N");
  add_person(*sub, back.by, back.reason, true);
  add_moment(*sub, "--effective-from", back.effective_from, "From when on; left out: now");
  add_store(*sub, back.store)->required();
  add_format(*sub, back.format);
}

void add_stop(CLI::App& rules, Chosen& chosen, bool stop) {
  RulesStop& order = chosen.rules_stop;
  CLI::App* sub =
      stop ? add_command(rules, chosen, order, "stop",
                         "Stop a rule at once, in every process on the store",
                         "  laurel rules stop beauty-triple --by ann --reason 'gives too much' \\\n"
                         "      --store sqlite:laurel.db")
           : add_command(rules, chosen, order, "resume", "Let a stopped rule go on",
                         "  laurel rules resume beauty-triple --by ann --reason 'corrected' \\\n"
                         "      --store sqlite:laurel.db");
  sub->callback([&chosen, &order, stop] {
    order.stop = stop;
    chosen.command = order;
  });
  sub->add_option("rule", order.rule, "The rule's id")->required()->option_text("RULE");
  add_person(*sub, order.by, order.reason, true);
  add_moment(*sub, "--from", order.from, "From when on, never before now; left out: now");
  add_store(*sub, order.store)->required();
  add_format(*sub, order.format);
}

}  // namespace

void add_rules(CLI::App& app, Chosen& chosen) {
  CLI::App* rules = app.add_subcommand("rules", "Work on a programme");
  rules->require_subcommand(1);
  CLI::App* check = add_command(
      *rules, chosen, chosen.rules_check, "check", "Find every fault and run the programme's cases",
      "  laurel rules check rules/department-store\n"
      "  laurel rules check rules/department-store --format json\n"
      "  laurel rules check rules/department-store --format sarif > faults.sarif");
  check->add_option("folder", chosen.rules_check.folder, "Folder with the programme's YAML files")
      ->required()
      ->option_text("DIR");
  add_format(*check, chosen.rules_check.format, kRuleFormats);
  add_explain(*rules, chosen);
  add_versions(*rules, chosen);
  add_diff(*rules, chosen);
  add_simulate(*rules, chosen);
  add_publish(*rules, chosen);
  add_judge(*rules, chosen, true);
  add_judge(*rules, chosen, false);
  add_rollback(*rules, chosen);
  add_stop(*rules, chosen, true);
  add_stop(*rules, chosen, false);
}

}  // namespace laurel::daemon::cli
