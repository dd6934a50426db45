#include "app/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

namespace laurel::daemon {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::string_view kBase32 = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view kHex = "0123456789abcdef";

std::vector<unsigned char> random_bytes(std::size_t size) {
  std::vector<unsigned char> bytes(size);
  // Without a random source no key may be made; there is nothing sensible to go on with.
  if (RAND_bytes(bytes.data(), static_cast<int>(size)) != 1) {
    std::fputs("laurel: the machine has no random source\n", stderr);
    std::abort();
  }
  return bytes;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 15U]);
  }
  return text;
}

std::string to_base32(std::span<const unsigned char> bytes) {
  std::string text;
  std::uint32_t waiting = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    waiting = waiting << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) text.push_back(kBase32[waiting >> (bits - 5) & 31U]);
  }
  if (bits > 0) text.push_back(kBase32[waiting << (5 - bits) & 31U]);
  return text;
}

}  // namespace

std::string make_secret(std::string_view prefix) {
  return std::string(prefix) + to_base32(random_bytes(kSecretBytes));
}

std::string random_hex(std::size_t size) {
  std::string text = to_hex(random_bytes((size + 1) / 2));
  text.resize(size);
  return text;
}

std::string secret_hash(std::string_view secret) {
  // Found once: looking it up takes a lock that every request would wait for.
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(secret.data(), secret.size(), digest.data(), &size, kAlgorithm, nullptr);
  return to_hex({digest.data(), size});
}

std::string random_text(std::size_t size) {
  const auto bytes = random_bytes(size);
  return {bytes.begin(), bytes.end()};
}

std::string to_base64(std::string_view bytes) {
  const auto* in = static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
  std::vector<unsigned char> out((bytes.size() + 2) / 3 * 4 + 1);  // and the end that it writes
  EVP_EncodeBlock(out.data(), in, static_cast<int>(bytes.size()));
  return {out.begin(), out.end() - 1};
}

std::string keyed_bytes(std::string_view secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  const auto* bytes = static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
  EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, secret.data(), secret.size(), bytes,
            text.size(), digest.data(), digest.size(), &size);
  return {digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::string keyed_hash(std::string_view secret, std::string_view text) {
  const std::string mac = keyed_bytes(secret, text);
  const std::vector<unsigned char> bytes(mac.begin(), mac.end());
  return to_hex(bytes);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace laurel::daemon
