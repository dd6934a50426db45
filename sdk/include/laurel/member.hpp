#pragma once
// A member as tills and associates see her.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "laurel/profile.hpp"
#include "laurel/receipt.hpp"

namespace laurel {

enum class MemberStatus : std::uint8_t { kActive, kFrozen, kClosed, kMerged };

struct MemberIdentifier {
  std::string type;
  std::string value;
  Strength strength = Strength::kWeak;
  bool verified = false;
};

enum class LotState : std::uint8_t { kPending, kAvailable };

struct LotView {
  Points points;  // that remain
  LotState state = LotState::kAvailable;
  Instant available_from;
  Instant expires_at;  // exclusive; kNever
  EntryId entry;       // that earned them
};

struct WalletView {
  WalletBalance balance;
  std::vector<LotView> lots;  // in the order in which they will be spent
};

struct Member {
  MemberId id;
  MemberStatus status = MemberStatus::kActive;
  std::string language;
  std::optional<Date> born = {};
  std::vector<std::string> segments = {};  // sorted
  Instant enrolled_at;
  std::vector<MemberIdentifier> identifiers;
  TierStanding tier;
  std::vector<std::string> benefits;  // of her tier
  std::vector<WalletView> wallets;    // every wallet of the programme in force
  Currency programme_currency;
  std::vector<MemberId> formerly = {};  // merged into her; these ids lead to her
  // Of one into whom others were merged: what she lacks is theirs, and of consents the latest.
  MemberProfile profile = {};
  std::string associate = {};  // she works in the house: under this name she serves customers
};

// A new member. `key` makes it safe to send again: the same key is the same member.
struct Enrolment {
  std::optional<TransactionKey> key = {};
  std::vector<Identifier> identifiers = {};
  // Which of them, by place, she only says are hers: no code was entered, no card handed over. They
  // name nobody and take nothing over until they are linked as verified.
  std::vector<std::size_t> unverified = {};
  std::string language = {};
  std::optional<Date> born = {};
  std::vector<std::string> segments = {};
  std::optional<Instant> at = {};
  ProfileChange profile = {};
};

struct Enrolled {
  Member member;
  bool replayed = false;
};

// What may be changed by hand; absent: as it is.
struct MemberChange {
  std::optional<MemberStatus> status = {};  // kActive, kFrozen, kClosed
  std::optional<std::string> language = {};
  std::optional<Date> born = {};
  std::optional<std::vector<std::string>> segments = {};  // all of them, in place of those before
  std::optional<std::string> associate = {};              // empty: she does not work in the house
  std::string actor;
  std::string reason;  // may be left out: she changes what is hers
  ProfileChange profile = {};
  bool forget_born = false;  // her birth date is no longer known
};

// A level given by hand, beside the one she has reached: the higher of the two holds.
struct TierGift {
  TransactionKey key;  // the same key counts once
  MemberId member;
  std::string tier;
  // Its last day, in the programme's time zone. Absent: as long as it would hold had she reached it
  // now.
  std::optional<Date> until = {};
  std::string actor;
  std::string reason;
};

struct TierGiftReceipt {
  EntryId entry;
  bool replayed = false;
  TierStanding tier;  // as it stood then
  Currency programme_currency;
};

struct Lookup {
  Member member;
  std::string by;  // the identifier type that decided
  std::vector<Evidence> evidence;
};

}  // namespace laurel
