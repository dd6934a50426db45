#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laurel::test {

// `laurel serve` in a process of its own.
class Process {
 public:
  Process(const std::filesystem::path& folder, const std::string& store,
          const std::vector<std::string>& more = {}) {
    const std::string programme = folder.string();
    std::vector<std::string> words = {LAUREL_EXECUTABLE, "serve", "--programme", programme,
                                      "--store",         store,   "--listen",    "127.0.0.1:0",
                                      "--log-level",     "error", "--sandbox"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (::posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
      id_ = 0;
    }
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    read_greeting(ends[0]);
  }
  ~Process() {
    if (id_ > 0) finish(SIGKILL);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::uint16_t port() const { return port_; }
  const std::string& greeting() const { return greeting_; }
  void send(int signal_number) const { ::kill(id_, signal_number); }
  // The exit code; -1 where the signal ended it.
  int finish(int signal_number) {
    send(signal_number);
    int status = 0;
    ::waitpid(std::exchange(id_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  void read_greeting(int pipe) {
    constexpr std::string_view kListening = "listening on http://127.0.0.1:";
    for (char each = 0; ::read(pipe, &each, 1) == 1;) {
      greeting_.push_back(each);
      const std::size_t place = greeting_.find(kListening);
      if (place == std::string::npos || each != '\n') continue;
      const char* digits = greeting_.c_str() + place + kListening.size();
      port_ = static_cast<std::uint16_t>(std::atoi(digits));
      break;
    }
    ::close(pipe);
  }

  pid_t id_ = 0;
  std::uint16_t port_ = 0;
  std::string greeting_;
};

}  // namespace laurel::test
