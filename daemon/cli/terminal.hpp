#pragma once
// Where a command writes, and how: results to `out`, faults and progress to `err`. Colours only on
// a terminal, and never where NO_COLOR is set (https://no-color.org).

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/error.hpp"

namespace laurel::daemon::cli {

enum class Style : std::uint8_t { kPlain, kStrong, kFaint, kGood, kWarning, kBad };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool out_colour = false;
  bool err_colour = false;
  bool err_is_terminal = false;  // progress is drawn

  // Of this process: std::cout, std::cerr and the environment.
  static Terminal of_process();
};

std::string painted(std::string_view text, Style style, bool colour);

// "error: …" with every fault on a line of its own.
void show_error(Terminal& terminal, const Error& error);

// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);

// Rows of cells under each other; the columns of `right` (a letter "r" for each) are set to the
// right: "lrr".
std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view alignment);

// One line on the terminal that is drawn again at most ten times a second; silent where `err` is no
// terminal. `all` of 0: the end is not known.
class ProgressBar {
 public:
  ProgressBar(Terminal& terminal, std::string what, std::string unit, std::int64_t all);
  ~ProgressBar();  // wipes the line
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::int64_t done);

  // "importing  45 %  11,655 of 25,900 invoices  8,120/s  2 s left"
  static std::string line(std::string_view what, std::string_view unit, std::int64_t done,
                          std::int64_t all, std::chrono::milliseconds elapsed);

 private:
  Terminal& terminal_;
  std::string what_;
  std::string unit_;
  std::int64_t all_;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace laurel::daemon::cli
