#pragma once
// What is posted, as Standard Webhooks has it: the event as its body, and three headers by which
// the receiver knows whose it is, which one, and when it was sent.

#include <cstdint>
#include <string>
#include <string_view>

#include "laurel/ids.hpp"

namespace laurel::daemon {

struct Message {
  std::string id;              // webhook-id: of the event at this receiver, whatever the attempt
  std::int64_t sent_at = 0;    // webhook-timestamp: seconds since 1970, of the attempt
  std::string signature = {};  // webhook-signature
  std::string body = {};
};

// The signature of "id.sent_at.body" under the bytes of a secret: "v1," and 44 letters of base 64.
std::string webhook_signature(std::string_view key, const Message& message);

std::string message_id(std::string_view tag, EntryId event);
std::string make_webhook_secret();  // whsec_ and 32 random bytes
std::string make_webhook_tag();

}  // namespace laurel::daemon
