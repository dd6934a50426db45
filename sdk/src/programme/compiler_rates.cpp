#include <algorithm>
#include <numeric>

#include "programme/compiler.hpp"

namespace laurel::programme {
namespace {

constexpr std::int64_t kMaxDenominator = std::int64_t{1} << 40;
constexpr std::int64_t kMaxFactor = std::int64_t{1} << 40;
// A transaction of kMaxMinorUnits must stay well within kMaxPoints.
constexpr std::int64_t kMaxUnitsPerMinor = 10'000;
constexpr std::int64_t kMaxBonusSum = 1'000'000'000'000;  // of all rules, for one line
constexpr std::int64_t kMaxUnitBonusSum = 10'000;         // of all rules, for one unit
constexpr std::int64_t kThousandths = 1000;

// The rates, multipliers and bonuses of one wallet.
struct Contents {
  std::vector<Rate> rates;
  std::vector<Fraction> multipliers;
  std::int64_t bonus_sum = 0;
  std::int64_t unit_bonus_sum = 0;
};

Contents contents_of(const Draft& draft, std::size_t wallet) {
  Contents contents;
  if (draft.default_wallet == wallet) {
    for (const auto& rate : draft.level_rates) {
      if (rate) contents.rates.push_back(*rate);
    }
  }
  for (const RuleDraft& rule : draft.rules) {
    if (rule.wallet != wallet) continue;
    switch (rule.effect) {
      case RuleDraft::Effect::kRate: contents.rates.push_back(*rule.rate); break;
      case RuleDraft::Effect::kMultiply: contents.multipliers.push_back(rule.multiplier); break;
      case RuleDraft::Effect::kBonus:
        (rule.bonus_per == Bonus::Per::kUnit ? contents.unit_bonus_sum : contents.bonus_sum) +=
            rule.bonus_units;
        break;
      case RuleDraft::Effect::kGrant:
      case RuleDraft::Effect::kVoucher: break;
    }
  }
  return contents;
}

// nullopt: no common multiple that is small enough.
std::optional<std::int64_t> common_multiple(std::int64_t a, Int128 b) {
  if (b > kMaxDenominator) return std::nullopt;
  const auto other = static_cast<std::int64_t>(b);
  const Int128 multiple = Int128{a / std::gcd(a, other)} * other;
  if (multiple > kMaxDenominator) return std::nullopt;
  return static_cast<std::int64_t>(multiple);
}

std::optional<std::int64_t> rate_denominator(const Contents& contents) {
  std::optional<std::int64_t> common = 1;
  for (const Rate& rate : contents.rates) {
    if (rate.kind() == Rate::Kind::kStep || !common) continue;
    const Int128 numerator = rate.units().numerator();
    const Int128 denominator = Int128{rate.units().denominator()} * rate.per_minor();
    const auto small = static_cast<std::int64_t>(numerator % rate.per_minor());
    const std::int64_t shared = std::gcd(small, rate.per_minor());
    common = common_multiple(*common, denominator / shared);
  }
  return common;
}

std::optional<std::int64_t> factor_denominator(const Contents& contents) {
  std::optional<std::int64_t> common = contents.unit_bonus_sum > 0 ? kThousandths : 1;
  for (const Fraction& multiplier : contents.multipliers) {
    if (common) common = common_multiple(*common, multiplier.denominator());
  }
  return common;
}

// Whether a whole transaction stays countable, whatever matches.
bool is_bounded(const Contents& contents, const WalletRow& row) {
  Int128 factor = row.factor_denominator;
  for (const Fraction& multiplier : contents.multipliers) {
    factor += Int128{multiplier.numerator() - multiplier.denominator()} *
              (row.factor_denominator / multiplier.denominator());
  }
  if (contents.bonus_sum > kMaxBonusSum || contents.unit_bonus_sum > kMaxUnitBonusSum) return false;
  if (factor > kMaxFactor) return false;
  if (Int128{row.rate_denominator} * row.factor_denominator > kMaxDenominator) return false;
  return std::ranges::all_of(contents.rates, [&](const Rate& rate) {
    const Int128 denominator = Int128{rate.units().denominator()} * rate.per_minor();
    const Int128 scaled = Int128{rate.units().numerator()} * row.rate_denominator;
    if (scaled > Int128{kMaxFactor} * denominator) return false;
    const Int128 per_minor = scaled / denominator;
    return per_minor * factor <= kMaxFactor &&
           Int128{rate.units().numerator()} * factor <=
               Int128{kMaxUnitsPerMinor} * denominator * row.factor_denominator;
  });
}

RateRow row_of(const Rate& rate, std::int64_t denominator) {
  RateRow row{.kind = rate.kind(), .per_minor = rate.per_minor()};
  if (rate.kind() == Rate::Kind::kStep) {
    row.units = rate.units().numerator();
  } else {
    const Int128 scaled = Int128{rate.units().numerator()} * denominator;
    row.factor =
        static_cast<std::int64_t>(scaled / (Int128{rate.units().denominator()} * rate.per_minor()));
  }
  return row;
}

void compile_wallet(const Draft& draft, std::size_t wallet, Tables& tables, Faults& faults) {
  const Contents contents = contents_of(draft, wallet);
  WalletRow& row = tables.wallets[wallet];
  row.rounding = draft.wallets[wallet].rounding;
  row.stage = draft.wallets[wallet].rounding_stage;
  const auto rates = rate_denominator(contents);
  const auto factors = factor_denominator(contents);
  row.rate_denominator = rates.value_or(1);
  row.factor_denominator = factors.value_or(1);
  if (!rates || !factors || !is_bounded(contents, row)) {
    faults.add({}, "out_of_range",
               "the rates and multipliers of the wallet " + draft.wallets[wallet].id +
                   " have too many digits, or together give too much",
               "fewer decimals, or smaller numbers");
    return;
  }
  for (std::size_t i = 0; i < draft.rules.size(); ++i) {
    const RuleDraft& rule = draft.rules[i];
    if (rule.wallet != wallet) continue;
    if (rule.rate) tables.rules[i].rate = row_of(*rule.rate, row.rate_denominator);
    if (rule.effect == RuleDraft::Effect::kBonus) tables.rules[i].amount = rule.bonus_units;
    if (rule.effect == RuleDraft::Effect::kMultiply) {
      tables.rules[i].amount = (rule.multiplier.numerator() - rule.multiplier.denominator()) *
                               (row.factor_denominator / rule.multiplier.denominator());
    }
  }
}

}  // namespace

void compile_rates(const Draft& draft, Tables& tables, Faults& faults) {
  tables.wallets.resize(draft.wallets.size());
  for (std::size_t i = 0; i < draft.wallets.size(); ++i) compile_wallet(draft, i, tables, faults);
  if (!draft.tiers.levels.empty() && draft.tiers.levels.front().from_minor > 0) {
    tables.levels.push_back({});  // below the first level: no id, no rate
  }
  for (std::size_t i = 0; i < draft.tiers.levels.size(); ++i) {
    const TierLevel& level = draft.tiers.levels[i];
    const auto& rate = draft.level_rates[i];
    LevelRow row{.id = level.id, .award = "tier:" + level.id, .from_minor = level.from_minor};
    if (rate) {
      row.has_rate = true;
      row.rate = row_of(*rate, tables.wallets[0].rate_denominator);
      tables.has_tier_rates = true;
    }
    tables.levels.push_back(std::move(row));
  }
}

}  // namespace laurel::programme
