#pragma once
// A stored period once more, for some of the members: what their sales gave under the versions of
// record, and what they would give under the next programme. Sales are valued by the function that
// posts them, returns by the one that books them, tiers by the fold of the ledger. One thread a
// part; parts share nothing.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/past.hpp"
#include "engine/replay_view.hpp"
#include "engine/reversal.hpp"
#include "engine/timeline.hpp"
#include "engine/valuation.hpp"
#include "engine/versions.hpp"
#include "laurel/simulation.hpp"
#include "programme/workspace.hpp"

namespace laurel::engine {

// What all parts work on; outlives them.
struct ReplayPlan {
  ReplayPlan(const Versions& stored, const Programme& programme, const Simulate& simulate,
             EntryId last_entry);

  // Those who were ever one are replayed in one part. Whether that moved anybody.
  bool keep_together(MemberId a, MemberId b);

  const Versions& versions;
  const Programme& next;
  Instant from, to;
  std::size_t parts = 1, top = 10;   // one part where members share a budget
  EntryId last;                      // entries after it are of another time
  std::vector<std::string> wallets;  // of the next programme, then of the versions
  // The last moment whose lots are dead by `to`, for each version and then the next, by wallet.
  std::vector<std::vector<Instant>> dead_until;
  std::map<MemberId, MemberId> beside;  // in whose part a member is; absent: in her own

  std::size_t next_place() const { return versions.by_number().size(); }
  bool has(Instant at) const { return from <= at && at < to; }
  std::size_t part_of(MemberId member) const;
  // kCannotSimulate.
  Result<std::size_t> place_of(const std::string& digest) const;
  const programme::Compiled& compiled_at(std::size_t place) const;
  std::size_t wallet_of(std::string_view id) const;
};

bool takes_back(const ledger::Entry& entry);
bool moves_level(const ledger::TierEvent& event);

// Names met on the way, numbered.
class Names {
 public:
  std::size_t number(std::string_view name);
  const std::vector<std::string>& all() const { return names_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::string> names_;
};

// Points by name and wallet.
class Shares {
 public:
  Names names;
  explicit Shares(std::size_t wallets) : wallets_(wallets) {}
  OldAndNew& at(std::size_t name, std::size_t wallet);
  void add_to(std::map<std::pair<std::string, std::size_t>, OldAndNew>& sums) const;

 private:
  std::size_t wallets_;
  std::vector<OldAndNew> points_;
};

// Orders of the lists; among equals by what names them, so that it is the same in any parts.
bool larger_receipt(const SimulatedReceipt& a, const SimulatedReceipt& b);
bool gains_more(const SimulatedMember& a, const SimulatedMember& b);
bool loses_more(const SimulatedMember& a, const SimulatedMember& b);

enum class Side : std::uint8_t { kWas, kBecomes };

// By version (the next programme last) and wallet.
using PointsTable = std::vector<std::vector<Points>>;

class Replay {
 public:
  Replay(const ReplayPlan& plan, std::size_t part);

  // The entries that follow those taken before; only those of its own members are looked at.
  // kCannotSimulate.
  Result<void> take(const store::View& view, std::span<const ledger::Entry> entries);
  // Everybody is carried forward to the end of the period.
  void finish();

  // What was found.
  std::int64_t sales = 0, returns = 0, events = 0, members = 0;
  std::int64_t members_up = 0, members_down = 0;
  PointsTable points, alive;
  Shares rules, departments;
  std::map<std::pair<std::string, std::string>, std::int64_t> moves;
  std::vector<SimulatedReceipt> largest;
  std::vector<SimulatedMember> gain_most, lose_most;

