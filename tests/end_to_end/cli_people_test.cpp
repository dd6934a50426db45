// `laurel people match` as scripts see it.

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

struct Done {
  int code = -1;
  std::string text;  // both streams

  bool says(const std::string& part) const { return text.find(part) != std::string::npos; }
};

Done match(const std::string& arguments) {
  const std::string command = "'" LAUREL_EXECUTABLE "' people match " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  Done done;
  std::array<char, 4096> bytes;
  for (std::size_t size; (size = fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    done.text.append(bytes.data(), size);
  }
  const int status = pclose(pipe);
  done.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return done;
}

class CliPeople : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "laurel-cli-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    file_ = file("some.csv",
                 "id,first_name,surname,dob,email\n"
                 "1,Anna,Featherstone,1971-06-24,anna.f@shop.test\n"
                 "2,Boris,Underhill,1958-01-02,boris@shop.test\n"
                 "3,Ana,Featherstone,1971-06-24,anna.f@shop.test\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }

  std::string folder_, file_;
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
  EXPECT_EQ(match(folder_ + "/none.csv").code, 3);
  EXPECT_EQ(match(file("twice.csv", "id,surname\n1,a\n1,b\n")).code, 3);
}

}  // namespace
