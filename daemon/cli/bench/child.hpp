#pragma once
// A daemon of this same executable as a process of its own.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "laurel/result.hpp"

namespace laurel::daemon::cli::bench {

class Child {
 public:
  // Returns when it has said where it listens. kBusy: it ended first.
  static Result<Child> start(const std::vector<std::string>& arguments);
  ~Child();  // SIGTERM, and waits
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  std::uint16_t port() const { return port_; }
  void kill_at_once();               // SIGKILL, and waits
  std::int64_t resident_kb() const;  // 0: not known
  double cpu_seconds() const;        // that it has used until now

 private:
  Child(pid_t process, int output) : process_(process), output_(output) {}
  bool read_port();
  void wait_for_end(int signal_number);

  pid_t process_;
  int output_;
  std::uint16_t port_ = 0;
};

}  // namespace laurel::daemon::cli::bench
