#include "http/connections.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>
#include <cerrno>
#include <charconv>
#include <optional>

#include "http/problem.hpp"
#include "http/responder.hpp"

namespace laurel::daemon::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr int kBacklog = 4'096;
constexpr int kAcceptsAtOnce = 64;
constexpr std::chrono::milliseconds kAcceptRetry{50};
// After the last answer the peer has this long to read it and close: closing at once, with bytes of
// the peer unread, would reset the connection and take the answer away from it.
constexpr std::chrono::milliseconds kLinger{2'000};
constexpr std::size_t kLingerBytesMax = std::size_t{32} << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

enum class Phase : std::uint8_t {
  kFresh,      // no byte has come yet
  kIdle,       // between two requests
  kReading,    // part of a request has come
  kHandling,   // a worker has it; the loop must not touch the socket
  kWriting,    // the loop sends what the socket did not take at once
  kLingering,  // answered for the last time, waiting for the peer to close
  kClosed,
};

// Sends what the socket takes now, from `sent` on. False if the connection is gone.
bool send_now(int socket, std::string_view bytes, std::size_t& sent) {
  while (sent < bytes.size()) {
    const ssize_t count =
        ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

Response busy(std::string_view detail) {
  return problem(Error{ErrorCode::kBusy, std::string(detail)});
}

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};

// "127.0.0.1:8080" or "[::1]:8080".
std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Endpoint endpoint;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  endpoint.host = host;
  const auto [end, failure] =
      std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (failure != std::errc() || end != port.data() + port.size()) return std::nullopt;
  return endpoint;
}

}  // namespace

struct Connection {
  explicit Connection(asio::ip::tcp::socket the_socket, const FramerLimits& limits)
      : socket(std::move(the_socket)), framer(limits) {}

  asio::ip::tcp::socket socket;
  Framer framer;
  std::string peer;
  std::string output;                           // kWriting: the answer …
  std::size_t sent = 0;                         // … and how much of it is gone
  std::chrono::steady_clock::time_point since;  // in this phase
  std::chrono::steady_clock::time_point deadline;
  std::size_t place = 0;  // in connections_
  std::size_t held_bytes = 0;
  std::size_t lingered_bytes = 0;
  Phase phase = Phase::kFresh;
  bool awaits_bytes = false;
  bool continue_sent = false;
  bool close_after = false;

  void enter(Phase next, std::chrono::milliseconds limit) {
    phase = next;
    since = std::chrono::steady_clock::now();
    deadline = since + limit;
  }
};

Connections::Connections(const ServerOptions& options, Counters& counters, Dispatch dispatch)
    : options_(options), counters_(counters), dispatch_(std::move(dispatch)), input_(kReadBytes) {}

Connections::~Connections() = default;

