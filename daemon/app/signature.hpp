#pragma once
// Signed requests: instead of its secret, a client sends the id of its key, a time stamp and an
// HMAC-SHA256 with the secret over the time stamp, the method, the target and the body, as they
// stand on the wire. What was listened to can neither be changed nor sent again much later.
//
//   X-Laurel-Key: k_7f3a9c21
//   X-Laurel-Timestamp: 1795342500
//   X-Laurel-Signature: v1=<64 lower-case hexadecimal digits>

#include <optional>
#include <string>
#include <string_view>

#include "app/keys.hpp"
#include "http/message.hpp"

namespace laurel::daemon {

// How far a time stamp may lie from the daemon's clock, either way.
inline constexpr Duration kSignatureTolerance = std::chrono::minutes(5);

// The value of X-Laurel-Signature. `timestamp` is seconds since 1970; `target` is path and query as
// they are sent. Each of the four is a line of what is signed, the body the last.
std::string signature_of(std::string_view secret, std::string_view timestamp,
                         std::string_view method, std::string_view target, std::string_view body);

// The id of the key that signed, as the request says; nothing where it is not signed.
std::optional<std::string_view> signing_key_id(const http::Request& request);

// Whether the key signs at all, and signed just this request about now.
bool is_signed_by(const http::Request& request, const Key& key, Instant now);

}  // namespace laurel::daemon
