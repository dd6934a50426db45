// A sandbox is emptied while it goes on working.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "app/log.hpp"
#include "app/service.hpp"

namespace laurel::daemon {
namespace {

// Whoever does due work has the engine, and the reset waits until nobody has: each work here asks
// for it in a loop, so that one that asked twice would stand still together with the reset.
TEST(SandboxReset, does_not_wait_for_work_that_waits_for_it) {
  ServeOptions options;
  options.sandbox = true;
  options.store = "memory:";
  options.programme = LAUREL_SOURCE_DIR "/rules/department-store";
  Log log({.level = "error", .format = "text"});
  const auto opened = Service::open(options, log);
  ASSERT_TRUE(opened.ok()) << opened.error().detail;
  Service& service = **opened;
  const Instant noon = *parse_instant("2026-11-21T12:00:00Z");
  std::atomic<bool> ended = false;
  std::jthread ticks([&] {
    while (!ended) service.tick();
  });
  std::jthread clocks([&] {
    while (!ended) EXPECT_TRUE(service.set_clock(noon).ok());
  });
  std::jthread metrics([&] {
    while (!ended) EXPECT_TRUE(service.gauges().writable);
  });
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(service.reset().ok());
  ended = true;
}

}  // namespace
}  // namespace laurel::daemon