 private:
  struct Award {
    std::size_t rule, wallet;
    std::int32_t line;
    Points points;
  };
  using Awards = std::vector<Award>;
  // One thing that can move a tier, on both sides.
  struct TierStep {
    EntryId id;
    MemberId side;  // by whom it came, as side_of() says
    std::size_t version;
    ledger::TierEvent was, becomes;
  };
  struct Deed {
    Instant at;
    EntryId holder, sale;
    MemberId side;
    friend auto operator<=>(const Deed&, const Deed&) = default;
  };
  // What came by one of those who are one.
  struct Came {
    MemberId side;
    bool in_period = false;
    OldAndNew points = {};                 // of the first wallet
    Instant enrolled_at = kNever;          // of the side itself
    Instant latest_deed = Instant::min();  // in or out of the period
  };
  // What the next programme's limits count of a deed that was rated again.
  struct RatedUses {
    Deed deed;
    EntryId entry;  // because of which it was
    std::vector<ledger::CounterUse> uses;
  };
  struct Member {
    bool begun = false;
    bool parted = false;  // becomes has gone its own way
    bool moved = false;   // something late has moved levels since: what came later is looked at
    Instant enrolled_at;
    ledger::TierState was, becomes;
    std::optional<ledger::PersonFacts> person;
    EntryId last_entry;
    std::vector<Came> came;
    std::vector<TierStep> steps;
    std::vector<Deed> deeds;  // of the period, as they were booked
    std::vector<RatedUses> rated;
    // Of each side, what limits count of her alone, as far as it was booked.
    std::map<std::tuple<MemberId, std::string, Date>, std::pair<std::int64_t, std::int64_t>> uses;
    Instant latest_deed = Instant::min();
  };
  // A sale of the period, as the next programme saw it.
  struct Sold {
    EntryId sale;
    std::uint32_t level = 0;  // in levels_
    std::int64_t spend_before_minor = 0;
  };
  // One of which something was taken back, or that was rated again.
  struct Returned {
    ledger::Entry sale;       // with its document
    Instant at;               // of its event, for a claim as well
    std::size_t version = 0;  // of record
    ledger::Valuation was;
    Valued becomes;
    Awards was_now, becomes_now;
    std::optional<Kept> kept;  // absent: all of it
    std::int64_t counted = 0;  // for the tier, under the next programme
    std::vector<ledger::CounterUse> uses;
    std::string granted;
  };

  Result<void> take_one(const store::View& view, const ledger::Entry& entry);
  Result<void> take_sale(const store::View& view, const ledger::Entry& entry, Member& member);
  Result<void> take_return(const store::View& view, const ledger::Entry& entry, Member& member);
  Result<void> check_currency(const Transaction& document, Instant at) const;
  // The sale that a return, a void or an application speaks of.
  static Result<EntryId> sale_of(const store::View& view, const ledger::Entry& entry);
  // What the record rated again, and what the next programme has to.
  Result<void> take_rating(const store::View& view, const ledger::Entry& entry, Member& member);
  Result<void> rate_later_again(const store::View& view, const ledger::Entry& entry,
                                Member& member);
  Result<void> rate_again(const store::View& view, const ledger::Entry& entry, const Deed& deed,
                          Member& member, Timeline* timeline);
  Standing standing_before(const Deed& deed, const Member& member,
                           const ledger::Valuation& valuation) const;
  Result<RatedUses> replace_value(const store::View& view, const ledger::Entry& entry,
                                  const Deed& deed, Member& member, Returned& of, Valued now);
  static ledger::Entry rating_of(const RatedUses& rated, MemberId member);
  static ledger::TierEvent correction(Returned& sale, const Valued& again, Instant at);
  // Her past in the order of its time, with what the next programme's limits counted of it.
  Result<Timeline> timeline_of(const Unit& unit, MemberId id, EntryId last, const Member& member);
  bool levels_move(const Member& member, const TierStep& step) const;
  bool looks_back() const;

