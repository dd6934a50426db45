#include <algorithm>

#include "base/fault.hpp"
#include "programme/reader.hpp"

namespace laurel::programme {
namespace {

void read_metric_map(const Block& metric, const Draft& draft, TierPolicy& policy, Faults& faults) {
  const bool points = metric.has("points");
  if (points == metric.has("events")) {
    if (metric.has_strange_keys()) return;
    faults.add(metric.place(), points ? "contradiction" : "missing_key",
               "a metric is one of `points` and `events`", "or write `metric: spend`");
    return;
  }
  policy.metric = points ? TierMetric::kPoints : TierMetric::kEvents;
  policy.metric_of = metric.text(points ? "points" : "events").value_or("");
  if (!points || policy.metric_of.empty()) return;
  const auto wallet = std::ranges::find(draft.wallets, policy.metric_of, &WalletPolicy::id);
  if (wallet != draft.wallets.end()) {
    policy.metric_scale = wallet->scale;
    return;
  }
  std::vector<std::string> ids;
  for (const WalletPolicy& one : draft.wallets) ids.push_back(one.id);
  is_known(*metric.node().find("points"), "wallet", ids, faults);
}

void read_metric(const Block& tiers, const Draft& draft, TierPolicy& policy, Faults& faults) {
  if (const auto metric = tiers.map("metric")) read_metric_map(*metric, draft, policy, faults);
  const bool within_purchase =
      policy.crossing == TierCrossing::kSplit || policy.crossing == TierCrossing::kWholePurchase;
  if (policy.metric == TierMetric::kSpend || !within_purchase) return;
  faults.add(tiers.place_of("crossing"), "contradiction",
             "a purchase crosses a threshold of spend; here " +
                 std::string(policy.metric == TierMetric::kPoints ? "points" : "events") +
                 " are counted",
             "`next_purchase` is the soonest that a level can hold");
}

void read_policy(const Block& tiers, TierPolicy& policy) {
  if (const auto window = tiers.phrase("window")) {
    policy.window = static_cast<TierWindow>(window->which);
    policy.window_length = window->number;
  }
  if (const auto valid = tiers.phrase("valid_until")) {
    policy.valid_until = static_cast<TierValidity>(valid->which);
    policy.valid_months = valid->number;
  }
  if (!tiers.has("valid_until") && policy.window != TierWindow::kCalendarYear) {
    policy.valid_until = policy.window == TierWindow::kMembershipYear
                             ? TierValidity::kEndOfMembershipYear
                             : TierValidity::kWhileQualified;
  }
  if (const auto crossing = tiers.phrase("crossing")) {
    policy.crossing = static_cast<TierCrossing>(crossing->which);
    policy.crossing_days = crossing->number;
  }
  if (const auto on_return = tiers.phrase("on_return")) {
    policy.on_return = static_cast<TierOnReturn>(on_return->which);
  }
  if (const auto downgrade = tiers.phrase("downgrade")) {
    policy.downgrade = static_cast<TierDowngrade>(downgrade->which);
  }
  if (const auto grace = tiers.phrase("grace")) policy.grace_days = grace->number;
}

struct Level {
  TierLevel level;
  std::optional<Rate> rate;
  Place place;
};

std::optional<Rate> read_level_rate(const Block& block, const Draft& draft, Faults& faults) {
  const auto text = block.text("rate");
  if (!text || !draft.currency) return std::nullopt;
  if (!draft.default_wallet) {
    if (draft.wallets.empty()) return std::nullopt;  // that they are missing is said
    faults.add(block.place_of("rate"), "unknown_name", "no wallet takes the rates of the levels",
               "call one of the wallets `points`");
    return std::nullopt;
  }
  const auto rate = Rate::parse(*text, *draft.currency, draft.wallets[0].scale);
  if (rate) return *rate;
  faults.add(block.place_of("rate"), "out_of_range", rate.error().detail);
  return std::nullopt;
}

std::optional<Level> read_level(const Block& block, const Draft& draft, Faults& faults) {
  const auto id = block.text("id");
  const auto from = block.text("from");
  check_languages(block, "name", draft, faults);
  if (!id || !from || !draft.currency) return std::nullopt;
  const Node& node = *block.node().find("from");
  const bool of_spend = draft.tiers.metric == TierMetric::kSpend;
  const int scale = of_spend ? draft.currency->exponent() : draft.tiers.metric_scale;
  const auto minor = units_of(node, *from, scale, faults);
  if (!minor) return std::nullopt;
  if (*minor > (of_spend ? kMaxMinorUnits : kMaxPoints)) {
    faults.add(node.place, "out_of_range",
               of_spend ? "no spend can reach this" : "no number of them can reach this");
  }
  return Level{{.id = *id,
                .from_minor = *minor,
                .benefits = block.texts("benefits"),
                .names = block.names("name")},
               read_level_rate(block, draft, faults),
               block.place()};
}

void check_levels(const std::vector<Level>& levels, TierMetric metric, Faults& faults) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto& [level, rate, place] = levels[i];
    if (i == 0 && level.from_minor != 0) {
      faults.add(place, "no_zero_level", "no level is from 0, so new members have none",
                 "add a lowest level if they should; it needs no rate");
    }
    if (i > 0 && level.from_minor == levels[i - 1].level.from_minor) {
      faults.add(place, "order_matters",
                 in_quotes(level.id) + " and " + in_quotes(levels[i - 1].level.id) +
                     " are reached by the same " +
                     (metric == TierMetric::kSpend ? "spend" : "number"));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (levels[j].level.id == level.id) {
        faults.add(place, "repeated_name", "two levels have the id " + in_quotes(level.id));
      }
    }
  }
}

}  // namespace

void read_tiers(const ProgrammeReader& reader, Draft& draft) {
  const auto tiers = reader.top().map("tiers");
  if (!tiers) return;
  read_policy(*tiers, draft.tiers);
  read_metric(*tiers, draft, draft.tiers, reader.faults());
  constexpr std::size_t kMaxLevels = 100;
  const auto blocks = tiers->maps("levels");
  if (blocks.size() > kMaxLevels) {
    return reader.faults().add(tiers->place_of("levels"), "too_large", "at most 100 levels");
  }
  std::vector<Level> levels;
  for (const Block& block : blocks) {
    if (auto level = read_level(block, draft, reader.faults())) levels.push_back(*std::move(level));
  }
  std::ranges::stable_sort(
      levels, {}, [](const Level& l) { return std::pair(l.level.from_minor, l.level.id); });
  if (levels.size() == blocks.size()) check_levels(levels, draft.tiers.metric, reader.faults());
  for (Level& level : levels) {
    draft.tiers.levels.push_back(std::move(level.level));
    draft.level_rates.push_back(level.rate);
  }
}

}  // namespace laurel::programme
