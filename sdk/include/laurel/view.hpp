#pragma once
// All that a till or an associate needs of a member while she stands there, in one answer.
//
//   const auto seen = engine.views().of(member, {});
//   const auto who = engine.views().lookup({.identifiers = {{"card", "6301 0012 3456 7890"}}}, {});
//
// It reads a bounded part of her past, newest first, whatever there is of it. A handle is cheap,
// and valid as long as its engine.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "laurel/member.hpp"
#include "laurel/result.hpp"
#include "laurel/reward.hpp"
#include "laurel/voucher.hpp"

namespace laurel {

class Engine;

// Amounts are decimal text in the purchase's currency; of what she has kept.
struct PurchasedLine {
  std::string id = {}, sku = {}, department = {}, category = {}, brand = {}, associate = {};
  Quantity quantity = {};
  std::string amount = {};
};

// A sale of hers, less what came back. One of which nothing is left is none.
struct Purchase {
  TransactionKey key = {};
  Instant at = {};
  std::string store = {}, channel = {}, associate = {};
  std::string currency = {}, amount = {};
  bool returned_in_part = false;
  std::vector<PurchasedLine> lines = {};  // that are left
};

// Something other than a purchase: a visit, a booking, a chat, a call.
struct Touchpoint {
  TransactionKey key = {};
  std::string event = {};
  Instant at = {};
  std::string store = {}, channel = {}, department = {}, associate = {};
};

struct Favourite {
  std::string id = {};
  std::int64_t purchases = 0;  // with anything of it
};

// What she comes for, by the number of purchases, and the latest first among equals.
struct Favourites {
  std::vector<Favourite> departments = {}, brands = {};
  std::optional<Favourite> associate = {};  // who served her most often
  // What they are counted over: the latest purchases booked, of these twelve months.
  std::int64_t purchases = 0;
  Instant since = {};
  bool all = true;  // false: there are earlier ones in these months, which were not read
};

struct Expiring {
  std::string wallet = {};
  int scale = 0;
  Points points = {};
  Instant at = {};  // exclusive
};

// Why not everything may be offered to her: frozen, closed, debt, wait (points cannot be spent
// until `until`, unless the person is made sure of a second time), unverified, no_consent (she has
// refused what `detail` ends with; one for each purpose).
struct Caution {
  std::string code = {};
  std::string detail = {};
  std::optional<Instant> until = {};
};

struct MemberView {
  Instant as_of = {};
  bool past = false;  // of a moment that has passed: without lots, vouchers and rewards
  Member member;      // of each wallet at most `lots` lots, those that end first
  std::vector<Expiring> expiring = {};  // soonest first, by moment
  bool all_expiring = true;  // false: the soonest only, for she has more lots than are read
  std::vector<RewardOffer> rewards = {};   // to be had now
  std::vector<VoucherView> vouchers = {};  // ready to be used
  std::vector<Purchase> purchases = {};    // newest first
  std::vector<Touchpoint> touchpoints = {};
  Favourites favourites = {};
  std::vector<Caution> cautions = {};
};

struct ViewQuestion {
  std::vector<Identifier> identifiers = {};   // lookup: by which she is known
  std::optional<Instant> at = {};             // absent: now
  std::string department = {}, channel = {};  // where she is, for rewards that ask
  std::string language = {};                  // of names; empty: hers
  std::size_t purchases = 10;                 // and as many touchpoints; at most 50
};

struct ViewedLookup {
  MemberView view;
  std::string by;  // the identifier type that decided
  std::vector<Evidence> evidence;
};

// What became of an identifier of hers, or of her: linked, linked_unverified, unlinked; and merged,
// unmerged with `other`, whose identifiers were hers from then on, or no longer.
struct LinkEvent {
  EntryId entry = {};
  Instant at = {};  // when it was booked
  std::string what = {};
  std::string type = {}, value = {};  // empty once erased, and where `other` is told
  MemberId member = {};               // the id it was linked to, which may be one merged into her
  MemberId other = {};
  std::string actor = {};  // the person, or the source with whose sale she was enrolled
};

class Views {
 public:
  // For a moment to come: what will stand then if nothing else happens. For one that has passed
  // all her entries are read. kUnknownMember.
  Result<MemberView> of(MemberId member, const ViewQuestion& question) const;
  Result<ViewedLookup> lookup(const ViewQuestion& question) const;  // kUnknownMember
  // Of her and all who are merged into her; newest first. Reads all her entries. kUnknownMember.
  Result<std::vector<LinkEvent>> links(MemberId member) const;
  // Whom the identifier named at that moment, by what was linked and merged then. kUnknownMember:
  // nobody. What was unlinked before the store kept note of it is not known.
  Result<MemberId> who_was(const Identifier& identifier, Instant at) const;

 private:
  friend class Engine;
  explicit Views(const Engine& engine) : engine_(&engine) {}

  const Engine* engine_;
};

}  // namespace laurel
