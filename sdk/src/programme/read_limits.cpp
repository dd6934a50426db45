// Limits, budgets, and the levels that rules give.

#include <algorithm>
#include <array>

#include "base/decimal.hpp"
#include "base/fault.hpp"
#include "money/rate.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

constexpr std::int64_t kMaxBudgetUnits = 1'000'000'000'000'000;
constexpr int kDaysOfWeek = 7;
constexpr int kMonthsOfYear = 12;
constexpr int kMaxStretch = 36'600;     // a hundred years of days
constexpr std::size_t kMaxLimits = 20;  // of one rule or wallet

Stretch stretch_of(const Phrase& every) {
  constexpr Stretch::Kind kUnits[] = {Stretch::Kind::kThisDay,   Stretch::Kind::kThisWeek,
                                      Stretch::Kind::kThisMonth, Stretch::Kind::kThisQuarter,
                                      Stretch::Kind::kThisYear,  Stretch::Kind::kEver};
  const std::size_t units = std::size(kUnits);
  if (every.which < units) return {kUnits[every.which]};
  const std::size_t unit = every.which - units;  // days, weeks, months, years
  const bool months = unit >= 2;
  const int length = unit % 2 == 0 ? 1 : (months ? kMonthsOfYear : kDaysOfWeek);
  return {months ? Stretch::Kind::kMonths : Stretch::Kind::kDays, every.number * length};
}

// Whether every stretch of `inner` lies in one of `outer`, as far as can be said at once.
bool contains(const Stretch& outer, const Stretch& inner) {
  using Kind = Stretch::Kind;
  if (outer == inner || outer.kind == Kind::kEver) return true;
  if (outer.kind < Kind::kThisDay || inner.kind < Kind::kThisDay) return false;
  return inner.kind <= outer.kind && (inner.kind != Kind::kThisWeek);
}

class LimitReader {
 public:
  LimitReader(const Draft& draft, Faults& faults, std::string counter, std::size_t wallet)
      : draft_(draft), faults_(faults), counter_(std::move(counter)), wallet_(wallet) {}

  std::vector<Limit> read(const Block& block) {
    std::vector<Limit> limits;
    if (const auto one = block.map("limit")) add_limit(*one, limits);
    for (const Block& one : block.maps("limit")) add_limit(one, limits);
    if (limits.size() > kMaxLimits) {
      faults_.add(block.place_of("limit"), "too_large", "at most 20 limits");
      limits.resize(kMaxLimits);
    }
    return limits;
  }

  std::optional<Limit> read_budget(const Block& block) {
    Limit budget{.counter = counter_, .per_member = false, .is_budget = true};
    if (const auto map = block.map("budget")) {
      if (!read_stretch(*map, budget.every)) return std::nullopt;
      return read_total(*map, "total", budget);
    }
    return block.has("budget") ? read_total(block, "budget", budget) : std::nullopt;
  }

 private:
  bool read_stretch(const Block& map, Stretch& stretch) {
    const auto every = map.phrase("every");
    if (!every) return false;
    stretch = stretch_of(*every);
    if (stretch.length <= kMaxStretch) return true;
    faults_.add(map.place_of("every"), "out_of_range", "at most a hundred years");
    return false;
  }

  void add_limit(const Block& map, std::vector<Limit>& out) {
    Limit limit{.counter = counter_};
    const auto per = map.phrase("per");
    limit.per_member = !per || per->which == 0;
    if (!read_stretch(map, limit.every)) return;
    const bool said = map.has("points") || map.has("times");
    if (!said && !map.has_strange_keys() && !map.node().keys.empty()) {
      faults_.add(map.place(), "missing_key", "`points` or `times` is missing here");
    }
    if (map.has("points")) read_points(map, limit);
    if (const auto times = map.whole("times")) {
      limit.times = *times;
      if (*times == 0) none(map.place_of("times"));
    }
    if (said) out.push_back(std::move(limit));
  }

