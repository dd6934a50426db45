#include "store/store.hpp"

#include <algorithm>

namespace laurel::store {

bool Change::empty() const {
  return entries.empty() && members.empty() && lots.empty() && links.empty() && unlinks.empty() &&
         transactions.empty() && usage.empty() && programmes.empty() && directives.empty() &&
         reviews.empty() && vouchers.empty() && secret.empty() && unclaimed.empty() &&
         claimed.empty() && sightings.empty() && former_links.empty() && erased.empty() &&
         profiles.empty() && matching_keys.empty();
}

bool Change::forgets() const {
  if (!erased.empty()) return true;
  return std::any_of(profiles.begin(), profiles.end(),
                     [](const ProfileRow& row) { return row.profile.empty(); });
}

Result<void> write(Store& store, const UnitOfWork& unit) {
  return std::move(store.write({&unit, 1}).front());
}

}  // namespace laurel::store
