#pragma once
// The choices a programme makes, as plain data: what its YAML says about tiers, wallets and
// identity after loading. Every field has one key in the rule language (docs/reference/rules.md).

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "laurel/arrival.hpp"
#include "laurel/money.hpp"
#include "laurel/time.hpp"
#include "laurel/transaction.hpp"

namespace laurel {

// ---- Tiers -------------------------------------------------------------------------------------

struct TierLevel {
  std::string id;
  // What is needed of the metric: minor units of the programme's currency, units of the wallet, or
  // a number of events.
  std::int64_t from_minor = 0;
  std::vector<std::string> benefits = {};
  std::vector<std::pair<std::string, std::string>> names = {};  // language, text
};

// What is counted: eligible spend, points earned in a wallet, or events of a name.
enum class TierMetric : std::uint8_t { kSpend, kPoints, kEvents };
enum class TierWindow : std::uint8_t {
  kCalendarYear,
  kRollingMonths,
  kRollingDays,
  kLifetime,
  kMembershipYear,  // begins on each anniversary of the enrolment
};
// What happens to the purchase that crosses a threshold, and from when the new tier holds.
enum class TierCrossing : std::uint8_t {
  kSplit,          // the part above the threshold is valued at the new tier
  kWholePurchase,  // all of it is
  kNextPurchase,   // the next transaction is the first at the new tier
  kNextDay,        // the new tier holds from the start of the next local day
  kNextMonth,
  kAfterDays,  // from the start of the local day `crossing_days` later
};
enum class TierValidity : std::uint8_t {
  kEndOfYear,
  kEndOfNextYear,
  kMonths,
  kWhileQualified,
  kEndOfMembershipYear,
  kEndOfNextMembershipYear,
};
enum class TierOnReturn : std::uint8_t { kImmediate, kPeriodEnd };
enum class TierDowngrade : std::uint8_t { kToQualified, kOneLevel, kNotAtAll };

struct TierPolicy {
  std::vector<TierLevel> levels;  // ascending by from_minor; may be empty: no tiers
  TierMetric metric = TierMetric::kSpend;
  std::string metric_of = {};  // kPoints: the wallet; kEvents: the event
  int metric_scale = 0;        // kPoints: decimal digits of a point of that wallet
  TierWindow window = TierWindow::kCalendarYear;
  int window_length = 0;  // months or days of a rolling window
  TierCrossing crossing = TierCrossing::kNextPurchase;
  int crossing_days = 0;
  TierValidity valid_until = TierValidity::kEndOfYear;
  int valid_months = 0;
  TierOnReturn on_return = TierOnReturn::kImmediate;
  TierDowngrade downgrade = TierDowngrade::kToQualified;
  int grace_days = 0;
};

// ---- Wallets -----------------------------------------------------------------------------------

enum class RoundingStage : std::uint8_t { kLine, kTransaction };
enum class Shortfall : std::uint8_t { kDebt, kWriteOff, kWithholdMoney };
enum class Restore : std::uint8_t { kOriginalExpiry, kGrace };

// What a point costs the house; for reports.
struct Liability {
  std::string unit_cost;  // decimal text
  std::string unit_cost_currency;
  std::string expected_redemption;  // "97%"
};

struct WalletPolicy {
  std::string id;
  std::vector<std::pair<std::string, std::string>> names = {};  // language, text
  int scale = 0;
  Rounding rounding = Rounding::kFloor;
  RoundingStage rounding_stage = RoundingStage::kTransaction;
  Shortfall on_shortfall = Shortfall::kDebt;
  Restore restore = Restore::kOriginalExpiry;
  int restore_grace_days = 0;
  std::optional<Liability> liability = {};
  // kWithholdMoney: what the till keeps back for one point that is gone; decimal text in the
  // programme's currency.
  std::string withhold_at = {};
};

// ---- Identity ----------------------------------------------------------------------------------

enum class Strength : std::uint8_t { kWeak, kMedium, kStrong };
enum class IdentifierCheck : std::uint8_t { kNone, kLuhn };
enum class IdentifierForm : std::uint8_t { kText, kEmail, kPhone, kDigits };
enum class OnConflict : std::uint8_t { kStrongest, kReview };
enum class UnknownMember : std::uint8_t { kKeep, kEnrol };

struct IdentifierType {
  std::string name;
  Strength strength = Strength::kWeak;
  bool may_earn = false;
  bool may_redeem = false;
  IdentifierCheck check = IdentifierCheck::kNone;
  IdentifierForm form = IdentifierForm::kText;  // how two ways of writing it become one
  std::string region = {};  // phone: ISO 3166 country of numbers written without a country code
  // The sources or departments within each of which a value is unique; empty: everywhere.
  std::vector<std::string> within = {};
  bool hashed = false;  // kept as a keyed hash, never as it is given
};

struct IdentityPolicy {
  std::vector<IdentifierType> types;
  std::vector<std::string> precedence;  // every type once, the one that decides first
  OnConflict on_conflict = OnConflict::kStrongest;
  UnknownMember unknown = UnknownMember::kKeep;
  int claim_within_days = 30;
  std::vector<std::string> placeholders = {};  // values that never match, normalised by their type
  int shared_by_more_than = 0;                 // members; 0: not watched
  // Whose a transaction is: the first of these roles in which it names somebody.
  std::vector<IdentifierRole> earns = {IdentifierRole::kBuyer};
  Duration redeem_after_change{};  // no points are spent so long after one was linked or unlinked
};

std::string_view to_text(Strength strength);
std::string_view to_text(IdentifierRole role);  // "buyer" …

}  // namespace laurel
