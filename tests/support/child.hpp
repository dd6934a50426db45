#pragma once
// A part of a test in a process of its own, which may be killed.

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <vector>

namespace laurel::store {

// Starts before any thread does. The body's numbers come back through the pipe, also those it wrote
// before it was killed.
class Child {
 public:
  using Tell = std::function<void(std::int32_t)>;
  explicit Child(const std::function<void(const Tell&)>& body) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    process_ = fork();
    if (process_ == 0) {
      close(ends[0]);
      body([out = ends[1]](std::int32_t number) {
        if (::write(out, &number, sizeof number) != sizeof number) std::abort();
      });
      _exit(0);
    }
    close(ends[1]);
    in_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { close(in_); }

  // Whether it ended by itself.
  bool wait() {
    std::int32_t number = 0;
    while (::read(in_, &number, sizeof number) == sizeof number) told_.push_back(number);
    int status = 0;
    waitpid(process_, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  const std::vector<std::int32_t>& told() const { return told_; }

 private:
  pid_t process_ = -1;
  int in_ = -1;
  std::vector<std::int32_t> told_;
};

inline void die() { kill(getpid(), SIGKILL); }

}  // namespace laurel::store
