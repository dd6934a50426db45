#include "json/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace laurel::daemon::json {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The faults of reading `text`, each as "pointer code".
std::vector<std::string> faults_of(std::string_view text,
                                   const std::function<void(ObjectReader&)>& read) {
  const auto document = Document::parse(text);
  EXPECT_TRUE(document) << document.error().detail;
  Reader reader;
  {
    auto object = reader.object(document->root());
    read(object);
  }
  std::vector<std::string> faults;
  if (reader.ok()) return faults;
  const Error error = reader.take_error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  for (const FieldFault& fault : error.faults) faults.push_back(fault.pointer + " " + fault.code);
  return faults;
}

TEST(JsonReader, reads_fields_of_every_type) {
  const auto faults =
      faults_of(R"({"s":"text","d":"1950.00","n":1950.00,"i":-7,"b":true,"c":"sale",)"
                R"("o":{"x":1},"a":["p","q"]})",
                [](ObjectReader& object) {
                  constexpr std::string_view kChoices[] = {"return", "sale"};
                  EXPECT_EQ(object.string("s", kRequired), "text");
                  EXPECT_EQ(object.decimal_text("d", kRequired), "1950.00");
                  EXPECT_EQ(object.decimal_text("n", kRequired), "1950.00");
                  EXPECT_EQ(object.integer("i", kRequired), -7);
                  EXPECT_EQ(object.boolean("b", kRequired), true);
                  EXPECT_EQ(object.choice("c", kRequired, kChoices), 1U);
                  auto inner = object.object("o", kRequired);
                  EXPECT_EQ(inner.integer("x", kRequired), 1);
                  auto array = object.array("a", kRequired);
                  EXPECT_EQ(array.string(1), "q");
                  object.reject_unknown();
                });
  EXPECT_THAT(faults, ElementsAre());
}

TEST(JsonReader, takes_null_for_absent) {
  const auto faults = faults_of(R"({"a":null,"b":null})", [](ObjectReader& object) {
    EXPECT_FALSE(object.string("a", kOptional));
    EXPECT_TRUE(object.has("a"));
    EXPECT_FALSE(object.string("b", kRequired));
    EXPECT_FALSE(object.has("c"));
    object.reject_unknown();
  });
  EXPECT_THAT(faults, ElementsAre("/b required"));
}

TEST(JsonReader, lists_every_fault_of_every_line) {
  const auto faults =
      faults_of(R"({"id":7,"lines":[{"amount":"1.00"},{"amount":true,"sky":1},3,{}]})",
                [](ObjectReader& sale) {
                  sale.string("id", kRequired);
                  sale.string("source", kRequired);
                  auto lines = sale.array("lines", kRequired);
                  for (std::size_t i = 0; i < lines.size(); ++i) {
                    auto line = lines.object(i);
                    line.decimal_text("amount", kRequired);
                    line.string("sku", kOptional);
                    line.reject_unknown();
                  }
                  sale.reject_unknown();
                });
  EXPECT_THAT(faults, ElementsAre("/id wrong_type", "/source required",
                                  "/lines/1/amount wrong_type", "/lines/1/sky unknown_field",
                                  "/lines/2 wrong_type", "/lines/3/amount required"));
}

TEST(JsonReader, says_nothing_about_fields_of_an_object_that_is_not_there) {
  const auto faults = faults_of(R"({"a":[]})", [](ObjectReader& object) {
    auto inner = object.object("a", kRequired);
    EXPECT_FALSE(inner);
    inner.string("x", kRequired);
    inner.object("y", kRequired).integer("z", kRequired);
  });
  EXPECT_THAT(faults, ElementsAre("/a wrong_type"));
}

TEST(JsonReader, refuses_what_is_not_plain_decimal_digits) {
  for (const std::string text :
       {"\"\"", "\"+1\"", "\"1.\"", "\".5\"", "\"1e2\"", "5e2", "1E2", "\"01\"", "\"1,00\"",
        "\" 1\"", "\"1 \"", "\"-\"", "\"--1\"", "\"1.2.3\"", "\"0x1\"", "\"NaN\"",
        "\"11111111112222222222333333333344444444445\""}) {
    const auto faults = faults_of(
        "{\"a\":" + text + "}", [](ObjectReader& object) { object.decimal_text("a", kRequired); });
    EXPECT_THAT(faults, ElementsAre("/a not_a_decimal")) << text;
  }
}

TEST(JsonReader, accepts_plain_decimal_digits) {
  for (const std::string text :
       {"0", "-0", "0.00", "-12.50", "1234567890123456789012345678901234567.5"}) {
    for (const std::string& quoted : {text, "\"" + text + "\""}) {
      const auto faults = faults_of("{\"a\":" + quoted + "}", [&](ObjectReader& object) {
        EXPECT_EQ(object.decimal_text("a", kRequired), text);
      });
      EXPECT_THAT(faults, ElementsAre());
    }
  }
}

