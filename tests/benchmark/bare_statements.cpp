// The limit of `laurel bench`: the rows that a run has written, written again by bare SQLite
// statements in batches of the same size.
//
//   benchmark_bare_statements again FILE COPY FIRST_ENTRY BATCH SYNC_DELAY_US
//
// FILE has the rows, COPY is what FILE was before. Prints the entries written a second.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "store_floor.hpp"

int main(int count, char** arguments) {
  if (count != 7 || std::strcmp(arguments[1], "again") != 0) {
    std::fputs("benchmark_bare_statements again FILE COPY FIRST_ENTRY BATCH DELAY_US\n", stderr);
    return 2;
  }
  const auto number = [&](int place) { return std::strtoll(arguments[place], nullptr, 10); };
  auto rows = laurel::floor::Rows::read(arguments[2], number(4));
  const double per_second =
      laurel::floor::write_again(arguments[3], rows,
                                 {.batch = static_cast<std::size_t>(number(5)),
                                  .sync_delay = std::chrono::microseconds(number(6))});
  std::printf("%.0f\n", per_second);
}
