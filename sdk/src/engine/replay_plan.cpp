// What the parts of a simulation share, and the sums they keep.

#include <algorithm>
#include <tuple>

#include "base/check.hpp"
#include "engine/replay.hpp"

namespace laurel::engine {
namespace {

Error unknowable(std::string pointer, std::string code, std::string detail) {
  return {ErrorCode::kCannotSimulate, detail, {{std::move(pointer), std::move(code), detail}}};
}

bool shares_budget(const programme::Compiled& compiled) {
  return std::ranges::any_of(compiled.limits,
                             [](const programme::Limit& limit) { return !limit.per_member; });
}

}  // namespace

ReplayPlan::ReplayPlan(const Versions& stored, const Programme& programme, const Simulate& simulate,
                       EntryId last_entry)
    : versions(stored),
      next(programme),
      from(simulate.from),
      to(simulate.to),
      parts(shares_budget(programme.compiled()) ? 1 : std::max<std::size_t>(simulate.parts, 1)),
      top(simulate.top),
      last(last_entry) {
  const auto add = [this](const programme::Compiled& compiled) {
    for (const auto& wallet : compiled.wallets) {
      if (std::ranges::find(wallets, wallet.id) == wallets.end()) wallets.push_back(wallet.id);
    }
  };
  add(next.compiled());
  for (const auto& version : versions.by_number()) add(version.compiled());
  for (std::size_t place = 0; place <= next_place(); ++place) {
    const auto& compiled = compiled_at(place);
    auto& row = dead_until.emplace_back(wallets.size(), from - Duration(1));
    for (std::size_t i = 0; i < compiled.wallets.size(); ++i) {
      // What is earned later dies no sooner.
      Instant low = from - Duration(1), high = to;
      while (high - low > Duration(1)) {
        const Instant middle = low + (high - low) / 2;
        (compiled.lot_terms(i, middle).expires_at <= to ? low : high) = middle;
      }
      row[wallet_of(compiled.wallets[i].id)] = low;
    }
  }
}

Result<std::size_t> ReplayPlan::place_of(const std::string& digest) const {
  const auto& all = versions.by_number();
  for (std::size_t i = all.size(); i-- > 0;) {
    if (all[i].programme.digest() == digest) return i;
  }
  return unknowable("/from", "unknown_version", "a version that valued sales is not stored");
}

const programme::Compiled& ReplayPlan::compiled_at(std::size_t place) const {
  return place == next_place() ? next.compiled() : versions.by_number()[place].compiled();
}

std::size_t ReplayPlan::wallet_of(std::string_view id) const {
  return static_cast<std::size_t>(std::ranges::find(wallets, id) - wallets.begin());
}

std::size_t Names::number(std::string_view name) {
  if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), names_.size() - 1);
  return names_.size() - 1;
}

OldAndNew& Shares::at(std::size_t name, std::size_t wallet) {
  const std::size_t place = name * wallets_ + wallet;
  if (place >= points_.size()) points_.resize((name + 1) * wallets_);
  return points_[place];
}

void Shares::add_to(std::map<std::pair<std::string, std::size_t>, OldAndNew>& sums) const {
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (points_[i].was == Points{} && points_[i].becomes == Points{}) continue;
    auto& sum = sums[{names.all()[i / wallets_], i % wallets_}];
    sum.was += points_[i].was;
    sum.becomes += points_[i].becomes;
  }
}

// ---- Sums

Replay::Awards Replay::awards_of(const ledger::Valuation& valuation) {
  Awards awards;
  awards.reserve(valuation.awards.size());
  for (const auto& award : valuation.awards) {
    awards.push_back(
        {rules.names.number(award.rule), plan_.wallet_of(award.wallet), award.line, award.points});
  }
  return awards;
}

void Replay::count(const Counted& what, const Awards& awards, Came& came, std::int64_t sign) {
  const bool was = what.side == Side::kWas;
  for (const auto& award : awards) {
    const Points signed_points(award.points.units() * sign);
    const auto add = [&](OldAndNew& sum) { (was ? sum.was : sum.becomes) += signed_points; };
    points[what.version][award.wallet] += signed_points;
    if (what.at > plan_.dead_until[what.version][award.wallet]) {
      alive[what.version][award.wallet] += signed_points;
    }
    add(rules.at(award.rule, award.wallet));
    add(departments.at(department_of(what.document, award.line), award.wallet));
    if (award.wallet == 0) add(came.points);
  }
}

