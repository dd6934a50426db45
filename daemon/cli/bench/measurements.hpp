#pragma once
// What is measured, one function for each group. Stores are made below `folder` and removed again.

#include <string>
#include <vector>

#include "cli/bench/figure.hpp"
#include "cli/terminal.hpp"
#include "laurel/result.hpp"

namespace laurel::daemon::cli::bench {

struct Plan {
  std::string folder;
  // A program that writes the rows of a store again with bare statements (tests/benchmark); empty:
  // that limit is left out.
  std::string floor;
  bool quick = false;
  Terminal* terminal = nullptr;  // for what goes on

  std::int64_t members() const { return quick ? 5'000 : 100'000; }
  std::int64_t many_members() const { return quick ? 50'000 : 5'000'000; }
  std::int64_t sales() const { return quick ? 4'000 : 100'000; }
  std::int64_t stored_sales() const { return quick ? 20'000 : 1'000'000; }
  std::int64_t history_sales() const { return quick ? 50'000 : 500'000; }
  int seconds() const { return quick ? 1 : 10; }
};

using Figures = std::vector<Figure>;

// Durable sales in this process: one caller and 64, with and without 1 ms added to each sync; one
// hot member; bytes of disk for each sale.
Result<Figures> measure_durable(const Plan& plan);
// With many more members; look-ups among them.
Result<Figures> measure_members(const Plan& plan);
// Over HTTP, with a key, at full rate and at 70 % of it; look-ups beside the barest route; memory.
Result<Figures> measure_http(const Plan& plan);
// From the start after kill -9 to the first "ready", with a large store.
Result<Figures> measure_ready(const Plan& plan);

// Everything that was stored proved again, and simulated, by one thread and by two.
Result<Figures> measure_history(const Plan& plan);

}  // namespace laurel::daemon::cli::bench