  void read_points(const Block& map, Limit& limit) {
    const auto text = map.text("points");
    if (!text) return;
    const auto units =
        units_of(*map.node().find("points"), *text, draft_.wallets[wallet_].scale, faults_);
    if (!units) return;
    limit.units = *units;
    if (*units == 0) none(map.place_of("points"));
  }

  void none(Place place) {
    faults_.add(place, "no_effect", "a limit of 0 lets nothing through",
                "for no limit, take the key out; to end a rule, take the rule out");
  }

  std::optional<Limit> read_total(const Block& map, std::string_view key, Limit& budget) {
    const auto text = map.text(key);
    const auto total = text ? parse_budget(*text) : Parsed<BudgetText>(Wrong{});
    if (!total) return std::nullopt;
    const auto units = total->currency.empty() ? units_of(*map.node().find(key), total->number,
                                                          draft_.wallets[wallet_].scale, faults_)
                                               : units_for_money(*total, map.place_of(key));
    if (!units) return std::nullopt;
    budget.units = *units;
    if (*units > kMaxBudgetUnits || *units == 0) {
      faults_.add(map.place_of(key), "out_of_range",
                  *units == 0 ? "it does not pay for one point"
                              : "a budget is at most 1000000000000000 units of the wallet");
      return std::nullopt;
    }
    return budget;
  }

  // As many units as the money pays for, by the wallet's liability.
  std::optional<std::int64_t> units_for_money(const BudgetText& total, Place place) {
    const WalletPolicy& wallet = draft_.wallets[wallet_];
    if (!wallet.liability) {
      faults_.add(place, "missing_key",
                  "nothing says what a point of " + in_quotes(wallet.id) + " costs",
                  "give the wallet a `liability` with `unit_cost`, or the budget in points");
      return std::nullopt;
    }
    if (wallet.liability->unit_cost_currency != total.currency) {
      faults_.add(
          place, "contradiction",
          "points cost " + wallet.liability->unit_cost_currency + ", not " + total.currency);
      return std::nullopt;
    }
    const auto money = Fraction::parse(total.number);
    const auto cost = Fraction::parse(wallet.liability->unit_cost);
    if (!money || !cost || *cost <= Fraction{}) {
      faults_.add(place, "out_of_range", "its points cannot be counted");
      return std::nullopt;
    }
    Int128 units = Int128{money->numerator()} * cost->denominator();
    const Int128 below = Int128{money->denominator()} * cost->numerator();
    constexpr Int128 kTooMany = Int128{kMaxBudgetUnits} * 1000;
    for (int i = 0; i < wallet.scale && units < kTooMany * below; ++i) units *= 10;
    units /= below;
    return static_cast<std::int64_t>(std::min(units, Int128{kMaxBudgetUnits} + 1));
  }

  const Draft& draft_;
  Faults& faults_;
  std::string counter_;
  std::size_t wallet_;
};

// A limit that the budget is spent before.
void check_against_budget(const RuleDraft& rule, const Limit& budget, Place place, Faults& faults) {
  for (const Limit& limit : rule.limits) {
    if (limit.units == std::numeric_limits<std::int64_t>::max()) continue;
    if (limit.units <= budget.units || !contains(budget.every, limit.every)) continue;
    faults.add(place, "no_effect", "the limit in points is larger than the budget",
               "the budget would always be gone first");
  }
}

}  // namespace