Result<std::uint16_t> Connections::listen(std::string_view address) {
  const auto endpoint = parse_endpoint(address);
  error_code failure;
  const auto ip = asio::ip::make_address(endpoint ? endpoint->host : "", failure);
  if (!endpoint || failure) {
    return Error{ErrorCode::kInvalid, "not an address to listen on: \"" + std::string(address) +
                                          "\"; it looks like 127.0.0.1:8080 or [::1]:8080"};
  }
  const Tcp::endpoint local(ip, endpoint->port);
  acceptor_.open(local.protocol(), failure);
  if (!failure) acceptor_.set_option(Tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor_.bind(local, failure);
  if (!failure) acceptor_.listen(kBacklog, failure);
  if (!failure) acceptor_.non_blocking(true, failure);
  if (failure) {
    return Error{ErrorCode::kBusy,
                 "cannot listen on " + std::string(address) + ": " + failure.message()};
  }
  await_connections();
  await_sweep();
  return acceptor_.local_endpoint().port();
}

void Connections::run() { context_.run(); }

void Connections::end() { context_.stop(); }

std::string_view Connections::peer_of(const Connection& connection) { return connection.peer; }

// ---- accepting

void Connections::await_connections() {
  acceptor_.async_wait(Tcp::acceptor::wait_read, [this](const error_code& failure) {
    if (!failure) accept_ready();
  });
}

void Connections::accept_ready() {
  error_code failure;
  for (int i = 0; i < kAcceptsAtOnce && !failure; ++i) accept_one(failure);
  if (!failure || failure == asio::error::would_block) return await_connections();
  // Out of descriptors, most likely: accepting again at once would only turn the processor.
  accept_timer_.expires_after(kAcceptRetry);
  accept_timer_.async_wait([this](const error_code& cancelled) {
    if (!cancelled && acceptor_.is_open()) await_connections();
  });
}

void Connections::accept_one(error_code& failure) {
  Tcp::socket socket = acceptor_.accept(context_, failure);
  if (failure == asio::error::connection_aborted) failure.clear();
  if (failure || !socket.is_open()) return;
  if (connections_.size() >= options_.connections_max && !make_room()) {
    refuse_connection(socket);
  } else {
    add(std::move(socket));
  }
}

void Connections::add(Tcp::socket socket) {
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  const auto remote = socket.remote_endpoint(ignored);
  auto connection = std::make_shared<Connection>(std::move(socket), options_.limits);
  connection->peer = remote.address().to_string(ignored);
  connection->place = connections_.size();
  connection->enter(Phase::kFresh, options_.request_deadline);
  connections_.push_back(connection);
  counters_.connections_total.add();
  counters_.connections_open.add();
  await_bytes(connection);
}

// Closes the connection that has waited longest without sending anything.
bool Connections::make_room() {
  const ConnectionPointer* oldest = nullptr;
  for (const ConnectionPointer& each : connections_) {
    if (each->phase != Phase::kFresh && each->phase != Phase::kIdle) continue;
    if (oldest == nullptr || each->since < (*oldest)->since) oldest = &each;
  }
  if (oldest == nullptr) return false;
  counters_.connections_evicted.add();
  close(ConnectionPointer(*oldest));
  return true;
}

void Connections::refuse_connection(Tcp::socket& socket) {
  counters_.connections_refused.add();
  std::size_t sent = 0;
  send_now(socket.native_handle(), render(busy("Too many connections."), true), sent);
  error_code ignored;
  socket.close(ignored);
}

// ---- reading

void Connections::await_bytes(const ConnectionPointer& connection) {
  if (connection->awaits_bytes) return;
  connection->awaits_bytes = true;
  connection->socket.async_wait(Tcp::socket::wait_read,
                                [this, connection](const error_code& failure) {
                                  connection->awaits_bytes = false;
                                  if (!failure) read_ready(connection);
                                });
}

void Connections::read_ready(const ConnectionPointer& connection) {
  if (connection->phase == Phase::kClosed) return;
  error_code failure;
  const std::size_t size = connection->socket.read_some(asio::buffer(input_), failure);
  if (failure == asio::error::would_block) return await_bytes(connection);
  if (failure) return close(connection);
  counters_.bytes_in.add(size);
  received(connection, {input_.data(), size});
}

void Connections::received(const ConnectionPointer& connection, std::string_view bytes) {
  switch (connection->phase) {
    case Phase::kFresh:
    case Phase::kIdle:
      connection->enter(Phase::kReading, options_.request_deadline);
      [[fallthrough]];
    case Phase::kReading: connection->framer.feed(bytes); return proceed(connection);
    case Phase::kLingering:
      connection->lingered_bytes += bytes.size();
      if (connection->lingered_bytes > kLingerBytesMax) return close(connection);
      return await_bytes(connection);
    case Phase::kHandling:
    case Phase::kWriting:  // no bytes are asked for in these
    case Phase::kClosed: return;
  }
}

void Connections::proceed(const ConnectionPointer& connection) {
  Framer& framer = connection->framer;
  switch (framer.state()) {
    case Framer::State::kNeedMore: return await_more(connection);
    case Framer::State::kComplete: return dispatch(connection);
    case Framer::State::kRefused: return refuse(connection, framer.refusal());
  }
}

void Connections::await_more(const ConnectionPointer& connection) {
  const Framer& framer = connection->framer;
  hold(*connection, framer.buffered());
  if (held_bytes_ > options_.buffered_bytes_max) {
    return shed(connection, "Too many bytes of requests are waiting.");
  }
  if (framer.wants_continue() && !connection->continue_sent) {
    connection->continue_sent = true;
    std::size_t sent = 0;
    send_now(connection->socket.native_handle(), kContinue, sent);
  }
  await_bytes(connection);
}

void Connections::dispatch(const ConnectionPointer& connection) {
  Job job{connection, connection->framer.take()};
  hold(*connection, job.request.storage.size() + connection->framer.buffered());
  connection->continue_sent = false;
  connection->phase = Phase::kHandling;
  connection->deadline = Clock::time_point::max();
  const bool keep_alive = job.request.keep_alive;
  counters_.requests_total.add();
  counters_.requests_in_flight.add();
  if (dispatch_(job)) return;
  counters_.requests_total.remove();
  counters_.requests_in_flight.remove();
  counters_.requests_shed.add();
  const bool close = !keep_alive || draining();
  write(connection, render(busy("Too many requests are waiting."), close), close);
}

void Connections::refuse(const ConnectionPointer& connection, Refusal refusal) {
  counters_.refused[static_cast<std::size_t>(refusal)].add();
  write(connection, render(problem(status_of(refusal), name_of(refusal), explain(refusal)), true),
        true);
}

void Connections::shed(const ConnectionPointer& connection, std::string_view detail) {
  counters_.requests_shed.add();
  write(connection, render(busy(detail), true), true);
}

// Keeps the sum of what the connections hold.
void Connections::hold(Connection& connection, std::size_t bytes) {
  held_bytes_ = held_bytes_ - connection.held_bytes + bytes;
  connection.held_bytes = bytes;
}

// ---- answering

void Connections::answer(ConnectionPointer connection, std::string bytes, bool close) {
  counters_.bytes_out.add(bytes.size());
  std::size_t sent = 0;
  if (!send_now(connection->socket.native_handle(), bytes, sent)) {
    sent = bytes.size();
    close = true;
  }
  bool first = false;
  {
    const std::lock_guard lock(answered_mutex_);
    first = answered_.empty();
    answered_.push_back({std::move(connection), std::move(bytes), sent, close});
  }
  // One wake-up takes back all that have been answered by then.
  if (first) asio::post(context_, [this] { take_back_answered(); });
}

void Connections::take_back_answered() {
  std::vector<Answered> batch;
  {
    const std::lock_guard lock(answered_mutex_);
    batch.swap(answered_);
  }
  for (Answered& each : batch) {
    counters_.requests_in_flight.remove();
    each.connection->close_after = each.close;
    each.connection->output = std::move(each.bytes);
    each.connection->sent = each.sent;
    write_rest(each.connection);
  }
}

void Connections::write(const ConnectionPointer& connection, std::string bytes, bool close_after) {
  counters_.bytes_out.add(bytes.size());
  connection->close_after = close_after;
  connection->output = std::move(bytes);
  connection->sent = 0;
  write_more(connection);
}

void Connections::write_more(const ConnectionPointer& connection) {
  const int socket = connection->socket.native_handle();
  if (!send_now(socket, connection->output, connection->sent)) return close(connection);
  write_rest(connection);
}

void Connections::write_rest(const ConnectionPointer& connection) {
  if (connection->sent == connection->output.size()) return answered(connection);
  if (connection->phase != Phase::kWriting) {
    connection->enter(Phase::kWriting, options_.write_deadline);
  }
  connection->socket.async_wait(Tcp::socket::wait_write,
                                [this, connection](const error_code& failure) {
                                  if (failure || connection->phase != Phase::kWriting) return;
                                  write_more(connection);
                                });
}

void Connections::answered(const ConnectionPointer& connection) {
  std::string().swap(connection->output);
  if (connection->close_after) return linger(connection);
  hold(*connection, connection->framer.buffered());
  if (connection->framer.started()) {
    connection->enter(Phase::kReading, options_.request_deadline);
    return proceed(connection);
  }
  connection->enter(Phase::kIdle, options_.idle_timeout);
  if (draining()) return drain_one(connection);
  await_bytes(connection);
}

void Connections::linger(const ConnectionPointer& connection) {
  hold(*connection, 0);
  error_code failure;
  connection->socket.shutdown(Tcp::socket::shutdown_send, failure);
  if (failure) return close(connection);
  connection->enter(Phase::kLingering, kLinger);
  await_bytes(connection);
}

void Connections::close(const ConnectionPointer& connection) {
  if (connection->phase == Phase::kClosed) return;
  hold(*connection, 0);
  connection->phase = Phase::kClosed;
  error_code ignored;
  connection->socket.close(ignored);
  counters_.connections_open.remove();
  const ConnectionPointer kept = connection;  // the argument may be the place emptied below
  connections_.back()->place = kept->place;
  std::swap(connections_[kept->place], connections_.back());
  connections_.pop_back();
  note_drained();
}

void Connections::note_drained() {
  if (!draining() || !connections_.empty() || is_drained_) return;
  is_drained_ = true;
  drained_.set_value();
}

std::size_t Connections::close_all() {
  take_back_answered();
  std::size_t unfinished = 0;
  while (!connections_.empty()) {
    const ConnectionPointer last = connections_.back();
    const Phase phase = last->phase;
    if (phase == Phase::kReading || phase == Phase::kHandling || phase == Phase::kWriting) {
      ++unfinished;
    }
    close(last);
  }
  return unfinished;
}

// ---- deadlines

void Connections::await_sweep() {
  const auto shortest =
      std::min({options_.request_deadline, options_.idle_timeout, options_.write_deadline});
  sweep_timer_.expires_after(
      std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(250)));
  sweep_timer_.async_wait([this](const error_code& failure) {
    if (failure) return;
    sweep();
    await_sweep();
  });
}

