#include "cli/command_line.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <sstream>

namespace laurel::daemon::cli {
namespace {

Result<Command> read(const std::string& line) {
  std::istringstream words(line);
  const std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
  return read_command_line(all);
}

template <class T>
T command_of(const std::string& line) {
  const auto command = read(line);
  if (!command) ADD_FAILURE() << line << ": " << command.error().detail;
  const T* chosen = command ? std::get_if<T>(&*command) : nullptr;
  EXPECT_NE(chosen, nullptr) << line;
  return chosen == nullptr ? T() : *chosen;
}

TEST(CommandLine, tells_the_four_imports_apart) {
  struct Row {
    std::string words;
    ImportKind kind;
  };
  for (const Row& row :
       {Row{"online-retail f", ImportKind::kOnlineRetail},
        Row{"complete-journey f p", ImportKind::kCompleteJourney},
        Row{"sales f", ImportKind::kSales}, Row{"members f", ImportKind::kMembers}}) {
    const auto import = command_of<Import>("import " + row.words + " --store s --chunk 7");
    EXPECT_EQ(import.kind, row.kind) << row.words;
    EXPECT_EQ(import.file, "f");
    EXPECT_EQ(import.chunk, 7U);
  }
}

TEST(CommandLine, takes_standard_input_for_a_file) {
  EXPECT_EQ(command_of<Import>("import sales - --store s").file, "-");
}

TEST(CommandLine, knows_explain_by_both_of_its_names) {
  EXPECT_EQ(command_of<Explain>("explain till/1 --store s").what, "till/1");
  EXPECT_EQ(command_of<Explain>("rules explain till/1 --store s").what, "till/1");
}

TEST(CommandLine, takes_one_value_for_each_repeated_flag) {
  const auto key =
      command_of<ManageKeys>("key create --scope members --scope admin tills --keys k");
  EXPECT_EQ(key.action, KeyAction::kCreate);
  EXPECT_EQ(key.scopes, (std::vector<std::string>{"members", "admin"}));
  EXPECT_EQ(key.name, "tills");
}

TEST(CommandLine, takes_the_store_from_the_environment_and_the_flag_first) {
  setenv("LAUREL_STORE", "sqlite:environment.db", 1);
  EXPECT_EQ(command_of<Verify>("verify").store, "sqlite:environment.db");
  EXPECT_EQ(command_of<Verify>("verify --store sqlite:flag.db").store, "sqlite:flag.db");
  unsetenv("LAUREL_STORE");
  EXPECT_FALSE(read("verify"));
}

TEST(CommandLine, reads_formats_only_where_they_exist) {
  EXPECT_EQ(command_of<RulesCheck>("rules check d --format sarif").format, Format::kSarif);
  EXPECT_EQ(command_of<Verify>("verify --store s --format json").format, Format::kJson);
  EXPECT_FALSE(read("verify --store s --format sarif"));
}

TEST(CommandLine, names_the_word_that_is_no_command) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"nope"}, {"rules", "nope"}, {"rules", "nope", "folder"}}) {
    const auto wrong = read_command_line(words);
    ASSERT_FALSE(wrong.ok());
    EXPECT_TRUE(wrong.error().detail.starts_with("there is no command \"nope\"\nSee: laurel"))
        << wrong.error().detail;
  }
}

TEST(CommandLine, says_where_to_read_more_after_a_mistake) {
  const auto wrong = read("import sales");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().detail.find("See: laurel import sales --help"), std::string::npos)
      << wrong.error().detail;
}

}  // namespace
}  // namespace laurel::daemon::cli
