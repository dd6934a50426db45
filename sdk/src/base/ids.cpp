#include "laurel/ids.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include "base/check.hpp"
#include "base/fault.hpp"
#include "base/text.hpp"

// The text of a member is "m_", twelve digits of base 32 that hold a 60-bit number, and a check
// digit. The number is scrambled one to one, so that the text does not tell who enrolled when. The
// constants below are part of every printed card: they never change.
namespace laurel {
namespace {

constexpr std::string_view kPrefix = "m_";
constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kDataDigits = 12;
constexpr unsigned kHalfBits = 30;
constexpr std::uint64_t kHalfMask = (std::uint64_t{1} << kHalfBits) - 1;
constexpr std::int64_t kNumberEnd = std::int64_t{1} << (2 * kHalfBits);
constexpr std::array<std::uint64_t, 4> kRoundKeys = {0x1B873593, 0x2545F491, 0x0CC9E2D5,
                                                     0x3AD8025F};

std::uint64_t round_of(std::uint64_t half, std::uint64_t key) {
  std::uint64_t mixed = (half ^ key) * 0x9E3779B97F4A7C15;
  mixed ^= mixed >> 29U;
  mixed *= 0xBF58476D1CE4E5B9;
  return (mixed >> 32U) & kHalfMask;
}

// A Feistel network: each round can be undone, whatever round_of does.
std::uint64_t scrambled(std::uint64_t number) {
  std::uint64_t left = number >> kHalfBits;
  std::uint64_t right = number & kHalfMask;
  for (const std::uint64_t key : kRoundKeys) {
    const std::uint64_t next = left ^ round_of(right, key);
    left = right;
    right = next;
  }
  return left << kHalfBits | right;
}

std::uint64_t unscrambled(std::uint64_t number) {
  std::uint64_t left = number >> kHalfBits;
  std::uint64_t right = number & kHalfMask;
  for (std::size_t i = kRoundKeys.size(); i-- > 0;) {
    const std::uint64_t previous = right ^ round_of(left, kRoundKeys[i]);
    right = left;
    left = previous;
  }
  return left << kHalfBits | right;
}

// Multiplies by the generator of GF(32), x^5 + x^2 + 1.
constexpr unsigned times_generator(unsigned value) {
  return (value << 1U) ^ ((value & 16U) != 0 ? 0b100101U : 0U);
}

// Each digit counts by another power of the generator, so that any one wrong digit and any two
// exchanged digits change the sum.
unsigned check_digit(const std::array<unsigned, kDataDigits>& digits) {
  unsigned sum = 0;
  for (const unsigned digit : digits) sum = times_generator(sum ^ digit);
  return sum;
}

constexpr unsigned kNoDigit = 32;

// What each byte stands for, letters in either case and those that people mix up included.
constexpr auto kDigitValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t value = 0; value < kDigits.size(); ++value) {
    values[static_cast<unsigned char>(kDigits[value])] = static_cast<std::uint8_t>(value);
    values[static_cast<unsigned char>(to_lower(kDigits[value]))] = static_cast<std::uint8_t>(value);
  }
  for (const char letter : {'I', 'i', 'L', 'l'}) values[static_cast<unsigned char>(letter)] = 1;
  for (const char letter : {'O', 'o'}) values[static_cast<unsigned char>(letter)] = 0;
  return values;
}();

unsigned digit_value(char letter) { return kDigitValues[static_cast<unsigned char>(letter)]; }

std::optional<std::int64_t> number_of(std::string_view text) {
  if (text.size() != kPrefix.size() + kDataDigits + 1) return std::nullopt;
  if (to_lower(text[0]) != kPrefix[0] || text[1] != kPrefix[1]) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  std::array<unsigned, kDataDigits> digits{};
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kDataDigits; ++i) {
    digits[i] = digit_value(text[i]);
    if (digits[i] == kNoDigit) return std::nullopt;
    value = value << 5U | digits[i];
  }
  if (digit_value(text[kDataDigits]) != check_digit(digits)) return std::nullopt;
  return static_cast<std::int64_t>(unscrambled(value));
}

}  // namespace

Result<MemberId> MemberId::parse(std::string_view text) {
  const std::optional<std::int64_t> number = number_of(text);
  if (number && *number != 0) return MemberId(*number);
  return invalid("not_a_member_id", in_quotes(text) + " is not the id of a member");
}

std::string MemberId::text() const {
  LAUREL_ASSERT(number_ >= 0 && number_ < kNumberEnd, "members are numbered from 1 to 2^60 - 1");
  if (number_ == 0) return {};
  const std::uint64_t value = scrambled(static_cast<std::uint64_t>(number_));
  std::array<unsigned, kDataDigits> digits{};
  std::string result(kPrefix);
  for (std::size_t i = 0; i < kDataDigits; ++i) {
    digits[i] = static_cast<unsigned>(value >> (5 * (kDataDigits - 1 - i))) & 31U;
    result += kDigits[digits[i]];
  }
  return result += kDigits[check_digit(digits)];
}

}  // namespace laurel
