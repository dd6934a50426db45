#pragma once
// Storage of an evaluation, kept from one to the next so that it need not be allocated again. One
// thread at a time.

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "programme/tables.hpp"

namespace laurel::programme {

// A rule whose conditions hold for a line.
struct Match {
  std::uint32_t rule = 0;
  std::int32_t line = 0;
};

// Who gave points: a rule, or a level's own rate.
struct Giver {
  bool is_level = false;
  std::uint32_t index = 0;
  friend bool operator==(const Giver&, const Giver&) = default;
};

// Points given but not rounded: whole + numerator / the wallet's denominator.
struct Piece {
  std::int32_t line = 0;
  Giver giver;
  bool keeps = false;
  std::int64_t whole = 0;
  Int128 numerator = 0;
};

// A rule that a better one of its lane, or an earlier rate, keeps from applying to a line.
struct Loser {
  std::uint32_t rule = 0;
  std::int32_t line = 0;
  std::uint32_t winner = 0;
};

// What the limits of a rule leave it, and what it gives.
struct RuleRoom {
  std::uint32_t rule = 0;
  std::uint32_t limit = 0;  // the one that leaves least
  std::int64_t units = 0;
  // Of the units, what lanes have not given to it yet: whole + numerator / denominator.
  std::int64_t left_whole = 0;
  Int128 left_numerator = 0;
  std::int64_t given = 0;
};

class Workspace {
 public:
  // The line an amount stands on, before and after what does not earn.
  std::vector<std::int64_t> eligible, gross;
  std::vector<std::uint8_t> takes_part;  // 0: excluded, or nothing is left of it

  std::vector<ValueId> transaction_values;
  std::vector<ValueId> segments;        // of the member
  std::vector<ValueId> line_values;     // a row of slots for each line
  std::vector<std::uint64_t> tag_bits;  // a row of words for each line
  std::vector<ValueId> tag_values;      // of one line

  std::vector<std::uint32_t> open_rules;   // found by a fact of the transaction, and it holds
  std::vector<Match> matches;              // by line, then rule
  std::vector<std::uint32_t> first_match;  // of each line, and the end
  std::vector<std::uint32_t> bonus_rules;  // of the whole transaction
  std::vector<RuleRoom> rooms;             // of the limited rules that match; by rule
  std::vector<std::uint32_t> stopped;      // rules
  std::vector<Loser> losers;               // only when explaining

  std::vector<Giver> giver_of_line;                 // of the wallet at hand; index kNobody: none
  std::vector<std::vector<std::int64_t>> portions;  // by level of a crossing, then line
  std::vector<std::uint32_t> portion_levels;
  std::vector<std::int64_t> base_whole;  // of each line, what its rate gives: whole points …
  std::vector<Int128> base_numerator;    // … and parts, before the multipliers' denominator
  std::vector<Piece> pieces;
  std::vector<std::uint32_t> lane_winners;
  std::vector<std::int64_t> points;       // of each piece, rounded
  std::vector<std::int64_t> cuts;         // of each piece, what limits took off; empty: nothing
  std::vector<std::uint32_t> cut_by;      // and which
  std::vector<std::int64_t> line_points;  // of the lines that have pieces
  std::vector<std::uint32_t> line_ends;   // the end of each of them in `pieces`
  std::vector<std::pair<Int128, std::uint32_t>> remainders;
  std::vector<std::int64_t> weights;
};

inline constexpr std::uint32_t kNobody = 0xFFFFFFFF;

// Workspaces that nobody evaluates in at the moment. From any thread.
class Workspaces {
 public:
  std::unique_ptr<Workspace> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<Workspace>();
    auto workspace = std::move(idle_.back());
    idle_.pop_back();
    return workspace;
  }
  void give_back(std::unique_ptr<Workspace> workspace) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleMax) idle_.push_back(std::move(workspace));
  }

 private:
  static constexpr std::size_t kIdleMax = 16;

  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> idle_;
};

}  // namespace laurel::programme
