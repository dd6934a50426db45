// The commands about vouchers.

#include "cli/command_line_parts.hpp"

namespace laurel::daemon::cli {

namespace {

CLI::App* add_action(CLI::App& voucher, Chosen& chosen, VoucherAction action,
                     const std::string& name, const std::string& description,
                     const std::string& examples) {
  VoucherCommand& command = chosen.voucher;
  CLI::App* sub = voucher.add_subcommand(name, description);
  sub->footer("Examples:\n" + examples);
  sub->callback([&chosen, &command, action] {
    command.action = action;
    chosen.command = command;
  });
  add_store(*sub, command.store)->required();
  return sub;
}

void add_order(CLI::App& sub, VoucherCommand& command) {
  sub.add_option("--id", command.id, "Of this order: sent again, it gives the same codes")
      ->required()
      ->option_text("ID");
  sub.add_option("--reward", command.reward, "The reward of the catalogue that they are")
      ->option_text("ID");
  sub.add_option("--pool", command.pool, "A name for them together")->option_text("NAME");
  sub.add_flag("--waiting", command.waits, "They wait in the pool until a reward gives them");
  sub.add_option("--by", command.by, "Who orders them")->required()->option_text("NAME");
  sub.add_option("--reason", command.reason, "Why")->option_text("TEXT");
}

}  // namespace

void add_vouchers(CLI::App& app, Chosen& chosen) {
  CLI::App* voucher = app.add_subcommand("voucher", "Codes that are worth something at the till");
  voucher->require_subcommand(1);
  VoucherCommand& command = chosen.voucher;
  CLI::App* generate = add_action(
      *voucher, chosen, VoucherAction::kGenerate, "generate", "Make codes; one a line",
      "  laurel voucher generate --store sqlite:laurel.db --reward gift-card --count 100000 \\\n"
      "    --pool christmas --id christmas-2026 --by ann > codes.txt");
  add_order(*generate, command);
  generate->add_option("--count", command.count, "How many")
      ->required()
      ->check(CLI::Range(1, 10'000'000))
      ->option_text("N");
  CLI::App* import = add_action(
      *voucher, chosen, VoucherAction::kImport, "import",
      "Take codes from a file: one a line, CSV whose first column they are, or NDJSON",
      "  laurel voucher import opera.csv --store sqlite:laurel.db --partner --pool opera \\\n"
      "    --id opera-2026 --by ann");
  import->add_option("file", command.file, "The codes; - is standard input")
      ->required()
      ->option_text("FILE");
  add_order(*import, command);
  import->add_flag("--partner", command.partner, "They are used elsewhere; here they are given");
  CLI::App* show = add_action(*voucher, chosen, VoucherAction::kShow, "show", "One voucher",
                              "  laurel voucher show 7KQW-2M8T-X4PA-9ZDC-H");
  show->add_option("code", command.code, "As people write it")->required()->option_text("CODE");
  add_format(*show, command.format);
}

}  // namespace laurel::daemon::cli
