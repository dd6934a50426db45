#include "cli/command_line.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include "cli/command_line_parts.hpp"

namespace laurel::daemon::cli {

namespace {

constexpr const char* kVersion = LAUREL_VERSION;

void add_serve(CLI::App& app, Chosen& chosen) {
  CLI::App* sub = add_command(
      app, chosen, chosen.serve, "serve", "Answer tills, shops and consoles over HTTP",
      "  laurel serve --programme rules/department-store --store sqlite:laurel.db\n"
      "  laurel serve --programme rules/department-store --store memory: --sandbox\n"
      "  laurel serve --config /etc/laurel.toml\n"
      "  LAUREL_LISTEN=0.0.0.0:8080 laurel serve --programme rules/department-store \\\n"
      "      --store sqlite:/var/lib/laurel/laurel.db");
  ServeOptions& options = chosen.serve.options;
  add_programme(*sub, options.programme);
  sub->add_option("--store", options.store, "Where everything is kept: sqlite:FILE or memory:")
      ->envname("LAUREL_STORE")
      ->option_text("URI");
  sub->add_option("--listen", options.listen, "Address and port; port 0 takes a free one")
      ->envname("LAUREL_LISTEN")
      ->option_text("ADDRESS:PORT [127.0.0.1:8080]");
  sub->add_option("--keys", options.keys, "File of the API keys; left out: beside the store")
      ->envname("LAUREL_KEYS")
      ->option_text("FILE");
  sub->add_flag("--sandbox", options.sandbox,
                "For test suites: no keys, a clock that can be set; loopback only")
      ->envname("LAUREL_SANDBOX");
  sub->add_option("--workers", options.workers, "Requests handled at once; 0: 64")
      ->envname("LAUREL_WORKERS")
      ->option_text("N [0]");
  sub->add_option("--log-level", options.log_level, "From which level on to log")
      ->envname("LAUREL_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->option_text("debug|info|warning|error [info]");
  sub->add_option("--log-format", options.log_format, "How to write the log")
      ->envname("LAUREL_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->option_text("text|json [text]");
  sub->add_option("--rate-limit", options.rate_limit_per_second,
                  "Requests a second for each API key; 0: no limit")
      ->envname("LAUREL_RATE_LIMIT")
      ->option_text("N [0]");
  sub->add_option("--drain", options.drain_seconds,
                  "Seconds that accepted requests may take to finish at the end")
      ->envname("LAUREL_DRAIN")
      ->option_text("SECONDS [20]");
  sub->add_flag("--no-webhooks", options.no_webhooks,
                "Post no events: for a copy of a store, or where another daemon does")
      ->envname("LAUREL_NO_WEBHOOKS");
  sub->add_option("--config", chosen.config, "TOML file with any of these settings, by their names")
      ->envname("LAUREL_CONFIG")
      ->option_text("FILE");
}

// The settings of the file, where neither a flag nor the environment has spoken. Throws CLI::Error.
void apply_config(CLI::App& serve, const std::string& file) {
  if (file.empty()) return;
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_file(file)) {
    if (item.name == "++" || item.name == "--") continue;  // edges of sections
    CLI::Option* option = serve.get_option_no_throw("--" + item.name);
    if (option == nullptr || item.name == "config" || item.name == "help") {
      throw CLI::ConfigError("there is no setting \"" + item.fullname() + "\" (in " + file + ")");
    }
    if (option->count() > 0) continue;
    option->add_result(option->get_items_expected_max() == 0
                           ? CLI::ConfigTOML().to_flag(item)
                           : (item.inputs.empty() ? std::string() : item.inputs.front()));
    option->run_callback();
  }
}

void require_serve_settings(const ServeOptions& options) {
  if (options.programme.empty()) throw CLI::RequiredError("--programme");
  if (options.store.empty()) throw CLI::RequiredError("--store");
}

CLI::App* add_import(CLI::App& parent, Chosen& chosen, ImportKind kind, const std::string& name,
                     const std::string& description, const std::string& examples) {
  Import& import = chosen.import;
  CLI::App* sub = add_command(parent, chosen, import, name, description, examples);
  sub->callback([&chosen, &import, kind] {
    import.kind = kind;
    chosen.command = import;
  });
  sub->add_option("file", import.file, "What to read; -: standard input")
      ->required()
      ->option_text("FILE");
  if (kind == ImportKind::kCompleteJourney) {
    sub->add_option("products", import.products,
                    "Departments, categories and brands of what is sold")
        ->required()
        ->option_text("PRODUCTS");
  }
  add_store(*sub, import.store)->required();
  add_programme(*sub, import.programme);
  sub->add_option("--chunk", import.chunk, "Transactions handed over together")
      ->check(CLI::Range(1U, 1'000'000U))
      ->option_text("N [2048]");
  add_format(*sub, import.format);
  return sub;
}

void add_imports(CLI::App& app, Chosen& chosen) {
  CLI::App* import = app.add_subcommand("import", "Post what lies in a file; again is harmless");
  import->require_subcommand(1);
  add_import(*import, chosen, ImportKind::kOnlineRetail, "online-retail",
             "Invoices of the UCI data set 352, with their cancellations as returns",
             "  laurel import online-retail examples/data/online-retail-excerpt.csv \\\n"
             "      --store sqlite:shop.db --programme rules/online-retail\n"
             "  zstd -dc online_retail.csv.zst | laurel import online-retail - \\\n"
             "      --store sqlite:shop.db --programme rules/online-retail");
  add_import(*import, chosen, ImportKind::kCompleteJourney, "complete-journey",
             "Baskets of the completejourney data set, across its departments",
             "  laurel import complete-journey examples/data/complete-journey-transactions.csv \\\n"
             "      examples/data/complete-journey-products.csv --store sqlite:journey.db \\\n"
             "      --programme rules/complete-journey");
  add_import(*import, chosen, ImportKind::kSales, "sales",
             "Transactions, one a line: NDJSON as POST /v1/transactions takes it, or CSV",
             "  laurel import sales offline.ndjson --store sqlite:laurel.db\n"
             "  laurel import sales may.csv --store sqlite:laurel.db --format json");
  add_import(*import, chosen, ImportKind::kMembers, "members",
             "Members with their identifiers: NDJSON as POST /v1/members takes it, or CSV",
             "  laurel import members members.csv --store sqlite:laurel.db");
  add_import(*import, chosen, ImportKind::kBalances, "balances",
             "What members had in the system before: lots, level and spend, as CSV",
             "  laurel import balances balances.csv --store sqlite:laurel.db");
}

void add_verify(CLI::App& app, Chosen& chosen) {
  CLI::App* sub =
      add_command(app, chosen, chosen.verify, "verify",
                  "Rebuild everything from the entries and compare; 1 where anything differs",
                  "  laurel verify --store sqlite:laurel.db\n"
                  "  laurel verify --store sqlite:laurel.db --format json");
  add_store(*sub, chosen.verify.store)->required();
  add_format(*sub, chosen.verify.format);
  sub->add_option("--threads", chosen.verify.threads, "How many at once; 0: all the machine has")
      ->check(CLI::Range(0U, 64U))
      ->option_text("N [0]");
}

void add_backup(CLI::App& app, Chosen& chosen) {
  CLI::App* sub =
      add_command(app, chosen, chosen.backup, "backup",
                  "Copy a store as it stands at one moment; whoever uses it goes on meanwhile",
                  "  laurel backup --store sqlite:laurel.db laurel-monday.db\n"
                  "  laurel verify --store sqlite:laurel-monday.db");
  sub->add_option("to", chosen.backup.to, "A file that is not there yet")
      ->required()
      ->option_text("FILE");
  add_store(*sub, chosen.backup.store)->required();
  add_format(*sub, chosen.backup.format);
}

void add_member(CLI::App& app, Chosen& chosen) {
  CLI::App* member = app.add_subcommand("member", "Look at members, and put right who they are");
  member->require_subcommand(1);
  CLI::App* show = add_command(*member, chosen, chosen.member, "show", "A member by her id",
                               "  laurel member show m_3N1Q8ZK4T7WXA --store sqlite:laurel.db");
  show->add_option("member", chosen.member.member, "The member's id")
      ->required()
      ->option_text("ID");
  CLI::App* lookup =
      add_command(*member, chosen, chosen.member, "lookup", "Whom identifiers name, and why",
                  "  laurel member lookup card=6301001234567890 --store sqlite:laurel.db\n"
                  "  laurel member lookup email=a@shop.test phone='+44 20 7946 0018' \\\n"
                  "      --store sqlite:laurel.db");
  lookup->add_option("identifiers", chosen.member.identifiers, "What the customer shows")
      ->required()
      ->option_text("TYPE=VALUE ...");
  for (CLI::App* sub : {show, lookup}) {
    add_store(*sub, chosen.member.store)->required();
    add_format(*sub, chosen.member.format);
  }
  add_member_deeds(*member, chosen);
  MemberPage& page = chosen.member_page;
  CLI::App* view =
      add_command(*member, chosen, page, "view", "All that whoever serves a member needs of her",
                  "  laurel member view m_3N1Q8ZK4T7WXA --store sqlite:laurel.db\n"
                  "  laurel member view card=6301001234567890 --limit 3");
  view->add_option("who", page.who, "The member's id, or what the customer shows")
      ->required()
      ->option_text("ID|TYPE=VALUE ...");
  view->add_option("--at", page.at, "As of when, with its offset; left out: now")
      ->option_text("TIME");
  view->add_option("--limit", page.limit, "How many purchases")
      ->check(CLI::Range(1, 50))
      ->option_text("NUMBER [10]");
  add_store(*view, page.store)->required();
  add_format(*view, page.format);
}

void add_due(CLI::App& app, Chosen& chosen) {
  CLI::App* sub = add_command(app, chosen, chosen.due, "due",
                              "Book the activations and expiries that are due; again is harmless",
                              "  laurel due --store sqlite:laurel.db");
  add_store(*sub, chosen.due.store)->required();
  add_format(*sub, chosen.due.format);
}

CLI::App* add_key(CLI::App& parent, Chosen& chosen, KeyAction action, const std::string& name,
                  const std::string& description, const std::string& examples) {
  ManageKeys& key = chosen.key;
  CLI::App* sub = add_command(parent, chosen, key, name, description, examples);
  sub->callback([&chosen, &key, action] {
    key.action = action;
    chosen.command = key;
  });
  if (action != KeyAction::kList) {
    const bool is_new = action == KeyAction::kCreate;
    sub->add_option("name", key.name, is_new ? "Whose it is" : "The key's id, as listed")
        ->required()
        ->option_text(is_new ? "NAME" : "ID");
  }
  if (action == KeyAction::kCreate) {
    sub->add_option("--source", key.sources,
                    "A source it may post for, till-* for many; repeat [*]")
        ->allow_extra_args(false)
        ->option_text("SOURCE ...");
    sub->add_option("--scope", key.scopes, "What it may do; repeat")
        ->allow_extra_args(false)
        ->check(CLI::IsMember(
            {"transactions", "redemptions", "members", "programme", "reports", "admin"}))
        ->option_text("SCOPE ...");
    sub->add_flag("--signed", key.is_signed,
                  "It signs its requests instead of sending its secret; the secret is kept");
  }
  if (action == KeyAction::kRotate) {
    sub->add_option("--overlap", key.overlap, "How long the old secret stays valid")
        ->option_text("TIME [24h]");
  }
  sub->add_option("--keys", key.file, "File of the API keys; left out: beside the store")
      ->envname("LAUREL_KEYS")
      ->option_text("FILE");
  add_store(*sub, key.store);
  add_format(*sub, key.format);
  return sub;
}

void add_keys(CLI::App& app, Chosen& chosen) {
  CLI::App* key =
      app.add_subcommand("key", "API keys; only their hashes are kept, but of keys that sign");
  key->require_subcommand(1);
  add_key(*key, chosen, KeyAction::kCreate, "create", "A new key; its secret is shown once",
          "  laurel key create 'tills' --source 'till-*' --scope transactions \\\n"
          "      --store sqlite:laurel.db");
  add_key(*key, chosen, KeyAction::kList, "list", "All keys, without their secrets",
          "  laurel key list --store sqlite:laurel.db");
  add_key(*key, chosen, KeyAction::kRotate, "rotate", "A new secret; the old one stays for a while",
          "  laurel key rotate k_7f3a9c21 --overlap 48h --store sqlite:laurel.db");
  add_key(*key, chosen, KeyAction::kRevoke, "revoke", "An end to a key, at once",
          "  laurel key revoke k_7f3a9c21 --store sqlite:laurel.db");
}

void add_bench(CLI::App& app, Chosen& chosen) {
  CLI::App* sub = add_command(app, chosen, chosen.bench, "bench",
                              "Measure this machine: each figure beside its limit",
                              "  laurel bench --quick\n"
                              "  laurel bench --only durable --only http --format json\n"
                              "  laurel bench --folder /var/lib/laurel");
  sub->add_flag("--quick", chosen.bench.quick, "Small and short: a minute instead of many");
  sub->add_option("--only", chosen.bench.only, "Only measurements whose name begins so; repeat")
      ->allow_extra_args(false)
      ->option_text("NAME ...");
  sub->add_option("--folder", chosen.bench.folder, "Where the stores are made: the disk to measure")
      ->option_text("DIR");
  sub->add_option("--floor", chosen.bench.floor,
                  "The program benchmark_bare_statements, for the limit of bare statements")
      ->option_text("FILE");
  add_format(*sub, chosen.bench.format);
}

// ---- Completion --------------------------------------------------------------------------------

// One line of the script's case for `app` and each command below it: words typed so far, then what
// may follow.
std::string completion_cases(const CLI::App& app, const std::string& path) {
  std::string words;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    words += sub->get_name() + " ";
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  words.erase(words.find_last_not_of(' ') + 1);
  std::string text = "    '" + path + "') words='" + words + "' ;;\n";
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    text += completion_cases(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name());
  }
  return text;
}

std::string completion_script(const CLI::App& app) {
  return "# bash completion for laurel; to use it: source <(laurel completion bash)\n"
         "_laurel() {\n"
         "  local path='' words='' word current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$word\" in -*) break ;; esac\n"
         "    _laurel_words \"${path:+$path }$word\" && path=\"${path:+$path }$word\"\n"
         "  done\n"
         "  _laurel_words \"$path\"\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "_laurel_words() {\n"
         "  case \"$1\" in\n" +
         completion_cases(app, "") +
         "    *) return 1 ;;\n"
         "  esac\n"
         "}\n"
         "complete -o default -F _laurel laurel\n";
}

void add_completion(CLI::App& app, Chosen& chosen) {
  CLI::App* completion = app.add_subcommand("completion", "A script for the shell");
  completion->require_subcommand(1);
  CLI::App* bash = completion->add_subcommand("bash", "Completion for bash");
  bash->footer("Examples:\n  source <(laurel completion bash)");
  bash->callback([&app, &chosen] { chosen.command = Show{completion_script(app)}; });
}

// ---- All of it ---------------------------------------------------------------------------------

void add_everything(CLI::App& app, Chosen& chosen) {
  app.name("laurel");
  app.set_version_flag("--version", std::string("laurel ") + kVersion);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "Exit codes: 0 fine, 1 the answer is no, 2 used wrongly, 3 could not be done.\n"
      "Every command says more with --help.\n\n"
      "Examples:\n"
      "  laurel rules check rules/department-store\n"
      "  laurel serve --programme rules/department-store --store sqlite:laurel.db\n"
      "  laurel verify --store sqlite:laurel.db");
  add_serve(app, chosen);
  add_rules(app, chosen);
  add_explain(app, chosen);
  add_imports(app, chosen);
  add_verify(app, chosen);
  add_backup(app, chosen);
  add_member(app, chosen);
  add_review(app, chosen);
  add_vouchers(app, chosen);
  add_report(app, chosen);
  add_lots(app, chosen);
  add_batch(app, chosen);
  add_due(app, chosen);
  add_keys(app, chosen);
  add_people(app, chosen);
  add_bench(app, chosen);
  add_completion(app, chosen);
}

// The path of commands that was typed, for "laurel import sales --help".
std::string typed_path(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? "" : " " + parsed.front()->get_name() + typed_path(*parsed.front());
}

// Where a word stands in the place of a command and is none; empty: nothing does.
std::string unknown_command(const CLI::App& app) {
  const CLI::App* last = &app;
  while (!last->get_subcommands().empty()) last = last->get_subcommands().front();
  const auto known = last->get_subcommands([](const CLI::App*) { return true; });
  const auto rest = last->remaining();
  if (known.empty() || rest.empty() || rest.front().starts_with('-')) return "";
  return "there is no command \"" + rest.front() + "\"";
}

}  // namespace

Result<Command> read_command_line(std::span<const std::string> arguments) {
  Chosen chosen;
  CLI::App app("Loyalty points and rewards for a department store");
  try {
    add_everything(app, chosen);
    // CLI11 takes the arguments from the end of the vector.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    if (CLI::App& serve = *app.get_subcommand("serve"); serve.parsed()) {
      apply_config(serve, chosen.config);
      require_serve_settings(chosen.serve.options);
      chosen.command = chosen.serve;
    }
    return std::move(chosen.command);
  } catch (const CLI::CallForHelp&) {
    return Command{Show{app.help()}};
  } catch (const CLI::CallForVersion& version) {
    return Command{Show{std::string(version.what()) + "\n"}};
  } catch (const CLI::Error& error) {
    const std::string unknown = unknown_command(app);
    return Error{ErrorCode::kInvalid, (unknown.empty() ? error.what() : unknown) + "\nSee: laurel" +
                                          typed_path(app) + " --help"};
  }
}

}  // namespace laurel::daemon::cli
