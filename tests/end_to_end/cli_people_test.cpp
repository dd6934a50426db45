// `laurel people match` as scripts see it.

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "command.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

Done match(const std::string& arguments) { return laurel("people match " + arguments); }

class CliPeople : public testing::Test {
 protected:
  void SetUp() override {
    file_ = file("some.csv",
                 "id,first_name,surname,dob,email\n"
                 "1,Anna,Featherstone,1971-06-24,anna.f@shop.test\n"
                 "2,Boris,Underhill,1958-01-02,boris@shop.test\n"
                 "3,Ana,Featherstone,1971-06-24,anna.f@shop.test\n");
  }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }

  TemporaryFolder folder_;
  std::string file_;
};

TEST_F(CliPeople, suggests_and_says_why) {
  const Done done = match(file_);
  EXPECT_EQ(done.code, 0) << done.text;
  EXPECT_TRUE(done.says("1 suggested")) << done.text;
  EXPECT_TRUE(done.says("birth_date same")) << done.text;
  EXPECT_TRUE(match(file_ + " --format json").says(R"("one":"1","other":"3")"));
}

TEST_F(CliPeople, explains_a_pair_and_says_where_there_is_none) {
  EXPECT_TRUE(match(file_ + " --explain 1 3").says("family_name"));
  EXPECT_TRUE(match(file_ + " --explain 1 3 --format json").says(R"("field":"birth_date")"));
  EXPECT_EQ(match(file_ + " --explain 1 4").code, 1);
  EXPECT_EQ(match(file_ + " --explain 1 1").code, 1);
}

TEST_F(CliPeople, keeps_the_ids_of_people_from_run_to_run) {
  const Done first = match(file_ + " --format csv");
  EXPECT_TRUE(first.says("profile,3,person:1\n")) << first.text;
  const std::string known = file("people.csv", first.text);
  EXPECT_EQ(match(file_ + " --known " + known + " --format csv").text, first.text);
}

TEST_F(CliPeople, tells_a_wrong_call_from_a_file_it_cannot_read) {
  EXPECT_EQ(match("").code, 2);
  EXPECT_EQ(match(file_ + " --format sarif").code, 2);
  EXPECT_EQ(match(file_ + " --threshold 2").code, 2);
  EXPECT_EQ(match(folder_.file("none.csv")).code, 3);
  EXPECT_EQ(match(file("twice.csv", "id,surname\n1,a\n1,b\n")).code, 3);
}

}  // namespace
}  // namespace laurel::test
