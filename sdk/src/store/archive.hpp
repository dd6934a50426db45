#pragma once
// The bytes in which the SQL stores keep records: numbers as varints (signed ones in zigzag), ids
// and times as differences from a base, strings once each and then by their place.
//
// A record is described once, by a function template over the archive, which serves for writing and
// for reading:
//
//   template <class Archive>
//   void describe(Archive& archive, Part<Archive, Tender>& tender) {
//     archive.fields(tender.type, Decimal{tender.amount});
//   }
//
// fields() writes one bit a field, and then only those that differ from their default. So a field
// may be added at the end of a list at any time: older bytes leave it at its default. Fields are
// never removed or reordered.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "laurel/webhook.hpp"
#include "ledger/member.hpp"

namespace laurel::store::codec {

class Encoder;
class Decoder;

template <class Archive, class T>
using Part = std::conditional_t<std::is_same_v<Archive, Encoder>, const T, T>;

// A field whose default is not that of its type.
template <class T>
struct Defaulted {
  T& value;
  std::remove_const_t<T> standard;
};
template <class T, class U>
Defaulted(T&, U) -> Defaulted<T>;

// Text that is usually a plain decimal ("1950.00"); any other text survives too.
template <class T>
struct Decimal {
  T& value;
};
template <class T>
Decimal(T&) -> Decimal<T>;

// A field that older bytes have here and that is written elsewhere now.
template <class T>
struct Formerly {
  T& value;
};
template <class T>
Formerly(T&) -> Formerly<T>;

// The highest enumerator, so that no other number is ever read into the type.
template <class E>
inline constexpr E kLast = E{};
template <>
inline constexpr auto kLast<TransactionKind> = TransactionKind::kEvent;
template <>
inline constexpr auto kLast<TransactionState> = TransactionState::kLinked;
template <>
inline constexpr auto kLast<IdentifierRole> = IdentifierRole::kGuest;
template <>
inline constexpr auto kLast<Notice::Of> = Notice::Of::kTierLoss;
template <>
inline constexpr auto kLast<Strength> = Strength::kStrong;
template <>
inline constexpr auto kLast<WebhookState> = WebhookState::kOff;
template <>
inline constexpr auto kLast<MemberStatus> = MemberStatus::kMerged;
template <>
inline constexpr auto kLast<TierMetric> = TierMetric::kEvents;
template <>
inline constexpr auto kLast<ledger::EntryKind> = ledger::EntryKind::kPool;
template <>
inline constexpr auto kLast<ledger::Account> = ledger::Account::kWithheld;
template <>
inline constexpr auto kLast<ledger::LotMoveKind> = ledger::LotMoveKind::kExpire;
template <>
inline constexpr auto kLast<ledger::VoucherKind> = ledger::VoucherKind::kForeign;
template <>
inline constexpr auto kLast<ledger::Pooling::What> = ledger::Pooling::What::kLeave;
template <>
inline constexpr auto kLast<ledger::VoucherMoveKind> = ledger::VoucherMoveKind::kPass;

// What ids and times are written relative to. Both sides of a record use the same.
struct Base {
  std::int64_t entry = 0;
  Instant time;
};

// Differences wrap around, so that no pair of values is out of range.
constexpr std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
constexpr std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

template <class T>
bool is_default(const T& value) {
  if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else {
    return value == T{};
  }
}
template <class T>
bool is_default(const Defaulted<T>& field) {
  return field.value == field.standard;
}
template <class T>
bool is_default(const Decimal<T>& field) {
  return field.value.empty();
}

template <class T>
bool is_default(const Formerly<T>&) {
  return true;
}

// Of the strings of a record the first so many are remembered.
inline constexpr std::size_t kStringsMax = 256;

// The strings written so far. On the path of every sale, so that it neither allocates nor compares
// texts that differ at their start.
class Strings {
 public:
  std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t place) const {
    return {texts_[place].data, texts_[place].size};
  }
  void add(std::string_view text) {
    if (count_ == kStringsMax) return;
    const std::uint64_t key = key_of(text);
    keys_[count_] = key;
    texts_[count_++] = {.data = text.data(), .size = text.size()};
    std::size_t slot = slot_of(key);
    while (places_[slot] != 0) slot = (slot + 1) % kSlots;
    places_[slot] = static_cast<std::uint16_t>(count_);
  }
  // size(): it is not among them. Of equal ones the first.
  std::size_t find(std::string_view text) const {
    const std::uint64_t key = key_of(text);
    for (std::size_t slot = slot_of(key); places_[slot] != 0; slot = (slot + 1) % kSlots) {
      const std::size_t place = places_[slot] - std::size_t{1};
      if (keys_[place] == key && (*this)[place] == text) return place;
    }
    return count_;
  }