TEST(JsonReader, bounds_integers) {
  struct Row {
    std::string text;
    std::string fault;
  };
  for (const Row& row : std::vector<Row>{{"1.0", "/a not_an_integer"},
                                         {"1e2", "/a not_an_integer"},
                                         {"0", "/a out_of_range"},
                                         {"11", "/a out_of_range"},
                                         {"9223372036854775808", "/a out_of_range"},
                                         {"\"5\"", "/a wrong_type"}}) {
    const auto faults = faults_of("{\"a\":" + row.text + "}", [](ObjectReader& object) {
      object.integer("a", kRequired, {.min = 1, .max = 10});
    });
    EXPECT_THAT(faults, ElementsAre(row.fault)) << row.text;
  }
}

TEST(JsonReader, bounds_strings) {
  struct Row {
    std::string text;
    std::string fault;
  };
  for (const Row& row : std::vector<Row>{{"\"\"", "/a too_short"},
                                         {"\"123456\"", "/a too_long"},
                                         {"\"a\\nb\"", "/a control_character"},
                                         {"\"a\\u0000b\"", "/a control_character"},
                                         {"\"\\u007f\"", "/a control_character"},
                                         {"\"\\u0085\"", "/a control_character"}}) {
    const auto faults = faults_of("{\"a\":" + row.text + "}", [](ObjectReader& object) {
      object.string("a", kRequired, {.bytes_max = 5});
    });
    EXPECT_THAT(faults, ElementsAre(row.fault)) << row.text;
  }
}

TEST(JsonReader, bounds_arrays_without_reading_their_elements) {
  const auto faults = faults_of(R"({"a":[1,2,3],"b":[]})", [](ObjectReader& object) {
    EXPECT_EQ(object.array("a", kRequired, {.size_max = 2}).size(), 0U);
    EXPECT_EQ(object.array("b", kRequired, {.size_min = 1}).size(), 0U);
  });
  EXPECT_THAT(faults, ElementsAre("/a too_many", "/b too_few"));
}

TEST(JsonReader, offers_the_nearest_name) {
  const auto document = Document::parse(R"({"ammount":1,"zzz":2})");
  Reader reader;
  auto object = reader.object(document->root());
  object.decimal_text("amount", kOptional);
  object.string("currency", kOptional);
  object.reject_unknown();
  const Error error = reader.take_error();
  EXPECT_THAT(error.faults[0].detail, HasSubstr("did you mean \"amount\"?"));
  EXPECT_THAT(error.faults[1].detail, testing::Not(HasSubstr("did you mean")));
}

TEST(JsonReader, offers_the_nearest_choice) {
  constexpr std::string_view kChoices[] = {"sale", "return", "void"};
  const auto document = Document::parse(R"({"kind":"retrun"})");
  Reader reader;
  reader.object(document->root()).choice("kind", kRequired, kChoices);
  EXPECT_EQ(reader.take_error().faults[0].detail,
            "must be one of \"sale\" \"return\" \"void\"; did you mean \"return\"?");
}

TEST(JsonReader, escapes_pointers) {
  const auto faults = faults_of(R"({"a/b~c":{"é":1}})", [](ObjectReader& object) {
    object.object("a/b~c", kRequired).reject_unknown();
  });
  EXPECT_THAT(faults, ElementsAre("/a~1b~0c/é unknown_field"));
}

TEST(JsonReader, starts_from_a_pointer_of_the_callers) {
  const auto document = Document::parse("[]");
  Reader reader;
  reader.object(document->root(), "/lines/0");
  EXPECT_EQ(reader.take_error().faults[0].pointer, "/lines/0");
}

TEST(JsonReader, counts_faults_beyond_those_it_lists) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"n" + std::to_string(i) + "\":0,";
  text.back() = '}';
  const auto document = Document::parse(text);
  Reader reader(10);
  reader.object(document->root()).reject_unknown();
  EXPECT_EQ(reader.count(), 100U);
  const Error error = reader.take_error();
  EXPECT_EQ(error.faults.size(), 10U);
  EXPECT_EQ(error.detail, "100 fields are wrong, of which the first 10 are listed");
}

TEST(JsonReader, remembers_what_was_read_of_a_wide_object) {
  std::string text = "{";
  for (int i = 0; i < 200; ++i) text += "\"n" + std::to_string(i) + "\":0,";
  text.back() = '}';
  const auto faults = faults_of(text, [](ObjectReader& object) {
    static const auto kNames = [] {
      std::vector<std::string> names;
      for (int i = 199; i >= 0; --i) names.push_back("n" + std::to_string(i));
      return names;
    }();
    for (const std::string& name : kNames) {
      if (name != "n63" && name != "n150") object.integer(name, kRequired);
    }
    object.reject_unknown();
  });
  EXPECT_THAT(faults, ElementsAre("/n63 unknown_field", "/n150 unknown_field"));
}

}  // namespace
}  // namespace laurel::daemon::json