// A bonus of the whole transaction belongs to the department that all of its lines are of.
std::size_t Replay::department_of(const Transaction& document, std::int32_t line) {
  if (document.lines.empty()) return departments.names.number(document.department);
  if (line >= 0) {
    return departments.names.number(document.lines[static_cast<std::size_t>(line)].department);
  }
  const auto& first = document.lines.front().department;
  const bool one = std::ranges::all_of(
      document.lines, [&](const Line& other) { return other.department == first; });
  return departments.names.number(one ? std::string_view(first) : std::string_view());
}

Points Replay::of_first_wallet(const Awards& awards) {
  Points sum;
  for (const auto& award : awards) {
    if (award.wallet == 0) sum += award.points;
  }
  return sum;
}

namespace {

// Keeps the first `top` by `before`, in order.
template <class T, class Before>
void keep_top(std::vector<T>& list, T item, std::size_t top, Before before) {
  if (list.size() == top && (top == 0 || !before(item, list.back()))) return;
  const auto at = std::upper_bound(list.begin(), list.end(), item, before);
  list.insert(at, std::move(item));
  if (list.size() > top) list.pop_back();
}

}  // namespace

void Replay::note_receipt(const ledger::Entry& entry, const Transaction& document,
                          const Awards& was, const Awards& becomes) {
  const OldAndNew given{of_first_wallet(was), of_first_wallet(becomes)};
  if (largest.size() == plan_.top &&
      (plan_.top == 0 || given.becomes < largest.back().points.becomes)) {
    return;
  }
  keep_top(
      largest,
      SimulatedReceipt{document.key.source, document.key.id, entry.member, entry.event_time, given},
      plan_.top, larger_receipt);
}

void Replay::note_move(const Levels& levels) {
  if (levels.was == levels.becomes) return;
  ++moves[{levels.was, levels.becomes}];
  const auto& policy = plan_.next.compiled().tiers;
  const int was = ledger::level_index(policy, levels.was);
  const int becomes = ledger::level_index(policy, levels.becomes);
  if (was < 0 && !levels.was.empty()) return;  // a level that is no more
  ++(becomes > was ? members_up : members_down);
}

void Replay::note_member(MemberId id, const Member& member, const Levels& levels) {
  SimulatedMember noted{id, {}, levels.was, levels.becomes};
  bool in_period = false;
  for (const Came& came : member.came) {
    in_period = in_period || came.in_period;
    noted.points.was += came.points.was;
    noted.points.becomes += came.points.becomes;
  }
  if (in_period) ++members;
  const Points difference = noted.points.difference();
  if (difference > Points{}) keep_top(gain_most, noted, plan_.top, gains_more);
  if (difference < Points{}) keep_top(lose_most, noted, plan_.top, loses_more);
}

void Replay::finish() {
  as_at_the_end();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    end(MemberId(static_cast<std::int64_t>(i * plan_.parts + part_)), members_[i]);
  }
  for (auto& [id, member] : guests_) end(id, member);
}

void Replay::end(MemberId id, Member& member) {
  if (!member.begun || joined_.contains(id)) return;
  const Instant at = plan_.to;
  if (!member.parted) part_ways(member);
  const auto was = tier_rules(plan_.versions.in_force(at - Duration(1)).compiled());
  const auto becomes = tier_rules(plan_.next.compiled());
  member.was = ledger::advance_tier(was, std::move(member.was), at);
  member.becomes = ledger::advance_tier(becomes, std::move(member.becomes), at);
  const Levels levels{std::string(ledger::held_level(was, member.was, at)),
                      std::string(ledger::held_level(becomes, member.becomes, at))};
  note_move(levels);
  note_member(id, member, levels);
}

// ---- Order of lists; equals by what names them, so that parts do not matter

bool larger_receipt(const SimulatedReceipt& a, const SimulatedReceipt& b) {
  if (a.points.becomes != b.points.becomes) return a.points.becomes > b.points.becomes;
  return std::tie(a.at, a.source, a.id) < std::tie(b.at, b.source, b.id);
}

bool gains_more(const SimulatedMember& a, const SimulatedMember& b) {
  if (a.points.difference() != b.points.difference()) {
    return a.points.difference() > b.points.difference();
  }
  return a.member < b.member;
}

bool loses_more(const SimulatedMember& a, const SimulatedMember& b) {
  if (a.points.difference() != b.points.difference()) {
    return a.points.difference() < b.points.difference();
  }
  return a.member < b.member;
}

}  // namespace laurel::engine