 private:
  static constexpr std::size_t kSlots = 2 * kStringsMax;
  struct Text {
    const char* data;
    std::size_t size;
  };
  template <class Word>
  static std::uint64_t word_at(const char* bytes) {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }
  // Its first eight bytes and its length, or all of it; of fixed sizes, which need no call.
  static std::uint64_t key_of(std::string_view text) {
    constexpr std::size_t kHalf = sizeof(std::uint32_t);
    std::uint64_t start = 0;
    if (text.size() >= sizeof start) {
      start = word_at<std::uint64_t>(text.data());
    } else if (text.size() >= kHalf) {
      start = word_at<std::uint32_t>(text.data()) << 32U |
              word_at<std::uint32_t>(text.data() + text.size() - kHalf);
    } else {
      for (const char c : text) start = start << 8U | static_cast<unsigned char>(c);
    }
    return start ^ (std::uint64_t{text.size()} << 56U);
  }
  static std::size_t slot_of(std::uint64_t key) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
    return (key * kOdd >> 55U) % kSlots;
  }

  std::size_t count_ = 0;
  std::uint16_t places_[kSlots] = {};  // by key: one more than the place; 0: none
  std::uint64_t keys_[kStringsMax];    // left uninitialised on purpose, like the next
  Text texts_[kStringsMax];
};

class Encoder {
 public:
  // Overwrites `out`, which outlives the encoder, as do all strings given to put(). It is whole
  // only after finish().
  Encoder(std::string& out, Base base) : out_(out), base_(base) {
    if (out_.size() < kRoom) out_.resize(kRoom);
  }
  void finish() { out_.resize(size_); }

  // A string both sides know already. Before anything is written.
  void know(std::string_view text) { seen_.add(text); }

  template <class... Fields>
  void fields(const Fields&... field) {
    static_assert(sizeof...(Fields) <= 64);
    std::uint64_t mask = 0, bit = 1;
    ((mask |= is_default(field) ? 0 : bit, bit <<= 1), ...);
    number(mask);
    bit = 1;
    (((mask & bit) != 0 ? put(field) : void(), bit <<= 1), ...);
  }

  void byte(char value) {
    if (size_ == out_.size()) out_.resize(2 * size_);
    out_[size_++] = value;
  }
  void number(std::uint64_t value) {
    constexpr std::size_t kDigitsMax = 10;
    if (out_.size() - size_ < kDigitsMax) out_.resize(2 * out_.size());
    char* at = out_.data() + size_;
    while (value >= 0x80) {
      *at++ = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    *at++ = static_cast<char>(value);
    size_ = static_cast<std::size_t>(at - out_.data());
  }
  void signed_number(std::int64_t value) { number(zigzag(value)); }

  void put(bool) {}  // its bit in the mask says all
  void put(std::int64_t value) { signed_number(value); }
  void put(std::int32_t value) { signed_number(value); }
  void put(std::uint32_t value) { signed_number(value); }
  void put(const std::string& value);
  void put(const Decimal<const std::string>& field);
  void put(Points value) { signed_number(value.units()); }
  void put(MemberId id) { signed_number(id.number()); }
  void put(EntryId id) { signed_number(difference(base_.entry, id.number())); }
  void put(ledger::LotId id) { signed_number(difference(base_.entry * 64, id.number())); }
  void put(Quantity value);
  void put(Instant value);
  void put(Date value) {
    const auto day = std::chrono::floor<std::chrono::days>(base_.time);
    signed_number((value - day).count());
  }
  template <class T>
  void put(const Defaulted<T>& field) {
    put(field.value);
  }
  template <class T>
  void put(const Formerly<T>&) {}
  template <class T>
  void put(const std::optional<T>& value) {
    put(*value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    number(values.size());
    for (const T& value : values) put(value);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      number(static_cast<std::uint64_t>(value));
    } else {
      describe(*this, value);
    }
  }

 private:
  static constexpr std::size_t kRoom = 1'024;
  void append(std::string_view text);

  std::string& out_;
  std::size_t size_ = 0;  // written; the rest of `out_` is room
  Base base_;
  Strings seen_;
};

// Reads what an Encoder wrote. On any bytes it ends with either the record or ok() == false; after
// a fault every read gives zero.
class Decoder {
 public:
  Decoder(std::string_view bytes, Base base) : rest_(bytes), base_(base) {}

