// The floor of every HTTP figure: a handler that does nothing, behind the real server, asked over
// loopback by 8, 64 and 1,000 connections, each with one request under way; then by 8 again, while
// 1,000 others say nothing and 200 send a byte at a time. The clients share the machine, so the
// processor time of a request is printed for either side.
//
//   benchmark_http_floor [seconds a run] [workers]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/server.hpp"

namespace {

using laurel::daemon::http::Request;
using laurel::daemon::http::Response;
using laurel::daemon::http::Server;
using laurel::daemon::http::ServerOptions;
using Clock = std::chrono::steady_clock;

std::string sale_request() {
  std::string body =
      R"({"id":"R-1001","source":"knightsbridge-till-7","kind":"sale","at":"2026-11-21T10:15:00Z",)"
      R"("store":"knightsbridge","channel":"store","currency":"GBP","lines":[)";
  for (int i = 1; i <= 3; ++i) {
    body += std::string(i == 1 ? "" : ",") + R"({"id":")" + std::to_string(i) +
            R"(","sku":"PR-88","department":"handbags","quantity":1,"amount":"1950.00"})";
  }
  body += "]}";
  return "POST /v1/transactions HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: */*\r\n"
         "Content-Type: application/json\r\nAuthorization: Bearer lk_0123456789abcdef\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Slot {
  int socket = -1;
  Clock::time_point sent;
  std::string input;
};

struct Figures {
  std::vector<std::uint32_t> latencies_us;
  std::uint64_t failures = 0;
  std::chrono::duration<double> elapsed{};
  double client_seconds = 0;
  double process_seconds = 0;
};

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror("connect");
    std::exit(3);
  }
  return socket;
}

bool is_whole(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = answer.find(kName);
  const auto length = static_cast<std::size_t>(std::atoll(answer.data() + at + kName.size()));
  return answer.size() >= end + 4 + length;
}

class Load {
 public:
  Load(std::uint16_t port, std::size_t connections)
      : epoll_(::epoll_create1(0)), slots_(connections) {
    for (std::size_t i = 0; i < connections; ++i) {
      slots_[i].socket = connect_to(port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, slots_[i].socket, &event);
    }
  }
  ~Load() {
    for (const Slot& slot : slots_) ::close(slot.socket);
    ::close(epoll_);
  }

  Figures run(std::chrono::seconds duration) {
    figures_.latencies_us.reserve(4'000'000);
    const double client_before = cpu_seconds(RUSAGE_THREAD);
    const double process_before = cpu_seconds(RUSAGE_SELF);
    const auto begin = Clock::now();
    for (Slot& slot : slots_) send(slot);
    while (Clock::now() - begin < duration) turn();
    figures_.elapsed = Clock::now() - begin;
    figures_.client_seconds = cpu_seconds(RUSAGE_THREAD) - client_before;
    figures_.process_seconds = cpu_seconds(RUSAGE_SELF) - process_before;
    return std::move(figures_);
  }

 private:
  void send(Slot& slot) {
    slot.sent = Clock::now();
    if (::send(slot.socket, request_.data(), request_.size(), MSG_NOSIGNAL) < 0)
      ++figures_.failures;
  }

  void turn() {
    std::array<epoll_event, 256> events{};
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
      receive(slots_[events[i].data.u64]);
    }
  }

  void receive(Slot& slot) {
    char buffer[4'096];
    const ssize_t count = ::recv(slot.socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count <= 0) {
      ++figures_.failures;
      return;
    }
    slot.input.append(buffer, static_cast<std::size_t>(count));
    if (!is_whole(slot.input)) return;
    if (!slot.input.starts_with("HTTP/1.1 200")) ++figures_.failures;
    slot.input.clear();
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - slot.sent);
    figures_.latencies_us.push_back(static_cast<std::uint32_t>(took.count()));
    send(slot);
  }

  int epoll_;
  std::vector<Slot> slots_;
  std::string request_ = sale_request();
  Figures figures_;
};

// Clients that take places and give nothing: silent ones, and some that drip a header.
class Siege {
 public:
  explicit Siege(std::uint16_t port) {
    for (int i = 0; i < 1'000; ++i) silent_.push_back(connect_to(port));
    for (int i = 0; i < 200; ++i) dripping_.push_back(connect_to(port));
    constexpr std::string_view kBegin = "GET / HTTP/1.1\r\nX: ";
    for (const int socket : dripping_) ::send(socket, kBegin.data(), kBegin.size(), MSG_NOSIGNAL);
    thread_ = std::thread([this] { drip(); });
  }
  ~Siege() {
    over_ = true;
    thread_.join();
    for (const int socket : silent_) ::close(socket);
    for (const int socket : dripping_) ::close(socket);
  }

 private:
  void drip() {
    while (!over_) {
      for (const int socket : dripping_) ::send(socket, "x", 1, MSG_NOSIGNAL);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  std::vector<int> silent_;
  std::vector<int> dripping_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

void print(const std::string& name, Figures& figures) {
  auto& latencies = figures.latencies_us;
  if (latencies.empty()) return;
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double part) {
    return latencies[static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1))];
  };
  const auto count = static_cast<double>(latencies.size());
  const double server_us = 1e6 * (figures.process_seconds - figures.client_seconds) / count;
  std::printf("%12s %12.0f %9u %9u %9u %9llu %14.1f %14.1f\n", name.c_str(),
              count / figures.elapsed.count(), at(0.5), at(0.99), at(0.999),
              static_cast<unsigned long long>(figures.failures), server_us,
              1e6 * figures.client_seconds / count);
}

}  // namespace

int main(int argc, char** argv) {
  const std::chrono::seconds duration(argc > 1 ? std::atoi(argv[1]) : 5);
  ServerOptions options;
  if (argc > 2) options.workers = static_cast<std::size_t>(std::atoi(argv[2]));
  Server server(options, [](const Request&) {
    return Response{200, "application/json", R"({"replayed":false})"};
  });
  const auto port = server.start("127.0.0.1:0");
  if (!port) {
    std::fprintf(stderr, "%s\n", port.error().detail.c_str());
    return 3;
  }
  std::printf("%u processors, %zu workers\n", std::thread::hardware_concurrency(), options.workers);
  std::printf("%12s %12s %9s %9s %9s %9s %14s %14s\n", "connections", "requests/s", "p50 us",
              "p99 us", "p99.9 us", "failures", "server CPU us", "client CPU us");
  const auto measure = [&](const std::string& name, std::size_t connections) {
    Load load(*port, connections);
    Figures figures = load.run(duration);
    print(name, figures);
  };
  for (const std::size_t connections : {8U, 64U, 1'000U}) {
    measure(std::to_string(connections), connections);
  }
  {
    const Siege siege(*port);
    measure("8 besieged", 8);
  }
  return server.stop(std::chrono::seconds(5)) ? 0 : 1;
}
