#include "store/unit.hpp"

#include <algorithm>
#include <exception>

namespace laurel::store {

Result<Change> plan(const UnitOfWork& unit, const View& view, const NextIds& next) {
  try {
    return unit(view, next);
  } catch (const std::exception& thrown) {
    return Error{ErrorCode::kBroken, std::string("a unit of work threw: ") + thrown.what()};
  } catch (...) {
    return Error{ErrorCode::kBroken, "a unit of work threw"};
  }
}

Result<void> check_numbers(const Change& change, const NextIds& next) {
  std::int64_t expected = next.entry.number();
  for (const ledger::Entry& entry : change.entries) {
    if (entry.id.number() != expected++) {
      return Error{ErrorCode::kInvariantBroken, "entries are numbered one after the other"};
    }
  }
  return {};
}

NextIds after(const Change& change, NextIds next) {
  next.entry = EntryId(next.entry.number() + static_cast<std::int64_t>(change.entries.size()));
  for (const ledger::MemberRecord& member : change.members) {
    next.member = std::max(next.member, MemberId(member.id.number() + 1));
  }
  return next;
}

}  // namespace laurel::store
