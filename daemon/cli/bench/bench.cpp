// `laurel bench`: this machine, measured.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "cli/bench/figure.hpp"
#include "cli/bench/measurements.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace laurel::daemon::cli {

namespace {

using bench::Figures;
using bench::Plan;

struct Group {
  std::string_view name;
  Result<Figures> (*measure)(const Plan&);
};
constexpr std::array<Group, 5> kGroups = {{{"durable", &bench::measure_durable},
                                           {"http", &bench::measure_http},
                                           {"members", &bench::measure_members},
                                           {"ready", &bench::measure_ready},
                                           {"history", &bench::measure_history}}};

bool is_wanted(const Bench& command, std::string_view group) {
  return command.only.empty() ||
         std::any_of(command.only.begin(), command.only.end(),
                     [&](const std::string& name) { return group.starts_with(name); });
}

// A folder of this run's own, gone at the end.
class Scratch {
 public:
  explicit Scratch(const std::string& folder)
      : path_((folder.empty() ? std::filesystem::temp_directory_path().string() : folder) +
              "/laurel-bench-" + std::to_string(getpid())) {
    std::error_code ignored;
    std::filesystem::create_directories(path_, ignored);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

int run(const Bench& command, Terminal& terminal) {
  const Scratch scratch(command.folder);
  const Plan plan{scratch.path(), command.floor, command.quick, &terminal};
  Figures figures;
  for (const Group& group : kGroups) {
    if (!is_wanted(command, group.name)) continue;
    const auto measured = group.measure(plan);
    if (!measured) return fail(terminal, measured.error());
    figures.insert(figures.end(), measured->begin(), measured->end());
  }
  if (command.format == Format::kJson) {
    terminal.out << to_json(figures, command.quick);
  } else {
    terminal.out << to_text(figures, terminal.out_colour);
    if (command.floor.empty()) {
      terminal.out
          << "The bare statements are measured with --floor build/…/benchmark_bare_statements.\n";
    }
  }
  const bool met = std::all_of(figures.begin(), figures.end(),
                               [](const bench::Figure& figure) { return figure.met(); });
  return met || command.quick ? kFine : kNo;
}

}  // namespace laurel::daemon::cli
