#pragma once
// A server that webhooks are posted to, on a port of this machine: it keeps what came, in order,
// and answers what it is told to.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace laurel::test {

struct Delivery {
  std::string id, timestamp, signature, content_type, body;
  int answered = 0;
};

class Receiver {
 public:
  // What to answer to the n-th delivery, from 0; called by one thread at a time.
  using Decide = std::function<int(std::size_t place, const Delivery& delivery)>;

  explicit Receiver(Decide decide = {}, std::uint16_t port = 0);
  // By TLS, with a certificate for 127.0.0.1 that it wrote to the file.
  static std::unique_ptr<Receiver> with_tls(const std::string& certificate_file);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::uint16_t port() const;
  std::string url(const std::string& path = "/hook") const;
  std::vector<Delivery> all() const;
  // The ids of what was answered 2xx, in order; of each the first only.
  std::vector<std::string> taken() const;
  // Until so many came in all, or so many different ones were taken; false after a minute.
  bool waits_for(std::size_t deliveries) const;
  bool waits_until_taken(std::size_t deliveries) const;

 private:
  class Impl;
  explicit Receiver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace laurel::test
