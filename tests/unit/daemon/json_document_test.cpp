#include "json/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace laurel::daemon::json {
namespace {

using testing::HasSubstr;

Document parsed(std::string_view text) {
  auto document = Document::parse(text);
  EXPECT_TRUE(document) << document.error().detail;
  return std::move(document).value();
}

Error refused(std::string_view text, const ParseLimits& limits = {}) {
  auto document = Document::parse(text, limits);
  EXPECT_FALSE(document) << text;
  return document ? Error{} : document.error();
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonDocument, keeps_every_kind_of_value) {
  const Document document =
      parsed(R"( {"a":[1, -2.50, "x", true, false, null], "b" : {"c":{} , "d":[]}} )");
  const auto elements = document.root().find("a")->elements();
  ASSERT_EQ(elements.size(), 6U);
  EXPECT_EQ(elements[0].text(), "1");
  EXPECT_EQ(elements[1].kind(), Kind::kNumber);
  EXPECT_EQ(elements[1].text(), "-2.50");
  EXPECT_EQ(elements[2].text(), "x");
  EXPECT_TRUE(elements[3].boolean());
  EXPECT_EQ(elements[4].kind(), Kind::kBoolean);
  EXPECT_FALSE(elements[4].boolean());
  EXPECT_TRUE(elements[5].is_null());
  EXPECT_EQ(document.root().find("b")->find("c")->kind(), Kind::kObject);
  EXPECT_EQ(document.root().find("b")->find("d")->kind(), Kind::kArray);
  EXPECT_EQ(document.root().find("z"), nullptr);
}

TEST(JsonDocument, keeps_numbers_as_they_were_written) {
  for (const std::string number :
       {"0", "-0", "1950.00", "0.10", "123456789012345678901234567890", "1e5", "2E-7", "1.0e+3",
        "0.1000000000000000055511151231257827", "-9223372036854775809"}) {
    EXPECT_EQ(parsed(number).root().text(), number);
    EXPECT_EQ(parsed("[" + number + ",1]").root().elements()[0].text(), number);
  }
}

TEST(JsonDocument, decodes_escapes) {
  EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\tA\u00e9\u20ac\ud83d\ude00")").root().text(),
            "\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(parsed(R"(["a\u0000b"])").root().elements()[0].text(), std::string_view("a\0b", 3));
}

TEST(JsonDocument, keeps_members_in_order) {
  const Document document = parsed(R"({"z":1,"a":2,"m":3})");
  std::string names;
  for (const Member& member : document.root().members()) names += member.name;
  EXPECT_EQ(names, "zam");
}

TEST(JsonDocument, refuses_what_is_not_json) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "[1,2",
                                      "{\"a\":1",
                                      "{\"a\"}",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{'a':1}",
                                      "01",
                                      "+1",
                                      ".5",
                                      "5.",
                                      "1e",
                                      "0x10",
                                      "NaN",
                                      "-Infinity",
                                      "Infinity",
                                      "nul",
                                      "TRUE",
                                      "\"abc",
                                      "[1]x",
                                      "{} {}",
                                      "// c\n1",
                                      "\"\t\"",
                                      "\"\\x\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00x\"",
                                      "\"\\u12\"",
                                      "\xEF\xBB\xBF{}",
                                      "[1 2]",
                                      "{\"a\" 1}",
                                      "]"}) {
    EXPECT_EQ(refused(text).code, ErrorCode::kMalformed) << text;
  }
}

TEST(JsonDocument, refuses_escapes_of_half_a_surrogate_pair) {
  for (const std::string half : {"\\ud800", "\\udc00", "\\udbff\\u0041", "\\udfff\\ud800"}) {
    EXPECT_EQ(refused("[\"" + half + "\"]").code, ErrorCode::kMalformed) << half;
    EXPECT_EQ(refused("{\"" + half + "\":1}").code, ErrorCode::kMalformed) << half;
  }
}

TEST(JsonDocument, refuses_a_nul_byte_that_would_hide_the_rest) {
  EXPECT_EQ(refused(std::string_view("{}\0{", 4)).code, ErrorCode::kMalformed);
  EXPECT_EQ(refused(std::string_view("\"a\0b\"", 5)).code, ErrorCode::kMalformed);
}

