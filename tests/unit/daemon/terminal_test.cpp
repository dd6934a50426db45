#include "cli/terminal.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace laurel::daemon::cli {
namespace {

using std::chrono::milliseconds;

TEST(Terminal, groups_digits_by_three) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(-1'234'567), "-1,234,567");
}

TEST(Terminal, sets_columns_by_characters_not_bytes) {
  EXPECT_EQ(table({{"Café", "1"}, {"tea", "12"}}, "lr"), "Café   1\ntea   12\n");
  EXPECT_EQ(table({{"a", ""}, {"bcd", ""}}, "ll"), "a\nbcd\n");
}

TEST(Terminal, paints_only_where_colour_is_wanted) {
  EXPECT_EQ(painted("no", Style::kBad, false), "no");
  EXPECT_EQ(painted("no", Style::kBad, true), "\x1b[31mno\x1b[0m");
  EXPECT_EQ(painted("no", Style::kPlain, true), "no");
}

TEST(ProgressBar, says_how_far_how_fast_and_how_long) {
  EXPECT_EQ(
      ProgressBar::line("importing", "invoices", 12'000, 24'000, milliseconds(2'000)),
      "importing [############            ] 50 %  12,000 of 24,000 invoices  6,000/s  2 s left");
  EXPECT_EQ(ProgressBar::line("importing", "invoices", 100, 1'000'000, milliseconds(1'000)),
            "importing [                        ] 0 %  100 of 1,000,000 invoices  100/s  "
            "167 min left");
  EXPECT_EQ(ProgressBar::line("importing", "lines", 100, 0, milliseconds(1'000)),
            "importing  100 lines  100/s");
}

TEST(ProgressBar, is_silent_where_nobody_looks) {
  std::ostringstream out, err;
  Terminal terminal{out, err};
  ProgressBar(terminal, "importing", "lines", 10).show(5);
  EXPECT_EQ(err.str(), "");
  terminal.err_is_terminal = true;
  ProgressBar(terminal, "importing", "lines", 10).show(5);
  EXPECT_NE(err.str().find("5 of 10 lines"), std::string::npos);
  EXPECT_TRUE(err.str().ends_with("\r\x1b[K"));
}

TEST(Errors, are_shown_with_every_fault) {
  std::ostringstream out, err;
  Terminal terminal{out, err};
  show_error(terminal,
             Error{ErrorCode::kInvalid, "two things", {{"/a", "x", "one"}, {"", "y", "two"}}});
  EXPECT_EQ(err.str(), "error: two things (invalid)\n  /a: one\n  two\n");
}

}  // namespace
}  // namespace laurel::daemon::cli
