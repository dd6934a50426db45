#include "webhooks/line.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <mutex>
#include <optional>

namespace laurel::daemon {

namespace {

// As in http/responder.cpp: the classes have to be laid out as those of the packaged library.
static_assert(sizeof(httplib::Request) == 608, "not the layout of the packaged cpp-httplib");

constexpr std::size_t kAnswerBytesMax = 64 * 1024;  // what is read of one, to keep the connection

std::string host_header(const WebhookUrl& url) {
  const bool is_ipv6 = url.host.find(':') != url.host.npos;
  const std::string host = is_ipv6 ? "[" + url.host + "]" : url.host;
  return url.port == (url.tls ? 443 : 80) ? host : host + ":" + std::to_string(url.port);
}

std::unique_ptr<httplib::ClientImpl> client_of(const WebhookUrl& url) {
  if (url.tls) return std::make_unique<httplib::SSLClient>(url.host, url.port);
  return std::make_unique<httplib::ClientImpl>(url.host, url.port);
}

std::string text_of(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::BindIPAddress: return "no connection";
    case httplib::Error::ConnectionTimeout: return "no connection in time";
    case httplib::Error::Read: return "the connection ended, or was silent, before the answer";
    case httplib::Error::Write: return "the connection ended before all was sent";
    case httplib::Error::SSLConnection: return "no TLS connection";
    case httplib::Error::SSLLoadingCerts: return "no trusted certificates on this machine";
    case httplib::Error::SSLServerVerification: return "the certificate of the server is not valid";
    case httplib::Error::Success:
    case httplib::Error::Unknown:
    case httplib::Error::ExceedRedirectCount:
    case httplib::Error::Canceled:
    case httplib::Error::UnsupportedMultipartBoundaryChars:
    case httplib::Error::Compression: return "no answer that could be read";
  }
  return "no answer";
}

// Seconds; as a date it is left alone.
std::chrono::seconds retry_after_of(const httplib::Response& response) {
  const std::string text = response.get_header_value("Retry-After");
  std::uint32_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, failure] = std::from_chars(text.data(), end, seconds);
  if (failure != std::errc() || read_to != end) return std::chrono::seconds(0);
  return std::chrono::seconds(seconds);
}

}  // namespace

// The socket is the client's; a second descriptor of it lets others shut it down, at any step of
// its life, without ever touching a number that was given out again.
class Line::Impl {
 public:
  explicit Impl(const WebhookUrl& url)
      : target_(url.target), host_(host_header(url)), client_(client_of(url)) {
    client_->set_connection_timeout(kConnectMax);
    client_->set_read_timeout(kAttemptMax);
    client_->set_write_timeout(kAttemptMax);
    client_->set_keep_alive(true);
    client_->set_follow_location(false);
    client_->set_tcp_nodelay(true);
    client_->set_decompress(false);
    client_->set_url_encode(false);  // the target is sent as it was registered
    client_->set_socket_options([this](socket_t socket) { take(socket); });
    if (url.tls) client_->enable_server_certificate_verification(true);
  }
  ~Impl() {
    client_.reset();
    drop();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Reply post(const Message& message) {
    if (!begin()) return {.fault = "stopped"};
    httplib::Request request = request_of(message);
    httplib::Response response;
    httplib::Error error = httplib::Error::Success;
    std::string thrown;
    try {
      client_->send(request, response, error);
    } catch (const std::exception& fault) {
      thrown = fault.what();
    }
    const bool was_late = end();
    // Once its head is there it is an answer, whatever becomes of the rest.
    if (response.status > 0) {
      return {.status = response.status, .retry_after = retry_after_of(response)};
    }
    if (was_late)
      return {.fault = "no answer within " + std::to_string(kAttemptMax.count()) + " s"};
    return {.fault = thrown.empty() ? text_of(error) : "no answer: " + thrown};
  }

  void watch(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (!started_ || now - *started_ < kAttemptMax) return;
    late_ = true;
    shut();
  }

  void cut() {
    const std::lock_guard lock(mutex_);
    cut_ = true;
    shut();
  }

 private:
  httplib::Request request_of(const Message& message) const {
    httplib::Request request;
    request.method = "POST";
    request.path = target_;
    request.headers = {{"Host", host_},
                       {"Content-Type", "application/json"},
                       {"User-Agent", "Laurel/" LAUREL_VERSION},
                       {"webhook-id", message.id},
                       {"webhook-timestamp", std::to_string(message.sent_at)},
                       {"webhook-signature", message.signature}};
    request.body = message.body;
    request.content_receiver = [left = kAnswerBytesMax](const char*, std::size_t size,
                                                        auto...) mutable {
      left -= std::min(size, left);
      return left > 0;
    };
    return request;
  }

  bool begin() {
    const std::lock_guard lock(mutex_);
    late_ = false;
    if (!cut_) started_ = Clock::now();
    return !cut_;
  }
  bool end() {
    const std::lock_guard lock(mutex_);
    started_.reset();
    return late_;
  }

  void take(socket_t socket) {
    const std::lock_guard lock(mutex_);
    drop();
    second_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  }
  void drop() {
    if (second_ >= 0) ::close(std::exchange(second_, -1));
  }
  void shut() const {
    if (second_ >= 0) ::shutdown(second_, SHUT_RDWR);
  }

  const std::string target_, host_;
  std::mutex mutex_;
  int second_ = -1;
  std::optional<Clock::time_point> started_;
  bool late_ = false, cut_ = false;
  std::unique_ptr<httplib::ClientImpl> client_;
};

Line::Line(const WebhookUrl& url) : impl_(std::make_unique<Impl>(url)) {}
Line::~Line() = default;
Reply Line::post(const Message& message) { return impl_->post(message); }
void Line::watch(Clock::time_point now) { impl_->watch(now); }
void Line::cut() { impl_->cut(); }

}  // namespace laurel::daemon
