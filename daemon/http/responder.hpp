#pragma once
// The one place that knows cpp-httplib. It gets requests that the framer has already cut, bounded
// and checked, and only their request line: headers and bodies are where the packaged version goes
// wrong (lengths, chunks, compression, escapes in header values), and the handler reads them from
// the frame.

#include <memory>
#include <string>
#include <string_view>

#include "http/framer.hpp"
#include "http/message.hpp"

namespace laurel::daemon::http {

// One for each worker; a call at a time.
class Responder {
 public:
  explicit Responder(const Handler& handler);  // the handler must outlive it
  ~Responder();

  // The whole answer as it goes on the wire. `close` adds "Connection: close".
  std::string respond(const FramedRequest& request, std::string_view peer, bool close);
  // Whether the handler threw during the last call.
  bool handler_failed() const;

 private:
  class Adapter;
  std::unique_ptr<Adapter> adapter_;
};

// An answer to what never became a request, rendered without cpp-httplib.
std::string render(const Response& response, bool close);

}  // namespace laurel::daemon::http
