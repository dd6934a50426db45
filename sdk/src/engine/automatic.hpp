#pragma once
// What a programme gives by itself. Members are gone through in the order of their ids; what one is
// given has a business key of its own (what it is, whose, for which period), so that it is given
// once, however often the job runs or dies. The place reached is kept, but nothing depends on it.

#include <vector>

#include "engine/session.hpp"

namespace laurel::engine {

// A part of one round over all members; a round begins each hour.
struct Sweep {
  Date slot = {};  // counts hours, not days
  MemberId last = {};
  std::vector<MemberId> due = {};  // those who are to be given something
  std::int64_t looked_at = 0;
  bool finished = false;
  std::size_t kinds = 0;  // of what is given: each of those due may be due all of them
};

// None: this hour's round is over, or the programme gives nothing by itself.
Result<std::optional<Sweep>> look_for_due(const Unit& unit, std::size_t limit);
// Everything that the member is due and has not been given. Counts vouchers.
Result<void> give_due(Unit& unit, MemberId id, std::int64_t& issued);
// Notes how far the round has come.
Result<void> go_on(Unit& unit, const Sweep& sweep);

}  // namespace laurel::engine
