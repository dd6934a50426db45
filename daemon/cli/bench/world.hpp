#pragma once
// The world that is measured: a programme of twenty rules, members with a card each, sales of three
// lines.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "laurel/engine.hpp"

namespace laurel::daemon::cli::bench {

// Its YAML, as one file.
std::string programme_text();
// A folder with it, for a daemon.
void write_programme(const std::string& folder);

// The nth card: 16 digits, Luhn valid.
std::string card_of(std::int64_t member);
// The nth sale, of that member; the same n and member make the same sale.
Transaction sale_of(std::int64_t number, std::int64_t member);
// The same as the body of POST /v1/transactions, appended.
void append_sale_json(std::string& body, std::int64_t number, std::int64_t member);

// A number that looks like chance and is none.
std::uint64_t scattered(std::uint64_t number);

struct WorldOptions {
  std::string file;  // of the store
  std::int64_t members = 0;
  std::chrono::microseconds sync_delay{0};
};

// Opens or makes the store, publishes the programme, and enrols members up to that number.
Result<Session> open_world(const WorldOptions& options);

// How often `work(n)` is done a second by so many threads, n going up across all of them.
struct Rate {
  double per_second = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  double cpu_seconds = 0;  // of this process meanwhile
  double per_cpu_second() const { return static_cast<double>(done) / cpu_seconds; }
};
Rate rate_of(std::size_t threads, std::chrono::milliseconds time,
             const std::function<bool(std::int64_t)>& work);
// The same for a number of times instead of a time.
Rate rate_of_times(std::size_t threads, std::int64_t times,
                   const std::function<bool(std::int64_t)>& work);

// Syncs of one written page a second that the disk of this folder does, and what each took.
struct Syncs {
  double per_second = 0;
  std::vector<double> took_ms = {};
};
Syncs measure_syncs(const std::string& folder, std::chrono::milliseconds time);

}  // namespace laurel::daemon::cli::bench