void Connections::sweep() {
  const auto now = Clock::now();
  std::vector<ConnectionPointer> late;
  for (const ConnectionPointer& each : connections_) {
    if (each->phase != Phase::kHandling && each->deadline <= now) late.push_back(each);
  }
  for (const ConnectionPointer& each : late) expire(each);
}

void Connections::expire(const ConnectionPointer& connection) {
  if (connection->phase != Phase::kReading) return close(connection);
  counters_.requests_timed_out.add();
  write(connection,
        render(problem(408, "request_timeout", "The request took too long to arrive."), true),
        true);
}

// ---- stopping

std::future<void> Connections::drain() {
  std::future<void> drained = drained_.get_future();
  asio::post(context_, [this] { begin_drain(); });
  return drained;
}

void Connections::begin_drain() {
  draining_.store(true, std::memory_order_relaxed);
  error_code failure;
  // What the kernel has accepted for us counts as accepted.
  while (!failure) accept_one(failure);
  acceptor_.close(failure);
  accept_timer_.cancel();
  const std::vector<ConnectionPointer> all = connections_;
  for (const ConnectionPointer& each : all) {
    if (each->phase == Phase::kFresh || each->phase == Phase::kIdle) drain_one(each);
  }
  note_drained();
}

// A connection without a request is closed, unless bytes of one wait in the socket.
void Connections::drain_one(const ConnectionPointer& connection) {
  error_code failure;
  if (connection->socket.available(failure) > 0 && !failure) return await_bytes(connection);
  close(connection);
}

}  // namespace laurel::daemon::http
