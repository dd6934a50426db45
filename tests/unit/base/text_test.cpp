#include "base/text.hpp"

#include <gtest/gtest.h>

namespace laurel {
namespace {

TEST(Utf8, is_told_from_what_only_resembles_it) {
  for (const char* text : {"", "abc", "Zoë", "ポイント", "🎁", "\xF4\x8F\xBF\xBF", "\xEE\x80\x80"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80",
                           "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
                           "\xC3", "\xE3\x83", "ab\xC3(", "\xF0\x9F\x8E"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Utf8, that_prints_has_no_control_characters) {
  EXPECT_TRUE(is_printable_utf8("knightsbridge till 7 – Zoë"));
  EXPECT_TRUE(is_printable_utf8(""));
  for (const char* text :
       {"a\nb", "\t", "\x7f", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xff"}) {
    EXPECT_FALSE(is_printable_utf8(text));
  }
  EXPECT_FALSE(is_printable_utf8(std::string_view("a\0b", 3)));
}

TEST(Text, is_trimmed_and_lowered_by_ascii_only) {
  EXPECT_EQ(trimmed(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(lower("MyName@Company.COM"), "myname@company.com");
  EXPECT_EQ(lower("ÀÉ"), "ÀÉ");
}

constexpr std::string_view kKeys[] = {"min_spend", "department", "until", "from", "tier"};

TEST(NearestName, finds_what_was_probably_meant) {
  EXPECT_EQ(nearest_name("min_spned", kKeys), "min_spend");
  EXPECT_EQ(nearest_name("departmant", kKeys), "department");
  EXPECT_EQ(nearest_name("Until", kKeys), "until");
  EXPECT_EQ(nearest_name("form", kKeys), "from");
  EXPECT_EQ(nearest_name("tiers", kKeys), "tier");
}

TEST(NearestName, finds_nothing_when_nothing_is_near) {
  EXPECT_EQ(nearest_name("colour", kKeys), "");
  EXPECT_EQ(nearest_name("", kKeys), "");
  EXPECT_EQ(nearest_name("x", kKeys), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'u'), kKeys), "");
  EXPECT_EQ(nearest_name("tier", {}), "");
}

TEST(NearestName, prefers_the_first_of_equals) {
  constexpr std::string_view kNames[] = {"gold", "bold"};
  EXPECT_EQ(nearest_name("told", kNames), "gold");
}

}  // namespace
}  // namespace laurel
