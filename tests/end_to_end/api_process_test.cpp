// The executable as operators know it: started, told to read its programme again, stopped, killed.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

#include "api_fixture.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

// `laurel serve` in a process of its own.
class Process {
 public:
  Process(const std::filesystem::path& folder, const std::string& store) {
    const std::string programme = folder.string();
    std::vector<std::string> words = {LAUREL_EXECUTABLE, "serve", "--programme", programme,
                                      "--store",         store,   "--listen",    "127.0.0.1:0",
                                      "--log-level",     "error", "--sandbox"};
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

class ApiProcess : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_.path() / "rules");
    write(kProgramme);
  }
  void write(std::string_view yaml) { std::ofstream(folder_.file("rules/programme.yaml")) << yaml; }
  Process serve() { return {folder_.path() / "rules", "sqlite:" + folder_.file("laurel.db")}; }
  static Answer post(const Process& process, const std::string& body) {
    return RawClient(process.port()).ask(post_request("/v1/transactions", body));
  }
  static Answer get(const Process& process, std::string_view target) {
    return RawClient(process.port()).ask(get_request(target));
  }
  TemporaryFolder folder_;
};

TEST_F(ApiProcess, says_that_it_is_a_sandbox_and_where_it_listens) {
  Process process = serve();
  EXPECT_NE(process.greeting().find("SANDBOX"), std::string::npos) << process.greeting();
  EXPECT_NE(process.port(), 0);
  EXPECT_EQ(get(process, "/readyz").status, 200);
}

TEST_F(ApiProcess, ends_in_order_when_told_to) {
  Process process = serve();
  EXPECT_EQ(post(process, sale("till", "1", "5.00")).status, 201);
  EXPECT_EQ(process.finish(SIGTERM), 0);
}

TEST_F(ApiProcess, A8_an_acknowledged_sale_survives_a_kill_and_is_answered_again) {
  const std::string body = sale("till", "1", "5.00");
  std::string entry;
  {
    Process process = serve();
    entry = at(post(process, body).body, "/entry");
    EXPECT_EQ(process.finish(SIGKILL), -1);
  }
  Process process = serve();
  const Answer again = post(process, body);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(at(again.body, "/entry"), entry);
}

TEST_F(ApiProcess, reads_the_programme_again_on_a_hangup_and_keeps_the_old_one_if_it_is_broken) {
  Process process = serve();
  const std::string digest = at(get(process, "/readyz").body, "/programme/digest");
  write("programme: [");
  process.send(SIGHUP);
  Answer ready = get(process, "/readyz");
  for (int i = 0; i < 1'000 && at(ready.body, "/stale") == "absent"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ready = get(process, "/readyz");
  }
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(at(ready.body, "/stale"), "{2}");
  EXPECT_EQ(at(ready.body, "/programme/digest"), digest);
}

}  // namespace
}  // namespace laurel::test
