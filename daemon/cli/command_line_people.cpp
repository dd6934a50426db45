// `laurel people …`: what may be said to it.

#include "cli/command_line_parts.hpp"

namespace laurel::daemon::cli {

void add_people(CLI::App& app, Chosen& chosen) {
  CLI::App* people = app.add_subcommand("people", "Who may be the same person");
  people->require_subcommand(1);
  PeopleMatch& match = chosen.people_match;
  CLI::App* sub = add_command(
      *people, chosen, match, "match",
      "Suggest profiles that may be one person, and say why; with a store, its members into "
      "the review queue. Merges nobody",
      "  laurel people match customers.csv\n"
      "  laurel people match --store sqlite:laurel.db\n"
      "  laurel people match customers.csv --explain rec-122-org rec-122-dup-0\n"
      "  laurel people match customers.csv --known people.csv --format csv > people-new.csv\n"
      "  cut -d, -f1-7 customers.csv | laurel people match - --format json");
  sub->add_option("file", match.file, "CSV with a header, one profile a line; -: standard input")
      ->option_text("FILE");
  add_store(*sub, match.store)->envname("");
  sub->add_option("--explain", match.explain, "Only this pair, field by field; two ids")
      ->expected(2)
      ->option_text("ONE OTHER");
  sub->add_option("--known", match.known,
                  "What --format csv wrote before: people keep the ids they have there")
      ->option_text("FILE");
  sub->add_option("--threshold", match.from, "Probability from which a pair is suggested")
      ->check(CLI::Range(0.5, 0.999'999'999))
      ->option_text("P [0.999]");
  sub->add_option("--top", match.top, "How many suggestions to list as text")
      ->option_text("N [20]");
  sub->add_option("--threads", match.threads, "How many at once; 0: all the machine has")
      ->check(CLI::Range(0U, 64U))
      ->option_text("N [0]");
  add_format(*sub, match.format, kTableFormats);
}

}  // namespace laurel::daemon::cli
