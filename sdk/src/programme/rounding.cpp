// Exact sums to whole points: once for each wallet, at its stage, and back over lines and rules by
// largest remainder.

#include <algorithm>

#include "programme/evaluation.hpp"

namespace laurel::programme {
namespace {

std::int64_t small(Int128 value) { return static_cast<std::int64_t>(value); }

bool is_small(Int128 value) { return value == small(value); }

// numerator / denominator, neither of them negative; nearly always of 64 bits, where it is faster.
std::int64_t floor_of(Int128 numerator, Int128 denominator) {
  if (is_small(numerator) && is_small(denominator)) return small(numerator) / small(denominator);
  return small(numerator / denominator);
}

// Rounds whole + numerator / denominator; only whether `whole` is odd can matter.
std::int64_t rounded(std::int64_t whole, Int128 numerator, Int128 denominator, Rounding mode) {
  const std::int64_t odd = whole % 2;
  return whole - odd + small(round(odd * denominator + numerator, denominator, mode));
}

}  // namespace

// The floor of each part goes to `out`, and what is left of `total` to the largest remainders, the
// earlier part first among equals. work_.remainders: what is left of each part, and its place.
void Evaluation::spread(std::int64_t left, std::vector<std::int64_t>& out) {
  if (left <= 0) return;
  std::ranges::sort(work_.remainders, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  const auto count = std::min(static_cast<std::size_t>(left), work_.remainders.size());
  for (std::size_t i = 0; i < count; ++i) ++out[work_.remainders[i].second];
}

// Splits `points` over the pieces from `first` to `last` of one line.
void Evaluation::round_pieces(std::size_t wallet, std::size_t first, std::size_t last,
                              std::int64_t points) {
  if (last - first == 1) {
    work_.points[first] = points;
    return;
  }
  const Int128 below = denominator(wallet);
  work_.remainders.clear();
  for (std::size_t i = first; i < last; ++i) {
    const Piece& piece = work_.pieces[i];
    const std::int64_t floor = floor_of(piece.numerator, below);
    work_.points[i] = piece.whole + floor;
    points -= work_.points[i];
    const Int128 rest = piece.numerator - floor * below;
    if (rest > 0) work_.remainders.emplace_back(rest, static_cast<std::uint32_t>(i));
  }
  spread(points, work_.points);
}

void Evaluation::round_wallet(std::size_t wallet, Decision& decision) {
  const WalletRow& row = tables_.wallets[wallet];
  const Int128 below = denominator(wallet);
  work_.points.assign(work_.pieces.size(), 0);
  work_.line_points.clear();
  work_.line_ends.clear();
  work_.remainders.clear();
  std::int64_t floors = 0;
  Int128 rests = 0;
  for (std::size_t first = 0, last = 0; first < work_.pieces.size(); first = last) {
    Int128 numerator = 0;
    std::int64_t whole = 0;
    for (; last < work_.pieces.size() && work_.pieces[last].line == work_.pieces[first].line;
         ++last) {
      numerator += work_.pieces[last].numerator;
      whole += work_.pieces[last].whole;
    }
    if (row.stage == RoundingStage::kLine) {
      work_.line_points.push_back(rounded(whole, numerator, below, row.rounding));
    } else {
      const std::int64_t floor = floor_of(numerator, below);
      const Int128 rest = numerator - floor * below;
      floors += whole + floor;
      rests += rest;
      if (rest > 0) {
        work_.remainders.emplace_back(rest, static_cast<std::uint32_t>(work_.line_points.size()));
      }
      work_.line_points.push_back(whole + floor);
    }
    work_.line_ends.push_back(static_cast<std::uint32_t>(last));
  }
  if (rests > 0) spread(rounded(floors, rests, below, row.rounding) - floors, work_.line_points);
  std::size_t first = 0;
  for (std::size_t i = 0; i < work_.line_ends.size(); ++i) {
    round_pieces(wallet, first, work_.line_ends[i], work_.line_points[i]);
    first = work_.line_ends[i];
  }
  if (!programme_.limits.empty()) {
    cut_to_rooms(wallet);
    count_uses(wallet, decision);
  }
  add_awards(wallet, decision);
}

void Evaluation::add_awards(std::size_t wallet, Decision& decision) const {
  const bool cut = !programme_.limits.empty() && !work_.cuts.empty();
  for (std::size_t i = 0; i < work_.pieces.size(); ++i) {
    if (work_.points[i] == 0) {
      // All of it was cut off, and that is told.
      if (!cut || work_.cuts[i] == 0) continue;
    }
    const Piece& piece = work_.pieces[i];
    decision.awards.push_back(
        {.rule = piece.giver.is_level ? std::string_view(tables_.levels[piece.giver.index].award)
                                      : std::string_view(tables_.rule_ids[piece.giver.index]),
         .line = piece.line,
         .wallet = static_cast<std::uint16_t>(wallet),
         .points = Points(work_.points[i]),
         .keeps_on_return = piece.keeps,
         .cut = Points(cut ? work_.cuts[i] : 0),
         .cut_by = cut ? work_.cut_by[i] : 0});
  }
}

}  // namespace laurel::programme
