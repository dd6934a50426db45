// What the loyalty team types.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "command.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

class CliRules : public testing::Test {
 protected:
  void SetUp() override {
    const auto shipped = LAUREL_SOURCE_DIR "/rules/online-retail";
    std::filesystem::copy(shipped, folder_.file("rules"));
    std::filesystem::copy(shipped, folder_.file("mine"));
    const Done done = laurel("import online-retail '" LAUREL_SOURCE_DIR
                             "/examples/data/online-retail-excerpt.csv' --programme rules");
    ASSERT_EQ(done.code, 0) << done.text;
  }

  // In the folder, on its store.
  Done laurel(const std::string& arguments) const {
    return test::laurel(arguments,
                        "cd '" + folder_.path().string() + "' && LAUREL_STORE=sqlite:shop.db");
  }

  void edit(const std::string& what, const std::string& with) const {
    const std::string file = folder_.file("mine") + "/programme.yaml";
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    std::string yaml = text.str();
    const auto place = yaml.find(what);
    ASSERT_NE(place, std::string::npos) << what;
    std::ofstream(file) << yaml.replace(place, what.size(), with);
  }

  TemporaryFolder folder_;
};

TEST_F(CliRules, faults_are_sarif_with_place_and_hint) {
  edit("rounding:", "roundin:");
  const Done done = laurel("rules check mine --format sarif");
  EXPECT_EQ(done.code, 1);
  for (const char* part : {R"("version":"2.1.0")", R"("ruleId":"unknown_key")",
                           R"("level":"error")", R"("uri":"programme.yaml")", R"("startLine":)",
                           R"("startColumn":)", R"("hint":"did you)", R"("rules":[{"id":)"}) {
    EXPECT_TRUE(done.says(part)) << part << "\n" << done.text;
  }
}

TEST_F(CliRules, differences_are_told_and_are_an_answer_of_no) {
  edit("gold, from: 5000.00", "gold, from: 4500.00");
  const Done done = laurel("rules diff 1 mine");
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.text, "tier gold: from 5,000.00 -> 4,500.00\n");
  EXPECT_EQ(laurel("rules diff rules 1").code, 0);
  EXPECT_EQ(laurel("rules diff rules nowhere").code, 3);
  EXPECT_EQ(laurel("rules diff rules").code, 2);
}

TEST_F(CliRules, the_programme_of_record_simulates_to_nothing) {
  const std::string period = " --from 2010-12-01 --to 2011-11-30";
  const Done same = laurel("rules simulate rules --against sqlite:shop.db" + period);
  EXPECT_EQ(same.code, 0) << same.text;
  EXPECT_TRUE(same.says("nothing differs")) << same.text;
  edit("gold, from: 5000.00, rate: 1 point", "gold, from: 5000.00, rate: 2 points");
  const Done other = laurel("rules simulate mine" + period + " --format json --threads 2");
  EXPECT_TRUE(other.says(R"("same":false)")) << other.text;
  EXPECT_EQ(laurel("rules simulate mine --from 2001-01-01 --to 2001-01-02").code, 1);
}

TEST_F(CliRules, versions_are_published_agreed_to_and_gone_back_from) {
  std::ofstream(folder_.file("mine") + "/publishing.yaml") << "publishing: { approvals: 2 }\n";
  const Done proposed = laurel("rules publish mine --by ann");
  EXPECT_EQ(proposed.code, 0) << proposed.text;
  EXPECT_TRUE(proposed.says("proposed as 1 by ann")) << proposed.text;
  EXPECT_EQ(laurel("rules approve 1 --by ann").code, 1);
  EXPECT_TRUE(laurel("rules approve 1 --by ben").says("published: version 2"));
  const Done back = laurel("rules rollback --to 1 --by ann --reason 'gave too much'");
  EXPECT_TRUE(back.says("proposed as ")) << back.text;
  EXPECT_EQ(laurel("rules rollback --to 9 --by ann --reason x").code, 1);
  const Done versions = laurel("rules versions");
  EXPECT_TRUE(versions.says("ann + ben")) << versions.text;
}

TEST_F(CliRules, a_rule_is_stopped_by_its_id) {
  std::ofstream(folder_.file("mine") + "/more.yaml")
      << "rules:\n  - { id: flood, when: { basket: { at_least: 5000.00 } }, multiply: 50 }\n";
  EXPECT_EQ(laurel("rules publish mine --by ann").code, 0);
  EXPECT_TRUE(laurel("rules stop flood --by ann --reason x").says("rule flood is stopped from"));
  EXPECT_TRUE(laurel("rules versions").says("rule flood stopped from"));
  EXPECT_TRUE(laurel("rules resume flood --by ann --reason x").says("rule flood goes on"));
  EXPECT_EQ(laurel("rules stop floot --by ann --reason x").code, 1);
}

}  // namespace
}  // namespace laurel::test
