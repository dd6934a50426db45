#include "ledger/voucher_code.hpp"

#include <array>
#include <cstdint>

#include "base/sha256.hpp"

namespace laurel::ledger {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kDigits = 16;  // 5 bits each
constexpr std::size_t kBitsPerDigit = 5;
constexpr std::size_t kImportedMin = 6, kImportedMax = 64;

// Twice in the field of 32 elements, x^5 + x^2 + 1.
constexpr unsigned twice(unsigned value) {
  value <<= 1;
  return (value & 32U) != 0 ? value ^ 0b100101U : value;
}

// The sum of the digits, each times a power of x of its own: one digit more or less, or two that
// changed places, make another sum, as the first 31 powers differ.
char check_character(std::string_view digits) {
  unsigned sum = 0;
  for (const char digit : digits) {
    sum = twice(sum) ^ static_cast<unsigned>(kAlphabet.find(digit));
  }
  return kAlphabet[twice(sum)];
}

std::string number_bytes(std::uint64_t value) {
  std::string bytes(sizeof value, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFF);
    value >>= 8;
  }
  return bytes;
}

char as_own(char character) {
  if (character == 'O') return '0';
  if (character == 'I' || character == 'L') return '1';
  return character;
}

}  // namespace

std::string derive_code(std::string_view secret, EntryId entry, std::size_t place, int attempt) {
  const auto digest = hmac_sha256(
      secret, "voucher" + number_bytes(static_cast<std::uint64_t>(entry.number())) +
                  number_bytes(place) + number_bytes(static_cast<std::uint64_t>(attempt)));
  std::string code;
  std::uint64_t bits = 0;
  std::size_t held = 0;
  for (std::size_t next = 0; code.size() < kDigits;) {
    while (held < kBitsPerDigit) {
      bits = bits << 8 | digest[next++];
      held += 8;
    }
    held -= kBitsPerDigit;
    code += kAlphabet[bits >> held & 31U];
  }
  return code + check_character(code);
}

bool is_own_code(std::string_view normal) {
  return normal.size() == kDigits + 1 &&
         normal.find_first_not_of(kAlphabet) == std::string_view::npos &&
         check_character(normal.substr(0, kDigits)) == normal.back();
}

std::optional<std::string> normal_code(std::string_view text) {
  std::string normal, own;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    if (!plain || normal.size() == kImportedMax) return std::nullopt;
    normal += c;
    own += as_own(c);
  }
  if (is_own_code(own)) return own;
  if (normal.size() < kImportedMin) return std::nullopt;
  return normal;
}

std::string readable_code(const std::string& code) {
  constexpr std::size_t kGroup = 4;
  if (!is_own_code(code)) return code;
  std::string text;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (i > 0 && i % kGroup == 0) text += '-';
    text += code[i];
  }
  return text;
}

std::string masked_code(const std::string& code) {
  constexpr std::size_t kSeen = 2;
  return "****" + (code.size() > kImportedMin ? code.substr(code.size() - kSeen) : std::string());
}

}  // namespace laurel::ledger