  // Two become one, and two again.
  Member& member_of(MemberId id);
  std::pair<Member*, Member*> both(MemberId one, MemberId other);
  static Came& came_of(Member& member, MemberId side);
  void note_deed(Member& member, const ledger::Entry& entry) const;
  Result<void> take_merging(const store::View& view, const ledger::Entry& entry);
  void join(MemberId into, MemberId went, EntryId merge);
  void part(MemberId from, MemberId went);
  Result<void> move_uses(const store::View& view, const ledger::Entry& entry, MemberId from,
                         MemberId to, MemberId whose);
  void stand(Member& member) const;
  bool leads_to(MemberId side, MemberId who) const;
  MemberId side_at(MemberId side, EntryId booked) const;
  void as_at_the_end();
  Result<Returned*> returned(const store::View& view, EntryId sale, const Sold& sold);
  Result<void> rebalance(Returned& sale, const Kept& kept, Member& member, TierStep& step,
                         const store::View& view, const ledger::Entry& entry);
  Sold* find_sold(EntryId sale);

  void begin(Member& member, const ledger::Entry& entry);
  void part_ways(Member& member) const;
  ledger::TierRules rules_for(Side side, const TierStep& step) const;
  ledger::TierRules rules_at(Side side, Instant at) const;
  // After all steps up to `until`, those of that very moment only if booked before `before`.
  // `deed`: only of those who were one with her when it was booked.
  ledger::TierState refold(Side side, const Member& member, Instant until,
                           EntryId before = EntryId(INT64_MAX), const Deed* deed = nullptr) const;
  ledger::TierState state_at(Member& member, Instant at) const;  // under the next programme
  Result<Standing> standing(const store::View& view, const ledger::Entry& entry, Member& member,
                            Valuable& valuable);
  Unit unit_of(const store::View& view, const ledger::Entry& entry) const;
  Result<void> count_uses(const store::View& view, const ledger::Entry& entry, Member& member,
                          MemberId side, const std::vector<ledger::CounterUse>& uses);
  Result<void> count_rows(const store::View& view, const ledger::Entry& entry, MemberId who,
                          const std::vector<ledger::CounterUse>& uses);
  void note_uses(const ledger::Entry& entry, std::vector<ledger::CounterUse> uses);
  static std::vector<const TierStep*> in_order(const Member& member);
  bool recounts() const;
  std::vector<ledger::SpendBucket> recounted(const Member& member,
                                             std::span<const TierStep* const> steps) const;
  static bool is_late(const ledger::TierState& state, const Member& member, Instant at);
  void add_step(Member& member, TierStep step) const;
  void fold(Side side, Member& member, const TierStep& step) const;

  Awards awards_of(const ledger::Valuation& valuation);
  // Adds what a sale gives on one side; takes it away where `sign` is -1.
  struct Counted {
    Side side;
    std::size_t version;
    Instant at;
    const Transaction& document;
  };
  void count(const Counted& what, const Awards& awards, Came& came, std::int64_t sign);
  Awards kept_awards(const ledger::Valuation& again, const Kept& kept, const Awards& whole);
  std::size_t department_of(const Transaction& document, std::int32_t line);
  void note_receipt(const ledger::Entry& entry, const Transaction& document, const Awards& was,
                    const Awards& becomes);
  static Points of_first_wallet(const Awards& awards);
  void end(MemberId id, Member& member);
  struct Levels {
    std::string was, becomes;
  };
  void note_member(MemberId id, const Member& member, const Levels& levels);
  void note_move(const Levels& levels);

  const ReplayPlan& plan_;
  std::size_t part_;
  programme::Workspace workspace_;
  std::vector<Member> members_;            // by number over parts
  std::map<MemberId, Member> guests_;      // of other parts, one with somebody of this one
  std::map<MemberId, StoodMerge> joined_;  // who has been merged and not parted again, by now
  std::map<MemberId, StoodMerge> at_end_;  // … by the end of the period
  std::map<EntryId, std::vector<ledger::CounterUse>> uses_;  // of the period, by the next programme
  std::vector<Sold> sold_;                                   // by sale
  std::map<EntryId, Sold> claimed_;
  std::map<EntryId, Standing> told_;  // of sales to which more was said than Sold keeps
  Counters counters_;
  std::map<EntryId, Returned> returned_;
  Names levels_;
};

}  // namespace laurel::engine
