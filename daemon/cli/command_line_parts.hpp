#pragma once
// What the files of the command line share.

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "cli/commands.hpp"

namespace laurel::daemon::cli {

// What parsing leaves behind: the command of the deepest subcommand that was named.
struct Chosen {
  Command command = Show{};
  Serve serve;
  std::string config;
  RulesCheck rules_check;
  RulesPublish rules_publish;
  RulesVersions rules_versions;
  RulesRollback rules_rollback;
  RulesJudge rules_judge;
  RulesDiff rules_diff;
  RulesSimulate rules_simulate;
  RulesStop rules_stop;
  Explain explain;
  Import import;
  Verify verify;
  Backup backup;
  MemberShow member;
  MemberCommand member_deed;
  MemberPage member_page;
  ReviewCommand review;
  VoucherCommand voucher;
  ReportCommand report;
  LotsCommand lots;
  BatchCommand batch;
  Due due;
  ManageKeys key;
  Bench bench;
  PeopleMatch people_match;
};

inline const std::map<std::string, Format> kFormats = {{"text", Format::kText},
                                                       {"json", Format::kJson}};
inline const std::map<std::string, Format> kRuleFormats = {
    {"text", Format::kText}, {"json", Format::kJson}, {"sarif", Format::kSarif}};

inline const std::map<std::string, Format> kTableFormats = {
    {"text", Format::kText}, {"json", Format::kJson}, {"csv", Format::kCsv}};

inline void add_format(CLI::App& app, Format& format,
                       const std::map<std::string, Format>& formats = kFormats) {
  app.add_option("--format", format, "How to write the result")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text(formats.contains("sarif") ? "text|json|sarif [text]"
                    : formats.contains("csv") ? "text|json|csv [text]"
                                              : "text|json [text]");
}

inline CLI::Option* add_store(CLI::App& app, std::string& store) {
  return app.add_option("--store", store, "Where everything is kept: sqlite:FILE")
      ->envname("LAUREL_STORE")
      ->option_text("URI");
}

inline CLI::Option* add_programme(CLI::App& app, std::string& folder) {
  return app.add_option("--programme", folder, "Folder with the programme's YAML files")
      ->envname("LAUREL_PROGRAMME")
      ->option_text("DIR");
}

// A subcommand that, once parsed, becomes the command.
template <class T>
CLI::App* add_command(CLI::App& app, Chosen& chosen, T& command, const std::string& name,
                      const std::string& description, const std::string& examples) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->footer("Examples:\n" + examples);
  sub->callback([&chosen, &command] { chosen.command = command; });
  return sub;
}

void add_explain(CLI::App& parent, Chosen& chosen);
void add_rules(CLI::App& app, Chosen& chosen);
void add_people(CLI::App& app, Chosen& chosen);
void add_member_deeds(CLI::App& member, Chosen& chosen);
void add_review(CLI::App& app, Chosen& chosen);
void add_vouchers(CLI::App& app, Chosen& chosen);
void add_report(CLI::App& app, Chosen& chosen);
void add_lots(CLI::App& app, Chosen& chosen);
void add_batch(CLI::App& app, Chosen& chosen);

}  // namespace laurel::daemon::cli
