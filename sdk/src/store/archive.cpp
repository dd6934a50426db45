#include "store/archive.hpp"

#include <charconv>

namespace laurel::store::codec {
namespace {

// A plain decimal as digits and the number of them behind the point; nothing where writing it back
// would not give the same text.
struct Plain {
  std::uint64_t digits = 0;
  std::uint64_t scale = 0;
};
constexpr std::size_t kMaxDigits = 17;  // 3 bits of scale and 2 of kind fit beside it
constexpr std::uint64_t kMaxScale = 7;

std::optional<Plain> plain(std::string_view text) {
  Plain result;
  bool point = false;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '.' && !point && digits > 0) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      result.digits = result.digits * 10 + static_cast<std::uint64_t>(c - '0');
      result.scale += point ? 1 : 0;
      if (++digits > kMaxDigits) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  const bool leading_zero = digits - result.scale > 1 && text[0] == '0';
  const bool bare_point = point && result.scale == 0;
  if (digits == 0 || leading_zero || bare_point || result.scale > kMaxScale) return std::nullopt;
  return result;
}

std::string text_of(Plain value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value.digits).ptr;
  std::string text(digits, end);
  if (value.scale == 0) return text;
  if (text.size() <= value.scale) text.insert(0, value.scale + 1 - text.size(), '0');
  text.insert(text.size() - value.scale, 1, '.');
  return text;
}

}  // namespace

// 0: empty; odd: a new string of that length; even: one that stood before.
void Encoder::put(const std::string& value) {
  if (value.empty()) return number(0);
  const std::size_t place = seen_.find(value);
  if (place < seen_.size()) return number(2 * place + 2);
  number(2 * value.size() + 1);
  append(value);
  seen_.add(value);
}

void Encoder::append(std::string_view text) {
  if (out_.size() - size_ < text.size()) out_.resize(2 * out_.size() + text.size());
  text.copy(out_.data() + size_, text.size());
  size_ += text.size();
}

void Decoder::get(std::string& value) {
  const std::uint64_t code = number();
  if (code == 0) return value.clear();
  if (code % 2 == 0) {
    const std::uint64_t place = code / 2 - 1;
    if (place >= seen_size_) return fail();
    value.assign(seen_[place].data, seen_[place].size);
    return;
  }
  const std::string_view text = take(code / 2);
  if (failed_) return;
  value = text;
  remember(text);
}

// Odd: a plain decimal; 0: a string follows.
void Encoder::put(const Decimal<const std::string>& field) {
  if (const auto value = plain(field.value)) {
    number(((value->digits << 3 | value->scale) << 1) | 1);
  } else {
    number(0);
    put(field.value);
  }
}

void Decoder::get(Decimal<std::string>& field) {
  const std::uint64_t code = number();
  if (code == 0) return get(field.value);
  if (code % 2 == 0) return fail();
  field.value = text_of({.digits = code >> 4, .scale = (code >> 1) & kMaxScale});
}

// Even: a whole quantity, by far the most; 1: thousandths follow.
void Encoder::put(Quantity value) {
  const std::int64_t thousandths = value.thousandths();
  if (thousandths % 1000 == 0) return number(zigzag(thousandths / 1000) << 1);
  number(1);
  signed_number(thousandths);
}

void Decoder::get(Quantity& value) {
  const std::uint64_t code = number();
  if (code == 1) {
    value = Quantity(signed_number());
    return;
  }
  constexpr std::int64_t kMaxWhole = std::numeric_limits<std::int64_t>::max() / 1000;
  const std::int64_t whole = unzigzag(code >> 1);
  if (code % 2 != 0 || whole > kMaxWhole || whole < -kMaxWhole) return fail();
  value = Quantity(whole * 1000);
}

// 0: never; 1: milliseconds from the base follow; else two more than the seconds from the base.
void Encoder::put(Instant value) {
  if (value == kNever) return number(0);
  const std::int64_t offset =
      difference(value.time_since_epoch().count(), base_.time.time_since_epoch().count());
  if (offset % 1000 == 0) return number(zigzag(offset / 1000) + 2);
  number(1);
  signed_number(offset);
}

void Decoder::get(Instant& value) {
  const std::uint64_t code = number();
  if (code == 0) {
    value = kNever;
    return;
  }
  constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max() / 1000;
  const std::int64_t seconds = code == 1 ? 0 : unzigzag(code - 2);
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds) return fail();
  const std::int64_t offset = code == 1 ? signed_number() : seconds * 1000;
  value = Instant(Duration(sum(offset, base_.time.time_since_epoch().count())));
}

void Decoder::get(Date& value) {
  const auto day = std::chrono::floor<std::chrono::days>(base_.time);
  const std::int64_t days = sum(signed_number(), day.time_since_epoch().count());
  if (days < std::numeric_limits<std::int32_t>::min() ||
      days > std::numeric_limits<std::int32_t>::max()) {
    return fail();
  }
  value = Date(std::chrono::days(static_cast<std::int32_t>(days)));
}

void Decoder::get(std::int32_t& value) {
  const std::int64_t read = signed_number();
  value = static_cast<std::int32_t>(read);
  if (value != read) fail();
}

void Decoder::get(std::uint32_t& value) {
  const std::int64_t read = signed_number();
  value = static_cast<std::uint32_t>(read);
  if (value != read) fail();
}

std::uint64_t Decoder::long_number() {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < rest_.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(rest_[i]);
    if (i == 9 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      rest_.remove_prefix(i + 1);
      return value;
    }
  }
  fail();
  return 0;
}

std::string_view Decoder::take(std::uint64_t size) {
  if (size > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

}  // namespace laurel::store::codec
