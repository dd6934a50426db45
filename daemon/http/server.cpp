#include "http/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "http/connections.hpp"
#include "http/counters.hpp"
#include "http/job_queue.hpp"
#include "http/responder.hpp"

namespace laurel::daemon::http {

namespace {

// Each connection is an open file; the usual soft limit of 1,024 would be the first thing to run
// out.
void raise_open_files_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

ServerMetrics Counters::read() const {
  ServerMetrics metrics;
  metrics.connections_open = connections_open.value();
  metrics.connections_total = connections_total.value();
  metrics.connections_refused = connections_refused.value();
  metrics.connections_evicted = connections_evicted.value();
  metrics.requests_total = requests_total.value();
  metrics.requests_in_flight = requests_in_flight.value();
  metrics.requests_shed = requests_shed.value();
  metrics.requests_timed_out = requests_timed_out.value();
  metrics.handlers_failed = handlers_failed.value();
  metrics.bytes_in = bytes_in.value();
  metrics.bytes_out = bytes_out.value();
  for (std::size_t i = 0; i < refused.size(); ++i) metrics.refused[i] = refused[i].value();
  return metrics;
}

class Server::Implementation {
 public:
  Implementation(const ServerOptions& options, Handler handler)
      : handler_(std::move(handler)),
        workers_count_(std::max<std::size_t>(options.workers, 1)),
        queue_(options.queue_max),
        connections_(options, counters_, [this](Job& job) { return queue_.try_push(job); }) {}
  ~Implementation() { stop(std::chrono::milliseconds(0)); }

  Result<std::uint16_t> start(std::string_view address);
  bool stop(std::chrono::milliseconds drain_deadline);
  ServerMetrics metrics() const { return counters_.read(); }

 private:
  void work();

  const Handler handler_;
  const std::size_t workers_count_;
  Counters counters_;
  JobQueue<Job> queue_;
  Connections connections_;
  std::thread loop_;
  std::vector<std::thread> workers_;
};

Result<std::uint16_t> Server::Implementation::start(std::string_view address) {
  raise_open_files_limit();
  auto port = connections_.listen(address);
  if (!port) return port;
  for (std::size_t i = 0; i < workers_count_; ++i) workers_.emplace_back([this] { work(); });
  loop_ = std::thread([this] { connections_.run(); });
  return port;
}

void Server::Implementation::work() {
  Responder responder(handler_);
  JobQueue<Job>::Bed bed;
  while (auto job = queue_.pop(bed)) {
    const bool close = !job->request.keep_alive || connections_.draining();
    std::string bytes =
        responder.respond(job->request, Connections::peer_of(*job->connection), close);
    if (responder.handler_failed()) counters_.handlers_failed.add();
    // The loop may take the connection up again as soon as it is answered.
    ConnectionPointer connection = std::move(job->connection);
    job.reset();
    connections_.answer(std::move(connection), std::move(bytes), close);
  }
}

bool Server::Implementation::stop(std::chrono::milliseconds drain_deadline) {
  if (!loop_.joinable()) return true;
  const auto drained = connections_.drain();
  drained.wait_for(drain_deadline);
  queue_.close();
  for (std::thread& worker : workers_) worker.join();
  connections_.end();
  loop_.join();
  return connections_.close_all() == 0;
}

Server::Server(const ServerOptions& options, Handler handler)
    : implementation_(std::make_unique<Implementation>(options, std::move(handler))) {}

Server::~Server() = default;

Result<std::uint16_t> Server::start(std::string_view listen) {
  return implementation_->start(listen);
}

bool Server::stop(std::chrono::milliseconds drain_deadline) {
  return implementation_->stop(drain_deadline);
}

ServerMetrics Server::metrics() const { return implementation_->metrics(); }

}  // namespace laurel::daemon::http
