// What the rules that match give: rates, multipliers, bonuses, and who wins in a lane.

#include <algorithm>

#include "programme/evaluation.hpp"

namespace laurel::programme {
namespace {

constexpr std::int64_t kThousandths = 1000;

// Levels before rules, rules by id.
bool gives_before(const Piece& a, const Piece& b) {
  if (a.line != b.line) return a.line < b.line;
  if (a.giver.is_level != b.giver.is_level) return a.giver.is_level;
  return a.giver.index < b.giver.index;
}

}  // namespace

void Evaluation::earn_wallet(std::size_t wallet) {
  work_.pieces.clear();
  const std::size_t lines = facts_.lines.size();
  work_.base_whole.assign(lines, 0);
  work_.base_numerator.assign(lines, 0);
  if (eligible_minor_ > 0) {
    choose_rates(wallet);
    add_base(wallet);
  }
  const auto base_pieces = work_.pieces.size();
  add_extras(wallet);
  add_bonuses(wallet);
  const bool added = work_.pieces.size() > base_pieces;
  if (added || !std::ranges::is_sorted(work_.pieces, gives_before)) {
    std::ranges::sort(work_.pieces, gives_before);
  }
}

Int128 Evaluation::denominator(std::size_t wallet) const {
  const WalletRow& row = tables_.wallets[wallet];
  return Int128{row.rate_denominator * row.factor_denominator} * factor_.denominator();
}

const RateRow& Evaluation::rate_of(Giver giver) const {
  return giver.is_level ? tables_.levels[giver.index].rate : tables_.rules[giver.index].rate;
}

// ---- Levels

std::uint32_t Evaluation::level_of_member() const {
  for (std::uint32_t i = 0; i < tables_.levels.size(); ++i) {
    if (tables_.levels[i].id == facts_.tier) return i;
  }
  return 0;
}

// Which levels the purchase is valued at, and how much of each line at each.
void Evaluation::plan_crossing(const Decision& decision) {
  work_.portion_levels.clear();
  if (!tables_.has_tier_rates) return;
  const std::uint32_t first = level_of_member();
  std::uint32_t last = first;
  const bool crosses =
      tables_.crossing == TierCrossing::kSplit || tables_.crossing == TierCrossing::kWholePurchase;
  const std::int64_t after = facts_.spend_before_minor + decision.spend_minor;
  while (crosses && last + 1 < tables_.levels.size() &&
         tables_.levels[last + 1].from_minor <= after) {
    ++last;
  }
  if (first != last && tables_.crossing == TierCrossing::kSplit && decision.spend_minor > 0) {
    split_over_levels(first, last, decision.spend_minor);
    return;
  }
  work_.portion_levels.push_back(last);
  work_.portions.resize(std::max<std::size_t>(work_.portions.size(), 1));
  work_.portions[0] = work_.eligible;
}

// Whole minor units of the sale's currency for each level, in proportion over the lines.
void Evaluation::split_over_levels(std::uint32_t first, std::uint32_t last,
                                   std::int64_t spend_minor) {
  const std::int64_t before = facts_.spend_before_minor;
  std::int64_t done_minor = 0;
  work_.weights = work_.eligible;
  work_.portions.resize(std::max<std::size_t>(work_.portions.size(), last - first + 1));
  for (std::uint32_t level = first; level <= last; ++level) {
    const std::int64_t end =
        level == last ? spend_minor
                      : std::clamp<std::int64_t>(tables_.levels[level + 1].from_minor - before, 0,
                                                 spend_minor);
    const auto until_minor = static_cast<std::int64_t>(
        round(Int128{eligible_minor_} * end, spend_minor, Rounding::kHalfEven));
    if (until_minor <= done_minor) continue;
    auto& portion = work_.portions[work_.portion_levels.size()];
    work_.portion_levels.push_back(level);
    portion = split(until_minor - done_minor, work_.weights);
    for (std::size_t i = 0; i < portion.size(); ++i) work_.weights[i] -= portion[i];
    done_minor = until_minor;
  }
}

// ---- Rates

// One rate a line: of the rules that match, the one with the smallest rank; else the level's.
void Evaluation::choose_rates(std::size_t wallet) {
  work_.giver_of_line.assign(facts_.lines.size(), Giver{.is_level = true, .index = kNobody});
  for (const Match& match : work_.matches) {
    const RuleRow& rule = tables_.rules[match.rule];
    if (rule.effect != RuleDraft::Effect::kRate || rule.wallet != wallet) continue;
    Giver& giver = work_.giver_of_line[static_cast<std::size_t>(match.line)];
    const bool better = giver.is_level || rule.rank < tables_.rules[giver.index].rank;
    if (trace_ != nullptr && !giver.is_level) {
      const std::uint32_t winner = better ? match.rule : giver.index;
      work_.losers.push_back({better ? giver.index : match.rule, match.line, winner});
    }
    if (better) giver = {.is_level = false, .index = match.rule};
  }
}

void Evaluation::add_piece(std::size_t wallet, std::size_t line, Giver giver, std::int64_t whole,
                           Int128 numerator) {
  if (whole == 0 && numerator == 0) return;
  work_.base_whole[line] += whole;
  work_.base_numerator[line] += numerator;
  work_.pieces.push_back({.line = static_cast<std::int32_t>(line),
                          .giver = giver,
                          .whole = whole,
                          .numerator = numerator * tables_.wallets[wallet].factor_denominator});
}

void Evaluation::add_base(std::size_t wallet) {
  const bool at_levels = wallet == 0 && tables_.has_tier_rates;
  const std::size_t lines = facts_.lines.size();
  bool steps = false;
  for (std::size_t i = 0; i < lines; ++i) {
    if (work_.eligible[i] == 0) continue;
    const Giver giver = work_.giver_of_line[i];
    if (!giver.is_level) {
      steps |= !add_linear(wallet, i, giver, work_.eligible[i]);
      continue;
    }
    for (std::size_t k = 0; at_levels && k < work_.portion_levels.size(); ++k) {
      const Giver level{.is_level = true, .index = work_.portion_levels[k]};
      if (tables_.levels[level.index].has_rate) {
        steps |= !add_linear(wallet, i, level, work_.portions[k][i]);
      }
    }
  }
  if (steps) add_all_steps(wallet);
}

// false: the rate counts in steps.
bool Evaluation::add_linear(std::size_t wallet, std::size_t line, Giver giver, std::int64_t minor) {
  const RateRow& rate = rate_of(giver);
  if (rate.kind == Rate::Kind::kStep) return false;
  add_piece(wallet, line, giver, 0, Int128{minor} * rate.factor * factor_.numerator());
  return true;
}

// Full steps are counted where the wallet rounds: in each line, or in all the lines of one rate.
void Evaluation::add_all_steps(std::size_t wallet) {
  const std::size_t lines = facts_.lines.size();
  std::vector<std::uint32_t> seen;
  for (std::size_t i = 0; i < lines; ++i) {
    const Giver giver = work_.giver_of_line[i];
    if (giver.is_level || rate_of(giver).kind != Rate::Kind::kStep) continue;
    if (std::ranges::find(seen, giver.index) != seen.end()) continue;
    seen.push_back(giver.index);
    work_.weights.assign(lines, 0);
    for (std::size_t j = i; j < lines; ++j) {
      if (work_.giver_of_line[j] == giver) work_.weights[j] = work_.eligible[j];
    }
    add_steps(wallet, giver);
  }
  for (std::size_t k = 0; wallet == 0 && k < work_.portion_levels.size(); ++k) {
    const Giver level{.is_level = true, .index = work_.portion_levels[k]};
    const LevelRow& row = tables_.levels[level.index];
    if (!row.has_rate || row.rate.kind != Rate::Kind::kStep) continue;
    work_.weights.assign(lines, 0);
    for (std::size_t j = 0; j < lines; ++j) {
      if (work_.giver_of_line[j].is_level) work_.weights[j] = work_.portions[k][j];
    }
    add_steps(wallet, level);
  }
}

// work_.weights: the minor units of each line at this rate.
void Evaluation::add_steps(std::size_t wallet, Giver giver) {
  const RateRow& rate = rate_of(giver);
  const auto points = [&](std::int64_t minor) {
    const Int128 steps =
        Int128{minor} * factor_.numerator() / (Int128{factor_.denominator()} * rate.per_minor);
    return static_cast<std::int64_t>(steps * rate.units);
  };
  if (tables_.wallets[wallet].stage == RoundingStage::kLine) {
    for (std::size_t i = 0; i < work_.weights.size(); ++i) {
      add_piece(wallet, i, giver, points(work_.weights[i]), 0);
    }
    return;
  }
  std::int64_t sum = 0;
  for (const std::int64_t minor : work_.weights) sum += minor;
  if (sum == 0) return;
  const auto parts = split(points(sum), work_.weights);
  for (std::size_t i = 0; i < parts.size(); ++i) add_piece(wallet, i, giver, parts[i], 0);
}

// ---- Multipliers and bonuses

void Evaluation::add_extras(std::size_t wallet) {
  std::size_t first_piece = work_.pieces.size();
  std::int32_t line = kWholeTransaction;
  for (const Match& match : work_.matches) {
    const RuleRow& rule = tables_.rules[match.rule];
    if (rule.wallet != wallet || rule.effect == RuleDraft::Effect::kRate) continue;
    if (match.line != line) {
      settle_lanes(first_piece);
      first_piece = work_.pieces.size();
      line = match.line;
    }
    add_extra(wallet, match);
  }
  settle_lanes(first_piece);
}

void Evaluation::add_extra(std::size_t wallet, const Match& match) {
  const RuleRow& rule = tables_.rules[match.rule];
  const WalletRow& row = tables_.wallets[wallet];
  const auto line = static_cast<std::size_t>(match.line);
  const Int128 rest = Int128{row.rate_denominator} * factor_.denominator();
  Piece piece{.line = match.line, .giver = {.is_level = false, .index = match.rule}};
  if (rule.effect == RuleDraft::Effect::kMultiply) {
    piece.numerator = work_.base_numerator[line] * rule.amount;
    if (work_.base_whole[line] != 0) {  // a division of 128 bits is slow
      const Int128 whole = Int128{work_.base_whole[line]} * rule.amount;
      piece.whole = static_cast<std::int64_t>(whole / row.factor_denominator);
      piece.numerator += whole % row.factor_denominator * rest;
    }
  } else if (rule.per == Bonus::Per::kLine) {
    piece.whole = rule.amount;
  } else {
    const Int128 units = Int128{rule.amount} * facts_.lines[line].quantity.thousandths();
    piece.whole = static_cast<std::int64_t>(units / kThousandths);
    piece.numerator = units % kThousandths * (row.factor_denominator / kThousandths) * rest;
  }
  if (piece.whole != 0 || piece.numerator != 0) work_.pieces.push_back(piece);
}

void Evaluation::add_bonuses(std::size_t wallet) {
  const std::size_t first_piece = work_.pieces.size();
  for (const std::uint32_t index : work_.bonus_rules) {
    const RuleRow& rule = tables_.rules[index];
    if (rule.wallet != wallet || rule.effect != RuleDraft::Effect::kBonus) continue;
    work_.pieces.push_back({.line = kWholeTransaction,
                            .giver = {.is_level = false, .index = index},
                            .keeps = rule.keep_bonus,
                            .whole = rule.amount});
  }
  settle_lanes(first_piece);
}

// ---- Lanes

// Of the pieces from `first_piece` on, which compete for one line or for the transaction, leaves
// one of each lane that is `best` or `first`.
void Evaluation::settle_lanes(std::size_t first_piece) {
  if (tables_.lanes.empty() || work_.pieces.size() == first_piece) return;
  if (work_.pieces.size() == first_piece + 1 && work_.rooms.empty()) return;
  work_.lane_winners.assign(tables_.lanes.size(), kNobody);
  const auto lane_of = [&](const Piece& piece) { return tables_.rules[piece.giver.index].lane; };
  const auto competes = [&](std::uint16_t lane) {
    return lane != kNoLane && tables_.lanes[lane] != LaneKind::kAll;
  };
  for (std::size_t i = first_piece; i < work_.pieces.size(); ++i) {
    const std::uint16_t lane = lane_of(work_.pieces[i]);
    if (!competes(lane)) continue;
    std::uint32_t& winner = work_.lane_winners[lane];
    if (winner == kNobody || beats(work_.pieces[i], work_.pieces[winner], tables_.lanes[lane])) {
      winner = static_cast<std::uint32_t>(i);
    }
  }
  std::size_t kept = first_piece;
  for (std::size_t i = first_piece; i < work_.pieces.size(); ++i) {
    const Piece piece = work_.pieces[i];
    const std::uint16_t lane = lane_of(piece);
    if (competes(lane) && work_.lane_winners[lane] != i) {
      if (trace_ != nullptr) {
        work_.losers.push_back({piece.giver.index, piece.line, kNobody});
      }
      continue;
    }
    if (competes(lane)) {
      work_.lane_winners[lane] = static_cast<std::uint32_t>(kept);
      take_room(tables_.rules[piece.giver.index].wallet, piece);
    }
    work_.pieces[kept++] = piece;
  }
  work_.pieces.resize(kept);
}

// More points, or the smaller rank; among equals the one whose id comes first stays. A rule counts
// for no more than its limits leave.
bool Evaluation::beats(const Piece& a, const Piece& b, LaneKind kind) {
  const RuleRow& rule_a = tables_.rules[a.giver.index];
  const RuleRow& rule_b = tables_.rules[b.giver.index];
  if (kind == LaneKind::kFirst) return rule_a.rank < rule_b.rank;
  const Piece one = within_room(rule_a.wallet, a);
  const Piece other = within_room(rule_b.wallet, b);
  if (one.whole != other.whole) return one.whole > other.whole;
  return one.numerator > other.numerator;
}

}  // namespace laurel::programme
