#pragma once
// The HTTP server. One thread owns every connection (accept, read, frame, deadlines); a complete
// request goes to one of the workers, where cpp-httplib parses it, calls the handler and renders
// the answer. A slow or silent client costs a file descriptor and nothing else.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "http/framer.hpp"
#include "http/message.hpp"
#include "laurel/result.hpp"

namespace laurel::daemon::http {

struct ServerOptions {
  std::size_t workers = 64;  // handlers at once; they may block, so more than cores
  std::size_t connections_max = 10'000;
  std::size_t queue_max = 1'024;  // requests waiting for a worker; beyond it 503 with Retry-After
  std::size_t buffered_bytes_max = std::size_t{64} << 20;  // of requests not yet answered, together
  FramerLimits limits = {};
  // From the first byte of a request to its last, and for the first byte of a new connection.
  std::chrono::milliseconds request_deadline{10'000};
  std::chrono::milliseconds idle_timeout{60'000};    // between two requests
  std::chrono::milliseconds write_deadline{30'000};  // for one whole answer
};

struct ServerMetrics {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_total = 0;
  std::uint64_t connections_refused = 0;  // over connections_max
  std::uint64_t connections_evicted = 0;  // idle ones closed to make room
  std::uint64_t requests_total = 0;       // handed to a worker
  std::uint64_t requests_in_flight = 0;   // queued or in a handler
  std::uint64_t requests_shed = 0;        // 503: queue or buffers full
  std::uint64_t requests_timed_out = 0;   // 408
  std::uint64_t handlers_failed = 0;      // exceptions
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::array<std::uint64_t, kRefusalCount> refused = {};  // by Refusal
};

class Server {
 public:
  Server(const ServerOptions& options, Handler handler);
  ~Server();  // stop(0)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // `listen`: "127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one. The port listened on, once
  // connections are accepted. kInvalid: not an address; kBusy: the address is taken. Raises the
  // process's limit of open files as far as it may. Once in the life of a Server.
  Result<std::uint16_t> start(std::string_view listen);

  // Accepts nothing new, lets every request that has begun to arrive finish and be answered, then
  // closes. False if the deadline came first and something was cut off; a handler that runs is
  // waited for in any case. Any thread but a handler's.
  bool stop(std::chrono::milliseconds drain_deadline);

  ServerMetrics metrics() const;  // any thread

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace laurel::daemon::http