  void know(std::string_view text) { remember(text); }

  bool ok() const { return !failed_; }
  bool finished() const { return !failed_ && rest_.empty(); }
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  template <class... Fields>
  void fields(Fields&&... field) {
    const std::uint64_t mask = number();
    if constexpr (sizeof...(Fields) < 64) {
      if ((mask >> sizeof...(Fields)) != 0) return fail();  // of a newer version
    }
    std::uint64_t bit = 1;
    (((mask & bit) != 0 ? get(field) : leave_out(field), bit <<= 1), ...);
  }

  std::uint64_t number() {
    if (rest_.empty() || static_cast<unsigned char>(rest_.front()) >= 0x80) return long_number();
    const auto value = static_cast<std::uint64_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::int64_t signed_number() { return unzigzag(number()); }
  // Of elements, each of which takes a byte or more.
  std::uint64_t count() {
    const std::uint64_t size = number();
    if (size <= rest_.size()) return size;
    fail();
    return 0;
  }

  void get(bool& value) { value = true; }
  void get(std::int64_t& value) { value = signed_number(); }
  void get(std::int32_t& value);
  void get(std::uint32_t& value);
  void get(std::string& value);
  void get(Decimal<std::string>& field);
  void get(Points& value) { value = Points(signed_number()); }
  void get(MemberId& id) { id = MemberId(signed_number()); }
  void get(EntryId& id) { id = EntryId(difference(base_.entry, signed_number())); }
  void get(ledger::LotId& id) { id = ledger::LotId(difference(base_.entry * 64, signed_number())); }
  void get(Quantity& value);
  void get(Instant& value);
  void get(Date& value);
  template <class T>
  void get(Defaulted<T>& field) {
    if constexpr (std::is_same_v<T, bool>) {
      field.value = !field.standard;
    } else {
      get(field.value);
    }
  }
  template <class T>
  void get(Formerly<T>& field) {
    get(field.value);
  }
  template <class T>
  void get(std::optional<T>& value) {
    get(value.emplace());
  }
  template <class T>
  void get(std::vector<T>& values) {
    const std::uint64_t size = count();
    values.reserve(std::min<std::size_t>(size, kReservedMax));
    for (std::uint64_t i = 0; i < size && !failed_; ++i) get(values.emplace_back());
  }
  template <class A, class B>
  void get(std::pair<A, B>& value) {
    get(value.first);
    get(value.second);
  }
  template <class T>
  void get(T& value) {
    if constexpr (std::is_enum_v<T>) {
      const std::uint64_t read = number();
      if (read > static_cast<std::uint64_t>(kLast<T>)) return fail();
      value = static_cast<T>(read);
    } else {
      describe(*this, value);
    }
  }

 private:
  template <class T>
  static void leave_out(Defaulted<T>& field) {
    field.value = field.standard;
  }
  template <class T>
  static void leave_out(T&) {}
  static constexpr std::size_t kReservedMax = 64;  // elements: a count may lie
  std::uint64_t long_number();
  std::string_view take(std::uint64_t size);
  void remember(std::string_view text) {
    if (seen_size_ < kStringsMax) seen_[seen_size_++] = {.data = text.data(), .size = text.size()};
  }

  struct Text {
    const char* data;
    std::size_t size;
  };
  std::string_view rest_;
  Base base_;
  bool failed_ = false;
  std::size_t seen_size_ = 0;
  Text seen_[kStringsMax];  // left uninitialised on purpose
};

}  // namespace laurel::store::codec
