#pragma once
// What ServerMetrics is read from; written by the loop and the workers.

#include <array>
#include <atomic>
#include <cstdint>

#include "http/server.hpp"

namespace laurel::daemon::http {

class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  void remove() { value_.fetch_sub(1, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Counters {
  Counter connections_open;
  Counter connections_total;
  Counter connections_refused;
  Counter connections_evicted;
  Counter requests_total;
  Counter requests_in_flight;
  Counter requests_shed;
  Counter requests_timed_out;
  Counter handlers_failed;
  Counter bytes_in;
  Counter bytes_out;
  std::array<Counter, kRefusalCount> refused;

  ServerMetrics read() const;
};

}  // namespace laurel::daemon::http
