// Who is one person while a period is replayed: merges and what undoes them, in the order of their
// booking.

#include <algorithm>

#include "base/check.hpp"
#include "base/try.hpp"
#include "engine/replay.hpp"

namespace laurel::engine {

using ledger::Entry;
using ledger::EntryKind;

Replay::Member& Replay::member_of(MemberId id) {
  if (static_cast<std::size_t>(id.number()) % plan_.parts != part_) return guests_[id];
  const std::size_t place = static_cast<std::size_t>(id.number()) / plan_.parts;
  if (place >= members_.size()) members_.resize(place + 1);
  return members_[place];
}

// Asking for one may move all others: only what is asked for again stays where it is.
std::pair<Replay::Member*, Replay::Member*> Replay::both(MemberId one, MemberId other) {
  member_of(one);
  member_of(other);
  return {&member_of(one), &member_of(other)};
}

Replay::Came& Replay::came_of(Member& member, MemberId side) {
  const auto known = std::ranges::find(member.came, side, &Came::side);
  if (known != member.came.end()) return *known;
  return member.came.emplace_back(Came{.side = side});
}

Result<void> Replay::take_merging(const store::View& view, const Entry& entry) {
  if (!entry.merging) return {};  // more of what another entry says
  const MemberId other = entry.merging->other;
  const bool before_the_end = entry.event_time < plan_.to;
  if (entry.kind == EntryKind::kMerge) {
    if (entry.merging->goes) return {};
    LAUREL_TRY_VOID(move_uses(view, entry, other, entry.member, other));
    join(entry.member, other, entry.id);
    if (before_the_end) at_end_[other] = joined_[other];
    return {};
  }
  if (!joined_.contains(other)) return {};  // the half of the one who comes back
  part(entry.member, other);
  if (before_the_end) at_end_.erase(other);
  return move_uses(view, entry, entry.member, other, other);
}

// What limits count of `whose` alone passes from one to the other.
Result<void> Replay::move_uses(const store::View& view, const Entry& entry, MemberId from,
                               MemberId to, MemberId whose) {
  std::vector<ledger::CounterUse> taken, given;
  for (const auto& [key, sum] : member_of(whose).uses) {
    const auto& [side, counter, day] = key;
    given.push_back({counter, true, false, day, sum.first, sum.second});
    taken.push_back({counter, true, false, day, -sum.first, -sum.second});
  }
  if (given.empty()) return {};
  LAUREL_TRY_VOID(count_rows(view, entry, from, taken));
  return count_rows(view, entry, to, given);
}

void Replay::join(MemberId into, MemberId went, EntryId merge) {
  const auto [stays_at, goes_at] = both(into, went);
  Member &stays = *stays_at, &goes = *goes_at;
  if (stays.parted && !goes.parted) part_ways(goes);
  if (goes.parted && !stays.parted) part_ways(stays);
  const auto move_over = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
  };
  move_over(goes.came, stays.came);
  move_over(goes.steps, stays.steps);
  move_over(goes.deeds, stays.deeds);
  move_over(goes.rated, stays.rated);
  stays.uses.merge(goes.uses);
  joined_[went] = {into, merge, goes.last_entry};
  stand(stays);
}

void Replay::part(MemberId from, MemberId went) {
  joined_.erase(went);
  const auto [stays_at, back_at] = both(from, went);
  Member &stays = *stays_at, &back = *back_at;
  back.parted = stays.parted;
  const auto hers = [&](MemberId side) { return leads_to(side, went); };
  const auto move_back = [](auto& all, auto& own, auto is_hers) {
    const auto first = std::stable_partition(all.begin(), all.end(),
                                             [&](const auto& one) { return !is_hers(one); });
    own.assign(std::make_move_iterator(first), std::make_move_iterator(all.end()));
    all.erase(first, all.end());
  };
  move_back(stays.came, back.came, [&](const Came& came) { return hers(came.side); });
  move_back(stays.steps, back.steps, [&](const TierStep& step) { return hers(step.side); });
  move_back(stays.deeds, back.deeds, [&](const Deed& deed) { return hers(deed.side); });
  move_back(stays.rated, back.rated, [&](const RatedUses& one) { return hers(one.deed.side); });
  for (auto use = stays.uses.begin(); use != stays.uses.end();) {
    const auto next = std::next(use);
    if (hers(std::get<0>(use->first))) back.uses.insert(stays.uses.extract(use));
    use = next;
  }
  stand(stays);
  stand(back);
}

// Where she stands by all that is hers now; as MemberSession::stand_on().
void Replay::stand(Member& member) const {
  member.enrolled_at = kNever;
  member.latest_deed = Instant::min();
  for (const Came& came : member.came) {
    member.enrolled_at = std::min(member.enrolled_at, came.enrolled_at);
    member.latest_deed = std::max(member.latest_deed, came.latest_deed);
  }
  member.was = refold(Side::kWas, member, kNever);
  member.becomes = member.parted ? refold(Side::kBecomes, member, kNever) : member.was;
  member.moved = false;
}

bool Replay::leads_to(MemberId side, MemberId who) const {
  while (side != who) {
    const auto gone = joined_.find(side);
    if (gone == joined_.end()) return false;
    side = gone->second.into;
  }
  return true;
}

// Two were one person for what was booked once they had been merged, and for nothing before.
MemberId Replay::side_at(MemberId side, EntryId booked) const {
  for (;;) {
    const auto gone = joined_.find(side);
    if (gone == joined_.end() || gone->second.merge > booked) return side;
    side = gone->second.into;
  }
}

// Who was one when the period ended, whatever was learnt of it since.
void Replay::as_at_the_end() {
  const auto same = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.merge == b.second.merge;
  };
  if (std::ranges::equal(joined_, at_end_, same)) return;
  const auto root = [this](MemberId id) {
    for (auto gone = joined_.find(id); gone != joined_.end(); gone = joined_.find(id)) {
      id = gone->second.into;
    }
    return id;
  };
  while (!joined_.empty()) {
    const auto last =
        std::ranges::max_element(joined_, {}, [](const auto& one) { return one.second.merge; });
    const MemberId went = last->first;
    part(root(went), went);
  }
  std::vector<std::pair<MemberId, StoodMerge>> merges(at_end_.begin(), at_end_.end());
  std::ranges::sort(merges, {}, [](const auto& one) { return one.second.merge; });
  for (const auto& [went, joined] : merges) join(root(joined.into), went, joined.merge);
}

// ---- In parts

std::size_t ReplayPlan::part_of(MemberId member) const {
  for (auto at = beside.find(member); at != beside.end(); at = beside.find(member)) {
    member = at->second;
  }
  return static_cast<std::size_t>(member.number()) % parts;
}

bool ReplayPlan::keep_together(MemberId a, MemberId b) {
  const std::size_t part = part_of(b);
  const bool moves = part_of(a) != part;
  for (auto at = beside.find(a); at != beside.end(); at = beside.find(a)) a = at->second;
  for (auto at = beside.find(b); at != beside.end(); at = beside.find(b)) b = at->second;
  if (a != b) beside.emplace(b, a);
  return moves;
}

}  // namespace laurel::engine
