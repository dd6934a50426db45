#include "cli/bench/load.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <deque>
#include <string_view>

namespace laurel::daemon::cli::bench {

namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

// A descriptor that is closed with it.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

struct Connection {
  Descriptor socket;
  std::string in = {};
  steady_clock::time_point due = {};
  bool waiting = false;  // for an answer
};

Error broken(const char* what) { return Error{ErrorCode::kBusy, std::string("load: ") + what}; }

Result<Descriptor> connect_to(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (connect(socket.number(), generic, sizeof address) != 0) return broken("no connection");
  const int on = 1;
  setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

// The length of the whole answer at the front of `in`; 0 while it is not complete.
std::size_t answer_length(std::string_view in) {
  const std::size_t head = in.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const std::size_t name = in.substr(0, head + 2).find(kName);
  std::size_t length = 0;
  if (name != std::string_view::npos) {
    const char* digits = in.data() + name + kName.size();
    std::from_chars(digits, in.data() + in.size(), length);
  }
  return in.size() >= head + 4 + length ? head + 4 + length : 0;
}

double thread_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Lets the thread wake at the moment it asks for and, where that is allowed, before others, for as
// long as it lives: a generator that comes late would count its own lateness as the daemon's.
class Punctual {
 public:
  Punctual() : priority_(getpriority(PRIO_PROCESS, 0)), slack_(prctl(PR_GET_TIMERSLACK)) {
    setpriority(PRIO_PROCESS, 0, kPriority);
    prctl(PR_SET_TIMERSLACK, 1UL);
  }
  ~Punctual() {
    setpriority(PRIO_PROCESS, 0, priority_);
    prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(slack_));
  }
  Punctual(const Punctual&) = delete;
  Punctual& operator=(const Punctual&) = delete;

 private:
  static constexpr int kPriority = -10;
  int priority_;
  int slack_;
};

class Generator {
 public:
  explicit Generator(const LoadOptions& options)
      : options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  Result<LoadResult> run() {
    if (auto opened = open_all(); !opened) return std::move(opened).error();
    const Punctual punctual;
    const double cpu_before = thread_cpu_seconds();
    begin_ = steady_clock::now();
    end_ = begin_ + options_.time;
    while (steady_clock::now() < end_ || waiting_ > 0) {
      if (auto sent = send_due(); !sent) return std::move(sent).error();
      if (auto read = read_ready(); !read) return std::move(read).error();
    }
    result_.seconds = duration<double>(steady_clock::now() - begin_).count();
    result_.generator_cpu_seconds = thread_cpu_seconds() - cpu_before;
    result_.per_second = static_cast<double>(result_.answered) / result_.seconds;
    return std::move(result_);
  }

 private:
  Result<void> open_all() {
    for (std::size_t i = 0; i < options_.connections; ++i) {
      auto socket = connect_to(options_.port);
      if (!socket) return std::move(socket).error();
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, socket->number(), &event);
      connections_.push_back({*std::move(socket)});
      idle_.push_back(i);
    }
    return {};
  }

  bool is_open_loop() const { return options_.requests_per_second > 0; }

  // When the nth request of an open loop has to go.
  steady_clock::time_point due_at(std::int64_t number) const {
    const duration<double> after(static_cast<double>(number) / options_.requests_per_second);
    return begin_ + std::chrono::duration_cast<steady_clock::duration>(after);
  }

  Result<void> send_due() {
    const auto now = steady_clock::now();
    while (!idle_.empty() && now < end_) {
      const auto due = is_open_loop() ? due_at(sent_) : now;
      if (due > now) break;
      const std::size_t index = idle_.front();
      idle_.pop_front();
      if (auto done = send(connections_[index], due); !done) return done;
    }
    return {};
  }

  Result<void> send(Connection& connection, steady_clock::time_point due) {
    out_.clear();
    options_.request(out_, sent_++);
    connection.due = due;
    connection.waiting = true;
    ++waiting_;
    for (std::size_t at = 0; at < out_.size();) {
      const auto sent =
          ::send(connection.socket.number(), out_.data() + at, out_.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return broken("a connection broke while sending");
      at += static_cast<std::size_t>(sent);
    }
    return {};
  }

  // To the nanosecond: with milliseconds the generator would turn round and round until the next
  // request is due, on a processor that the daemon could use.
  timespec patience() const {
    constexpr std::chrono::nanoseconds kMost = std::chrono::milliseconds(100);
    std::chrono::nanoseconds left = kMost;
    if (is_open_loop() && !idle_.empty()) left = due_at(sent_) - steady_clock::now();
    left = std::clamp(left, std::chrono::nanoseconds(0), kMost);
    return {0, left.count()};
  }

  Result<void> read_ready() {
    std::array<epoll_event, 256> events;
    const timespec most = patience();
    const int ready = epoll_pwait2(epoll_.number(), events.data(), static_cast<int>(events.size()),
                                   &most, nullptr);
    for (int i = 0; i < ready; ++i) {
      const std::size_t index = events[static_cast<std::size_t>(i)].data.u64;
      if (auto read = read_from(index); !read) return read;
    }
    return {};
  }

  Result<void> read_from(std::size_t index) {
    Connection& connection = connections_[index];
    std::array<char, 16'384> bytes;
    const auto got = recv(connection.socket.number(), bytes.data(), bytes.size(), 0);
    if (got <= 0) return broken("a connection was closed");
    connection.in.append(bytes.data(), static_cast<std::size_t>(got));
    const std::size_t length = answer_length(connection.in);
    if (length == 0 || !connection.waiting) return {};
    note(connection);
    connection.in.erase(0, length);
    connection.waiting = false;
    --waiting_;
    idle_.push_back(index);
    return {};
  }

  void note(const Connection& connection) {
    const auto took = steady_clock::now() - connection.due;
    result_.latencies_ms.push_back(duration<double, std::milli>(took).count());
    ++result_.answered;
    if (!connection.in.starts_with("HTTP/1.1 2")) ++result_.failed;
  }

  const LoadOptions& options_;
  Descriptor epoll_;
  std::vector<Connection> connections_ = {};
  std::deque<std::size_t> idle_ = {};
  std::string out_ = {};
  std::int64_t sent_ = 0;
  std::int64_t waiting_ = 0;
  steady_clock::time_point begin_ = {}, end_ = {};
  LoadResult result_ = {};
};

}  // namespace

double LoadResult::per_second_alone(unsigned cores) const {
  const double share = generator_cpu_seconds / (seconds * cores);
  return per_second / (1 - std::min(share, 0.9));
}

Result<LoadResult> make_load(const LoadOptions& options) { return Generator(options).run(); }

std::string request_text(std::string_view method, std::string_view target, std::string_view key,
                         std::string_view body) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: laurel\r\n");
  if (!key.empty()) text.append("Authorization: Bearer ").append(key).append("\r\n");
  if (!body.empty()) {
    text.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n");
  }
  return text.append("\r\n").append(body);
}

}  // namespace laurel::daemon::cli::bench
