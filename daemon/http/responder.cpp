#include "http/responder.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "http/problem.hpp"

#if !defined(CPPHTTPLIB_OPENSSL_SUPPORT) || !defined(CPPHTTPLIB_ZLIB_SUPPORT) || \
    !defined(CPPHTTPLIB_BROTLI_SUPPORT)
#error "compile with the flags of `pkg-config --cflags cpp-httplib`"
#endif

namespace laurel::daemon::http {

namespace {

// The library is compiled with defines that change the layout of its classes. Without the same ones
// here every request would be corrupted silently.
static_assert(sizeof(httplib::Request) == 608, "not the layout of the packaged cpp-httplib");

// Set by what sends the answer, or true of no answer here.
constexpr std::array<std::string_view, 6> kReservedHeaders = {
    "connection", "content-length", "content-type", "date", "keep-alive", "transfer-encoding"};

bool is_safe(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
}

bool is_reserved(std::string_view name) {
  const auto same = [&](std::string_view reserved) {
    return std::equal(name.begin(), name.end(), reserved.begin(), reserved.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
  };
  return std::any_of(kReservedHeaders.begin(), kReservedHeaders.end(), same);
}

// "Sat, 21 Nov 2026 10:15:00 GMT", made once a second.
class DateText {
 public:
  const std::string& now() {
    const std::time_t seconds = std::time(nullptr);
    if (seconds == seconds_ && !text_.empty()) return text_;
    seconds_ = seconds;
    std::tm fields{};
    gmtime_r(&seconds, &fields);
    char buffer[40];
    text_.assign(buffer,
                 std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &fields));
    return text_;
  }

 private:
  std::time_t seconds_ = 0;
  std::string text_;
};

// Feeds the request line to cpp-httplib and collects what it writes.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view input) : input_(input) { output_.reserve(1024); }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const std::size_t count = input_.copy(to, size);
    input_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, size_t size) override {
    output_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

  std::string take() { return std::move(output_); }

 private:
  std::string_view input_;
  std::string output_;
};

}  // namespace

class Responder::Adapter final : public httplib::Server {
 public:
  explicit Adapter(const http::Handler& handler) : handler_(handler) {
    // Every request is answered here, before cpp-httplib looks at a body or at its own routes.
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& response) {
      answer(response);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) {
      if (!close_) response.headers.erase("Connection");
      response.headers.erase("Accept-Ranges");
      if (response.status == 204 || response.status == 304)
        response.headers.erase("Content-Length");
    });
  }

  std::string respond(const FramedRequest& framed, std::string_view peer, bool close) {
    const std::size_t question = framed.target.find('?');
    const bool has_query = question != std::string_view::npos;
    request_ = {framed.method,
                framed.target,
                framed.target.substr(0, question),
                has_query ? framed.target.substr(question + 1) : std::string_view(),
                framed.headers,
                framed.body,
                peer};
    head_.assign(framed.method).append(" ").append(request_.path).append(" HTTP/1.1\r\n\r\n");
    MemoryStream stream(head_);
    bool closed = false;
    handler_failed_ = false;
    close_ = close;
    // It is always told to close, because it makes "Keep-Alive" with a stream, at a cost; the
    // header it makes instead goes again where the connection stays.
    process_request(stream, true, closed, nullptr);
    request_ = {};
    return stream.take();
  }

  bool handler_failed() const { return handler_failed_; }

 private:
  Response call_handler() {
    try {
      return handler_(request_);
    } catch (...) {
      handler_failed_ = true;
      return problem(500, "broken", "An internal fault.");
    }
  }

  void answer(httplib::Response& out) {
    Response response = call_handler();
    out.status = response.status;
    out.set_header("Date", date_.now());
    for (const auto& [name, value] : response.headers) {
      if (is_safe(name) && is_safe(value) && !is_reserved(name)) out.set_header(name, value);
    }
    if (response.body.empty()) return;
    if (is_safe(response.content_type)) out.set_header("Content-Type", response.content_type);
    out.body = std::move(response.body);
  }

  const http::Handler& handler_;
  Request request_;
  std::string head_;
  DateText date_;
  bool handler_failed_ = false;
  bool close_ = false;
};

Responder::Responder(const Handler& handler) : adapter_(std::make_unique<Adapter>(handler)) {}
Responder::~Responder() = default;

std::string Responder::respond(const FramedRequest& request, std::string_view peer, bool close) {
  return adapter_->respond(request, peer, close);
}

bool Responder::handler_failed() const { return adapter_->handler_failed(); }

std::string render(const Response& response, bool close) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += reason_of(response.status);
  out += "\r\nContent-Type: " + response.content_type;
  out += "\r\nContent-Length: " + std::to_string(response.body.size());
  for (const auto& [name, value] : response.headers) out += "\r\n" + name + ": " + value;
  if (close) out += "\r\nConnection: close";
  out += "\r\n\r\n" + response.body;
  return out;
}

}  // namespace laurel::daemon::http
