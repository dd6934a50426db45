#pragma once
// What cryptography is needed, by OpenSSL.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace laurel::daemon {

// A secret that cannot be guessed: the prefix and 32 random bytes in Crockford's base 32.
std::string make_secret(std::string_view prefix);
// `size` lower-case hexadecimal digits from the machine's random source.
std::string random_hex(std::size_t size);
// SHA-256 as 64 lower-case hexadecimal digits.
std::string secret_hash(std::string_view secret);
// Bytes of the machine's random source.
std::string random_text(std::size_t size);
std::string to_base64(std::string_view bytes);  // padded
// HMAC-SHA256, 32 bytes; nothing where the library fails.
std::string keyed_bytes(std::string_view secret, std::string_view text);
// The same as 64 lower-case hexadecimal digits.
std::string keyed_hash(std::string_view secret, std::string_view text);
// Takes the same time wherever the first difference stands.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace laurel::daemon
