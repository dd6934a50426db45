// `laurel member merge` and the like: what may be said to them.

#include "cli/command_line_parts.hpp"

namespace laurel::daemon::cli {

namespace {

CLI::App* add_deed(CLI::App& member, Chosen& chosen, MemberAction action, const std::string& name,
                   const std::string& description, const std::string& examples) {
  MemberCommand& command = chosen.member_deed;
  CLI::App* sub = member.add_subcommand(name, description);
  sub->footer("Examples:\n" + examples);
  sub->callback([&chosen, &command, action] {
    command.action = action;
    chosen.command = command;
  });
  sub->add_option("member", command.member, "The member's id")->required()->option_text("ID");
  add_store(*sub, command.store)->required();
  add_format(*sub, command.format);
  return sub;
}

void add_person(CLI::App& sub, MemberCommand& command, bool required) {
  sub.add_option("--by", command.by, "Who does this")->required(required)->option_text("NAME");
  sub.add_option("--reason", command.reason, "Why")->required(required)->option_text("TEXT");
}

void add_id(CLI::App& sub, MemberCommand& command) {
  sub.add_option("--id", command.id, "Its own number: called again, it is done once")
      ->required()
      ->option_text("ID");
  add_person(sub, command, true);
}

void add_profile(CLI::App& member, Chosen& chosen) {
  MemberCommand& command = chosen.member_deed;
  CLI::App* sub =
      add_deed(member, chosen, MemberAction::kProfile, "profile",
               "What she told of herself and what she agreed to; with --set and the like, changed",
               "  laurel member profile m_3N1Q8ZK4T7WXA --store sqlite:laurel.db\n"
               "  laurel member profile m_3N1Q8ZK4T7WXA --set family_name=Rossi --set city= \\\n"
               "      --grant email_marketing --refuse sms --by ana --reason 'at the desk' \\\n"
               "      --store sqlite:laurel.db");
  sub->add_option("--set", command.set,
                  "given_name, family_name, birth_date, street, city, postcode or country; with "
                  "nothing behind the sign it is no longer known")
      ->option_text("FIELD=VALUE");
  sub->add_option("--grant", command.grant, "She agrees to it")->option_text("PURPOSE");
  sub->add_option("--refuse", command.refuse, "She does not")->option_text("PURPOSE");
  sub->add_option("--forget", command.forget, "It is no longer known")->option_text("PURPOSE");
  add_person(*sub, command, false);
}

}  // namespace

void add_member_deeds(CLI::App& member, Chosen& chosen) {
  MemberCommand& command = chosen.member_deed;
  CLI::App* merge = add_deed(member, chosen, MemberAction::kMerge, "merge",
                             "Two members are one person: the second becomes the first",
                             "  laurel member merge m_3N1Q8ZK4T7WXA m_9B2C4D6F8HJKM --id M-1 \\\n"
                             "      --by ana --reason 'same person' --store sqlite:laurel.db");
  merge->add_option("from", command.from, "Who goes")->required()->option_text("ID");
  add_id(*merge, command);
  CLI::App* unmerge =
      add_deed(member, chosen, MemberAction::kUnmerge, "unmerge", "They were two people after all",
               "  laurel member unmerge m_3N1Q8ZK4T7WXA --merge M-1 --id U-1 --by ana \\\n"
               "      --reason 'mother and daughter' --store sqlite:laurel.db");
  unmerge
      ->add_option("--merge", command.merge,
                   "The id of the merge; review-N where it was one of "
                   "the review queue")
      ->required()
      ->option_text("ID");
  add_id(*unmerge, command);
  CLI::App* erase = add_deed(member, chosen, MemberAction::kErase, "erase",
                             "Forget a person; what was booked stays, without a name",
                             "  laurel member erase m_3N1Q8ZK4T7WXA --id E-1 --by ana \\\n"
                             "      --reason 'asked for by letter' --store sqlite:laurel.db");
  add_id(*erase, command);
  add_deed(member, chosen, MemberAction::kExport, "export",
           "All that is held about a person, as JSON",
           "  laurel member export m_3N1Q8ZK4T7WXA --store sqlite:laurel.db > anna.json");
  add_profile(member, chosen);
}

}  // namespace laurel::daemon::cli
