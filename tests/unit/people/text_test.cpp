#include "people/text.hpp"

#include <gtest/gtest.h>

namespace laurel::people {
namespace {

TEST(FoldedText, Has_neither_case_nor_accents_nor_signs) {
  EXPECT_EQ(folded("O'Brien-Müller"), "obrienmuller");
  EXPECT_EQ(folded("Łukasz Żółć"), "lukaszzolc");
  EXPECT_EQ(folded("Straße"), "strasse");
  EXPECT_EQ(folded("Cœur — d’Alène"), "coeurdalene");
}

TEST(FoldedText, Keeps_letters_of_other_scripts) {
  EXPECT_EQ(folded("山田 太郎"), "山田太郎");
  EXPECT_EQ(folded("Ольга"), "Ольга");
}

TEST(FoldedText, Survives_broken_UTF_8) { EXPECT_EQ(folded("a\xFF\xC3"), "a"); }

TEST(FoldedDate, Reads_the_usual_ways_to_write_a_day) {
  for (const char* text : {"1971-06-24", "19710624", "1971/6/24", "24/06/1971", "24.6.1971",
                           "06/24/1971", "1971-06-24T00:00:00Z"}) {
    EXPECT_EQ(folded_date(text), "19710624") << text;
  }
}

TEST(FoldedDate, Is_missing_where_there_is_hardly_anything) {
  EXPECT_EQ(folded_date(""), "");
  EXPECT_EQ(folded_date("unknown"), "");
  EXPECT_EQ(folded_date("1971"), "");
}

TEST(FoldedPhone, Is_the_same_however_it_is_dialled) {
  EXPECT_EQ(folded_phone("+39 333 1234567"), "393331234567");
  EXPECT_EQ(folded_phone("0039 333-1234567"), "393331234567");
}

TEST(FoldedStreet, Tells_the_number_of_the_house_from_the_street) {
  EXPECT_EQ(folded_street("6 Tullaroop Street").number, "6");
  EXPECT_EQ(folded_street("6 Tullaroop Street").name, "tullaroopstreet");
  EXPECT_EQ(folded_street("Königstraße 12b").number, "12b");
  EXPECT_EQ(folded_street("Königstraße 12b").name, "konigstrasse");
  EXPECT_EQ(folded_street("Mountain Creek Road").number, "");
  EXPECT_EQ(folded_street("12").number, "12");
}

TEST(Sound, Is_the_same_for_names_that_sound_alike) {
  EXPECT_EQ(sound("smith"), sound("smyth"));
  EXPECT_EQ(sound("robert"), sound("rupert"));
  EXPECT_NE(sound("robert"), sound("richard"));
  EXPECT_EQ(sound("山田太郎"), sound("山田花子"));
  EXPECT_EQ(sound(""), "");
}

}  // namespace
}  // namespace laurel::people
