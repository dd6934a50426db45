#pragma once
// A client that sends the bytes it is told to, right or wrong, and reads one answer at a time.
// Blocking; every read gives up after 30 s, so that a test that waits in vain fails.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace laurel::test {

struct Answer {
  int status = 0;    // 0: the connection ended before an answer was complete
  std::string head;  // status line and headers
  std::string body;

  bool has(std::string_view header_line) const {
    return head.find("\r\n" + std::string(header_line) + "\r\n") != std::string::npos;
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{30, 0};
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // The sockets interface takes every kind of address through this one type.
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      disconnect();
    }
  }
  ~RawClient() { disconnect(); }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), input_(std::move(other.input_)) {}
  RawClient& operator=(RawClient&&) = delete;

  bool connected() const { return socket_ >= 0; }
  void disconnect() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  // False if the other end does not take them all.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // `bodiless`: the answer to a HEAD, whose length is that of a body that does not come.
  Answer read_answer(bool bodiless = false) {
    Answer answer;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return answer;
    }
    answer.head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);
    const std::size_t length = bodiless ? 0 : length_of(answer.head);
    while (input_.size() < length) {
      if (!receive()) return answer;
    }
    answer.body = input_.substr(0, length);
    input_.erase(0, length);
    answer.status = std::atoi(answer.head.c_str() + 9);
    return answer;
  }

  Answer ask(std::string_view request) {
    if (!send(request)) return {};
    return read_answer();
  }

  // Everything up to the end of the connection.
  std::string read_all() {
    while (receive()) {
    }
    return std::exchange(input_, {});
  }
  // The other end closes without another byte.
  bool ended() { return read_all().empty() && !timed_out_; }

 private:
  bool receive() {
    char buffer[65'536];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    timed_out_ = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (count <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  static std::size_t length_of(const std::string& head) {
    constexpr std::string_view kName = "\r\nContent-Length: ";
    const std::size_t at = head.find(kName);
    if (at == std::string::npos) return 0;
    return static_cast<std::size_t>(std::atoll(head.c_str() + at + kName.size()));
  }

  int socket_;
  std::string input_;
  bool timed_out_ = false;
};

inline std::string get_request(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: laurel\r\n\r\n";
}

inline std::string post_request(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: laurel\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace laurel::test
