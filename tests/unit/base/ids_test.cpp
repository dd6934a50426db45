#include "laurel/ids.hpp"

#include <gtest/gtest.h>

#include <set>

namespace laurel {
namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

TEST(MemberIds, are_written_as_m_and_thirteen_letters_that_never_change) {
  EXPECT_EQ(MemberId(1).text(), "m_6BJPE6A12T1NN");
  EXPECT_EQ(MemberId(2).text(), "m_TZWNCJ21Q1FAV");
  EXPECT_EQ(MemberId(5'000'000).text(), "m_ADY5HFSKAV2EP");
}

TEST(MemberIds, read_back_what_they_write) {
  for (std::int64_t number = 1; number < (std::int64_t{1} << 60); number = number * 3 + 1) {
    EXPECT_EQ(MemberId::parse(MemberId(number).text()).value(), MemberId(number));
  }
  const MemberId last((std::int64_t{1} << 60) - 1);
  EXPECT_EQ(MemberId::parse(last.text()).value(), last);
}

TEST(MemberIds, do_not_tell_the_order_of_enrolment) {
  std::set<std::string> starts;
  int rising = 0;
  for (std::int64_t number = 1; number <= 1000; ++number) {
    starts.insert(MemberId(number).text().substr(0, 5));
    rising += MemberId(number).text() < MemberId(number + 1).text() ? 1 : 0;
  }
  EXPECT_GT(starts.size(), 950U);
  EXPECT_NEAR(rising, 500, 80);
}

TEST(MemberIds, are_read_in_either_case_with_the_letters_people_mix_up) {
  for (std::int64_t number = 1; number <= 200; ++number) {
    std::string text = MemberId(number).text();
    for (char& letter : text) {
      if (letter == '1') letter = number % 2 == 0 ? 'l' : 'I';
      if (letter == '0') letter = 'o';
      if (letter >= 'A' && letter <= 'Z' && number % 3 == 0)
        letter = static_cast<char>(letter | 0x20);
    }
    EXPECT_EQ(MemberId::parse(text).value(), MemberId(number)) << text;
  }
}

TEST(MemberIds, with_any_one_wrong_letter_are_refused) {
  const std::string right = MemberId(4711).text();
  for (std::size_t place = 2; place < right.size(); ++place) {
    for (const char letter : kLetters) {
      std::string wrong = right;
      wrong[place] = letter;
      EXPECT_EQ(MemberId::parse(wrong).ok(), wrong == right) << wrong;
    }
  }
}

TEST(MemberIds, with_any_two_letters_exchanged_are_refused) {
  const std::string right = MemberId(4711).text();
  for (std::size_t first = 2; first < right.size(); ++first) {
    for (std::size_t second = first + 1; second < right.size(); ++second) {
      std::string wrong = right;
      std::swap(wrong[first], wrong[second]);
      EXPECT_EQ(MemberId::parse(wrong).ok(), wrong == right) << wrong;
    }
  }
}

TEST(MemberIds, of_another_shape_are_refused) {
  const std::string right = MemberId(1).text();
  const std::string rows[] = {"",
                              "m_",
                              right + "0",
                              right.substr(0, right.size() - 1),
                              right.substr(2),
                              "t_" + right.substr(2),
                              " " + right,
                              "m_UUUUUUUUUUUUU",
                              "m_-000000000000",
                              "m_00000000000é"};
  for (const std::string& text : rows) {
    EXPECT_EQ(MemberId::parse(text).error().faults[0].code, "not_a_member_id") << text;
  }
}

TEST(MemberIds, nobody_has_no_text_and_cannot_be_read) {
  EXPECT_EQ(MemberId().text(), "");
  EXPECT_FALSE(MemberId());
  EXPECT_TRUE(MemberId(1));
}

TEST(MemberIdsDeathTest, a_number_out_of_range_is_a_bug) {
  EXPECT_DEATH(MemberId(-1).text(), "numbered");
  EXPECT_DEATH(MemberId(std::int64_t{1} << 60).text(), "numbered");
}

}  // namespace
}  // namespace laurel
