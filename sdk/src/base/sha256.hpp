#pragma once
// SHA-256 (FIPS 180-4): names content, such as the files of a programme, by what it says. Not for
// secrets that an attacker may guess. HMAC (RFC 2104) over it derives codes from a secret.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace laurel {

class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  void update(std::string_view bytes);
  // The digest of all bytes given. Call once.
  Digest finish();

 private:
  void compress(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> block_{};
  std::size_t block_size_ = 0;
  std::uint64_t total_bytes_ = 0;
};

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);
// From a key of any length.
Sha256::Digest hmac_sha256(std::string_view key, std::string_view message);
std::string to_hex(const Sha256::Digest& digest);

}  // namespace laurel
