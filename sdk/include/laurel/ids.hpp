#pragma once
// Names of things. Each id is a type of its own, so that one is never passed for another.

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "laurel/result.hpp"

namespace laurel {

// A member. As text "m_" and thirteen letters and digits (Crockford's base 32, no I, L, O, U), not
// in order of enrolment. 0 is no member.
class MemberId {
 public:
  constexpr MemberId() = default;
  constexpr explicit MemberId(std::int64_t number) : number_(number) {}
  static Result<MemberId> parse(std::string_view text);  // kInvalid
  constexpr std::int64_t number() const { return number_; }
  constexpr explicit operator bool() const { return number_ != 0; }
  std::string text() const;
  friend constexpr auto operator<=>(const MemberId&, const MemberId&) = default;

 private:
  std::int64_t number_ = 0;
};

// The place of an entry in the ledger: 1, 2, 3 … in the order in which they were committed.
class EntryId {
 public:
  constexpr EntryId() = default;
  constexpr explicit EntryId(std::int64_t number) : number_(number) {}
  constexpr std::int64_t number() const { return number_; }
  constexpr explicit operator bool() const { return number_ != 0; }
  friend constexpr auto operator<=>(const EntryId&, const EntryId&) = default;

 private:
  std::int64_t number_ = 0;
};

// The business key of a transaction, unique for ever. `source` names the system that posts
// ("knightsbridge-till-7"), `id` its own number for it. 1 to 64 and 1 to 128 bytes of printable
// UTF-8.
struct TransactionKey {
  std::string source;
  std::string id;
  friend auto operator<=>(const TransactionKey&, const TransactionKey&) = default;
};

}  // namespace laurel

template <>
struct std::hash<laurel::MemberId> {
  std::size_t operator()(laurel::MemberId id) const noexcept {
    return std::hash<std::int64_t>{}(id.number());
  }
};
