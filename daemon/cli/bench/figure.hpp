#pragma once
// What was measured, each figure beside its limit from the same run.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace laurel::daemon::cli::bench {

// What is asked of a figure.
enum class Goal : std::uint8_t {
  kNone,          // told for itself
  kShareAtLeast,  // of the limit
  kAtMost,        // the goal itself is the bound
  kAtLeast,       // likewise
};

struct Figure {
  std::string name;  // "durable.callers_64": stable, for scripts
  std::string what;  // for people
  double value = 0;
  std::string unit;             // "/s", "ms", "MB", "bytes"
  std::string limit_what = {};  // "the bare statements"; empty: none
  double limit = 0;
  Goal goal = Goal::kNone;
  double wanted = 0;

  double share() const { return limit > 0 ? value / limit : 0; }
  bool met() const;
};

std::string to_text(const std::vector<Figure>& figures, bool colour);
std::string to_json(const std::vector<Figure>& figures, bool quick);

// The value below which that share of them lies; they are put in order.
double quantile(std::vector<double>& values, double share);

}  // namespace laurel::daemon::cli::bench
