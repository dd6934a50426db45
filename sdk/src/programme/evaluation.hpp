#pragma once
// One evaluation, step by step; evaluate and explain both run it.

#include <optional>

#include "programme/compiled.hpp"
#include "programme/matching.hpp"
#include "programme/tables.hpp"
#include "programme/workspace.hpp"

namespace laurel::programme {

// Why lines earn less than was charged; only when explaining.
struct BaseNote {
  std::int32_t line = 0;
  std::int64_t minor = 0;
  std::string text;
};

// Why rules did not apply; only when explaining.
struct RuleNote {
  std::uint32_t rule = 0;
  std::int32_t line = kWholeTransaction;
  Failure failure;
};

struct Trace {
  std::vector<BaseNote> base;
  std::vector<RuleNote> rules;
};

class Evaluation {
 public:
  // `trace`: null, unless every rule is to be looked at and what it says written down.
  Evaluation(const Compiled& programme, const Facts& facts, Workspace& workspace, Trace* trace);

  void run(Decision& decision);
  // Only as far as to see which rules may apply, whatever the past and the limits say.
  void ask(Decision& decision);
  // After ask().
  Needs needs() const;
  void add_possible(std::vector<std::uint32_t>& rules) const;
  // Of the transaction; after run().
  const Matcher& matcher() const { return *matcher_; }

 private:
  // ---- What counts (evaluation.cpp)
  bool find_exchange(Decision& decision);
  void find_eligible();
  void take_off_tax(std::size_t line);
  void take_off_tenders();
  std::int64_t paid_without_earning() const;
  void count_spend(Decision& decision) const;

  void look(Decision& decision);

  // ---- What matches (evaluation.cpp)
  void find_stopped();
  bool is_stopped(std::uint32_t rule) const;
  void find_matches();
  void open_rule(std::uint32_t rule);
  void try_rule(std::uint32_t rule, std::int32_t line);
  void try_line(std::int32_t line);
  void keep_bonuses();

  // ---- What limits leave (limiting.cpp)
  bool make_room(std::uint32_t rule, std::int32_t line);
  RuleRoom* room_of(std::uint32_t rule);
  RuleRoom smallest_room(Part limits) const;
  Piece within_room(std::size_t wallet, const Piece& piece);
  void take_room(std::size_t wallet, const Piece& piece);
  void cut_to_rooms(std::size_t wallet);
  void cut_rule(const RuleRoom& room);
  void cut_wallet(std::size_t wallet);
  void cut_piece(std::size_t piece, std::int64_t points, std::uint32_t limit);
  void count_uses(std::size_t wallet, Decision& decision);
  void add_grants(Decision& decision) const;
  void add_gifts(Decision& decision) const;
  Instant grant_end(const GrantRow& grant) const;

  // ---- What it gives (earning.cpp)
  void earn_wallet(std::size_t wallet);
  void choose_rates(std::size_t wallet);
  void plan_crossing(const Decision& decision);
  std::uint32_t level_of_member() const;
  void split_over_levels(std::uint32_t first, std::uint32_t last, std::int64_t spend_minor);
  void add_base(std::size_t wallet);
  bool add_linear(std::size_t wallet, std::size_t line, Giver giver, std::int64_t minor);
  void add_all_steps(std::size_t wallet);
  void add_steps(std::size_t wallet, Giver giver);
  void add_piece(std::size_t wallet, std::size_t line, Giver giver, std::int64_t whole,
                 Int128 numerator);
  void add_extras(std::size_t wallet);
  void add_extra(std::size_t wallet, const Match& match);
  void add_bonuses(std::size_t wallet);
  void settle_lanes(std::size_t first_piece);
  bool beats(const Piece& a, const Piece& b, LaneKind kind);
  const RateRow& rate_of(Giver giver) const;
  Int128 denominator(std::size_t wallet) const;

  // ---- What is credited (rounding.cpp)
  void round_wallet(std::size_t wallet, Decision& decision);
  void round_pieces(std::size_t wallet, std::size_t first, std::size_t last, std::int64_t points);
  void spread(std::int64_t left, std::vector<std::int64_t>& out);
  void add_awards(std::size_t wallet, Decision& decision) const;

  const Compiled& programme_;
  const Tables& tables_;
  const Facts& facts_;
  Workspace& work_;
  Trace* trace_;
  Fraction factor_{1};  // programme minor units for one minor unit of the facts
  std::int64_t eligible_minor_ = 0, gross_minor_ = 0;
  bool earns_ = true;
  bool asking_ = false;
  std::optional<Matcher> matcher_;
};

}  // namespace laurel::programme
