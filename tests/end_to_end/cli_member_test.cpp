// `laurel member …` and `laurel people match --store` as scripts see them.

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "command.hpp"
#include "json_expect.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

class CliMember : public testing::Test {
 protected:
  void SetUp() override {
    store_ = " --store sqlite:" + folder_.file("laurel.db") + " ";
    std::ofstream(folder_.file("m.ndjson"))
        << R"({"id":"E-1","source":"desk",)"
           R"("identifiers":[{"type":"card","value":"6301001234567890"}]})"
           "\n"
        << R"({"id":"E-2","source":"desk","identifiers":[{"type":"email","value":"b@shop.test"}]})"
           "\n";
    const Done done = laurel("import members " + folder_.file("m.ndjson") + store_ +
                             " --programme '" LAUREL_SOURCE_DIR "/rules/department-store'");
    ASSERT_EQ(done.code, 0) << done.text;
    one_ =
        at(laurel("member lookup card=6301001234567890 --format json" + store_).text, "/member/id");
    other_ =
        at(laurel("member lookup email=b@shop.test --format json" + store_).text, "/member/id");
  }

  Done member(const std::string& words) const { return laurel("member " + words + store_ + kWho); }

  static constexpr const char* kWho = " --by ana --reason 'at the desk'";
  TemporaryFolder folder_;
  std::string store_, one_, other_;
};

TEST_F(CliMember, two_become_one_and_two_again) {
  const Done merged = member("merge " + one_ + " " + other_ + " --id M-1");
  EXPECT_EQ(merged.code, 0) << merged.text;
  EXPECT_EQ(merged.text, other_ + " is now " + one_ + "\n");
  EXPECT_TRUE(member("merge " + one_ + " " + other_ + " --id M-1").says("(as before)"));
  const Done parted = member("unmerge " + one_ + " --merge M-1 --id U-1 --format json");
  EXPECT_EQ(parted.code, 0) << parted.text;
  EXPECT_EQ(at(parted.text, "/other"), other_);
  EXPECT_EQ(member("unmerge " + one_ + " --merge M-1 --id U-2").code, 1);
  EXPECT_EQ(member("merge " + one_ + " m_nobody --id M-2").code, 1);
  EXPECT_EQ(laurel("member merge " + one_ + store_).code, 2);
}

TEST_F(CliMember, a_profile_is_changed_shown_handed_out_and_forgotten) {
  const Done changed = member("profile " + one_ +
                              " --set family_name=Quattrocchi --set birth_date=1971-06-24 "
                              "--grant sms --refuse post");
  EXPECT_EQ(changed.code, 0) << changed.text;
  EXPECT_TRUE(changed.says("Quattrocchi")) << changed.text;
  const Done shown = laurel("member profile " + one_ + store_ + "--format json");
  EXPECT_EQ(at(shown.text, "/profile/birth_date"), "1971-06-24");
  EXPECT_EQ(at(shown.text, "/consents/post/granted"), "false");
  EXPECT_EQ(at(laurel("member export " + one_ + store_).text, "/member/profile/family_name"),
            "Quattrocchi");
  const Done erased = member("erase " + one_ + " --id D-1");
  EXPECT_EQ(erased.code, 0) << erased.text;
  EXPECT_FALSE(laurel("member export " + one_ + store_).says("Quattrocchi"));
  EXPECT_EQ(laurel("verify" + store_).code, 0);
  EXPECT_EQ(member("profile " + other_ + " --set name=x").code, 1);
  EXPECT_EQ(member("profile " + other_ + " --set birth_date=1971-02-30").code, 1);
}

TEST_F(CliMember, likely_duplicates_come_into_the_queue_once) {
  for (const auto& id : {one_, other_}) {
    member("profile " + id +
           " --set given_name=Annunziata --set family_name=Quattrocchi --set "
           "birth_date=1971-06-24 --set postcode=00186");
  }
  const Done waiting = laurel("review list --kind merge --format json" + store_);
  EXPECT_EQ(at(waiting.text, "/items"), "[1]") << waiting.text;
  const Done matched = laurel("people match --format json" + store_);
  EXPECT_EQ(matched.code, 0) << matched.text;
  EXPECT_EQ(at(matched.text, "/members"), "2");
  EXPECT_EQ(at(matched.text, "/opened"), "0");
  EXPECT_EQ(laurel("people match").code, 2);
  EXPECT_EQ(laurel("people match x.csv" + store_).code, 2);
  const Done accepted = laurel("review accept 1 " + store_ + kWho);
  EXPECT_EQ(accepted.code, 0) << accepted.text;
  EXPECT_EQ(at(laurel("member show --format json " + other_ + store_).text, "/id"), one_);
}

TEST_F(CliMember, each_has_examples_with_its_help) {
  for (const char* command : {"merge", "unmerge", "erase", "export", "profile"}) {
    const Done help = laurel(std::string("member ") + command + " --help");
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_TRUE(help.says("Examples:")) << help.text;
  }
}

}  // namespace
}  // namespace laurel::test
