#pragma once
// The one place that knows Boost.Asio: every connection from accept to close, on the thread that
// calls run(). Deadlines are looked at by one timer for all connections, so that an idle one costs
// no timer and no buffer.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/counters.hpp"
#include "http/framer.hpp"
#include "http/server.hpp"

namespace laurel::daemon::http {

struct Connection;
using ConnectionPointer = std::shared_ptr<Connection>;

// A complete request on its way to a worker. Until answer() is called the connection's socket
// belongs to who holds the job.
struct Job {
  ConnectionPointer connection;
  FramedRequest request;
};

class Connections {
 public:
  // `dispatch` takes the job or, where there is no room, returns false. Called on the loop's
  // thread.
  using Dispatch = std::function<bool(Job&)>;

  Connections(const ServerOptions& options, Counters& counters, Dispatch dispatch);
  ~Connections();

  Result<std::uint16_t> listen(std::string_view address);
  void run();  // until end()

  // Any thread from here on.
  // Sends what the socket takes at once and gives the connection back to the loop.
  void answer(ConnectionPointer connection, std::string bytes, bool close);
  static std::string_view peer_of(const Connection& connection);
  // Whether connections are to be closed after their answer.
  bool draining() const { return draining_.load(std::memory_order_relaxed); }
  // Stops accepting; ready once every connection is answered and closed.
  std::future<void> drain();
  // Lets run() return. Nothing is sent after it but what answer() still sends itself.
  void end();
  // Closes what is left, and says how many of them had a request that is not answered in full. Only
  // after run() has returned.
  std::size_t close_all();

 private:
  using Clock = std::chrono::steady_clock;
  using Tcp = boost::asio::ip::tcp;
  struct Answered {
    ConnectionPointer connection;
    std::string bytes;
    std::size_t sent;
    bool close;
  };

  void await_connections();
  void accept_ready();
  void accept_one(boost::system::error_code& failure);
  void add(Tcp::socket socket);
  bool make_room();
  void refuse_connection(Tcp::socket& socket);
  void await_bytes(const ConnectionPointer& connection);
  void read_ready(const ConnectionPointer& connection);
  void received(const ConnectionPointer& connection, std::string_view bytes);
  void proceed(const ConnectionPointer& connection);
  void dispatch(const ConnectionPointer& connection);
  void await_more(const ConnectionPointer& connection);
  void refuse(const ConnectionPointer& connection, Refusal refusal);
  void shed(const ConnectionPointer& connection, std::string_view detail);
  void take_back_answered();
  void write(const ConnectionPointer& connection, std::string bytes, bool close);
  void write_rest(const ConnectionPointer& connection);
  void write_more(const ConnectionPointer& connection);
  void answered(const ConnectionPointer& connection);
  void linger(const ConnectionPointer& connection);
  void close(const ConnectionPointer& connection);
  void await_sweep();
  void sweep();
  void expire(const ConnectionPointer& connection);
  void begin_drain();
  void drain_one(const ConnectionPointer& connection);
  void note_drained();
  void hold(Connection& connection, std::size_t bytes);

  ServerOptions options_;
  Counters& counters_;
  Dispatch dispatch_;
  boost::asio::io_context context_{1};
  Tcp::acceptor acceptor_{context_};
  boost::asio::steady_timer sweep_timer_{context_};
  boost::asio::steady_timer accept_timer_{context_};
  std::vector<ConnectionPointer> connections_;
  std::vector<char> input_;     // what was read last; handed on before the next read
  std::size_t held_bytes_ = 0;  // of requests not yet answered
  std::atomic<bool> draining_{false};
  std::promise<void> drained_;
  bool is_drained_ = false;

  std::mutex answered_mutex_;
  std::vector<Answered> answered_;  // from the workers, not yet seen by the loop
};

}  // namespace laurel::daemon::http
