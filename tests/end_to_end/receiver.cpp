#include "receiver.hpp"

#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

namespace laurel::test {

class Receiver::Impl {
 public:
  Impl(std::unique_ptr<httplib::Server> server, Decide decide, std::uint16_t port)
      : server_(std::move(server)), decide_(std::move(decide)) {
    server_->set_tcp_nodelay(true);
    server_->set_keep_alive_timeout(1);  // as long as it takes to stop
    server_->Post("/hook", [this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
    });
    const bool bound = port == 0 || server_->bind_to_port("127.0.0.1", port);
    port_ = port == 0 ? server_->bind_to_any_port("127.0.0.1") : bound ? port : -1;
    thread_ = std::thread([this] { server_->listen_after_bind(); });
  }
  ~Impl() {
    while (!server_->is_running()) std::this_thread::yield();
    server_->stop();
    thread_.join();
  }

  int port() const { return port_; }
  std::vector<Delivery> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  void answer(const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex_);
    Delivery delivery{.id = request.get_header_value("webhook-id"),
                      .timestamp = request.get_header_value("webhook-timestamp"),
                      .signature = request.get_header_value("webhook-signature"),
                      .content_type = request.get_header_value("Content-Type"),
                      .body = request.body};
    response.status = decide_ ? decide_(all_.size(), delivery) : 200;
    response.set_header("Location", "/elsewhere");
    delivery.answered = response.status;
    all_.push_back(std::move(delivery));
  }

  std::unique_ptr<httplib::Server> server_;
  const Decide decide_;
  mutable std::mutex mutex_;
  std::vector<Delivery> all_;
  int port_ = 0;
  std::thread thread_;
};

namespace {

bool comes_true(const std::function<bool()>& holds) {
  for (int i = 0; i < 6'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

struct Identity {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  X509* certificate = X509_new();
  ~Identity() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

// Signed by itself, for a day.
void certify(Identity& identity, const std::string& file) {
  X509* const made = identity.certificate;
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
  X509_gmtime_adj(X509_getm_notBefore(made), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made), 86'400);
  X509_set_pubkey(made, identity.key);
  const auto* name = reinterpret_cast<const unsigned char*>("receiver");
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, name, -1, -1, 0);
  X509_set_issuer_name(made, X509_get_subject_name(made));
  X509_EXTENSION* const address =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(made, address, -1);
  X509_EXTENSION_free(address);
  X509_sign(made, identity.key, EVP_sha256());
  std::FILE* const out = std::fopen(file.c_str(), "w");
  PEM_write_X509(out, made);
  std::fclose(out);
}

}  // namespace

Receiver::Receiver(Decide decide, std::uint16_t port)
    : impl_(std::make_unique<Impl>(std::make_unique<httplib::Server>(), std::move(decide), port)) {}

Receiver::Receiver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Receiver::~Receiver() = default;

std::unique_ptr<Receiver> Receiver::with_tls(const std::string& certificate_file) {
  Identity identity;
  certify(identity, certificate_file);
  auto server = std::make_unique<httplib::SSLServer>(identity.certificate, identity.key);
  auto impl = std::make_unique<Impl>(std::move(server), Decide(), std::uint16_t{0});
  return std::unique_ptr<Receiver>(new Receiver(std::move(impl)));
}

std::uint16_t Receiver::port() const { return static_cast<std::uint16_t>(impl_->port()); }

std::string Receiver::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port()) + path;
}

std::vector<Delivery> Receiver::all() const { return impl_->all(); }

std::vector<std::string> Receiver::taken() const {
  std::vector<std::string> ids;
  for (const Delivery& delivery : all()) {
    if (delivery.answered / 100 != 2) continue;
    if (std::ranges::find(ids, delivery.id) == ids.end()) ids.push_back(delivery.id);
  }
  return ids;
}

bool Receiver::waits_for(std::size_t deliveries) const {
  return comes_true([&] { return all().size() >= deliveries; });
}

bool Receiver::waits_until_taken(std::size_t deliveries) const {
  return comes_true([&] { return taken().size() >= deliveries; });
}

}  // namespace laurel::test
