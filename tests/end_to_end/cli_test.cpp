// The executable as scripts see it: output, exit codes, nothing else.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "command.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

class Cli : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(folder_.file(name)).parent_path());
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }
  std::string store() const { return " --store sqlite:" + folder_.file("laurel.db") + " "; }
  static std::string programme(const std::string& name) {
    return " --programme '" LAUREL_SOURCE_DIR "/rules/" + name + "' ";
  }
  static std::string data(const std::string& name) {
    return "'" LAUREL_SOURCE_DIR "/examples/data/" + name + "' ";
  }

  TemporaryFolder folder_;
};

constexpr const char* kSale =
    R"({"id":"R-1","source":"till-7","kind":"sale","at":"2026-11-21T10:15:00Z","currency":"GBP",)"
    R"("identifiers":[{"type":"card","value":"6301001234567890"}],)"
    R"("lines":[{"id":"1","department":"fashion","amount":"40.00"}]})"
    "\n";
constexpr const char* kMember = R"({"id":"E-1","source":"desk","at":"2026-11-20T10:15:00Z",)"
                                R"("identifiers":[{"type":"card","value":"6301001234567890"}]})"
                                "\n";

TEST_F(Cli, says_what_it_can_do_and_how_it_was_used_wrongly) {
  const Done help = laurel("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(help.says("Exit codes: 0 fine, 1 the answer is no")) << help.text;
  for (const char* wrong : {"", "nonsense", "verify", "rules", "import sales", "verify --stor x",
                            "rules check x --format yaml", "serve --store memory:",
                            "rules publish x --by ann --effective-from soon --store memory:",
                            "rules simulate x --from 2026-02-30 --store memory:"}) {
    const Done done = laurel(wrong);
    EXPECT_EQ(done.code, 2) << wrong;
    EXPECT_TRUE(done.says("See: laurel")) << wrong << ": " << done.text;
  }
}

TEST_F(Cli, gives_examples_with_the_help_of_every_command) {
  for (const char* command : {"serve",
                              "rules check",
                              "rules explain",
                              "explain",
                              "import online-retail",
                              "import complete-journey",
                              "import sales",
                              "import members",
                              "import balances",
                              "verify",
                              "member show",
                              "member lookup",
                              "member view",
                              "backup",
                              "due",
                              "key create",
                              "key list",
                              "key rotate",
                              "key revoke",
                              "bench",
                              "batch adjust",
                              "batch show",
                              "batch resume",
                              "batch reverse",
                              "report staff",
                              "completion bash"}) {
    const Done help = laurel(std::string(command) + " --help");
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_TRUE(help.says("Examples:")) << command << help.text;
  }
}

TEST_F(Cli, completes_words_of_the_command_line) {
  const Done done = laurel("completion bash > " + folder_.file("laurel.bash") + " && cd " +
                           folder_.path().string() +
                           " && bash -c 'source ./laurel.bash; COMP_WORDS=(laurel import on); "
                           "COMP_CWORD=2; _laurel; echo \"${COMPREPLY[@]}\"'");
  EXPECT_EQ(done.text, "online-retail\n");
}

TEST_F(Cli, says_three_when_it_cannot_be_done) {
  EXPECT_EQ(laurel("verify" + store()).code, 3);
  EXPECT_EQ(laurel("rules check " + folder_.file("nowhere")).code, 3);
  EXPECT_EQ(laurel("import sales " + folder_.file("nowhere") + store()).code, 3);
}

TEST_F(Cli, checks_a_programme_and_its_cases) {
  const Done done = laurel("rules check '" LAUREL_SOURCE_DIR "/rules/department-store'");
  EXPECT_EQ(done.code, 0);
  EXPECT_TRUE(done.says("0 errors")) << done.text;
  EXPECT_TRUE(done.says("sha256:")) << done.text;
}

TEST_F(Cli, shows_faults_of_a_programme_with_line_and_caret) {
  file("programme/programme.yaml", "programme: shop\ncurency: GBP\n");
  const Done text = laurel("rules check " + folder_.file("programme"));
  EXPECT_EQ(text.code, 1);
  EXPECT_TRUE(text.says("programme.yaml:2:1")) << text.text;
  EXPECT_TRUE(text.says("^")) << text.text;
  const Done json = laurel("rules check --format json " + folder_.file("programme"));
  EXPECT_EQ(json.code, 1);
  EXPECT_TRUE(json.says("\"ok\":false")) << json.text;
  const Done sarif = laurel("rules check --format sarif " + folder_.file("programme"));
  EXPECT_TRUE(sarif.says("\"version\":\"2.1.0\"")) << sarif.text;
  EXPECT_TRUE(sarif.says("\"startLine\":2")) << sarif.text;
}

TEST_F(Cli, imports_sales_once_however_often_it_is_told) {
  const std::string members = file("members.ndjson", kMember), sales = file("sales.ndjson", kSale);
  EXPECT_EQ(laurel("import members " + members + store() + programme("department-store")).code, 0);
  const Done first = laurel("import sales --format json " + sales + store());
  EXPECT_EQ(first.code, 0);
  EXPECT_TRUE(first.says("\"posted\":1,\"replayed\":0,\"refused\":0")) << first.text;
  const Done again = laurel("import sales --format json " + sales + store());
  EXPECT_TRUE(again.says("\"posted\":0,\"replayed\":1,\"refused\":0")) << again.text;
  const Done member = laurel("member lookup card=6301001234567890 --format json" + store());
  EXPECT_TRUE(member.says("\"pending\":40")) << member.text;
  EXPECT_EQ(laurel("verify" + store()).code, 0);
}

TEST_F(Cli, K1_brings_opening_balances_once_and_names_what_it_cannot) {
  laurel("import members " + file("m.ndjson", kMember) + store() + programme("department-store"));
  const std::string header =
      "source,id,identifier_type,identifier_value,tier,tier_until,spend,wallet,points,"
      "available_from,until\n";
  const std::string lots =
      "old,B-1,card,6301001234567890,,,4200.00,points,120,,2099-03-31\n"
      "old,B-1,card,6301001234567890,,,4200.00,,80,,2099-06-30\n";
  const std::string wrong = "old,B-2,card,6301001234567890,,,,points,5,,2099-02-30\n";
  const std::string one = file("one.csv", header + lots), two = file("two.csv", header + wrong);
  const Done first = laurel("import balances " + one + store());
  EXPECT_EQ(first.code, 0) << first.text;
  EXPECT_TRUE(first.says("points  2099-03  120")) << first.text;
  const Done again = laurel("import balances --format json " + one + store());
  EXPECT_TRUE(again.says("\"opened\":0,\"replayed\":1")) << again.text;
  const Done refused = laurel("import balances " + two + store());
  EXPECT_EQ(refused.code, 1);
  EXPECT_TRUE(refused.says("until cannot be \"2099-02-30\"")) << refused.text;
  const Done member = laurel("member lookup card=6301001234567890 --format json" + store());
  EXPECT_TRUE(member.says("\"available\":200")) << member.text;
  EXPECT_EQ(laurel("verify" + store()).code, 0);
}

TEST_F(Cli, names_members_that_it_could_not_enrol) {
  const std::string second =
      R"({"id":"E-2","source":"desk","identifiers":[{"type":"card","value":"6301001234567890"}]})";
  const std::string members = file("members.ndjson", kMember + second + "\n");
  const Done done = laurel("import members " + members + store() + programme("department-store"));
  EXPECT_EQ(done.code, 1);
  EXPECT_TRUE(done.says("enrolled                  1")) << done.text;
  EXPECT_TRUE(done.says("E-2: ")) << done.text;
}

TEST_F(Cli, ends_with_one_where_stored_points_do_not_follow_from_the_entries) {
  laurel("import members " + file("m.ndjson", kMember) + store() + programme("department-store"));
  laurel("import sales " + file("s.ndjson", kSale) + store());
  ASSERT_EQ(laurel("verify" + store()).code, 0);
  const std::string sabotage = "sqlite3 " + folder_.file("laurel.db") + " " +
                               "'UPDATE lot SET remaining = remaining - 5, spent = spent + 5'";
  ASSERT_EQ(std::system(sabotage.c_str()), 0);
  const Done text = laurel("verify" + store());
  EXPECT_EQ(text.code, 1);
  EXPECT_TRUE(text.says("drift: ")) << text.text;
  const Done json = laurel("verify --format json" + store());
  EXPECT_EQ(json.code, 1);
  EXPECT_TRUE(json.says("\"clean\":false")) << json.text;
}

TEST_F(Cli, copies_a_store_into_one_that_proves_itself) {
  laurel("import members " + file("m.ndjson", kMember) + store() + programme("department-store"));
  const Done copied = laurel("backup --format json " + folder_.file("copy.db") + store());
  EXPECT_EQ(copied.code, 0) << copied.text;
  EXPECT_TRUE(copied.says("copy.db\",\"pages\":")) << copied.text;
  EXPECT_EQ(laurel("verify --store sqlite:" + folder_.file("copy.db")).code, 0);
  const Done again = laurel("backup " + folder_.file("copy.db") + store());
  EXPECT_EQ(again.code, 3);
  EXPECT_TRUE(again.says("is there already")) << again.text;
}

TEST_F(Cli, reads_sales_as_csv_too) {
  const std::string sales = file(
      "sales.csv",
      "source,id,at,store,channel,currency,identifier_type,identifier_value,line,sku,department,"
      "category,brand,quantity,amount\n"
      "till-7,R-1,2026-11-21T10:15:00Z,,store,GBP,,,1,,fashion,,,1,40.00\n"
      "till-7,R-1,2026-11-21T10:15:00Z,,store,GBP,,,2,,fashion,,,1,2.50\n"
      "till-7,R-2,yesterday,,store,GBP,,,1,,fashion,,,1,40.00\n");
  const Done done =
      laurel("import sales --format json " + sales + store() + programme("department-store"));
  EXPECT_EQ(done.code, 1);
  EXPECT_TRUE(done.says("\"posted\":1")) << done.text;
  EXPECT_TRUE(done.says("line 4: at cannot be \\\"yesterday\\\"")) << done.text;
}

TEST_F(Cli, counts_lines_that_are_no_sales_and_goes_on) {
  const std::string sales = file("sales.ndjson", "{\"id\":1\n" + std::string(kSale) + "{}\n");
  const Done done = laurel("import sales " + sales + store() + programme("department-store"));
  EXPECT_EQ(done.code, 1);
  EXPECT_TRUE(done.says("line 1:")) << done.text;
  EXPECT_TRUE(done.says("line 3:")) << done.text;
  EXPECT_TRUE(done.says("posted                    1")) << done.text;
}

TEST_F(Cli, explains_a_stored_sale_and_one_that_nobody_posted) {
  const std::string sale = file("sale.json", kSale);
  const Done asked = laurel("explain " + sale + programme("department-store"));
  EXPECT_EQ(asked.code, 0);
  EXPECT_TRUE(asked.says("40.00 charged")) << asked.text;
  EXPECT_EQ(laurel("explain till-7/R-1" + store()).code, 3);  // no store yet
  laurel("import members " + file("m.ndjson", kMember) + store() + programme("department-store"));
  laurel("import sales " + sale + store());
  const Done stored = laurel("explain till-7/R-1" + store());
  EXPECT_EQ(stored.code, 0);
  EXPECT_TRUE(stored.says("line 1: 40.00 charged")) << stored.text;
  EXPECT_EQ(laurel("explain till-7/R-9" + store()).code, 1);
  EXPECT_EQ(laurel("explain R-9" + store()).code, 2);
}

TEST_F(Cli, makes_keys_that_sign_and_says_which_do) {
  const std::string keys = "--keys " + folder_.file("keys.jsonl") + " ";
  EXPECT_TRUE(
      laurel("key create shop --scope transactions --signed " + keys).says("never to send"));
  EXPECT_TRUE(laurel("key list " + keys).says("valid, signs"));
}

TEST_F(Cli, makes_lists_and_ends_keys_without_ever_showing_a_secret_again) {
  const std::string keys = "--keys " + folder_.file("keys.jsonl") + " ";
  const Done made = laurel("key create tills --scope transactions --source 'till-*' " + keys);
  ASSERT_EQ(made.code, 0) << made.text;
  const std::string secret = made.text.substr(made.text.find("laurel_"), 59);
  const Done listed = laurel("key list " + keys);
  EXPECT_TRUE(listed.says("till-*")) << listed.text;
  EXPECT_FALSE(listed.says(secret));
  const std::string id = listed.text.substr(0, listed.text.find(' '));
  EXPECT_EQ(laurel("key rotate " + id + " --overlap 1h " + keys).code, 0);
  EXPECT_TRUE(laurel("key revoke " + id + " " + keys).says("revoked"));
  EXPECT_EQ(laurel("key revoke k_unknown " + keys).code, 1);
}

TEST_F(Cli, reads_settings_of_the_daemon_from_file_environment_and_flags) {
  const std::string config = file("laurel.toml", "programme = \"/nowhere\"\nstore = \"memory:\"\n");
  const Done from_file = laurel("serve --config " + config);
  EXPECT_EQ(from_file.code, 3);
  EXPECT_TRUE(from_file.says("/nowhere")) << from_file.text;
  const Done environment = laurel("serve --config " + config, "LAUREL_PROGRAMME=/environment");
  EXPECT_TRUE(environment.says("/environment")) << environment.text;
  const Done flag =
      laurel("serve --programme /flag --config " + config, "LAUREL_PROGRAMME=/environment");
  EXPECT_TRUE(flag.says("/flag")) << flag.text;
  const Done unknown = laurel("serve --config " + file("odd.toml", "lisen = \"x\"\n"));
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(unknown.says("there is no setting \"lisen\"")) << unknown.text;
}

// ---- Real data
// -----------------------------------------------------------------------------------

TEST_F(Cli, imports_the_excerpt_of_online_retail_with_its_returns) {
  const std::string command = "import online-retail --format json " +
                              data("online-retail-excerpt.csv") + store() +
                              programme("online-retail");
  const Done first = laurel(command);
  EXPECT_EQ(first.code, 0) << first.text;
  EXPECT_TRUE(first.says("\"value\":\"52,427.874\",\"cancelled\":\"-42,593.530\"")) << first.text;
  EXPECT_TRUE(first.says("\"stock_correction\":20,\"nothing_charged\":0,\"bad_debt\":3"));
  EXPECT_TRUE(
      first.says("\"posted\":316,\"replayed\":0,\"refused\":0,\"sales\":252,"
                 "\"unattributed\":56,\"returns\":64,\"returns_unmatched\":16"))
      << first.text;
  EXPECT_TRUE(laurel(command).says("\"posted\":0,\"replayed\":316,\"refused\":0"));
  const Done verified = laurel("verify --format json" + store());
  EXPECT_EQ(verified.code, 0);
  EXPECT_TRUE(verified.says("\"clean\":true")) << verified.text;
}

TEST_F(Cli, imports_the_excerpt_of_complete_journey_across_its_departments) {
  const std::string command =
      "import complete-journey --format json " + data("complete-journey-transactions.csv") +
      data("complete-journey-products.csv") + store() + programme("complete-journey");
  const Done first = laurel(command);
  EXPECT_EQ(first.code, 0) << first.text;
  EXPECT_TRUE(first.says("\"value\":\"5,859.280\"")) << first.text;
  EXPECT_TRUE(first.says("\"nothing_charged\":14,\"not_money\":1")) << first.text;
  EXPECT_TRUE(first.says("\"posted\":1269,\"replayed\":0,\"refused\":0")) << first.text;
  EXPECT_TRUE(laurel(command).says("\"posted\":0,\"replayed\":1269,\"refused\":0"));
  EXPECT_EQ(laurel("verify" + store()).code, 0);
}

TEST_F(Cli, I6_plans_posts_and_reverses_a_batch_and_posts_it_once) {
  laurel("import members " + file("m.ndjson", kMember) + store() + programme("department-store"));
  const std::string who = " --by ann --reason late";
  const std::string list = file("late.csv", "member,points\ncard=6301001234567890,100\n");
  const Done plan = laurel("batch adjust " + list + " --id B-1 --dry-run" + who + store());
  EXPECT_TRUE(plan.says("100 given, 0 taken; at most 100")) << plan.text;
  EXPECT_EQ(laurel("batch show B-1" + store()).code, 1);
  for (int i = 0; i < 2; ++i) {
    const Done posted = laurel("batch adjust " + list + " --id B-1" + who + store());
    EXPECT_EQ(posted.code, 0) << posted.text;
    EXPECT_TRUE(posted.says("1 booked")) << posted.text;
  }
  const Done back = laurel("batch reverse B-1" + who + store());
  EXPECT_TRUE(back.says("100 taken back, 0 of them owed")) << back.text;
  EXPECT_EQ(laurel("batch reverse B-1 --by ben --reason again" + store()).code, 1);
  const std::string lines = file("late.ndjson", R"({"member":"card=1","points":5})"
                                                "\n");
  const Done unknown = laurel("batch adjust " + lines + " --id B-2" + who + store());
  EXPECT_EQ(unknown.code, 1);
  EXPECT_TRUE(unknown.says("line 1 names nobody")) << unknown.text;
  EXPECT_EQ(laurel("verify" + store()).code, 0);
}

}  // namespace
}  // namespace laurel::test
