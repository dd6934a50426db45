#include "cli/bench/child.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <ctime>
#include <fstream>

namespace laurel::daemon::cli::bench {

namespace {

constexpr std::string_view kListening = "listening on http://";

[[noreturn]] void become(std::vector<char*> words, int output) {
  dup2(output, STDOUT_FILENO);
  execv("/proc/self/exe", words.data());
  _exit(127);
}

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return Error{ErrorCode::kBusy, "no pipe for the daemon"};
  std::vector<std::string> texts = {"laurel"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& text : texts) words.push_back(text.data());
  words.push_back(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    become(std::move(words), ends[1]);
  }
  close(ends[1]);
  Child child(process, ends[0]);
  if (process < 0 || !child.read_port()) {
    return Error{ErrorCode::kBusy, "the daemon did not start"};
  }
  return child;
}

bool Child::read_port() {
  std::string text;
  std::array<char, 512> bytes;
  while (text.find('\n', text.find(kListening)) == std::string::npos ||
         text.find(kListening) == std::string::npos) {
    const auto got = read(output_, bytes.data(), bytes.size());
    if (got <= 0) return false;
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
  const std::size_t line = text.find(kListening);
  const std::size_t end = text.find('\n', line);
  const std::size_t colon = text.rfind(':', end);
  std::from_chars(text.data() + colon + 1, text.data() + end, port_);
  return port_ != 0;
}

Child::Child(Child&& other) noexcept
    : process_(other.process_), output_(other.output_), port_(other.port_) {
  other.process_ = -1;
  other.output_ = -1;
}

Child::~Child() {
  wait_for_end(SIGTERM);
  if (output_ >= 0) close(output_);
}

void Child::kill_at_once() { wait_for_end(SIGKILL); }

void Child::wait_for_end(int signal_number) {
  if (process_ <= 0) return;
  kill(process_, signal_number);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

std::int64_t Child::resident_kb() const {
  std::ifstream status("/proc/" + std::to_string(process_) + "/status");
  for (std::string word; status >> word;) {
    std::int64_t kb = 0;
    if (word == "VmRSS:" && status >> kb) return kb;
  }
  return 0;
}

double Child::cpu_seconds() const {
  clockid_t clock{};
  if (clock_getcpuclockid(process_, &clock) != 0) return 0;
  timespec used{};
  clock_gettime(clock, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace laurel::daemon::cli::bench
