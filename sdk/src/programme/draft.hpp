#pragma once
// What a programme says, read and with its names resolved, but not yet laid out for evaluation.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/calendar.hpp"
#include "laurel/policy.hpp"
#include "money/rate.hpp"
#include "programme/compiled.hpp"
#include "programme/faults.hpp"
#include "programme/values.hpp"

namespace laurel::programme {

// ---- Conditions

enum class Field : std::uint8_t {
  // of the transaction
  kChannel,
  kStore,
  kSource,
  kCurrency,
  kTier,
  kEvent,
  kSegment,
  kLanguage,
  kDay,       // of the week: mon, tue …
  kHours,     // of the local day
  kDate,      // local, as days since 1970
  kAge,       // whole years
  kEnrolled,  // how long ago, in periods
  kBirthday,  // how many days from it
  kBirthMonth,
  kHistory,
  kNth,
  kBasket,       // eligible amount, programme's minor units
  kBasketGross,  // the same without what tenders that do not earn take off it
  // of the line
  kDepartment,
  kCategory,
  kBrand,
  kSku,
  kAssociate,
  kTag,
  kAttribute,
  kQuantity,  // thousandths
  kAmount,    // charged, programme's minor units
};
constexpr bool is_of_line(Field field) { return field >= Field::kDepartment; }

// The numbers from `least` to `most`; an open end leaves its bound out. In units of the field.
struct Range {
  std::optional<std::int64_t> least = {}, most = {};
  bool least_open = false, most_open = false;
};

struct Condition {
  enum class Kind : std::uint8_t { kAnyOf, kNoneOf, kExists, kMissing, kRange };
  Field field = Field::kDepartment;
  std::string attribute = {};  // its name
  Kind kind = Kind::kAnyOf;
  std::vector<std::string> values = {};                   // kAnyOf, kNoneOf: sorted
  Range range = {};                                       // kRange
  std::optional<Period> least_span = {}, most_span = {};  // kEnrolled: instead of the range's ends
  std::vector<Hours> hours = {};                          // kHours
  Question question = {};                                 // kHistory, kNth
  bool every = false;     // kNth: each time that `range.least` is full
  std::string text = {};  // as the programme writes it: "department: beauty"
  Place place = {};
};

struct ConditionGroup {
  enum class Kind : std::uint8_t { kAll, kAny, kNone };
  Kind kind = Kind::kAll;
  std::vector<Condition> conditions = {};
  std::vector<ConditionGroup> groups = {};
  Place place = {};
};

// ---- Rules

struct GrantDraft {
  enum class Ends : std::uint8_t { kNever, kAfter, kOn, kEndOf, kEndOfNext };
  std::string level;
  Ends ends = Ends::kNever;
  Period after = {};                        // kAfter
  Date on = {};                             // kOn: its last day
  CalendarUnit unit = CalendarUnit::kYear;  // kEndOf, kEndOfNext
  std::string reason = {};
};

struct RuleDraft {
  enum class Effect : std::uint8_t { kRate, kMultiply, kBonus, kGrant, kVoucher };
  std::string id;
  std::vector<std::pair<std::string, std::string>> names = {};
  Place place;
  Window active = {};
  ConditionGroup when = {};
  Effect effect = Effect::kBonus;
  std::optional<Rate> rate = {};
  Fraction multiplier{1};
  std::int64_t bonus_units = 0;
  Bonus::Per bonus_per = Bonus::Per::kTransaction;
  std::size_t wallet = 0;
  std::optional<std::size_t> lane = {};
  std::optional<std::int64_t> rank = {};
  bool keep_bonus = false;
  GrantDraft grant = {};
  std::string reward = {};         // kVoucher
  std::vector<Limit> limits = {};  // and budgets
  Place limit_place = {};
};

enum class LaneKind : std::uint8_t { kBest, kAll, kFirst };
struct LaneDraft {
  std::string id;
  LaneKind kind = LaneKind::kAll;
};

// ---- The rest

enum class EligibleAmount : std::uint8_t { kAfterDiscounts, kBeforeTax };
enum class EarnOn : std::uint8_t { kCashPart, kGross, kNoneIfRedeemed };

struct EligibleDraft {
  EligibleAmount amount = EligibleAmount::kAfterDiscounts;
  EarnOn earn_on = EarnOn::kCashPart;
  std::vector<std::string> tenders = {};  // that do not earn
  std::vector<std::pair<Field, std::vector<std::string>>> exclude = {};
};

struct RateFrom {
  Date from;
  Fraction rate;
};

struct Draft {
  std::string id;
  std::optional<Currency> currency = {};
  std::optional<TimeZone> zone = {};
  Instant effective_from = {};
  std::vector<std::string> languages = {}, departments = {}, channels = {};
  std::map<std::string, std::vector<RateFrom>> exchange = {};  // ascending by date
  std::vector<WalletPolicy> wallets = {};
  std::vector<LotPolicy> lots = {};                    // as many as wallets
  std::vector<std::vector<Limit>> wallet_limits = {};  // as many, or none
  std::optional<std::size_t> default_wallet = {};      // where a rate or bonus goes that names none
  EligibleDraft eligible = {};
  TierPolicy tiers = {};
  std::vector<std::optional<Rate>> level_rates = {};  // as many as tiers.levels
  std::vector<LaneDraft> lanes = {};
  std::vector<RuleDraft> rules = {};  // by id
  IdentityPolicy identity = {};
  ArrivalPolicy arrivals = {};
  NoticePolicy notices = {};
  PublishingPolicy publishing = {};
  RetentionPolicy retention = {};
  AdjustmentPolicy adjustments = {};
  std::vector<Guard> guards = {};
  Catalogue catalogue = {};
  std::map<std::string, Place> reward_places = {};  // of what they give
  std::optional<PayingPolicy> paying = {};
  std::vector<Case> cases = {};
};

}  // namespace laurel::programme
