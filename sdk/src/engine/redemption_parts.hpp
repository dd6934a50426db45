#pragma once
// A redemption whose points stand with several members: those of a pool, or two who were parted
// while it was open. Each has her part under its number in her own record; what is done to it is
// done to every part, hers by an entry in her own chain.

#include <deque>
#include <functional>
#include <span>

#include "engine/redemptions.hpp"

namespace laurel::engine {

// The member whose account it is now.
Result<ledger::MemberRecord> owner_of(const Unit& unit, MemberId id);

// Where an open redemption stands.
class Holders {
 public:
  // `main`: of whom the redemption is, settled. The others are loaded and settled.
  static Result<Holders> of(Unit& unit, const RedemptionFile& file, MemberSession& main,
                            const programme::Compiled& compiled);

  bool only_main() const { return others_.empty(); }
  // One of the others is frozen or closed.
  bool any_not_active() const;
  // How many of its first so many points are of each: the main one's first.
  Result<std::vector<Points>> first(Points points);
  // How many each holds now.
  std::vector<Points> held() const;
  std::deque<MemberSession>& others() { return others_; }
  Result<void> close();

 private:
  Holders(MemberSession& main, EntryId hold) : main_(&main), hold_(hold) {}
  MemberSession& at(std::size_t place) const;
  Points points_at(std::size_t place) const;

  MemberSession* main_;
  EntryId hold_;
  mutable std::deque<MemberSession> others_;
};

// An entry about the part of another than the main member.
ledger::Entry begin_part(MemberSession& session, const RedemptionFile& file, ledger::EntryKind kind,
                         const programme::Compiled& compiled, Points points, Instant at);

// Does to every other holder's part what `act` writes into its entry; the parts of the main entry.
using ActOnPart =
    std::function<Result<void>(MemberSession& session, ledger::Entry& entry, Points points)>;
Result<std::vector<ledger::RedemptionPart>> act_on_others(
    Holders& holders, const RedemptionFile& file, ledger::EntryKind kind,
    const programme::Compiled& compiled, std::span<const Points> points, const ActOnPart& act);

// The entries that took another's captured part of her lots.
Result<std::vector<ledger::Entry>> spent_of_part(const Unit& unit, const RedemptionFile& file,
                                                 const ledger::RedemptionPart& taken);
// Gives captured points back that were others': to each hers.
Result<std::vector<ledger::RedemptionPart>> give_back_to_others(
    Unit& unit, MemberSession& main, const RedemptionFile& file,
    const programme::Compiled& compiled);

}  // namespace laurel::engine
