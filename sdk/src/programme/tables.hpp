#pragma once
// What evaluation reads: flat arrays, laid out once by the compiler and never changed.
//
// Texts that any rule tests are interned: a slot is a fact with a dictionary of the texts that
// matter, and a line is a row of value numbers. A condition is a range of bits or of numbers. A
// rule is found by the rarest text it asks for, so that one that cannot match is never looked at.
//
// Amounts are counted over common denominators. With a of at most 2^44 minor units, rates and
// multipliers k of at most 2^40 over the wallet's denominator, and an exchange factor of at most
// 2^40 over 2^40, every numerator is below 2^124 and every denominator below 2^80; the compiler
// refuses programmes that would go beyond (compiler_rates.cpp).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "programme/draft.hpp"
#include "programme/interned.hpp"

namespace laurel::programme {

// A fact that is a text: of the transaction, of a line, or an attribute by its name.
struct Slot {
  Field field = Field::kDepartment;
  std::string attribute = {};
  Dictionary values = {};
};

struct Test {
  enum class Op : std::uint8_t {
    kIn,     // known, and one of the bits
    kNotIn,  // known, and none of them
    kTagIn,  // any tag is one of the bits
    kTagNotIn,
    kExists,
    kMissing,
    kTagExists,
    kTagMissing,
    kRange,
    // of time and of the member
    kHours,  // `words` of Tables::hours from `bits` on
    kDate,
    kAge,
    kSpan,      // since her enrolment; Tables::spans[bits]
    kBirthday,  // at most range.most days from it
    kBirthMonth,
    kSegmentIn,
    kSegmentNotIn,
    kSegmentExists,
    kSegmentMissing,
    // of her past: the answer to the question `bits`
    kHistory,
    kNth,  // range.least, or (`words` 1) each time that it is full
  };
  Op op = Op::kIn;
  Field field = Field::kDepartment;
  std::uint16_t slot = 0;        // of line or transaction, by `field`; not for tags and numbers
  std::uint32_t bits = 0;        // the first of its words in Tables::bits …
  std::uint32_t words = 0;       // … how many they are …
  std::uint32_t first_word = 0;  // … and which word of the slot's values the first one is
  std::uint32_t source = 0;      // in Tables::sources, for explanations
  Range range = {};
};

// The ends that a length of time may have.
struct SpanRow {
  std::optional<Period> least, most;
};

struct GrantRow {
  GrantDraft::Ends ends = GrantDraft::Ends::kNever;
  std::string level;
  Period after;
  Instant until = kNever;  // kOn
  CalendarUnit unit = CalendarUnit::kYear;
  std::string reason;
};

// Tests and groups that follow each other in Tables.
struct Part {
  std::uint32_t first = 0, count = 0;
};

struct GroupRow {
  ConditionGroup::Kind kind = ConditionGroup::Kind::kAll;
  Part tests = {}, groups = {};
};

// What a test was written as.
struct TestSource {
  std::string text;
  std::string attribute;  // of which it speaks, if any
};

struct RateRow {
  Rate::Kind kind = Rate::Kind::kLinear;
  std::int64_t factor = 0;     // linear: per minor unit, over the wallet's denominator
  std::int64_t units = 0;      // step: for each full …
  std::int64_t per_minor = 1;  // … so many minor units
};

inline constexpr std::uint16_t kNoLane = 0xFFFF;
inline constexpr std::int64_t kNoRank = INT64_MAX;

struct RuleRow {
  std::int64_t from_ms = INT64_MIN, until_ms = INT64_MAX;  // until is exclusive
  Part transaction_tests = {}, line_tests = {};
  Part groups = {};
  Part hours = {};
  std::uint8_t days = kEveryDay;
  RuleDraft::Effect effect = RuleDraft::Effect::kBonus;
  Bonus::Per per = Bonus::Per::kTransaction;
  bool keep_bonus = false;
  std::uint16_t wallet = 0;
  std::uint16_t lane = kNoLane;
  std::int64_t rank = kNoRank;
  // multiply: (m - 1) over the multipliers' denominator; bonus: units; grant: in Tables::grants;
  // voucher: in Tables::gifts
  std::int64_t amount = 0;
  RateRow rate = {};
  Part limits = {};     // of Compiled::limits
  Part questions = {};  // in Tables::rule_questions
};

struct WalletRow {
  std::int64_t rate_denominator = 1;
  std::int64_t factor_denominator = 1;  // of the multipliers, and of parts of units
  Rounding rounding = Rounding::kFloor;
  RoundingStage stage = RoundingStage::kTransaction;
  Part limits = {};  // of Compiled::limits
};

struct LevelRow {
  std::string id;
  std::string award;  // "tier:gold"
  std::int64_t from_minor = 0;
  bool has_rate = false;
  RateRow rate = {};
};

struct ExchangeRow {
  struct From {
    Instant from;
    Fraction rate;    // programme currency for one unit
    Fraction factor;  // programme minor units for one minor unit
  };
  Currency currency;
  std::vector<From> rates;  // ascending
};

// The rules to look at for each value of a slot: rules[first[value] .. first[value + 1]).
struct Postings {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> rules;
};

struct Tables {
  std::vector<Slot> transaction_slots, line_slots;
  Dictionary tags;
  bool uses_tags = false;

  std::vector<std::uint64_t> bits;
  std::vector<Test> tests;
  std::vector<GroupRow> groups;
  std::vector<TestSource> sources;
  std::vector<Hours> hours;
  std::vector<SpanRow> spans;
  std::vector<GrantRow> grants;
  std::vector<std::string> gifts;             // rewards
  std::vector<std::uint32_t> rule_questions;  // of Compiled::questions

  std::vector<RuleRow> rules;  // by id
  std::vector<std::string> rule_ids;
  std::vector<LaneKind> lanes;
  std::vector<std::uint32_t> unkeyed;                         // rules that no text leads to
  std::vector<Postings> transaction_postings, line_postings;  // by slot
  Postings tag_postings;

  std::vector<WalletRow> wallets;
  bool has_tier_rates = false;
  std::vector<LevelRow> levels;
  TierCrossing crossing = TierCrossing::kNextPurchase;
  std::vector<ExchangeRow> exchange;
  EligibleAmount eligible = EligibleAmount::kAfterDiscounts;
  EarnOn earn_on = EarnOn::kCashPart;
  std::vector<std::string> tenders_that_do_not_earn;
  std::vector<Test> exclude;  // any of them
};

}  // namespace laurel::programme
