// The commands about points given and taken by hand.

#include "cli/command_line_parts.hpp"

namespace laurel::daemon::cli {

namespace {

CLI::App* add_action(CLI::App& batch, Chosen& chosen, BatchAction action, const std::string& name,
                     const std::string& description, const std::string& examples) {
  BatchCommand& command = chosen.batch;
  CLI::App* sub = batch.add_subcommand(name, description);
  sub->footer("Examples:\n" + examples);
  sub->callback([&chosen, &command, action] {
    command.action = action;
    chosen.command = command;
  });
  add_store(*sub, command.store)->required();
  add_format(*sub, command.format);
  return sub;
}

void add_person(CLI::App& sub, BatchCommand& command) {
  sub.add_option("--by", command.by, "Who does this")->required()->option_text("NAME");
  sub.add_option("--reason", command.reason, "Why")->required()->option_text("TEXT");
}

}  // namespace

void add_batch(CLI::App& app, Chosen& chosen) {
  CLI::App* batch = app.add_subcommand("batch", "Points given or taken, many members at once");
  batch->require_subcommand(1);
  BatchCommand& command = chosen.batch;
  CLI::App* adjust = add_action(
      *batch, chosen, BatchAction::kAdjust, "adjust", "Give or take the points of a list",
      "  laurel batch adjust late.csv --id B-7 --by ann --reason 'late deliveries' --dry-run\n"
      "  laurel batch adjust late.csv --id B-7 --by ann --reason 'late deliveries'");
  adjust
      ->add_option(
          "file", command.file,
          "CSV with the columns member (an id, or TYPE=VALUE) and points, and wallet where\n"
          "it is not the first; or a JSON object a line; - is standard input")
      ->required()
      ->option_text("FILE");
  adjust->add_option("--id", command.id, "Its own number: called again, it goes on")
      ->required()
      ->option_text("ID");
  add_person(*adjust, command);
  adjust->add_flag("--dry-run", command.dry_run, "Only show what it would come to");
  adjust->add_flag("--skip-unknown", command.skip_unknown, "Leave out lines that name nobody");
  const auto add_id = [&](CLI::App* sub) {
    sub->add_option("id", command.id, "Its number")->required()->option_text("ID");
  };
  add_id(add_action(*batch, chosen, BatchAction::kShow, "show", "How far a batch is",
                    "  laurel batch show B-7 --store sqlite:laurel.db"));
  add_id(add_action(*batch, chosen, BatchAction::kResume, "resume",
                    "Go on with a batch, or a reversal, that was interrupted",
                    "  laurel batch resume B-7 --store sqlite:laurel.db"));
  CLI::App* reverse =
      add_action(*batch, chosen, BatchAction::kReverse, "reverse", "Take all of a batch back, once",
                 "  laurel batch reverse B-7 --by ben --reason 'the wrong list'");
  add_id(reverse);
  add_person(*reverse, command);
}

}  // namespace laurel::daemon::cli
