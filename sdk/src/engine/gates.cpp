#include "engine/gates.hpp"

#include <algorithm>

#include "laurel/engine.hpp"
#include "programme/compiled.hpp"

namespace laurel::engine {
namespace {

template <class T>
void keep_least(std::optional<T>& limit, const std::optional<T>& other) {
  if (other && (!limit || *other < *limit)) limit = other;
}

FieldFault exceeded(const char* limit, std::string seen, std::string allowed) {
  return {std::string("/publishing/at_most/") + limit, "limit_exceeded",
          std::move(seen) + "; at most " + std::move(allowed) + " is declared"};
}

// "/cases/a sale earns" is "case a sale earns", "/publishing/at_most/cost" is "cost".
std::string named(const std::string& pointer) {
  constexpr std::string_view kCases = "/cases/";
  if (pointer.starts_with(kCases)) return "case " + pointer.substr(kCases.size());
  return pointer.substr(pointer.rfind('/') + 1);
}

// What all wallets together cost, where they are priced in the programme's currency.
std::int64_t cost_of(const Simulation& simulation, Currency currency) {
  std::int64_t minor = 0;
  for (const auto& wallet : simulation.wallets) {
    if (wallet.currency != currency.code()) continue;
    const auto money = Money::parse(wallet.cost_becomes, currency);
    if (money) minor += money->minor();
  }
  return minor;
}

bool gives_more(OldAndNew points, const Fraction& share) {
  const Int128 allowed = Int128{points.was.units()} * (share.denominator() + share.numerator());
  return Int128{points.becomes.units()} * share.denominator() > allowed;
}

}  // namespace

programme::PublishingPolicy policy_of(const Programme& programme, const Programme* in_force) {
  auto policy = programme.compiled().publishing;
  if (in_force == nullptr) return policy;
  const auto& other = in_force->compiled().publishing;
  policy.approvals = std::max(policy.approvals, other.approvals);
  policy.simulate_days = std::max(policy.simulate_days, other.simulate_days);
  if (in_force->currency() == programme.currency()) {
    keep_least(policy.at_most.cost_minor, other.at_most.cost_minor);
  }
  keep_least(policy.at_most.more_points, other.at_most.more_points);
  keep_least(policy.at_most.largest_receipt, other.at_most.largest_receipt);
  keep_least(policy.at_most.members_down, other.at_most.members_down);
  return policy;
}

std::vector<FieldFault> failed_cases(const Programme& programme) {
  std::vector<FieldFault> faults;
  for (const auto& outcome : check_cases(programme)) {
    if (outcome.differences.empty()) continue;
    faults.push_back({"/cases/" + outcome.name, "case_failed", outcome.differences.front()});
  }
  return faults;
}

std::vector<FieldFault> exceeded_limits(const Simulation& simulation,
                                        const programme::PublishingLimits& limits,
                                        const Programme& programme) {
  std::vector<FieldFault> faults;
  const Currency currency = programme.currency();
  const auto minor = cost_of(simulation, currency);
  if (limits.cost_minor && minor > *limits.cost_minor) {
    faults.push_back(exceeded("cost", "the points would cost " + Money(minor, currency).text(),
                              Money(*limits.cost_minor, currency).text()));
  }
  for (const auto& wallet : simulation.wallets) {
    if (!limits.more_points || !gives_more(wallet.points, *limits.more_points)) continue;
    faults.push_back(exceeded("more_points",
                              wallet.wallet + ": " + wallet.points.becomes.text(wallet.scale) +
                                  " instead of " + wallet.points.was.text(wallet.scale),
                              limits.more_points->percent_text() + " more"));
  }
  if (limits.largest_receipt && !simulation.largest.empty()) {
    const auto& largest = simulation.largest.front();
    const int scale = programme.wallets().front().scale;
    const auto allowed = Points::parse(std::to_string(*limits.largest_receipt), scale);
    if (allowed && largest.points.becomes > *allowed) {
      faults.push_back(exceeded(
          "largest_receipt",
          largest.source + "/" + largest.id + " would earn " + largest.points.becomes.text(scale),
          std::to_string(*limits.largest_receipt) + " points"));
    }
  }
  if (limits.members_down && simulation.members_down > *limits.members_down) {
    faults.push_back(exceeded("members_down",
                              std::to_string(simulation.members_down) + " members would go down",
                              std::to_string(*limits.members_down)));
  }
  return faults;
}

std::optional<Error> refusal(std::vector<FieldFault> cases, std::vector<FieldFault> limits) {
  if (cases.empty() && limits.empty()) return std::nullopt;
  Error error{cases.empty() ? ErrorCode::kLimitsExceeded : ErrorCode::kCasesFailed, {}, {}};
  error.faults = std::move(cases);
  std::ranges::move(limits, std::back_inserter(error.faults));
  for (const auto& fault : error.faults) {
    if (!error.detail.empty()) error.detail += "; ";
    error.detail += named(fault.pointer) + ": " + fault.detail;
  }
  return error;
}

}  // namespace laurel::engine
