#pragma once
// What a source reports. Plain data: fill it in and hand it to Engine::post or Engine::quote, which
// check every field and list all faults at once.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/money.hpp"
#include "laurel/time.hpp"

namespace laurel {

// Who of those concerned with a transaction an identifier is of. The programme says whose it is.
enum class IdentifierRole : std::uint8_t { kBuyer, kPayer, kGuest };

// As given by the customer, e.g. {"card", "6301 0012 3456 7890"}; normalised by the engine.
struct Identifier {
  std::string type;
  std::string value;
  IdentifierRole role = IdentifierRole::kBuyer;  // of a sale or an event
  friend bool operator==(const Identifier&, const Identifier&) = default;
};

enum class TransactionKind : std::uint8_t { kSale, kReturn, kVoid, kEvent };

// The amounts below are decimal text in the transaction's currency, so that what a caller writes is
// what is read ("1950.00").
struct Line {
  std::string id;  // unique within the transaction
  std::string sku = {};
  std::string department = {};
  std::string category = {};
  std::string brand = {};
  Quantity quantity = Quantity::of(1);  // above zero
  std::string amount =
      {};                // actually charged for the whole quantity, after discounts; not negative
  std::string tax = {};  // the tax contained in `amount`, where the programme asks for it
  std::string associate = {};
  std::vector<std::string> tags = {};
  std::vector<std::pair<std::string, std::string>> attributes = {};  // size, colour …
  std::optional<TransactionKey> origin = {};  // the same line as another source reported it

  friend bool operator==(const Line&, const Line&) = default;
};

struct Tender {
  std::string type;          // card, cash, voucher, points …
  std::string amount;        // decimal text, not negative
  std::string voucher = {};  // the code that pays it
  // points: the redemption, of the same source, that it is. Left out: the latest that fits.
  std::string redemption = {};
  friend bool operator==(const Tender&, const Tender&) = default;
};

// What a voucher took off; the amounts of the lines are what was charged after it.
struct Discount {
  std::string voucher;      // its code
  std::string amount = {};  // decimal text; empty: it gave no money off (a product, an experience)
  friend bool operator==(const Discount&, const Discount&) = default;
};

// A line of a return: all of it, some of its quantity, or an amount of it.
struct ReturnLine {
  std::string original_line;
  std::optional<Quantity> quantity = {};
  std::string amount = {};  // empty: follows from the quantity
  friend bool operator==(const ReturnLine&, const ReturnLine&) = default;
};

// Something brought back at the same till, on the same receipt as a sale: all that is left of the
// original, some lines of it, or an amount.
struct ReturnPart {
  TransactionKey original;
  std::vector<ReturnLine> lines = {};
  std::string amount = {};
  friend bool operator==(const ReturnPart&, const ReturnPart&) = default;
};

struct Transaction {
  TransactionKey key;
  TransactionKind kind = TransactionKind::kSale;
  std::optional<Instant> at = {};  // when the customer bought; left out: when it is received
  std::string store = {};
  std::string channel = {};
  std::string currency = {};  // ISO 4217; sale only
  std::string associate = {};
  std::vector<Identifier> identifiers = {};
  std::vector<std::string> tags = {};

  std::vector<Line> lines = {};      // sale: at least one
  std::vector<Tender> tenders = {};  // sale: may be left out; then everything was paid with money

  std::vector<ReturnPart> returns = {};  // sale: an exchange, all or nothing

  // return, void: what is taken back; event: the sale it is about
  std::optional<TransactionKey> original = {};
  std::vector<ReturnLine> return_lines =
      {};                   // return: empty, and no amount: all that is left of the sale
  std::string amount = {};  // return: this much of the sale, spread over its lines

  std::string event = {};       // event: visit, booking, review …
  std::string department = {};  // event: where

  std::vector<Discount> discounts = {};  // sale: by vouchers
  std::string basket =
      {};  // sale: under which its vouchers were reserved; one of several shipments

  friend bool operator==(const Transaction&, const Transaction&) = default;
};

}  // namespace laurel
