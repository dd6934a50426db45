#include "cli/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "json/utf8.hpp"

namespace laurel::daemon::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kBarCells = 24;

bool wants_colour(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* kind = std::getenv("TERM");
  return isatty(descriptor) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

std::string_view escape_of(Style style) {
  switch (style) {
    case Style::kPlain: return "";
    case Style::kStrong: return "\x1b[1m";
    case Style::kFaint: return "\x1b[2m";
    case Style::kGood: return "\x1b[32m";
    case Style::kWarning: return "\x1b[33m";
    case Style::kBad: return "\x1b[31m";
  }
  return "";
}

// Characters, not bytes, so that "Café" lines up.
std::size_t width(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    at += std::max<std::size_t>(json::utf8_length(text, at), 1);
  }
  return count;
}

std::string time_left(milliseconds left) {
  const auto seconds = (left.count() + 999) / 1000;
  if (seconds < 100) return std::to_string(seconds) + " s left";
  return std::to_string((seconds + 59) / 60) + " min left";
}

}  // namespace

Terminal Terminal::of_process() {
  return {std::cout, std::cerr, wants_colour(STDOUT_FILENO), wants_colour(STDERR_FILENO),
          isatty(STDERR_FILENO) == 1};
}

std::string painted(std::string_view text, Style style, bool colour) {
  if (!colour || style == Style::kPlain) return std::string(text);
  return std::string(escape_of(style)) + std::string(text) + "\x1b[0m";
}

void show_error(Terminal& terminal, const Error& error) {
  terminal.err << painted("error: ", Style::kBad, terminal.err_colour)
               << (error.detail.empty() ? std::string(info(error.code).title) : error.detail)
               << painted(" (" + std::string(error.name()) + ")", Style::kFaint,
                          terminal.err_colour)
               << "\n";
  for (const FieldFault& fault : error.faults) {
    terminal.err << "  " << (fault.pointer.empty() ? "" : fault.pointer + ": ") << fault.detail
                 << "\n";
  }
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view alignment) {
  std::vector<std::size_t> widths(alignment.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], width(row[column]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string space(widths[column] - width(row[column]), ' ');
      if (column > 0) line += "  ";
      line += alignment[column] == 'r' ? space + row[column] : row[column] + space;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

ProgressBar::ProgressBar(Terminal& terminal, std::string what, std::string unit, std::int64_t all)
    : terminal_(terminal),
      what_(std::move(what)),
      unit_(std::move(unit)),
      all_(all),
      begin_(steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (terminal_.err_is_terminal && drawn_ != steady_clock::time_point{}) {
    terminal_.err << "\r\x1b[K" << std::flush;
  }
}

void ProgressBar::show(std::int64_t done) {
  if (!terminal_.err_is_terminal) return;
  const auto now = steady_clock::now();
  if (now - drawn_ < milliseconds(100)) return;
  drawn_ = now;
  const auto elapsed = std::chrono::duration_cast<milliseconds>(now - begin_);
  terminal_.err << "\r" << line(what_, unit_, done, all_, elapsed) << "\x1b[K" << std::flush;
}

std::string ProgressBar::line(std::string_view what, std::string_view unit, std::int64_t done,
                              std::int64_t all, milliseconds elapsed) {
  const std::int64_t rate = done * 1000 / std::max<std::int64_t>(elapsed.count(), 1);
  std::string text(what);
  if (all > 0) {
    const auto cells = static_cast<std::size_t>(std::min(done, all) * kBarCells / all);
    text += " [" + std::string(cells, '#') + std::string(kBarCells - cells, ' ') + "] " +
            std::to_string(done * 100 / all) + " %  " + grouped(done) + " of " + grouped(all);
  } else {
    text += "  " + grouped(done);
  }
  text += " " + std::string(unit) + "  " + grouped(rate) + "/s";
  if (all > done && rate > 0) text += "  " + time_left(milliseconds((all - done) * 1000 / rate));
  return text;
}

}  // namespace laurel::daemon::cli
