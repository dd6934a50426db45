#pragma once
// Vouchers: a code that is worth something at the till. Reached by Engine::vouchers(). Where a
// voucher cannot be used the answer is kVoucherNotValid with one text, whether the code is unknown,
// expired, used up, reserved or another member's; only the log is told which.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "laurel/ids.hpp"
#include "laurel/result.hpp"
#include "laurel/time.hpp"
#include "laurel/transaction.hpp"

namespace laurel {

class Engine;

// Amounts are decimal text in the voucher's currency.
struct VoucherView {
  std::string code = {};      // as it is stored; "7KQW2M8TX4PA9ZDCH"
  std::string readable = {};  // the same for people: "7KQW-2M8T-X4PA-9ZDC-H"
  std::string kind = {};      // money, percent, product, experience, partner
  std::string state = {};     // valid, waiting, not_yet, expired, used, cancelled
  std::string reward = {}, pool = {}, item = {};      // what it is of; empty: nothing of the sort
  std::string amount = {}, left = {}, currency = {};  // of money
  std::string percent = {}, at_most = {};             // of percent: "15"
  std::string minimum = {};                           // of the basket; empty: none
  MemberId owner = {};                                // none: a bearer's
  std::int64_t uses_left = 0;
  Instant valid_from = {};
  Instant valid_until = kNever;  // exclusive
  EntryId issued_by = {};
};

struct VoucherBasketLine {
  std::string id = {};
  std::string amount = {};  // for the whole line, not negative
  std::string tax = {};     // contained in the amount, or on top of it
  bool shipping = false;
};
struct VoucherBasket {
  std::string id = {};        // 1 to 128 bytes; the shipments of one basket are one use
  std::string currency = {};  // empty: the programme's
  std::vector<VoucherBasketLine> lines = {};
  bool tax_on_top = false;
};

struct VoucherRequest {
  TransactionKey key = {};  // of this request
  std::string code = {};
  MemberId member = {};  // who shows it, or …
  std::vector<Identifier> identifiers = {};
  VoucherBasket basket = {};
  Duration hold = std::chrono::minutes(15);  // reserve only; at most a day
};

// What it takes off, line by line; the parts sum to the whole.
struct VoucherWorth {
  struct Part {
    std::string line = {};
    std::string off = {}, off_tax = {};  // of the amount, and of tax on top of it
    std::string amount = {}, tax = {};   // what is left to pay
  };
  std::string off = {};  // in all
  std::string to_pay = {};
  std::string left = {};  // what stays on the voucher afterwards; empty: it is not of money
  std::vector<Part> lines = {};
  std::string item = {};
};

struct VoucherAnswer {
  EntryId entry = {};
  bool replayed = false;
  VoucherView voucher = {};
  VoucherWorth worth = {};
  std::optional<Instant> held_until = {};
};

// Vouchers by hand, and pools of codes.
struct VoucherOrder {
  TransactionKey key = {};
  std::string actor = {}, reason = {};
  std::string reward = {};  // of the catalogue, whose worth and terms they get
  MemberId member = {};     // to whom; none: to bearers
  std::string pool = {};    // a name for them together
  bool waits = false;       // in the pool, until rewards give them; else they can be used at once
  std::int64_t count = 1;   // at most 1,000 an order
  std::vector<std::string> codes = {};  // to import, at most 1,000; empty: they are derived
  bool partner = false;                 // codes that are used elsewhere
};
struct VoucherOrdered {
  EntryId entry = {};
  bool replayed = false;
  std::vector<std::string> codes = {};
};

class Vouchers {
 public:
  explicit Vouchers(const Engine& engine) : engine_(&engine) {}

  // What it would take off; nothing is stored. kVoucherNotValid, kBasketTooSmall.
  Result<VoucherAnswer> look(const VoucherRequest& request) const;
  // The basket has it to itself for a while; asking again prolongs nothing.
  Result<VoucherAnswer> reserve(const VoucherRequest& request) const;
  Result<VoucherAnswer> redeem(const VoucherRequest& request) const;
  // Of the reservation, or else the redemption, that was made under the request's key.
  Result<VoucherAnswer> release(const VoucherRequest& request) const;

  // For people who may know. kVoucherNotValid: there is none.
  Result<VoucherView> show(const std::string& code) const;
  // Those of a member after `after` by code.
  Result<std::vector<VoucherView>> of_member(MemberId member, const std::string& after,
                                             std::size_t limit) const;
  // Each all or nothing, sharing syncs; an order seen before answers with the same codes. kInvalid:
  // among others where a code is stored already.
  std::vector<Result<VoucherOrdered>> issue(std::span<const VoucherOrder> orders) const;

 private:
  const Engine* engine_;
};

}  // namespace laurel
