#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "json/document.hpp"

namespace laurel::daemon::json {
namespace {

std::string as_json(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

TEST(JsonWriter, sets_commas_and_brackets) {
  std::string out;
  Writer writer(out);
  writer.begin_object().field("a", 1).field_array("b").value("x").value(true).null().end_array();
  writer.field_object("c").end_object().field("d", false).field_raw("e", "12.50").end_object();
  EXPECT_EQ(out, R"({"a":1,"b":["x",true,null],"c":{},"d":false,"e":12.50})");
}

TEST(JsonWriter, writes_the_whole_range_of_integers) {
  std::string out;
  Writer(out)
      .begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::uint64_t>::max())
      .value(std::uint8_t{200})
      .end_array();
  EXPECT_EQ(out, "[-9223372036854775808,18446744073709551615,200]");
}

TEST(JsonWriter, escapes_what_must_not_stand_in_a_string) {
  EXPECT_EQ(as_json("a\"b\\c/\n\r\t\x01\x1F\x7F"),
            "\"a\\\"b\\\\c/\\n\\r\\t\\u0001\\u001f\\u007f\"");
  EXPECT_EQ(as_json(std::string_view("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(as_json("é€😀"), "\"é€😀\"");
  EXPECT_EQ(as_json(""), "\"\"");
}

TEST(JsonWriter, replaces_bytes_that_are_not_utf8) {
  EXPECT_EQ(as_json("a\xFF"
                    "b\xC3"),
            "\"a\uFFFDb\uFFFD\"");
  EXPECT_EQ(as_json("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
}

TEST(JsonWriter, is_read_back_as_it_was_meant) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string text = "x" + std::string(1, static_cast<char>(byte)) + "é";
    const auto document = Document::parse(as_json(text));
    ASSERT_TRUE(document) << byte;
    EXPECT_EQ(document->root().text(), text) << byte;
  }
}

}  // namespace
}  // namespace laurel::daemon::json
