#include "cli/csv.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <sstream>

namespace laurel::daemon::cli {
namespace {

constexpr std::array<std::string_view, 2> kAB = {"a", "b"};

using Records = std::vector<std::array<std::string, 2>>;

// The records of `text`, or the detail of its fault as the only one.
Records read(const std::string& text) {
  std::istringstream input(text);
  auto reader = CsvReader::open(input, kAB);
  if (!reader) return {{reader.error().detail, "fault"}};
  Records records;
  while (true) {
    auto more = reader->next();
    if (!more) return {{more.error().detail, "fault"}};
    if (!*more) return records;
    records.push_back({std::string(reader->field(0)), std::string(reader->field(1))});
  }
}

struct Row {
  std::string_view name;
  std::string text;
  Records records;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class CsvText : public testing::TestWithParam<Row> {};

TEST_P(CsvText, reads_what_the_standard_says) {
  EXPECT_EQ(read(GetParam().text), GetParam().records);
}

INSTANTIATE_TEST_SUITE_P(
    , CsvText,
    testing::Values(
        Row{"plain", "a,b\n1,2\n3,4\n", {{"1", "2"}, {"3", "4"}}},
        Row{"carriage_returns", "a,b\r\n1,2\r\n", {{"1", "2"}}},
        Row{"no_line_end_at_the_end", "a,b\n1,2", {{"1", "2"}}},
        Row{"empty_fields", "a,b\n,\n", {{"", ""}}},
        Row{"empty_field_at_the_end", "a,b\n1,", {{"1", ""}}},
        Row{"quoted_comma", "a,b\n\"1,5\",2\n", {{"1,5", "2"}}},
        Row{"quoted_quote", "a,b\n\"say \"\"yes\"\"\",2\n", {{"say \"yes\"", "2"}}},
        Row{"quoted_line_end", "a,b\n\"one\r\ntwo\",2\n", {{"one\r\ntwo", "2"}}},
        Row{"quoted_nothing", "a,b\n\"\",2\n", {{"", "2"}}},
        Row{"other_columns", "x,b,y,a\n1,2,3,4\n", {{"4", "2"}}},
        Row{"byte_order_mark",
            "\xEF\xBB\xBF"
            "a,b\n1,2\n",
            {{"1", "2"}}},
        Row{"spaces_are_text", "a,b\n 1 ,2\n", {{" 1 ", "2"}}}, Row{"header_only", "a,b\n", {}},
        Row{"too_few", "a,b\n1,2\n3\n", {{"line 3: 1 fields where the header has 2", "fault"}}},
        Row{"too_many", "a,b\n1,2,3\n", {{"line 2: 3 fields where the header has 2", "fault"}}},
        Row{"empty_line", "a,b\n\n1,2\n", {{"line 2: 1 fields where the header has 2", "fault"}}},
        Row{"line_of_a_long_record",
            "a,b\n\"1\n\n\",2\n3\n",
            {{"line 5: 1 fields where the header has 2", "fault"}}},
        Row{"quote_inside",
            "a,b\n1\"2,3\n",
            {{"line 2: a quote inside a field that does not begin with one", "fault"}}},
        Row{"text_behind", "a,b\n\"1\"2,3\n", {{"line 2: text behind a closing quote", "fault"}}},
        Row{"never_closes", "a,b\n\"1,2\n", {{"line 2: a quote that never closes", "fault"}}},
        Row{"lone_return", "a,b\n1\r2,3\n", {{"line 2: a CR without its LF", "fault"}}},
        Row{"nul", std::string("a,b\n1\0,2\n", 9), {{"line 2: a NUL byte", "fault"}}},
        Row{"broken_utf8", "a,b\n\xFF,2\n", {{"line 2: text that is not UTF-8", "fault"}}},
        Row{"empty", "", {{"line 1: no header: the file is empty", "fault"}}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Csv, names_every_column_that_is_missing_or_repeated) {
  std::istringstream input("b,c,b\n");
  const auto reader = CsvReader::open(input, kAB);
  ASSERT_FALSE(reader);
  ASSERT_EQ(reader.error().faults.size(), 2U);
  EXPECT_EQ(reader.error().faults[0].detail, "no column \"a\"");
  EXPECT_EQ(reader.error().faults[1].detail, "two columns \"b\"");
}

TEST(Csv, refuses_a_record_without_end) {
  const std::string endless = "a,b\n\"" + std::string(kCsvRecordBytesMax + 2, 'x');
  EXPECT_EQ(read(endless)[0][0], "line 2: a record above 1 MB");
}

TEST(Csv, reads_records_across_the_edges_of_its_buffer) {
  std::string text = "a,b\n";
  for (int i = 0; i < 20'000; ++i) text += "\"" + std::to_string(i) + "\",\"x\"\"y\"\r\n";
  const Records records = read(text);
  ASSERT_EQ(records.size(), 20'000U);
  EXPECT_EQ(records[19'999], (std::array<std::string, 2>{"19999", "x\"y"}));
}

std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

// Any text, wrapped by the rule, comes back as it was.
TEST(Csv, gives_back_whatever_was_quoted) {
  std::mt19937 random(7);
  const std::string_view letters = "ab,\"\n\r ";
  for (int round = 0; round < 2'000; ++round) {
    std::string a, b;
    for (auto i = random() % 12; i > 0; --i) a += letters.substr(random() % 7, 1);
    for (auto i = random() % 12; i > 0; --i) b += letters.substr(random() % 7, 1);
    EXPECT_EQ(read("a,b\n" + in_quotes(a) + "," + in_quotes(b) + "\n"), (Records{{a, b}}));
  }
}

// Any bytes at all end in records or in a fault with a line; never in anything else.
TEST(Csv, survives_any_bytes) {
  std::mt19937 random(11);
  const std::string_view letters("a,b\"\n\r\0\xFF", 8);
  for (int round = 0; round < 5'000; ++round) {
    std::string text = round % 2 == 0 ? "a,b\n" : "";
    for (auto i = random() % 24; i > 0; --i) text += letters[random() % letters.size()];
    for (const auto& record : read(text)) {
      EXPECT_TRUE(record[1] != "fault" || record[0].starts_with("line ") ||
                  record[0] == "the header is not the one expected")
          << record[0];
    }
  }
}

}  // namespace
}  // namespace laurel::daemon::cli
