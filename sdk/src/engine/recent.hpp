#pragma once
// A member's latest purchases and touchpoints, read newest first and no further than is needed.

#include <cstddef>
#include <queue>
#include <set>
#include <vector>

#include "engine/session.hpp"
#include "laurel/view.hpp"

namespace laurel::engine {

// Her entries and those of all who were merged into her, by booking, the newest first; without
// those that came by others who have been parted from her again.
class NewestFirst {
 public:
  NewestFirst(const store::View& view, MemberId who) : view_(view), who_(who) {}
  Result<void> begin(const ledger::MemberRecord& record);
  Result<std::optional<ledger::Entry>> next();  // none: that was all

 private:
  struct Place {
    EntryId entry;
    bool chain = true;  // false: this entry alone
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  Result<bool> is_hers(const ledger::Entry& entry);

  const store::View& view_;
  const MemberId who_;
  std::priority_queue<Place> places_;
  std::set<MemberId> hers_, others_;  // of those by whom entries came
  EntryId last_;
};

struct Recent {
  std::vector<Purchase> purchases;  // newest first by their own time
  std::vector<Touchpoint> touchpoints;
  Favourites favourites;
};
// At most `wanted` of each, of what had happened by `at`.
Result<Recent> recent_of(const store::View& view, const ledger::MemberRecord& record, Instant at,
                         std::size_t wanted);

}  // namespace laurel::engine
