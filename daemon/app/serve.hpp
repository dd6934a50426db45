#pragma once
// The daemon: the engine behind HTTP. run_daemon blocks until SIGTERM or SIGINT, finishes what was
// accepted, and returns the process's exit code.

#include <cstdint>
#include <string>
#include <vector>

namespace laurel::daemon {

// From the configuration file, then the environment (LAUREL_LISTEN …), then flags; the later wins.
struct ServeOptions {
  std::string programme = {};  // folder; published at start where it differs from what is in force
  std::string store = {};      // "sqlite:laurel.db", "memory:"
  std::string listen = "127.0.0.1:8080";
  std::string keys = {};  // file of API keys (hashes); empty: beside the store
  bool sandbox = false;
  std::uint32_t workers = 0;  // requests handled at once, most of them waiting for the disk; 0: 64
  std::string log_level = "info";
  std::string log_format = "text";          // text | json
  std::uint32_t rate_limit_per_second = 0;  // for each key; 0: none
  std::uint32_t drain_seconds = 20;
  bool no_webhooks = false;  // another process posts events, or nobody does
};

int run_daemon(const ServeOptions& options);

}  // namespace laurel::daemon
