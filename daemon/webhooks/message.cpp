#include "webhooks/message.hpp"

#include "app/secret.hpp"

namespace laurel::daemon {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kTagDigits = 16;

}  // namespace

std::string webhook_signature(std::string_view key, const Message& message) {
  const std::string text = message.id + "." + std::to_string(message.sent_at) + "." + message.body;
  return "v1," + to_base64(keyed_bytes(key, text));
}

std::string message_id(std::string_view tag, EntryId event) {
  return std::string(tag) + "_" + std::to_string(event.number());
}

std::string make_webhook_secret() { return "whsec_" + to_base64(random_text(kKeyBytes)); }

std::string make_webhook_tag() { return "evt_" + random_hex(kTagDigits); }

}  // namespace laurel::daemon
