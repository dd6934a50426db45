#pragma once
// A load generator over HTTP/1.1: one thread, any number of kept connections, on this machine.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "laurel/result.hpp"

namespace laurel::daemon::cli::bench {

struct LoadOptions {
  std::uint16_t port = 0;  // on 127.0.0.1
  std::size_t connections = 64;
  std::chrono::milliseconds time{1'000};
  // 0: each connection sends its next request when it has the answer to the last. Otherwise so many
  // requests a second are due whatever the daemon does, and their time counts from when they were.
  double requests_per_second = 0;
  // Appends the nth request, whole.
  std::function<void(std::string&, std::int64_t)> request;
};

struct LoadResult {
  double per_second = 0;  // answered
  std::int64_t answered = 0;
  std::int64_t failed = 0;           // answered with another status than 2xx
  double generator_cpu_seconds = 0;  // of the thread that made the load
  double seconds = 0;
  std::vector<double> latencies_ms = {};
  // As if the load had been made elsewhere: the generator's share of the cores given back.
  double per_second_alone(unsigned cores) const;
};

// kBusy: no connection, or one that broke.
Result<LoadResult> make_load(const LoadOptions& options);

// One request, as the load generator sends it: with a length, and a key if one is given.
std::string request_text(std::string_view method, std::string_view target, std::string_view key,
                         std::string_view body);

}  // namespace laurel::daemon::cli::bench
