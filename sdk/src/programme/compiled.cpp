#include "programme/compiled.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "programme/evaluation.hpp"

namespace laurel::programme {

Compiled::Compiled(Currency programme_currency, TimeZone programme_zone)
    : zone(std::move(programme_zone)),
      currency(programme_currency),
      effective_from{},
      workspaces_(std::make_unique<Workspaces>()) {}

Compiled::~Compiled() = default;

Decision Compiled::evaluate(const Facts& facts) const {
  auto workspace = workspaces_->take();
  Decision decision;
  evaluate(facts, *workspace, decision);
  workspaces_->give_back(std::move(workspace));
  return decision;
}

void Compiled::evaluate(const Facts& facts, Workspace& workspace, Decision& decision) const {
  Evaluation(*this, facts, workspace, nullptr).run(decision);
}

Needs Compiled::needs(const Facts& facts) const {
  if (questions.empty() && limits.empty()) return {};
  Workspace workspace;
  Decision decision;
  Evaluation evaluation(*this, facts, workspace, nullptr);
  evaluation.ask(decision);
  return evaluation.needs();
}

std::vector<std::string_view> Compiled::possible_rules(const Facts& facts) const {
  Workspace workspace;
  Decision decision;
  Evaluation evaluation(*this, facts, workspace, nullptr);
  evaluation.ask(decision);
  std::vector<std::uint32_t> possible;
  evaluation.add_possible(possible);
  std::vector<std::string_view> ids;
  for (const std::uint32_t rule : possible) ids.emplace_back(tables->rule_ids[rule]);
  return ids;
}

namespace {

Date last_day(const LotPolicy& lots, Date earned) {
  const Date reached = lots.after ? add(earned, *lots.after) : earned;
  return end_of(lots.unit, reached);
}

}  // namespace

// Points that wait a number of days live from the day on which they are earned; those that wait for
// a date or an event, from that day on.
LotTerms Compiled::lot_terms(std::size_t wallet, Instant event_time,
                             std::optional<Instant> released_at) const {
  LAUREL_ASSERT(wallet < lots.size(), "a wallet of the programme");
  const LotPolicy& policy = lots[wallet];
  LotTerms terms{event_time, kNever};
  terms.while_used = policy.ends == LotPolicy::Ends::kUnused;
  const bool waits = !policy.pending_event.empty();
  if (waits && !released_at) return {kNever, kNever, terms.while_used};
  if (waits) terms.available_from = std::max(event_time, *released_at);
  Date begun = zone.local_date(terms.available_from);
  if (policy.pending_until && *policy.pending_until > begun) {
    begun = *policy.pending_until;
    terms.available_from = zone.start_of_day(begun);
  }
  if (policy.pending_days > 0) {
    terms.available_from = zone.start_of_day(add_days(begun, policy.pending_days));
  }
  if (policy.ends == LotPolicy::Ends::kAfter || policy.ends == LotPolicy::Ends::kEndOf) {
    terms.expires_at = zone.start_of_day(add_days(last_day(policy, begun), 1));
  }
  return terms;
}

std::optional<Instant> Compiled::life_after(std::size_t wallet, Instant used_at) const {
  const LotPolicy& policy = lots[wallet];
  if (policy.ends != LotPolicy::Ends::kUnused || !policy.after) return std::nullopt;
  return zone.start_of_day(add_days(add(zone.local_date(used_at), *policy.after), 1));
}

std::optional<std::size_t> Compiled::wallet_index(std::string_view wallet) const {
  const auto found = std::ranges::find(wallets, wallet, &WalletPolicy::id);
  if (found == wallets.end()) return std::nullopt;
  return static_cast<std::size_t>(found - wallets.begin());
}

std::optional<Fraction> Compiled::exchange_rate(Currency foreign, Date day) const {
  if (foreign == currency) return Fraction(1);
  const Instant at = zone.start_of_day(day);
  for (const ExchangeRow& row : tables->exchange) {
    if (row.currency != foreign) continue;
    const auto after = std::ranges::upper_bound(row.rates, at, {}, &ExchangeRow::From::from);
    if (after == row.rates.begin()) return std::nullopt;
    return std::prev(after)->rate;
  }
  return std::nullopt;
}

}  // namespace laurel::programme
