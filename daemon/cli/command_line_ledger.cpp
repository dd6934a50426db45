// The commands about what is booked: what waits for a person.

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

}  // namespace

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
