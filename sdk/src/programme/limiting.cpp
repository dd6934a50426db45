// What limits and budgets leave: rules without room do not apply, and what is too much is cut off
// after rounding, back over the lines by largest remainder.

#include <algorithm>
#include <numeric>

#include "programme/evaluation.hpp"

namespace laurel::programme {
namespace {

constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

}  // namespace

RuleRoom Evaluation::smallest_room(Part limits) const {
  RuleRoom least{.limit = limits.first, .units = kNoEnd};
  for (std::uint32_t limit = limits.first; limit < limits.first + limits.count; ++limit) {
    const auto room = std::ranges::lower_bound(facts_.rooms, limit, {}, &Room::limit);
    if (room == facts_.rooms.end() || room->limit != limit) continue;
    const std::int64_t units = room->times == 0 ? 0 : room->units;
    if (units < least.units) least.limit = limit;
    least.units = std::min(least.units, units);
  }
  return least;
}

RuleRoom* Evaluation::room_of(std::uint32_t rule) {
  const auto found = std::ranges::lower_bound(work_.rooms, rule, {}, &RuleRoom::rule);
  return found == work_.rooms.end() || found->rule != rule ? nullptr : &*found;
}

// false: nothing is left for the rule.
bool Evaluation::make_room(std::uint32_t rule, std::int32_t line) {
  if (asking_) return true;
  if (const RuleRoom* known = room_of(rule); known != nullptr && known->units > 0) return true;
  RuleRoom room = smallest_room(tables_.rules[rule].limits);
  room.rule = rule;
  room.left_whole = room.units;
  if (room.units <= 0) {
    if (trace_ != nullptr) {
      trace_->rules.push_back({rule, line, {.why = Failure::Why::kLimit, .index = room.limit}});
    }
    return false;
  }
  const auto at = std::ranges::lower_bound(work_.rooms, rule, {}, &RuleRoom::rule);
  work_.rooms.insert(at, room);
  return true;
}

// ---- In a lane

// What the rule can really give of it, in lowest whole and numerator.
Piece Evaluation::within_room(std::size_t wallet, const Piece& piece) {
  const Int128 below = denominator(wallet);
  Piece out = piece;
  out.whole += static_cast<std::int64_t>(out.numerator / below);
  out.numerator %= below;
  if (piece.giver.is_level || work_.rooms.empty()) return out;
  const RuleRoom* room = room_of(piece.giver.index);
  if (room == nullptr) return out;
  if (out.whole > room->left_whole ||
      (out.whole == room->left_whole && out.numerator > room->left_numerator)) {
    out.whole = room->left_whole;
    out.numerator = room->left_numerator;
  }
  return out;
}

// A rule that won one line has so much less for the lines after it.
void Evaluation::take_room(std::size_t wallet, const Piece& piece) {
  if (work_.rooms.empty()) return;
  RuleRoom* room = room_of(piece.giver.index);
  if (room == nullptr) return;
  const Piece taken = within_room(wallet, piece);
  room->left_whole -= taken.whole;
  room->left_numerator -= taken.numerator;
  if (room->left_numerator < 0) {
    --room->left_whole;
    room->left_numerator += denominator(wallet);
  }
}

// ---- After rounding

void Evaluation::cut_piece(std::size_t piece, std::int64_t points, std::uint32_t limit) {
  if (points == work_.points[piece]) return;
  if (work_.cuts.empty()) {
    work_.cuts.assign(work_.points.size(), 0);
    work_.cut_by.assign(work_.points.size(), 0);
  }
  work_.cuts[piece] += work_.points[piece] - points;
  work_.cut_by[piece] = limit;
  work_.points[piece] = points;
}

// Leaves `room.units` of what the rule gives.
void Evaluation::cut_rule(const RuleRoom& room) {
  work_.weights.clear();
  const auto is_its = [&](const Piece& piece) {
    return !piece.giver.is_level && piece.giver.index == room.rule;
  };
  for (std::size_t i = 0; i < work_.pieces.size(); ++i) {
    if (is_its(work_.pieces[i])) work_.weights.push_back(work_.points[i]);
  }
  const auto parts = split(room.units, work_.weights);
  std::size_t next = 0;
  for (std::size_t i = 0; i < work_.pieces.size(); ++i) {
    if (is_its(work_.pieces[i])) cut_piece(i, parts[next++], room.limit);
  }
}

void Evaluation::cut_wallet(std::size_t wallet) {
  const RuleRoom room = smallest_room(tables_.wallets[wallet].limits);
  const auto sum = std::accumulate(work_.points.begin(), work_.points.end(), std::int64_t{0});
  if (sum <= room.units) return;
  const auto parts = split(std::max<std::int64_t>(room.units, 0), work_.points);
  for (std::size_t i = 0; i < parts.size(); ++i) cut_piece(i, parts[i], room.limit);
}

void Evaluation::cut_to_rooms(std::size_t wallet) {
  work_.cuts.clear();
  if (!work_.rooms.empty()) {
    for (RuleRoom& room : work_.rooms) room.given = 0;
    for (std::size_t i = 0; i < work_.pieces.size(); ++i) {
      if (work_.pieces[i].giver.is_level) continue;
      RuleRoom* room = room_of(work_.pieces[i].giver.index);
      if (room != nullptr) room->given += work_.points[i];
    }
    for (const RuleRoom& room : work_.rooms) {
      if (room.given > room.units) cut_rule(room);
    }
  }
  if (tables_.wallets[wallet].limits.count > 0) cut_wallet(wallet);
}

void Evaluation::count_uses(std::size_t wallet, Decision& decision) {
  const auto add = [&](Part limits, std::int64_t units) {
    if (units > 0) decision.uses.push_back({programme_.limits[limits.first].counter, units, 1});
  };
  if (!work_.rooms.empty()) {
    for (RuleRoom& room : work_.rooms) room.given = 0;
    for (std::size_t i = 0; i < work_.pieces.size(); ++i) {
      if (work_.pieces[i].giver.is_level) continue;
      RuleRoom* room = room_of(work_.pieces[i].giver.index);
      if (room != nullptr) room->given += work_.points[i];
    }
    for (const RuleRoom& room : work_.rooms) add(tables_.rules[room.rule].limits, room.given);
  }
  const Part limits = tables_.wallets[wallet].limits;
  if (limits.count == 0) return;
  add(limits, std::accumulate(work_.points.begin(), work_.points.end(), std::int64_t{0}));
}

// ---- Levels

Instant Evaluation::grant_end(const GrantRow& grant) const {
  const TimeZone& zone = programme_.zone;
  const Date day = zone.local_date(facts_.at);
  const auto after = [&zone](Date last) { return zone.start_of_day(add_days(last, 1)); };
  switch (grant.ends) {
    case GrantDraft::Ends::kNever: return kNever;
    case GrantDraft::Ends::kAfter: return after(add(day, grant.after));
    case GrantDraft::Ends::kOn: return grant.until;
    case GrantDraft::Ends::kEndOf: return after(end_of(grant.unit, day));
    case GrantDraft::Ends::kEndOfNext:
      return after(end_of(grant.unit, add_days(end_of(grant.unit, day), 1)));
  }
  return kNever;
}

void Evaluation::add_grants(Decision& decision) const {
  for (const std::uint32_t rule : work_.bonus_rules) {
    const RuleRow& row = tables_.rules[rule];
    if (row.effect != RuleDraft::Effect::kGrant) continue;
    const GrantRow& grant = tables_.grants[static_cast<std::size_t>(row.amount)];
    const Instant until = grant_end(grant);
    if (until <= facts_.at) continue;
    decision.grants.push_back({tables_.rule_ids[rule], grant.level, until});
    if (row.limits.count == 0) continue;
    decision.uses.push_back({programme_.limits[row.limits.first].counter, 0, 1});
  }
}

void Evaluation::add_gifts(Decision& decision) const {
  for (const std::uint32_t rule : work_.bonus_rules) {
    const RuleRow& row = tables_.rules[rule];
    if (row.effect != RuleDraft::Effect::kVoucher) continue;
    decision.gifts.push_back(
        {tables_.rule_ids[rule], tables_.gifts[static_cast<std::size_t>(row.amount)]});
    if (row.limits.count == 0) continue;
    decision.uses.push_back({programme_.limits[row.limits.first].counter, 0, 1});
  }
}

}  // namespace laurel::programme