TEST(JsonDocument, refuses_invalid_utf8_wherever_it_stands) {
  for (const std::string bad : {"\xFF", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                                "\xF4\x90\x80\x80", "\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98"}) {
    EXPECT_EQ(refused("\"12345678" + bad + "\"").code, ErrorCode::kMalformed);
    EXPECT_EQ(refused("{\"" + bad + "\":1}").code, ErrorCode::kMalformed);
  }
}

TEST(JsonDocument, says_where_the_fault_is) {
  const Error error = refused("{\n  \"lines\": [ {}, { \"amount\": NaN } ]\n}");
  EXPECT_THAT(error.detail, HasSubstr("line 2, column 30 (byte 32)"));
  ASSERT_EQ(error.faults.size(), 1U);
  EXPECT_EQ(error.faults[0].pointer, "/lines/1/amount");
}

TEST(JsonDocument, refuses_numbers_beyond_all_counting_with_their_place) {
  for (const std::string_view text :
       {R"({"a":[0,{"b":1e400}]})", R"({"a":[0,{"b":1e99999999999}]})"}) {
    const Error error = refused(text);
    ASSERT_EQ(error.faults.size(), 1U);
    EXPECT_EQ(error.faults[0].pointer, "/a/1/b");
    EXPECT_EQ(error.faults[0].code, "number_too_large");
  }
}

TEST(JsonDocument, lists_every_repeated_name_with_its_pointer) {
  const Error error = refused(R"({"a":1,"x":[{"b":1,"b/c":2,"b":3},{"b/c":1,"b/c":1}],"a":2})");
  EXPECT_EQ(error.code, ErrorCode::kMalformed);
  ASSERT_EQ(error.faults.size(), 3U);
  EXPECT_EQ(error.faults[0].pointer, "/x/0/b");
  EXPECT_EQ(error.faults[1].pointer, "/x/1/b~1c");
  EXPECT_EQ(error.faults[2].pointer, "/a");
  EXPECT_EQ(error.faults[2].code, "duplicate_field");
}

TEST(JsonDocument, sees_names_that_repeat_only_when_decoded) {
  EXPECT_EQ(refused(R"({"a":1,"\u0061":2})").faults.size(), 1U);
}

TEST(JsonDocument, finds_a_repeated_name_among_thousands) {
  std::string text = "{";
  for (int i = 0; i < 5'000; ++i) text += "\"n" + std::to_string(i) + "\":0,";
  EXPECT_EQ(parsed(text + "\"last\":0}").root().members().size(), 5'001U);
  const Error error = refused(text + "\"n4711\":0}");
  ASSERT_EQ(error.faults.size(), 1U);
  EXPECT_EQ(error.faults[0].pointer, "/n4711");
}

TEST(JsonDocument, bounds_depth) {
  EXPECT_TRUE(Document::parse(nested(64)));
  EXPECT_THAT(refused(nested(65)).detail, HasSubstr("deeper than 64"));
  EXPECT_EQ(refused(nested(100'000)).code, ErrorCode::kMalformed);
  EXPECT_EQ(refused(std::string(1'000'000, '[')).code, ErrorCode::kMalformed);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(refused(objects).detail, HasSubstr("Nested deeper"));
}

TEST(JsonDocument, bounds_depth_whatever_the_caller_allows) {
  EXPECT_TRUE(Document::parse(nested(512), {.depth_max = 1'000'000}));
  EXPECT_FALSE(Document::parse(nested(513), {.depth_max = 1'000'000}));
}

TEST(JsonDocument, bounds_size) {
  EXPECT_EQ(refused("[1,2,3]", {.bytes_max = 6}).code, ErrorCode::kTooLarge);
  EXPECT_TRUE(Document::parse("[1,2,3]", {.bytes_max = 7}));
}

TEST(JsonDocument, holds_a_hundred_thousand_lines) {
  std::string text = "[";
  for (int i = 0; i < 100'000; ++i) text += R"({"id":"1","amount":"0.01"},)";
  text.back() = ']';
  const Document document = parsed(text);
  ASSERT_EQ(document.root().elements().size(), 100'000U);
  EXPECT_EQ(document.root().elements().back().find("amount")->text(), "0.01");
}

TEST(JsonDocument, stays_valid_when_moved) {
  Document first = parsed(R"({"a":"text that is long enough not to be stored in place"})");
  const Document second = std::move(first);
  EXPECT_THAT(std::string(second.root().find("a")->text()), HasSubstr("long enough"));
}

}  // namespace
}  // namespace laurel::daemon::json