void read_limits(const Block& block, const Draft& draft, Faults& faults, RuleDraft& rule) {
  LimitReader reader(draft, faults, "rule:" + rule.id, rule.wallet);
  rule.limit_place = block.place_of(block.has("limit") ? "limit" : "budget");
  rule.limits = reader.read(block);
  const auto budget = reader.read_budget(block);
  if (budget) {
    check_against_budget(rule, *budget, rule.limit_place, faults);
    rule.limits.push_back(*budget);
  }
  const bool grants = rule.effect == RuleDraft::Effect::kGrant;
  if (!grants && rule.effect != RuleDraft::Effect::kVoucher) return;
  const bool points = std::ranges::any_of(rule.limits, [](const Limit& limit) {
    return limit.units != std::numeric_limits<std::int64_t>::max();
  });
  if (points)
    faults.add(rule.limit_place, "no_effect",
               grants ? "a `grant` gives no points" : "a `voucher` gives no points", "use `times`");
}

std::vector<Limit> read_times(const Block& block, const Draft& draft, Faults& faults,
                              const std::string& counter) {
  auto limits = LimitReader(draft, faults, counter, 0).read(block);
  const bool points = std::ranges::any_of(limits, [](const Limit& limit) {
    return limit.units != std::numeric_limits<std::int64_t>::max();
  });
  if (points) {
    faults.add(block.place_of("limit"), "no_effect", "a reward is counted in times", "use `times`");
  }
  return limits;
}

bool read_grant(const Block& grant, const Draft& draft, Faults& faults, GrantDraft& out) {
  const auto tier = grant.text("tier");
  if (!tier) return false;
  std::vector<std::string> ids;
  for (const TierLevel& level : draft.tiers.levels) ids.push_back(level.id);
  if (!is_known(*grant.node().find("tier"), "tier", ids, faults)) return false;
  out.level = *tier;
  const TierLevel& lowest = draft.tiers.levels.front();
  if (lowest.id == *tier && lowest.from_minor == 0) {
    faults.add(grant.place_of("tier"), "no_effect", "every member has this level or a higher one");
  }
  out.reason = grant.text("reason").value_or("");
  if (grant.has("for") == grant.has("until")) {
    faults.add(grant.place(), grant.has("for") ? "contradiction" : "missing_key",
               grant.has("for") ? "`for` and `until` stand together"
                                : "nothing says how long she keeps the level",
               "one of `for` and `until`; `until: never` for good");
    return false;
  }
  if (const auto period = grant.text("for")) {
    out.ends = GrantDraft::Ends::kAfter;
    out.after = *parse_period(*period);
    return true;
  }
  const auto until = grant.text("until");
  if (!until) return false;
  if (const auto date = parse_date(*until)) {
    out.ends = GrantDraft::Ends::kOn;
    out.on = *date;
    if (draft.zone && draft.zone->start_of_day(add_days(*date, 1)) <= draft.effective_from) {
      faults.add(grant.place_of("until"), "empty_window", "it ends before the programme begins");
    }
    return true;
  }
  using Ends = GrantDraft::Ends;
  constexpr std::pair<Ends, CalendarUnit> kPhrases[] = {{Ends::kEndOf, CalendarUnit::kMonth},
                                                        {Ends::kEndOf, CalendarUnit::kQuarter},
                                                        {Ends::kEndOf, CalendarUnit::kYear},
                                                        {Ends::kEndOfNext, CalendarUnit::kYear},
                                                        {Ends::kNever, CalendarUnit::kYear}};
  const auto phrase = parse_phrase(*until, *word_at("grant", "until"));
  std::tie(out.ends, out.unit) = kPhrases[phrase->which];
  return true;
}

void read_wallet_limits(const ProgrammeReader& reader, Draft& draft) {
  const auto wallets = reader.top().map("wallets");
  if (!wallets) return;
  draft.wallet_limits.resize(draft.wallets.size());
  for (std::size_t i = 0; i < draft.wallets.size(); ++i) {
    const Node* node = wallets->node().find(draft.wallets[i].id);
    if (node == nullptr || node->kind != Node::Kind::kMap) continue;
    LimitReader limits(draft, reader.faults(), "wallet:" + draft.wallets[i].id, i);
    draft.wallet_limits[i] = limits.read(Block(*node, "wallet"));
  }
}

}  // namespace laurel::programme
