#pragma once
// What a programme asks about a member's past, and how often a rule may still give: questions and
// limits as data. The engine answers them from the ledger; evaluation only reads the answers, so
// that a sale valued again sees what it saw the first time.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "laurel/time.hpp"

namespace laurel::programme {

// A stretch of local days that ends with the day of the transaction, or the calendar unit that the
// day lies in.
struct Stretch {
  enum class Kind : std::uint8_t {
    kEver,
    kDays,    // the last `length` days, today the last of them
    kMonths,  // from the day after the same day `length` months ago
    kThisDay,
    kThisWeek,  // weeks begin on Monday
    kThisMonth,
    kThisQuarter,
    kThisYear,
  };
  Kind kind = Kind::kEver;
  int length = 0;
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

struct Question {
  enum class Of : std::uint8_t {
    kPurchases,    // sales of which something is kept
    kVisits,       // local days on which she bought something or came (any event)
    kSpend,        // eligible, programme's minor units
    kDepartments,  // distinct ones in which she spent, or in which an event took place
    kEvents,       // of the names in `events`
  };
  Of of = Of::kPurchases;
  Stretch within = {};
  // Only what happened there; empty: anywhere. Sorted.
  std::vector<std::string> departments = {}, categories = {}, channels = {}, stores = {};
  std::vector<std::string> events = {};
  friend bool operator==(const Question&, const Question&) = default;
};

// What was found, without the transaction being valued.
struct Answer {
  std::uint32_t question = 0;  // index into Compiled::questions
  std::int64_t number = 0;
  bool today = false;  // kVisits: the day of the transaction is one of them already
  std::vector<std::string> departments = {};  // kDepartments: which; sorted
  friend bool operator==(const Answer&, const Answer&) = default;
};

// How much a rule, or a wallet, may give. Several limits may share a counter.
struct Limit {
  std::string counter;     // "rule:beauty-triple", "wallet:points"
  bool per_member = true;  // else: all members together, as a budget
  bool is_budget = false;  // how it is named in reasons
  Stretch every = {};
  std::int64_t units = std::numeric_limits<std::int64_t>::max();
  std::int64_t times = std::numeric_limits<std::int64_t>::max();
  friend bool operator==(const Limit&, const Limit&) = default;
};

// "limit: 5000 points per member, month"; units in a wallet of that scale.
std::string text_of(const Limit& limit, int scale);

// What a limit leaves for this transaction; at least zero.
struct Room {
  std::uint32_t limit = 0;  // index into Compiled::limits
  std::int64_t units = std::numeric_limits<std::int64_t>::max();
  std::int64_t times = std::numeric_limits<std::int64_t>::max();
  friend bool operator==(const Room&, const Room&) = default;
};

// What a transaction has to be told before it can be valued: the questions and limits of the rules
// that everything else about it lets apply. Ascending.
struct Needs {
  std::vector<std::uint32_t> questions, limits;
};

// What a transaction took of a counter: the points its rule gave, and once where it gave any.
struct Use {
  std::string_view counter;  // lives as long as the programme
  std::int64_t units = 0;
  std::int64_t times = 0;
};

// A reward of the catalogue given by a rule.
struct Gift {
  std::string_view rule;
  std::string_view reward;
};

// A level given by a rule.
struct Grant {
  std::string_view rule;
  std::string_view level;
  Instant until;  // exclusive; kNever
};

}  // namespace laurel::programme
